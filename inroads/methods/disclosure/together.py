"""Several tables about the same people leave together: each splits the same total, so one can give another away."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, numbers, where, whole
from inroads.methods.disclosure.release import LARGEST, LARGEST_RULE, STATES

Mask = NDArray[np.bool_]

FEW = 4
"""Cells with people in one row of a part, up to which company is the whole row: who knows the rule learns less."""


@dataclass(frozen=True, eq=False)
class Parts:
    """K tables of the same N rows that may leave together; the first five are tuples of K arrays (N, m_k).

    `values` are figures, NaN where suppressed; `state` says which: `"value"` or `"suppressed"`. A suppressed cell is 1
    to `threshold`; where `company` is true it is hidden for the sake of others, and nothing is said of it but that it
    is at least 1. `low` and `high` are between what and what each count lies, worked out from all that is published in
    its row (`high` may be infinite), and `total_low`, `total_high` (N,) the same for the people of the row. All of it
    may be published.
    """

    values: tuple[Array, ...]
    state: tuple[NDArray[np.str_], ...]
    company: tuple[Mask, ...]
    low: tuple[Array, ...]
    high: tuple[Array, ...]
    total_low: Array
    total_high: Array
    threshold: int
    base: int


def protect_parts(parts: Sequence[ArrayLike], *, threshold: int = 7, base: int = 5) -> Parts:
    """Suppresses and rounds K splits of the same people, so that no split narrows a small count of another.

    parts
        K tables (N, m_k) of whole numbers of people. Row i of every one splits the same people, so all its sums are
        equal. Rows with fewer categories than others are filled up with zeros.
    threshold, base
        As in `protect`: 1 to `threshold` is suppressed, more is rounded to a multiple of `base`, 0 is shown.

    Whoever knows a row's total T knows of each cell that it lies from T less the most the others of its part can be to
    T less the least. With `low` and `high` the ends that a figure leaves to its count, 1 and `threshold` for a small
    one, a small count of a part may still be anything from 1 to `threshold` if

        Σ low + threshold - 1  <=  T  <=  Σ high - threshold + 1

    Where that fails, the smallest figure shown in that row of the part is hidden too (all of them in a row of `FEW`
    cells with people or fewer). Where nothing is left to hide in the part and it fails still, the row is hidden in all
    parts. Everything is judged by the true T: it holds for a reader who knows T as well, and no part is hidden for what
    another shows. Proof and limits: `docs/methods/disclosure.md`.

    Raises `ValueError` naming the part and the entry, counted from 0.
    Source: exact bounds of a total's parts, as in the shuttle algorithm (Buzzigoli & Giusti 1999), here for tables that
    have one total in common, where one pass gives them.
    """
    limit, step = whole(threshold, "threshold", least=0), whole(base, "base")
    for name, given in (("threshold", limit), ("base", step)):
        if given > LARGEST_RULE:
            raise ValueError(f"{name}: is {given:,}; give {LARGEST_RULE:,} at most")
    tables, people = _tables(parts)
    figures = [np.where(t > 0, np.maximum(step, (2 * t + step) // (2 * step) * step), 0.0) for t in tables]
    hidden: list[Mask] = [(t > 0) & (t <= limit) for t in tables]
    company: list[Mask] = [np.zeros(t.shape, dtype=np.bool_) for t in tables]
    everything = np.zeros(people.size, dtype=np.bool_)
    for figure, hid, kept in zip(figures, hidden, company, strict=True):
        everything |= _shelter(figure, hid, kept, people=people, limit=limit, step=step)
    of_all = [everything[:, np.newaxis] & (figure > 0) for figure in figures]
    hidden = [hid | whole_row for hid, whole_row in zip(hidden, of_all, strict=True)]
    company = [kept | whole_row for kept, whole_row in zip(company, of_all, strict=True)]
    ends = [
        _ends(figure, hid, kept, limit=limit, step=step)
        for figure, hid, kept in zip(figures, hidden, company, strict=True)
    ]
    total_low = np.max([low.sum(axis=1) for low, _ in ends], axis=0)
    total_high = np.min([high.sum(axis=1) for _, high in ends], axis=0)
    implied = [_implied(low, high, total_low, total_high) for low, high in ends]
    return Parts(
        tuple(np.where(hid, np.nan, figure) for figure, hid in zip(figures, hidden, strict=True)),
        tuple(STATES[hid.astype(np.int64)] for hid in hidden),
        tuple(company),
        tuple(low for low, _ in implied),
        tuple(high for _, high in implied),
        total_low,
        total_high,
        limit,
        step,
    )


def _shelter(figure: Array, hidden: Mask, company: Mask, *, people: Array, limit: int, step: int) -> Mask:
    """Hides company within one part where its small counts need it; the rows (N,) that must be hidden in all parts."""
    needing = hidden.copy()
    exposed = _exposed(needing, _ends(figure, hidden, company, limit=limit, step=step), people, limit)
    shown = np.where(hidden | (figure == 0), np.inf, figure)
    cells = np.count_nonzero(figure, axis=1)
    smallest = np.arange(figure.shape[1]) == shown.argmin(axis=1)[:, np.newaxis]
    chosen = smallest | (cells <= FEW)[:, np.newaxis]
    chosen &= np.isfinite(shown) & exposed[:, np.newaxis]
    hidden |= chosen
    company |= chosen
    closed = needing.any(axis=1) & (np.count_nonzero(hidden, axis=1) == cells)
    least, most = cells + limit - 1, limit * cells
    # Where all is hidden, and so few people that all may be small: the same answer whether they are or not.
    few = closed & (people <= most) & ((people < least) | (people > most - limit + 1))
    still = closed & _exposed(needing, _ends(figure, hidden, company, limit=limit, step=step), people, limit)
    return np.asarray(few | still, dtype=np.bool_)


def _exposed(needing: Mask, ends: tuple[Array, Array], people: Array, limit: int) -> Mask:
    """Rows (N,) where who knows how many people there are can tell that a cell in need is not 1, or not `limit`."""
    least, most = _implied(*ends, people, people)
    return np.asarray((needing & ((least > 1) | (most < limit))).any(axis=1), dtype=np.bool_)


def _ends(figure: Array, hidden: Mask, company: Mask, *, limit: int, step: int) -> tuple[Array, Array]:
    """Between what and what a count lies by its own figure alone."""
    down, up = step // 2, (step - 1) // 2
    low = np.where(figure == step, limit + 1.0, np.maximum(figure - down, limit + 1.0))
    low = np.where(hidden, 1.0, np.where(figure > 0, low, 0.0))
    high = np.where(company, np.inf, np.where(hidden, float(limit), np.where(figure > 0, figure + up, 0.0)))
    return low, high


def _implied(low: Array, high: Array, total_low: Array, total_high: Array) -> tuple[Array, Array]:
    """What the total of each row and the other cells of the part leave to each cell."""
    endless = np.isinf(high)
    finite = np.where(endless, 0.0, high)
    others_endless = endless.sum(axis=1, keepdims=True) - endless
    others_high = np.where(others_endless > 0, np.inf, finite.sum(axis=1, keepdims=True) - finite)
    others_low = low.sum(axis=1, keepdims=True) - low
    least = np.maximum(low, total_low[:, np.newaxis] - others_high)
    most = np.minimum(high, total_high[:, np.newaxis] - others_low)
    return least, most


def _tables(parts: Sequence[ArrayLike]) -> tuple[list[Array], Array]:
    """The counts of each part, and the people (N,) of each row."""
    if not len(parts):
        raise ValueError("parts: there is none; give one table (N, m) or more of counts")
    tables: list[Array] = []
    for k, given in enumerate(parts):
        table = numbers(given, f"parts[{k}]", ndim=2, what="a number of people", least=0, most=LARGEST)
        broken = table != np.floor(table)
        if broken.any():
            at = tuple(int(p) for p in np.argwhere(broken)[0])
            raise ValueError(f"parts[{k}]: {where(at)} is {table[at]:g}; give whole numbers of people")
        if tables and len(table) != len(tables[0]):
            raise ValueError(f"parts[{k}]: has {len(table)} rows where parts[0] has {len(tables[0])}; give the same")
        tables.append(table)
    people = tables[0].sum(axis=1)
    for k, table in enumerate(tables):
        other = table.sum(axis=1) != people
        if other.any():
            row = int(np.argmax(other))
            raise ValueError(
                f"parts[{k}]: row {row} (counting from 0) adds up to {table[row].sum():g} where parts[0] has "
                f"{people[row]:g}; every part must split the same people"
            )
    return tables, people
