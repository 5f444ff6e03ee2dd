"""What a load did, and what a generation says about itself."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inroads.analytics.published import Area, Dataset
from inroads.interop.open_data.problems import NO_KNOWN_SOURCE
from inroads.reference.definitions.figures import Source


@dataclass(frozen=True)
class Outcome:
    """What a load did. `left_alone` has (path, reason); `changed` is False when everything was loaded already."""

    generation: str
    changed: bool
    added: tuple[Dataset, ...]
    unchanged: tuple[str, ...]
    left_alone: tuple[tuple[str, str], ...]


NAMED_AT_MOST = 5


def described(
    source: Source,
    *,
    rows: int,
    file_name: str,
    sha256: str,
    checks: Sequence[str],
    notes: Sequence[str],
    feeds: Sequence[str] = (),
) -> Dataset:
    """A file taken in now: what its source says of every such file, and what is true of this one."""
    return Dataset(
        source_id=source.id,
        title=source.title,
        publisher=source.publisher,
        year=source.year,
        vintage=source.vintage,
        licence=source.licence,
        attribution=source.attribution,
        url_or_origin=source.origin,
        rows=rows,
        file_name=file_name,
        sha256=sha256,
        loaded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        checks=tuple(checks),
        notes=tuple(notes),
        feeds=tuple(feeds),
    )


def said_left_alone(left_alone: Sequence[tuple[str, str]]) -> list[str]:
    """How many files were left alone, and for each distinct reason how many and the first five by name."""
    if not left_alone:
        return []
    files: dict[str, list[str]] = {}
    for path, reason in left_alone:
        # The same sentence for every file of no known source, whatever its columns.
        short = reason.partition(": ")[2] if reason.startswith("row ") else reason
        short = short.partition(" (")[0] if short.startswith(NO_KNOWN_SOURCE) else short
        files.setdefault(short, []).append(path)
    said = [f"Left alone: {_number(len(left_alone))}."]
    for reason, found in files.items():
        paths = _folders_in_turn(found)
        names = ", ".join(_shown(path) for path in paths[:NAMED_AT_MOST])
        more = f" and {len(paths) - NAMED_AT_MOST:,} more" if len(paths) > NAMED_AT_MOST else ""
        said.append(f"  {_number(len(paths))}: {reason.rstrip('.')}: {names}{more}")
    return said


def _number(files: int) -> str:
    return f"{files:,} file{'' if files == 1 else 's'}"


def _folders_in_turn(paths: Sequence[str]) -> list[str]:
    """The first file of every folder before the second of any, so that few names show where files lie."""
    seen = Counter[Path]()
    turn = {}
    for path in paths:
        turn[path] = seen[Path(path).parent]
        seen[Path(path).parent] += 1
    return sorted(paths, key=turn.__getitem__)


def _shown(path: str) -> str:
    """A file with the folder it lies in, which tells apart files of the same name."""
    return "/".join(Path(path).parts[-2:])


def manifest(generation: str, *, datasets: Sequence[Dataset], areas: Sequence[Area], **further: Any) -> dict[str, Any]:
    """The manifest of a generation, as `published` reads it."""
    content: dict[str, Any] = {
        "generation": generation,
        "demonstration": False,
        "notes": [],
        "tables": [],
        "datasets": [asdict(dataset) for dataset in datasets],
        "areas": [asdict(area) for area in areas],
    }
    return content | further
