"""From accepted tables to the derived tables of a generation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from inroads.analytics import schema
from inroads.analytics.published import Area, Assets, area_rows
from inroads.interop.open_data import areas as area_tables
from inroads.interop.open_data import carry
from inroads.interop.open_data.assets import assets as gather_assets
from inroads.interop.open_data.postcodes import Locator
from inroads.reference.definitions.figures import Group, Indicator, Source

VERSION = "4"  # raise when the same files should give different tables
SERVES = {
    "lsoa21_icb24": ("areas",),
    "lsoa21_ltla24": ("areas", "ward names"),
    "icb24_nhs_region": ("areas",),
    "icb22_icb24": ("map",),
    "boundaries_icb22": ("map",),
    "boundaries_lsoa21": ("map",),
    "boundaries_ltla24": ("map",),
    "centroids_lsoa21": ("map", "distances"),
    "lsoa11_lsoa21": ("figures of 2011 carried to 2021",),
    "population_mid2020": ("figures of 2011 carried to 2021",),
    "census2021_disability": ("population",),
    "rural_urban_2021": ("rural or urban",),
    "libraries_2023": ("libraries",),
    "libraries_2016": ("libraries",),
    "ltla23_utla23": ("libraries",),
    "postcode_centres": ("libraries",),
    "postcode_centres_degrees": ("libraries",),
    "hospitals_2022": ("hospitals",),
    "trusts_2022": ("NHS trusts",),
}
_POPULATION = (
    ("census2021_disability", "total_residents"),
    ("census2021_ethnic_group", "total_residents"),
    ("census2021_age_65plus", "Total"),
)


class Tables:
    """Accepted tables by source, read from disk when asked for."""

    def __init__(self, paths: Mapping[str, list[Path]]) -> None:
        self._paths = paths

    def get(self, source: str, columns: list[str] | None = None) -> pa.Table | None:
        found = self._paths.get(source)
        if not found:
            return None
        return pa.concat_tables([pq.read_table(path, columns=columns) for path in found], promote_options="default")


@dataclass(frozen=True)
class Built:
    """The tables of a generation and, per source, what is to be said about how it was used."""

    neighbourhoods: schema.Columns
    summaries: pa.Table
    assets: Assets
    rings: list[schema.Ring]
    areas: list[Area]
    notes: dict[str, list[str]]
    feeds: dict[str, tuple[str, ...]]


def build(
    tables: Tables,
    *,
    sources: Mapping[str, Source],
    indicators: Mapping[str, Indicator],
    groups: Mapping[str, Group],
    locators: Sequence[Locator] = (),
) -> Built:
    """All derived tables of a generation; `locators` are asked for what no file locates."""
    where = area_tables.places(tables)
    notes: dict[str, list[str]] = {}
    figures = _Figures(tables, sources, where.code, notes)
    table: schema.Columns = {
        "code": where.code.tolist(),
        "name": where.name,
        "ward": where.ward,
        "local_authority": where.local_authority,
        "ics": where.ics,
        "rural_urban": figures.texts("rural_urban_2021", "classification"),
        "carried": figures.links.flags() if figures.links is not None else [""] * len(where.code),
        "easting": figures.columns("centroids_lsoa21", ("easting",)),
        "northing": figures.columns("centroids_lsoa21", ("northing",)),
        "population": figures.population,
    }
    for indicator in indicators.values():
        table[f"indicator:{indicator.id}"] = figures.indicator(indicator)
    for group in groups.values():
        table[f"count:{group.id}"] = figures.columns(group.source, group.columns, counted=True)
        table[f"base:{group.id}"] = figures.columns(group.source, group.base, counted=True)
    areas = {area.code: area for area in where.areas}
    rows = area_rows(np.array(where.local_authority, dtype=np.str_), np.array(where.ics, dtype=np.str_), areas)
    found, asset_notes = gather_assets(tables, locators, where.areas)
    for source, said in asset_notes.items():
        notes.setdefault(source, []).extend(said)
    return Built(
        neighbourhoods=table,
        summaries=schema.summaries(table, figures.population, rows),
        assets=found,
        rings=area_tables.rings(tables, where),
        areas=where.areas,
        notes=notes,
        feeds=feeds(sources, indicators, groups),
    )


class _Figures:
    """Columns of any source as (N,) arrays over the neighbourhoods of 2021, carried there where they are of 2011."""

    def __init__(self, tables: Tables, sources: Mapping[str, Source], codes: np.ndarray, notes: dict[str, list[str]]):
        self._tables, self._sources, self._codes, self._notes = tables, sources, codes, notes
        lookup = tables.get("lsoa11_lsoa21", ["lsoa11_code", "lsoa21_code", "change_code"])
        self.links = carry.links(lookup, codes) if lookup is not None and len(codes) else None
        self._population11 = self._of_2011(tables.get("population_mid2020", ["lsoa11_code", "total_population"]))
        self.population = np.full(len(codes), np.nan)
        for source, column in _POPULATION:
            if tables.get(source, [column]) is not None:
                self.population = self.columns(source, (column,))
                break

    def _of_2011(self, table: pa.Table | None) -> np.ndarray | None:
        if table is None or self.links is None:
            return None
        codes = np.array(table.column(0).to_pylist(), dtype="<U9")
        return self.links.align(codes, table.column(1).to_numpy())

    def indicator(self, indicator: Indicator) -> np.ndarray:
        if indicator.column:
            return self.columns(indicator.source, (indicator.column,)) * indicator.multiply
        top = self.columns(indicator.source, indicator.numerator, counted=True)
        bottom = self.columns(indicator.source, indicator.denominator, counted=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(bottom > 0, 100 * top / bottom, np.nan)

    def columns(self, source: str, names: tuple[str, ...], *, counted: bool = False) -> np.ndarray:
        """The sum of some columns of a source; NaN where unknown. `counted` says that they are counts, not rates."""
        key = self._sources[source].key[0]
        table = self._tables.get(source, [key, *names])
        if table is None or not len(self._codes):
            return np.full(len(self._codes), np.nan)
        codes = np.array(table[key].to_pylist(), dtype="<U9")
        values = np.sum([table[name].to_numpy().astype(np.float64) for name in names], axis=0)
        if self._sources[source].geography == "lsoa11":
            return self._carried(source, codes, values, counted)
        rows, held = self._rows(codes)
        return np.where(held, values[rows], np.nan)

    def texts(self, source: str, name: str) -> list[str]:
        key = self._sources[source].key[0]
        table = self._tables.get(source, [key, name])
        if table is None:
            return [""] * len(self._codes)
        rows, held = self._rows(np.array(table[key].to_pylist(), dtype="<U9"))
        return np.where(held, np.array(table[name].to_pylist(), dtype=np.str_)[rows], "").tolist()

    def _rows(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(codes)
        rows = order[np.searchsorted(codes[order], self._codes).clip(max=len(codes) - 1)]
        return rows, codes[rows] == self._codes

    def _carried(self, source: str, codes: np.ndarray, values: np.ndarray, counted: bool) -> np.ndarray:
        if self.links is None:
            self._note(source, "Not carried to neighbourhoods of 2021: the lookup from 2011 to 2021 is not loaded.")
            return np.full(len(self._codes), np.nan)
        aligned = self.links.align(codes, values)
        if counted:
            self._note(source, "Counts of 2011 were shared among neighbourhoods of 2021 by their population in 2021.")
            return carry.counts(aligned, self.links, self.population)
        self._note(source, carry.said(self.links, weighted=self._population11 is not None))
        return carry.rates(aligned, self.links, self._population11)

    def _note(self, source: str, note: str) -> None:
        if note not in self._notes.setdefault(source, []):
            self._notes[source].append(note)


def feeds(
    sources: Mapping[str, Source], indicators: Mapping[str, Indicator], groups: Mapping[str, Group]
) -> dict[str, tuple[str, ...]]:
    """What the figures of each source are used for: ids of indicators and groups, and further uses in words."""
    found = {
        source: (
            *(indicator.id for indicator in indicators.values() if indicator.source == source),
            *(group.id for group in groups.values() if group.source == source),
            *SERVES.get(source, ()),
        )
        for source in sources
    }
    return {source: tuple(dict.fromkeys(fed)) for source, fed in found.items()}  # two may share an id
