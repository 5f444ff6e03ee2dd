"""Compiled loops that sort points into the cells of a grid."""

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
