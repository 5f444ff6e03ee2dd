"""The asset nearest to each neighbourhood."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.access.points import as_points, distinct
from inroads.methods.arguments import Array
from inroads.methods.threads import processors


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

    start, end = as_points(origins, "origins"), as_points(assets, "assets")
    if not len(end):
        return Nearest(np.full(len(start), -1, dtype=np.intp), np.full(len(start), np.inf))
    places, first = distinct(end)
    metres, found = cKDTree(places).query(start, workers=processors())
    return Nearest(first[found], np.asarray(metres, dtype=np.float64))
