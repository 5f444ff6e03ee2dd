"""Repeating times as calendars write them (RFC 5545), to hours on days and back."""

import re
from datetime import date
from typing import Any

from inroads.directory.entries import OpeningEntry
from inroads.directory.models.places import MONDAY, MOST_WEEKS
from inroads.interop.open_referral.values import clock, day, line_of, whole

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FULL = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
ON = re.compile(r"([+-]?[1-5])?\s*([A-Z]{2,9})")
MOST = 60


def openings_of(schedule: dict[str, Any]) -> list[OpeningEntry] | None:
    """Hours on days; None where they cannot be said so (and only words are left)."""
    opens, closes = clock(schedule.get("opens_at")), clock(schedule.get("closes_at"))
    valid_from, valid_to = day(schedule.get("valid_from")), day(schedule.get("valid_to"))
    if valid_from and valid_to and valid_to < valid_from:
        return None
    if opens and closes and closes == opens:
        closes = None  # from then on; how long is not said
    hours = {"opens_at": opens, "closes_at": closes, "valid_from": valid_from, "valid_to": valid_to}
    frequency = line_of(schedule.get("freq")).upper() or "WEEKLY"
    every = whole(schedule.get("interval"), MOST_WEEKS) or 1
    days = _days(schedule.get("byday"))
    if days is None:
        return None
    if frequency == "DAILY" and every == 1 and not days:
        days, frequency = [(None, number) for number in range(7)], "WEEKLY"
    if frequency == "WEEKLY" and days:
        if any(nth is not None for nth, _ in days):
            return None
        started = day(schedule.get("dtstart")) or valid_from
        if every > 1 and started is None:
            return None
        week = (started - MONDAY).days // 7 % every if started and every > 1 else 0
        return [OpeningEntry(weekday=weekday, every=every, week=week, **hours) for _, weekday in days]
    if frequency == "MONTHLY" and every == 1:
        if days and all(nth is not None for nth, _ in days):
            return [OpeningEntry(weekday=weekday, nth=nth, **hours) for nth, weekday in days]
        numbers = [whole(part, 31) for part in line_of(schedule.get("bymonthday")).split(",") if part.strip()]
        if not days and numbers and all(numbers):
            return [OpeningEntry(day=number, **hours) for number in numbers if number]
    return None


def _days(value: Any) -> list[tuple[int | None, int]] | None:
    """Pairs of which one of the month and weekday; empty where nothing stands, None where something unknown does."""
    written = ",".join(map(line_of, value)) if isinstance(value, list) else line_of(value)
    found: list[tuple[int | None, int]] = []
    for part in re.split(r"[,;]", written.upper()):
        if not (part := part.strip()):
            continue
        match = ON.fullmatch(part)
        number = next((at for at in range(7) if match and match[2] in (DAYS[at], FULL[at], FULL[at][:3])), None)
        if match is None or number is None:
            return None
        nth = int(match[1]) if match[1] else None
        if nth is not None and (nth < -1 or nth == 0):
            return None
        if (nth, number) not in found:
            found.append((nth, number))
    return found[:MOST]


def rule_of(opening: Any) -> dict[str, Any]:
    """The fields of a schedule for an opening, as HSDS-UK writes them: freq, interval, byday or bymonthday, hours."""
    rule: dict[str, Any] = {"freq": "WEEKLY" if opening.nth is None and opening.day is None else "MONTHLY"}
    rule["interval"] = opening.every if rule["freq"] == "WEEKLY" else 1
    if opening.weekday is not None:
        rule["byday"] = f"{opening.nth or ''}{DAYS[opening.weekday % 7]}"
    else:
        rule["bymonthday"] = str(opening.day)
    if rule["interval"] > 1:
        # Which of the weeks it is: the first such day, counted as `Opening` counts weeks.
        start = MONDAY.toordinal() + 7 * (opening.week % opening.every) + (opening.weekday or 0)
        while opening.valid_from and start < opening.valid_from.toordinal():
            start += 7 * opening.every
        rule["dtstart"] = date.fromordinal(start).isoformat()
    for name in ("valid_from", "valid_to", "opens_at", "closes_at"):
        value = getattr(opening, name)
        if value is not None:
            rule[name] = value.isoformat()
    return rule
