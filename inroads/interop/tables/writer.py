"""Writes what a method found: CSV, Parquet, or a table to be read on the screen."""

import contextlib
import csv
import io
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from inroads.design.spreadsheet import no_formula
from inroads.interop.tables.reader import TableError

Column = Sequence[object]


def write_table(columns: Mapping[str, Column], path: Path) -> None:
    """Writes equally long columns to `path`: Parquet where it ends in .parquet, CSV where it ends in .csv.

    The file is written beside and put in place whole. A missing number is an empty cell. Raises `TableError`.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise TableError(f"{path}: the name must end in .csv or .parquet.")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if kind == ".parquet":
            _parquet(columns, beside)
        else:
            beside.write_text(_csv(columns), encoding="utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        raise TableError(f"{path}: cannot be written ({error.strerror}).") from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def as_text(columns: Mapping[str, Column], *, most: int | None = None) -> str:
    """A table for the screen: numbers to four digits at the right, words at the left, the first `most` rows."""
    cells = {name: [_short(value) for value in values] for name, values in columns.items()}
    rows = len(next(iter(cells.values()), []))
    shown = rows if most is None else min(rows, most)
    lines = [[] for _ in range(shown + 2)]
    for name, values in cells.items():
        width = max(len(name), *(len(value) for value in values[:shown]), 1)
        right = all(isinstance(value, int | float) or _is_number(value) for value in columns[name])
        put = str.rjust if right else str.ljust
        lines[0].append(put(name, width))
        lines[1].append("-" * width)
        for row in range(shown):
            lines[row + 2].append(put(values[row], width))
    said = [f"… and {rows - shown:,} more rows; write them all with --output FILE.csv"] if shown < rows else []
    return "\n".join(["  ".join(line).rstrip() for line in lines] + said)


def _is_number(value: object) -> bool:
    return hasattr(value, "dtype") and value.dtype.kind in "iuf"


def _plain(value: object) -> object:
    """A NumPy number as Python's own, None where it is missing."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value


def _short(value: object) -> str:
    plain = _plain(value)
    if plain is None:
        return "–"
    if isinstance(plain, float):
        return f"{plain:,.0f}" if abs(plain) >= 10_000 else f"{plain:.4g}"
    return str(plain)


def _csv(columns: Mapping[str, Column]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([no_formula(name) for name in columns])
    for row in zip(*columns.values(), strict=True):
        writer.writerow(["" if (plain := _plain(value)) is None else no_formula(plain) for value in row])
    return out.getvalue()


def _parquet(columns: Mapping[str, Column], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({name: [_plain(value) for value in values] for name, values in columns.items()}), path)
