"""How a record's history is said on a page: each entry with a title, what was said, and who wrote it down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from inroads.design.wording import clock, day, moment
from inroads.people.models import (
    Answer,
    Appointment,
    Choice,
    ContactWay,
    Conversation,
    Event,
    HelpAtTime,
    Involvement,
    PaperForm,
    PaperKind,
    PartOfDay,
    Person,
    Preferences,
    Review,
    StepStatus,
    StepVersion,
    TrustedPerson,
)
from inroads.people.presenters.conversations import event_title, said, source, topic_title
from inroads.people.presenters.plans import helped
from inroads.people.presenters.timeline_support import SUPPORT
from inroads.people.queries.timeline import Entry, Timeline
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, formats

# How each part of a step is called, in the order in which changes are told.
PARTS_OF_A_STEP = (("what", "What"), ("owner", "Who"), ("due_on", "By when"), ("status", "How it stands"))


@dataclass(frozen=True)
class Fact:
    """A line of an entry: `label` may be empty, `words` are own words as they were said."""

    label: str
    text: str
    words: str = ""


@dataclass(frozen=True)
class Line:
    """One entry of a timeline."""

    kind: str
    at: datetime
    time: str
    title: str
    facts: list[Fact]
    source: str
    by: str


@dataclass(frozen=True)
class DayLines:
    """A day with its entries, newest first."""

    day: date
    lines: list[Line]


def days(timeline: Timeline) -> list[DayLines]:
    """The days of a timeline as a page shows them."""
    return [DayLines(each.day, [line(entry) for entry in each.entries]) for each in timeline.days]


def line(entry: Entry) -> Line:
    """One entry in words."""
    title, facts = SAID_AS[entry.kind](entry)
    return Line(
        kind=entry.kind,
        at=entry.at,
        time=clock(entry.at),
        title=title,
        facts=[fact for fact in facts if fact.text or fact.words],
        source=_source(entry),
        by=entry.by.full_name if entry.by else "",
    )


def _source(entry: Entry) -> str:
    """Who said it, how, and on which day where that is not the day it was written down."""
    facts = entry.answers or [entry.fact]
    fact = facts[0]
    if not isinstance(fact, Answer | Event | Conversation | Choice | Preferences):
        return ""
    written = timezone.localdate(entry.at)
    when = f", said on {day(fact.said_on)}" if fact.said_on != written else ""
    return f"{source(fact)}{when}"


Told = tuple[str, Iterable[Fact]]


def _record_begun(entry: Entry) -> Told:
    person: Person = entry.fact
    return f"Record begun for {person.known_as}", []


def _preferences(entry: Entry) -> Told:
    kept: Preferences = entry.fact
    known = load(Community)
    named = ", ".join(known[each].title for each in kept.communities if each in known)
    return "How they like to be contacted and told things", [
        Fact("Contact", ContactWay(kept.contact_way).label if kept.contact_way else "", kept.contact_detail),
        Fact("Times", "", kept.contact_times),
        Fact("Information", formats()[kept.format].title if kept.format in formats() else ""),
        Fact("Language", kept.language + (", with an interpreter" if kept.interpreter else "")),
        Fact("Places for people like them", named),
        Fact("What makes it easier", "", kept.adjustments),
    ]


def _trusted(entry: Entry) -> Told:
    kept: TrustedPerson = entry.fact
    agreed = "may change choices" if kept.may_change else "may see choices and the plan" if kept.may_see else ""
    who = f"{kept.name}, {kept.relation}" if kept.relation else kept.name
    return f"Somebody they trust: {who}", [
        Fact("Agreed", agreed),
        Fact("On", day(kept.agreed_on)),
        Fact("How", "", kept.how_agreed),
    ]


def _trust_ended(entry: Entry) -> Told:
    return f"{entry.fact.name} may see and change nothing any more", []


def _conversation(entry: Entry) -> Told:
    kept: Conversation = entry.fact
    return f"{kept.get_kind_display()} begun", [Fact("Also there", kept.who_was_there())]


def _conversation_finished(entry: Entry) -> Told:
    return f"{entry.fact.get_kind_display()} finished", []


def _answers(entry: Entry) -> Told:
    many = len(entry.answers)
    title = "1 answer" if many == 1 else f"{many} answers"
    return title, [Fact(topic_title(each.topic), said(each), each.words) for each in entry.answers]


def _event(entry: Entry) -> Told:
    return event_title(entry.fact), [Fact("", "", entry.fact.words)]


def _stage(entry: Entry) -> Told:
    kept: Involvement = entry.fact
    return f"Now at: {kept.stage.title}", [Fact("Pathway", kept.pathway.title)]


def _choice(entry: Entry) -> Told:
    kept: Choice = entry.fact
    chosen = kept.option.title if kept.option else "not decided yet"
    return f"{kept.stage.title}: {chosen}", [
        Fact("Maybe later", kept.maybe_later.title if kept.maybe_later else ""),
        Fact("Why", "", kept.why),
        Fact("Look again on", day(kept.look_again_on)),
    ]


def _step(entry: Entry) -> Told:
    kept: StepVersion = entry.fact
    title = "Nothing yet" if kept.status == StepStatus.NOTHING_YET else "Added to the plan"
    return title, [
        *(Fact(label, *_part(kept, name)) for name, label in PARTS_OF_A_STEP if name != "status"),
        Fact("Because", kept.step.because),
        Fact("", "", kept.words),
    ]


def _step_changed(entry: Entry) -> Told:
    kept: StepVersion = entry.fact
    before = entry.before
    changed = [
        Fact(label, *_part(kept, name))
        for name, label in PARTS_OF_A_STEP
        if before is None or getattr(before, name) != getattr(kept, name)
    ]
    step = [] if any(fact.label == "What" for fact in changed) else [Fact("Step", "", kept.what)]
    words = kept.words if before is None or kept.words != before.words else ""
    return "Step of the plan changed", [*step, *changed, Fact("What happened", "", words)]


def _part(kept: StepVersion, name: str) -> tuple[str, str]:
    """Text and own words of one part of a step."""
    if name == "status":
        return StepStatus(kept.status).label, ""
    if name == "due_on":
        return (day(kept.due_on), "") if kept.due_on else ("no day", "")
    return "", getattr(kept, name)


def _helped(entry: Entry) -> Told:
    (answer,) = entry.answers
    step = entry.fact.what if entry.fact else "A step of the plan"
    return helped(answer), [Fact("Step", "", step), Fact("Their words", "", answer.words)]


def _review(entry: Entry) -> Told:
    kept: Review = entry.fact
    return f"The plan is looked at again on {day(kept.review_on)}", []


def _help_at_time(entry: Entry) -> Told:
    kept: HelpAtTime = entry.fact
    return f"What helps: {PartOfDay(kept.part).label}", [Fact("", "", kept.what), Fact("Who", "", kept.who)]


def _help_at_time_ended(entry: Entry) -> Told:
    kept: HelpAtTime = entry.fact
    return f"Helps no more: {PartOfDay(kept.part).label}", [Fact("", "", kept.what)]


def _booked(entry: Entry) -> Told:
    kept: Appointment = entry.fact
    how = kept.option.title if kept.option else ""
    return f"Appointment booked for {moment(kept.starts_at)}", [
        Fact("For", kept.stage.title if kept.stage else ""),
        Fact("How", how),
    ]


def _cancelled(entry: Entry) -> Told:
    return f"Appointment of {moment(entry.fact.starts_at)} cancelled", []


def _printed(entry: Entry) -> Told:
    kept: PaperForm = entry.fact
    return f"Printed: {PaperKind(kept.kind).label}", [Fact("Code", kept.code)]


def _keyed(entry: Entry) -> Told:
    kept: PaperForm = entry.fact
    return f"Keyed in from paper: {PaperKind(kept.kind).label}", [Fact("Code", kept.code)]


def _support(tell: Callable) -> Callable[[Entry], Told]:
    def said_as(entry: Entry) -> Told:
        title, facts = tell(entry)
        return title, [Fact(*each) for each in facts]

    return said_as


SAID_AS: dict[str, Callable[[Entry], Told]] = {
    "record_begun": _record_begun,
    "preferences": _preferences,
    "trusted": _trusted,
    "trust_ended": _trust_ended,
    "conversation": _conversation,
    "conversation_finished": _conversation_finished,
    "answers": _answers,
    "event": _event,
    "stage": _stage,
    "choice": _choice,
    "step": _step,
    "step_changed": _step_changed,
    "helped": _helped,
    "review": _review,
    "help_at_time": _help_at_time,
    "help_at_time_ended": _help_at_time_ended,
    "booked": _booked,
    "cancelled": _cancelled,
    "printed": _printed,
    "keyed": _keyed,
    **{kind: _support(tell) for kind, tell in SUPPORT.items()},
}
