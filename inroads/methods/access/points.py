"""Places as eastings and northings."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, table_of

FURTHEST = 1e10
"""Metres: further than any place on Earth, so it is not one."""


def as_points(points: ArrayLike, name: str) -> Array:
    """`points` as (n, 2) finite numbers. Raises `ValueError` naming the argument and the row, counted from 0."""
    table = table_of(points, name, "an easting and a northing in metres")
    if table.size == 0 and table.ndim <= 2:
        return np.empty((0, 2))
    if table.ndim != 2 or table.shape[1] != 2:
        raise ValueError(f"{name}: expected an easting and a northing in each row, found shape {table.shape}")
    if not (np.abs(table) <= FURTHEST).all():
        row = np.flatnonzero(~(np.abs(table) <= FURTHEST).all(axis=1))[0]
        raise ValueError(
            f"{name}: row {row} (counting from 0) has easting {table[row, 0]} and northing {table[row, 1]}; give both "
            "in metres, or leave the row out"
        )
    return table


def distinct(points: Array) -> tuple[Array, NDArray[np.intp]]:
    """The different points, and the first row where each stands."""
    order = np.lexsort((points[:, 1], points[:, 0]))  # stable: of equal points the first row comes first
    ordered = points[order]
    new = np.ones(len(points), dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    first = order[new]
    first.sort()
    return points[first], first
