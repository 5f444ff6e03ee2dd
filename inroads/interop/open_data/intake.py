"""Taking published files in: all of a call, or nothing of it."""

import errno
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from inroads.analytics import schema
from inroads.analytics import store as stores
from inroads.analytics.published import Dataset, dataset_of, is_whole
from inroads.interop.open_data import checks, codes, files, postcodes, read_csv, read_geojson
from inroads.interop.open_data.areas import NEIGHBOURHOODS_FROM
from inroads.interop.open_data.build import VERSION, Tables, build
from inroads.interop.open_data.embedded import add_embedded
from inroads.interop.open_data.outcome import Outcome, described, manifest, said_left_alone
from inroads.interop.open_data.problems import FileError, IntakeError, NotRecognisedError, printable
from inroads.interop.open_data.recognise import LINE
from inroads.interop.open_data.walk import Walked, walk
from inroads.reference import definitions
from inroads.reference.definitions.figures import Group, Indicator, Source

__all__ = ["IntakeError", "Outcome", "add", "add_embedded"]
_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


@dataclass(frozen=True)
class _Entry:
    """One accepted file: what is said about it, the name of its table, and where that table lies now."""

    dataset: Dataset
    table: str
    path: Path


def add(paths: Iterable[Path], *, store: Path, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Take in files, and folders with all that is below them.

    Raises `IntakeError`, with one sentence per file, and changes nothing when any file is not right.
    """
    walked = walk(paths)
    if walked.problems:
        raise IntakeError(walked.problems)
    try:
        return _add(walked, store, lambda line: say(printable(line)))
    except OSError as error:
        raise IntakeError([_stopped(error, store)]) from error


def _stopped(error: OSError, store: Path) -> str:
    """Why a load could not be finished, in one sentence."""
    if isinstance(error, stores.StoreError):
        return str(error)
    if error.errno in _FULL:
        why, remedy = "there is no room left on the disk", "make room and load again"
    elif isinstance(error, PermissionError):
        why, remedy = "writing here is not allowed", "let the account that runs this write in the folder and load again"
    else:
        why, remedy = error.strerror or str(error), "check the folder and load again"
    return f"{store}: the load was stopped because {why}; nothing was changed: {remedy}."


def _add(walked: Walked, store: Path, say: Callable[[str], None]) -> Outcome:
    with stores.locked(store, say=say), stores.staging(store) as staging:
        held, lost = _held(store, say)
        staged, unchanged, passed_by = _read_all(walked.found, held, staging, say)
        left_alone = [*walked.left_alone, *passed_by]
        _refuse_lost(lost, staged)
        entries = _together(held, staged)
        entries = _checked(entries, {entry.table for entry in staged})
        generation, changed = _publish(store, staging, entries, say)
        added = {entry.table for entry in staged}
        for line in said_left_alone(left_alone):
            say(line)
        return Outcome(
            generation=generation,
            changed=changed,
            added=tuple(dataset for dataset, table in _datasets(store) if table in added),
            unchanged=tuple(unchanged),
            left_alone=tuple(left_alone),
        )


def _read_all(
    named: list[tuple[Path, bool]], held: list[_Entry], staging: Path, say: Callable[[str], None]
) -> tuple[list[_Entry], list[str], list[tuple[str, str]]]:
    sources = definitions.load(Source)
    known = {entry.dataset.sha256: entry for entry in held}
    staged: dict[str, _Entry] = {}
    problems, unchanged, left_alone = [], [], []
    for path, alone in named:
        try:
            sha256 = files.fingerprint(path)
            before = known.get(sha256)
            if before and before.table == _table_name(sources[before.dataset.source_id], sha256):
                unchanged.append(str(path))
                continue
            entry = _read_one(path, sources, staging)
            twin = next((other for other in staged.values() if _replaces(sources, entry, other)), None)
            if twin and twin.table != entry.table:
                raise FileError(
                    f"{path}: this is '{entry.dataset.title}', and so is {twin.dataset.file_name} in the same load; "
                    "expected one of them: choose which."
                )
        except NotRecognisedError as problem:
            if alone:
                problems.append(str(problem))
            else:
                left_alone.append((str(path), str(problem).removeprefix(f"{path}: ")))
        except FileError as problem:
            problems.append(str(problem))
        else:
            staged[entry.table] = entry
            say(f"Read {path.name}: {entry.dataset.title}, {entry.dataset.rows:,} rows.")
    if problems:
        raise IntakeError(problems)
    return list(staged.values()), unchanged, left_alone


def _read_one(path: Path, sources: Mapping[str, Source], staging: Path) -> _Entry:
    content = files.read(path)
    sha256 = content.sha256
    reader = read_geojson if content.text.lstrip()[:1] == b"{" else read_csv
    found = reader.read(content, sources)
    source, table = found.source, found.table
    notes = [*content.notes, *found.notes, *([source.caveat] if source.caveat else [])]
    del content  # the text of a postcode file is larger than all the rest together
    passed = [*found.checks, *checks.within(source, table, path)]
    name = _table_name(source, sha256)
    pq.write_table(table, staging / name, compression="zstd")
    dataset = described(
        source,
        rows=table.num_rows,
        file_name=printable(path.name),
        sha256=sha256,
        checks=passed,
        notes=notes,
    )
    return _Entry(dataset, name, staging / name)


def _table_name(source: Source, sha256: str) -> str:
    """Of the file and of how it is read: the same file read by another definition is another table."""
    digest = hashlib.sha256(f"{sha256}\n{VERSION}\n{source!r}".encode()).hexdigest()
    return f"{source.id}-{digest[:12]}.parquet"


def _replaces(sources: Mapping[str, Source], new: _Entry, old: _Entry) -> bool:
    """Whether two files of a source stand for the same: always, or, where several may lie side by side, by key."""
    if new.dataset.source_id != old.dataset.source_id:
        return False
    source = sources[new.dataset.source_id]
    if not source.several:
        return True
    keys = [pq.read_table(entry.path, columns=list(source.key)) for entry in (new, old)]
    return bool(keys[0].join(keys[1], keys=list(source.key), join_type="inner").num_rows)


def _together(held: list[_Entry], staged: Sequence[_Entry]) -> list[_Entry]:
    sources = definitions.load(Source)
    kept = [old for old in held if not any(_replaces(sources, new, old) for new in staged)]
    return sorted([*kept, *staged], key=lambda entry: entry.table)


def _checked(entries: list[_Entry], fresh: set[str]) -> list[_Entry]:
    """Entries with the checks that need other tables: every code against all the files now at hand."""
    sources = definitions.load(Source)
    problems, passed = [], []
    read: list[tuple[_Entry, codes.File, list[codes.Listing]]] = []
    for entry in entries:
        source, name = sources[entry.dataset.source_id], entry.dataset.file_name
        held = set(pq.read_schema(entry.path).names)
        # Without columns a table would have no rows to count.
        columns = [column for column in (*codes.coded(source), LINE) if column in held]
        table = pq.read_table(entry.path, columns=columns or None)
        listed = codes.listings(source, table, name=entry.table, file=name, held=entry.table not in fresh)
        read.append((entry, codes.File(source, table, Path(name)), listed))
    register = codes.Register(listing for *_, listed in read for listing in listed)
    for entry, file, listed in read:
        try:
            # Codes first: those of another vintage say more than another number of rows.
            compared = register.compare(listed, file)
            said = checks.rows_as_published(file.source, file.table.num_rows, file.path) + compared
        except FileError as problem:
            problems.append(str(problem) if entry.table in fresh else f"{problem} (This file was loaded before.)")
            continue
        data = entry.dataset
        kept = [line for line in data.checks if line not in said and not line.startswith(codes.COMPARED_BY)]
        passed.append(_Entry(Dataset(**{**vars(data), "checks": (*kept, *said)}), entry.table, entry.path))
    if problems:
        raise IntakeError(problems)
    return passed


def _publish(store: Path, staging: Path, entries: list[_Entry], say: Callable[[str], None]) -> tuple[str, bool]:
    shapes = [definitions.load(shape) for shape in (Source, Indicator, Group)]
    locators = postcodes.installed()
    parts = [*(repr(shape) for shape in shapes), *(f"{each.package} {each.version}" for each in locators)]
    signature = "\n".join([VERSION, *parts, *(entry.table for entry in entries)])
    generation = hashlib.sha256(signature.encode()).hexdigest()[:16]
    if is_whole(store) and stores.current(store) == generation:
        put_back = _move(store, staging, entries)
        say("The damaged tables were put back." if put_back else "Already loaded: nothing has changed.")
        return generation, put_back > 0
    if not entries:
        raise IntakeError(["No published file was found among these; expected CSV or GeoJSON of a known source."])
    say(f"Building the tables of {len(entries)} files …")
    sources, indicators, groups = shapes
    built = build(_tables(entries), sources=sources, indicators=indicators, groups=groups, locators=locators)
    if not len(built.neighbourhoods["code"]):
        raise IntakeError([_no_neighbourhoods(sources)])
    folder = staging / "generation"
    folder.mkdir()
    schema.write(
        folder, neighbourhoods=built.neighbourhoods, summaries=built.summaries, assets=built.assets, rings=built.rings
    )
    _move(store, staging, entries)
    datasets = [
        Dataset(**{
            **vars(entry.dataset),
            "notes": tuple(dict.fromkeys([*entry.dataset.notes, *built.notes.get(entry.dataset.source_id, [])])),
            "feeds": built.feeds[entry.dataset.source_id],
        })
        for entry in entries
    ]  # fmt: skip
    content = manifest(
        generation, datasets=datasets, areas=built.areas, tables=[entry.table for entry in entries],
        own_notes=[list(entry.dataset.notes) for entry in entries],
    )  # fmt: skip
    stores.publish(store, folder, generation=generation, content=content)
    say(f"Loaded: {len(built.neighbourhoods['code']):,} neighbourhoods, {len(entries)} files.")
    return generation, True


def _move(store: Path, staging: Path, entries: list[_Entry]) -> int:
    """Put new tables beside those that are held, and say how many they are."""
    fresh = [entry for entry in entries if entry.path.parent == staging]
    if fresh:
        (store / "tables").mkdir(exist_ok=True)
    for entry in fresh:
        entry.path.rename(store / "tables" / entry.table)
    return len(fresh)


def _no_neighbourhoods(sources: Mapping[str, Source]) -> str:
    missing = " or ".join(f"'{sources[name].title}' ({name})" for name in NEIGHBOURHOODS_FROM)
    return (
        f"These files name no neighbourhoods to show figures for: expected one of {missing} as well: add it in the "
        "same load. What was shown before stays."
    )


def _held(store: Path, say: Callable[[str], None]) -> tuple[list[_Entry], list[_Entry]]:
    """The files of the current generation, and those whose table can no longer be read; none of the demonstration."""
    try:
        content = stores.manifest(store)
        if content is None or content["demonstration"]:
            return [], []
        found = [
            _Entry(dataset_of({**data, "notes": notes}), table, store / "tables" / table)
            for data, table, notes in zip(content["datasets"], content["tables"], content["own_notes"], strict=True)
        ]
    except stores.StoreError as problem:
        say("What was loaded before is lost, so figures are built from the files of this load alone.")
        say(str(problem))
        return [], []
    except (KeyError, TypeError, ValueError):
        say("What was loaded before is lost (its manifest is damaged): figures are built from this load alone.")
        return [], []
    sources = definitions.load(Source)
    found = [entry for entry in found if entry.dataset.source_id in sources]
    lost = [entry for entry in found if not _is_readable(entry.path)]
    for entry in lost:
        say(f"{entry.path}: this table of {entry.dataset.title} is missing or damaged: its file is read again.")
    return [entry for entry in found if entry not in lost], lost


def _is_readable(path: Path) -> bool:
    """Read through in pieces: damage in the middle of a table does not show at its end."""
    try:
        with pq.ParquetFile(path) as file:
            for _ in file.iter_batches(use_threads=False):
                pass
    except (OSError, ValueError, pa.ArrowException):
        return False
    return True


def _refuse_lost(lost: list[_Entry], staged: Sequence[_Entry]) -> None:
    """A table that cannot be read must be offered again, or its figures would quietly go. Raises `IntakeError`."""
    sources = definitions.load(Source)
    problems = []
    for entry in lost:
        data = entry.dataset
        offered = [new.dataset for new in staged if new.dataset.source_id == data.source_id]
        if sources[data.source_id].several:
            offered = [new for new in offered if data.sha256 == new.sha256 or data.file_name == new.file_name]
        if not offered:
            problems.append(
                f"{entry.path}: the table kept of '{data.title}' ({data.source_id}) is missing or damaged; expected "
                f"its file ({data.file_name}) in this load: add it as well. Nothing was changed."
            )
    if problems:
        raise IntakeError(problems)


def _datasets(store: Path) -> list[tuple[Dataset, str]]:
    content = stores.manifest(store) or {"datasets": [], "tables": []}
    return [(dataset_of(data), table) for data, table in zip(content["datasets"], content["tables"], strict=False)]


def _tables(entries: Iterable[_Entry]) -> Tables:
    paths: dict[str, list[Path]] = {}
    for entry in entries:
        paths.setdefault(entry.dataset.source_id, []).append(entry.path)
    return Tables(paths)
