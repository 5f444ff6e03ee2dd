"""Finding places: by code, by name, and what lies in or around them."""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from inroads.analytics.published import Area, Published

CODE = re.compile(r"[ENSW]\d{8}")
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*(\d[A-Z]{2})?", re.IGNORECASE)
MOST = 30


@dataclass(frozen=True)
class Found:
    """What a search found: areas, and neighbourhoods as (code, name, ward); `more` counts what is not listed."""

    areas: tuple[Area, ...]
    neighbourhoods: tuple[tuple[str, str, str], ...]
    more: int


def find(published: Published, typed: str) -> Found:
    """Places and neighbourhoods whose code is, or whose name contains, what was typed (each word of it).

    Neighbourhoods are found by the name of their ward too.
    """
    words = [word for word in _plain(typed).split() if word != "the"]
    if not words:
        return Found((), (), 0)
    code = typed.strip().upper()
    areas = [area for area in published.areas.values() if is_open(area) and _fits(area, words, code)]
    areas.sort(key=lambda area: (_farness(_plain(area.name), words), area.kind != "ics", area.name))
    places = published.neighbourhoods
    if CODE.fullmatch(code):
        row = places.row(code)
        hits = [] if row is None else [row]
    else:
        hits = [row for row, name in enumerate(_searched(published)) if all(word in name for word in words)]
        hits.sort(key=lambda row: _farness(_searched(published)[row], words))
    listed = tuple((str(places.code[row]), str(places.name[row]), str(places.ward[row])) for row in hits[:MOST])
    return Found(tuple(areas[:MOST]), listed, len(areas) + len(hits) - len(areas[:MOST]) - len(listed))


def _farness(name: str, words: list[str]) -> int:
    """How far a name is from what was typed: Hull before Kingston upon Hull, and that before Solihull."""
    typed, held = " ".join(words), name.split()
    if name == typed:
        return 0
    if name.startswith(f"{typed} "):
        return 1
    if all(word in held for word in words):
        return 2
    return 3 if all(any(each.startswith(word) for each in held) for word in words) else 4


def is_postcode(typed: str) -> bool:
    """Whether this looks like a postcode or the first half of one, by which nothing is found."""
    return POSTCODE.fullmatch(typed.strip()) is not None


@lru_cache(maxsize=2)
def _searched(published: Published) -> list[str]:
    places = published.neighbourhoods
    return [_plain(f"{name} {ward}") for name, ward in zip(places.name.tolist(), places.ward.tolist(), strict=True)]


def _plain(text: str) -> str:
    """As compared: publishers write both St Ann's and St. Anns, Ventnor & St Lawrence and Ventnor and St Lawrence."""
    return re.sub(r"[.'’]", "", text.casefold().replace("&", " and ").replace(",", " "))


def _fits(area: Area, words: list[str], code: str) -> bool:
    name = _plain(f"{area.name} {area.formal_name} {'ICS ICB' if area.kind == 'ics' else 'council'}")
    return area.code == code or bool(area.ods_code and area.ods_code == code) or all(word in name for word in words)


def is_open(area: Area) -> bool:
    """Whether a place has pages: an integrated care system or local authority of which we hold every neighbourhood."""
    return area.kind in {"ics", "local_authority"} and area.whole


def authorities_in(published: Published, area: Area) -> list[Area]:
    """The local authorities that share neighbourhoods with this integrated care system, by name."""
    if area.kind != "ics":
        return []
    rows = published.neighbourhoods.rows(area.code)
    codes = np.unique(published.neighbourhoods.local_authority[rows])
    found = (published.areas.get(str(code)) for code in codes)
    return sorted((each for each in found if each is not None), key=lambda each: each.name)


def systems_of(published: Published, area: Area) -> list[Area]:
    """The integrated care systems that a local authority lies in (a few lie in two or three), by name."""
    if area.kind != "local_authority":
        return []
    rows = published.neighbourhoods.rows(area.code)
    codes = np.unique(published.neighbourhoods.ics[rows])
    found = (published.areas.get(str(code)) for code in codes)
    return sorted((each for each in found if each is not None), key=lambda each: each.name)
