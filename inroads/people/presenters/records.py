"""A record at a glance, for somebody with ten minutes."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from inroads.people.models import Appointment, Choice, ContactWay
from inroads.people.presenters.conversations import by_group, event_title
from inroads.people.queries.record import Record, Step
from inroads.reference.around import neighbourhood_name
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, formats


@dataclass(frozen=True)
class Glance:
    """What the first page of a record says. Every list may be empty; unknown things are said to be unknown."""

    record: Record
    contact: str
    told: list[str]
    lives: str
    hard: list[dict]
    reopened: list[dict]
    never_asked: int
    choices: list[Choice]
    overdue: list[Step]
    nothing_yet: list[Step]
    next_appointment: Appointment | None
    review_on: date
    review_overdue: bool


def glance(record: Record) -> Glance:
    """The record as its first page shows it."""
    today = timezone.localdate()
    person = record.person
    grouped = by_group(record)
    rows = [row for each in grouped for row in each.rows]
    review_on = record.review.review_on if record.review else person.due_on
    return Glance(
        record=record,
        contact=contact(record),
        told=told(record),
        lives=neighbourhood_name(person.neighbourhood),
        hard=[{"row": row} for row in rows if row.barrier.id in record.hard and not row.event],
        reopened=[{"row": row, "event": event_title(record.reopened[row.barrier.id])} for row in rows if row.event],
        never_asked=sum(each.not_asked for each in grouped),
        choices=sorted(record.choices.values(), key=lambda each: -each.pk),
        overdue=[step for step in record.steps if step.is_overdue(today)],
        nothing_yet=[step for step in record.steps if step.now.status == "nothing_yet"],
        next_appointment=person.appointments.filter(cancelled_at=None, starts_at__gte=timezone.now())
        .select_related("option", "stage")
        .first(),
        review_on=review_on,
        review_overdue=review_on < today,
    )


def contact(record: Record) -> str:
    """How they like to be contacted, in one line; "" where nobody has asked."""
    kept = record.preferences
    if kept is None or not kept.contact_way:
        return ""
    parts = [ContactWay(kept.contact_way).label, kept.contact_detail, kept.contact_times]
    return ", ".join(part for part in parts if part)


def told(record: Record) -> list[str]:
    """How they like to be told things, and what makes it easier."""
    kept = record.preferences
    if kept is None:
        return []
    lines = []
    if kept.format in formats():
        lines.append(formats()[kept.format].title)
    if kept.language:
        lines.append(kept.language + (", with an interpreter" if kept.interpreter else ""))
    elif kept.interpreter:
        lines.append("With an interpreter")
    known = load(Community)
    lines += [known[each].title for each in kept.communities if each in known]
    return [*lines, *([kept.adjustments] if kept.adjustments else [])]
