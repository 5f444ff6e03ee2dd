"""Which source a file is, told by its columns; the file's name plays no part."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from inroads.interop.open_data.problems import NO_KNOWN_SOURCE, NotRecognisedError, shown
from inroads.reference.definitions.figures import Source

LINE = "line_in_file"  # column of a table that was read: the row of a file, or the feature, counted from 1


@dataclass(frozen=True)
class Recognised:
    """A file as it was read: its source, its columns by the source's names and `LINE`, and what is to be said."""

    source: Source
    table: pa.Table
    checks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def place(source: Source, table: pa.Table, row: int) -> str:
    """A row as a reader of the file finds it, counted from 1; tables kept from before lines were noted have none."""
    boundaries = source.format == "boundaries"
    found = table[LINE][row].as_py() if LINE in table.column_names else row + (1 if boundaries else 2)
    return f"{'feature' if boundaries else 'row'} {found}"


def plain(heading: str) -> str:
    """A heading as compared: case and spacing do not matter."""
    return " ".join(heading.split()).casefold()


def matched(source: Source, headings: Sequence[str]) -> dict[str, int]:
    """Where each column of a source stands among the headings of a file; columns not found are left out."""
    places: dict[str, int] = {}
    for at, heading in enumerate(headings):
        places.setdefault(plain(heading), at)
    found = {name: places[plain(name)] for name in source.columns if plain(name) in places}
    for alias, name in source.aliases.items():
        if name not in found and plain(alias) in places:
            found[name] = places[plain(alias)]
    return found


def optional(source: Source, headings: Sequence[str]) -> dict[str, int]:
    """Where the optional columns of a source stand among the headings of a file."""
    places = {plain(heading): at for at, heading in enumerate(headings)}
    return {name: places[plain(name)] for name in source.optional if plain(name) in places}


def fitting(headings: Sequence[str], sources: Mapping[str, Source], *, boundaries: bool) -> Source | None:
    """The source whose columns are all there, or None; of several, the one that explains most columns."""
    fits = [
        source
        for source in sources.values()
        if (source.format == "boundaries") == boundaries and len(matched(source, headings)) == len(source.columns)
    ]
    return max(fits, key=lambda source: len(source.columns), default=None)


def nearness(headings: Sequence[str], sources: Mapping[str, Source]) -> float:
    """The largest share of a table's columns that is among these headings, 0 to 1."""
    return max(
        len(matched(source, headings)) / len(source.columns)
        for source in sources.values()
        if source.format != "boundaries"
    )


def not_recognised(
    headings: Sequence[str], sources: Mapping[str, Source], *, path: Path, boundaries: bool, row: int = 1
) -> NotRecognisedError:
    """What to raise where no source fits the headings in this row: names the nearest and the columns it misses."""
    candidates = [source for source in sources.values() if (source.format == "boundaries") == boundaries]
    return NotRecognisedError(f"{path}: row {row}: {_nearest(headings, candidates)}")


def _nearest(headings: Sequence[str], candidates: Iterable[Source]) -> str:
    nearest = max(candidates, key=lambda source: len(matched(source, headings)) / len(source.columns))
    found = matched(nearest, headings)
    if 2 * len(found) < len(nearest.columns):
        first = ", ".join(shown(heading) for heading in headings[:4])
        return (
            f"{NO_KNOWN_SOURCE} ({first}{', …' if len(headings) > 4 else ''}); "
            "expected a publisher's file described in definitions/sources: check that this is the right file."
        )
    missing = [name for name in nearest.columns if name not in found]
    listed = ", ".join(repr(name) for name in missing[:3]) + (
        f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    )
    return (
        f"not recognised; nearest is '{nearest.title}' ({nearest.id}), "
        f"which also needs the column{'s' if len(missing) > 1 else ''} {listed}: "
        "restore the publisher's headings, or add an alias to its definition."
    )
