"""Neighbourhoods and the areas above them, from the published lookups, and the outlines of both."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import shapely

from inroads.analytics.published import ENGLAND, Area
from inroads.analytics.schema import Ring
from inroads.interop.open_data.assets import Tables

NEIGHBOURHOODS_FROM = ("lsoa21_icb24", "lsoa21_ltla24", "centroids_lsoa21")  # the first that is loaded names them


@dataclass(frozen=True)
class Places:
    """Neighbourhoods of 2021 in order of code (N,), and every area they lie in."""

    code: np.ndarray
    name: list[str]
    ward: list[str]
    local_authority: list[str]
    ics: list[str]
    areas: list[Area]


def short_name(formal: str) -> str:
    """The name of an integrated care system without the frame of its board's formal name."""
    return formal.removeprefix("NHS ").removesuffix(" Integrated Care Board")


def places(tables: Tables) -> Places:
    """Neighbourhoods of England from the lookups; from centroids where no lookup is loaded."""
    systems, authorities = tables.get("lsoa21_icb24"), tables.get("lsoa21_ltla24")
    base = systems if systems is not None else authorities
    if base is None:
        centroids = tables.get("centroids_lsoa21", ["LSOA21CD"])
        codes = sorted(centroids["LSOA21CD"].to_pylist()) if centroids is not None else []
        blank = [""] * len(codes)
        return Places(np.array(codes, dtype="<U9"), blank, blank, blank, blank, [_england(len(codes))])
    named = dict(zip(base["lsoa21_code"].to_pylist(), base["lsoa21_name"].to_pylist(), strict=True))
    codes = sorted(code for code in named if code.startswith("E"))
    ics = _joined(systems, "icb24_code", codes)
    authority = _joined(authorities, "ltla24_code", codes)
    ward = _joined(authorities, "ward24_name", codes)
    areas = [_england(len(codes)), *_systems(tables, systems, ics), *_authorities(authorities, authority, ics)]
    regions = {area.code: area.parents for area in areas if area.kind == "ics"}
    areas = [_with_region(area, regions) if area.kind == "local_authority" else area for area in areas]
    return Places(np.array(codes, dtype="<U9"), [named[code] for code in codes], ward, authority, ics, areas)


def _england(loaded: int) -> Area:
    return Area(ENGLAND, "England", "England", "england", (), loaded, loaded, "")


def _joined(table: pa.Table | None, column: str, codes: list[str]) -> list[str]:
    if table is None:
        return [""] * len(codes)
    found = dict(zip(table["lsoa21_code"].to_pylist(), table[column].to_pylist(), strict=True))
    return [found.get(code, "") for code in codes]


def _systems(tables: Tables, systems: pa.Table | None, ics: list[str]) -> list[Area]:
    if systems is None:
        return []
    held = Counter(ics)
    lookup = tables.get("icb24_nhs_region")
    region_of = {row["icb24_code"]: row for row in lookup.to_pylist()} if lookup is not None else {}
    formal = dict(zip(*(systems[name].to_pylist() for name in ("icb24_code", "icb24_name")), strict=True))
    ods = dict(zip(*(systems[name].to_pylist() for name in ("icb24_code", "icb24_code_nhs")), strict=True))
    regions: Counter[tuple[str, str]] = Counter()
    found = []
    for code in sorted(formal):
        row = region_of.get(code)
        above = (row["nhs_region_ods_code"], ENGLAND) if row else (ENGLAND,)
        if row:
            regions[row["nhs_region_ods_code"], row["nhs_region_name"]] += held[code]
        found.append(
            Area(code, short_name(formal[code]), formal[code], "ics", above, held[code], held[code], ods[code])
        )
    named = [
        Area(code, name, name, "nhs_region", (ENGLAND,), n, n, code) for (code, name), n in sorted(regions.items())
    ]
    return named + found


def _authorities(authorities: pa.Table | None, authority: list[str], ics: list[str]) -> list[Area]:
    if authorities is None:
        return []
    named = dict(zip(*(authorities[name].to_pylist() for name in ("ltla24_code", "ltla24_name")), strict=True))
    shared: dict[str, Counter[str]] = {}
    for code, system in zip(authority, ics, strict=True):
        shared.setdefault(code, Counter())[system] += 1
    return [
        Area(
            code, named[code], named[code], "local_authority",
            tuple(system for system, _ in shared[code].most_common() if system), n, n, "",
        )
        for code, n in sorted((code, sum(parts.values())) for code, parts in shared.items() if code)
    ]  # fmt: skip


def _with_region(area: Area, regions: dict[str, tuple[str, ...]]) -> Area:
    above = regions.get(area.parents[0], (ENGLAND,)) if area.parents else (ENGLAND,)
    return Area(**{**vars(area), "parents": (*area.parents, *above)})


def rings(tables: Tables, where: Places) -> list[Ring]:
    """Boundaries of neighbourhoods and areas; those of regions and England are joined from the systems'."""
    found: list[Ring] = []
    held = set(where.code.tolist())
    for row in _rows(tables, "boundaries_lsoa21", "lsoa21_code"):
        if row[0] in held:
            found += _rings("neighbourhood", row[0], row[1])
    areas = {area.code: area for area in where.areas}
    renamed = tables.get("icb22_icb24", ["icb22_code", "icb24_code"])
    codes = dict(zip(*(renamed[name].to_pylist() for name in renamed.column_names), strict=True)) if renamed else {}
    systems = [(codes.get(code, code), shape) for code, shape in _rows(tables, "boundaries_icb22", "icb_code")]
    outlines = [*systems, *_rows(tables, "boundaries_ltla24", "ltla24_code")]
    for area in where.areas:
        parts = [shape for code, shape in systems if code in areas and area.code in areas[code].parents]
        if area.kind in ("england", "nhs_region") and parts:
            # A gap of up to 400 m is a seam between simplified neighbours, not a place.
            joined = shapely.union_all([part.buffer(200, join_style="mitre") for part in parts])
            outlines.append((area.code, joined.buffer(-200, join_style="mitre").simplify(200)))
    for code, shape in outlines:
        if code in areas:
            found += _rings("area", code, shape)
    return found


def _rows(tables: Tables, source: str, key: str) -> list[tuple[str, shapely.Geometry]]:
    table = tables.get(source)
    if table is None:
        return []
    return list(zip(table[key].to_pylist(), shapely.from_wkb(table["wkb"].to_pylist()), strict=True))


def _rings(layer: str, code: str, shape: shapely.Geometry) -> list[Ring]:
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return [
        (layer, code, np.asarray(ring.coords)[:, :2])
        for polygon in polygons
        for ring in (polygon.exterior, *polygon.interiors)
    ]
