"""Touchpoints near a neighbourhood: one rule for how far is near, which of them a reader sees, and what people told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from inroads.accounts.queries import Somebody
from inroads.directory.models import Reach, ServiceAtLocation
from inroads.directory.queries.finding import services_visible_to
from inroads.directory.queries.places import Point, point_of

# How far somebody goes from where they listen, in metres in a straight line: half an hour on foot.
NEAR = 2_000


@dataclass(frozen=True)
class NearTouchpoint:
    """A touchpoint near a neighbourhood, `metres` from its middle in a straight line; `services`: what it runs there.

    `told` is what people said about being helped there, as far as it may be shown.
    """

    id: UUID
    name: str
    metres: float
    services: frozenset[UUID]
    told: tuple[Reach, ...]


@dataclass(frozen=True)
class _Place:
    """A service where it is offered."""

    service: UUID
    touchpoint: UUID
    name: str
    sort_name: str
    easting: float
    northing: float


def near(user: Somebody, neighbourhoods: Iterable[str]) -> dict[str, list[NearTouchpoint]]:
    """For each neighbourhood, by code, the touchpoints this user may see within `NEAR` of its middle, nearest first.

    Asks the database as often for many neighbourhoods as for one. Touchpoints whose place is not known are left out,
    and there are none near a neighbourhood whose middle is not known.
    """
    points = {code: point_of(postcode="", neighbourhood=code) for code in neighbourhoods}
    around = Q(pk__in=())
    for point in filter(None, points.values()):
        around |= _box(point)
    rows = (
        ServiceAtLocation.objects.filter(around, service__in=services_visible_to(user).order_by().values("pk"))
        .order_by()
        .values_list(
            "service",
            "service__touchpoint",
            "service__touchpoint__name",
            "service__touchpoint__sort_name",
            "location__easting",
            "location__northing",
        )
    )
    places = [_Place(*row) for row in rows]
    told: defaultdict[UUID, list[Reach]] = defaultdict(list)
    for each in Reach.objects.filter(state=Reach.VALUE, touchpoint__in={place.touchpoint for place in places}):
        told[each.touchpoint_id].append(each)
    return {code: _nearest(places, point, told) if point else [] for code, point in points.items()}


def _box(point: Point) -> Q:
    easting, northing = point
    return Q(
        location__easting__range=(easting - NEAR, easting + NEAR),
        location__northing__range=(northing - NEAR, northing + NEAR),
    )


def _nearest(places: list[_Place], point: Point, told: defaultdict[UUID, list[Reach]]) -> list[NearTouchpoint]:
    inside: defaultdict[UUID, list[tuple[float, _Place]]] = defaultdict(list)
    for place in places:
        # A box has corners that are further away than its sides.
        metres = ((place.easting - point[0]) ** 2 + (place.northing - point[1]) ** 2) ** 0.5
        if metres <= NEAR:
            inside[place.touchpoint].append((metres, place))
    found = [
        (min(metres for metres, _ in listed), listed[0][1], frozenset(place.service for _, place in listed))
        for listed in inside.values()
    ]
    found.sort(key=lambda each: (each[0], each[1].sort_name))
    return [
        NearTouchpoint(place.touchpoint, place.name, metres, services, tuple(told.get(place.touchpoint, ())))
        for metres, place, services in found
    ]
