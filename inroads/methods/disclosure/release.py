"""A table of counts about people, made fit to leave."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, numbers, where, whole
from inroads.methods.disclosure.secondary import company

Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]

STATES: Final = np.array(["value", "suppressed", "missing"])
LARGEST_RULE = 10_000
LARGEST = 1e12
"""Larger counts are surely a mistake, and their sums would no longer be exact."""


@dataclass(frozen=True, eq=False)
class Protected:
    """A table that may leave.

    `values` are figures, NaN where suppressed or missing; `state` says which: `"value"`, `"suppressed"`,
    `"missing"`. `low` and `high` are between what and what the count behind a figure lies, worked out from what is
    published alone: for cells and small counts with certainty, for the rounding in totals in 997 cases of 1,000.
    With `margins` all four are one longer on each axis than the counts, the last entry being the total.
    `threshold` and `base` are the rule; `counted_as` is what a small count adds to every total, whatever it is.
    Nothing here depends on a small count other than that it is small: all of it may be published.
    """

    values: Array
    state: NDArray[np.str_]
    low: Array
    high: Array
    threshold: int
    base: int
    margins: bool
    counted_as: int


def protect(
    counts: ArrayLike,
    *,
    threshold: int = 7,
    base: int = 5,
    margins: bool = True,
    previous: Protected | None = None,
) -> Protected:
    """Suppresses small counts, rounds the others, and adds totals that give no suppressed cell away.

    counts
        An array of one axis or more: whole numbers of people, 0 or more, NaN where missing.
    threshold
        Counts from 1 to `threshold` are suppressed. 0 suppresses nothing.
    base
        The others are rounded to the nearest multiple of `base`, halves upwards, but never to 0. 0 stays 0.
    margins
        Without them: no totals, so no further suppression, and the shape stays.
    previous
        The last release of the same table, if there was one: what was suppressed there stays suppressed, unless nobody
        is left in it. Else a count that grows from 7 to 8 shows itself, and with it what it was.

    Totals are sums of rounded cells. A small count adds the same to them whatever it is: the multiple of `base` next
    at or above threshold / 2 (5 with 7 and 5). A total that may itself be small (all its counts are zero but for 1 to
    `threshold` small ones) is suppressed, whatever the small ones add up to. A total over a missing cell is missing.
    Further cells are suppressed until no sum of published figures fixes a suppressed one. Zeros are always shown.

    What it guarantees: change any small counts to any others from 1 to `threshold`, and the release stays the same.
    And for a reader who takes totals as exact sums, each suppressed cell may be anything from 0 to twice
    `counted_as` (or its own figure plus or minus that), which holds 1 to `threshold`. Proofs:
    `docs/methods/disclosure.md`.

    Raises `ValueError` naming the argument and the entry, counted from 0.
    Source: rule of NHS Digital for hospital statistics (2018), totals as in OpenSAFELY; cycles as in Gusfield (1988),
    SIAM Journal on Computing 17(3), 552-571.
    """
    limit, step = whole(threshold, "threshold", least=0), whole(base, "base")
    for name, given in (("threshold", limit), ("base", step)):
        if given > LARGEST_RULE:
            raise ValueError(f"{name}: is {given:,}; give {LARGEST_RULE:,} at most")
    if previous is not None and not isinstance(previous, Protected):
        raise ValueError(f"previous: expected a release made by protect, found {type(previous).__name__}")
    if not isinstance(margins, bool | np.bool_):
        raise ValueError(f"margins: expected True or False, found {margins!r}")
    table, missing = _as_counts(counts)
    typical = step * -(-limit // (2 * step))
    small = (table > 0) & (table <= limit)
    figures = np.where(table > 0, np.maximum(step, (2 * table + step) // (2 * step) * step), 0)
    figures[small] = typical
    few = small.astype(np.int64)
    if margins:
        for axis in range(table.ndim):
            figures, few = _with_total(figures, axis), _with_total(few, axis)
            missing = np.concatenate([missing, missing.any(axis=axis, keepdims=True)], axis=axis)
    # All of a sum comes from small counts, and so few of them that it may be small too; a cell is a sum of one.
    hidden = (few > 0) & (few <= limit) & (figures == typical * few) & ~missing
    if previous is not None:
        hidden |= _hidden_before(previous, figures, missing)
    if margins:
        hidden = company(figures, hidden | missing, np.where(hidden, few, 0)) & ~missing
    shown = ~(hidden | missing)
    low, high = _range(figures, shown, table.shape, limit=limit, step=step, typical=typical)
    return Protected(
        np.where(shown, figures, np.nan),
        STATES[np.where(missing, 2, hidden.astype(np.int64))],
        np.where(shown, low, np.nan),
        np.where(shown, high, np.nan),
        limit,
        step,
        bool(margins),
        typical,
    )


def _hidden_before(previous: Protected, figures: Whole, missing: Mask) -> Mask:
    if previous.state.shape != figures.shape:
        raise ValueError(
            f"previous: has shape {previous.state.shape} where this release has {figures.shape}; give the last release "
            "of the same table, with margins as here"
        )
    hidden: Mask = (previous.state == "suppressed") & (figures > 0) & ~missing
    return hidden


def _range(
    figures: Whole, shown: Mask, cells: tuple[int, ...], *, limit: int, step: int, typical: int
) -> tuple[Array, Array]:
    """Between what and what the counts behind figures lie; it looks at nothing that is not shown.

    A suppressed cell may be small or keep company, so it is taken to be off by whichever of the two is more.
    """
    down, up = step // 2, (step - 1) // 2
    inner = tuple(slice(0, length) for length in cells)
    rounded, unseen = np.zeros(figures.shape), np.zeros(figures.shape)
    rounded[inner], unseen[inner] = shown[inner] & (figures[inner] > 0), ~shown[inner]
    if figures.shape != cells:
        for axis in range(figures.ndim):
            last, rest = (slice(None),) * axis + (-1,), (slice(None),) * axis + (slice(0, -1),)
            rounded[last], unseen[last] = rounded[rest].sum(axis=axis), unseen[rest].sum(axis=axis)
    likely = np.where(rounded > 1, 3 * np.sqrt(rounded * (step**2 - 1) / 12), np.inf)
    low = figures - np.minimum(down * rounded, likely) - max(typical - 1, down) * unseen
    high = figures + np.minimum(up * rounded, likely) + max(limit - typical, up) * unseen
    single = shown[inner] & (figures[inner] > 0)
    least = np.where(figures[inner] == step, limit + 1, np.maximum(low[inner], limit + 1))
    low[inner] = np.where(single, least, low[inner])
    return np.maximum(np.floor(low), 0.0), np.ceil(high)


def _as_counts(counts: ArrayLike) -> tuple[Whole, Mask]:
    """Whole numbers, 0 where missing, and where that is."""
    given = numbers(
        counts, "counts", ndim=tuple(range(1, 17)), what="a number of people", least=0, most=LARGEST, missing=True
    )
    missing = np.isnan(given)
    known = np.where(missing, 0, given)
    broken = known != np.floor(known)
    if broken.any():
        at = tuple(int(p) for p in np.argwhere(broken)[0])
        raise ValueError(f"counts: {where(at)} is {given[at]:g}; give whole numbers of people, or NaN where missing")
    return known.astype(np.int64), missing


def _with_total(table: Whole, axis: int) -> Whole:
    return np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
