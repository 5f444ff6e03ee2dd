"""What is read about outreach plans: where each stands, and which touchpoints are near its stops."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from inroads.accounts.queries import Somebody
from inroads.directory.models import Reach, Service, Touchpoint
from inroads.directory.queries.finding import services_visible_to
from inroads.places.models import Outreach, OutreachReport, OutreachStop, OutreachVersion
from inroads.places.queries.near import NearTouchpoint, near
from inroads.places.queries.plans import organisations_seen
from inroads.reference.models import Organisation

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
class NearStop:
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
    user: Somebody, neighbourhoods: Sequence[str], *, most: int = MOST_NEAR
) -> dict[str, list[NearStop]]:
    """For each neighbourhood, by code, the nearest touchpoints as `near` finds them, with what they run there.

    Asks the database as often for many neighbourhoods as for one.
    """
    found = {code: listed[:most] for code, listed in near(user, neighbourhoods).items()}
    wanted = {service for listed in found.values() for each in listed for service in each.services}
    services = list(
        services_visible_to(user)
        .filter(pk__in=wanted)
        .order_by("sort_name", "pk")
        .prefetch_related("at_locations__location", "openings", "tags")
    )
    return {
        code: [stop for each in listed for stop in _with_services(each, services)] for code, listed in found.items()
    }


def _with_services(found: NearTouchpoint, services: list[Service]) -> list[NearStop]:
    """The touchpoint with its services; nothing where none of them can be seen any more."""
    listed = tuple(each for each in services if each.pk in found.services)
    return [NearStop(listed[0].touchpoint, found.metres, listed, found.told)] if listed else []


def _plans(found: QuerySet[Outreach]) -> list[Plan]:
    whole = found.select_related("organisation", "recorded_by").prefetch_related(
        "stops", "versions__recorded_by", "versions__touchpoint", "reports__recorded_by"
    )
    return [
        Plan(each, tuple(each.stops.all()), tuple(each.versions.all()), tuple(each.reports.all())) for each in whole
    ]
