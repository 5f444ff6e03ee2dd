"""Means, totals and ratios from weighted replies, with standard errors that know how people were drawn and weighted."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, share
from inroads.methods.quantiles import student, wilson
from inroads.methods.weighting.design import Design, as_design
from inroads.methods.weighting.indicators import Codes, Indicators, added, solve
from inroads.methods.weighting.raking import Raked
from inroads.methods.weighting.replies import as_domains, as_values, as_weights

Flags = NDArray[np.bool_]
Statistic = Literal["mean", "total", "ratio"]
Interval = Literal["auto", "plain"]


@dataclass(frozen=True, eq=False)
class Estimate:
    """An estimate, or one for each of D domains: then every field but `note` is (D,).

    value, se, low, high
        The estimate, its standard error and the ends of its interval. NaN where nothing can be said.
    effective_n
        How many replies of a simple random sample, with replacement, would have the same standard error: replies /
        design effect. It may be more than there are replies where raking explains what they say.
    replies
        How many people it rests on: in the domain, with a weight above 0.
    degrees
        Degrees of freedom of the interval: primary units (clusters, or people without clusters) with members in the
        domain, less the strata that have any.
    note
        What a reader has to know, in words; empty where there is nothing.
    """

    value: float | Array
    se: float | Array
    low: float | Array
    high: float | Array
    effective_n: float | Array
    replies: float | Array
    degrees: float | Array
    note: str


def estimate(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    raked: Raked | None = None,
    domain: ArrayLike | None = None,
    statistic: Statistic = "mean",
    confidence: float = 0.95,
    interval: Interval = "auto",
) -> Estimate:
    """A weighted mean, total or ratio of n replies with its standard error (Taylor linearisation).

    values
        (n,), or (n, 2) for `"ratio"`: numerator and denominator. A share is the mean of 0 and 1. Outside the domain,
        entries may be NaN: to leave out those who did not answer, give a `domain`.
    weights
        (n,) of 0 or more. With `raked`, either the weights before raking or those after it; those after it are used.
    strata, clusters
        (n,) names or numbers: how people were drawn. Clusters (postcode sectors, services) are the primary units, as
        if drawn with replacement; a cluster's name counts within its stratum only. Without clusters each person is
        one.
    raked
        The result of `rake`. Raked weights are no fixed numbers: in another sample they would be others, and they keep
        the known totals. Taken as fixed, they give too large a standard error wherever the margins explain the values.
    domain
        (n,) True and False: the estimate for those with True. Or (n,) whole numbers counted from 0: one estimate for
        each, D of them; NaN for people in none. People outside still count as drawn.
    confidence
        Of the interval.
    interval
        `"plain"`: value ± t se with Student's t on `degrees`. `"auto"`: the same, but for shares (a mean where all
        values are 0 or 1) Wilson's interval at the effective number of replies, with t for z, which keeps within 0
        to 1 and does not shrink to a point where everybody gives the same answer.

    Formula: z is the linearised value, zero outside the domain: y for a total, (y - mean) / Σ w for a mean, (y - R x) /
    Σ w x for a ratio R. With `raked`, z is replaced by its residual from the regression on the margins' categories,
    weighted by the weights before raking. Then, with u the sums of w z over a primary unit,
    se² = Σ over strata n_h / (n_h - 1) Σ (u - mean u)². Trimmed weights: those held at a limit do not move with the
    margins, so the regression is that of the others.

    A stratum with one unit shows no spread: it adds the squared distance from the mean of all units, and `note` says
    so. Fewer than two units: no standard error (NaN).

    Raises `ValueError` naming the argument and the row.
    Source: Binder (1983), International Statistical Review 51(3), 279-292; Deville & Särndal (1992), Journal of the
    American Statistical Association 87(418), 376-382; Korn & Graubard (1998), Survey Methodology 24(2), 193-201
    (intervals of shares at the effective sample size).
    """
    if statistic not in ("mean", "total", "ratio"):
        raise ValueError(f"statistic: expected 'mean', 'total' or 'ratio', found {statistic!r}")
    if interval not in ("auto", "plain"):
        raise ValueError(f"interval: expected 'auto' or 'plain', found {interval!r}")
    share(confidence, "confidence")
    w = as_weights(weights, raked)
    which, count, single = as_domains(domain, w.size)
    inside = which < count
    y, x = as_values(values, inside, w.size, statistic)
    design = as_design(w.size, strata, clusters)

    columns, counted = np.where(inside, which, 0), np.where(inside, w, 0.0)
    people, summed, base = (added(columns, counted * part, count) for part in (np.ones(w.size), y, x))
    replies = added(columns, (counted > 0).astype(np.float64), count)
    empty = (replies if statistic == "total" else base) == 0
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(empty, np.nan, summed if statistic == "total" else summed / base)
        z = y if statistic == "total" else (y - value[columns] * x) / base[columns]
        z = np.where(inside & ~empty[columns], z, 0.0)
        se = np.sqrt(design.variance(w[:, np.newaxis] * _residuals(z, which, count, raked)))
        se[empty] = np.nan
        # n times the variance under simple random sampling; for a total of everybody, people outside having 0.
        spread = added(columns, counted * z**2, count)
        simple = w.sum() * spread - summed**2 if statistic == "total" else people * spread
        flat = ~empty & (simple <= 0)
        effective = np.where(flat, people**2 / added(columns, counted**2, count), simple / se**2)
        effective[np.isnan(se)] = np.nan

    degrees = np.maximum(design.degrees(np.where(w > 0, which, count), count), 0.0)
    quantile = student(confidence, degrees)
    binary = statistic == "mean" and interval == "auto" and bool(np.isin(y[inside], (0.0, 1.0)).all())
    low, high = wilson(value, effective, quantile) if binary else (value - quantile * se, value + quantile * se)
    note = _note(design, empty, (degrees < 1) & ~empty, flat & (not binary), raked)
    parts: list[Array] = [value, se, low, high, effective, replies, degrees]
    value, se, low, high, effective, replies, degrees = (part[0] if single else part for part in parts)
    return Estimate(value, se, low, high, effective, replies, degrees, note)


def _residuals(z: Array, which: Codes, count: int, raked: Raked | None) -> Array:
    """(n, D): z in the column of each domain, less what the margins explain where weights were raked."""
    width = count + 1  # the last column takes those in no domain
    table = np.zeros((z.size, width))
    table[np.arange(z.size), which] = z
    if raked is None:
        return table[:, :count]
    free = np.where(raked.held | (raked.weights == 0), 0.0, raked.before)
    rows = Indicators([np.ascontiguousarray(column) for column in raked.categories.T], raked.sizes)
    sums = [
        added(column * width + which, free * z, size * width).reshape(size, width)[:, :count]
        for column, size in zip(rows.columns, rows.sizes, strict=True)
    ]
    left: Array = table[:, :count] - rows.spread(solve(rows.products(free), np.concatenate(sums)))
    return left


def _note(design: Design, empty: Flags, thin: Flags, flat: Flags, raked: Raked | None) -> str:
    said = []
    if raked is not None and not raked.converged:
        said.append("The weights do not meet their margins: " + raked.note)
    if design.lonely and design.stratum.size > 1:
        said.append(
            f"{design.lonely} of {design.size.size} strata have one primary unit only and show no spread: each adds "
            "its squared distance from the mean of all units."
        )
    for where, what in (
        (empty, "Nobody answered in {}, or the denominator is 0: no estimate."),
        (thin, "One primary unit for each stratum in {}: no interval."),
        (flat, "All values are the same in {}: a standard error of 0 says nothing about those who did not answer."),
    ):
        if where.any():
            named = f"domains {np.flatnonzero(where).tolist()}" if where.size > 1 else "the domain"
            said.append(what.format(named))
    return " ".join(said)
