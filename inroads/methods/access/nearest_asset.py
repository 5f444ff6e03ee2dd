"""The asset nearest to each neighbourhood."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.access.grid import Sorted, grid_over, sort_into
from inroads.methods.access.points import as_points, distinct
from inroads.methods.arguments import Array
from inroads.methods.threads import in_blocks

CELLS_PER_ASSET = 4
"""In towns assets stand closer than on average, so most cells are empty and those in towns hold a few."""

CROWDED = 100.0
"""Where an asset shares its cell with more than this many on average, a tree is faster than a grid."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest asset of each of Z origins.

    `index` (Z,) is its row among the assets, `metres` (Z,) the straight-line distance to it. Without any asset the
    index is -1 and the distance infinite.
    """

    index: NDArray[np.intp]
    metres: Array


def nearest(origins: ArrayLike, assets: ArrayLike) -> Nearest:
    """The nearest of A assets to each of Z origins, in a straight line.

    `origins` (Z, 2) and `assets` (A, 2) are eastings and northings in metres (British National Grid, never degrees).
    The distance is Euclidean; by road it is longer. Of several assets at the very same point the first is named;
    between different points that are equally near, any one of them.

    Raises `ValueError` naming the argument and the row, counted from 0, where a coordinate is missing.
    """
    start, end = as_points(origins, "origins"), as_points(assets, "assets")
    if not len(end):
        return Nearest(np.full(len(start), -1, dtype=np.intp), np.full(len(start), np.inf))
    span = float(np.prod(np.maximum(np.ptp(end, axis=0), 1.0)))
    grid = grid_over(end, max((span / (CELLS_PER_ASSET * len(end))) ** 0.5, 1.0), 2 * CELLS_PER_ASSET * len(end) + 16)
    there = sort_into(grid, end)
    if _shared(there) > CROWDED:
        return _by_tree(start, end)
    from inroads.methods.access.grid_kernels import nearest_in_rings

    index, metres = np.empty(len(start), dtype=np.intp), np.empty(len(start))
    start = np.ascontiguousarray(start)

    def search(first: int, last: int) -> None:
        nearest_in_rings(
            start[first:last], there.x, there.y, there.order, there.starts,
            grid.west, grid.south, grid.side, grid.columns, grid.rows, index[first:last], metres[first:last],
        )  # fmt: skip

    in_blocks(search, len(start))
    return Nearest(index, metres)


def _shared(there: Sorted) -> float:
    """How many assets the average asset finds in its cell."""
    held = np.diff(there.starts).astype(np.float64)
    return float((held @ held) / held.sum())


def _by_tree(start: Array, end: Array) -> Nearest:
    from scipy.spatial import cKDTree  # slow to import, and most of this package does without

    places, first = distinct(end)
    metres, found = cKDTree(places).query(start)
    return Nearest(first[found], np.asarray(metres, dtype=np.float64))
