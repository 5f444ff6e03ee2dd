"""The slope and the relative index of inequality over quantiles of deprivation, with simulated limits."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, generator, numbers, share, whole
from inroads.methods.inequality.rates_limits import in_any, worded
from inroads.methods.inequality.slope_lines import RARE, Lines, exact_limits, simulated_limits, transformed
from inroads.methods.quantiles import normal

Transform = Literal["log", "logit"] | None


@dataclass(frozen=True, eq=False)
class SlopeIndex:
    """Slope and relative index of each area, with limits; each (areas,), or a single number for one area.

    `sii` is the fitted level at the least deprived end minus that at the most deprived end, `rii` the former over the
    latter. `note` says in words why something is missing (NaN), and is empty where nothing is.
    """

    sii: Array
    sii_low: Array
    sii_high: Array
    rii: Array
    rii_low: Array
    rii_high: Array
    note: NDArray[np.str_]


def slope_index(
    value: ArrayLike,
    population: ArrayLike,
    se: ArrayLike,
    *,
    transform: Transform = None,
    multiplier: float = 1,
    confidence: float = 0.95,
    draws: int = 100_000,
    rng: np.random.Generator | int,
    weights: Literal["population", "precision"] = "population",
    fit: Literal["value", "transformed"] = "value",
) -> SlopeIndex:
    """How much an indicator changes from the most to the least deprived end of a population.

    value
        (areas, quantiles) of the indicator, or (quantiles,) for one area, from the MOST to the LEAST deprived.
    population
        The people of each quantile, of the same shape or (quantiles,).
    se
        The standard error of each value. With `transform` it is that of the value's logarithm or logit, as draws are
        made there: `se_from_limits` works it out from published limits.
    transform
        `None` draws values from a normal distribution (life expectancy); `"log"` draws logarithms (rates), `"logit"`
        logits (proportions from 0 to 1), and turns them back.
    multiplier
        Multiplies the slope and its limits. A negative one turns the direction: limits change places and the relative
        index becomes its inverse.
    draws
        1,000 or more. All areas share the same draws, so an area's limits do not depend on the others given.
    rng
        A NumPy `Generator`, or a seed. Equal seeds give equal results, whatever the number of processors.
    weights
        `"population"` as published; `"precision"` weighs a quantile by 1 / se^2 (on the scale of the fit).
    fit
        `"value"` fits the line to the values; `"transformed"` to their logarithms or logits, and takes its two ends
        back (the same without a transform). English guidance advises the latter where those lie nearer to a line.

    Formula: with a the share of the population in a quantile and b = a / 2 + the shares before it (the relative
    rank), least squares of value * sqrt(a) on sqrt(a) and b * sqrt(a) without a constant give intercept and slope:
    a regression on b weighted by a. sii = slope, rii = (intercept + slope) / intercept. Limits are the order
    statistics round(draws * (1 -+ confidence) / 2) of the indices of the draws. Without a transform the indices of
    normal draws have known distributions: limits then are what draws tend to (exactly normal; Fieller's for the
    ratio), and `draws` and `rng` are not used.

    Where the method cannot speak there is NaN, and `note` says why: a value, population or error missing; a
    population of 0; fewer than 3 quantiles; a value outside what the transform allows; an error of 0 (the point
    estimate then stands without limits); a fitted level at or near 0 (no ratio).

    Raises `ValueError` naming the argument and the entry where shapes do not fit or a number is out of range.
    Source: Low and Low (2004), Journal of Public Health 26, 388-395, as carried out in English public health practice
    (the method of the published package PHEindicatormethods: value types "other", "rate" and "proportion").
    """
    y = numbers(value, "value", ndim=(1, 2), what="an indicator value", missing=True)
    people = _like(
        numbers(population, "population", ndim=(1, 2), what="a count", least=0, missing=True), y, "population"
    )
    errors = _like(numbers(se, "se", ndim=(1, 2), what="a standard error", least=0, missing=True), y, "se")
    if transform not in (None, "log", "logit"):
        raise ValueError(f"transform: expected None, 'log' or 'logit', found {transform!r}")
    if weights not in ("population", "precision"):
        raise ValueError(f"weights: expected 'population' or 'precision', found {weights!r}")
    if fit not in ("value", "transformed"):
        raise ValueError(f"fit: expected 'value' or 'transformed', found {fit!r}")
    factor = float(numbers(multiplier, "multiplier", ndim=0))
    if factor == 0:
        raise ValueError("multiplier: expected a number other than 0, such as 1, 100 or -100")
    level, count, source = share(confidence, "confidence"), whole(draws, "draws", least=1000), generator(rng)
    if transform == "logit" and (y > 1).any():
        row, column = (int(p) for p in np.argwhere(np.atleast_2d(y) > 1)[0])
        raise ValueError(
            f"value: row {row}, column {column} (counting from 0) is {np.atleast_2d(y)[row, column]:g}; "
            "give proportions from 0 to 1 with transform='logit' (divide percentages by 100)"
        )

    single = y.ndim == 1
    y, people, errors = np.atleast_2d(y), np.atleast_2d(people), np.atleast_2d(errors)
    areas, quantiles = y.shape
    outside = in_any(np.isnan(transformed(y, transform)) & ~np.isnan(y))
    gap = in_any(np.isnan(y) | np.isnan(people))
    few, nobody = np.full(areas, quantiles < 3), in_any(people == 0)
    unmeasured, exact = in_any(np.isnan(errors)), in_any(errors == 0)
    usable = ~(outside | gap | few | nobody)
    if weights == "precision":
        usable &= ~(unmeasured | exact)
    limited = usable & ~(unmeasured | exact)

    found = np.full((6, areas), np.nan)
    lost = np.zeros(areas, dtype=bool)
    if usable.any():
        lines = Lines.of(y[usable], people[usable], errors[usable], transform, weights=weights, fit=fit)
        sii, rii = lines.indices(inverse=factor < 0)
        found[0, usable], found[3, usable] = sii, rii
        within = limited[usable]
        if within.any():
            chosen = lines.rows(within)
            ends = (
                exact_limits(chosen, level, inverse=factor < 0)
                if transform is None
                else simulated_limits(chosen, level, count, source, inverse=factor < 0)
            )
            found[1, limited], found[2, limited], found[4, limited], found[5, limited] = ends
        found[4:, np.isnan(found[3])] = np.nan
        lost = usable & np.isnan(found[3]) | limited & np.isnan(found[4])
    found[:3] *= factor
    if factor < 0:
        found[[1, 2]] = found[[2, 1]]
    note = worded(
        (areas,),
        (few, "fewer than 3 quantiles"),
        (gap, "value or population missing in at least one quantile"),
        (nobody, "a quantile with a population of 0"),
        (outside, f"a value that has no {transform}"),
        (unmeasured, "standard error missing in at least one quantile: no limits"),
        (exact, "a standard error of 0: no limits"),
        (lost, f"the level at one end is at or near 0 (more than {RARE:.1%} of draws at or below it): no ratio"),
    )
    results = [*found, note]
    return SlopeIndex(*(part[0] if single else part for part in results))


def se_from_limits(low: ArrayLike, high: ArrayLike, *, transform: Transform = None, confidence: float = 0.95) -> Array:
    """Standard errors from published limits, of any one shape: (high - low) / (2 z), on the scale of `transform`.

    NaN where a limit is missing, or has no logarithm or logit (a lower limit of 0). Raises `ValueError` where a lower
    limit lies above its upper one. Proportions are given from 0 to 1.
    """

    ends = [
        numbers(part, name, ndim=(0, 1, 2), what="a confidence limit", missing=True)
        for part, name in ((low, "low"), (high, "high"))
    ]
    if ends[0].shape != ends[1].shape:
        raise ValueError(f"high: has shape {ends[1].shape} where low has {ends[0].shape}; give one of each")
    if transform not in (None, "log", "logit"):
        raise ValueError(f"transform: expected None, 'log' or 'logit', found {transform!r}")
    if (ends[0] > ends[1]).any():
        place = tuple(int(p) for p in np.argwhere(ends[0] > ends[1])[0])
        raise ValueError(f"low: entry {place} is above its upper limit; swap the two")
    z = normal(share(confidence, "confidence"))
    lower, upper = (transformed(part, transform) for part in ends)
    return np.asarray((upper - lower) / (2 * z))[()]


def _like(table: Array, value: Array, name: str) -> Array:
    if table.shape not in (value.shape, value.shape[-1:]):
        raise ValueError(
            f"{name}: has shape {table.shape} where value has {value.shape}; give one for each area and quantile"
        )
    return np.broadcast_to(table, value.shape)
