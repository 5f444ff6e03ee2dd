"""Krippendorff's alpha."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.agreement.disagreement import Tally, disagreement
from inroads.methods.arguments import Array, generator, numbers, share, whole
from inroads.methods.quantiles import normal

Level = Literal["nominal", "ordinal", "interval", "ratio"]

BLOCK = 1 << 19
"""Entries held at a time: sets of units × ratings."""

FEW = 30
"""Units below which intervals were found to hold the truth less often than they should."""

GROUPS = 500
"""How many units' influence is worked out one by one; the skew it measures fades with more of them."""


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far raters agree beyond chance.

    value
        Krippendorff's alpha: 1 for full agreement, 0 for what chance alone would give, below 0 for less than that.
        NaN where it is not defined.
    low, high
        The ends of its bootstrap interval; NaN where there is none.
    pairs
        Pairs of ratings of the same unit that were compared.
    values
        Ratings in those pairs (Krippendorff's n): those of units with two ratings or more.
    units
        Units with two ratings or more.
    note
        What a reader has to know, in words; empty where there is nothing.
    """

    value: float
    low: float
    high: float
    pairs: int
    values: int
    units: int
    note: str


def alpha(
    ratings: ArrayLike,
    *,
    level: Level = "nominal",
    draws: int = 1000,
    confidence: float = 0.95,
    rng: np.random.Generator | int,
) -> Agreement:
    """Krippendorff's alpha of R raters (rows) × U units (columns), with a bootstrap interval over units.

    ratings
        (R, U) numbers, NaN where a rater gave none. For `"nominal"`, words will do (None, NaN or "" where missing).
        A unit with fewer than two ratings says nothing about agreement and is left out.
    level
        What the numbers mean, and so how far two ratings c and k differ: `"nominal"` 1 unless c = k; `"ordinal"`
        (ratings from the middle of all those equal to c to the middle of those equal to k)²; `"interval"` (c - k)²;
        `"ratio"` ((c - k) / (c + k))², for numbers of 0 or more.
    draws
        Sets of units drawn with replacement. Each unit keeps its ratings; both observed and expected disagreement
        are worked out anew.
    confidence
        Of the interval: see `docs/methods/agreement.md` for how often it holds the truth.
    rng
        A NumPy `Generator`, or a seed (a whole number of 0 or more). Equal seeds give equal results.

    Formula: alpha = 1 - observed / expected. With m ratings in a unit and n in all, observed is the sum over units of
    the differences of all ordered pairs in it, divided by m - 1; expected is the sum of the differences of all ordered
    pairs among all n ratings, divided by n - 1.
    The interval is the bias-corrected and accelerated one (Efron 1987): the share of draws below alpha and the skew
    of the units' influence move the percentiles that are read.

    Where all ratings are the same, alpha is not defined: agreement cannot be told from everything being alike. The
    result is NaN and says so. Raises `ValueError` naming the argument, with row and column.
    Source: Krippendorff (2011), Computing Krippendorff's alpha-reliability, University of Pennsylvania; Hayes &
    Krippendorff (2007), Communication Methods and Measures 1(1), 77-89.
    """
    if level not in get_args(Level):
        raise ValueError(f"level: expected one of {', '.join(get_args(Level))}, found {level!r}")
    count, source = whole(draws, "draws"), generator(rng)
    share(confidence, "confidence")
    table = _as_table(ratings, level)
    rated = (~np.isnan(table)).sum(axis=0)
    table = table[:, rated >= 2]
    tally = _tally(table)
    units, sizes = table.shape[1], rated[rated >= 2]
    value, low, high, note = np.nan, np.nan, np.nan, ""
    if not units:
        note = "No unit has two ratings: nothing can be compared."
    elif tally.categories.size == 1:
        note = (
            "All ratings are the same: alpha is not defined, for agreement cannot be told from everything being alike."
        )
    else:
        value = _alpha(tally, np.ones((1, units)), level)[0]
        low, high, note = _interval(tally, value, level, draws=count, confidence=confidence, rng=source)
    return Agreement(
        value=float(value),
        low=float(low),
        high=float(high),
        pairs=int((sizes * (sizes - 1) // 2).sum()),
        values=int(sizes.sum()),
        units=units,
        note=note,
    )


def _as_table(given: ArrayLike, level: str) -> Array:
    table = np.asarray(given)
    if level == "nominal" and table.dtype.kind in "OUS" and table.ndim == 2:
        words = np.array(["" if entry is None or str(entry) == "nan" else str(entry) for entry in table.ravel()])
        coded = np.unique(words, return_inverse=True)[1].astype(np.float64)
        coded[words == ""] = np.nan
        return coded.reshape(table.shape)
    least = 0 if level == "ratio" else None
    return numbers(given, "ratings", ndim=2, what="a rating", least=least, missing=True)


def _tally(table: Array) -> Tally:
    """How often each unit got each rating, held as the entries above 0 only."""
    known = ~np.isnan(table)
    unit = np.nonzero(known)[1]
    categories, code = np.unique(table[known], return_inverse=True)
    cells, times = np.unique(unit * max(1, categories.size) + code, return_counts=True)
    return Tally(
        categories=categories,
        unit=cells // max(1, categories.size),
        code=cells % max(1, categories.size),
        times=times.astype(np.float64),
        units=table.shape[1],
    )


def _alpha(tally: Tally, drawn: Array, level: str) -> Array:
    """Alpha (B,) of each of B sets of units, `drawn` (B, U) telling how often each unit is in it."""
    observed, expected, ratings = disagreement(tally, drawn, level)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Array = np.where(expected > 0, 1 - (ratings - 1) * observed / expected, np.nan)
    return found


def _interval(
    tally: Tally, value: float, level: str, *, draws: int, confidence: float, rng: np.random.Generator
) -> tuple[float, float, str]:
    from scipy.special import ndtr, ndtri

    units = tally.units
    if units < 2:
        return np.nan, np.nan, "One unit only: no interval."
    height = max(1, BLOCK // tally.unit.size)
    found = np.concatenate(
        [_alpha(tally, _resampled(min(height, draws - start), units, rng), level) for start in range(0, draws, height)]
    )
    undefined = int(np.isnan(found).sum())
    found = found[~np.isnan(found)]
    if found.size < draws / 2:
        return np.nan, np.nan, f"In {undefined} of {draws} draws all ratings were the same: no interval."
    influence = _influence(tally, value, level)
    spread = (influence**2).sum() ** 1.5
    skew = float((influence**3).sum() / (6 * spread)) if spread > 0 else 0.0
    below = (np.count_nonzero(found < value) + np.count_nonzero(found == value) / 2) / found.size
    shift = float(ndtri(np.clip(below, 0.5 / found.size, 1 - 0.5 / found.size)))
    ends = normal(confidence) * np.array([-1.0, 1.0])
    places = ndtr(shift + (shift + ends) / (1 - skew * (shift + ends)))
    low, high = np.quantile(found, places)
    said = []
    if units < FEW:
        said.append(f"{units} units are few: an interval of 95 % holds the truth in about 90 % of such cases.")
    if undefined:
        said.append(f"In {undefined} of {draws} draws all ratings were the same; they are left out of the interval.")
    if low == high:
        said.append("No draw differs from another: the interval says nothing.")
        low, high = np.nan, np.nan
    return float(low), float(high), " ".join(said)


def _resampled(sets: int, units: int, rng: np.random.Generator) -> Array:
    """(sets, units): how often each unit is among `units` drawn with replacement."""
    chosen = rng.integers(0, units, (sets, units)) + np.arange(sets)[:, np.newaxis] * units
    return np.bincount(chosen.ravel(), minlength=sets * units).reshape(sets, units).astype(np.float64)


def _influence(tally: Tally, value: float, level: str) -> Array:
    """(G,): how alpha changes when a unit counts a little more, less the average change. Many units go in G groups."""
    step, groups = 1e-4, min(tally.units, GROUPS)
    of, moved = np.arange(tally.units) % groups, np.empty(groups)
    height = max(1, BLOCK // tally.unit.size)
    for start in range(0, groups, height):
        block = np.arange(start, min(start + height, groups))
        moved[block] = _alpha(tally, 1 + step * (of == block[:, np.newaxis]), level)
    change = (moved - value) / step
    centred: Array = change - change.mean()
    return centred
