"""Compiled: codes to places in a table, and places to counts."""

import numpy as np
from numpy.typing import NDArray

from inroads.methods.compiled import compiled


@compiled
def place(codes: NDArray[np.integer], size: int, places: NDArray[np.int64]) -> int:
    """Moves each place on by one axis of `size` categories; the first row whose code is out of range, or -1."""
    for row in range(codes.size):
        code = codes[row]
        if code < 0 or code >= size:
            return row
        places[row] = places[row] * size + np.int64(code)
    return -1


@compiled
def tally(places: NDArray[np.int64], table: NDArray[np.int64]) -> None:
    """Adds 1 to the table at each place."""
    for row in range(places.size):
        table[places[row]] += 1
