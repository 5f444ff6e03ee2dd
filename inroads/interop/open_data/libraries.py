"""Libraries of the list of 2023: which local authority runs them, and where their namesakes of 2016 stood."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import pyarrow as pa

from inroads.analytics.published import Area
from inroads.interop.open_data.read_geojson import to_metres

NAMED = "name in the 2016 list (its site then)"
# Left out of names before they are compared. More words would find a few more libraries and more wrong ones.
_WORDS = frozenset(
    ("library", "libraries", "community", "hub", "hubs", "centre", "center", "neighbourhood", "the", "and")
)
_OF_AUTHORITIES = frozenset(("city", "of", "council", "county", "borough", "royal", "metropolitan", "district", "the"))
_STANDING = ("", "XLT")  # open, or closed for a time, in 2016
Site = tuple[str, str]  # name and postcode, as listed


def postcode(text: str) -> str:
    """A postcode as compared: capitals, no spaces."""
    return "".join(text.split()).upper()


def sites_by_name(wanted: Sequence[Site], listed: Sequence[Site], earlier: pa.Table) -> dict[Site, tuple[float, float]]:
    """Where libraries that moved or changed their postcode stood in 2016, in metres, found by their name.

    A library of `wanted` is found where one library of `earlier` (name, postcode, closed, lat, lng) has the same name
    in plain words and lies in the same postcode district, was not closed, and has a postcode that no library of
    `listed`, all that are open now, has. Where two would do on either side, none is found.

    Of 2,602 libraries found by postcode, with their own site taken out, 2 had such a namesake (0 and 483 metres off);
    with the postcode area in place of the district and sites in use allowed, 7 had, two of them 23 kilometres off.
    """
    in_use = {postcode(text) for _, text in listed}
    east, north = to_metres(earlier["lng"].to_numpy(), earlier["lat"].to_numpy())
    stood = defaultdict(list)
    rows = zip(*(earlier[name].to_pylist() for name in ("name", "postcode", "closed")), strict=True)
    for at, (name, text, closed) in enumerate(rows):
        if closed in _STANDING and postcode(text) not in in_use:
            stood[_key(name, text)].append(at)
    asked = defaultdict(set)
    for site in wanted:
        asked[_key(*site)].add(site)
    return {
        site: (float(east[stood[key][0]]), float(north[stood[key][0]]))
        for key, sites in asked.items()
        for site in sites
        if key[0] and len(sites) == 1 and len(stood[key]) == 1
    }


def _key(name: str, text: str) -> Site:
    """A name in plain words and a postcode district, by which libraries of two lists are compared."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name.casefold())
    bare = re.sub(r"['’.]", "", bare)
    return " ".join(word for word in re.findall(r"\w+", bare) if word not in _WORDS), postcode(text)[:-3]


def authority_codes(names: set[str], areas: Sequence[Area], upper_tier: pa.Table | None) -> Mapping[str, str]:
    """For each authority as a list names it the codes of the local authorities of 2024 it covers, "" where none.

    A name is that of a local authority or of a county (`upper_tier` has ltla23_code and utla23_name), give or take
    words such as City of; or the one name that begins with it, as Southend for Southend-on-Sea.
    """
    covered: dict[str, set[str]] = defaultdict(set)
    for area in areas:
        if area.kind == "local_authority":
            covered[_plain(area.name)].add(area.code)
    held = {area.code for area in areas}
    if upper_tier is not None:
        pairs = zip(*(upper_tier[name].to_pylist() for name in ("ltla23_code", "utla23_name")), strict=True)
        for code, name in pairs:
            if code in held:
                covered[_plain(name)].add(code)
    return {name: " ".join(sorted(covered.get(_named(name, covered), ()))) for name in names}


def _named(name: str, known: Mapping[str, object]) -> str:
    plain = _plain(name)
    longer = [each for each in known if each.startswith(f"{plain} ")] if plain else []
    return longer[0] if plain not in known and len(longer) == 1 else plain


def _plain(name: str) -> str:
    bare = name.casefold().replace("&", " and ").replace("'", "")
    return " ".join(word for word in re.findall(r"[^\W_]+", bare) if word not in _OF_AUTHORITIES)
