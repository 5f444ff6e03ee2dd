"""Where something is: from a postcode, a neighbourhood or the name of a place to a point on the National Grid."""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from inroads.analytics.areas import find
from inroads.analytics.published import Published
from inroads.directory.models import Feed, Location, Touchpoint
from inroads.reference.around import published
from inroads.reference.models import Organisation

Point = tuple[float, float]
# No neighbourhood in England has its middle further away than this.
FARTHEST = 20_000
DIGITS = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)\s*(\d?)([A-Z]{0,2})$")


@dataclass(frozen=True)
class Near:
    """A point to look around, how it is called, and the codes of the areas it lies in. `about`: only about there.

    Without a point, only which directory is meant: `path` is that of its organisation.
    """

    easting: float
    northing: float
    name: str
    areas: frozenset[str]
    about: bool = False
    path: str = ""


def near(typed: str) -> Near | None:
    """Where that is: a postcode, the beginning of one, or the name of a place; None where we do not know it."""
    figures = published()
    if DIGITS.match(typed.strip().upper()):
        found = _by_postcode(typed, figures)
        if found is None:
            return None
        (easting, northing), name, about = found
    elif figures is not None and (row := _by_name(typed, figures)) is not None:
        rows, name = row
        points = np.column_stack((figures.neighbourhoods.easting[rows], figures.neighbourhoods.northing[rows]))
        points = points[np.isfinite(points).all(axis=1)]
        if not len(points):
            return None
        easting, northing = points.mean(axis=0).tolist()
        about = len(rows) > 1
    else:
        return None
    return Near(easting, northing, name, _areas_at(figures, easting, northing), about)


def directory_named(typed: str) -> Near | None:
    """The directory of a place or system with this name, or of a feed, where its whereabouts are not known here."""
    words = {word for word in plain_words(typed) if word not in ("the", "nhs")}
    if not words:
        return None
    kept = Organisation.objects.filter(pk__in=Touchpoint.objects.filter(private=False).values("area"))
    named = [each for each in kept.order_by("name") if words <= {*plain_words(each.name), each.area_code.casefold()}]
    feeds = Feed.objects.filter(touchpoints__private=False).distinct().select_related("area").order_by("name")
    named += [each.area for each in feeds if words <= set(plain_words(each.name))]
    return Near(float("nan"), float("nan"), named[0].name, frozenset(), True, named[0].path) if named else None


def plain_words(name: str) -> list[str]:
    """Words of a name in small letters."""
    return re.findall(r"[\w'’]+", name.casefold())


def point_of(*, postcode: str, neighbourhood: str) -> Point | None:
    """Where an address is: by its whole postcode where we know it, else the middle of its neighbourhood."""
    figures = published()
    if postcode:
        found = _by_postcode(postcode, figures)
        if found is not None and not found[2]:
            return found[0]
    row = figures.neighbourhoods.row(neighbourhood) if figures is not None and neighbourhood else None
    if figures is not None and row is not None:
        point = float(figures.neighbourhoods.easting[row]), float(figures.neighbourhoods.northing[row])
        if np.isfinite(point).all():
            return point
    return None


def _by_postcode(typed: str, figures: Published | None) -> tuple[Point, str, bool] | None:
    """The middle of what we know with this postcode; else of those that begin with the same letters, and about so."""
    parts = DIGITS.match(typed.strip().upper())
    if parts is None:
        return None
    district, sector, unit = parts.groups()
    beginnings = [f"{district} {sector}{unit}" if sector else f"{district} ", f"{district} {sector}", f"{district} "]
    for beginning in dict.fromkeys(beginnings):
        points = _known(beginning, figures)
        if len(points):
            whole = len(unit) == 2 and beginning == beginnings[0]
            easting, northing = points.mean(axis=0).tolist()
            return (easting, northing), beginning.strip(), not whole
    return None


def _known(beginning: str, figures: Published | None) -> np.ndarray:
    """Points (n, 2) of open places whose postcode begins so. What is private gives nothing away, not even roughly."""
    ours = Location.objects.filter(
        postcode__gte=beginning, postcode__lt=beginning + "\U0010ffff", easting__isnull=False, touchpoint__private=False
    )
    points = [list(each) for each in ours.values_list("easting", "northing")[:200]]
    if figures is not None:
        codes, places = _postcodes(figures)
        low, high = np.searchsorted(codes, [beginning, beginning + "\U0010ffff"])
        points += places[low:high].tolist()
    return np.array(points, dtype=float).reshape(-1, 2)


@lru_cache(maxsize=2)
def _postcodes(figures: Published) -> tuple[np.ndarray, np.ndarray]:
    assets = figures.assets
    rows = np.flatnonzero(np.isfinite(assets.easting) & (assets.postcode != ""))
    codes = assets.postcode[rows].astype(str)
    order = np.argsort(codes, kind="stable")
    return codes[order], np.column_stack((assets.easting[rows], assets.northing[rows]))[order]


@lru_cache(maxsize=512)
def _by_name(typed: str, figures: Published) -> tuple[np.ndarray, str] | None:
    """Rows of the neighbourhoods of the place with this name, and its name."""
    found = find(figures, typed)
    if found.areas:
        # A town's own council before the wider system that is named after it.
        best = next((each for each in found.areas if each.kind == "local_authority"), found.areas[0])
        return figures.neighbourhoods.rows(best.code), best.name
    if found.neighbourhoods:
        _, name, ward = found.neighbourhoods[0]
        rows = [figures.neighbourhoods.row(each[0]) for each in found.neighbourhoods if each[2] == ward]
        return np.array([row for row in rows if row is not None]), ward or name
    return None


def _areas_at(figures: Published | None, easting: float, northing: float) -> frozenset[str]:
    """Codes of the local authority and the integrated care system of the nearest neighbourhood."""
    if figures is None or not len(figures.neighbourhoods):
        return frozenset()
    places = figures.neighbourhoods
    away = (places.easting - easting) ** 2 + (places.northing - northing) ** 2
    if not np.isfinite(away).any():
        return frozenset()
    row = int(np.nanargmin(away))
    if away[row] > FARTHEST**2:
        return frozenset()
    return frozenset({str(places.local_authority[row]), str(places.ics[row])} - {""})
