"""The embedded demonstration: the published figures of one real place, kept beside the definitions."""

import csv
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from inroads.analytics import schema
from inroads.analytics import store as stores
from inroads.analytics.published import NUMBERS, TEXTS, Area, Dataset, is_whole
from inroads.interop.open_data.assets import Place, gather
from inroads.interop.open_data.build import VERSION, feeds
from inroads.interop.open_data.outcome import Outcome, described, manifest
from inroads.reference import definitions
from inroads.reference.definitions.figures import FigureTable, Group, Indicator, Source

_MARK = "embedded-"  # begins the id of a generation of the demonstration
NEIGHBOURHOODS, SUMMARIES = "isle_of_wight", "summaries"
AREAS, LIBRARIES, OUTLINE = "isle_of_wight_areas", "isle_of_wight_libraries", "isle_of_wight_outline"
_COPIED = {  # what is said of the sources of a table; those that only the summaries name were used as weights
    NEIGHBOURHOODS: "Copied here: what it says of {} neighbourhoods.",
    AREAS: "Copied here: what it says of {} areas.",
    LIBRARIES: "Copied here: what it says of {} libraries.",
    OUTLINE: "Copied here: {} outline.",
    SUMMARIES: "Used to weight figures of {} neighbourhoods; its own figures are not copied here.",
}


def add_embedded(store: Path, *, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Show the Isle of Wight where no published file has been loaded; leaves loaded files as they are."""
    with stores.locked(store, say=say), stores.staging(store) as staging:
        content = _held(store)
        if content is not None and not content["demonstration"]:
            say("Published files are loaded already: the demonstration's figures are not needed.")
            return _outcome(content["generation"], False)
        generation = _signature()
        if content is not None and content["generation"] == generation and is_whole(store):
            return _outcome(generation, False)
        folder = staging / "generation"
        folder.mkdir()
        _write(folder)
        stores.publish(
            store,
            folder,
            generation=generation,
            content=manifest(
                generation,
                datasets=_datasets(),
                areas=_areas(),
                demonstration=True,
                notes=["Figures of one real place, the Isle of Wight, copied from the publishers' files."],
            ),
        )
        say("Loaded the embedded figures of the Isle of Wight: 89 neighbourhoods.")
        return _outcome(generation, True)


def _held(store: Path) -> dict[str, Any] | None:
    """The manifest of what is loaded; a damaged one of the demonstration itself counts as nothing."""
    try:
        return stores.manifest(store)
    except stores.StoreError:
        if _was_demonstration(store):
            return None
        raise  # publishers' files were loaded: the demonstration must not quietly take their place


def _was_demonstration(store: Path) -> bool:
    """Whether a damaged store held the demonstration and no publishers' files."""
    try:
        return (stores.current(store) or "").startswith(_MARK)
    except stores.StoreError:
        loaded = [path.name for name in ("generations", "tables") for path in store.glob(f"{name}/*")]
        return all(name.startswith(_MARK) for name in loaded)


def table(name: str) -> list[dict[str, str]]:
    """The rows of an embedded table, by column."""
    with _path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _path(name: str) -> Path:
    return definitions.folder() / FigureTable.KIND / f"{name}.csv"


def _outcome(generation: str, changed: bool) -> Outcome:
    return Outcome(generation, changed, (), (), ())


def _signature() -> str:
    digest = hashlib.sha256(VERSION.encode())
    for name in (NEIGHBOURHOODS, SUMMARIES, AREAS, LIBRARIES, OUTLINE):
        digest.update(_path(name).read_bytes())
    for shape in (FigureTable, Source, Indicator, Group):
        digest.update(repr(definitions.load(shape)).encode())
    return _MARK + digest.hexdigest()[:16]


def _write(folder: Path) -> None:
    rows = table(NEIGHBOURHOODS)
    columns: schema.Columns = {name: [row[name] for row in rows] for name in TEXTS}
    for name in rows[0]:
        if name in NUMBERS or ":" in name:
            columns[name] = np.array([_number(row[name]) for row in rows])
    lines = [
        (row["area"], row["indicator"], [_number(value) for value in list(row.values())[2:]])
        for row in table(SUMMARIES)
    ]
    libraries = [
        Place(
            "library",
            row["name"],
            row["postcode"],
            _number(row["easting"]),
            _number(row["northing"]),
            row["located_by"],
            row["status"],
            row["source"],
            row["authority"],
            row["local_authorities"],
        )
        for row in table(LIBRARIES)
    ]
    points: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in table(OUTLINE):
        points.setdefault((row["code"], row["ring"]), []).append((float(row["easting"]), float(row["northing"])))
    rings: list[schema.Ring] = [("area", code, np.array(ring)) for (code, _), ring in points.items()]
    schema.write(
        folder,
        neighbourhoods=columns,
        summaries=schema.summary_table(lines),
        assets=gather(libraries),
        rings=rings,
    )


def _number(text: str) -> float:
    return float(text) if text else float("nan")


def _areas() -> list[Area]:
    return [
        Area(
            code=row["code"],
            name=row["name"],
            formal_name=row["formal_name"],
            kind=row["kind"],
            parents=tuple(row["parents"].split()),
            expected=int(row["expected"]),
            loaded=int(row["loaded"]),
            ods_code=row["ods_code"],
        )
        for row in table(AREAS)
    ]


def _datasets() -> list[Dataset]:
    """One data set per source that an embedded column comes from, fed into what it feeds in a national load."""
    sources = definitions.load(Source)
    tables = definitions.load(FigureTable)
    fed = feeds(sources, definitions.load(Indicator), definitions.load(Group))
    table_of: dict[str, str] = {}
    for name in _COPIED:
        for origin in tables[name].columns.values():
            for source in origin.source.split():
                table_of.setdefault(source, name)
    return [_dataset(sources[source], name, fed[source]) for source, name in sorted(table_of.items())]


def _dataset(source: Source, name: str, fed: tuple[str, ...]) -> Dataset:
    carried = (
        "Figures of neighbourhoods of 2011, carried to those of 2021 with the published lookup: unchanged ones keep "
        "their value, parts of split ones take their parent's, merged ones take the mean weighted by population."
    )
    rows, held = _copied(name)
    return described(
        source,
        rows=rows,
        file_name=f"definitions/figures/{name}.csv",
        sha256=hashlib.sha256(_path(name).read_bytes()).hexdigest(),
        checks=("Compared, figure by figure, with tables built from the publisher's whole file.",),
        notes=[
            held,
            *([carried] if source.geography == "lsoa11" and name == NEIGHBOURHOODS else []),
            *([source.caveat] if source.caveat else []),
        ],
        feeds=fed,
    )


def _copied(name: str) -> tuple[int, str]:
    """How many neighbourhoods, areas, libraries or outlines a table holds, as a number and in words."""
    rows = table(NEIGHBOURHOODS if name == SUMMARIES else name)
    number = len({row["code"] for row in rows}) if "code" in rows[0] else len(rows)
    return number, _COPIED[name].format(number)
