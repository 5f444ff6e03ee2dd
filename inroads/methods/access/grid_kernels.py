"""Compiled loops over points: into their cells, and the nearest of them."""

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.compiled import compiled

Whole = NDArray[np.int64]


@compiled
def cell_along(value: float, origin: float, per_metre: float, count: int) -> int:
    """The column (or row) of a coordinate; beyond the rim, the one at the rim."""
    place = (value - origin) * per_metre
    if not place >= 0.0:  # so also where it is not a number, on a grid without width
        return 0
    if place >= count:
        return count - 1
    return int(place)


@compiled
def sort_by_cell(
    points: Array, west: float, south: float, per_metre: float, columns: int, rows: int
) -> tuple[Array, Array, Whole, Whole]:
    """A counting sort, stable: x, y, the row each came from, and where each cell starts."""
    count = points.shape[0]
    cell = np.empty(count, dtype=np.int64)
    starts = np.zeros(columns * rows + 1, dtype=np.int64)
    for i in range(count):
        column = cell_along(points[i, 0], west, per_metre, columns)
        row = cell_along(points[i, 1], south, per_metre, rows)
        cell[i] = row * columns + column
        starts[cell[i] + 1] += 1
    for c in range(columns * rows):
        starts[c + 1] += starts[c]
    free = starts[:-1].copy()
    x, y, order = np.empty(count), np.empty(count), np.empty(count, dtype=np.int64)
    for i in range(count):
        place = free[cell[i]]
        free[cell[i]] += 1
        x[place], y[place], order[place] = points[i, 0], points[i, 1], i
    return x, y, order, starts


@compiled
def nearest_in_rings(
    origins: Array,
    x: Array,
    y: Array,
    order: Whole,
    starts: Whole,
    west: float,
    south: float,
    side: float,
    columns: int,
    rows: int,
    index: NDArray[np.intp],
    metres: Array,
) -> None:
    """For each origin, cells in rings around its own, until no cell further out can hold anything nearer.

    Of points equally near, the one that came first.
    """
    per_metre = 1.0 / side
    for i in range(origins.shape[0]):
        here_x, here_y = origins[i, 0], origins[i, 1]
        column = cell_along(here_x, west, per_metre, columns)
        row = cell_along(here_y, south, per_metre, rows)
        best, found = np.inf, np.int64(-1)
        ring = 0
        while True:
            bottom, top = row - ring, row + ring
            left, right = column - ring, column + ring
            for r in range(max(bottom, 0), min(top, rows - 1) + 1):
                # The whole stretch at the top and bottom of the ring; between them its two ends.
                pieces = 1 if r in (bottom, top) else 2
                for piece in range(pieces):
                    if pieces == 1:
                        first, last = max(left, 0), min(right, columns - 1)
                    else:
                        first = left if piece == 0 else right
                        last = first
                        if first < 0 or first >= columns:
                            continue
                    for j in range(starts[r * columns + first], starts[r * columns + last + 1]):
                        d = (x[j] - here_x) ** 2 + (y[j] - here_y) ** 2
                        if d < best or (d == best and order[j] < found):
                            best, found = d, order[j]
            # How far it is, at least, to anything outside the square of cells looked at so far.
            free = np.inf
            if left > 0:
                free = min(free, here_x - (west + left * side))
            if right < columns - 1:
                free = min(free, west + (right + 1) * side - here_x)
            if bottom > 0:
                free = min(free, here_y - (south + bottom * side))
            if top < rows - 1:
                free = min(free, south + (top + 1) * side - here_y)
            free -= 1e-6 * side  # a cell's edge is only known to rounding
            if free == np.inf or (found >= 0 and free > 0.0 and free * free > best):
                break
            ring += 1
        index[i], metres[i] = found, np.sqrt(best)
