"""What changes about drop-ins: that there is one, how many came, and that it is held no more."""

from collections.abc import Sequence
from datetime import date, time

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, may
from inroads.accounts.words import tidy
from inroads.people.actions.checks import LONGEST_AHEAD
from inroads.people.models import Attendance, DropIn
from inroads.people.queries.drop_ins import is_held
from inroads.reference.models import Organisation

MOST_DAYS = 60
MOST_CAME = 2_000


@transaction.atomic
def add_drop_in(
    *,
    organisation: Organisation,
    kind: str,
    title: str,
    where: str,
    starts: time,
    ends: time,
    by: User,
    for_whom: str = DropIn.ForWhom.PEOPLE,
    weekday: int | None = None,
    days: Sequence[date] = (),
    neighbourhood: str = "",
    languages: str = "",
    words: str = "",
) -> DropIn:
    """Somewhere to come without asking first, every week or on single days."""
    audit.hold()
    _require_keeping(by, organisation)
    title, where = tidy(title), tidy(where)
    if not title:
        raise Refused("Enter a name by which people know it", field="title")
    if not where:
        raise Refused("Say where it is", field="where")
    if ends <= starts:
        raise Refused("It ends before it begins. Enter a later time", field="ends")
    made = DropIn.objects.create(
        organisation=organisation,
        kind=DropIn.Kind(kind),
        for_whom=DropIn.ForWhom(for_whom),
        title=title,
        where=where,
        neighbourhood=neighbourhood.strip().upper(),
        weekday=weekday,
        days=_days(weekday, days),
        starts=starts,
        ends=ends,
        languages=tidy(languages),
        words=tidy(words),
        recorded_by=by,
    )
    _note("drop_in_added", made, by, kind=str(made.kind), for_whom=str(made.for_whom))
    return made


@transaction.atomic
def record_attendance(*, drop_in: DropIn, held_on: date, came: int, by: User, mentors: int = 0) -> Attendance:
    """How many came on a day, and how many helped. Nobody's name; a later number for the same day holds."""
    audit.hold()
    kept = _standing(drop_in, by)
    if held_on > timezone.localdate():
        raise Refused("The day must be today or in the past. Enter another day", field="held_on")
    if held_on < timezone.localdate() - LONGEST_AHEAD:
        raise Refused("The day must be within the last year. Enter another day", field="held_on")
    if not is_held(kept, held_on):
        raise Refused("It is not held on that day. Check the day", field="held_on")
    for name, number in (("came", came), ("mentors", mentors)):
        if not 0 <= number <= MOST_CAME:
            raise Refused(f"Enter a number from 0 to {MOST_CAME:,}", field=name)
    made = Attendance.objects.create(drop_in=kept, held_on=held_on, came=came, mentors=mentors, recorded_by=by)
    _note("drop_in_counted", kept, by, held_on=held_on.isoformat(), came=came)
    return made


@transaction.atomic
def end_drop_in(*, drop_in: DropIn, by: User) -> DropIn:
    """It is held no more; its counts stay."""
    audit.hold()
    kept = _standing(drop_in, by)
    kept.ended_at, kept.ended_by = timezone.now(), by
    kept.save(update_fields=("ended_at", "ended_by"))
    _note("drop_in_ended", kept, by)
    return kept


def _days(weekday: int | None, days: Sequence[date]) -> list[str]:
    if weekday is not None:
        if not 0 <= weekday <= 6:
            raise Refused("Choose a day of the week", field="weekday")
        if days:
            raise Refused("Choose a day of the week or single days, not both", field="days")
        return []
    today = timezone.localdate()
    if not days:
        raise Refused("Choose a day of the week, or enter single days", field="weekday")
    if len(days) > MOST_DAYS or any(day < today or day > today + LONGEST_AHEAD for day in days):
        raise Refused(f"Enter at most {MOST_DAYS} days, from today to a year ahead", field="days")
    return sorted({day.isoformat() for day in days})


def _standing(drop_in: DropIn, by: User) -> DropIn:
    kept = DropIn.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=drop_in.pk)
    _require_keeping(by, kept.organisation)
    if kept.ended_at is not None:
        raise Refused("Somebody else ended this while you had it open. Look at the list again")
    return kept


def _require_keeping(by: User, organisation: Organisation) -> None:
    if not may(by, Permission.KEEP_MENTORS, organisation):
        raise PermissionDenied("You do not say what this organisation holds")


def _note(action: str, drop_in: DropIn, by: User, **details) -> None:
    audit.record(action=action, by=by, about=drop_in, organisation=drop_in.organisation, details=details)
