"""One door to every summary measure of inequality between groups."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.arguments import generator, share, whole
from inroads.methods.inequality.groups import Groups
from inroads.methods.inequality.limits import limits
from inroads.methods.inequality.reading import read
from inroads.methods.inequality.registry import Declared, measures

ErrorFrom = Literal["se", "fit", "counts"]
Method = Literal["analytic", "inversion", "percentile"]
Transform = Literal["logit"]


@dataclass(frozen=True, eq=False)
class Measure:
    """A summary measure with what it is worth. Everything is on the scale of the measure."""

    value: float
    """The measure; NaN where the groups cannot give it, and then `note` says why."""
    se: float
    """Its standard error (for r and rii too: not that of the logarithm); NaN where none was to be had."""
    low: float
    """The lower limit; NaN where none was to be had."""
    high: float
    """The upper limit; NaN where none was to be had."""
    note: str = ""
    """What the figures do not say: groups left out, why there is no value or no interval, or why not to trust it."""


def measure(
    code: str,
    estimate: ArrayLike,
    population: ArrayLike | None,
    *,
    se: ArrayLike | None = None,
    order: ArrayLike | None = None,
    reference: int | None = None,
    favourable: bool = True,
    scale: float | None = 100,
    transform: Transform | None = None,
    confidence: float = 0.95,
    method: Method | None = None,
    error_from: ErrorFrom = "se",
    draws: int = 1000,
    rng: np.random.Generator | int | None = 0,
) -> Measure:
    """A summary measure of inequality between J groups, with its standard error and limits.

    With y the estimates, p the shares of people, m = sum p y the mean of all people, X the rank of a group's middle
    among all people from 0 (most disadvantaged) to 1, J the number of groups and y* a point of comparison:

    ```
    code    what                                   formula                              unit of value, se and limits
    d       difference                             y1 - y2 (which two: see below)       the indicator's
    r       ratio                                  y1 / y2                              ratio, 1 where equal
    aci     absolute concentration index           sum p (2 X - 1) y                    the indicator's
    rci     relative concentration index           aci / m                              share, -1 to 1 (not percent)
    sii     slope index of inequality              line at X = 1 less at X = 0          the indicator's
    rii     relative index of inequality           line at X = 1 over at X = 0          ratio, 1 where equal
    bgv     between-group variance                 sum p (y - m)^2                      the indicator's, squared
    bgsd    between-group standard deviation       sqrt(bgv)                            the indicator's
    covar   coefficient of variation               100 bgsd / m                         percent
    mdmu    mean difference from mean              sum |y - m| / J                      the indicator's
    mdmw    the same, weighted                     sum p |y - m|                        the indicator's
    mdbu    mean difference from best group        sum |y - y*| / J                     the indicator's
    mdbw    the same, weighted                     sum p |y - y*|                       the indicator's
    mdru    mean difference from reference         sum |y - y*| / J                     the indicator's
    mdrw    the same, weighted                     sum p |y - y*|                       the indicator's
    idisu   index of disparity                     100 sum |y - m| / (J m)              percent
    idisw   the same, weighted                     100 sum p |y - m| / m                percent
    ti      Theil index                            1000 sum p (y / m) ln(y / m)         thousandths
    mld     mean log deviation                     1000 sum p (-ln(y / m))              thousandths
    parisk  population attributable risk           y* - m, 0 where that is no gain      the indicator's: percentage
                                                                                        points for percentages
    paf     population attributable fraction       100 parisk / m                       percent
    ```

    code
        One of those above, in small letters. `measures()` lists them with what each needs and how it behaves.
    estimate
        (J,) the indicator in each group, on `scale`; NaN where missing. Groups without an estimate are left out, and
        the note counts them.
    population
        (J,) people in each group, 0 or more. Groups without people play no part in a weighted measure. None will do
        for d, r, mdbu and mdru.
    se
        (J,) standard errors of the estimates, on the same scale; NaN where missing.
    order
        (J,) places of ordered groups, 1 for the most disadvantaged. Needed by aci, rci, sii and rii; used by d, r,
        parisk and paf where given; of no effect on the others. Groups may share a place.
    reference
        The row of the reference group, counted from 0. Needed by mdru and mdrw. Without order, gaps are taken from
        it: d and r set it against the lowest group for a favourable indicator and the highest for an adverse one, and
        parisk and paf take it as y*.
    favourable
        Whether a high estimate is good. In order, d and r set the most advantaged against the most disadvantaged
        group, and the other way round for an adverse indicator. Without order and reference they set the highest
        against the lowest group, and y* is the best group: the highest, or the lowest for an adverse indicator.
        aci, rci, sii and rii do not turn round: they are positive (rii above 1) where advantaged groups have more.
    scale
        What the estimates count in: 100 for percentages, 1000 for a rate per thousand; None without upper limit.
        Drawn estimates and `transform="logit"` keep within 0 and `scale`.
    transform
        For sii and rii: None fits a straight line weighted by population; `"logit"` fits a logit line to the
        estimates over `scale` by the same weights, which cannot leave 0 to `scale`.
    confidence
        The share of cases in which the limits should hold the true value.
    method
        How limits are made. `"analytic"`: from a formula. `"inversion"`: from simulation, as the values that the one
        found does not speak against (Carpenter 1999). `"percentile"`: from simulation, as percentiles of the measure
        over drawn estimates, which is what the WHO does. None takes the formula where one is published (d, r, aci,
        rci, sii, rii, bgv, ti, mld, parisk, paf) and inversion for the others, which have no formula. Without order,
        d, r, parisk and paf pick groups by their estimates, which the formula does not allow for and inversion does.
    error_from
        `"se"`: from the standard errors of the estimates. `"fit"`, for aci, rci, sii and rii: from the distances of
        the groups to the line. `"counts"`, for parisk and paf: as if `population` had been counted person by person
        (Walter 1978). The latter two need no `se`.
    draws, rng
        For simulation: how many draws, and a NumPy `Generator` or a seed, 0 unless said otherwise. Equal seeds give
        equal limits. With None nothing is drawn, and the note says so.

    Raises `ValueError` naming the argument and the row, counted from 0. Where the arguments are sound but cannot give
    the measure (fewer than two groups, a mean of 0), the value is NaN and the note says why.
    Sources: WHO, Handbook on health inequality monitoring (2013); Schlotheuber & Hosseinpoor (2022), IJERPH 19(6):3697;
    errors by Ahn et al. (2018), JCO Clinical Cancer Informatics 2:1-19, and Walter (1978), International Journal of
    Epidemiology 7:175-182.
    """
    listed = measures()
    if not isinstance(code, str) or code not in listed:
        raise ValueError(f"code: there is no measure {code!r}; give one of {', '.join(listed)}")
    declared = listed[code]
    choices(declared, transform, method, error_from)
    share(confidence, "confidence")
    whole(draws, "draws", least=20)
    source = None if rng is None else generator(rng)
    groups, notes = read(
        declared,
        estimate,
        population,
        se=se,
        order=order,
        reference=reference,
        favourable=favourable,
        scale=scale,
        transform=transform,
    )
    if groups is None:
        return nothing(notes)
    value = float(declared.value(groups, groups.estimate))
    if not math.isfinite(value):
        return nothing([*notes, f"{code} has no value: {no_value(declared, groups)}"])
    error, low, high = limits(
        declared,
        groups,
        value,
        notes=notes,
        confidence=confidence,
        method=method,
        error_from=error_from,
        draws=draws,
        source=source,
    )
    return Measure(value, error, low, high, "; ".join(notes))


def nothing(notes: list[str]) -> Measure:
    """No value, and why."""
    return Measure(math.nan, math.nan, math.nan, math.nan, "; ".join(notes))


def choices(declared: Declared, transform: str | None, method: str | None, error_from: str) -> None:
    """Refuses options that do not exist or do not fit the measure."""
    if transform not in (None, "logit"):
        raise ValueError(f"transform: expected None or 'logit', found {transform!r}")
    if method not in (None, "analytic", "inversion", "percentile"):
        raise ValueError(f"method: expected None, 'analytic', 'inversion' or 'percentile', found {method!r}")
    if method == "analytic" and declared.simulated:
        raise ValueError(f"method: {declared.code} has no formula; give 'inversion', 'percentile' or None, with rng")
    if method == "inversion" and not declared.simulated and declared.picks == "never":
        raise ValueError(f"method: {declared.code} has no inversion; give 'analytic', 'percentile' or None")
    fitting = ["se"] + ["fit"] * (declared.fit is not None) + ["counts"] * (declared.counts is not None)
    if error_from not in fitting:
        words = " or ".join(repr(name) for name in fitting)
        raise ValueError(f"error_from: expected {words} for {declared.code}, found {error_from!r}")


def no_value(declared: Declared, groups: Groups) -> str:
    """Why a measure of sound groups has no value."""
    if declared.population and not float(groups.estimate @ groups.share) > 0:
        return "the mean of all people is 0"
    if declared.code == "mld":
        return "a group's estimate is 0, of which there is no logarithm"
    if declared.code == "r":
        return "the estimate it divides by is 0"
    if groups.transform == "logit":
        return "the logit line has no end; the groups may be all at 0 or at the scale"
    return "the fitted line falls to 0 or below at one end"
