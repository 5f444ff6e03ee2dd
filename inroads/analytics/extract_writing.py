"""From rows with ids of people to tables with random numbers: in parts, so that memory stays the same for any number.

Ids and the numbers that stand for them meet in memory alone. What is put aside on the way lies in files without a name,
which end with the process whatever ends it.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inroads.analytics.extract import TABLES

Ids = NDArray[np.uint64]
Numbers = NDArray[np.int64]
Records = NDArray[np.void]
PARTS = 16
"""A table is finished part by part: 11 million answers make parts of about 700,000 rows, or 20 MB."""
SMALL = 100_000
"""Parts with fewer rows are finished together with the next."""


class Index:
    """Where each of these ids stands. `ids` (N, 2) are the 16 bytes of each, as two numbers; each stands once."""

    def __init__(self, ids: Ids) -> None:
        # Twice as many boxes as ids at least: nearly every id is the first in its box, and is found at once.
        self._shift = np.uint64(64 - min(max(2 * len(ids), 2).bit_length(), 30))
        boxes = self._boxes(ids)
        self._order = np.argsort(boxes, kind="stable")
        self._ids = ids.take(self._order, axis=0)
        every = np.arange(1 << (64 - int(self._shift)))
        self._starts = np.searchsorted(boxes.take(self._order), every).astype(np.int32)
        self._longest = int(np.bincount(boxes).max()) if len(ids) else 0

    def _boxes(self, ids: Ids) -> Numbers:
        # Multiplicative hashing with the golden ratio: Knuth, The Art of Computer Programming 3, section 6.4.
        mixed = (ids[:, 0] ^ ids[:, 1]) * np.uint64(0x9E3779B97F4A7C15)
        return (mixed >> self._shift).astype(np.int64)

    def of(self, ids: Ids) -> Numbers:
        """The places (M,) of these ids (M, 2), from 0; -1 for one that is not among them."""
        found = np.full(len(ids), -1, dtype=np.int64)
        left, at = np.arange(len(ids)), self._starts.take(self._boxes(ids))
        for _ in range(self._longest):
            at = np.minimum(at, len(self._ids) - 1)
            there = self._ids.take(at, axis=0)
            same = (there[:, 0] == ids[left, 0]) & (there[:, 1] == ids[left, 1])
            found[left[same]] = self._order.take(at[same])
            left, at = left[~same], at[~same] + 1
            if not len(left):
                break
        return found


class Pseudonyms:
    """A random number for each of these people, from 0 to 2⁶³ - 1, drawn from the system's own source of chance.

    `numbers` (N,) are in their own order; `places` (N,) say where that of each id, as given, stands among them.
    """

    def __init__(self, ids: Ids) -> None:
        drawn = _drawn(len(ids))
        order = np.argsort(drawn)
        self.numbers = drawn[order]
        self._index, self.places = Index(ids), np.empty(len(ids), dtype=np.int64)
        self.places[order] = np.arange(len(ids))

    def __len__(self) -> int:
        return len(self.numbers)

    def of(self, ids: Ids) -> Numbers:
        """Where the numbers (M,) of these people (M, 2) stand in `numbers`; -1 for anybody who is not among them."""
        at = self._index.of(ids)
        return np.where(at >= 0, self.places.take(np.maximum(at, 0)), -1) if len(self) else at


def _drawn(count: int) -> Numbers:
    while True:
        numbers = (np.frombuffer(os.urandom(8 * count), dtype=np.uint64) >> np.uint64(1)).astype(np.int64)
        if len(np.unique(numbers)) == count:
            return numbers


class Words:
    """Texts that come again and again, as whole numbers from 0 in the order in which they first came."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def codes(self, texts: pa.DictionaryArray) -> NDArray[np.int32]:
        """The numbers of these texts, (n,)."""
        named = [self._codes.setdefault(each, len(self._codes)) for each in texts.dictionary.to_pylist()]
        codes: NDArray[np.int32] = np.asarray(named, dtype=np.int32)[texts.indices.to_numpy(zero_copy_only=False)]
        return codes

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)


