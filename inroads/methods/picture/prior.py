"""How far the risk index can be trusted: its calibration and its concentration, from the conversations themselves."""

from collections.abc import Callable
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.logistic import expit

Codes = NDArray[np.int64]

LEAST, MOST = np.log(0.3), np.log(5000.0)
"""Ends of the concentrations that are looked at, as logarithms."""

NODES = 11
PRIOR_MEDIAN = 10.0
APART = 3.0
"""Concentration where a neighbourhood stands apart from what the index says: the index then counts for three people."""

FEW_APART = 0.02
WEIGHT_APART = 50.0
"""The share that stands apart before anybody was asked, and for how many neighbourhoods that counts."""

GROUP_SPREAD = 0.7
"""How far the concentrations of groups are expected to lie apart: standard deviation of their logarithm."""

TRUST = np.array([0.5, 0.5])
"""Standard deviations of shift and slope around (0, 1) before anybody was asked."""

CONTRADICTED = 9.21
"""The 99th percentile of chi-squared with 2 degrees of freedom."""


class Likelihood(Protocol):
    """What conversations say of the shares of neighbourhoods, given a beta prior. `slow` where it takes integration."""

    slow: ClassVar[bool]

    def part(self, rows: slice | NDArray[np.intp]) -> "Likelihood":
        """The same for some rows."""
        ...

    def log_evidence(self, concentration: Array, mean: Array) -> Array:
        """Log marginal likelihood (Z, n) under concentrations (Z, n) and prior means (Z,), up to a constant."""
        ...

    def moments(self, concentration: Array, mean: Array) -> tuple[Array, Array]:
        """Posterior means and variances (Z, n) under concentrations (Z, n) and prior means (Z,)."""
        ...


def by_group(values: Array, group: Codes, count: int) -> Array:
    """Sums (G, n) of the rows of (Z, n) in each group."""
    return np.column_stack([np.bincount(group, weights=column, minlength=count) for column in values.T])


def vague(log_concentration: Array) -> Array:
    """Log density of the logarithm of the concentration where nothing is known: 1 / (1 + median / c) is uniform."""
    odds = log_concentration - np.log(PRIOR_MEDIAN)
    density: Array = odds - 2 * np.logaddexp(0.0, odds)
    return density


def around(centre: float) -> Callable[[Array], Array]:
    """Log density of a group's, around that of all."""
    return lambda values: -0.5 * ((values - centre) / GROUP_SPREAD) ** 2


def concentrations(
    likelihood: Likelihood,
    mean: Array,
    *,
    group: Codes,
    count: int,
    log_prior: Callable[[Array], Array],
    apart: float | None = None,
) -> tuple[Array, Array, float]:
    """Posterior of each group's concentration: nodes (G, 3), their weights (G, 3), and the share that stands apart.

    A neighbourhood stands apart with probability `apart`: its concentration is then `APART`, whatever that of its
    group. Without `apart`, the share is estimated. The nodes close in on where the posterior lies until they are close
    together beside its spread; three of them then carry its mean and variance.
    """
    low, high = np.full(count, LEAST), np.full(count, MOST)
    alone = likelihood.log_evidence(np.full((mean.size, 1), APART), mean)
    share = FEW_APART if apart is None else apart
    asked = np.count_nonzero(alone)
    for _ in range(7):
        nodes = np.linspace(low, high, NODES, axis=1)
        together = likelihood.log_evidence(np.exp(nodes)[group], mean)
        mixed = np.logaddexp(np.log1p(-share) + together, np.log(share) + alone)
        log_weights = by_group(mixed, group, count) + log_prior(nodes)
        weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
        weights[:, [0, -1]] *= 0.5
        weights /= weights.sum(axis=1, keepdims=True)
        centre = (weights * nodes).sum(axis=1)
        spread = np.sqrt((weights * (nodes - centre[:, np.newaxis]) ** 2).sum(axis=1))
        step = (high - low) / (NODES - 1)
        if (step <= 0.9 * spread).all():
            break
        if apart is None and asked:
            typical = (weights[group] * together).sum(axis=1)
            for _ in range(10):
                each = standing_apart(typical, alone[:, 0], share)[alone[:, 0] != 0]
                share = (each.sum() + FEW_APART * WEIGHT_APART) / (asked + WEIGHT_APART)
        reach = np.maximum(4.0 * spread, 1.2 * step)
        low, high = np.maximum(centre - reach, LEAST), np.minimum(centre + reach, MOST)
    three = centre[:, np.newaxis] + spread[:, np.newaxis] * np.array([-np.sqrt(3.0), 0.0, np.sqrt(3.0)])
    return np.exp(np.clip(three, LEAST, MOST)), np.tile([1 / 6, 2 / 3, 1 / 6], (count, 1)), float(share)


def standing_apart(together: Array, alone: Array, share: float) -> Array:
    """Probability (Z,) that a neighbourhood stands apart, from its two log evidences."""
    return expit(np.log(share) - np.log1p(-share) + alone - together)


def one_concentration(nodes: Array, weights: Array, asked: Array) -> Array:
    """The one concentration (G,) that gives the expected share of evidence where `asked` (G,) were asked."""
    tilted = weights / (nodes + asked[:, np.newaxis])
    result: Array = (tilted * nodes).sum(axis=1) / tilted.sum(axis=1)
    return result


def calibration(
    cells: tuple[Array, Array, Array, Array, Array],
    concentration: Array,
    *,
    group: Codes,
    centre: Array,
    precision: Array,
) -> tuple[Array, Array]:
    """Shift and slope (G, 2) of the prior means on the logit scale, and their covariance (G, 2, 2), by group.

    Logistic regression by scoring, with the variance of a beta-binomial, around `centre` (G, 2) with `precision` (2,).
    `cells` are columns: the logit of the risk, what was asked and found through one channel, what the channel adds to
    the logit, and what was asked in the neighbourhood through all.
    """
    position, asked, found, offset, people = cells
    count = centre.shape[0]
    inflation = 1.0 + np.maximum(people - 1.0, 0.0) / (concentration + 1.0)
    estimate = centre.copy()
    information = np.zeros((count, 2, 2))
    for _ in range(25):
        shift, slope = estimate[group].T
        chance = expit(shift + slope * position + offset)
        pull = (found - asked * chance) / inflation
        weight = asked * chance * (1.0 - chance) / inflation
        gradient = by_group(np.column_stack([pull, pull * position]), group, count) + precision * (centre - estimate)
        sums = by_group(np.column_stack([weight, weight * position, weight * position**2]), group, count)
        information[:, 0, 0] = sums[:, 0] + precision[0]
        information[:, 0, 1] = information[:, 1, 0] = sums[:, 1]
        information[:, 1, 1] = sums[:, 2] + precision[1]
        move = np.clip(np.linalg.solve(information, gradient[..., np.newaxis])[..., 0], -2.0, 2.0)
        estimate = estimate + move
        if np.abs(move).max() < 1e-10:
            break
    return estimate, np.asarray(np.linalg.inv(information), dtype=np.float64)


def contradicts(estimate: Array, centre: Array, covariance: Array) -> NDArray[np.bool_]:
    """Where (G,) the calibration lies further from `centre` than chance alone would put it 99 times in 100."""
    distance = estimate - centre
    chi_squared = np.einsum("gi,gij,gj->g", distance, np.linalg.inv(covariance), distance)
    result: NDArray[np.bool_] = chi_squared > CONTRADICTED
    return result
