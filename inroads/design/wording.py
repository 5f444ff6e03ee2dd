"""How dates and figures are said on pages: templates know each function as a filter of the same name."""

from datetime import date, datetime

from django.utils import timezone

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day(value: date | str) -> str:
    """23 November 2026, as NHS pages write dates."""
    if isinstance(value, str):
        value = timezone.localtime(datetime.fromisoformat(value))
    return f"{value.day} {value:%B %Y}"


def weekday_and_day(value: date) -> str:
    """Monday 23 November, for days that are near."""
    return f"{value:%A} {value.day} {value:%B}"


def moment(value: datetime | str) -> str:
    """23 November 2026 at 9:05am, in the service's own time zone."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)} at {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def clock(value: datetime) -> str:
    """9:05am, in the service's own time zone."""
    local = timezone.localtime(value)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def in_sentence(title: str) -> str:
    """A title inside a sentence: "a tablet" and "a SIM card", but "SIM card" as it is."""
    first = title.split(" ", 1)[0]
    return title if len(first) > 1 and first.isupper() else title[:1].lower() + title[1:]


def thousands(value: float) -> str:
    """1,702 and not 1702."""
    return f"{value:,.0f}"


def as_the_crow_flies(kilometres: float) -> str:
    """About 1.2 km; what is next door is not said to be nowhere."""
    return "less than 0.1 km" if kilometres < 0.1 else f"about {kilometres:.1f} km"


def percent(share: float) -> str:
    """37%, for a share from 0 to 1. A few are not nobody, and nearly all are not everybody."""
    if 0 < share < 0.01:
        return "less than 1%"
    if 0.99 < share < 1:
        return "more than 99%"
    return f"{100 * share:.0f}%"
