"""What every action of the people loop asks first, and how words are kept."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.people.models import Person
from inroads.people.models.facts import LONGEST_AHEAD
from inroads.people.permissions import may_work_with


def require_work_with(by: User, person: Person) -> None:
    """Raises `PermissionDenied` unless this user works with this person."""
    if not may_work_with(by, person):
        raise PermissionDenied("This person is not among those you work with")


def note(action: str, person: Person, by: User | None, **details: Any) -> None:
    """Write a change of a person's record to the audit trail; `details` are codes, dates and numbers, never words."""
    audit.record(action=action, by=by, about=person, organisation=person.organisation, details=details)


def said_on_or_refuse(day: date | None) -> date:
    """The day something was said, today unless told otherwise. Raises `Refused` for a day to come."""
    today = timezone.localdate()
    if day is not None and day > today:
        raise Refused(
            "The day on which this was said lies in the future. Enter today or an earlier day", field="said_on"
        )
    return day or today


def ahead_or_refuse(day: date, what: str, *, field: str) -> date:
    """A day to come, at most a year away. `what` begins the sentence, such as "The review". Raises `Refused`."""
    today = timezone.localdate()
    if day <= today:
        raise Refused(f"{what} must be after today. Enter a later day", field=field)
    if day > today + LONGEST_AHEAD:
        raise Refused(f"{what} must be within a year. Enter an earlier day; it can be moved again later", field=field)
    return day
