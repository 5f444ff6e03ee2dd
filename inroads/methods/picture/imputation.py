"""Numbers of people drawn from the ranges that were released, and the estimate that each set of them gives."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.logistic import expit, logit
from inroads.methods.picture.conversations import Conversations
from inroads.methods.picture.fitting import Fitted, fitted
from inroads.methods.picture.posterior import revised
from inroads.methods.picture.revision import likelihood_of

Ints = NDArray[np.int64]

WARMING = 5
"""Rounds of fitting and drawing before the first set of counts is kept: middles of ranges are a poor start."""

FITS = 3
"""To how many of the kept sets the prior is fitted; in between it stays. It hardly differs from set to set."""

SWEEPS = 3
"""Times that shares and counts are drawn in turn from one set to the next."""


@dataclass(frozen=True, eq=False)
class Ranged:
    """What ranges say of how far the index can be trusted: the beta-binomial, added up over each channel's ranges.

    `ends` (4, Z, C); `offsets` (C,) the channels' levels on the logit scale; `size`, `rate` (C,) the negative binomial
    of how many people were asked. A `Likelihood` for `fitted` alone: it gives no moments.
    """

    slow: ClassVar[bool] = True
    ends: Ints
    offsets: Array
    size: Array
    rate: Array

    def part(self, rows: slice | NDArray[np.intp]) -> "Ranged":
        """See `Likelihood`."""
        return Ranged(np.ascontiguousarray(self.ends[:, rows]), self.offsets, self.size, self.rate)

    def log_evidence(self, concentration: Array, mean: Array) -> Array:
        """See `Likelihood`."""
        from inroads.methods.picture.released_kernels import boxes

        chance = expit(logit(mean)[:, np.newaxis] + self.offsets)
        return boxes(self.ends, chance, np.ascontiguousarray(concentration), self.size, self.rate)

    def moments(self, concentration: Array, mean: Array) -> tuple[Array, Array]:
        """Not given: estimates come from sets of counts."""
        raise NotImplementedError("ranges have no moments of their own")


@dataclass(frozen=True, eq=False)
class Place:
    """What is known of Z neighbourhoods before and besides the counts.

    `risk` (Z,); `group` (Z,) codes below `groups`; `ends` (4, Z, C) the least and most found and the least and most
    others, -1 where nothing was recorded; `digital` (C,) or None.
    """

    risk: Array
    group: Ints
    groups: int
    ends: Ints
    digital: NDArray[np.bool_] | None


@dataclass(eq=False)
class View:
    """One way to read the conversations (all channels, or those that are not digital), and its estimates so far.

    `columns` (C,) are the channels it reads, `ratios` (C,) their reach or None, `movable` whether it may move the
    index. Each entry of `moments` is one set's mean, variance, evidence, concentration and prior (5, Z).
    """

    columns: NDArray[np.bool_]
    ratios: Array | None
    movable: bool
    fit: Fitted | None = None
    offsets: Array | None = None
    moments: list[Array] = field(default_factory=list)

    def estimate(
        self, place: Place, heard: Conversations, asked: tuple[Array, Array], *, anew: bool
    ) -> tuple[Array, Array, Array, Array, Array]:
        """Mean, variance, evidence, concentration and prior (Z,) from one set of counts.

        `asked` is the negative binomial of how many people were asked, `anew` whether the prior is fitted again.
        """
        digital = None if heard.digital is None else heard.digital[self.columns]
        kept = Conversations(heard.asked[:, self.columns], heard.found[:, self.columns], digital)
        likelihood, rows = likelihood_of(kept, self.ratios)
        if self.offsets is None:
            self.offsets = levels(kept, place.risk) if self.ratios is None else self.ratios
        if self.fit is None or anew:
            told = np.isfinite(self.offsets)
            size, rate = (part[self.columns][told] for part in asked)
            ranged = Ranged(
                np.ascontiguousarray(place.ends[:, :, self.columns][:, :, told]), self.offsets[told], size, rate
            )
            self.fit = fitted(
                ranged, place.risk, rows=rows, group=place.group, groups=place.groups, calibrate=self.movable
            )
        found = revised(likelihood, self.fit, place.group)
        if self.ratios is None:
            self.offsets = levels(kept, found[0])
        return *found, self.fit.mean


def draw(views: list[View], place: Place, *, sets: int, random: np.random.Generator) -> list[Conversations]:
    """`sets` sets of counts, each with an entry in the `moments` of every view; the first view leads."""
    from inroads.methods.picture.released_kernels import sweep

    ends, recorded = place.ends, place.ends[0] >= 0
    found = np.where(recorded, (ends[0] + ends[1]) // 2, 0)
    other = np.where(recorded, (ends[2] + ends[3]) // 2, 0)
    logits = logit(place.risk)
    every = -(-sets // FITS)
    kept: list[Conversations] = []
    for turn in range(-WARMING, sets):
        heard = Conversations((found + other).astype(np.float64), found.astype(np.float64), place.digital)
        asked = numbers_asked(heard.asked, recorded)
        now = views if turn >= 0 else views[:1]
        estimates = [view.estimate(place, heard, asked, anew=turn < 0 or turn % every == 0) for view in now]
        if turn >= 0:
            kept.append(heard)
            for view, estimate in zip(views, estimates, strict=True):
                view.moments.append(np.array(estimate))
        _, _, _, concentration, prior = estimates[0]
        offsets = views[0].offsets
        assert offsets is not None
        uniform = random.random((SWEEPS, *logits.shape, 2 + 2 * found.shape[1]))
        uniform[..., 0] = random.standard_normal(uniform.shape[:2])
        sweep(
            ends, found, other, logits, concentration * prior, concentration * (1.0 - prior), offsets, *asked, uniform
        )
    return kept


def levels(heard: Conversations, mean: Array) -> Array:
    """How far each channel's logit (C,) lies from that of the neighbourhoods it was used in."""
    asked, found = heard.asked.sum(axis=0), heard.found.sum(axis=0)
    if asked.size == 1:
        return np.zeros(1)
    expected = (heard.asked * mean[:, np.newaxis]).sum(axis=0)
    result: Array = logit((found + 0.5) / (asked + 1.0)) - logit((expected + 0.5) / (asked + 1.0))
    return result


def numbers_asked(asked: Array, recorded: NDArray[np.bool_]) -> tuple[Array, Array]:
    """The negative binomial of how many people were asked through each channel, by moments: size and rate (C,).

    Its probability of n is proportional to Γ(n + size) / n! × rate^n, with rate = mean / (mean + size).
    """
    count = np.maximum(recorded.sum(axis=0), 1)
    mean = np.maximum((asked * recorded).sum(axis=0) / count, 0.1)
    variance = (recorded * (asked - mean) ** 2).sum(axis=0) / count
    size = np.clip(mean**2 / np.maximum(variance - mean, 1e-3 * mean), 0.3, 1000.0)
    return size, mean / (mean + size)
