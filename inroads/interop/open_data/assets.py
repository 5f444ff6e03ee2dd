"""Places that may help: libraries that are open, hospitals and NHS trusts, with where they are."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inroads.analytics.published import Area, Assets
from inroads.interop.open_data import postcodes
from inroads.interop.open_data.libraries import NAMED, authority_codes, postcode, sites_by_name
from inroads.interop.open_data.postcodes import Locator
from inroads.interop.open_data.read_geojson import to_metres

_PRISON = re.compile(r"\b(HMP|HMYOI|YOI|PRISON)\b")
_LIBRARIES = ("static library", "static local history library")
_CENTRES = (("postcode_centres_degrees", "long", "lat"), ("postcode_centres", "oseast1m", "osnrth1m"))
_FARTHEST_NORTH = 1_300_000


class Place(NamedTuple):
    """One place as `Assets` holds it."""

    kind: str
    name: str
    postcode: str
    easting: float
    northing: float
    located_by: str
    status: str
    source: str
    authority: str = ""
    local_authorities: str = ""

    @property
    def is_open_library(self) -> bool:
        return self.kind == "library" and self.status == "open"

    @property
    def is_lost(self) -> bool:
        """An open library without a place on the map."""
        return self.is_open_library and bool(np.isnan(self.easting))


class Tables(Protocol):
    """Normalised tables by source."""

    def get(self, source: str, columns: list[str] | None = None) -> pa.Table | None: ...


def assets(
    tables: Tables, locators: Sequence[Locator] = (), areas: Sequence[Area] = ()
) -> tuple[Assets, dict[str, list[str]]]:
    """All places of the loaded lists, and per source sentences on what could and could not be located.

    Installed packages (`locators`) are asked for open libraries whose postcode no list and no postcode file locates;
    what they do not know either is looked for by its name in the list of 2016. `areas` are those that have a page.
    """
    places: list[Place] = []
    notes: dict[str, list[str]] = {}
    recent = tables.get("libraries_2023")
    if recent is not None:
        found, notes["libraries_2023"] = _libraries_2023(recent, tables, locators, areas)
        places += found
    else:
        places += _libraries_2016(tables.get("libraries_2016"))
    for source, kind, name in (
        ("hospitals_2022", "hospital", "hospital22_name"),
        ("trusts_2022", "trust", "nhs_trust22_name"),
    ):
        table = tables.get(source)
        if table is not None:
            east, north = to_metres(table["lon"].to_numpy(), table["lat"].to_numpy())
            status = table["status"].to_pylist() if "status" in table.column_names else ["open"] * table.num_rows
            places += [
                Place(kind, title, "", float(east[at]), float(north[at]), "coordinates in the list", status[at], source)
                for at, title in enumerate(table[name].to_pylist())
            ]
    return gather(places), notes


def gather(places: list[Place]) -> Assets:
    """Places as columns."""
    columns = dict(zip(Place._fields, zip(*places, strict=True) if places else [()] * len(Place._fields), strict=True))
    numbers = ("easting", "northing")
    return Assets(**{
        name: np.array(values, dtype=np.float64 if name in numbers else np.str_) for name, values in columns.items()
    })  # fmt: skip


def _libraries_2023(
    recent: pa.Table, tables: Tables, locators: Sequence[Locator], areas: Sequence[Area]
) -> tuple[list[Place], list[str]]:
    rows = recent.to_pylist()
    codes = authority_codes({_authority(row) for row in rows}, areas, tables.get("ltla23_utla23"))
    places = _listed(rows, _located(tables), codes)
    lost = {postcode(place.postcode): place.postcode.upper() for place in places if place.is_lost and place.postcode}
    asked, said = postcodes.located(sorted(lost.values()), locators)
    places = [_put(place, asked.get(lost.get(postcode(place.postcode), ""))) for place in places]
    by_postcode = sum(1 for place in places if place.is_open_library and not place.is_lost)
    earlier = tables.get("libraries_2016", ["name", "postcode", "closed", "lat", "lng"])
    if earlier is not None:
        wanted = [(place.name, place.postcode) for place in places if place.is_lost]
        listed = [(place.name, place.postcode) for place in places if place.is_open_library]
        sites = {site: (*where, NAMED) for site, where in sites_by_name(wanted, listed, earlier).items()}
        places = [_put(place, sites.get((place.name, place.postcode))) for place in places]
    return places, [*_said(places, by_postcode), *said]


def _put(place: Place, where: tuple[float, float, str] | None) -> Place:
    """An open library that had no place on the map, at the place that was found for it."""
    if where is None or not place.is_lost:
        return place
    east, north, how = where
    return place._replace(easting=east, northing=north, located_by=how)


def _said(places: list[Place], by_postcode: int) -> list[str]:
    public = [place for place in places if place.is_open_library]
    lost = sum(1 for place in public if place.is_lost)
    by_name = len(public) - lost - by_postcode
    said = [
        f"{len(public):,} libraries are open; {by_postcode:,} were located by postcode, {by_name:,} by their name at "
        f"their site of 2016, and {lost:,} could not be: they are listed without a place on the map. Mobile libraries "
        "are not places and are left out."
    ]
    if by_name:
        said.append(
            "A library found by its name has another postcode now than in 2016, so it may have moved within its "
            "postcode district since."
        )
    nobody = sorted({place.authority for place in public if not place.local_authorities})
    if nobody and any(place.local_authorities for place in public):
        said.append(f"These authorities were not found among the local authorities: {', '.join(map(repr, nobody))}.")
    return said


def _located(tables: Tables) -> dict[str, tuple[float, float, str]]:
    """Where a postcode is, the 2016 list of libraries before a postcode file, which knows only its centre."""
    found: dict[str, tuple[float, float, str]] = {}
    wanted = pa.array({postcode(text) for text in _column(tables, "libraries_2023", "postcode")}, pa.string())
    for source, across, up in _CENTRES:
        centres = tables.get(source)
        if centres is None:
            continue
        codes = pc.utf8_upper(pc.replace_substring_regex(centres["pcds"], r"\s", ""))
        kept = pc.is_in(codes, value_set=wanted)
        if "doterm" in centres.column_names:
            kept = pc.and_(kept, pc.equal(centres["doterm"], ""))
        east, north = (centres[name].filter(kept).to_numpy() for name in (across, up))
        if across == "long":
            east, north = to_metres(east, north)
        # Publishers write 0, 0 and latitude 99.999999 for a postcode without a place.
        known = np.isfinite(east) & np.isfinite(north) & (north > 0) & (north < _FARTHEST_NORTH)
        for at, code in enumerate(codes.filter(kept).to_pylist()):
            if known[at]:
                found[code] = (float(east[at]), float(north[at]), "postcode centre")
    earlier = tables.get("libraries_2016", ["postcode", "lat", "lng"])
    if earlier is not None:
        east, north = to_metres(earlier["lng"].to_numpy(), earlier["lat"].to_numpy())
        listed: set[str] = set()
        for at, text in enumerate(earlier["postcode"].to_pylist()):
            if postcode(text) not in listed:
                listed.add(postcode(text))
                found[postcode(text)] = (float(east[at]), float(north[at]), "postcode in the 2016 list")
    return found


def _column(tables: Tables, source: str, name: str) -> list[str]:
    table = tables.get(source, [name])
    return table[name].to_pylist() if table is not None else []


def _listed(
    rows: list[dict[str, str]], located: Mapping[str, tuple[float, float, str]], codes: Mapping[str, str]
) -> list[Place]:
    places: list[Place] = []
    for row in rows:
        sort = row["type"].strip().casefold()
        if "mobile" in sort:
            continue
        kind = "library" if sort in _LIBRARIES or "prison" in sort else "archive"
        east, north, how = located.get(postcode(row["postcode"]), (np.nan, np.nan, ""))
        authority = _authority(row)
        places.append(
            Place(
                kind,
                row["name"],
                row["postcode"].strip(),
                east,
                north,
                how,
                _status(row, sort),
                "libraries_2023",
                authority,
                codes[authority],
            )
        )
    return places


def _authority(row: dict[str, str]) -> str:
    # The column 'authority' is empty in places, or has what an authority is named after: 'London' for Westminster.
    return row["reporting"].strip() or row["authority"].strip()


def _status(row: dict[str, str], sort: str) -> str:
    operation = row["operation_23"].strip().casefold()
    if "prison" in sort or _PRISON.search(row["name"].upper()):
        return "prison"
    if operation == "closed" or row["closed"].strip():
        return "closed"
    if operation == "temporary closure":
        return "temporarily closed"
    return "open" if operation in ("la", "lau", "c", "cr", "icl") else "unknown"


def _libraries_2016(table: pa.Table | None) -> list[Place]:
    if table is None:
        return []
    east, north = to_metres(table["lng"].to_numpy(), table["lat"].to_numpy())
    how = "coordinates in the 2016 list"
    return [
        Place(
            "library",
            row["name"],
            row["postcode"],
            float(east[at]),
            float(north[at]),
            how,
            "closed" if row["closed"] else "open",
            "libraries_2016",
        )
        for at, row in enumerate(table.to_pylist())
    ]
