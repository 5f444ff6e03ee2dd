"""Rates as they would be with a standard population, and ratios to a reference population."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, share, where, whole
from inroads.methods.inequality.rates_limits import (
    Figures,
    Ratios,
    count_limits,
    figures,
    in_any,
    positive,
    table,
    worded,
)


def standardised_rate(
    events: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    *,
    multiplier: float = 100_000,
    confidence: float = 0.95,
    least_events: int = 10,
) -> Figures:
    """Directly standardised rates with Dobson's limits: (areas,) from (areas, bands), or one from (bands,).

    events, population
        (areas, bands) counts by age band, the bands in the same order everywhere; NaN where missing.
    standard
        (bands,) of a standard population, such as the European Standard Population 2013, or (areas, bands).
    least_events
        An area with fewer events in all has no figure: 10 as in English practice (Morris and others 2018).

    With O, n and w of each band and O' the sum of events:
    value = sum(w O / n) / sum(w), variance = sum(w^2 O / n^2) / sum(w)^2, limits = value + sqrt(variance / O')
    (L - O') with L the lower or upper limit of the count O' (Byar's; exact below 10), 0 where that would be below 0.
    All times `multiplier`.

    Where something is missing in a band, where a band of the standard has no population, or where events are too
    few, value and limits are NaN and `note` says so. A missing count is not 0: fill in zeros where that is what is
    meant. Events are taken as independent: where one person may have many, the limits are too narrow.

    Raises `ValueError` for events in a population of 0, and where shapes or counts do not fit.
    Source: Dobson, Kuulasmaa, Eberle and Scherer (1991), Statistics in Medicine 10, 457-462.
    """
    level, scale = share(confidence, "confidence"), positive(multiplier, "multiplier")
    least = whole(least_events, "least_events", least=0)
    x, n = table(events, "events", ndim=(1, 2)), table(population, "population", ndim=(1, 2))
    if x.shape != n.shape:
        raise ValueError(f"population: has shape {n.shape} where events has {x.shape}; give one for each area and band")
    w = _bands(standard, "standard", x)
    _nobody(x, n, "events")
    needed = w > 0
    if not needed.any(axis=-1).all():
        raise ValueError("standard: has no population above 0; give the people of each band of a standard population")
    empty = in_any(needed & (n == 0))
    divisor = np.where(n > 0, n, np.nan)
    weights = w / w.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        per = np.where(needed, weights / divisor, 0.0)
        counted = np.where(needed, x, 0.0)
        value, variance = (per * counted).sum(axis=-1), (per * per * counted).sum(axis=-1)
    # Bands that the standard leaves out count nowhere: not in the rate, nor in what its limits rest on.
    total = counted.sum(axis=-1)
    few = np.asarray(total < least)
    low, high = count_limits(np.asarray(total), level)
    spread = np.where(total > 0, np.sqrt(variance / np.where(total > 0, total, np.nan)), np.nan)
    value = np.where(few | empty, np.nan, value)
    return figures(
        np.asarray(value * scale),
        np.asarray(np.maximum(value + spread * (low - total), 0) * scale),
        np.asarray((value + spread * (high - total)) * scale),
        (in_any(needed & np.isnan(x)), "events missing in at least one band"),
        (in_any(needed & np.isnan(n)), "population missing in at least one band"),
        (empty, "a band of the standard has a population of 0"),
        (few, f"fewer than {least} events"),
        (np.asarray(total == 0), "no events: no limits"),
    )


def standardised_ratio(
    events: ArrayLike,
    population: ArrayLike,
    reference_events: ArrayLike,
    reference_population: ArrayLike,
    *,
    multiplier: float = 1,
    as_rate: bool = False,
    confidence: float = 0.95,
) -> Ratios:
    """Indirectly standardised ratios, observed to expected events, with Byar's limits, exact below 10 events: (areas,).

    events
        (areas, bands), or only the totals (areas,) where events are not published by band.
    population
        (areas, bands), or (bands,) for one area; NaN where missing.
    reference_events, reference_population
        (bands,), the events and people of the reference (England, say); every band needs people.
    multiplier
        1 gives a ratio, 100 a standardised mortality ratio as often printed.
    as_rate
        True gives the indirectly standardised rate: the ratio times the reference's own rate, times `multiplier`
        (then 100,000, say).

    expected = sum over bands of population * reference events / reference population; value = observed / expected;
    limits = those of the observed count / expected. The reference is taken as known without error.

    Where something is missing, or nothing is expected, value and limits are NaN and `note` says so.
    Raises `ValueError` for events in a population of 0, for a reference without people in a band, and where shapes or
    counts do not fit. Source: Breslow and Day (1987), Statistical methods in cancer research II, IARC, pages 65-72.
    """
    level, scale = share(confidence, "confidence"), positive(multiplier, "multiplier")
    n = table(population, "population", ndim=(1, 2))
    x = table(events, "events", ndim=(0, 1, 2))
    totals = x.ndim == n.ndim - 1
    if x.shape != (n.shape[:-1] if totals else n.shape):
        raise ValueError(
            f"events: has shape {x.shape} where population has {n.shape}; give one for each area and band, or the "
            "total of each area"
        )
    reference = _bands(reference_events, "reference_events", n)
    people = _bands(reference_population, "reference_population", n)
    if (people == 0).any():
        place = tuple(int(p) for p in np.argwhere(people == 0)[0])
        raise ValueError(
            f"reference_population: {where(place)} is 0; merge that band with the next, in all four tables"
        )
    if not totals:
        _nobody(x, n, "events")
    observed = np.asarray(x if totals else x.sum(axis=-1))
    expected = np.asarray((n * (reference / people)).sum(axis=-1))
    low, high = count_limits(observed, level)
    crude = reference.sum(axis=-1) / people.sum(axis=-1) if as_rate else 1.0
    per = scale * crude / np.where(expected > 0, expected, np.nan)
    note = worded(
        observed.shape,
        (np.isnan(observed), "events missing"),
        (np.isnan(expected), "population missing in at least one band"),
        (expected == 0, "no events are expected"),
    )
    return Ratios(
        (observed * per)[()], (low * per)[()], (high * per)[()], note[()], observed=observed[()], expected=expected[()]
    )


def _bands(given: ArrayLike, name: str, like: Array) -> Array:
    """Counts without gaps for the bands of `like`: the same in every area, or one row for each."""
    row = table(given, name, ndim=(1, 2))
    if np.isnan(row).any():
        place = tuple(int(p) for p in np.argwhere(np.isnan(row))[0])
        raise ValueError(f"{name}: {where(place)} is missing; give a count of 0 or more for every band")
    if row.shape not in (like.shape, like.shape[-1:]):
        raise ValueError(f"{name}: has shape {row.shape} where there are {like.shape[-1]} bands; give one for each")
    return np.broadcast_to(row, like.shape)


def _nobody(x: Array, n: NDArray[np.float64], name: str) -> None:
    """Refuses events among nobody."""
    wrong = (n == 0) & (x > 0)
    if wrong.any():
        place = tuple(int(p) for p in np.argwhere(wrong)[0])
        raise ValueError(f"{name}: {where(place)} is {x[place]:g} in a population of 0; correct one of the two")
