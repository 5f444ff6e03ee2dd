"""Compiled loops that add up what lies within a catchment, pair by pair, keeping no pair."""

import numpy as np
from numpy.typing import NDArray

from inroads.methods.access.grid_kernels import cell_along
from inroads.methods.arguments import Array
from inroads.methods.compiled import compiled, compiled_loosely

Whole = NDArray[np.int64]


@compiled_loosely
def stretch_by_steps(
    x: Array, y: Array, value: Array, first: int, last: int, here_x: float, here_y: float, limits: Array, weights: Array
) -> float:
    """Σ weight × value over entries `first` … `last` - 1, by four zones of squared distance.

    Zone k ends at `limits[k + 1]`; what lies within `limits[0]` or beyond the last counts nothing.
    """
    l0, l1, l2, l3, l4 = limits[0], limits[1], limits[2], limits[3], limits[4]
    w1, w2, w3, w4 = weights[0], weights[1], weights[2], weights[3]
    total = 0.0
    for j in range(first, last):
        dx, dy = x[j] - here_x, y[j] - here_y
        d = dx * dx + dy * dy
        w = w4 if d <= l4 else 0.0
        w = w3 if d <= l3 else w
        w = w2 if d <= l2 else w
        w = w1 if d <= l1 else w
        w = 0.0 if d <= l0 else w
        total += w * value[j]
    return total


@compiled_loosely
def stretch_by_gaussian(
    x: Array, y: Array, value: Array, first: int, last: int, here_x: float, here_y: float, limits: Array, weights: Array
) -> float:
    """The same by exp(-`weights[0]` × squared distance), within `limits[0]`."""
    limit, rate = limits[0], weights[0]
    total = 0.0
    for j in range(first, last):
        dx, dy = x[j] - here_x, y[j] - here_y
        d = dx * dx + dy * dy
        if d <= limit:
            total += np.exp(-rate * d) * value[j]
    return total


@compiled
def add_up(
    by_steps: bool,
    here_x: Array,
    here_y: Array,
    here_order: Whole,
    start: int,
    stop: int,
    x: Array,
    y: Array,
    value: Array,
    starts: Whole,
    west: float,
    south: float,
    side: float,
    columns: int,
    rows: int,
    reach: float,
    limits: Array,
    weights: Array,
    total: Array,
) -> None:
    """Adds to `total`, for the places `start` … `stop` - 1, the weighted values of all that lies within `reach`.

    The disc is covered row by row of the grid with the cells it may touch; rounding is allowed for by a hair on its
    radius, and the test of each distance decides.
    """
    per_metre = 1.0 / side
    hair = 1e-9 * (reach + side * (columns + rows))
    for i in range(start, stop):
        px, py = here_x[i], here_y[i]
        bottom = cell_along(py - reach - hair, south, per_metre, rows)
        top = cell_along(py + reach + hair, south, per_metre, rows)
        sum_here = 0.0
        for row in range(bottom, top + 1):
            # The cells at the rim reach on without end, so no distance to them is known.
            away = 0.0
            if row > 0:
                away = max(away, south + row * side - py)
            if row < rows - 1:
                away = max(away, py - (south + (row + 1) * side))
            half = np.sqrt(max(reach * reach - max(away - hair, 0.0) ** 2, 0.0)) + hair
            first = starts[row * columns + cell_along(px - half, west, per_metre, columns)]
            last = starts[row * columns + cell_along(px + half, west, per_metre, columns) + 1]
            if last > first:
                if by_steps:
                    sum_here += stretch_by_steps(x, y, value, first, last, px, py, limits, weights)
                else:
                    sum_here += stretch_by_gaussian(x, y, value, first, last, px, py, limits, weights)
        total[here_order[i]] += sum_here
