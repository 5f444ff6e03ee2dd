"""Where the table lies in a CSV file: titles may stand above its heading row and notes below its last row."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from inroads.interop.open_data.files import Content
from inroads.interop.open_data.problems import FileError
from inroads.interop.open_data.recognise import fitting, nearness, not_recognised
from inroads.reference.definitions.figures import Source

SEARCHED = 15
_HEAD, _TAIL = 200_000, 65_536  # bytes looked at for headings and for notes
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Layout:
    """A table in a file: its heading row stands in line `row`, its rows from line `first` in bytes `start` to `end`.

    Lines are counted from 1, as an editor or a spreadsheet shows them; `below` lines of notes follow the table.
    """

    content: Content
    delimiter: str
    headings: list[str]
    row: int
    first: int
    start: int
    end: int
    below: int

    def body(self) -> pa.Buffer:
        """The rows of the table, without its heading row."""
        return pa.py_buffer(self.content.text).slice(self.start, self.end - self.start)

    def is_empty(self) -> bool:
        """Whether nothing stands below the heading row."""
        return not self.content.text[self.start : min(self.end, self.start + _TAIL)].strip()

    def lines(self, rows: int) -> np.ndarray:
        """(rows,) the line in which each row of the table begins."""
        text = self.content.text
        breaks = text.count(b"\n", self.start, self.end) + (not text.endswith(b"\n", self.start, self.end))
        if breaks != rows:
            found = self._lines_of_records()
            if len(found) == rows:
                return np.array(found, dtype=np.int32)
        return np.arange(self.first, self.first + rows, dtype=np.int32)

    def _lines_of_records(self) -> list[int]:
        """One row may run over several lines, and lines between rows may be empty."""
        text = io.StringIO(self.content.text[self.start : self.end].decode("utf-8"))
        reader = csv.reader(text, delimiter=self.delimiter)
        found, before = [], 0
        try:
            for record in reader:
                if record:
                    found.append(self.first + before)
                before = reader.line_num
        except csv.Error:
            return found
        return found

    def said(self) -> list[str]:
        """What was left out of the file, in words."""
        above, below = self.row - 1, self.below
        return [
            *([f"The heading row is row {self.row}; lines above it left out: {above}."] if above else []),
            *([f"Lines of notes below the table left out: {below}."] if below else []),
        ]


def find(content: Content, sources: Mapping[str, Source]) -> tuple[Source, Layout]:
    """The source of a file and where its table lies: the heading row is the first that a source fits.

    Raises `FileError`, naming the row that is nearest to the headings of a source.
    """
    lines = list(io.StringIO(content.text[:_HEAD].decode("utf-8", "ignore"), newline=""))
    tried: list[tuple[float, int, list[str]]] = []
    for at, line in enumerate(lines[:SEARCHED]):
        delimiter = max(_DELIMITERS, key=line.count)
        reader = csv.reader(lines[at:], delimiter=delimiter)
        try:
            headings = next(reader)
        except csv.Error as error:
            if at == 0:
                raise FileError(
                    f"{content.path}: row 1: a cell has more than {csv.field_size_limit():,} characters, expected a "
                    "heading row: a quotation mark may not be closed; download it again."
                ) from error
            continue
        source = fitting(headings, sources, boundaries=False)
        if source is not None:
            taken = at + reader.line_num
            start = len("".join(lines[:taken]).encode())
            end, below = _end(content.text, start, delimiter, len(headings))
            return source, Layout(content, delimiter, headings, at + 1, taken + 1, start, end, below)
        tried.append((nearness(headings, sources), at + 1, headings))
    near = [each for each in tried if each[0] >= 0.5]
    _, row, headings = max(near, key=lambda each: (each[0], -each[1])) if near else tried[0]
    raise not_recognised(headings, sources, path=content.path, boundaries=False, row=row)


def _end(text: bytes, start: int, delimiter: str, width: int) -> tuple[int, int]:
    """Where the rows end in bytes, and how many lines of notes follow: what comes after an empty line and is no row.

    A table of two columns may have a row of one filled cell, so below it nothing is taken for a note.
    """
    from_byte = max(start, len(text) - _TAIL)
    lines = text[from_byte:].splitlines(keepends=True)
    if from_byte > start:
        from_byte += len(lines.pop(0))
    rows = len(lines)
    while rows and not _is_row(lines[rows - 1], delimiter, width):
        rows -= 1
    if width < 3 or not rows:
        return len(text), 0
    edges = b' \t\r\n"' + delimiter.encode()
    empty = next((at for at in range(rows, len(lines)) if not lines[at].strip(edges)), None)
    if empty is None:
        return len(text), 0
    end = from_byte + sum(map(len, lines[:empty]))
    return end, sum(1 for line in lines[empty:] if line.strip(edges))


def _is_row(line: bytes, delimiter: str, width: int) -> bool:
    try:
        cells = next(csv.reader([line.decode("utf-8", "replace")], delimiter=delimiter), [])
    except csv.Error:
        return True
    return len(cells) == width and sum(1 for cell in cells if cell.strip()) > 1
