"""A table of 0 and 1, one column per category of several variables, of which only the codes are held."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Indicators:
    """n rows, one column per category: X (n, K) with K the sum of `sizes`.

    `columns` holds the codes, (n,) for each variable; a code of `sizes[c]` (one too many) stands for a row of zeros.
    """

    columns: Sequence[Codes]
    sizes: Sequence[int]

    def totals(self, values: Array) -> list[Array]:
        """X' values, cut by variable: what the `values` (n,) of each category add up to."""
        return [added(codes, values, size + 1)[:size] for codes, size in zip(self.columns, self.sizes, strict=True)]

    def spread(self, effects: Array) -> Array:
        """X effects: (K,) or (K, M) to (n,) or (n, M), each row the sum of the effects of its categories."""
        rows = np.zeros((self.columns[0].size, *effects.shape[1:]))
        start = 0
        for codes, size in zip(self.columns, self.sizes, strict=True):
            padded = np.concatenate([effects[start : start + size], np.zeros((1, *effects.shape[1:]))])
            rows += padded[codes]
            start += size
        return rows

    def products(self, weights: Array) -> Array:
        """X' diag(weights) X, (K, K)."""
        starts = np.concatenate([[0], np.cumsum(self.sizes)]).astype(int)
        table = np.zeros((starts[-1], starts[-1]))
        for one, (left, height) in enumerate(zip(self.columns, self.sizes, strict=True)):
            for other in range(one + 1):
                right, width = self.columns[other], self.sizes[other]
                cells = added(left * (width + 1) + right, weights, (height + 1) * (width + 1))
                block = cells.reshape(height + 1, width + 1)[:height, :width]
                rows, columns = slice(starts[one], starts[one + 1]), slice(starts[other], starts[other + 1])
                table[rows, columns] = block
                table[columns, rows] = block.T
        return table


def added(codes: Codes, values: Array, size: int) -> Array:
    """What the `values` of each code from 0 to `size` - 1 add up to."""
    sums: Array = np.bincount(codes, values, minlength=size).astype(np.float64, copy=False)
    return sums


def solve(table: Array, right: Array) -> Array:
    """A solution of `table` x = `right` for a symmetric `table` with no negative eigenvalue, the shortest of many.

    Each variable's categories add up to the same column of ones, so there always are many; what is read from them
    (sums over a row's categories) is the same for all.
    """
    values, vectors = np.linalg.eigh(table)
    kept = values > max(values[-1], 0.0) * 1e-12 if values.size else np.zeros(0, dtype=bool)
    basis = vectors[:, kept]
    shape = (-1,) + (1,) * (right.ndim - 1)
    solution: Array = basis @ ((basis.T @ right) / values[kept].reshape(shape))
    return solution
