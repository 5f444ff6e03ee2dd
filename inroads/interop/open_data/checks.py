"""What must hold in a file that has been read: keys once, totals that agree, rows as published, codes of their kind."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inroads.interop.open_data import codes
from inroads.interop.open_data.problems import FileError, shown
from inroads.interop.open_data.recognise import place
from inroads.reference.definitions.figures import Source


def within(source: Source, table: pa.Table, path: Path) -> list[str]:
    """Checks of a file by itself, said in words as they pass. Raises `FileError`."""
    passed = [f"All {len(source.columns)} columns are there." if len(source.columns) > 1 else "Its column is there."]
    if source.numbers:
        count = sum(len(numbers.columns) for numbers in source.numbers)
        passed.append(f"Numbers in {count} column{'s' if count > 1 else ''} are within their limits.")
    passed += codes.look_right(codes.File(source, table, path))
    if source.key:
        passed.append(_no_duplicates(source, table, path))
    for total in source.totals:
        parts = sum(table[name].to_numpy() for name in total.parts)
        wrong = np.abs(table[total.column].to_numpy() - parts) > total.tolerance
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            found = table[total.column][at].as_py()
            raise FileError(
                f"{path}: {place(source, table, at)}, column '{total.column}': found {found:,.10g}, expected "
                f"{parts[at]:,.10g}, the sum of its {len(total.parts)} parts: compare with the publisher's file."
            )
        passed.append(f"'{total.column}' is the sum of its {len(total.parts)} parts in every row.")
    return passed


def rows_as_published(source: Source, table_rows: int, path: Path) -> list[str]:
    """The row count against the published one. Raises `FileError`."""
    if source.rows is None:
        return []
    if table_rows != source.rows:
        raise FileError(
            f"{path}: {table_rows:,} rows, expected {source.rows:,} as published for '{source.title}': "
            "the file may be cut short, filtered or of another year; download the whole file again."
        )
    return [f"{table_rows:,} rows, as published."]


def _no_duplicates(source: Source, table: pa.Table, path: Path) -> str:
    keys = table.select(source.key).append_column("row", pa.array(np.arange(table.num_rows)))
    counted = keys.group_by(list(source.key)).aggregate([("row", "count"), ("row", "max"), ("row", "min")])
    twice = counted.filter(pc.greater(counted["row_count"], 1))
    if twice.num_rows:
        first = twice.sort_by("row_max").slice(0, 1).to_pylist()[0]
        value = ", ".join(str(first[name]) for name in source.key)
        here, before = (place(source, table, first[name]) for name in ("row_max", "row_min"))
        raise FileError(
            f"{path}: {here}, column '{source.key[0]}': {shown(value)} stands already in "
            f"{before}, expected each once: remove the duplicate or download the file again."
        )
    return "No row stands twice."
