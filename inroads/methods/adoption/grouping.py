"""The four groups of the curve, and the rules that put scores into them."""

from typing import Literal, get_args

import numpy as np

from inroads.methods.adoption.breaks import natural
from inroads.methods.arguments import Array, Codes

Method = Literal["breaks", "rogers"]

GROUPS = ("innovators and early adopters", "early majority", "late majority", "latecomers")
"""The names of the groups, the first to adopt first."""

NOT_SCORED = "not scored"
"""What stands in place of a group where an area has no score."""

SHARES = (0.16, 0.34, 0.34, 0.16)
"""Rogers' shares of the four groups; the first is innovators (2.5 %) and early adopters (13.5 %) together."""

ALIKE = 1e-9
"""Scores that differ by less than this part of their range are the same, but for rounding."""


def checked(method: str) -> Method:
    """`method`, or a `ValueError` that names those there are."""
    for known in get_args(Method):
        if method == known:
            return known  # type: ignore[no-any-return]
    raise ValueError(f"method: expected one of {', '.join(get_args(Method))}, found {method!r}")


def grouped(scores: Array, method: Method) -> tuple[Codes, Array]:
    """Codes of groups and ranks, both (D, A), of D sets of A scores. Rank 1 is the highest score; equals share the
    middle of their ranks, and so their group.

    By `"rogers"`, an area whose middle place (rank - 1/2) / A is at most 0.16 is in the first group, at most 0.5 in the
    second, at most 0.84 in the third. By `"breaks"`, natural breaks of the scores; a set with fewer than four
    different scores has none and is divided by shares.
    """
    rows, count = scores.shape
    order = np.argsort(-scores, axis=1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=1)
    near = ALIKE * (ordered[:, :1] - ordered[:, -1:])
    tied = np.zeros((rows, count), dtype=bool)
    tied[:, 1:] = ordered[:, :-1] - ordered[:, 1:] <= near
    place = np.arange(count)
    first = np.maximum.accumulate(np.where(tied, 0, place), axis=1)
    ends = np.hstack([~tied[:, 1:], np.ones((rows, 1), dtype=bool)])
    last = np.minimum.accumulate(np.where(ends, place, count)[:, ::-1], axis=1)[:, ::-1]
    middle = (first + last + 1) / 2
    cuts = np.cumsum(SHARES)[:-1] * count + 1e-9
    codes = (middle[:, :, np.newaxis] > cuts).sum(axis=2)
    if method == "breaks":
        starts = natural(ordered, tied, len(GROUPS))
        divided = (place[:, np.newaxis] >= starts[:, np.newaxis, :]).sum(axis=2) - 1
        codes = np.where(starts[:, :1] < 0, codes, divided)
    group, rank = np.empty((rows, count), dtype=np.int64), np.empty((rows, count))
    np.put_along_axis(group, order, codes, axis=1)
    np.put_along_axis(rank, order, middle + 0.5, axis=1)
    return group, rank


def named(
    codes: Codes, scored: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    """Names (A,) of the groups of those areas that are `scored`, in order; `NOT_SCORED` for the others."""
    names = np.full(scored.shape, NOT_SCORED, dtype="<U32")
    names[scored] = np.array(GROUPS)[codes]
    return names
