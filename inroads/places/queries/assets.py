"""The help there is around a place: published libraries, and what the directory shows to everybody.

The pages that stand on this are open, so private touchpoints are read by nobody here, whoever asks: a figure that
changed with the reader would give them away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from inroads.analytics.published import Published
from inroads.directory.models import Location, Opening, Service, ServiceAtLocation, Status, Tag, TagKind
from inroads.directory.permissions import seen_by
from inroads.places.queries.libraries import nearest_libraries
from inroads.reference.models import Organisation

LIBRARY, TOUCHPOINT = "library", "touchpoint"
# A listing that calls itself a library and stands this near to a published one, in metres, is that library.
SAME_LIBRARY = 150
WEEKS_IN_A_YEAR = 365.25 / 7
Box = tuple[float, float, float, float]
NOBODY = AnonymousUser()


class Spot(NamedTuple):
    """Somewhere people can go for help: a published library, or a touchpoint at one of its places.

    `helps` are ids of `definitions/helps/` that a service there is listed with. `hours` a week that the service which
    is open longest is open, `room` for more people this month; None where not known. `here`: it lies in the place
    itself and not only around it. `service` is one of those there, `touchpoint` whose it is; "" for a library that
    the directory does not list. `key` tells it from all others, also in an address.
    """

    key: str
    kind: str
    name: str
    easting: float
    northing: float
    helps: frozenset[str]
    hours: float | None
    room: int | None
    service: str
    touchpoint: str
    here: bool


@dataclass(frozen=True)
class Offered:
    """What is offered around a place: `spots`, by key.

    `helps` are the kinds of help that somebody lists here, with or without coordinates. `unplaced` counts services of
    the directory of this place whose coordinates are not known, `doubles` listings here that somebody settled to be
    the same as another, and `libraries_listed` listings that are published libraries: neither is counted twice.
    """

    spots: tuple[Spot, ...]
    helps: frozenset[str]
    unplaced: int
    doubles: int
    libraries_listed: int


def offered(published: Published, code: str, *, margin: float, hours: bool = False) -> Offered:
    """All that is open to everybody within `margin` metres of a place; opening hours only where asked for."""
    box = _box(published, code, margin)
    if box is None:
        return Offered((), frozenset(), 0, 0, 0)
    at = _listed(box)
    helps = _helps(at.values("service"))
    hours_of = _hours(at.values("service")) if hours else {}
    libraries = _libraries(published, code, box)
    found, merged = _gathered(at, helps, hours_of, libraries)
    within = _inside(published, code, found)
    spots = tuple(sorted(spot._replace(here=here) for spot, here in zip(found, within, strict=True)))
    helps_without, unplaced = _without_coordinates(code)
    here = frozenset(each for spot in spots if spot.here for each in spot.helps)
    return Offered(spots, here | helps_without, unplaced, _doubles(published, code, box), merged)


def open_to_everybody(prefix: str = "") -> Q:
    """Services or touchpoints that may be counted on a page anybody can open, as a condition."""
    return seen_by(NOBODY, prefix)


def inside(published: Published, code: str, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of (n, 2) points lie in a place: those whose nearest neighbourhood, by its centre, is one of it."""
    tree, rows = _centres(published)
    if not len(points) or not len(rows):
        return np.zeros(len(points), dtype=bool)
    _, nearest = tree.query(points)
    return np.isin(rows[nearest], published.neighbourhoods.rows(code))


