"""The columns of a Parquet table as NumPy arrays, straight from their buffers.

Asked for lists or arrays, pyarrow first loads pandas, which takes longer than reading all of England.
"""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

_FLOATS: dict[pa.DataType, Any] = {pa.float64(): np.float64, pa.float32(): np.float32}


def read_columns(path: Path) -> dict[str, NDArray[Any]]:
    """The columns of a table as read-only arrays, read one at a time so that no second copy of the table is held."""
    found = {}
    with pq.ParquetFile(path) as file:
        for name in file.schema_arrow.names:
            column = file.read([name], use_threads=False).column(0).combine_chunks()
            found[name] = as_texts(column) if pa.types.is_string(column.type) else as_numbers(column)
            found[name].setflags(write=False)
    pa.default_memory_pool().release_unused()
    return found


def as_texts(column: pa.Array) -> NDArray[Any]:
    """Texts (n,) of a column, "" where there is none. Raises `ValueError` where they are not UTF-8."""
    if not len(column):
        return np.empty(0, dtype="<U1")
    _, offsets, written = column.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1].tolist()
    read = b"" if written is None else written.to_pybytes()
    return np.array([read[start:end].decode() for start, end in pairwise(ends)], dtype=np.str_)


def as_numbers(column: pa.Array) -> NDArray[np.float64]:
    """Numbers (n,) of a column, NaN where there is none."""
    if column.type not in _FLOATS:
        column = column.cast(pa.float64())
    known, written = column.buffers()
    inside = slice(column.offset, column.offset + len(column))
    read = np.empty(0) if written is None else np.frombuffer(written, dtype=_FLOATS[column.type])[inside]
    numbers = read.astype(np.float64)
    if known is not None and column.null_count:
        bits = np.unpackbits(np.frombuffer(known, dtype=np.uint8), bitorder="little")[inside]
        numbers[bits == 0] = np.nan
    return numbers
