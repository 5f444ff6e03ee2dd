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
    """

    value: Array
    low: Array
    high: Array
    fit: Fit

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
        (P,) what each of P respondents answered (1 or 0, or any number to be added up): the survey is drawn again
        `replicates` times, respondents with replacement, and fitted each time (bootstrap). Or (P, D) for D draws of
        the rates of P profiles, such as `Calibrated.replicates` gives: the profiles are fitted once, and the interval
        is that of the draws; `replicates` then plays no part.

    The value is the estimate from the survey as it is, or the mean of the draws; the interval holds the middle
    `interval` of the replicates. It knows the luck of the draw of the survey. It does not know whether people of one
    profile are alike in all neighbourhoods, which fitting takes for granted.

    The other arguments are those of `fit`, and so is what is raised. Memory: 8 bytes per neighbourhood and replicate.
    Source: bootstrap of respondents, Efron (1979), Annals of Statistics 7(1), 1-26; for synthetic estimates of small
    areas Rao & Molina (2015), Small Area Estimation, chapter 3.
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
        value, weights = drawn, np.asarray(seed, dtype=np.float64)
        length(given, "rates", len(weights), "profiles")
        drawn = np.empty((len(value), count))
        even = np.full(len(weights), 1 / len(weights))
        for replicate in range(count):
            again = weights * source.multinomial(len(weights), even)
            drawn[:, replicate] = fit(profiles, again, margins, start=fitted, **options).expected(given)  # type: ignore[arg-type]
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=1) if len(drawn) else (value, value)
    return SmallAreas(value, np.minimum(low, value), np.maximum(high, value), fitted)
