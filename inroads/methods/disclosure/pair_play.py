"""How far a count in a table of three by three can go, where its sums are known and every cell has two ends."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array

Mask = NDArray[np.bool_]

ENDLESS = 1e15


def exposed(cells: Array, low: Array, high: Array, *, needing: Mask, merged: tuple[Mask, Mask], limit: int) -> Mask:
    """Pairs (P,) with a cell in need that cannot be 1, or not `limit`, for who knows all sums.

    cells, low, high, needing
        (P, 3, 3) true counts, the ends of each, and which of them are to be able to be anything from 1 to `limit`.
    merged
        Of rows and of columns, each (P,): whether the second and third are known only together.

    A count can rise by d if d can flow from its column back to its row, down along cells that fall and up along cells
    that rise: the largest flow is the smallest cut (Ford & Fulkerson 1956), here of 16.
    """
    fall = cells - np.maximum(low, -ENDLESS)
    rise = np.minimum(high, ENDLESS) - cells
    result = np.zeros(len(cells), dtype=np.bool_)
    for row, column in product(range(3), repeat=2):
        asked = needing[:, row, column]
        if not asked.any():
            continue
        of = np.flatnonzero(asked)
        there = merged[0][of], merged[1][of]
        down, up = fall[of].copy(), rise[of].copy()
        down[:, row, column] = up[:, row, column] = 0.0  # the cell itself is no way back
        count = cells[of, row, column]
        most = count + _flow(down, up, there, row, column, rising=True)
        least = count - _flow(down, up, there, row, column, rising=False)
        result[of] |= (least > 1) | (most < limit)
    return result


def _flow(down: Array, up: Array, merged: tuple[Mask, Mask], row: int, column: int, *, rising: bool) -> Array:
    """The most (P,) by which the cell can rise, or fall: the smallest cut between its column and its row."""
    smallest = np.full(len(down), np.inf)
    for chosen in product((False, True), repeat=6):
        rows, columns = np.array(chosen[:3]), np.array(chosen[3:])
        # The side of the start: the column where the cell rises, the row where it falls.
        if rows[row] == rising or columns[column] != rising:
            continue
        out = down[:, ~rows][:, :, columns].sum(axis=(1, 2)) + up[:, rows][:, :, ~columns].sum(axis=(1, 2))
        apart = (merged[0] & (rows[1] != rows[2])) | (merged[1] & (columns[1] != columns[2]))
        smallest = np.minimum(smallest, np.where(apart, np.inf, out))
    return smallest
