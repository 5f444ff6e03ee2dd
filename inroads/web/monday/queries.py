"""What the Monday page reads about one place, always as far as its reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from inroads.accounts.permissions import held_in
from inroads.accounts.queries import Somebody
from inroads.analytics.published import Area, Published
from inroads.directory.models import Service
from inroads.directory.queries.finding import FADES, services_visible_to
from inroads.people.queries.loans import Ending, data_ending
from inroads.places.models import CycleEntry, OutreachReport, SmallStepVersion
from inroads.places.permissions import SEES_PLANS
from inroads.places.presenters.real import Row, wrong
from inroads.places.queries.outreach import Plan, plans_here
from inroads.places.queries.plans import PLACES
from inroads.places.queries.real import Real, real_picture
from inroads.places.queries.steps import Standing, steps_here
from inroads.reference import around
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import within
from inroads.released.models import Release
from inroads.web.design_check.queries import Checked, checked, pathways_to_check

WEEK = timedelta(days=7)
NAMED = 3


@dataclass(frozen=True)
class Entries:
    """Services in the directory of a place: how many run, are full, said nothing this month, fade, are new or changed.

    `full_ones` are the first few of those that are full.
    """

    running: int
    full: int
    silent: int
    fading: int
    new: int
    changed: int
    full_ones: tuple[Service, ...]


@dataclass(frozen=True)
class Week:
    """What was recorded since a day: figures counted, words about small steps, walks done or not held, ways changed."""

    since: date
    released: Release | None
    steps: int
    walks: tuple[OutreachReport, ...]
    pathways: int


def places_of(user: Somebody) -> list[Organisation]:
    """Systems and places whose Monday this reader may have: those of their roles, or the systems below them."""
    held = {each.pk: each for permission in SEES_PLANS for each in held_in(user, permission)}
    wide = [each for each in held.values() if each.kind in (Kind.ENGLAND, Kind.REGION)]
    below = within(wide).filter(kind=Kind.ICS, active=True) if wide else ()
    found = {each.pk: each for each in (*held.values(), *below) if each.kind in PLACES}
    return sorted(found.values(), key=lambda each: (each.name, str(each.pk)))


def inside(here: Organisation) -> list[Organisation]:
    """The systems and places from this one down: those that make plans."""
    return list(within([here]).filter(kind__in=PLACES))


def area_here(here: Organisation) -> tuple[Published | None, Area | None]:
    """The published figures and the area of a place; None where they are not loaded."""
    figures = around.published()
    return figures, figures.areas.get(here.area_code) if figures is not None else None


def entries_here(user: Somebody, here: Organisation, *, since: date) -> Entries:
    """The directory of a place as this reader sees it: asked as often for many entries as for one."""
    today = timezone.localdate()
    services = services_visible_to(user).filter(touchpoint__area__path__startswith=here.path)
    said = Q(capacity__isnull=False, capacity_on__gte=today.replace(day=1), capacity_on__lte=today)
    full, begun = said & Q(capacity=0), _begin(since)
    counted = services.order_by().aggregate(
        running=Count("pk"),
        full=Count("pk", filter=full),
        silent=Count("pk", filter=~said),
        fading=Count("pk", filter=Q(checked_on=None) | Q(checked_on__lt=today - FADES)),
        new=Count("pk", filter=Q(created_at__gte=begun)),
        changed=Count("pk", filter=Q(modified_at__gte=begun, created_at__lt=begun)),
    )
    named = services.filter(full).order_by("sort_name", "pk")[:NAMED] if counted["full"] else ()
    return Entries(**counted, full_ones=tuple(named))


def week_since(
    since: date,
    *,
    steps: Sequence[Standing],
    walks: Sequence[Plan],
    pathways: Sequence[Checked],
    real: Real | None,
) -> Week:
    """What was recorded since a day, out of what this reader may see."""
    begun = _begin(since)
    words: list[SmallStepVersion | CycleEntry] = [
        *(each for standing in steps for each in standing.versions),
        *(each for standing in steps for cycle in standing.cycles for each in cycle.parts.values()),
    ]
    return Week(
        since=since,
        released=real.release if real is not None and real.release.made_at >= begun else None,
        steps=sum(each.recorded_at >= begun for each in words),
        walks=tuple(each for plan in walks for each in plan.reports if each.recorded_at >= begun),
        pathways=sum(_turned(each, begun) for each in pathways),
    )


def plans_of(user: Somebody, here: Organisation) -> tuple[list[Standing], list[Plan]]:
    """Small steps and outreach plans of a place and of those below it."""
    organisations = inside(here)
    return steps_here(user, organisations), plans_here(user, organisations)


def real_here(user: Somebody, published: Published | None, area: Area | None) -> Real | None:
    """What was released about a place; None where nothing is, or its figures are not loaded."""
    return real_picture(published, area, user) if published is not None and area is not None else None


def farthest_off(published: Published | None, found: Real | None) -> list[Row]:
    """The few neighbourhoods where most more people are left out than the risk map expects."""
    return wrong(published, found, found.too_low, NAMED) if published is not None and found is not None else []


def pathways_here(user: Somebody, here: Organisation) -> list[Checked]:
    """Pathways of the services of a place, each checked as far as this reader may see it."""
    return checked(pathways_to_check(user).filter(organisation__path__startswith=here.path))


def loans_ending(user: Somebody, here: Organisation, until: date) -> list[Ending]:
    """Loans from the stocks of a place that this reader keeps whose data ends up to a day, or has ended."""
    ending = data_ending(user, until)
    return [each for each in ending if each.loan.item.organisation.path.startswith(here.path)]


def end_of_month(today: date) -> date:
    """The last day of this month."""
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _turned(pathway: Checked, begun: datetime) -> bool:
    """Whether a way was first offered, or withdrawn, since a moment."""
    options = (option for stage, _ in pathway.stages for option in stage.options.all())
    return any(at is not None and at >= begun for each in options for at in (each.offered_at, each.withdrawn_at))


def _begin(since: date) -> datetime:
    return timezone.make_aware(datetime.combine(since, time.min))
