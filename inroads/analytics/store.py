"""The folder that holds published tables: one file per accepted input, generations built from them, one pointer.

    tables/<source>-<first 12 of sha256>.parquet    an accepted file, normalised, never changed again
    generations/<id>/                               derived tables and manifest.json, never changed again
    current                                         the id of the generation that pages read

A generation is built in a folder of its own and becomes visible by one rename and one replaced pointer, so a reader
sees either the old figures or the new ones, whatever happens in between.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
_KEYS = ("generation", "demonstration", "notes", "tables", "datasets", "areas")
_GENERATION = re.compile(r"[A-Za-z0-9._-]{1,100}")


class StoreError(OSError):
    """What a load left here is missing or damaged; the message names the folder and what to do."""


def damaged(folder: Path, problem: Exception) -> StoreError:
    """The error for a folder of figures that cannot be read."""
    why = problem.strerror or str(problem) if isinstance(problem, OSError) else f"{type(problem).__name__}: {problem}"
    return StoreError(
        f"{folder}: the figures in this folder are missing or damaged ({' '.join(why.split())[:120]}), expected those "
        "of the last load: load the published files again with inroads data add FOLDER."
    )


@contextmanager
def locked(store: Path, *, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the store for one load. A second load says that it waits, and waits."""
    store.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(store / "lock", say=say, waiting="Another load is under way here: waiting for it to finish."):
        yield


@contextmanager
def one_at_a_time(lock: Path, *, say: Callable[[str], None], waiting: str) -> Iterator[None]:
    """Hold a lock file. Whoever comes second says `waiting`, and waits; a process that was killed holds nothing.

    Raises `OSError` where the file cannot be written.
    """
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def current(store: Path) -> str | None:
    """The id of the generation that pages read, or None when nothing has been loaded.

    Raises `StoreError` where the pointer cannot be read or is no id.
    """
    try:
        found = (store / "current").read_text(encoding="ascii").strip()
        if not _GENERATION.fullmatch(found) or not found.strip("."):
            raise ValueError("the file 'current' does not name a set of figures")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as problem:
        raise damaged(store, problem) from problem
    return found


def generation_folder(store: Path, generation: str) -> Path:
    """Where the tables and the manifest of a generation lie."""
    return store / "generations" / generation


def manifest(store: Path) -> dict[str, Any] | None:
    """The manifest of the current generation, or None. Raises `StoreError` where it is missing or damaged."""
    generation = current(store)
    if generation is None:
        return None
    folder = generation_folder(store, generation)
    try:
        content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        missing = [key for key in _KEYS if key not in content]
        if missing:
            raise KeyError(f"{MANIFEST} lacks {', '.join(missing)}")
        return content | {"tables": list(content["tables"]), "datasets": list(content["datasets"])}
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as problem:
        raise damaged(folder, problem) from problem


@contextmanager
def staging(store: Path) -> Iterator[Path]:
    """An empty folder beside the tables for work that may still fail; gone afterwards. Needs the lock."""
    place = store / "staging"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def publish(store: Path, built: Path, *, generation: str, content: dict[str, Any]) -> None:
    """Make the tables in the folder `built` the current generation. Needs the lock.

    The generation before this one is kept for readers that have it open; older ones, and tables that neither of the
    two was built from, are removed.
    """
    (built / MANIFEST).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in built.iterdir():
        _sync(path)
    _sync(built)
    try:
        before = current(store)
    except StoreError:
        before = None
        if (store / "current").is_dir():
            shutil.rmtree(store / "current")  # a folder cannot be replaced by a file
    place = generation_folder(store, generation)
    place.parent.mkdir(exist_ok=True)
    _remove(place)
    built.rename(place)
    _sync(place.parent)
    pointer = store / "current.new"
    pointer.write_text(generation + "\n", encoding="ascii")
    _sync(pointer)
    pointer.replace(store / "current")
    _sync(store)
    _sweep(store, keep={generation, before or generation})


def _sweep(store: Path, *, keep: set[str]) -> None:
    wanted: set[str] = set()
    for place in (store / "generations").iterdir():
        if place.name not in keep:
            _remove(place)
            continue
        try:
            wanted.update(json.loads((place / MANIFEST).read_text(encoding="utf-8"))["tables"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            _remove(place)  # damaged, and no longer the one that pages read
    if (store / "tables").is_dir():
        for path in (store / "tables").iterdir():
            if path.name not in wanted:
                _remove(path)


def _remove(path: Path) -> None:
    """A file or a folder with all that is in it, where it is there. What cannot be removed is left."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
