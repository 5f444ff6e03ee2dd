"""How long things stay out: the chance of coming to an end in each week of a loan, from loans that ended or go on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array

Weeks = NDArray[np.int64]

PULL = 4.0
"""For how many loans that reached a week the chance over all weeks counts, beside what was seen in that week."""


@dataclass(frozen=True)
class Seen:
    """By week of a loan, from 0: `ended` loans (T,) of those that `reached` it (T,); and exits that never come back."""

    ended: Array
    reached: Array
    exits: float
    lost: float


def seen_of(lengths: Weeks, ended: NDArray[np.bool_], lost: NDArray[np.bool_], ages: Weeks) -> Seen:
    """Exposure and endings by week of a loan, as for Kaplan and Meier (1958), censored loans included.

    A loan of length t went through weeks 0 to t - 1 without ending, and ended in week t, or was last seen in it. Things
    on loan now, by age, are loans that go on.
    """
    last = np.concatenate([lengths, ages])
    over = np.concatenate([ended, np.zeros(ages.size, dtype=bool)])
    size = int(last.max()) + 1 if last.size else 1
    ends = np.bincount(last[over], minlength=size).astype(np.float64)
    # One that goes on has not yet come through the week in which it was last seen.
    leaves = np.bincount(np.where(over, last, last - 1)[over | (last > 0)], minlength=size)
    reached = leaves[::-1].cumsum()[::-1].astype(np.float64)
    return Seen(ends, reached, float(ended.sum()), float((lost & ended).sum()))


def hazards(seen: Seen, weeks: int, draws: int, rng: np.random.Generator) -> Array:
    """Draws (draws, weeks) of the chance that a loan which reached a week ends in it.

    Over all weeks, h ~ Beta(1 + endings, 1 + reached - endings). In week t, where d of the n loans that reached it
    ended, h_t ~ Beta(c h + d, c (1 - h) + n - d) with c = `PULL`: where few loans got so far, the chance over all weeks
    holds, and what is not known stays in the draws.
    """
    total, exposed = seen.ended.sum(), seen.reached.sum()
    overall = rng.beta(1 + total, 1 + max(exposed - total, 0.0), draws)[:, np.newaxis]
    ended, reached = np.zeros(weeks), np.zeros(weeks)
    known = min(weeks, seen.ended.size)
    ended[:known], reached[:known] = seen.ended[:known], seen.reached[:known]
    alpha = np.maximum(PULL * overall + ended, 1e-9)
    beta = np.maximum(PULL * (1 - overall) + np.maximum(reached - ended, 0.0), 1e-9)
    drawn: Array = rng.beta(alpha, beta)
    return drawn


def losses(seen: Seen, draws: int, rng: np.random.Generator) -> Array:
    """Draws (draws,) of the share of endings after which nothing comes back: Beta(1/2 + lost, 1/2 + others)."""
    drawn: Array = rng.beta(0.5 + seen.lost, 0.5 + seen.exits - seen.lost, draws)
    return drawn
