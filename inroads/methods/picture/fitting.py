"""The prior of each neighbourhood, from the risk index and from all conversations together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.logistic import expit
from inroads.methods.picture.prior import (
    TRUST,
    Likelihood,
    around,
    by_group,
    calibration,
    concentrations,
    contradicts,
    one_concentration,
    vague,
)

Codes = NDArray[np.int64]


ENOUGH = 3000
"""Neighbourhoods of one group that tell its concentration to a few hundredths; more would only take longer."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """The beta prior of Z neighbourhoods, each (Z,): `mean`, `concentration`, and `logit_variance`, that of logit mean.

    `nodes` and `weights` (G, n) are the posterior of the concentration by group; `apart` is the share of those that
    stand apart.
    """

    mean: Array
    concentration: Array
    logit_variance: Array
    nodes: Array
    weights: Array
    apart: float


def fitted(
    likelihood: Likelihood,
    risk: Array,
    *,
    rows: tuple[Array, Array, Array],
    group: Codes,
    groups: int,
    calibrate: bool,
) -> Fitted:
    """The prior under which these conversations are most at home; the index as it is unless they contradict it.

    `rows` are what was asked (Z, C), found (Z, C), and the offset of each column (C,).
    """
    asked, found, offsets = rows
    people = asked.sum(axis=1)
    all_together = np.zeros(group.size, dtype=np.int64)
    logits = np.log(risk) - np.log1p(-risk)
    middle = float((people * logits).sum() / people.sum()) if people.any() else 0.0
    position = logits - middle
    # Centred, so that shift and slope are told apart: a shift of `middle` and a slope of 1 are the index as it is.
    as_it_is = np.array([[middle, 1.0]])
    zone, channel = np.nonzero(asked)
    cells = (position[zone], asked[zone, channel], found[zone, channel], offsets[channel], people[zone])

    def moved(strength: Array, to: Codes, centre: Array) -> tuple[Array, Array]:
        return calibration(cells, strength[zone], group=to[zone], centre=centre, precision=1.0 / TRUST**2)

    def mean_under(estimate: Array, to: Codes) -> Array:
        shift, slope = estimate[to].T
        return expit(shift + slope * position)

    def concentration_of(at: tuple[Array, Array, float], to: Codes, count: int) -> Array:
        told = by_group(np.column_stack([people, people > 0]), to, count)
        return one_concentration(at[0], at[1], told[:, 0] / np.maximum(told[:, 1], 1.0))[to]

    def trusted(
        mean: Array, to: Codes, count: int, prior: Callable[[Array], Array], apart: float | None = None
    ) -> tuple[Array, Array, float]:
        rows = enough(people, risk, to) if likelihood.slow else slice(None)
        return concentrations(
            likelihood.part(rows), mean[rows], group=to[rows], count=count, log_prior=prior, apart=apart
        )

    mean = risk
    posterior = trusted(mean, all_together, 1, vague)
    strength = concentration_of(posterior, all_together, 1)
    estimate, covariance = moved(strength, all_together, as_it_is)
    if calibrate and contradicts(estimate, as_it_is, covariance)[0]:
        mean = mean_under(estimate, all_together)
        posterior = trusted(mean, all_together, 1, vague)
        strength = concentration_of(posterior, all_together, 1)
        estimate, covariance = moved(strength, all_together, as_it_is)
        mean = mean_under(estimate, all_together)
        centre = estimate
    else:
        centre = as_it_is
    if groups > 1:
        own_prior = around(float((posterior[1] * np.log(posterior[0])).sum()))
        centre, pooled_covariance = np.repeat(centre, groups, axis=0), covariance
        posterior = trusted(mean, group, groups, own_prior, posterior[2])
        estimate, covariance = moved(concentration_of(posterior, group, groups), group, centre)
        apart = contradicts(estimate, centre, covariance) & calibrate
        centre = np.where(apart[:, np.newaxis], estimate, centre)
        covariance = np.where(apart[:, np.newaxis, np.newaxis], covariance, pooled_covariance)
        if apart.any():
            mean = np.where(apart[group], mean_under(centre, group), mean)
            posterior = trusted(mean, group, groups, own_prior, posterior[2])
        strength = concentration_of(posterior, group, groups)
    place = np.column_stack([np.ones(position.size), position])
    spread = np.einsum("zi,zij,zj->z", place, covariance[group], place) if calibrate else np.zeros(position.size)
    return Fitted(mean, strength, spread, *posterior)


def enough(people: Array, risk: Array, group: Codes) -> NDArray[np.intp]:
    """Rows where somebody was asked, at most `ENOUGH` of each group, spread evenly over its range of risk."""
    heard = np.flatnonzero(people)
    ordered = heard[np.lexsort((risk[heard], group[heard]))]
    sizes = np.bincount(group[ordered])
    size = sizes[group[ordered]]
    place = np.arange(ordered.size) - (np.cumsum(sizes) - sizes)[group[ordered]]
    kept = (place + 1) * ENOUGH // np.maximum(size, ENOUGH) > place * ENOUGH // np.maximum(size, ENOUGH)
    return ordered[kept]
