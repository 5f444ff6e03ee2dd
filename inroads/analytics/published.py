"""Published figures as pages read them: neighbourhoods, areas, summaries, shapes, assets and where all of it is from.

Everything here is read from one immutable generation of the store (see `store`), so two reads of the same
`Published` always agree.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inroads.analytics import store as stores
from inroads.analytics.columns import as_numbers, as_texts, read_columns

ENGLAND = "E92000001"
Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Texts = NDArray[Any]
TEXTS = ("code", "name", "ward", "local_authority", "ics", "rural_urban", "carried")
NUMBERS = ("easting", "northing", "population")


@dataclass(frozen=True)
class Area:
    """A place with a page: England, an NHS region, an integrated care system (`ics`) or a local authority.

    `parents` runs from the nearest upwards; a local authority names every system it lies in, the largest share
    first. `expected` counts its neighbourhoods of 2021, `loaded` those whose figures are held here.
    """

    code: str
    name: str
    formal_name: str
    kind: str
    parents: tuple[str, ...]
    expected: int
    loaded: int
    ods_code: str

    @property
    def whole(self) -> bool:
        """Whether the figures of every neighbourhood are held here."""
        return self.loaded == self.expected > 0


@dataclass(frozen=True)
class Summary:
    """One indicator over the neighbourhoods of an area.

    `n` neighbourhoods have a figure; `mean` is weighted by their population; `quantiles` (21,) of neighbourhoods,
    unweighted, stand at 0, 5, …, 100 per cent.
    """

    n: int
    mean: float
    minimum: float
    maximum: float
    quantiles: Floats


@dataclass(frozen=True)
class Dataset:
    """One loaded file: who published it, under which licence, what was checked and what it feeds."""

    source_id: str
    title: str
    publisher: str
    year: str
    vintage: str
    licence: str
    attribution: str
    url_or_origin: str
    rows: int
    file_name: str
    sha256: str
    loaded_at: str
    checks: tuple[str, ...]
    notes: tuple[str, ...]
    feeds: tuple[str, ...]


@dataclass(frozen=True)
class Neighbourhoods:
    """One row per neighbourhood of 2021 (LSOA), in order of code; every array is (N,) and read-only.

    Eastings and northings are metres on the British National Grid, weighted by population. `population` counts
    usual residents in March 2021. `carried` says how figures of 2011 came to this neighbourhood. `ward` is the name
    of the ward of 2024 that it fits best, a rough pointer for local readers, "" where unknown.
    """

    code: Texts
    name: Texts
    ward: Texts
    easting: Floats
    northing: Floats
    population: Floats
    local_authority: Texts
    ics: Texts
    rural_urban: Texts
    carried: Texts
    _figures: dict[str, Floats] = field(repr=False)
    _rows: dict[str, Rows] = field(repr=False)

    def __len__(self) -> int:
        return len(self.code)

    def row(self, code: str) -> int | None:
        """The row of one neighbourhood, or None where it is not held."""
        at = int(np.searchsorted(self.code, code)) if len(self) else 0
        return at if at < len(self) and self.code[at] == code else None

    def ward_of(self, code: str) -> str:
        """The ward that one neighbourhood fits best; "" where it is unknown or the neighbourhood is not held."""
        row = self.row(code)
        return "" if row is None else str(self.ward[row])

    def rows(self, area_code: str) -> Rows:
        """The rows of an area, ascending; empty for an area that is not held."""
        return self._rows.get(area_code, _NO_ROWS)

    def indicator(self, indicator_id: str) -> Floats:
        """Values of an indicator in its unit, NaN where unknown. Raises `KeyError` for an unknown indicator."""
        return self._figures[f"indicator:{indicator_id}"]

    def count(self, group_id: str) -> Floats:
        """How many people (or households) belong to a group, NaN where unknown. Raises `KeyError`."""
        return self._figures[f"count:{group_id}"]

    def base(self, group_id: str) -> Floats:
        """Out of how many they were counted, NaN where unknown. Raises `KeyError`."""
        return self._figures[f"base:{group_id}"]

    @property
    def indicators(self) -> tuple[str, ...]:
        """Ids of the indicators held, whether or not any value is known."""
        return tuple(name.removeprefix("indicator:") for name in self._figures if name.startswith("indicator:"))

    @property
    def groups(self) -> tuple[str, ...]:
        """Ids of the groups counted here; one that was defined after the last load is not among them."""
        return tuple(name.removeprefix("count:") for name in self._figures if name.startswith("count:"))


@dataclass(frozen=True)
class Assets:
    """Places that may help, one row each. `easting` and `northing` are NaN where a place could not be located.

    `authority` is the authority that runs a place, as its list gives it; `local_authorities` has the codes, with a
    space between them, of the local authorities of 2024 it may lie in: all those of a county where a county runs it.
    Both are "" where unknown.
    """

    kind: Texts
    name: Texts
    postcode: Texts
    easting: Floats
    northing: Floats
    located_by: Texts
    status: Texts
    source: Texts
    authority: Texts
    local_authorities: Texts

    def __len__(self) -> int:
        return len(self.kind)

    def offered(self, kind: str) -> Rows:
        """Rows of the places of a kind that are open to the public and whose whereabouts are known."""
        return np.flatnonzero((self.kind == kind) & (self.status == "open") & np.isfinite(self.easting))


@dataclass(frozen=True, eq=False)
class Published:
    """One generation of published figures. Equal only to itself, so that what is worked out from it can be cached."""

    generation: str
    demonstration: bool
    datasets: tuple[Dataset, ...]
    areas: dict[str, Area]
    neighbourhoods: Neighbourhoods
    assets: Assets
    notes: tuple[str, ...]
    _folder: Path = field(repr=False)
    _summaries: dict[tuple[str, str], int] = field(repr=False)
    _summary_values: Floats = field(repr=False)

    def summary(self, area_code: str, indicator_id: str) -> Summary | None:
        """The summary of an indicator over an area, or None where no value is known."""
        row = self._summaries.get((area_code, indicator_id))
        if row is None:
            return None
        n, mean, minimum, maximum, *_ = values = self._summary_values[row]
        return Summary(int(n), float(mean), float(minimum), float(maximum), values[4:])

    def shapes(self, codes: Sequence[str]) -> list[list[Floats] | None]:
        """For each neighbourhood the rings of its boundary, (n, 2) metres each, or None where none is held.

        Holes are rings too: fill with the even-odd rule.
        """
        return [self._rings.get(("neighbourhood", str(code))) for code in codes]

    def outline(self, area_code: str) -> list[Floats] | None:
        """The rings of an area's boundary in metres, or None where none is held."""
        return self._rings.get(("area", area_code))

    @cached_property
    def _rings(self) -> dict[tuple[str, str], list[Floats]]:
        try:
            with pq.ParquetFile(self._folder / "shapes.parquet") as file:
                table = file.read(use_threads=False)
            layers, codes, xy = (table.column(name).combine_chunks() for name in ("layer", "code", "xy"))
            return _rings_of(as_texts(layers), as_texts(codes), xy)
        except _DAMAGE as problem:
            raise stores.damaged(self._folder, problem) from problem


