"""Compiled: numbers of people drawn within the ranges that were released, and the shares that go with them."""

from math import lgamma

import numpy as np
from numpy.typing import NDArray

from inroads.methods.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HUGE = 1e200
STEPS = 25

POINTS = 16
"""Counts at which a range is looked at when it is added up; wider ones are looked at in the middle of equal steps."""


@compiled
def _drawn(low: int, high: int, others: int, chance: float, size: float, uniform: float) -> int:
    """A count from `low` to `high` with weight (size + count + others - 1)! chance^count / count!"""
    chosen = low
    weight = total = 1.0
    for count in range(low + 1, high + 1):
        weight *= chance * (count + others - 1 + size) / count
        total += weight
        share = weight / total
        # One uniform number serves all steps: what is left of it after each choice is uniform again.
        if uniform < share:
            chosen = count
            uniform /= share
        else:
            uniform = (uniform - share) / (1.0 - share)
        if weight > HUGE:
            weight /= HUGE
            total /= HUGE
    return chosen


@compiled
def _density(logit: float, yes: float, no: float, found: Ints, other: Ints, offsets: Floats) -> float:
    """Log density of a share's logit, under its beta prior and what was found through each channel."""
    total = yes * logit - (yes + no) * np.log1p(np.exp(logit))
    for c in range(found.size):
        if found[c] + other[c] > 0 and np.isfinite(offsets[c]):
            at = logit + offsets[c]
            total += found[c] * at - (found[c] + other[c]) * np.log1p(np.exp(at))
    return float(total)


@compiled
def sweep(
    ends: Ints,
    found: Ints,
    other: Ints,
    logits: Floats,
    yes: Floats,
    no: Floats,
    offsets: Floats,
    size: Floats,
    rate: Floats,
    random: Floats,
) -> None:
    """Draws shares given counts, then counts given shares, in place, as often as `random` has rows.

    `ends` (4, Z, C) are the least and most found and the least and most others, -1 where nothing was recorded;
    `found`, `other` (Z, C) and `logits` (Z,) what was drawn last; `yes`, `no` (Z,) the beta prior; `offsets` (C,) how
    far each channel's logit lies from that of the neighbourhood; `size`, `rate` (C,) the negative binomial of how many
    were asked, whose probability of n falls off as rate^n; `random` (sweeps, Z, 2 C + 2) uniform numbers, the
    first of each row normal.
    """
    channels = found.shape[1]
    for turn in range(random.shape[0]):
        for z in range(found.shape[0]):
            numbers = random[turn, z]
            mode = logits[z]
            curve = 1.0
            for _ in range(STEPS):
                share = 1.0 / (1.0 + np.exp(-mode))
                slope = yes[z] - (yes[z] + no[z]) * share
                curve = (yes[z] + no[z]) * share * (1.0 - share)
                for c in range(channels):
                    people = found[z, c] + other[z, c]
                    if people > 0 and np.isfinite(offsets[c]):
                        chance = 1.0 / (1.0 + np.exp(-mode - offsets[c]))
                        slope += found[z, c] - people * chance
                        curve += people * chance * (1.0 - chance)
                move = min(max(slope / max(curve, 1e-12), -1.0), 1.0)
                mode += move
                if abs(move) < 0.01:  # what is left after one more step of this kind is far smaller
                    break
            width = 1.0 / np.sqrt(max(curve, 1e-12))
            # A proposal from the normal curve at the mode, kept as often as keeps the true one (Metropolis-Hastings).
            proposed = min(max(mode + width * numbers[0], -30.0), 30.0)
            here, there = (logits[z] - mode) / width, (proposed - mode) / width
            gain = _density(proposed, yes[z], no[z], found[z], other[z], offsets) + 0.5 * there * there
            gain -= _density(logits[z], yes[z], no[z], found[z], other[z], offsets) + 0.5 * here * here
            if np.log(max(numbers[1], 1e-300)) < gain:
                logits[z] = proposed
            for c in range(channels):
                if ends[0, z, c] < 0:
                    continue
                chance = 1.0 / (1.0 + np.exp(-logits[z] - offsets[c]))
                low, high = ends[0, z, c], ends[1, z, c]
                if high > low:
                    found[z, c] = _drawn(low, high, other[z, c], chance * rate[c], size[c], numbers[2 + 2 * c])
                low, high = ends[2, z, c], ends[3, z, c]
                if high > low:
                    other[z, c] = _drawn(low, high, found[z, c], (1.0 - chance) * rate[c], size[c], numbers[3 + 2 * c])


@compiled
def _box(low: int, high: int, least: int, most: int, yes: float, no: float, size: float, rate: float) -> float:
    """Log probability that found lie from `low` to `high` and others from `least` to `most`, up to a constant."""
    step, stride = (high - low) // POINTS + 1, (most - least) // POINTS + 1
    start = lgamma(yes + no) - lgamma(yes) - lgamma(no)
    if step > 1 or stride > 1:
        top, total = -np.inf, 0.0
        for found in range(low + (step - 1) // 2, high + 1, step):
            for other in range(least + (stride - 1) // 2, most + 1, stride):
                here = _point(found, other, yes, no, size, rate)
                if here > top:
                    total = total * np.exp(top - here) + 1.0
                    top = here
                else:
                    total += np.exp(here - top)
        return float(start + top + np.log(total * step * stride))
    corner = _point(low, least, yes, no, size, rate)
    total, edge = 0.0, 1.0
    for found in range(low, high + 1):
        weight = edge
        for other in range(least, most + 1):
            total += weight
            people = found + other
            weight *= (people + size) * rate * (no + other) / ((other + 1) * (yes + no + people))
        people = found + least
        edge *= (people + size) * rate * (yes + found) / ((found + 1) * (yes + no + people))
    return float(start + corner + np.log(total))


@compiled
def _point(found: int, other: int, yes: float, no: float, size: float, rate: float) -> float:
    """The same for one pair of counts, without what does not depend on them."""
    people = found + other
    return float(
        lgamma(people + size)
        + people * np.log(rate)
        - lgamma(found + 1.0)
        - lgamma(other + 1.0)
        + lgamma(yes + found)
        + lgamma(no + other)
        - lgamma(yes + no + people)
    )


@compiled
def boxes(ends: Ints, chance: Floats, concentration: Floats, size: Floats, rate: Floats) -> Floats:
    """Log probability (Z, n) of the ranges of each neighbourhood under concentrations (Z, n), up to a constant.

    `chance` (Z, C) is the mean of each channel's share. 0 where surely nobody was asked.
    """
    result = np.zeros(concentration.shape)
    for z in range(concentration.shape[0]):
        for c in range(chance.shape[1]):
            if ends[0, z, c] < 0 or ends[1, z, c] + ends[3, z, c] == 0:
                continue
            for k in range(concentration.shape[1]):
                yes, no = concentration[z, k] * chance[z, c], concentration[z, k] * (1.0 - chance[z, c])
                result[z, k] += _box(
                    ends[0, z, c], ends[1, z, c], ends[2, z, c], ends[3, z, c], yes, no, size[c], rate[c]
                )
    return result
