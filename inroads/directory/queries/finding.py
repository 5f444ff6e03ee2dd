"""Finding help: by place, need, language, community, hours and cost. What is not known is neither yes nor no.

What is known to be otherwise is left out (closed then, not free); what is not known comes behind what is known, and
says so. A language or a community only moves those who speak it or reach it to the front.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.utils import timezone

from inroads.accounts.queries import Somebody
from inroads.directory.models import (
    RUNNING,
    Opening,
    Reach,
    Service,
    ServiceAtLocation,
    Status,
    Tag,
    TagKind,
    Touchpoint,
)
from inroads.directory.models.places import MONDAY
from inroads.directory.permissions import seen_by
from inroads.directory.queries.places import Near
from inroads.reference.definitions.care import helps_for

PAGE = 25
# After half a year an entry fades; after a year somebody should ring before going there.
FADES = timedelta(days=182)
STALE = timedelta(days=365)
MOST_WORDS = 6


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. `need` is the id of a barrier, `help` of a help; `at` a time on `day`, None for any.

    `near` with `within` metres; services of the same area whose place is not known come behind.
    """

    near: Near | None = None
    within: float = 5000
    need: str = ""
    help: str = ""
    language: str = ""
    community: str = ""
    day: date | None = None
    at: time | None = None
    free: bool = False
    words: str = ""


@dataclass(frozen=True)
class Hit:
    """A service that was found, how far it is in metres, and what of the things asked for is known to be so."""

    service: Service
    metres: float | None
    opens: bool
    spoken: bool
    reached: bool
    mentioned: bool = False


@dataclass(frozen=True)
class Found:
    """One page of hits in order; `total` of all pages, of which `near_by` are known to be within reach.

    `near_by` is None where nobody said where to look.
    """

    hits: list[Hit]
    total: int
    page: int
    near_by: int | None = None

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


def services_visible_to(user: Somebody) -> QuerySet[Service]:
    """Services that run, each once, as far as this reader may see their touchpoint."""
    running = Service.objects.filter(seen_by(user, "touchpoint__"), status__in=RUNNING, same_as=None)
    return running.select_related("touchpoint__area")


