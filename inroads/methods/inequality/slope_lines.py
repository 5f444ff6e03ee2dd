"""Lines through quantiles, and the limits of their slopes and ratios."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.logistic import expit, logit
from inroads.methods.quantiles import normal
from inroads.methods.threads import in_blocks

RARE = 0.001
"""The share of draws at or below 0 up to which a ratio to them still has limits."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines through the quantiles of several areas: what was fitted, and how each value moves the two ends.

    `centres` and `errors` (areas, quantiles) are on the scale of draws (logarithms or logits with `transform`);
    `fitted` are the values that the line goes through, `to_intercept` and `to_slope` their weights in its two numbers.
    """

    centres: Array
    errors: Array
    fitted: Array
    to_intercept: Array
    to_slope: Array
    transform: str | None
    fits_transformed: bool

    @classmethod
    def of(
        cls, value: Array, population: Array, errors: Array, transform: str | None, *, weights: str, fit: str
    ) -> "Lines":
        """Lines by least squares on the relative rank, weighted by population, or by 1 / variance."""
        shares = population / population.sum(axis=1, keepdims=True)
        rank = np.cumsum(shares, axis=1) - shares / 2
        fits_transformed = fit == "transformed" and transform is not None
        centres = transformed(value, transform)
        if weights == "population":
            w = shares
        else:
            w = 1 / (errors if fits_transformed else errors * steepness(value, transform)) ** 2
            w = w / w.sum(axis=1, keepdims=True)
        middle = (w * rank).sum(axis=1, keepdims=True)
        to_slope = w * (rank - middle)
        to_slope /= (to_slope * rank).sum(axis=1, keepdims=True)
        to_intercept = w - middle * to_slope
        fitted = centres if fits_transformed else value
        return cls(centres, errors, fitted, to_intercept, to_slope, transform, fits_transformed)

    def rows(self, chosen: NDArray[np.bool_]) -> "Lines":
        """The lines of some areas."""
        return Lines(
            self.centres[chosen],
            self.errors[chosen],
            self.fitted[chosen],
            self.to_intercept[chosen],
            self.to_slope[chosen],
            self.transform,
            self.fits_transformed,
        )

    def ends(self) -> tuple[Array, Array]:
        """The fitted level at the most and at the least deprived end."""
        first = (self.to_intercept * self.fitted).sum(axis=1)
        last = first + (self.to_slope * self.fitted).sum(axis=1)
        if self.fits_transformed:
            return back(first, self.transform), back(last, self.transform)
        return first, last

    def indices(self, *, inverse: bool) -> tuple[Array, Array]:
        """Slope and ratio; there is no ratio (NaN) unless both ends are above 0."""
        first, last = self.ends()
        above, below = (first, last) if inverse else (last, first)
        return last - first, above / np.where((above > 0) & (below > 0), below, np.nan)


def exact_limits(lines: Lines, confidence: float, *, inverse: bool) -> tuple[Array, Array, Array, Array]:
    """Limits of slope and ratio of normal values, to which those of draws tend: normal, and Fieller's."""
    from scipy.special import ndtr

    z = normal(confidence)
    variance = lines.errors**2
    to_last = lines.to_intercept + lines.to_slope
    below_by, above_by = (to_last, lines.to_intercept) if inverse else (lines.to_intercept, to_last)
    slope = (lines.to_slope * lines.fitted).sum(axis=1)
    reach = z * np.sqrt((lines.to_slope**2 * variance).sum(axis=1))
    below, above = (below_by * lines.fitted).sum(axis=1), (above_by * lines.fitted).sum(axis=1)
    of_below = (below_by**2 * variance).sum(axis=1)
    of_above = (above_by**2 * variance).sum(axis=1)
    of_both = (below_by * above_by * variance).sum(axis=1)
    # The ratio r solves (r below - above)^2 = z^2 var(r below - above), a quadratic in r.
    square = below**2 - z * z * of_below
    half = below * above - z * z * of_both
    root = np.sqrt(np.maximum(half**2 - square * (above**2 - z * z * of_above), 0))
    usable = (ndtr(-below / np.sqrt(of_below)) <= RARE) & (square > 0)
    square = np.where(usable, square, np.nan)
    return slope - reach, slope + reach, (half - root) / square, (half + root) / square


def simulated_limits(
    lines: Lines, confidence: float, draws: int, rng: np.random.Generator, *, inverse: bool
) -> tuple[Array, Array, Array, Array]:
    """Limits of slope and ratio out of draws of the transformed values, the same normal numbers for every area."""
    from inroads.methods.inequality.slope_kernels import transformed_lines

    areas, quantiles = lines.centres.shape
    normals = rng.standard_normal((2 if lines.fits_transformed else quantiles, draws))
    tail = (1 - confidence) / 2
    first_kept = max(round(draws * tail), 1) - 1
    last_kept = max(round(draws * (1 - tail)), 1) - 1
    found = np.empty((4, areas))

    def work(start: int, stop: int) -> None:
        intercepts, slopes = np.empty(draws), np.empty(draws)
        for area in range(start, stop):
            if lines.fits_transformed:
                first, last = _drawn_ends(lines, area, normals)
            else:
                transformed_lines(
                    lines.centres[area],
                    lines.errors[area],
                    lines.to_intercept[area],
                    lines.to_slope[area],
                    normals,
                    lines.transform == "logit",
                    intercepts,
                    slopes,
                )
                first, last = intercepts, intercepts + slopes
            ordered = np.sort(last - first)
            found[:2, area] = ordered[first_kept], ordered[last_kept]
            above, below = (first, last) if inverse else (last, first)
            if (below <= 0).mean() > RARE:
                found[2:, area] = np.nan
            else:
                with np.errstate(divide="ignore"):
                    ordered = np.sort(above / below)
                found[2:, area] = ordered[first_kept], ordered[last_kept]

    in_blocks(work, areas)
    low, high, ratio_low, ratio_high = found
    return low, high, ratio_low, ratio_high


def _drawn_ends(lines: Lines, area: int, normals: Array) -> tuple[Array, Array]:
    """Both ends of lines through transformed values: those two numbers are jointly normal, so two draws will do."""
    a, b = lines.to_intercept[area] * lines.errors[area], lines.to_slope[area] * lines.errors[area]
    spread = np.sqrt(a @ a)
    shared = (a @ b) / spread
    own = np.sqrt(max(b @ b - shared**2, 0.0))
    intercepts = (lines.to_intercept[area] * lines.fitted[area]).sum() + spread * normals[0]
    slopes = (lines.to_slope[area] * lines.fitted[area]).sum() + shared * normals[0] + own * normals[1]
    return back(intercepts, lines.transform), back(intercepts + slopes, lines.transform)


def transformed(value: Array, transform: str | None) -> Array:
    """Values on the scale of draws; NaN where they have no logarithm or logit."""
    if transform is None:
        return value
    positive = np.where(value > 0, value, np.nan)
    if transform == "log":
        return np.asarray(np.log(positive))
    return logit(np.where(value < 1, positive, np.nan))


def back(moved: Array, transform: str | None) -> Array:
    """From the scale of draws back to values."""
    return np.asarray(np.exp(moved) if transform == "log" else expit(moved))


def steepness(value: Array, transform: str | None) -> Array | float:
    """How much a value moves with one unit on the scale of draws."""
    if transform is None:
        return 1.0
    return value if transform == "log" else np.asarray(value * (1 - value))
