"""The extract of people's records: tables about people without names, which only counting behind the one door reads.

Whoever an answer is of is a random number, drawn anew each time the extract is made; no one keeps which number was
whose. Rows stand in the order of these numbers, so that no order says anything either. The folder is built and
replaced as `store` does it, and only the owner of the service's files can open it.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from inroads.analytics import store as stores

MANIFEST = stores.MANIFEST
_PERSON, _TEXT, _DAY = ("person", pa.int64()), pa.string(), pa.date32()
TABLES: dict[str, pa.Schema] = {
    # One row a person. `system` is the widest organisation within which help is looked for, `organisation` who knows
    # them; both are ids. `neighbourhood` is an LSOA of 2021, "" where unknown. `age_band` is one of `AGE_BANDS`, by
    # the age on the day the extract is up to. `communities` are ids as the person last told them. `language` is the
    # id of a language, "other" for one that is not among the definitions, "" where none was told.
    "people": pa.schema(
        [
            _PERSON,
            ("system", _TEXT),
            ("organisation", _TEXT),
            ("neighbourhood", _TEXT),
            ("age_band", _TEXT),
            ("communities", pa.list_(_TEXT)),
            ("language", _TEXT),
        ]
    ),
    # The last answer of each person to each barrier that says something; "not asked" takes the place of none.
    # `asked_of` is "person" or "staff": some barriers lie with staff. `written_on` is when somebody wrote it down, by
    # which it falls into a release: what was said on paper may be keyed in weeks later.
    "answers": pa.schema(
        [
            _PERSON,
            ("topic", _TEXT),
            ("asked_of", _TEXT),
            ("answer", _TEXT),
            ("channel", _TEXT),
            ("said_by", _TEXT),
            ("said_on", _DAY),
            ("written_on", _DAY),
        ]
    ),
    # The last choice of each person at each stage. `way` is "" and `digital` null where nothing is chosen yet.
    "choices": pa.schema(
        [
            _PERSON,
            ("pathway", _TEXT),
            ("stage", pa.int64()),
            ("way", _TEXT),
            ("digital", pa.bool_()),
            ("channel", _TEXT),
            ("said_on", _DAY),
            ("written_on", _DAY),
        ]
    ),
    # Every referral, where it stood. `answer` is what the person said last about whether it helped, "" for nothing.
    "referrals": pa.schema(
        [
            _PERSON,
            ("touchpoint", _TEXT),
            ("service", _TEXT),
            ("help", _TEXT),
            ("state", _TEXT),
            ("answer", _TEXT),
            ("since", _DAY),
        ]
    ),
    # Everything lent to a person. `ended_on` is null and `ended_how` "" while they have it.
    "loans": pa.schema(
        [_PERSON, ("kind", _TEXT), ("lent_on", _DAY), ("ended_on", _DAY), ("ended_how", _TEXT)],
    ),
}
AGE_BANDS = {"0_15": 0, "16_24": 16, "25_44": 25, "45_64": 45, "65_74": 65, "75_plus": 75}
"""Each with the youngest age in it, in years. "" stands for an age that is not known."""
READING = {"autoinstall_known_extensions": False, "autoload_known_extensions": False, "memory_limit": "2GB"}


@dataclass(frozen=True)
class Extract:
    """One extract, open for counting: it stays as it is, whatever is built meanwhile, until it is closed or let go."""

    until: date
    made_at: datetime
    rows: dict[str, int]
    folder: Path
    _held: IO[bytes]
    _tables: Any

    def table(self, name: str) -> ir.Table:
        """One of `TABLES`, read by DuckDB from its file as it is needed. Raises `KeyError` for any other name."""
        TABLES[name]
        found: ir.Table = self._tables.table(name)
        return found

    @contextmanager
    def worked_out(self, expression: ir.Table) -> Iterator[ir.Table]:
        """The rows of an expression, worked out once, for others that build on them.

        Ibis' own `cache` sends DuckDB a DROP without a name (12.0 with sqlglot 30.30), so the table is dropped here.
        """
        name = f"worked_out_{secrets.token_hex(6)}"
        table: ir.Table = self._tables.create_table(name, expression, temp=True)
        try:
            yield table
        finally:
            self._tables.raw_sql(f"DROP TABLE {name}")

    def close(self) -> None:
        """Let go of the files."""
        self._tables.disconnect()
        self._held.close()

    def __enter__(self) -> "Extract":
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()


def open_extract(store: Path) -> Extract | None:
    """The extract as it was last made, or None where none was. Raises `StoreError` where it is damaged."""
    for _ in range(5):
        generation = stores.current(store)
        if generation is None:
            return None
        folder = stores.generation_folder(store, generation)
        try:
            held = _hold(folder)
        except FileNotFoundError as problem:
            if stores.current(store) == generation:
                raise _damaged(folder, problem) from problem
            continue  # another one took its place meanwhile
        try:
            return _open(folder, held)
        except BaseException:
            held.close()
            raise
    raise _damaged(store, OSError("the extract was replaced again and again while it was opened"))


def _open(folder: Path, held: IO[bytes]) -> Extract:
    try:
        content = json.load(held)
        until, made_at = date.fromisoformat(content["until"]), datetime.fromisoformat(content["made_at"])
        rows = {name: int(content["rows"][name]) for name in TABLES}
        # What does not fit into memory while somebody counts goes beside the tables, where nobody else can read it.
        tables: Any = ibis.duckdb.connect(threads=2, temp_directory=str(folder / "counting"), **READING)
        for name in TABLES:
            path = folder / f"{name}.parquet"
            if not path.is_file():
                raise FileNotFoundError(f"{path.name} is not there")
            tables.read_parquet(path, table_name=name)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as problem:
        raise _damaged(folder, problem) from problem
    return Extract(until, made_at, rows, folder, held, tables)


def _hold(folder: Path) -> IO[bytes]:
    """The open manifest of a generation, marked as being read as long as it is open."""
    held = (folder / MANIFEST).open("rb")
    try:
        fcntl.flock(held, fcntl.LOCK_SH)
        if os.fstat(held.fileno()).st_nlink == 0:
            raise FileNotFoundError(f"{folder} was removed")
    except BaseException:
        held.close()
        raise
    return held


@contextmanager
def building(store: Path, *, until: date, say: Callable[[str], None] = lambda text: None) -> Iterator["Building"]:
    """A folder in which the tables are written; when all is well at the end, they are what readers get from then on.

    One at a time: a second one waits. Whatever goes wrong before the end leaves the extract before it.
    """
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    store.chmod(0o700)
    with stores.locked(store, say=say), stores.staging(store) as place:
        place.chmod(0o700)
        built = Building(place, until, f"{until.isoformat()}-{secrets.token_hex(6)}")
        yield built
        missing = [name for name in TABLES if name not in built.rows]
        if missing:
            raise ValueError(f"building: the tables {', '.join(missing)} were not written")
        try:
            before = stores.current(store)
        except stores.StoreError:
            before = None
        content = {
            "generation": built.generation,
            "until": until.isoformat(),
            "made_at": datetime.now(UTC).isoformat(),
            "rows": built.rows,
            "tables": [],
        }
        for path in place.iterdir():
            path.chmod(0o600)
        stores.publish(store, place, generation=built.generation, content=content)
        _make_private(store)
        if before not in (None, built.generation):
            _remove_unless_read(stores.generation_folder(store, str(before)))


@dataclass
class Building:
    """An extract that is being made: write each table to `path(name)` and say how many rows it has in `rows`."""

    folder: Path
    until: date
    generation: str

    def __post_init__(self) -> None:
        self.rows: dict[str, int] = {}

    def path(self, name: str) -> Path:
        """Where the file of a table is to be. Raises `KeyError` for a name that is none of `TABLES`."""
        TABLES[name]
        return self.folder / f"{name}.parquet"


def _make_private(store: Path) -> None:
    """Nobody but the owner opens anything here; the folder above was closed to others before anything was in it."""
    for path in store.rglob("*"):
        with suppress(FileNotFoundError):
            path.chmod(0o700 if path.is_dir() else 0o600)


def _remove_unless_read(folder: Path) -> None:
    """The extract before is removed at once, unless somebody is counting in it: then with the one after."""
    with suppress(OSError), (folder / MANIFEST).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        (folder / MANIFEST).unlink()
        shutil.rmtree(folder, ignore_errors=True)


def _damaged(folder: Path, problem: Exception) -> stores.StoreError:
    why = problem.strerror or str(problem) if isinstance(problem, OSError) else f"{type(problem).__name__}: {problem}"
    return stores.StoreError(
        f"{folder}: the extract in this folder is missing or damaged ({' '.join(why.split())[:120]}), expected the "
        "tables about people that were made last: delete the folder and have the extract made again."
    )