def coded(codes: NDArray[Any], texts: Iterable[str]) -> pa.DictionaryArray:
    """A column of texts (n,): for each code the text at that place."""
    once = pa.array(texts, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(once.indices.take(pa.array(codes.astype(np.int32))), once.dictionary)


class Parts:
    """Rows put aside in parts by their field `person`, a place among so many `people`: each part has all of some."""

    def __init__(self, shape: np.dtype[Any], folder: Path, *, people: int) -> None:
        self.shape, self._each = shape, max(1, -(-people // PARTS))
        self._files: list[IO[bytes]] = [tempfile.TemporaryFile(dir=folder) for _ in range(PARTS)]  # noqa: SIM115

    def add(self, **columns: NDArray[Any]) -> None:
        """Put rows with these columns aside, without those that are nobody's (-1)."""
        rows = np.empty(len(columns["person"]), dtype=self.shape)
        for name, values in columns.items():
            rows[name] = values
        somebody = np.flatnonzero(rows["person"] >= 0)
        part = (rows["person"].take(somebody) // self._each).astype(np.uint8)
        rows = rows.take(somebody.take(np.argsort(part, kind="stable")))
        ends = np.cumsum(np.bincount(part, minlength=PARTS))
        for file, start, end in zip(self._files, np.r_[0, ends[:-1]], ends, strict=True):
            rows[start:end].tofile(file)

    def __iter__(self) -> Iterator[Records]:
        """The parts in the order of people, small ones several at once; what was read is gone from the disk then."""
        held: list[Records] = []
        for number, file in enumerate(self._files, 1):
            with file:
                file.seek(0)
                held.append(np.fromfile(file, dtype=self.shape))
            if sum(map(len, held)) >= SMALL or number == PARTS:
                yield np.concatenate(held)
                held = []


def last_of_each(rows: Records, by: NDArray[Any]) -> Records:
    """Of the rows that agree in `person` and in `by` (n,), the last by `day`, then `id`; in order of the two.

    `by` are whole numbers from 0.
    """
    if not len(rows):
        return rows
    person = rows["person"].astype(np.int64)
    wide = int(by.max()) + 1
    cell = (person - person.min()) * wide + by
    cells = int(cell.max()) + 1
    if cells > 8 * len(rows):
        kept, cell = np.unique(cell, return_inverse=True)
        cells = len(kept)
    when = _in_time(rows)
    latest = np.full(cells, -1, dtype=np.int64)
    np.maximum.at(latest, cell, when)
    last = np.flatnonzero(latest.take(cell) == when)
    place = np.full(cells, -1, dtype=np.int64)
    place[cell.take(last)] = last
    return rows.take(place[place >= 0])


def _in_time(rows: Records) -> Numbers:
    """A number for each row, the greater the later it is by `day`, then `id`, which no two share."""
    day, number = rows["day"].astype(np.int64), rows["id"].astype(np.int64)
    wide = int(number.max()) - int(number.min()) + 1
    if (int(day.max()) - int(day.min()) + 1) * wide < 2**63:
        moments: Numbers = (day - day.min()) * wide + (number - number.min())
        return moments
    places = np.empty(len(rows), dtype=np.int64)
    places[np.lexsort((number, day))] = np.arange(len(rows))
    return places


def write_table(path: Path, name: str, batches: Iterable[Mapping[str, pa.Array]]) -> int:
    """Write a table of the extract from columns in pieces; returns how many rows it has.

    Raises `KeyError` where a piece lacks a column.
    """
    schema, rows = TABLES[name], 0
    stored = pa.schema([(each.name, _coded(each.type)) for each in schema])
    with pq.ParquetWriter(
        path, stored, compression="snappy", use_dictionary=_texts_of(stored), store_schema=False
    ) as writer:
        for columns in batches:
            piece = pa.table({each.name: _as(columns[each.name], each.type) for each in stored}, schema=stored)
            writer.write_table(piece, row_group_size=1 << 20)
            rows += piece.num_rows
    return rows


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind) and not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return column.cast(kind)


def _texts_of(schema: pa.Schema) -> list[str]:
    """Paths of the columns whose values come again and again."""
    lists = [f"{each.name}.list.element" for each in schema if pa.types.is_list(each.type)]
    return [*lists, *(each.name for each in schema if pa.types.is_dictionary(each.type))]


def _coded(kind: pa.DataType) -> pa.DataType:
    return pa.dictionary(pa.int32(), pa.string()) if kind == pa.string() else kind
