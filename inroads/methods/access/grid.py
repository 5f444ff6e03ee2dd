"""Places sorted into the square cells of a grid, so that those nearby stand together in memory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """`columns` × `rows` square cells of `side`, from a corner `west`, `south`.

    The cells at the rim reach on without end, so every point has a cell.
    """

    west: float
    south: float
    side: float
    columns: int
    rows: int


@dataclass(frozen=True, eq=False)
class Sorted:
    """Points in order of their cells: coordinates `x` and `y`, `order` (the row each came from), and `starts`.

    Cell c holds the entries `starts[c]` … `starts[c + 1] - 1`. Cells are numbered along each row from the west, so the
    neighbours along a row are one stretch of memory.
    """

    x: Array
    y: Array
    order: Whole
    starts: Whole


def grid_over(points: Array, side: float, most: int) -> Grid:
    """A grid over `points` (n, 2) with cells of about `side`, larger where more than `most` cells would be needed.

    If a few points lie so far away that the grid would have too many cells, it spans the middle 98 % of points each
    way, and the others fall to the cells at the rim.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    if _cells(low, high, side) > most:
        low, high = np.quantile(points, [0.01, 0.99], axis=0)
    while (count := _cells(low, high, side)) > most:
        side *= max(1.1, (count / most) ** 0.5)
    columns, rows = ((high - low) / side).astype(np.int64) + 1
    return Grid(float(low[0]), float(low[1]), float(side), int(columns), int(rows))


def sort_into(grid: Grid, points: Array) -> Sorted:
    """`points` (n, 2) in order of their cells."""
    from inroads.methods.access.grid_kernels import sort_by_cell

    x, y, order, starts = sort_by_cell(
        np.ascontiguousarray(points), grid.west, grid.south, 1 / grid.side, grid.columns, grid.rows
    )
    return Sorted(x, y, order, starts)


def _cells(low: Array, high: Array, side: float) -> float:
    return float(np.prod(np.floor((high - low) / side) + 1))
