"""Proportions, rates and means with their limits, as English public health practice works them out.

Functions take one figure or one for each area, and give a frozen result with value, low and high. Standardised rates
and ratios are in `inroads.methods.inequality.rates_standardised` and may be imported from here.
"""

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.arguments import Array, numbers, share, where
from inroads.methods.inequality.rates_limits import (
    Figures,
    Ratios,
    count_limits,
    figures,
    positive,
    share_limits,
    table,
)
from inroads.methods.inequality.rates_standardised import standardised_rate, standardised_ratio

__all__ = ["Figures", "Ratios", "mean", "proportion", "rate", "standardised_rate", "standardised_ratio"]


def proportion(
    numerator: ArrayLike, denominator: ArrayLike, *, multiplier: float = 1, confidence: float = 0.95
) -> Figures:
    """The share of people with an attribute, with Wilson's limits: (areas,) of `numerator` out of `denominator`.

    With x the numerator, n the denominator and z the normal quantile of (1 + confidence) / 2:
    value = x / n, limits = (2 x + z^2 -+ z sqrt(z^2 + 4 x (1 - x / n))) / (2 (n + z^2)), all times `multiplier` (100
    for percentages). Both are counts of 0 or more, NaN where missing; a single number counts as one area.

    Where something is missing, or nobody was asked, value and limits are NaN and `note` says so. None of n, or all
    of n, is a figure like any other: the limits then are 0 to z^2 / (n + z^2), or 1 minus that to 1.

    Raises `ValueError` where a numerator exceeds its denominator, or shapes or counts do not fit.
    Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212; recommended by Newcombe and
    Altman (2000), Statistics with confidence, 2nd edition.
    """

    level, scale = share(confidence, "confidence"), positive(multiplier, "multiplier")
    x, n = _pair(numerator, "numerator", denominator, "denominator")
    over = x > n
    if over.any():
        place = tuple(int(p) for p in np.argwhere(over)[0])
        raise ValueError(
            f"numerator: {where(place)} is {x[place]:g} out of {n[place]:g}; give a count that does not exceed its "
            "denominator, or use rate()"
        )
    known = n > 0
    n = np.where(known, n, np.nan)
    value, low, high = share_limits(x, n, level)
    return figures(value * scale, low * scale, high * scale, *_gaps(x, np.where(known, n, denominator)))


def rate(events: ArrayLike, population: ArrayLike, *, multiplier: float = 100_000, confidence: float = 0.95) -> Figures:
    """Events per `multiplier` people (or person-years), with Byar's limits, exact below 10 events: (areas,).

    value = events / population * multiplier. For the limits the events are a Poisson count; Byar's are given from 10
    events up, exact ones (chi-square) below, so 0 events have 0 as their lower limit and 3.689 events as their upper
    limit at 95 %. Events need not be whole (weighted counts), but the limits then are approximate.

    Where something is missing, or the population is 0, value and limits are NaN and `note` says so.
    Raises `ValueError` for events in a population of 0, and where shapes or counts do not fit.
    Source: Breslow and Day (1987), Statistical methods in cancer research II, IARC, page 69; exact limits of Garwood
    (1936), Biometrika 28, 437-442; the switch at 10 is that of English public health practice.
    """
    level, scale = share(confidence, "confidence"), positive(multiplier, "multiplier")
    x, n = _pair(events, "events", population, "population")
    nobody = (n == 0) & (x > 0)
    if nobody.any():
        place = tuple(int(p) for p in np.argwhere(nobody)[0])
        raise ValueError(f"events: {where(place)} is {x[place]:g} in a population of 0; correct one of the two")
    low, high = count_limits(x, level)
    per = scale / np.where(n > 0, n, np.nan)
    return figures(x * per, low * per, high * per, *_gaps(x, n))


def mean(
    values: ArrayLike | None = None,
    *,
    count: ArrayLike | None = None,
    average: ArrayLike | None = None,
    sd: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Figures:
    """The mean of values, with Student's limits: average -+ t sd / sqrt(count), t with count - 1 degrees of freedom.

    values
        (count,) for one area or (areas, count); NaN where missing, and left out.
    count, average, sd
        Instead of `values`: their number, mean and standard deviation (divisor count - 1), each (areas,).

    One value has no limits; nor have values that are all equal, for they say nothing about spread. `note` says so.
    Raises `ValueError` unless either `values` or all of `count`, `average` and `sd` are given.
    Source: Altman and others (2000), Statistics with confidence, 2nd edition.
    """
    from scipy.special import stdtrit

    level = share(confidence, "confidence")
    given = [part is not None for part in (count, average, sd)]
    if values is None and all(given):
        n = numbers(count, "count", ndim=(0, 1), what="a count", least=0, missing=True)  # type: ignore[arg-type]
        middle = numbers(average, "average", ndim=(0, 1), missing=True)  # type: ignore[arg-type]
        spread = numbers(sd, "sd", ndim=(0, 1), least=0, missing=True)  # type: ignore[arg-type]
        if not n.shape == middle.shape == spread.shape:
            raise ValueError(f"count, average, sd: have shapes {n.shape}, {middle.shape} and {spread.shape}; give one "
                             "of each for every area")  # fmt: skip
    elif values is not None and not any(given):
        each = numbers(values, "values", ndim=(1, 2), missing=True)
        n = np.asarray((~np.isnan(each)).sum(axis=-1), dtype=float)
        with np.errstate(invalid="ignore", divide="ignore"):
            middle = np.asarray(np.nansum(each, axis=-1) / np.where(n > 0, n, np.nan))
            squares = np.nansum((each - middle[..., np.newaxis]) ** 2, axis=-1)
            spread = np.sqrt(squares / np.where(n > 1, n - 1, np.nan))
        # By the values themselves: the mean of equal ones may round to another number than theirs.
        spread = np.where(
            np.fmax.reduce(each, axis=-1) == np.fmin.reduce(each, axis=-1), np.minimum(spread, 0.0), spread
        )
    else:
        raise ValueError("values: give either the values, or count, average and sd together")
    usable = (n >= 2) & (spread > 0)
    t = stdtrit(np.where(usable, n - 1, 1.0), (1 + level) / 2)
    reach = np.where(usable, t * spread / np.sqrt(np.where(usable, n, 1.0)), np.nan)
    middle = np.where(n > 0, middle, np.nan)
    return figures(
        middle,
        middle - reach,
        middle + reach,
        (np.isnan(n) | ((n > 0) & np.isnan(middle)), "missing"),
        (n == 0, "no values"),
        (n < 2, "one value: no limits"),
        (np.isnan(spread), "missing standard deviation: no limits"),
        (spread == 0, "all values are equal: no limits"),
    )


def _pair(above: ArrayLike, above_name: str, below: ArrayLike, below_name: str) -> tuple[Array, Array]:
    """Two counts for each area, of one shape."""
    x, n = table(above, above_name, ndim=(0, 1)), table(below, below_name, ndim=(0, 1))
    if x.shape != n.shape:
        raise ValueError(f"{below_name}: has shape {n.shape} where {above_name} has {x.shape}; give one for each area")
    return x, n


def _gaps(x: Array, n: ArrayLike) -> tuple[tuple[np.ndarray, str], ...]:
    """Where there is no figure, and why."""
    below = np.asarray(n, dtype=float)
    return (np.isnan(x), "events missing"), (np.isnan(below), "population missing"), (below == 0, "population of 0")
