"""Which drop-ins there are, when the next one is, and how many came. Never who."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, highest_where, organisations_where
from inroads.people.models import Attendance, DropIn
from inroads.reference.models import Organisation
from inroads.reference.organisations import around, within


@dataclass(frozen=True)
class Upcoming:
    """A drop-in and the next day it is held, None where no more day is known."""

    drop_in: DropIn
    next_on: date | None


@dataclass(frozen=True)
class Counted:
    """A drop-in with its counts by day, the latest first: the last number written down for a day holds."""

    drop_in: DropIn
    next_on: date | None
    counts: list[Attendance]


def is_held(drop_in: DropIn, day: date) -> bool:
    """Whether it is held on this day, as far as it was said."""
    return day.weekday() == drop_in.weekday if drop_in.weekday is not None else day.isoformat() in drop_in.days


def next_day(drop_in: DropIn, on: date) -> date | None:
    """The first day from `on` onwards on which it is held."""
    if drop_in.weekday is not None:
        return on + timedelta(days=(drop_in.weekday - on.weekday()) % 7)
    return min((date.fromisoformat(day) for day in drop_in.days if day >= on.isoformat()), default=None)


def drop_ins_kept_by(user: Somebody) -> QuerySet[DropIn]:
    """Drop-ins that have not ended, of organisations for which this user may say so."""
    inside = organisations_where(user, Permission.KEEP_MENTORS)
    return DropIn.objects.filter(organisation__in=inside, ended_at=None).select_related("organisation")


def counted_by(user: Somebody, on: date | None = None) -> list[Counted]:
    """The drop-ins this user keeps, the next one first, with how many came."""
    on = on or timezone.localdate()
    found = drop_ins_kept_by(user).prefetch_related(
        Prefetch("attendances", queryset=Attendance.objects.order_by("pk"), to_attr="counted")
    )
    listed = [Counted(each, next_day(each, on), _latest(each.counted)) for each in found]
    return sorted(listed, key=lambda each: (each.next_on or date.max, each.drop_in.title, each.drop_in.pk))


def _latest(rows: Iterable[Attendance]) -> list[Attendance]:
    by_day = {each.held_on: each for each in rows}
    return [by_day[day] for day in sorted(by_day, reverse=True)]


def upcoming_for_staff(user: Somebody, on: date | None = None) -> list[Upcoming]:
    """Drop-ins for staff around this user's organisations, the soonest first."""
    found = {
        each.drop_in.pk: each
        for place in highest_where(user, Permission.WORK_WITH_PEOPLE)
        for each in upcoming_around(place, for_whom=DropIn.ForWhom.STAFF, on=on)
    }
    return sorted(found.values(), key=lambda each: (each.next_on, each.drop_in.starts, each.drop_in.pk))


def upcoming_around(
    organisation: Organisation, *, for_whom: str = DropIn.ForWhom.PEOPLE, on: date | None = None
) -> list[Upcoming]:
    """Drop-ins of this ICS that are still to come, the soonest first."""
    on = on or timezone.localdate()
    inside = within([around(organisation)]).filter(active=True)
    found = DropIn.objects.filter(organisation__in=inside, for_whom=for_whom, ended_at=None)
    listed = [Upcoming(each, next_day(each, on)) for each in found.select_related("organisation")]
    held = [each for each in listed if each.next_on is not None]
    return sorted(held, key=lambda each: (each.next_on, each.drop_in.starts, each.drop_in.pk))
