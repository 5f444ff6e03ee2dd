"""Why a CSV file does not fall into rows: where a quotation mark is not closed, or a line ends in another way."""

import csv
import io
import re

from inroads.interop.open_data.layout import Layout
from inroads.interop.open_data.problems import FileError

_SAVE = "compare with the publisher's file, or save it again as 'CSV UTF-8'"


def rows(layout: Layout) -> FileError | None:
    """The first row that cannot be right: it runs on into the rows below, is too long, or has too many or few cells.

    None where there is no such row.
    """
    path, width = layout.content.path, len(layout.headings)
    text = io.StringIO(layout.content.text[layout.start : layout.end].decode("utf-8"), newline="")
    reader = csv.reader(text, delimiter=layout.delimiter)
    before = 0
    while True:
        row = layout.first + before
        try:
            record = next(reader, None)
        except csv.Error:  # a cell longer than the reader allows: of one line, or of all lines up to here
            if reader.line_num - before > 1:
                return _open(layout, row, layout.first + reader.line_num - 1)
            return FileError(
                f"{path}: row {row}: a cell has more than {csv.field_size_limit():,} characters, expected a code, a "
                f"name or a number: {_SAVE}."
            )
        if record is None:
            return None
        last = layout.first + reader.line_num - 1
        runs_on = last > row or any("\n" in cell for cell in record)  # the last row of a file has no row to run into
        if runs_on and (len(record) != width or _has_rows(record, layout)):
            return _open(layout, row, last)
        if record and len(record) != width:
            return FileError(
                f"{path}: row {row}: {len(record)} cells where the heading row has {width}: a comma may be missing or "
                "not quoted, or the file cut short; download it again."
            )
        before = reader.line_num


def _open(layout: Layout, row: int, last: int) -> FileError:
    until = f"before row {last}" if last > row else "below"
    return FileError(
        f"{layout.content.path}: row {row}: a quotation mark opens a cell here that is not closed {until}, "
        f"expected both marks in one row: {_SAVE}."
    )


def _has_rows(record: list[str], layout: Layout) -> bool:
    """Whether a cell of several lines holds one that has as many cells as a row: a note or an address has not."""
    signs = len(layout.headings) - 1
    return any(line.count(layout.delimiter) == signs for cell in record for line in cell.splitlines()[1:])


def line_ends(layout: Layout) -> FileError | None:
    """Where a line ends with a carriage return alone, outside quotation marks; None where none does."""
    text = layout.content.text
    if text.count(b"\r") == text.count(b"\r\n"):
        return None
    marks = seen = 0
    for alone, found in enumerate(re.finditer(rb"\r(?!\n)", text)):
        marks += text.count(b'"', seen, found.start())
        seen = found.start()
        if marks % 2 == 0:
            row = 1 + alone + text.count(b"\n", 0, seen)
            return FileError(
                f"{layout.content.path}: row {row}: this line ends with a carriage return alone, as on old Macintosh "
                "computers, and others do not; expected line ends of one kind: save the file again as 'CSV UTF-8'."
            )
    return None
