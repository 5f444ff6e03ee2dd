"""How mentors, pairings, sessions and drop-ins are said: person first, no blame, what is not known as unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from inroads.design.wording import WEEKDAYS
from inroads.design.wording import day as _day
from inroads.people.models import DropIn, Pairing, Session, TaskState
from inroads.people.queries.drop_ins import Counted, Upcoming
from inroads.people.queries.mentor_matching import MentorSuggestion
from inroads.people.queries.mentors import Change, Matched, Standing, changes
from inroads.reference.around import neighbourhood_name
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.definitions.learning import digital_tasks


@dataclass(frozen=True)
class MentorLine:
    """One mentor with what stands about them as pairs of what and how. `care` is what to look after, if anything."""

    standing: Standing
    room: str
    supervision: str
    care: str
    facts: list[tuple[str, str]]
    unknown: list[str]


def mentor_line(each: Standing) -> MentorLine:
    """A mentor in words."""
    mentor, communities = each.mentor, load(Community)
    named = ", ".join(communities[name].title for name in mentor.communities if name in communities)
    ways = ", ".join(["by phone"] * mentor.by_phone + ["by video"] * mentor.by_video)
    until = f" until {_day(mentor.active_until)}" if mentor.active_until else ""
    facts = [
        ("For whom", ". ".join(filter(None, [named, mentor.for_words]))),
        ("Languages", mentor.languages),
        ("Likes", mentor.interests),
        ("Where", mentor.where),
        ("From", neighbourhood_name(mentor.neighbourhood)),
        ("How far", _how_far(mentor.reach_km)),
        ("Also", ways),
        ("When", mentor.hours),
        ("Reach them", mentor.contact_words),
        ("There from", f"{_day(mentor.active_from)}{until}"),
    ]
    return MentorLine(
        standing=each,
        room=room(each),
        supervision=supervision(each),
        care=_care(each),
        facts=[(what, how) for what, how in facts if how],
        unknown=[what.lower() for what, how in facts if not how and what != "Also"],
    )


def _how_far(reach_km: int | None) -> str:
    if reach_km is None:
        return ""
    return f"up to {reach_km} km" if reach_km else "people come to them"


def room(each: Standing) -> str:
    """How many people they have, and for how many more there is room."""
    has = f"Has {each.people} of {each.mentor.capacity}"
    return f"{has}; room for {each.room} more" if each.room else f"{has}; no room now"


def supervision(each: Standing) -> str:
    """Who supervises them and when next."""
    last = each.supervision
    if last is None:
        return "No supervision set yet"
    met = f"last met on {_day(last.met_on)}, " if last.met_on else ""
    return f"Supervised by {last.supervisor}: {met}next on {_day(last.next_on)}"


def _care(each: Standing) -> str:
    if not each.active:
        return ""
    if each.supervision is None:
        return "Set who supervises them and when. Then they are suggested to people."
    if not each.supervised:
        return "Their supervision is due. They go on with the people they have; new people wait until they have met."
    return ""


@dataclass(frozen=True)
class SuggestedLine:
    """A mentor who may fit a person, with reasons as they are shown."""

    suggestion: MentorSuggestion
    standing: Standing
    room: str


def suggested_lines(found: Matched, most: int) -> list[SuggestedLine]:
    """The first few, as they are shown."""
    return [SuggestedLine(each, standing, room(standing)) for each, standing in found.suggestions[:most]]


def said_why(suggestion: MentorSuggestion) -> str:
    """The reasons as they are kept with a pairing."""
    return "; ".join(suggestion.because)


def waiting(count: int) -> str:
    """That some mentors are not suggested at the moment, kindly; "" where there are none."""
    if not count:
        return ""
    who = "One more mentor meets" if count == 1 else f"{count} more mentors meet"
    return f"{who} their supervisor first, and can be asked after that."


@dataclass(frozen=True)
class PairingCard:
    """A pairing as it is shown: since when, what changed, and each session, the latest first."""

    pairing: Pairing
    open: bool
    since: str
    stopped: str
    together: str
    changes: list[str]
    sessions: list[tuple[Session, list[str]]]


def pairing_card(pairing: Pairing) -> PairingCard:
    """A pairing in words; it carries its sessions as `held`."""
    held: list[Session] = pairing.held
    since = f"since {_day(pairing.began_on)}"
    if pairing.ended_on:
        since = f"from {_day(pairing.began_on)} to {_day(pairing.ended_on)}"
    return PairingCard(
        pairing=pairing,
        open=pairing.ended_on is None,
        since=since,
        stopped=_stopped(pairing),
        together=together(held),
        changes=[said_change(each) for each in changes(held)],
        sessions=[(each, _tasks(each)) for each in reversed(held)],
    )


def _stopped(pairing: Pairing) -> str:
    """That the mentor has stopped, while nobody has said how it goes on; "" otherwise."""
    mentor = pairing.mentor
    last = mentor.active_until
    if pairing.ended_on is not None or last is None or last >= timezone.localdate():
        return ""
    return f"{mentor.known_as} stopped mentoring on {_day(last)}. Talk about who comes next."


def together(held: Iterable[Session]) -> str:
    """How often they met and for how long in all."""
    minutes = [each.minutes for each in held if each.taken_back_at is None]
    if not minutes:
        return "They have not met yet."
    hours, left = divmod(sum(minutes), 60)
    long = " and ".join(filter(None, [_count(hours, "hour"), _count(left, "minute")]))
    return f"They met {'once' if len(minutes) == 1 else f'{len(minutes)} times'}, for {long} in all."


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}" if number else ""


def said_change(change: Change) -> str:
    """How something stands now and how it stood at first, in one sentence."""
    known = digital_tasks().get(change.task)
    title = known.title if known else change.task.replace("_", " ").capitalize()
    now = f"{title}: {_state(change.now)} since {_day(change.now_on)}"
    if change.now == change.first:
        return f"{now}."
    return f"{now}; on {_day(change.first_on)} it was: {_state(change.first)}."


def _tasks(session: Session) -> list[str]:
    known = digital_tasks()
    return [f"{known[task].title if task in known else task}: {_state(state)}" for task, state in session.tasks.items()]


def _state(state: str) -> str:
    return TaskState(state).label.lower() if state in TaskState.values else state


@dataclass(frozen=True)
class DropInLine:
    """A drop-in as it is shown."""

    drop_in: DropIn
    next_on: date | None
    when: str
    counts: list[str]


def drop_in_line(each: Upcoming | Counted) -> DropInLine:
    """A drop-in in words, with counts where they were read."""
    held = each.drop_in
    hours = f"{held.starts:%H:%M} to {held.ends:%H:%M}"
    if held.weekday is not None:
        when = f"Every {WEEKDAYS[held.weekday]}, {hours}"
    else:
        today = timezone.localdate().isoformat()
        days = [date.fromisoformat(day) for day in held.days if day >= today]
        when = f"{', '.join(_day(day) for day in days) or 'No more days'}, {hours}"
    counts = [f"{_day(row.held_on)}: {row.came} came, {row.mentors} helped" for row in getattr(each, "counts", ())]
    return DropInLine(held, each.next_on, when, counts)
