"""Pairs of services that may be one, and feeds with their runs: of the areas whose directory this reader keeps."""

from django.db.models import Q, QuerySet

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, highest_where, organisations_where
from inroads.directory.models import OVER, Feed, FeedRun, Pair, Service, ServiceAtLocation
from inroads.directory.queries.duplicates import Row
from inroads.reference.models import Kind, Organisation

PAGE = 20
RUNS = 50


def _kept_by(user: Somebody, prefix: str) -> Q:
    inside = Q(pk__in=())
    for place in highest_where(user, Permission.KEEP_DIRECTORY):
        inside |= Q(**{f"{prefix}area__path__startswith": place.path})
    return inside


def areas_kept_by(user: Somebody) -> QuerySet[Organisation]:
    """Places and systems whose directory this user keeps, by name."""
    kept = organisations_where(user, Permission.KEEP_DIRECTORY)
    return kept.filter(kind__in=(Kind.PLACE, Kind.ICS), active=True).order_by("name")


def pairs_kept_by(user: Somebody) -> QuerySet[Pair]:
    """Pairs both of which stand in areas this user keeps."""
    both = _kept_by(user, "one__touchpoint__") & _kept_by(user, "other__touchpoint__")
    return Pair.objects.filter(both).select_related(
        "one__touchpoint__feed", "one__touchpoint__area", "other__touchpoint__feed", "other__touchpoint__area"
    )


def open_pairs(user: Somebody) -> QuerySet[Pair]:
    """Those nobody has settled, the likeliest first; without those of which one is gone or settled by another pair."""
    return _open(pairs_kept_by(user)).order_by("-likeness", "pk")


def open_in(area: Organisation) -> QuerySet[Pair]:
    """Those nobody has settled both of which stand in the directories of this area and below it."""
    here = Pair.objects.filter(
        one__touchpoint__area__path__startswith=area.path, other__touchpoint__area__path__startswith=area.path
    )
    return _open(here)


def _open(pairs: QuerySet[Pair]) -> QuerySet[Pair]:
    found = pairs.filter(answer=Pair.Answer.OPEN, one__same_as=None, other__same_as=None)
    return found.exclude(one__status__in=OVER).exclude(other__status__in=OVER)


def settled_pairs(user: Somebody) -> QuerySet[Pair]:
    """Those somebody settled, the latest first."""
    found = pairs_kept_by(user).exclude(answer=Pair.Answer.OPEN).select_related("answered_by")
    return found.order_by("-answered_at", "pk")


def runs_kept_by(user: Somebody) -> QuerySet[FeedRun]:
    """What was loaded, the latest first."""
    return FeedRun.objects.filter(_kept_by(user, "feed__")).select_related("feed__area", "by").order_by("-pk")


def feeds_kept_by(user: Somebody) -> QuerySet[Feed]:
    """Feeds of the areas this user keeps."""
    return Feed.objects.filter(_kept_by(user, "")).select_related("area").order_by("name", "pk")


def rows_of(area: Organisation) -> list[Row]:
    """What is compared of each service in the directories of an area and below it that runs and is nobody's double."""
    services = Service.objects.filter(touchpoint__area__path__startswith=area.path, same_as=None)
    services = services.exclude(status__in=OVER)
    postcodes: dict[object, list[str]] = {}
    at = ServiceAtLocation.objects.filter(service__in=services).exclude(location__postcode="")
    for service, postcode in at.values_list("service", "location__postcode"):
        postcodes.setdefault(service, []).append(postcode)
    names = ("pk", "name", "touchpoint__name", "plain", "phone", "touchpoint__phone", "website", "touchpoint__website")
    return [
        Row(
            # Written as the database sorts ids, so that the smaller one comes first there as well.
            id=str(own),
            name=name,
            offered_by=host,
            plain=plain,
            postcodes=tuple(sorted(set(postcodes.get(own, ())))),
            phone=phone or host_phone,
            website=website or host_website,
        )
        for own, name, host, plain, phone, host_phone, website, host_website in services.values_list(*names)
    ]
