"""What changes between a person and a mentor: they begin with the person's yes, meet, and end at any time."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.design.wording import day as day_in_words
from inroads.people.actions.checks import note, require_work_with, said_on_or_refuse
from inroads.people.models import Channel, Mentor, MentorKind, Pairing, Person, SaidBy, Session, TaskState
from inroads.people.permissions import may_work_with
from inroads.people.queries.mentors import own_pairings, standing
from inroads.reference.definitions.learning import digital_tasks
from inroads.reference.organisations import around, covers

LONGEST_MINUTES = 480


@transaction.atomic
def pair(
    *,
    person: Person,
    mentor: Mentor,
    how_agreed: str,
    channel: str,
    by: User,
    wants: str = "",
    because: str = "",
    said_by: str = SaidBy.PERSON,
    said_on: date | None = None,
    present_words: str = "",
) -> Pairing:
    """A person and a mentor work together from today, because the person said yes; never more than there is room."""
    audit.hold()
    require_work_with(by, person)
    # Held until the end: of two who take the last place at once, the second waits and is told.
    kept = Mentor.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=mentor.pk)
    _fits_or_refuse(kept, person)
    how_agreed = tidy(how_agreed)
    if not how_agreed:
        raise Refused("Say how the person agreed", field="how_agreed")
    made = Pairing.objects.create(
        person=person,
        mentor=kept,
        began_on=timezone.localdate(),
        how_agreed=how_agreed,
        wants=tidy(wants),
        because=tidy(because),
        channel=Channel(channel),
        said_by=SaidBy(said_by),
        said_on=said_on_or_refuse(said_on),
        present_words=tidy(present_words),
        recorded_by=by,
    )
    note("mentor_paired", person, by, pairing=made.pk, mentor=kept.pk)
    return made


def _fits_or_refuse(mentor: Mentor, person: Person) -> None:
    now = standing(mentor)
    if mentor.kind != MentorKind.MENTOR or not covers(around(person.organisation), mentor.organisation):
        raise Refused("This mentor works elsewhere, or with staff. Choose one from the list")
    if not now.active:
        raise Refused(f"{mentor.known_as} does not mentor at the moment. Choose another mentor from the list")
    if not now.supervised:
        raise Refused(
            f"{mentor.known_as} meets their supervisor first, and then takes on new people. "
            "Choose another mentor, or ask when that is"
        )
    if Pairing.objects.filter(person=person, mentor=mentor, ended_on=None).exists():
        raise Refused(f"They and {mentor.known_as} work together already")
    if now.room == 0:
        raise Refused(f"{mentor.known_as} has no room now. Choose another mentor, or ask when there is room")


@transaction.atomic
def end_pairing(*, pairing: Pairing, because: str, by: User, words: str = "") -> Pairing:
    """They do not work together any more. What they did stays; they can begin again."""
    audit.hold()
    kept = _locked(pairing)
    require_work_with(by, kept.person)
    reason = _chosen(Pairing.EndedBecause, because, "Choose why it ends", "because")
    if kept.ended_on is not None:
        raise Refused("Somebody else ended this while you had it open. Look at the list again")
    kept.ended_on, kept.ended_at, kept.ended_by = timezone.localdate(), timezone.now(), by
    kept.ended_because, kept.ended_words = reason, tidy(words)
    kept.save(update_fields=("ended_on", "ended_at", "ended_by", "ended_because", "ended_words"))
    note("mentor_pairing_ended", kept.person, by, pairing=kept.pk, because=str(reason))
    return kept


@transaction.atomic
def log_session(
    *,
    pairing: Pairing,
    minutes: int,
    where: str,
    by: User,
    met_on: date | None = None,
    done: str = "",
    tasks: Mapping[str, str] | None = None,
    next_words: str = "",
) -> Session:
    """They met: when, for how long, where, what was done, what the person can do now, and what next."""
    audit.hold()
    kept = _locked(pairing)
    if not may_log(by, kept):
        raise PermissionDenied("This person is not among those you work with")
    day = met_on or timezone.localdate()
    _day_or_refuse(kept, day)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Refused(f"Enter minutes from 1 to {LONGEST_MINUTES}", field="minutes")
    made = Session.objects.create(
        pairing=kept,
        met_on=day,
        minutes=minutes,
        where=_chosen(Session.Where, where, "Choose where you met", "where"),
        done=tidy(done),
        tasks=_tasks(tasks or {}),
        next_words=tidy(next_words),
        recorded_by=by,
    )
    note("mentor_session_logged", kept.person, by, session=made.pk, minutes=minutes, tasks=len(made.tasks))
    return made


@transaction.atomic
def take_back_session(*, session: Session, by: User) -> Session:
    """It was written down by mistake: it counts no more, and stays in the record as a mistake."""
    audit.hold()
    kept = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    pairing = _locked(kept.pairing)
    if not may_log(by, pairing):
        raise PermissionDenied("This person is not among those you work with")
    if kept.taken_back_at is None:
        kept.taken_back_at, kept.taken_back_by = timezone.now(), by
        kept.save(update_fields=("taken_back_at", "taken_back_by"))
        note("mentor_session_taken_back", pairing.person, by, session=kept.pk)
    return kept


def may_log(by: User, pairing: Pairing) -> bool:
    """Whoever works with the person; and their mentor while they work together, which the person agreed to."""
    return own_pairings(by).filter(pk=pairing.pk).exists() or may_work_with(by, pairing.person)


def _locked(pairing: Pairing) -> Pairing:
    found = Pairing.objects.select_for_update(of=("self",)).select_related("person__organisation", "mentor")
    return found.get(pk=pairing.pk)


def _day_or_refuse(pairing: Pairing, day: date) -> None:
    if day > timezone.localdate():
        raise Refused("The day you met must be today or in the past. Enter another day", field="met_on")
    if day < pairing.began_on:
        raise Refused(f"They work together since {day_in_words(pairing.began_on)}. Enter a later day", field="met_on")
    if pairing.ended_on is not None and day > pairing.ended_on:
        raise Refused(f"They stopped on {day_in_words(pairing.ended_on)}. Enter an earlier day", field="met_on")


def _tasks(told: Mapping[str, str]) -> dict[str, str]:
    known = digital_tasks()
    if any(task not in known for task in told) or any(state not in TaskState.values for state in told.values()):
        raise Refused("Choose how each thing goes from the list")
    return {task: str(told[task]) for task in known if task in told}


def _chosen(choices, value: str, sentence: str, field: str) -> str:
    if value not in choices.values:
        raise Refused(sentence, field=field)
    return choices(value)
