"""Estimates for neighbourhoods out of a survey of elsewhere, with the interval that the survey's size leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, generator, length, numbers, share, whole
from inroads.methods.needs.fitting import Fit, fit


@dataclass(frozen=True, eq=False)
class SmallAreas:
    """Estimates for Z neighbourhoods, each (Z,), in people; NaN where nothing can be said.

    `fit` is the fit that they come from, with what it says of each neighbourhood; `state` (Z,) is taken from it.
    `left_out` (Z,) is how many replicates could not be fitted there though the survey could; they are not in the
    interval, and where that is more than half of them there is none.
    """

    value: Array
    low: Array
    high: Array
    fit: Fit
    left_out: NDArray[np.int64]

    @property
    def state(self) -> NDArray[np.str_]:
        """(Z,) whether the neighbourhood could be fitted: see `Fit`."""
        return self.fit.state


def small_areas(
    profiles: ArrayLike,
    seed: ArrayLike,
    margins: Sequence[ArrayLike],
    rates: ArrayLike,
    *,
    replicates: int = 200,
    interval: float = 0.95,
    rng: np.random.Generator | int,
    tolerance: float = 1e-6,
    max_iterations: int = 500,
    threads: int | None = None,
) -> SmallAreas:
    """How many people a thing is expected to be true of in each neighbourhood, with an interval.

    rates
        (P,) what each of P respondents answered (1 or 0, or any number to be added up): the respondents are weighted
        at random `replicates` times, and fitted each time (Bayesian bootstrap: nobody drops out, so a kind of people of
        whom few were asked is not lost). Or (P, D) for D draws of
        the rates of P profiles, such as `Calibrated.replicates` gives: the profiles are fitted once, and the interval
        is that of the draws; `replicates` then plays no part.

    The value is the estimate from the survey as it is, or the mean of the draws; the interval holds the middle
    `interval` of the replicates. It knows the luck of the draw of the survey. It does not know whether people of one
    profile are alike in all neighbourhoods, which fitting takes for granted.

    The other arguments are those of `fit`, and so is what is raised. Memory: 8 bytes per neighbourhood and replicate.
    Source: Bayesian bootstrap, Rubin (1981), Annals of Statistics 9(1), 130-134; for synthetic estimates of small areas
    Rao & Molina (2015), Small Area Estimation, chapter 3.
    """
    given = numbers(rates, "rates", ndim=(1, 2), what="a finite number")
    count = whole(replicates, "replicates", least=2)
    tail = (1 - share(interval, "interval")) / 2
    source = generator(rng)
    options = {"tolerance": tolerance, "max_iterations": max_iterations, "threads": threads}
    fitted = fit(profiles, seed, margins, **options)  # type: ignore[arg-type]
    drawn = fitted.expected(given)
    if given.ndim == 2:
        value = drawn.mean(axis=1)
    else:
        value, weights = drawn, numbers(seed, "seed")
        length(given, "rates", len(weights), "profiles")
        drawn = np.empty((len(value), count))
        for replicate in range(count):
            again = weights * source.dirichlet(np.ones(len(weights))) * len(weights)
            found = fit(profiles, again, margins, start=fitted, **options)  # type: ignore[arg-type]
            unlike = (fitted.state == "fitted") & (found.state != "fitted")
            drawn[:, replicate] = np.where(unlike, np.nan, found.expected(given))
    low, high, lost = _middle(drawn, tail)
    return SmallAreas(value, np.minimum(low, value), np.maximum(high, value), fitted, lost)


def _middle(drawn: Array, tail: float) -> tuple[Array, Array, NDArray[np.int64]]:
    """Ends of the middle of each row, NaN where more than half of it is missing; and how many are missing."""
    lost = np.isnan(drawn).sum(axis=1)
    ends = np.full((2, len(drawn)), np.nan)
    whole_rows = lost == 0
    if whole_rows.any():
        ends[:, whole_rows] = np.quantile(drawn[whole_rows], [tail, 1 - tail], axis=1)
    for row in np.flatnonzero((lost > 0) & (lost <= drawn.shape[1] / 2)):
        ends[:, row] = np.nanquantile(drawn[row], [tail, 1 - tail])
    return ends[0], ends[1], lost
