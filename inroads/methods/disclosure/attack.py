"""What a stranger with a linear programme gets out of releases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, length, numbers
from inroads.methods.arguments import codes as as_codes
from inroads.methods.disclosure.programme import Programme
from inroads.methods.disclosure.release import Protected

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Audit:
    """What is left of each suppressed cell of the first release, in arrays of its shape.

    `low` and `high` are the least and most it can be (NaN where it is not suppressed, infinite where nothing bounds
    it). `exposed` says where that is narrower than 1 to the threshold.
    """

    low: Array
    high: Array
    exposed: Mask


def audit(
    first: Protected,
    second: Protected | None = None,
    *,
    groups: Sequence[ArrayLike | None] | None = None,
    moved: float = 0,
    counts: ArrayLike | None = None,
) -> Audit:
    """Attacks one release by its totals, or two by their difference.

    With one release, the reader takes every figure as an exact count and every total as an exact sum: `low` and
    `high` are the ends of what each suppressed figure, 0 or more, can be. This is the sharpest reading of a table.

    With two, the reader knows the rule: a figure stands for the counts that are rounded to it, 0 for nobody, a
    suppressed cell for at least one person; each small count adds `counted_as` to totals and every other its rounded
    figure. `low` and `high` bound the count of each suppressed cell of the first, in whole people.

    groups
        For each axis, the category of the second release into which each category of the first falls (whole numbers),
        or None where both have the same.
    moved
        At most how many people the reader thinks have been added or taken away in between; the two releases must be of
        the same people but for those.
    counts
        The true counts of the first release, where known: a small count is then exposed also where the reader sees
        that it is above 1.

    A suppressed cell is exposed where `high` is below the threshold or `high - low` below threshold - 1. Two linear
    programmes per suppressed cell: for tables of some hundred suppressed cells. Programmes treat people as divisible,
    so a reader with more patience may learn a little more.

    Raises `ValueError` naming the argument; also where the two releases contradict each other.
    Source: linear audit as in Cox (1980), Journal of the American Statistical Association 75(370), 377-385; solved by
    HiGHS.
    """
    programme = Programme()
    if second is None:
        cells = _as_exact(programme, first)
    else:
        numbers(moved, "moved", ndim=0, what="a number of people", least=0)
        cells = _as_ruled(programme, first, second, groups, float(moved))
    low, high = np.full((2, *first.values.shape), np.nan)
    for place in np.argwhere(first.state == "suppressed"):
        at = tuple(int(p) for p in place)
        low[at], high[at] = programme.ends(np.atleast_1d(cells[at]))
    if second is not None:
        low, high = np.ceil(low - 1e-6), np.floor(high + 1e-6)
    narrow = (high < first.threshold - 1e-6) | (high - low < first.threshold - 1 - 1e-6)
    if counts is not None:
        narrow |= (low > 1 + 1e-6) & _small(first, counts)
    return Audit(low, high, narrow & (first.state == "suppressed"))


def _as_exact(programme: Programme, release: Protected) -> NDArray[np.object_]:
    """One variable per figure not shown; along every line the entries add up to the total."""
    names = programme.variables(release.values.size).reshape(release.values.shape)
    for at in np.ndindex(names.shape):
        if release.state[at] == "value":
            shown = float(release.values[at])
            programme.bound(int(names[at]), shown, shown)
    if release.margins:
        for axis in range(names.ndim):
            for line in np.moveaxis(names, axis, -1).reshape(-1, names.shape[axis]):
                programme.row(line, np.append(np.ones(line.size - 1), -1.0), 0.0, 0.0)
    return _listed(names[..., np.newaxis])


def _as_ruled(
    programme: Programme,
    first: Protected,
    second: Protected,
    groups: Sequence[ArrayLike | None] | None,
    moved: float,
) -> NDArray[np.object_]:
    """True counts of the finest cells as variables, and what each of the two releases says of them."""
    shape, other = _inner(first), _inner(second)
    into = _groups(groups, shape, other)
    people = programme.variables(int(np.prod(shape))).reshape(shape)
    later = people
    if moved:
        later = programme.variables(people.size).reshape(shape)
        came, left = programme.variables(people.size), programme.variables(people.size)
        for now, before, more, fewer in zip(later.flat, people.flat, came, left, strict=True):
            programme.row(np.array([now, before, more, fewer]), np.array([1.0, -1.0, -1.0, 1.0]), 0.0, 0.0)
        programme.row(np.concatenate([came, left]), np.ones(2 * people.size), 0.0, moved)
    parts: dict[tuple[int, ...], list[int]] = {}
    for at in np.ndindex(shape):
        parts.setdefault(tuple(int(codes[k]) for codes, k in zip(into, at, strict=True)), []).append(int(later[at]))
    _says(programme, first, {at: [int(people[at])] for at in np.ndindex(shape)})
    _says(programme, second, parts)
    cells = np.empty(first.values.shape, dtype=object)
    for at in np.ndindex(cells.shape):
        cells[at] = people[tuple(slice(None) if k == n else slice(k, k + 1) for k, n in zip(at, shape, strict=True))]
        cells[at] = cells[at].ravel()
    return cells


def _says(programme: Programme, release: Protected, parts: dict[tuple[int, ...], list[int]]) -> None:
    """What a release says of the people in each of its cells, and of the figures behind its totals."""
    shape = _inner(release)
    below, above = release.base // 2, (release.base - 1) // 2  # halves go upwards
    under, over = max(below, release.counted_as - 1), max(above, release.threshold - release.counted_as)
    figures = programme.variables(int(np.prod(shape))).reshape(shape)
    for at in np.ndindex(shape):
        people = np.array(parts.get(at, []), dtype=np.int64)
        value = float(release.values[at])
        if release.state[at] == "value":
            programme.bound(int(figures[at]), value, value)
            lowest = release.threshold + 1.0 if value == release.base else max(value - below, release.threshold + 1.0)
            least, most = (lowest, value + above) if value else (0.0, 0.0)
            programme.row(people, np.ones(people.size), least, most)
        elif release.state[at] == "suppressed":
            programme.bound(int(figures[at]), release.counted_as, np.inf)
            programme.row(people, np.ones(people.size), 1.0, np.inf)
            both = np.append(people, figures[at]), np.append(np.ones(people.size), -1.0)
            programme.row(*both, -under, over)
    if release.margins:
        for at in np.ndindex(release.values.shape):
            if release.state[at] == "value" and any(k == n for k, n in zip(at, shape, strict=True)):
                under_it = figures[tuple(slice(None) if k == n else k for k, n in zip(at, shape, strict=True))].ravel()
                shown = float(release.values[at])
                programme.row(under_it, np.ones(under_it.size), shown, shown)


def _inner(release: Protected) -> tuple[int, ...]:
    return tuple(size - release.margins for size in release.values.shape)


def _groups(
    groups: Sequence[ArrayLike | None] | None, shape: tuple[int, ...], other: tuple[int, ...]
) -> list[NDArray[np.int64]]:
    if len(shape) != len(other):
        raise ValueError(f"second: has {len(other)} axes where first has {len(shape)}; audit tables of the same axes")
    given = [None] * len(shape) if groups is None else list(groups)
    if len(given) != len(shape):
        raise ValueError(f"groups: has {len(given)} entries where there are {len(shape)} axes; give one, or None, each")
    into = []
    for axis, (codes, here, there) in enumerate(zip(given, shape, other, strict=True)):
        if codes is None and here != there:
            raise ValueError(
                f"second: has {there} categories on axis {axis} where first has {here}; say in groups which "
                "fall together"
            )
        into.append(as_codes(np.arange(here) if codes is None else codes, f"groups[{axis}]", count=there))
        length(into[-1], f"groups[{axis}]", here, "categories of the first release")
    return into


def _small(release: Protected, counts: ArrayLike) -> Mask:
    table = np.asarray(counts, dtype=np.float64)
    if table.shape != _inner(release):
        raise ValueError(f"counts: has shape {table.shape} where the first release was made from {_inner(release)}")
    if release.margins:
        for axis in range(table.ndim):
            table = np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
    small: Mask = (table > 0) & (table <= release.threshold)
    return small


def _listed(names: NDArray[np.int64]) -> NDArray[np.object_]:
    """An array whose entries are the lists of variables that make up each cell."""
    cells = np.empty(names.shape[:-1], dtype=object)
    for at in np.ndindex(cells.shape):
        cells[at] = names[at]
    return cells
