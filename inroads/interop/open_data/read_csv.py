"""Comma-separated files: every cell as text first, then column by column to numbers, so that a bad cell has a name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from inroads.interop.open_data import broken
from inroads.interop.open_data.files import Content
from inroads.interop.open_data.layout import Layout, find
from inroads.interop.open_data.problems import FileError, shown
from inroads.interop.open_data.recognise import LINE, Recognised, matched, optional, plain
from inroads.reference.definitions.figures import Numbers, Source

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}]|\r[^\n]|\r$"  # all but tabs and line ends
_LONGEST_CELL = 10_000
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"
_SUPPRESSED = ("*", "**", "-", "--", "..", ".", ":", "c", "x", "z", "[c]", "[x]", "[z]", "na", "n/a", "nan", "null")


def read(content: Content, sources: Mapping[str, Source]) -> Recognised:
    """The source of a CSV file and its columns: text, and float64 for numbers. Raises `FileError`."""
    source, layout = find(content, sources)
    _raise(broken.line_ends(layout))
    places = matched(source, layout.headings)
    further = optional(source, layout.headings)
    twins = {name: _twins(layout.headings, at) for name, at in places.items()}
    wanted = {*places.values(), *further.values(), *(twin for each in twins.values() for twin in each)}
    if layout.is_empty():
        raise FileError(f"{content.path}: there is a heading row and no data below it: download the file again.")
    cells = _cells(layout, range(len(layout.headings)) if source.format == "long" else sorted(wanted))
    if source.rows not in (None, cells.num_rows):
        _raise(broken.rows(layout))
    columns = {
        name: pc.utf8_trim_whitespace(cells.column(str(at)).combine_chunks())
        for name, at in {**places, **further}.items()
    }
    lines = layout.lines(cells.num_rows)
    numbers_in = {name for numbers in source.numbers for name in numbers.columns}
    texts = {at for name, at in {**places, **further}.items() if name not in numbers_in}
    for at in sorted(texts if source.format != "long" else texts | (set(range(len(layout.headings))) - wanted)):
        _refuse_odd(cells.column(str(at)).combine_chunks(), layout.headings[at], lines, layout)
    for name, others in twins.items():
        for twin in others:
            _same(columns[name], pc.utf8_trim_whitespace(cells.column(str(twin)).combine_chunks()), name, lines, layout)
    if source.format == "long":
        columns["category"] = _category(cells, layout.headings, wanted)
    del cells
    columns[LINE] = pa.array(lines)
    for numbers in source.numbers:
        for name in numbers.columns:
            columns[name] = _Column(name, columns[name], columns[LINE], layout).to_numbers(numbers)
    return Recognised(source, pa.table(columns), checks=tuple(layout.said()))


def _twins(headings: list[str], at: int) -> list[int]:
    """Where the same heading stands again."""
    return [other for other, heading in enumerate(headings) if other != at and plain(heading) == plain(headings[at])]


def _same(first: pa.Array, second: pa.Array, name: str, lines: np.ndarray, layout: Layout) -> None:
    different = pc.not_equal(first, second).to_numpy(zero_copy_only=False)
    if different.any():
        at = int(np.flatnonzero(different)[0])
        raise FileError(
            f"{layout.content.path}: row {lines[at]}, column '{name}': this column stands twice, with "
            f"{shown(first[at].as_py())} and {shown(second[at].as_py())}, expected once: remove the wrong one."
        )


def _cells(layout: Layout, wanted: Iterable[int]) -> pa.Table:
    width = len(layout.headings)
    names = [str(number) for number in range(width)]
    try:
        return pcsv.read_csv(
            pa.BufferReader(layout.body()),
            read_options=pcsv.ReadOptions(column_names=names, use_threads=False),
            parse_options=pcsv.ParseOptions(
                delimiter=layout.delimiter, newlines_in_values=True, ignore_empty_lines=True
            ),
            convert_options=pcsv.ConvertOptions(
                include_columns=[str(at) for at in wanted],
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        # What the parser says names a place in its own buffers, so the place is looked for in the file.
        raise broken.rows(layout) or FileError(
            f"{layout.content.path}: rows {layout.first} and below cannot be told apart, expected {width} cells in "
            "each: a quotation mark may be missing; download the file again."
        ) from error


def _raise(problem: FileError | None) -> None:
    if problem:
        raise problem


def _refuse_odd(text: pa.Array, name: str, lines: np.ndarray, layout: Layout) -> None:
    """Refuse text that no publisher writes: it moves the cursor of a terminal, or fills a page with one cell."""
    moving = pc.match_substring_regex(text, _CONTROL)
    long = pc.greater(pc.utf8_length(text), _LONGEST_CELL)
    for wrong, expected in (
        (moving, "text without control characters"),
        (long, f"at most {_LONGEST_CELL:,} characters"),
    ):
        if pc.any(wrong).as_py():
            at = int(np.flatnonzero(wrong.to_numpy(zero_copy_only=False))[0])
            raise FileError(
                f"{layout.content.path}: row {lines[at]}, column '{name}': found {shown(text[at].as_py())}, expected "
                f"{expected}: compare with the publisher's file, or download it again."
            )


def _category(cells: pa.Table, headings: list[str], known: set[int]) -> pa.Array:
    """The further columns of a long table, joined: what its rows are about."""
    rest = [cells.column(str(at)).combine_chunks() for at in range(len(headings)) if at not in known]
    if not rest:
        return pa.array([""] * cells.num_rows, pa.string())
    return pc.binary_join_element_wise(*rest, "; ") if len(rest) > 1 else rest[0]


@dataclass(frozen=True)
class _Column:
    """One column as text, and where its cells stand in the file."""

    name: str
    text: pa.Array
    lines: pa.Array
    layout: Layout

    def to_numbers(self, numbers: Numbers) -> pa.Array:
        """float64, null where unknown. Raises `FileError`."""
        try:
            values = self.text.cast(pa.float64())
        except pa.ArrowInvalid:
            values = self._carefully(numbers)
        array = values.to_numpy(zero_copy_only=False)
        known = np.isfinite(array)
        if not numbers.gaps and not known.all():
            self._refuse(~known, "a number")
        with np.errstate(invalid="ignore"):
            low = numbers.low if numbers.low is not None else -np.inf
            high = numbers.high if numbers.high is not None else np.inf
            outside = known & ((array < low) | (array > high))
            broken = known & (array != np.rint(array))
        if outside.any():
            self._refuse(outside, f"a number from {_said(numbers.low)} to {_said(numbers.high)}")
        if numbers.whole and broken.any():
            self._refuse(broken, "a whole number")
        return values

    def _carefully(self, numbers: Numbers) -> pa.Array:
        """Numbers with thousands commas, empty cells and suppression marks; whatever else there is, is refused."""
        commas = pc.match_substring_regex(self.text, _THOUSANDS)
        if self.layout.delimiter == ";" and pc.any(commas).as_py():
            self._refuse(commas.to_numpy(zero_copy_only=False), "a number with a decimal point")
        plain = pc.if_else(commas, pc.replace_substring(self.text, ",", ""), self.text)
        empty = pc.or_(pc.equal(self.text, ""), pc.is_in(pc.utf8_lower(self.text), value_set=pa.array(_SUPPRESSED)))
        if not numbers.gaps and pc.any(empty).as_py():
            self._refuse(empty.to_numpy(zero_copy_only=False), "a number (this column has no gaps as published)")
        bad = pc.invert(pc.or_(empty, pc.match_substring_regex(plain, _NUMBER)))
        if pc.any(bad).as_py():
            self._refuse(bad.to_numpy(zero_copy_only=False), "a number")
        return pc.if_else(empty, pa.scalar(None, pa.string()), plain).cast(pa.float64())

    def _refuse(self, wrong: np.ndarray, expected: str) -> NoReturn:
        at = int(np.flatnonzero(wrong)[0])
        more = int(wrong.sum()) - 1
        further = f" (and {more:,} more such cell{'s' if more > 1 else ''})" if more else ""
        value = self.text[at].as_py()
        found = shown(value) if value else "an empty cell"
        raise FileError(
            f"{self.layout.content.path}: row {self.lines[at]}, column '{self.name}': found {found}{further}, "
            f"expected {expected}: compare with the publisher's file, or download it again."
        )


def _said(limit: float | None) -> str:
    return "any" if limit is None else f"{limit:,.10g}"
