"""Records of people, as codes, to a table of counts."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import codes as as_codes
from inroads.methods.arguments import whole
from inroads.methods.threads import in_blocks, processors

BLOCK = 1 << 15
"""Records at a time: their places (a quarter of a megabyte) stay within a processor's cache."""


MOST_CELLS = 1 << 30
"""Cells of a table: 8 GB."""


def count(codes: ArrayLike | Sequence[ArrayLike], shape: Sequence[int]) -> NDArray[np.int64]:
    """How many records fall into each cell: whole numbers of the given `shape`.

    codes
        One row per record and one column per axis, (n, axes); or one array (n,) per axis in a list or tuple, which
        spares copying. Whole numbers from 0 to the axis' size - 1, in any integer type (int32 is fastest).
    shape
        The number of categories on each axis.

    Source: none is needed, each record adds one to its cell. Memory: one table per thread.
    Raises `ValueError` naming the axis, the record (counted from 0) and the remedy.
    """
    sizes = tuple(whole(size, f"shape[{axis}]") for axis, size in enumerate(shape))
    if not sizes:
        raise ValueError("shape: has no axis; give the number of categories of each axis")
    cells = math.prod(sizes)
    if cells > MOST_CELLS:
        raise ValueError(f"shape: {cells:,} cells are more than can be held; merge categories")
    columns = _columns(codes, len(sizes))
    records = columns[0].size
    from inroads.methods.disclosure.counting_kernels import place, tally

    def part(start: int, stop: int) -> NDArray[np.int64]:
        table = np.zeros(cells, dtype=np.int64)
        places = np.empty(min(BLOCK, stop - start), dtype=np.int64)
        for first in range(start, stop, BLOCK):
            here = places[: min(BLOCK, stop - first)]
            here[:] = 0
            for axis, (column, size) in enumerate(zip(columns, sizes, strict=True)):
                wrong = place(column[first : first + here.size], size, here)
                if wrong >= 0:
                    row = first + wrong
                    raise ValueError(
                        f"codes: record {row}, axis {axis} (counting from 0) is {column[row]}; give whole numbers "
                        f"from 0 to {size - 1}"
                    )
            tally(here, table)
        return table

    tables = in_blocks(part, records, threads=processors() if records > 4 * BLOCK else 1)
    total = np.zeros(cells, dtype=np.int64) if not tables else tables[0]
    for other in tables[1:]:
        total += other
    return total.reshape(sizes)


def _columns(codes: ArrayLike | Sequence[ArrayLike], axes: int) -> list[NDArray[np.integer]]:
    """One array of whole numbers per axis, all of one length."""
    if isinstance(codes, list | tuple) and codes and all(isinstance(column, np.ndarray) for column in codes):
        columns = [_whole_numbers(column, f"codes[{axis}]") for axis, column in enumerate(codes)]
    else:
        table = np.asarray(codes)
        if table.ndim == 1 and axes == 1:
            table = table[:, np.newaxis]
        if table.ndim != 2:
            raise ValueError(f"codes: expected one row per record and one column per axis, found shape {table.shape}")
        columns = [_whole_numbers(table[:, axis], f"codes, axis {axis}") for axis in range(table.shape[1])]
    if len(columns) != axes:
        raise ValueError(f"codes: has {len(columns)} axes where shape has {axes}; give one column for each")
    for axis, column in enumerate(columns):
        if column.shape != columns[0].shape:
            raise ValueError(
                f"codes: axis {axis} has {column.size} records where axis 0 has {columns[0].size}; give one for each"
            )
    return columns


def _whole_numbers(column: NDArray[np.generic], name: str) -> NDArray[np.integer]:
    if column.ndim == 1 and np.issubdtype(column.dtype, np.integer):
        return column.astype(column.dtype.newbyteorder("="), copy=False)
    return as_codes(column, name)
