"""Areas on the curve of adoption."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.adoption.grouping import GROUPS, checked, grouped, named
from inroads.methods.adoption.resampling import BLOCK, Scored, drawn_scores, resampled, scored_of
from inroads.methods.arguments import Array, Codes, generator, whole

BETWEEN = 0.8
"""An area whose likeliest group is less likely than this stands between groups."""

FEW_DRAWS = 200
"""Draws below which their quantiles move from seed to seed."""

FEW = 10
"""Criteria below which resampling them was found to say too little."""


@dataclass(frozen=True, eq=False)
class Adoption:
    """Where A areas stand; arrays are (A,) but for two.

    group
        One of the four `GROUPS`, or `NOT_SCORED`.
    probability
        (A, 4): the share of draws in which the area was in each group. NaN where it is not known.
    rank, rank_low, rank_high
        The place in the order of scores, 1 the highest (equals share the middle), and the ends of its 95 % interval.
    score
        The area's mean, as if every criterion had been scored.
    between
        Whether the likeliest group is less likely than 0.8: the area stands between groups and should be shown so.
    counts
        (4,) areas in each group.
    note
        What a reader has to know, in words; empty where there is nothing.
    """

    group: NDArray[np.str_]
    probability: Array
    rank: Array
    rank_low: Array
    rank_high: Array
    score: Array
    between: NDArray[np.bool_]
    counts: Codes
    note: str


def classify(
    scores: ArrayLike,
    *,
    method: str = "breaks",
    draws: int = 2000,
    rng: np.random.Generator | int,
) -> Adoption:
    """The group on the curve of adoption of each of A areas scored on K criteria, and how sure that is.

    scores
        (A, K), higher is further; NaN where a criterion was not scored for an area.
    method
        `"breaks"`: natural breaks of the areas' mean scores into four (Fisher 1958), worked out anew in each draw;
        how many are in a group follows from the scores. `"rogers"`: his shares of the places, 16 (innovators 2.5 and
        early adopters 13.5), 34, 34, 16 %.
    draws
        Sets of K criteria drawn with replacement.
    rng
        A NumPy `Generator`, or a seed (a whole number of 0 or more). Equal seeds give equal results.

    Areas with equal scores share their rank and their group, always. With fewer than four different scores there are
    no four groups to find: places are divided by Rogers' shares, and `note` says so.

    The probability answers: had other criteria of the same sort been asked, would it be in this group? It knows nothing
    of mistakes in the scores that all criteria share.
    Rank intervals are those of Mogstad, Romano, Shaikh & Wilhelm (2024), for each area by itself: with the standard
    error of each difference and c the 95 % point of the greatest of an area's standardised differences over the draws,
    `rank_low` is 1 + the areas surely above (by more than c errors), `rank_high` is A - the areas surely below.

    Raises `ValueError` naming the argument and the entry.
    Source: Rogers (1962), Diffusion of Innovations; Fisher (1958), Journal of the American Statistical Association
    53(284), 789-798; Jenks (1967); Mogstad and others (2024), Review of Economic Studies 91(1), 476-518.
    """
    rule, count, source = checked(method), whole(draws, "draws"), generator(rng)
    of = scored_of(scores, "scores")
    areas, criteria = of.known.shape
    codes, rank = (found[0] for found in grouped(of.score[np.newaxis], rule))
    probability = np.full((areas, len(GROUPS)), np.nan)
    low = high = np.full(areas, np.nan)
    if criteria > 1:
        levels = drawn_scores(of, resampled(criteria, count, source))
        probability = _memberships(levels, rule)
        if count > 1:
            low, high = _rank_interval(of.score, levels, criteria)
    between = probability.max(axis=1) < BETWEEN
    return Adoption(
        group=named(codes, of.scored),
        probability=_everywhere(probability, of),
        rank=_everywhere(rank, of),
        rank_low=_everywhere(low, of),
        rank_high=_everywhere(high, of),
        score=_everywhere(of.score, of),
        between=_everywhere(between.astype(np.float64), of) == 1,
        counts=np.bincount(codes, minlength=len(GROUPS)),
        note=_note(of, rule, count),
    )


def _memberships(levels: Array, rule: str) -> Array:
    """(S, 4): the share of draws (D, S) in each group."""
    draws, areas = levels.shape
    held = np.zeros((areas, len(GROUPS)))
    for start in range(0, draws, height := max(1, BLOCK // areas)):
        codes, _ = grouped(levels[start : start + height], checked(rule))
        held += (codes[:, :, np.newaxis] == np.arange(len(GROUPS))).sum(axis=0)
    shares: Array = held / draws
    return shares


def _rank_interval(score: Array, levels: Array, criteria: int) -> tuple[Array, Array]:
    """Both (S,), from scores (S,) and their draws (D, S)."""
    moved = levels - levels.mean(axis=0)
    spread = np.cov(moved.T).reshape(score.size, score.size)
    variances = np.diag(spread)
    errors = np.sqrt(np.maximum(variances[:, np.newaxis] + variances - 2 * spread, 0.0))
    # Drawing K of K with replacement understates the variance of a mean by (K - 1) / K.
    wider = np.sqrt(criteria / (criteria - 1))
    low, high = np.empty(score.size), np.empty(score.size)
    for j in range(score.size):
        error = np.where(errors[j] > 1e-12 * (errors[j].max() or 1.0), errors[j], np.inf)
        greatest = (np.abs(moved[:, [j]] - moved) / error).max(axis=1)
        bound = wider * np.quantile(greatest, 0.95) * np.where(np.isinf(error), 0.0, error)
        apart = score - score[j]
        slack = np.maximum(bound, 1e-9 * np.ptp(score))
        low[j] = 1 + np.count_nonzero(apart > slack)
        high[j] = score.size - np.count_nonzero(apart < -slack)
    return low, high


def _everywhere(values: Array, of: Scored) -> Array:
    whole_table = np.full((of.scored.size, *values.shape[1:]), np.nan)
    whole_table[of.scored] = values
    return whole_table


def _note(of: Scored, rule: str, draws: int) -> str:
    said = []
    missing = int(np.count_nonzero(~of.scored))
    if missing:
        said.append(f"{missing} of {of.scored.size} areas have no score and are in no group.")
    different = np.unique(np.round(of.score / (1e-9 * (np.ptp(of.score) or 1.0)))).size
    if rule == "breaks" and different < len(GROUPS):
        said.append(f"There are {different} different scores: no four groups to find; divided by Rogers' shares.")
    criteria = of.known.shape[1]
    if criteria == 1:
        said.append("One criterion only: how sure a group is cannot be said.")
    elif criteria < FEW:
        said.append(f"{criteria} criteria are few: groups are less sure than the probabilities say.")
    if draws < FEW_DRAWS and criteria > 1:
        said.append(f"{draws} draws are few: probabilities and intervals are rough.")
    return " ".join(said)
