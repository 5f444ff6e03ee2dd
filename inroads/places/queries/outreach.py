"""What is read about outreach plans: where each stands, and which touchpoints are near its stops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from inroads.accounts.queries import Somebody
from inroads.directory.models import Reach, Service, Touchpoint
from inroads.directory.queries.finding import services_visible_to
from inroads.directory.queries.places import Point, point_of
from inroads.places.models import Outreach, OutreachReport, OutreachStop, OutreachVersion
from inroads.places.queries.plans import organisations_seen
from inroads.reference.models import Organisation

# How far somebody goes from where they listen, in metres in a straight line: half an hour on foot.
WITHIN = 2_000
MOST_NEAR = 5


@dataclass(frozen=True)
class Plan:
    """An outreach plan with its stops, versions and reports, each in order."""

    outreach: Outreach
    stops: tuple[OutreachStop, ...]
    versions: tuple[OutreachVersion, ...]
    reports: tuple[OutreachReport, ...]

    @property
    def now(self) -> OutreachVersion:
        """The version that holds."""
        return self.versions[-1]

    @property
    def report(self) -> OutreachReport | None:
        """What became of it, the latest that was said; None while it is ahead."""
        return self.reports[-1] if self.reports else None

    def overdue(self, on: date) -> bool:
        """Whether its day is over and nobody has said what became of it."""
        return self.report is None and self.now.day < on


@dataclass(frozen=True)
class NearTouchpoint:
    """A touchpoint near a stop, `metres` away in a straight line, with the services it runs there.

    `told` is what people said about being helped there, as far as it may be shown.
    """

    touchpoint: Touchpoint
    metres: float
    services: tuple[Service, ...]
    told: tuple[Reach, ...]


def outreach_visible_to(user: Somebody) -> QuerySet[Outreach]:
    """Outreach plans of the organisations whose plans this user may read."""
    return Outreach.objects.filter(organisation__in=organisations_seen(user)).select_related("organisation")


def outreach_of(user: Somebody, number: UUID) -> Outreach | None:
    """One outreach plan that this user may read, or None."""
    return outreach_visible_to(user).filter(pk=number).first()


def plan_of(outreach: Outreach) -> Plan:
    """One outreach plan with everything about it."""
    return _plans(Outreach.objects.filter(pk=outreach.pk))[0]


def plans_here(user: Somebody, organisations: Iterable[Organisation]) -> list[Plan]:
    """The outreach plans of these organisations that this user may read, the latest day first."""
    found = outreach_visible_to(user).filter(organisation__in=[each.pk for each in organisations])
    return sorted(_plans(found), key=lambda each: (each.now.day, each.outreach.recorded_at), reverse=True)


def touchpoints_near(
    user: Somebody, neighbourhoods: Sequence[str], *, within: float = WITHIN, most: int = MOST_NEAR
) -> dict[str, list[NearTouchpoint]]:
    """For each neighbourhood, by code, the nearest touchpoints this user may see within so many metres of its middle.

    Asks the database as often for many neighbourhoods as for one. Touchpoints whose place is not known are left out.
    """
    points = {code: point_of(postcode="", neighbourhood=code) for code in neighbourhoods}
    around = Q(pk__in=())
    for point in filter(None, points.values()):
        around |= _box(point, within)
    services = list(
        services_visible_to(user)
        .filter(around)
        .distinct()
        .order_by("sort_name", "pk")
        .prefetch_related("at_locations__location", "touchpoint__reach", "openings", "tags")
    )
    return {code: _nearest(services, point, within)[:most] if point else [] for code, point in points.items()}


def _box(point: Point, within: float) -> Q:
    easting, northing = point
    return Q(
        at_locations__location__easting__range=(easting - within, easting + within),
        at_locations__location__northing__range=(northing - within, northing + within),
    )


def _nearest(services: list[Service], point: Point, within: float) -> list[NearTouchpoint]:
    found: dict[UUID, tuple[float, list[Service]]] = {}
    for service in services:
        metres = _metres(service, point)
        if metres is not None and metres <= within:
            nearest, listed = found.get(service.touchpoint_id, (metres, []))
            found[service.touchpoint_id] = (min(nearest, metres), [*listed, service])
    near = [
        NearTouchpoint(listed[0].touchpoint, metres, tuple(listed), tuple(listed[0].touchpoint.reach.all()))
        for metres, listed in found.values()
    ]
    return sorted(near, key=lambda each: (each.metres, each.touchpoint.sort_name))


def _metres(service: Service, point: Point) -> float | None:
    easting, northing = point
    away = [
        ((place.easting - easting) ** 2 + (place.northing - northing) ** 2) ** 0.5
        for place in (each.location for each in service.at_locations.all())
        if place.easting is not None and place.northing is not None
    ]
    return min(away, default=None)


def _plans(found: QuerySet[Outreach]) -> list[Plan]:
    whole = found.select_related("organisation", "recorded_by").prefetch_related(
        "stops", "versions__recorded_by", "versions__touchpoint", "reports__recorded_by"
    )
    return [
        Plan(each, tuple(each.stops.all()), tuple(each.versions.all()), tuple(each.reports.all())) for each in whole
    ]