def _rings_of(layers: Texts, codes: Texts, xy: pa.ListArray) -> dict[tuple[str, str], list[Floats]]:
    rings: dict[tuple[str, str], list[Floats]] = {}
    if not len(codes):
        return rings
    points, ends = as_numbers(xy.flatten()), xy.offsets
    starts = np.frombuffer(ends.buffers()[1], dtype=np.int32)[ends.offset : ends.offset + len(ends)]
    points.setflags(write=False)
    for number, key in enumerate(zip(layers.tolist(), codes.tolist(), strict=True)):
        rings.setdefault(key, []).append(points[starts[number] : starts[number + 1]].reshape(-1, 2))
    return rings


_NO_ROWS: Rows = np.empty(0, dtype=np.int64)
_NO_ROWS.setflags(write=False)
# What reading raises where a file is missing, cut short, overwritten or lacks a column.
_DAMAGE = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, pa.ArrowException)
_SHAPES = {"layer", "code", "xy"}
_open: dict[Path, tuple[tuple[int, int], Published]] = {}


def open_published(folder: Path) -> Published | None:
    """The current generation in a store, or None when nothing has been loaded.

    Kept per process: a further call costs one look at the pointer, until a load replaces it. Raises
    `store.StoreError`, naming the folder and what to do, where what was loaded is missing or damaged.
    """
    problem: Exception = FileNotFoundError("a file or the folder itself is not there")
    generation = None
    for _ in range(3):
        try:
            found = (folder / "current").stat()
        except FileNotFoundError:
            return None
        except OSError as unreadable:
            raise stores.damaged(folder, unreadable) from unreadable
        stamp = (found.st_mtime_ns, found.st_ino)
        held = _open.get(folder)
        if held and held[0] == stamp:
            return held[1]
        generation = stores.current(folder)
        if generation is None:
            return None
        try:
            published = _read(stores.generation_folder(folder, generation))
        except FileNotFoundError as missing:
            problem = missing
            continue  # two loads finished between reading the pointer and reading the tables
        except _DAMAGE as damage:
            problem = damage
            break
        _open[folder] = (stamp, published)
        return published
    raise stores.damaged(stores.generation_folder(folder, generation or ""), problem) from problem


