"""On which days things happen in an invented world."""

from datetime import date, datetime, time, timedelta

import numpy as np
from django.utils import timezone

YEAR = 330
"""Everything people said and did lies within so many days before the end of a world's first month."""


def month_ends(today: date | None = None) -> tuple[date, date]:
    """The last days of the two months that are over: a world's first month ends on one, its second on the other."""
    second = (today or timezone.localdate()).replace(day=1) - timedelta(days=1)
    return second.replace(day=1) - timedelta(days=1), second


def some_day(until: date, rng: np.random.Generator) -> date:
    """A day of the year up to `until`."""
    return until - timedelta(days=int(rng.integers(1, YEAR)))


def moment(day: date) -> datetime:
    """Ten in the morning of a day."""
    return datetime.combine(day, time(10), tzinfo=timezone.get_current_timezone())
