"""Very many rows at once, column by column: the database puts a block of rows into a few long values.

Row by row, Python needs longer for a row than the database does. So each block is asked for as one row of aggregates:
ids and numbers end to end, texts with a separator between them. Several connections read blocks at the same time, and
all of them see the database as it was at one moment.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from queue import SimpleQueue
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from inroads.people.queries.bulk_engines import Block, Kind, Place, engine_of, joined

READERS = 2


class Snapshot:
    """The database as it was at one moment, read by one connection or by several at once."""

    def __init__(self, connections: list[BaseDatabaseWrapper], pool: ThreadPoolExecutor | None) -> None:
        self._free: SimpleQueue[BaseDatabaseWrapper] = SimpleQueue()
        for each in connections:
            self._free.put(each)
        self._pool = pool

    def blocks(self, rows: QuerySet, columns: Mapping[str, Kind]) -> Iterator[Block]:
        """All `rows`, block by block, as the columns named: fields or annotations, each with its kind.

        id
            (n, 2): the 16 bytes of each id, as two numbers; zeros where there is none.
        number
            Whole numbers, `NOTHING` where there is none.
        day
            Days since 1970; `NO_DAY` where there is none.
        text
            Ids of definitions and the like, "" where there is none. Raises `ValueError` for a separator within one.
        words
            Any text, "" where there is none; a separator within it has become a space.

        A block may be empty. Rows come in no order.
        """
        rows = rows.order_by().values_list(*columns)
        with self._borrowed() as at:
            places = engine_of(at).places(at, rows.model._meta.db_table)
        if self._pool is None:
            yield from (self._read(rows, columns, place) for place in places)
            return
        waiting: deque[Future[Block]] = deque()
        try:
            for place in places:
                waiting.append(self._pool.submit(self._read, rows, columns, place))
                if len(waiting) > 2 * READERS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for each in waiting:
                each.cancel()

    def together(self, rows: QuerySet, columns: Mapping[str, Kind]) -> dict[str, Any]:
        """As `blocks`, for few rows: all in one, texts as they are."""
        blocks = list(self.blocks(rows, columns))
        return {name: joined([each[name] for each in blocks], kind) for name, kind in columns.items()}

    def _read(self, rows: QuerySet, columns: Mapping[str, Kind], place: Place) -> Block:
        with self._borrowed() as at:
            engine = engine_of(at)
            part = rows.extra(where=[place.where], params=list(place.params))  # noqa: S610 - written in bulk_engines
            sql, params = part.query.get_compiler(connection=at).as_sql()
            count, values = engine.fetch(at, sql, params, list(columns.values()))
            found = engine.parsed(count, values, list(columns.values()))
        return dict(zip(columns, found, strict=True))

    @contextmanager
    def _borrowed(self) -> Iterator[BaseDatabaseWrapper]:
        taken = self._free.get()
        try:
            yield taken
        finally:
            self._free.put(taken)


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """The database at this moment. Within a transaction: what that sees, through its own connection alone."""
    if connection.in_atomic_block:
        yield Snapshot([connection], None)
        return
    with ExitStack() as left:
        readers = engine_of(connection).readers(connection, READERS, left)
        yield Snapshot(readers, left.enter_context(ThreadPoolExecutor(READERS, thread_name_prefix="reading")))