def is_whole(folder: Path) -> bool:
    """Whether every table of the current generation can be read; False too where nothing has been loaded."""
    try:
        generation = stores.current(folder)
        if generation is None:
            return False
        published = _read(stores.generation_folder(folder, generation))
        return published.generation == generation and published._rings is not None
    except _DAMAGE:
        return False


def _read(folder: Path) -> Published:
    content = json.loads((folder / stores.MANIFEST).read_text(encoding="utf-8"))
    # Shapes are read when a map first asks for them; whether they can be is told now, from the file's last bytes.
    missing = _SHAPES - set(pq.read_schema(folder / "shapes.parquet").names)
    if missing:
        raise KeyError(f"shapes.parquet lacks {', '.join(sorted(missing))}")
    areas = {area["code"]: Area(**{**area, "parents": tuple(area["parents"])}) for area in content["areas"]}
    summaries = read_columns(folder / "summaries.parquet")
    keys = zip(summaries.pop("area").tolist(), summaries.pop("indicator").tolist(), strict=True)
    values: Floats = np.column_stack(list(summaries.values()))
    values.setflags(write=False)
    return Published(
        generation=content["generation"],
        demonstration=content["demonstration"],
        datasets=tuple(dataset_of(dataset) for dataset in content["datasets"]),
        areas=areas,
        neighbourhoods=_neighbourhoods(read_columns(folder / "neighbourhoods.parquet"), areas),
        assets=_assets(read_columns(folder / "assets.parquet")),
        notes=tuple(content["notes"]),
        _folder=folder,
        _summaries={key: row for row, key in enumerate(keys)},
        _summary_values=values,
    )


def dataset_of(content: dict[str, Any]) -> Dataset:
    """A data set from its entry in a manifest."""
    return Dataset(**{**content, **{name: tuple(content[name]) for name in ("checks", "notes", "feeds")}})


def _assets(columns: dict[str, NDArray[Any]]) -> Assets:
    # Places loaded before their authority was kept have no such columns; pages show them until they are loaded again.
    for name in ("authority", "local_authorities"):
        columns.setdefault(name, np.zeros_like(columns["name"], dtype="<U1"))
    return Assets(**columns)


def _neighbourhoods(columns: dict[str, NDArray[Any]], areas: dict[str, Area]) -> Neighbourhoods:
    # Figures loaded before wards were carried have no such column; pages show them until they are loaded again.
    columns.setdefault("ward", np.zeros_like(columns["code"], dtype="<U1"))
    return Neighbourhoods(
        **{name: columns[name] for name in (*TEXTS, *NUMBERS)},
        _figures={name: values for name, values in columns.items() if ":" in name},
        _rows=area_rows(columns["local_authority"], columns["ics"], areas),
    )


def area_rows(local_authority: Texts, ics: Texts, areas: dict[str, Area]) -> dict[str, Rows]:
    """The rows of every area, ascending, from the columns of neighbourhoods; regions gather their systems' rows."""
    rows: dict[str, Rows] = {ENGLAND: np.arange(len(ics), dtype=np.int64)}
    for column in (local_authority, ics):
        order = np.argsort(column, kind="stable").astype(np.int64)
        codes, starts = np.unique(column[order], return_index=True)
        parts = zip(codes.tolist(), np.split(order, starts[1:]), strict=False)  # no code at all still gives one part
        rows |= {code: part for code, part in parts if code}
    systems = [area for area in areas.values() if area.kind == "ics" and area.code in rows]
    for region in (area.code for area in areas.values() if area.kind == "nhs_region"):
        within = [rows[system.code] for system in systems if region in system.parents]
        if within:
            rows[region] = np.sort(np.concatenate(within))
    for part in rows.values():
        part.setflags(write=False)
    return rows
