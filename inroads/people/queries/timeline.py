"""All that was written down about a person, newest first, by day. What staff expected is never part of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from inroads.accounts.models import User
from inroads.people.models import (
    Answer,
    AnswerKind,
    Appointment,
    Choice,
    Conversation,
    Event,
    HelpAtTime,
    Involvement,
    ItemEvent,
    Pairing,
    PaperForm,
    Person,
    Preferences,
    ReferralEvent,
    Review,
    Session,
    StepVersion,
    TrustedPerson,
)

DAYS = 50


@dataclass(frozen=True)
class Entry:
    """One thing that happened at a moment: `kind` says what, `fact` is the row that says more, `by` wrote it down.

    `answers` are those of one conversation on one day, in order. `before` is the version of a step that it replaced.
    """

    at: datetime
    kind: str
    fact: Any
    by: User | None
    answers: list[Answer] = field(default_factory=list)
    before: StepVersion | None = None


@dataclass(frozen=True)
class Day:
    """A day and what was written down on it, newest first."""

    day: date
    entries: list[Entry]


@dataclass(frozen=True)
class Timeline:
    """Some days, newest first; `earlier` is the last of them where there are more, else None."""

    days: list[Day]
    earlier: date | None


def timeline(person: Person, *, before: date | None = None) -> Timeline:
    """At most `DAYS` days on which something was written down, those before a day where one is given.

    The caller has made sure that its reader may see the record.
    """
    grouped: dict[date, list[Entry]] = {}
    entries = sorted(_entries(person), key=lambda entry: entry.at)
    for entry in reversed(entries):
        day = timezone.localdate(entry.at)
        if before is None or day < before:
            grouped.setdefault(day, []).append(entry)
    days = [Day(day, entries) for day, entries in grouped.items()]
    shown = days[:DAYS]
    return Timeline(shown, shown[-1].day if len(days) > DAYS else None)


def appointments_at(person: Person, moment: datetime) -> list[Appointment]:
    """Appointments that were to come at this moment, as far as they were booked and not cancelled then."""
    booked = Appointment.objects.filter(person=person, recorded_at__lte=moment, starts_at__gt=moment)
    found = booked.select_related("stage", "option", "organisation")
    return [each for each in found if each.cancelled_at is None or each.cancelled_at > moment]


def _entries(person: Person) -> Iterator[Entry]:
    yield Entry(person.created_at, "record_begun", person, None)
    for each in _of(Preferences, person):
        yield Entry(each.recorded_at, "preferences", each, each.recorded_by)
    for each in _of(TrustedPerson, person, "ended_by"):
        yield Entry(each.recorded_at, "trusted", each, each.recorded_by)
        if each.ended_at:
            yield Entry(each.ended_at, "trust_ended", each, each.ended_by)
    yield from _talking(person)
    for each in _of(Event, person):
        yield Entry(each.recorded_at, "event", each, each.recorded_by)
    for each in _of(Involvement, person, "pathway", "stage"):
        yield Entry(each.recorded_at, "stage", each, each.recorded_by)
    for each in _of(Choice, person, "stage", "option", "maybe_later"):
        yield Entry(each.recorded_at, "choice", each, each.recorded_by)
    yield from _planning(person)
    for each in _of(Appointment, person, "stage", "option"):
        yield Entry(each.recorded_at, "booked", each, each.recorded_by)
        if each.cancelled_at:
            yield Entry(each.cancelled_at, "cancelled", each, None)
    yield from _support(person)
    for each in _of(PaperForm, person, "keyed_by"):
        yield Entry(each.recorded_at, "printed", each, each.recorded_by)
        if each.keyed_at:
            yield Entry(each.keyed_at, "keyed", each, each.keyed_by)


def _talking(person: Person) -> Iterator[Entry]:
    """Conversations, and their answers together where they were given on one day by the same member of staff."""
    conversations = {each.pk: each for each in _of(Conversation, person)}
    for each in conversations.values():
        yield Entry(each.recorded_at, "conversation", each, each.recorded_by)
        if each.finished_at:
            yield Entry(each.finished_at, "conversation_finished", each, None)
    together: dict[tuple, list[Answer]] = {}
    for each in _of(Answer, person).exclude(kind=AnswerKind.HELPED):
        day = timezone.localdate(each.recorded_at)
        together.setdefault((each.conversation_id, day, each.recorded_by_id), []).append(each)
    for (conversation, *_), answers in together.items():
        yield Entry(
            answers[-1].recorded_at, "answers", conversations.get(conversation), answers[-1].recorded_by, answers
        )


def _planning(person: Person) -> Iterator[Entry]:
    versions = StepVersion.objects.filter(step__person=person).select_related("recorded_by", "step")
    last: dict[int, StepVersion] = {}
    for each in versions.order_by("step", "version"):
        kind = "step_changed" if each.step_id in last else "step"
        yield Entry(each.recorded_at, kind, each, each.recorded_by, before=last.get(each.step_id))
        last[each.step_id] = each
    for each in _of(Answer, person).filter(kind=AnswerKind.HELPED):
        # Named after the step as it stands now; what it said then stands in its versions.
        step = last.get(int(each.topic)) if each.topic.isdecimal() else None
        yield Entry(each.recorded_at, "helped", step, each.recorded_by, [each])
    for each in _of(Review, person):
        yield Entry(each.recorded_at, "review", each, each.recorded_by)
    for each in _of(HelpAtTime, person, "ended_by"):
        yield Entry(each.recorded_at, "help_at_time", each, each.recorded_by)
        if each.ended_at:
            yield Entry(each.ended_at, "help_at_time_ended", each, each.ended_by)


def _support(person: Person) -> Iterator[Entry]:
    """Referrals, loans, and mentors with their sessions."""
    referrals = ReferralEvent.objects.filter(referral__person=person).order_by("pk")
    for each in referrals.select_related("by", "referral__service__touchpoint"):
        yield Entry(each.at, "referral", each, each.by)
    loans = ItemEvent.objects.filter(loan__person=person).order_by("pk")
    for each in loans.select_related("by", "item"):
        yield Entry(each.at, "loan", each, each.by)
    for each in _of(Pairing, person, "mentor", "ended_by"):
        yield Entry(each.recorded_at, "paired", each, each.recorded_by)
        if each.ended_at:
            yield Entry(each.ended_at, "pairing_ended", each, each.ended_by)
    sessions = Session.objects.filter(pairing__person=person).order_by("pk")
    for each in sessions.select_related("recorded_by", "pairing__mentor"):
        yield Entry(each.recorded_at, "session", each, each.recorded_by)


def _of(model: type[Model], person: Person, *related: str) -> QuerySet:
    return model._default_manager.filter(person=person).select_related("recorded_by", *related).order_by("pk")
