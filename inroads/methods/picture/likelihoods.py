"""What conversations say of a neighbourhood's share: taken alike, or corrected for whom each channel can reach."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.logistic import expit, logit

STEPS = np.linspace(-7.0, 7.0, 15)
"""Where a density is added up, in standard deviations around its mode."""


@dataclass(frozen=True, eq=False)
class Alike:
    """`found` (Z,) of `asked` (Z,), every conversation counting the same: the beta-binomial in closed form."""

    slow: ClassVar[bool] = False
    asked: Array
    found: Array

    def part(self, rows: slice | NDArray[np.intp]) -> "Alike":
        """See `Likelihood`."""
        return Alike(self.asked[rows], self.found[rows])

    def log_evidence(self, concentration: Array, mean: Array) -> Array:
        """See `Likelihood`."""
        from scipy.special import gammaln

        total = np.zeros(concentration.shape)
        known = self.asked > 0
        strength, share = concentration[known], mean[known][:, np.newaxis]
        found, asked = self.found[known][:, np.newaxis], self.asked[known][:, np.newaxis]
        yes, no = strength * share, strength * (1.0 - share)
        total[known] = (
            gammaln(yes + found)
            - gammaln(yes)
            + gammaln(no + asked - found)
            - gammaln(no)
            - gammaln(strength + asked)
            + gammaln(strength)
        )
        return total

    def moments(self, concentration: Array, mean: Array) -> tuple[Array, Array]:
        """See `Likelihood`."""
        strength = concentration + self.asked[:, np.newaxis]
        centre = (concentration * mean[:, np.newaxis] + self.found[:, np.newaxis]) / strength
        return centre, centre * (1.0 - centre) / (strength + 1.0)

    def worth(self, mean: Array) -> Array:
        """For how many conversations these count (Z,)."""
        return self.asked


@dataclass(frozen=True, eq=False)
class Reached:
    """`found` (Z, C) of `asked` (Z, C), where channel c reaches people who are excluded exp(ratios[c]) times as often.

    The odds that somebody who answers through channel c is excluded are exp(ratios[c]) times those of everybody. All
    `ratios` are finite: a channel that reaches only one kind of people says nothing and is left out before.
    """

    slow: ClassVar[bool] = True
    asked: Array
    found: Array
    ratios: Array

    def part(self, rows: slice | NDArray[np.intp]) -> "Reached":
        """See `Likelihood`."""
        return Reached(self.asked[rows], self.found[rows], self.ratios)

    def log_evidence(self, concentration: Array, mean: Array) -> Array:
        """See `Likelihood`."""
        total = np.zeros(concentration.shape)
        known = np.asarray(self.asked.any(axis=1))
        for column in range(concentration.shape[1]):
            total[known, column] = self._integrated(concentration[known, column], mean[known], known)[0]
        return total

    def moments(self, concentration: Array, mean: Array) -> tuple[Array, Array]:
        """See `Likelihood`."""
        share = mean[:, np.newaxis]
        centre = np.broadcast_to(share, concentration.shape).copy()
        variance = share * (1.0 - share) / (concentration + 1.0)
        known = np.asarray(self.asked.any(axis=1))
        for column in range(concentration.shape[1]):
            _, at, spread = self._integrated(concentration[known, column], mean[known], known)
            centre[known, column], variance[known, column] = at, spread
        return centre, variance

    def worth(self, mean: Array) -> Array:
        """For how many conversations without any bias these count (Z,), where the shares are `mean`."""
        chance = expit(logit(mean)[:, np.newaxis] + self.ratios)
        told: Array = (self.asked * chance * (1.0 - chance)).sum(axis=1) / (mean * (1.0 - mean))
        return told

    def _integrated(self, strength: Array, mean: Array, known: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
        """Log evidence, mean and variance of the share, added up over its logit.

        On that scale the logarithm of the density is concave: one mode, which Newton's method finds.
        """
        from scipy.special import gammaln

        asked, found = self.asked[known], self.found[known]
        yes, no = strength * mean, strength * (1.0 - mean)
        mode = np.log(yes + 0.5) - np.log(no + 0.5)
        for _ in range(30):
            share = expit(mode)
            chance = expit(mode[:, np.newaxis] + self.ratios)
            slope = yes - strength * share + (found - asked * chance).sum(axis=1)
            curve = strength * share * (1.0 - share) + (asked * chance * (1.0 - chance)).sum(axis=1)
            move = np.clip(slope / np.maximum(curve, 1e-12), -1.0, 1.0)
            mode = mode + move
            if not move.size or np.abs(move).max() < 1e-6:
                break
        width = 1.0 / np.sqrt(np.maximum(curve, 1e-12))
        logits = mode[:, np.newaxis] + width[:, np.newaxis] * STEPS
        odds = np.exp(np.clip(logits, -300.0, 300.0))
        density = (yes + found.sum(axis=1))[:, np.newaxis] * logits - strength[:, np.newaxis] * np.log1p(odds)
        for c, ratio in enumerate(self.ratios):
            density -= asked[:, [c]] * np.log1p(np.exp(ratio) * odds)
        top = density.max(axis=1)
        weights = np.exp(density - top[:, np.newaxis])
        total = weights.sum(axis=1)
        weights /= total[:, np.newaxis]
        shares = odds / (1.0 + odds)
        centre = (weights * shares).sum(axis=1)
        spread = (weights * (shares - centre[:, np.newaxis]) ** 2).sum(axis=1)
        prior = gammaln(yes) + gammaln(no) - gammaln(strength)
        step = STEPS[1] - STEPS[0]
        return top + np.log(total * width * step) - prior + (found * self.ratios).sum(axis=1), centre, spread
