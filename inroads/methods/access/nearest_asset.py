"""The asset nearest to each neighbourhood."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


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
    from scipy.spatial import cKDTree  # slow to import, and most of this package does without

    start, end = _as_points(origins, "origins"), _as_points(assets, "assets")
    if not len(end):
        return Nearest(np.full(len(start), -1, dtype=np.intp), np.full(len(start), np.inf))
    places, first = _distinct(end)
    metres, found = cKDTree(places).query(start)
    return Nearest(first[found], np.asarray(metres, dtype=np.float64))


def _as_points(points: ArrayLike, name: str) -> Array:
    try:
        table = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: expected an easting and a northing in metres in each row ({error})") from error
    if table.size == 0 and table.ndim <= 2:
        return np.empty((0, 2))
    if table.ndim != 2 or table.shape[1] != 2:
        raise ValueError(f"{name}: expected an easting and a northing in each row, found shape {table.shape}")
    unusable = np.flatnonzero(~np.isfinite(table).all(axis=1))
    if unusable.size:
        row = unusable[0]
        raise ValueError(
            f"{name}: row {row} (counting from 0) has easting {table[row, 0]} and northing {table[row, 1]}; give both "
            "in metres, or leave the row out"
        )
    return table


def _distinct(points: Array) -> tuple[Array, NDArray[np.intp]]:
    """The different points, and the first row where each stands."""
    order = np.lexsort((points[:, 1], points[:, 0]))  # stable: of equal points the first row comes first
    ordered = points[order]
    new = np.ones(len(points), dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    first = order[new]
    first.sort()
    return points[first], first
