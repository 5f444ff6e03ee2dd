"""What many changes ask first, and how words and days are kept."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.reference.models import Organisation

# How far ahead what is planned may lie.
LONGEST_AHEAD = timedelta(days=366)


class ChangedMeanwhile(Refused):
    """Somebody else changed it first: `theirs` is what is kept now."""

    def __init__(self, theirs: Any) -> None:
        super().__init__("Somebody else changed this while you had it open. Read both, then save again")
        self.theirs = theirs


def note(action: str, about: models.Model, organisation: Organisation, by: User, **details: str | int | None) -> None:
    """Write a change to the audit trail; `details` are codes, days and whole numbers, never words."""
    audit.record(action=action, by=by, about=about, organisation=organisation, details=details)


def needed(words: str, sentence: str, *, field: str) -> str:
    """Words as they are kept. Raises `Refused` with the sentence where there are none."""
    kept = tidy(words)
    if not kept:
        raise Refused(sentence, field=field)
    return kept


def within_a_year(day: date, what: str, *, field: str) -> date:
    """Today or a day within a year. `what` begins the sentence, such as "The review". Raises `Refused`."""
    today = timezone.localdate()
    if day < today:
        raise Refused(f"{what} lies in the past. Enter today or a later day", field=field)
    if day > today + LONGEST_AHEAD:
        raise Refused(f"{what} must be within a year. Enter an earlier day; it can be moved later", field=field)
    return day


def not_to_come(day: date, what: str, *, field: str = "on") -> date:
    """Today or a day before. Raises `Refused` for a day to come."""
    if day > timezone.localdate():
        raise Refused(f"{what} lies in the future. Enter today or an earlier day", field=field)
    return day


def refuse_outside(value: float | None, low: float | None, high: float | None, *, field: str) -> None:
    """Raises `Refused` where an interval has one end alone, or its figure does not lie within it."""
    if (low is None) != (high is None):
        raise Refused("Enter both ends of the interval, or neither", field=field)
    if value is not None and low is not None and high is not None and not low <= value <= high:
        raise Refused("The figure must lie between the two ends of its interval", field=field)
