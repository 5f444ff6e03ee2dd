"""What may be passed on, and how it is found. Everything that is served begins here; nothing private does."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from inroads.directory.models import Location, Service, ServiceAtLocation, Tag, Touchpoint
from inroads.interop.open_referral.terms import Taxonomy, Term


def _open(touchpoint: str) -> Q:
    """That a touchpoint is not private and its feed, if it came from one, lets us pass it on.

    Said of the few that are closed, which the database looks up once; joined, it would look at one for every service.
    """
    closed = Touchpoint.objects.order_by().filter(Q(private=True) | Q(feed__publish=False))
    return ~Q(**{f"{touchpoint}in": closed.values("pk")})


def services() -> QuerySet[Service]:
    """Services that may be passed on, by name."""
    return Service.objects.filter(_open("touchpoint__"), same_as__isnull=True).order_by("sort_name", "id")


def touchpoints() -> QuerySet[Touchpoint]:
    """Touchpoints that have a service that may be passed on, by name."""
    offered = Exists(Service.objects.filter(touchpoint=OuterRef("pk"), same_as__isnull=True))
    return Touchpoint.objects.filter(_open("pk__"), offered).order_by("sort_name", "id")


def at_locations() -> QuerySet[ServiceAtLocation]:
    """Services that may be passed on, at each of their places, in an order that stays."""
    found = _own_places().filter(_open("service__touchpoint__"), service__same_as__isnull=True)
    return found.order_by("id")


def _own_places() -> QuerySet[ServiceAtLocation]:
    """Places of the service's own touchpoint: where it may be passed on, so may they. Another's could be private."""
    return ServiceAtLocation.objects.filter(location__touchpoint=F("service__touchpoint"))


def with_all(found: QuerySet[Service]) -> QuerySet[Service]:
    """With all that a nested service says, in as many queries for many as for one.

    As lists: Django would make a query set for each of hundreds of services, which takes longer than reading them.
    """
    places = _own_places().select_related("location").order_by("id")
    return found.select_related("touchpoint").prefetch_related(
        Prefetch("tags", Tag.objects.order_by("kind", "value"), to_attr="its_tags"),
        Prefetch("openings", to_attr="its_openings"),
        Prefetch("at_locations", places, to_attr="its_places"),
    )


def searched(found: QuerySet, words: Iterable[str], *, service: str = "") -> QuerySet:
    """Those in whose name, description or touchpoint each of the words stands."""
    for word in words:
        found = found.filter(
            Q(**{f"{service}sort_name__contains": word.casefold()})
            | Q(**{f"{service}plain__icontains": word})
            | Q(**{f"{service}touchpoint__sort_name__contains": word.casefold()})
        )
    return found


def narrowed(
    found: QuerySet,
    *,
    term: Term | None,
    taxonomy: Taxonomy | None,
    touchpoint: UUID | None,
    modified_after: datetime | None,
    service: str = "",
) -> QuerySet:
    """With this term, any term of this taxonomy, of this touchpoint, changed since. `service` leads to the service."""
    tags = Tag.objects.order_by().values("service")
    if term is not None:
        found = found.filter(**{f"{service}pk__in": tags.filter(kind=term.kind, value=term.value)})
    if taxonomy is not None:
        found = found.filter(**{f"{service}pk__in": tags.filter(kind=taxonomy.kind)})
    if touchpoint is not None:
        found = found.filter(**{f"{service}touchpoint": touchpoint})
    if modified_after is not None:
        found = found.filter(**{f"{service}modified_at__gte": modified_after})
    return found


def within(
    found: QuerySet[ServiceAtLocation], point: tuple[float, float], metres: float
) -> QuerySet[ServiceAtLocation]:
    """Those within so many metres, as the crow flies."""
    east, north = point
    box: dict[str, Any] = {
        "location__easting__range": (east - metres, east + metres),
        "location__northing__range": (north - metres, north + metres),
    }
    across, along = F("location__easting") - east, F("location__northing") - north
    return found.filter(**box).alias(squared=across * across + along * along).filter(squared__lte=metres * metres)


def middle_of(postcode: str) -> tuple[float, float] | None:
    """The middle of the places with this postcode that may be passed on."""
    known = Location.objects.filter(_open("touchpoint__"), postcode=postcode, easting__isnull=False)
    points = list(known.values_list("easting", "northing")[:200])
    if not points:
        return None
    return sum(east for east, _ in points) / len(points), sum(north for _, north in points) / len(points)
