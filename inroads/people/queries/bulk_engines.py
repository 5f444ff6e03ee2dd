"""How PostgreSQL and SQLite put a block of rows into a few long values, and what is read from these again.

The two ask for a table in blocks in the order in which its rows lie on the disk, so that each part of it is read once.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

import numpy as np
import psycopg
import pyarrow as pa
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray

Kind = Literal["id", "number", "day", "text", "words"]
Column = NDArray[Any] | pa.DictionaryArray
Block = dict[str, Column]

SEPARATOR = b"\x1f"
EPOCH = date(1970, 1, 1)
NOTHING = -1
_EARLIEST = date(1, 1, 1)
NO_DAY = (_EARLIEST - EPOCH).days
PAGES = 4_000
"""Pages of a block on PostgreSQL: 32 MB of a table."""
ROWS = 100_000
"""Rows of a block on SQLite, at most."""


@dataclass(frozen=True)
class Place:
    """Where a block lies: a condition and its values."""

    where: str
    params: tuple[Any, ...]


class Engine(Protocol):
    """What both can do."""

    def readers(self, model: BaseDatabaseWrapper, number: int, left: ExitStack) -> list[BaseDatabaseWrapper]:
        """So many connections of their own that see one moment, closed when all is left."""

    def places(self, at: BaseDatabaseWrapper, table: str) -> Iterator[Place]:
        """The blocks of a table."""

    def fetch(
        self, at: BaseDatabaseWrapper, sql: str, params: Sequence[Any], kinds: Sequence[Kind]
    ) -> tuple[int, list[bytes]]:
        """How many rows the query `sql` has, and their columns in long values."""

    def parsed(self, count: int, values: list[bytes], kinds: Sequence[Kind]) -> list[Column]:
        """The columns in what `fetch` found."""


def engine_of(at: BaseDatabaseWrapper) -> Engine:
    """The one of the two that a connection speaks to. Raises `NotImplementedError` for any other database."""
    if at.vendor == "postgresql":
        return Postgres()
    if at.vendor == "sqlite":
        return Sqlite()
    raise NotImplementedError(f"{at.vendor}: only PostgreSQL and SQLite are read in blocks")


def joined(columns: list[Any], kind: Kind) -> Any:
    """The columns of several blocks, one after the other; texts as they are."""
    if kind in ("text", "words"):
        return pa.concat_arrays([pa.array([], pa.string()), *(each.dictionary_decode() for each in columns)])
    return np.concatenate([np.empty((0, 2), np.uint64) if kind == "id" else np.empty(0, np.int64), *columns])


def _around(sql: str, kinds: Sequence[Kind], given: Sequence[str]) -> str:
    names = ", ".join(_names(kinds))
    return f"WITH few ({names}) AS ({sql}) SELECT count(*), {', '.join(given)} FROM few"  # noqa: S608 - written by the ORM


def _names(kinds: Sequence[Kind]) -> list[str]:
    return [f"c{number}" for number in range(len(kinds))]


class Postgres:
    """Ids, numbers and days of a row go as their bytes, one row after the other; each column of texts by itself."""

    _FIXED = {
        "id": ("uuid_send(coalesce({0}, '00000000-0000-0000-0000-000000000000'))", ("u8", (2,))),
        "number": ("int8send(coalesce({0}, -1)::bigint)", ">i8"),
        "day": ("date_send(coalesce({0}, '0001-01-01'))", ">i4"),
    }
    _SENT_FROM = (date(2000, 1, 1) - EPOCH).days

    def readers(self, model: BaseDatabaseWrapper, number: int, left: ExitStack) -> list[BaseDatabaseWrapper]:
        found, moment = [], None
        for _ in range(number):
            found.append(each := _another(model, left))
            with each.cursor() as cursor:
                cursor.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                if moment is None:
                    cursor.execute("SELECT pg_export_snapshot()")
                    (moment,) = cursor.fetchone()
                else:
                    cursor.execute("SET TRANSACTION SNAPSHOT %s", (moment,))
        return found

    def places(self, at: BaseDatabaseWrapper, table: str) -> Iterator[Place]:
        with at.cursor() as cursor:
            cursor.execute(
                "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int", (f'"{table}"',)
            )
            (pages,) = cursor.fetchone()
        where = f'"{table}".ctid >= %s::tid AND "{table}".ctid < %s::tid'
        return (Place(where, (f"({first},0)", f"({first + PAGES},0)")) for first in range(0, pages, PAGES))

    def fetch(
        self, at: BaseDatabaseWrapper, sql: str, params: Sequence[Any], kinds: Sequence[Kind]
    ) -> tuple[int, list[bytes]]:
        named = list(zip(_names(kinds), kinds, strict=True))
        fixed = [self._FIXED[kind][0].format(name) for name, kind in named if kind in self._FIXED]
        given = [f"string_agg({' || '.join(fixed)}, '')"] if fixed else []
        for name, kind in named:
            if kind == "text":
                given.append(f"string_agg(coalesce({name}, ''), E'\\x1f')")
            elif kind == "words":
                given.append(f"string_agg(translate(coalesce({name}::text, ''), E'\\x1f', ' '), E'\\x1f')")
        at.ensure_connection()
        written = psycopg.ClientCursor(at.connection).mogrify(_around(sql, kinds, given), params)
        with psycopg.Cursor(at.connection) as cursor:
            cursor.execute(written.encode(), binary=True)
            # As bytes: to make texts of them, only to take these apart again, would take as long as all the rest.
            found = cursor.pgresult
            count = int.from_bytes(found.get_value(0, 0), "big")
            return count, [found.get_value(0, column) or b"" for column in range(1, found.nfields)]

    def parsed(self, count: int, values: list[bytes], kinds: Sequence[Kind]) -> list[Column]:
        shape = [(name, *_form(self._FIXED[kind][1])) for name, kind in zip(_names(kinds), kinds, strict=True)
                 if kind in self._FIXED]  # fmt: skip
        left = iter(values)
        rows = np.frombuffer(next(left), dtype=np.dtype(shape)) if shape else np.empty(0)
        found: list[Column] = []
        for name, kind in zip(_names(kinds), kinds, strict=True):
            if kind == "id":
                found.append(rows[name])
            elif kind in self._FIXED:
                found.append(rows[name].astype(np.int64) + (self._SENT_FROM if kind == "day" else 0))
            else:
                found.append(_texts(next(left), count))
        return found


def _form(kind: str | tuple[str, tuple[int, ...]]) -> tuple[Any, ...]:
    return kind if isinstance(kind, tuple) else (kind,)


class Sqlite:
    """Every column by itself: ids as their digits, days as they are kept, numbers with spaces between them."""

    _GIVEN = {
        "id": "group_concat(coalesce({0}, '00000000000000000000000000000000'), '')",
        "number": "group_concat(coalesce({0}, -1), ' ')",
        "day": "group_concat(coalesce({0}, '0001-01-01'), '')",
        "text": "group_concat(coalesce({0}, ''), char(31))",
        "words": "group_concat(replace(coalesce({0}, ''), char(31), ' '), char(31))",
    }

    def readers(self, model: BaseDatabaseWrapper, number: int, left: ExitStack) -> list[BaseDatabaseWrapper]:
        with ExitStack() as still:
            holder = _another(model, still)
            # Nobody writes until all have begun to read.
            holder.connection.execute("BEGIN IMMEDIATE")
            found = [_another(model, left) for _ in range(number)]
            for each in found:
                each.connection.text_factory = bytes
                each.connection.execute("BEGIN")
                each.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            holder.connection.execute("ROLLBACK")
        return found

    def places(self, at: BaseDatabaseWrapper, table: str) -> Iterator[Place]:
        with at.cursor() as cursor:
            cursor.execute(f'SELECT coalesce(min(rowid), 0), coalesce(max(rowid), -1) FROM "{table}"')  # noqa: S608 - a model's
            first, last = cursor.fetchone()
        where = f'"{table}".rowid >= %s AND "{table}".rowid < %s'
        return (Place(where, (start, start + ROWS)) for start in range(first, last + 1, ROWS))

    def fetch(
        self, at: BaseDatabaseWrapper, sql: str, params: Sequence[Any], kinds: Sequence[Kind]
    ) -> tuple[int, list[bytes]]:
        given = [self._GIVEN[kind].format(name) for name, kind in zip(_names(kinds), kinds, strict=True)]
        with at.cursor() as cursor:
            cursor.execute(_around(sql, kinds, given), params)
            count, *values = cursor.fetchone()
        return count, [each.encode() if isinstance(each, str) else each or b"" for each in values]

    def parsed(self, count: int, values: list[bytes], kinds: Sequence[Kind]) -> list[Column]:
        return [_parsed_text(value, count, kind) for value, kind in zip(values, kinds, strict=True)]


def _parsed_text(value: bytes, count: int, kind: Kind) -> Column:
    if kind == "id":
        return np.frombuffer(bytes.fromhex(value.decode("ascii")), dtype=np.uint64).reshape(-1, 2)
    if kind == "number":
        return np.fromstring(value.decode("ascii"), dtype=np.int64, sep=" ") if value else np.empty(0, dtype=np.int64)
    if kind == "day":
        ends = np.arange(0, 10 * count + 1, 10, dtype=np.int32)
        days = pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(value))
        return days.cast(pa.date32()).cast(pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64)
    return _texts(value, count)


def _texts(value: bytes, count: int) -> pa.DictionaryArray:
    """Texts (count,) that stand one after the other with a separator between them."""
    value += SEPARATOR if count else b""
    ends = np.flatnonzero(np.frombuffer(value, dtype=np.uint8) == SEPARATOR[0])
    if len(ends) != count:
        raise ValueError(f"a text of {count:,} rows has a separator in it: expected ids of definitions; look for it")
    starts = np.zeros(count + 1, dtype=np.int32)
    starts[1:] = ends + 1
    # Each still with its separator: few are different, and only these lose it.
    found = pa.StringArray.from_buffers(count, pa.py_buffer(starts), pa.py_buffer(value)).dictionary_encode()
    plain = [each[:-1] for each in found.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(found.indices, pa.array(plain, pa.string()))


def _another(model: BaseDatabaseWrapper, left: ExitStack) -> BaseDatabaseWrapper:
    """A connection of its own to the same database, for any thread, closed when all is left."""
    made = model.copy()
    made.inc_thread_sharing()
    left.callback(made.close)
    made.connect()
    return made