def find(user: Somebody, wanted: Wanted, *, page: int = 1) -> Found:
    """What helps, best first: most of what was asked for is known to be so, checked lately, near."""
    services = _asked(_running(user), wanted)
    if wanted.near is None:
        return _anywhere(user, services, page)
    columns = ("pk", "opens", "spoken", "reached", "mentioned", "known", "stale", "sort_name")
    metres: dict[UUID, float] = {}
    rows: list[Any] = []
    if not wanted.near.path:
        box = _box(wanted.near, wanted.within)
        metres = _distances(box, wanted.near)
        # A box has corners that are further away than its sides.
        around = services.filter(pk__in=box.values("service")).values_list(*columns)
        rows = [row for row in around if metres[row[0]] <= wanted.within]
    there = Touchpoint.objects.filter(area__area_code__in=wanted.near.areas)
    if wanted.near.path:
        there = Touchpoint.objects.filter(area__path__startswith=wanted.near.path)
    placed = ServiceAtLocation.objects.filter(location__easting__isnull=False).order_by().values("service")
    elsewhere = services.filter(touchpoint__in=there.values("pk"))
    unplaced = list((elsewhere if wanted.near.path else elsewhere.exclude(pk__in=placed)).values_list(*columns))
    rows.sort(key=lambda row: (-row[5], row[6], metres[row[0]], row[7], row[0]))
    # Of these nobody knows where they are, so they are never said to be near.
    unplaced.sort(key=lambda row: (-row[5], row[6], row[7], row[0]))
    near_by, rows = len(rows), rows + unplaced
    page = max(1, min(page, -(-len(rows) // PAGE)))
    shown = rows[(page - 1) * PAGE : page * PAGE]
    return Found(_hits(user, [(*row[:5], metres.get(row[0])) for row in shown]), len(rows), page, near_by)


def _anywhere(user: Somebody, services: QuerySet[Service], page: int) -> Found:
    # One question gives the page and how many there are in all.
    counted = services.order_by("-known", "stale", "sort_name", "pk").annotate(in_all=Window(Count("pk")))
    rows = counted.values_list("pk", "opens", "spoken", "reached", "mentioned", "in_all")
    page = max(1, page)
    shown = list(rows[(page - 1) * PAGE : page * PAGE])
    if not shown and page > 1:
        # Beyond the end the last page is shown.
        page = max(1, -(-services.count() // PAGE))
        shown = list(rows[(page - 1) * PAGE : page * PAGE])
    return Found(_hits(user, [(*each[:5], None) for each in shown]), shown[0][5] if shown else 0, page)


def _running(user: Somebody) -> QuerySet[Service]:
    """Services that run, each once, as far as this reader may see their touchpoint: said so that it is quick.

    The private ones that this reader may not see are few, and named; all others need not be looked up one by one.
    """
    hidden = Touchpoint.objects.filter(private=True).exclude(seen_by(user)).values("pk")
    return Service.objects.filter(status__in=RUNNING, same_as=None).exclude(touchpoint__in=hidden)


def opens_on(day: date, at: time | None) -> Q:
    """Openings that are known to be open on a day, at a time where one is given, as a condition.

    One that closes before it opens closes on the next day. At a time, both times have to be known.
    """
    if at is None:
        return _on(day)
    overnight = Q(closes_at__lt=F("opens_at"))
    today = _on(day) & Q(opens_at__lte=at) & (Q(closes_at__gt=at) | overnight)
    return today | (_on(day - timedelta(days=1)) & overnight & Q(closes_at__gt=at))


def may_be_open_on(day: date, at: time) -> Q:
    """Openings on a day of which it is not known whether they are open at a time, as a condition."""
    return _on(day) & (Q(opens_at=None) | Q(opens_at__lte=at, closes_at=None))


def _on(day: date) -> Q:
    week = (day - MONDAY).days // 7
    nth = (day.day - 1) // 7 + 1
    last = (day + timedelta(days=7)).month != day.month
    weekly = Q(weekday=day.weekday()) & (Q(nth=None) | Q(nth=nth) | (Q(nth=-1) if last else Q(pk__in=())))
    every = Q(every=1) | Q(week=Value(week) % F("every"))
    valid = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))
    return ((weekly & every) | Q(day=day.day)) & valid


def now_here() -> datetime:
    """This moment in the service's own time zone."""
    return timezone.localtime()


def _asked(services: QuerySet[Service], wanted: Wanted) -> QuerySet[Service]:
    """Those that may be what is wanted, with what is known of it: `opens`, `spoken`, `reached`, `known`, `stale`."""
    helps = {each.id for each in helps_for(wanted.need)} if wanted.need else set()
    if wanted.help:
        helps = {wanted.help} & (helps or {wanted.help})
    if wanted.need or wanted.help:
        services = services.filter(pk__in=_tagged(TagKind.HELP, *helps).values("service"))
    for word in wanted.words.split()[:MOST_WORDS]:
        services = services.filter(
            Q(name__icontains=word) | Q(plain__icontains=word) | Q(touchpoint__name__icontains=word)
        )
    if wanted.free:
        services = services.exclude(free=False)
    hours = Opening.objects.order_by()
    if wanted.day is not None:
        then = Q(pk__in=hours.filter(opens_on(wanted.day, wanted.at)).values("service"))
        perhaps = ~Q(pk__in=hours.values("service"))
        if wanted.at is not None:
            perhaps |= Q(pk__in=hours.filter(may_be_open_on(wanted.day, wanted.at)).values("service"))
        services = services.filter(then | perhaps).exclude(status=Status.PAUSED)
        services = services.annotate(opens=_whether(then))
    else:
        services = services.annotate(opens=Value(False))
    language = wanted.language.strip().casefold()
    services = services.annotate(
        spoken=_tag(TagKind.LANGUAGE, language),
        mentioned=_whether(Q(name__icontains=language) | Q(plain__icontains=language)) if language else Value(False),
        reached=_reached(wanted.community),
    )
    # A shared language weighs most: without one nothing else helps. A name that speaks of it is as good as a word of
    # theirs; a description that does, a hint.
    in_name = Q(mentioned=True, spoken=False, name__icontains=language) if language else Q(pk__in=())
    known: Any = 3 * (_one(Q(spoken=True)) + _one(in_name)) + _one(Q(mentioned=True, spoken=False))
    known = known + 2 * (_one(Q(opens=True)) + _one(Q(reached=True)))
    if wanted.free:
        known = known + 2 * _one(Q(free=True))
    since = timezone.localdate() - STALE
    stale = Case(When(checked_on__gte=since, then=0), default=1, output_field=IntegerField())
    return services.annotate(known=known, stale=stale)


def _tagged(kind: str, *values: str) -> QuerySet[Tag]:
    return Tag.objects.filter(kind=kind, value__in=values).order_by()


def _tag(kind: str, value: str) -> Any:
    return _whether(Q(pk__in=_tagged(kind, value).values("service"))) if value else Value(False)


def _reached(community: str) -> Any:
    """By what people told us, or by a tag: its own word, or its description."""
    if not community:
        return Value(False)
    told = Reach.objects.filter(community=community, state=Reach.VALUE).order_by().values("touchpoint")
    tags = _tagged(TagKind.COMMUNITY, community).values("service")
    return _whether(Q(touchpoint__in=told) | Q(pk__in=tags))


def _whether(condition: Q) -> ExpressionWrapper:
    # "In" a list that is read once: a question for each of twenty thousand rows takes several times as long.
    return ExpressionWrapper(condition, output_field=BooleanField())


def _one(condition: Q) -> Case:
    return Case(When(condition, then=1), default=0, output_field=IntegerField())


def _box(near: Near, within: float) -> QuerySet[ServiceAtLocation]:
    return ServiceAtLocation.objects.filter(
        location__northing__range=(near.northing - within, near.northing + within),
        location__easting__range=(near.easting - within, near.easting + within),
    ).order_by()


def _distances(box: QuerySet[ServiceAtLocation], near: Near) -> dict[UUID, float]:
    """Metres to the nearest place of each service in the box, in a straight line."""
    found: dict[UUID, float] = {}
    for service, easting, northing in box.values_list("service", "location__easting", "location__northing"):
        metres = ((easting - near.easting) ** 2 + (northing - near.northing) ** 2) ** 0.5
        found[service] = min(metres, found.get(service, metres))
    return found


def _hits(user: Somebody, rows: list[tuple[UUID, bool, bool, bool, bool, float | None]]) -> list[Hit]:
    services = services_visible_to(user).filter(pk__in=[row[0] for row in rows])
    found = {
        each.pk: each
        for each in services.prefetch_related("tags", "openings", "at_locations__location", "touchpoint__reach")
    }
    return [
        Hit(found[pk], metres, opens, spoken, reached, mentioned)
        for pk, opens, spoken, reached, mentioned, metres in rows
        if pk in found
    ]


def stale_first(services: QuerySet[Service]) -> QuerySet[Service]:
    """Those that nobody looked at for half a year, the longest first; never checked before all others."""
    asked = Q(checked_on=None) | Q(checked_on__lt=timezone.localdate() - FADES)
    return services.filter(asked).order_by(F("checked_on").asc(nulls_first=True), "sort_name", "pk")
