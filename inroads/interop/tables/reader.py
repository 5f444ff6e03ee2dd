"""Reads a table whose columns the reader of it names. What cannot be read is refused with file, row and column."""

import csv
import gzip
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", ".."})
SUPPRESSED = frozenset({"*", "c", "[c]", "suppressed", "x", "[x]"})
LARGEST = 1e100
NUMBER = re.compile(r"[+-]?([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]+)?(\.[0-9]*)?([eE][+-]?[0-9]+)?")


class TableError(Exception):
    """Why a table cannot be read or written, in one sentence that says where and what to do."""


@dataclass(frozen=True)
class Table:
    """Columns by name, equally long, as text with "" where nothing stands. Rows count from 1, after the names."""

    path: Path
    columns: dict[str, list[str]]

    @property
    def rows(self) -> int:
        """How many rows there are, the line of names left out."""
        return len(next(iter(self.columns.values()), []))

    def text(self, name: str) -> list[str]:
        """A column as text. Raises `TableError` where there is no such column."""
        if name not in self.columns:
            raise TableError(f"{self.path}: there is no column {name!r}; it has {', '.join(map(repr, self.columns))}.")
        return self.columns[name]

    def named(self, name: str) -> list[str]:
        """A column of which every row must have a name in it. Raises `TableError` naming the row."""
        column = self.text(name)
        for row, value in enumerate(column, start=1):
            if not value:
                raise TableError(
                    f"{self.path}: row {row}, column {name!r} is empty; give it a name, or leave the row out."
                )
        return column

    def numbers(self, name: str) -> NDArray[np.float64]:
        """A column as numbers, NaN where it is missing or suppressed. Raises `TableError` naming the row."""
        out = np.empty(self.rows)
        for row, value in enumerate(self.text(name)):
            out[row] = self._number(value, name, row + 1)
        return out

    def suppressed(self, name: str) -> int:
        """How many rows of a column are marked as suppressed: not the same as missing."""
        return sum(value.lower() in SUPPRESSED for value in self.text(name))

    def _number(self, value: str, name: str, row: int) -> float:
        if value.lower() in MISSING or value.lower() in SUPPRESSED:
            return np.nan
        if not NUMBER.fullmatch(value) or not any(letter.isdigit() for letter in value):
            raise TableError(
                f"{self.path}: row {row}, column {name!r} is {value!r}; give a number, leave it empty where "
                "it is missing, or put * where it is suppressed."
            )
        number = float(value.replace(",", ""))
        if abs(number) > LARGEST:
            raise TableError(f"{self.path}: row {row}, column {name!r} is {value!r}; no figure is that large.")
        return number


def read_table(path: Path) -> Table:
    """The CSV file (UTF-8, names in the first line; may be gzipped) or Parquet file at `path`. Raises `TableError`."""
    try:
        if not path.is_file():
            raise TableError(f"{path}: is not a file." if path.exists() else f"{path}: there is no such file.")
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror}).") from error
    return (
        _parquet(path)
        if start == b"PAR1" or path.suffix.lower() == ".parquet"
        else _csv(path, start[:2] == b"\x1f\x8b")
    )


def _csv(path: Path, zipped: bool) -> Table:
    try:
        with (gzip.open if zipped else open)(path, "rt", encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            names = [name.strip() for name in next(reader, [])]
            _refuse_names(path, names)
            rows = []
            for values in reader:
                row = len(rows) + 1
                if values and len(values) != len(names):
                    raise TableError(
                        f"{path}: row {row} (line {reader.line_num}) has {len(values)} values where there are "
                        f"{len(names)} columns; put quotes around values with a comma in them."
                    )
                if values:
                    rows.append([value.strip() for value in values])
    except UnicodeDecodeError as error:
        raise TableError(
            f"{path}: is not UTF-8 text ({error.reason} at byte {error.start}); save it as CSV UTF-8."
        ) from error
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise TableError(f"{path}: is damaged ({error}).") from error
    except csv.Error as error:
        raise TableError(f"{path}: line {reader.line_num} is not CSV ({error}).") from error
    if not rows:
        raise TableError(f"{path}: has no rows under the line of names.")
    return Table(path, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _parquet(path: Path) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        _refuse_names(path, names := [name.strip() for name in file.schema_arrow.names])
        table = file.read()
        columns = {name: [_cell(value) for value in table.column(k).to_pylist()] for k, name in enumerate(names)}
    except (pa.ArrowException, ValueError, OSError) as error:
        raise TableError(f"{path}: cannot be read as Parquet ({str(error).splitlines()[0]}).") from error
    if not table.num_rows:
        raise TableError(f"{path}: has no rows.")
    return Table(path, columns)


def _cell(value: object) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value).strip()


def _refuse_names(path: Path, names: Sequence[str]) -> None:
    if not any(names):
        raise TableError(f"{path}: the first line must hold the names of the columns.")
    twice = [name for place, name in enumerate(names) if name in names[:place]]
    if twice:
        raise TableError(f"{path}: two columns are called {twice[0]!r}; give each a name of its own.")