def centres(published: Published, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """(n, 2) eastings and northings of where people live in these neighbourhoods; NaN where not known."""
    places = published.neighbourhoods
    return np.column_stack((places.easting[rows], places.northing[rows]))


def _inside(published: Published, code: str, found: list[Spot]) -> list[bool]:
    points = np.array([(spot.easting, spot.northing) for spot in found], dtype=float).reshape(-1, 2)
    return [bool(each) for each in inside(published, code, points)]


@lru_cache(maxsize=4)
def _centres(published: Published) -> tuple[Any, NDArray[np.intp]]:
    from scipy.spatial import cKDTree  # slow to import, and most pages do without

    points = centres(published, np.arange(len(published.neighbourhoods)))
    rows = np.flatnonzero(np.isfinite(points).all(axis=1))
    return cKDTree(points[rows]), rows


@lru_cache(maxsize=256)
def _box(published: Published, code: str, margin: float) -> Box | None:
    """West, east, south and north of a place with a margin around its centres; None where none is known."""
    points = centres(published, published.neighbourhoods.rows(code))
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    (west, south), (east, north) = points.min(axis=0) - margin, points.max(axis=0) + margin
    return float(west), float(east), float(south), float(north)


@lru_cache(maxsize=256)
def _libraries(published: Published, code: str, box: Box) -> tuple[Spot, ...]:
    assets, (west, east, south, north) = published.assets, box
    rows = assets.offered(LIBRARY)
    x, y = assets.easting[rows], assets.northing[rows]
    rows = rows[(x >= west) & (x <= east) & (y >= south) & (y <= north)]
    return tuple(
        Spot(f"library-{row}", LIBRARY, str(assets.name[row]), float(assets.easting[row]), float(assets.northing[row]),
             frozenset(), None, None, "", "", False)
        for row in rows.tolist()
    )  # fmt: skip


def _listed(box: Box) -> QuerySet[ServiceAtLocation]:
    """Services at places in a box that are running, open to everybody, and nobody's double."""
    return _located(box).filter(service__same_as=None)


def _located(box: Box) -> QuerySet[ServiceAtLocation]:
    west, east, south, north = box
    return ServiceAtLocation.objects.filter(
        open_to_everybody("service__touchpoint__"),
        # Where a service is a guest of a private touchpoint, its place would give that one away.
        open_to_everybody("location__touchpoint__"),
        service__status=Status.ACTIVE,
        location__kind=Location.Kind.PHYSICAL,
        location__northing__range=(south, north),
        location__easting__range=(west, east),
    ).order_by()


def _helps(services: QuerySet[Any, Any]) -> dict[Any, set[str]]:
    found: dict[Any, set[str]] = {}
    tags = Tag.objects.filter(kind=TagKind.HELP, service__in=services).order_by()
    for service, value in tags.values_list("service", "value"):
        found.setdefault(service, set()).add(value)
    return found


def _hours(services: QuerySet[Any, Any]) -> dict[Any, float]:
    """Hours a week of each service all of whose opening times are known."""
    today = timezone.localdate()
    valid = (Q(valid_from=None) | Q(valid_from__lte=today)) & (Q(valid_to=None) | Q(valid_to__gte=today))
    found: dict[Any, float] = {}
    for each in Opening.objects.filter(valid, service__in=services).order_by():
        found[each.service_id] = found.get(each.service_id, 0.0) + hours_a_week(each)
    return {service: hours for service, hours in found.items() if np.isfinite(hours) and hours > 0}


def hours_a_week(opening: Opening) -> float:
    """Hours of one opening in a week on average; NaN where it is not known how long."""
    if opening.opens_at is None or opening.closes_at is None:
        return float("nan")
    day = date(2000, 1, 1)
    length = datetime.combine(day, opening.closes_at) - datetime.combine(day, opening.opens_at)
    if length <= timedelta(0):
        length += timedelta(days=1)
    hours: float = length.total_seconds() / 3600
    if opening.weekday is None or opening.nth is not None:
        return hours * 12 / WEEKS_IN_A_YEAR
    return hours / max(opening.every, 1)


def _gathered(
    at: QuerySet[ServiceAtLocation],
    helps: dict[Any, set[str]],
    hours: dict[Any, float],
    libraries: tuple[Spot, ...],
) -> tuple[list[Spot], int]:
    """One spot for each touchpoint at each of its places, and for each library; how many listings were libraries."""
    today = timezone.localdate()
    names = ("service__touchpoint", "service__touchpoint__name", "location__name", "location__easting",
             "location__northing", "service", "service__capacity", "service__capacity_on")  # fmt: skip
    found: dict[tuple[Any, float, float], Spot] = {}
    for touchpoint, name, where, easting, northing, service, capacity, on in at.values_list(*names):
        current = on is not None and (on.year, on.month) == (today.year, today.month)
        one = Spot(
            f"{touchpoint}-{easting:.0f}-{northing:.0f}", TOUCHPOINT, f"{name}, {where}" if where else name,
            easting, northing, frozenset(helps.get(service, ())), hours.get(service), capacity if current else None,
            str(service), str(touchpoint), False,
        )  # fmt: skip
        key = (touchpoint, round(easting), round(northing))
        found[key] = _joined(found[key], one) if key in found else one
    listed = list(libraries)
    points = np.array([(each.easting, each.northing) for each in libraries], dtype=float).reshape(-1, 2)
    others, merged = [], 0
    for spot in found.values():
        same = _library_of(spot, points)
        if same is None:
            others.append(spot)
        else:
            listed[same] = _joined(listed[same], spot)
            merged += 1
    return [*listed, *others], merged


def _joined(first: Spot, other: Spot) -> Spot:
    """Two listings of one spot: all helps, the longer hours, and the room of both."""
    hours = [each.hours for each in (first, other) if each.hours is not None]
    room = [each.room for each in (first, other) if each.room is not None]
    return first._replace(
        helps=first.helps | other.helps,
        hours=max(hours) if hours else None,
        room=sum(room) if room else None,
        service=min(filter(None, (first.service, other.service)), default=""),
        touchpoint=first.touchpoint or other.touchpoint,
    )


def _library_of(spot: Spot, points: NDArray[np.float64]) -> int | None:
    if "librar" not in spot.name.casefold() or not len(points):
        return None
    metres = np.hypot(points[:, 0] - spot.easting, points[:, 1] - spot.northing)
    nearest = int(metres.argmin())
    return nearest if metres[nearest] <= SAME_LIBRARY else None


def _without_coordinates(code: str) -> tuple[frozenset[str], int]:
    """Kinds of help, and number, of the services in the directory of this place that are on no map."""
    paths = list(Organisation.objects.filter(area_code=code).order_by().values_list("path", flat=True))
    if not paths:
        return frozenset(), 0
    own = Q(pk__in=())
    for path in paths:
        own |= Q(touchpoint__area__path__startswith=path)
    placed = ServiceAtLocation.objects.filter(location__easting__isnull=False).order_by().values("service")
    services = Service.objects.filter(own, open_to_everybody("touchpoint__"), status=Status.ACTIVE, same_as=None)
    services = services.exclude(pk__in=placed).order_by()
    tags = Tag.objects.filter(kind=TagKind.HELP, service__in=services.values("pk")).order_by()
    return frozenset(tags.values_list("value", flat=True).distinct()), services.count()


def _doubles(published: Published, code: str, box: Box) -> int:
    same = _located(box).exclude(service__same_as=None)
    names = ("service", "location__easting", "location__northing")
    rows = list(same.values_list(*names))
    points = np.array([row[1:] for row in rows], dtype=float).reshape(-1, 2)
    within = inside(published, code, points).tolist()
    return len({row[0] for row, here in zip(rows, within, strict=True) if here})


def offering(spots: Iterable[Spot], kind: str) -> tuple[Spot, ...]:
    """Those that offer a kind of help: "" for all, "library", or the id of a help."""
    if kind == LIBRARY:
        return tuple(spot for spot in spots if spot.kind == LIBRARY)
    return tuple(spot for spot in spots if not kind or kind in spot.helps)


def libraries_not_placed(published: Published, code: str) -> int:
    """How many open libraries of the place could not be put on the map."""
    return len(nearest_libraries(published, code).unlocated)
