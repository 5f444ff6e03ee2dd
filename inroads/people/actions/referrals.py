"""Passing somebody on with their consent, and hearing back: each move of a referral, by whoever makes it.

`by` is None where it comes through a link or a code: whoever holds that may answer for the touchpoint, or for the
person, and do nothing else. Every move is an event; the referral itself says only where it stands now.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.codes import hash_of
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.directory.models import Service
from inroads.directory.queries.finding import services_visible_to
from inroads.people.actions.checks import note, require_work_with, said_on_or_refuse
from inroads.people.actions.plans import add_step
from inroads.people.actions.referral_messages import (
    ask_person,
    place_of,
    remind_receiver,
    tell_it_is_over,
    tell_person,
    tell_receiver,
)
from inroads.people.actions.referral_moves import locked, move, wait_for, was_taken_up
from inroads.people.models import Answer, AnswerKind, AnswerValue, Channel, Person, PlanStep, Referral, ReferralEvent
from inroads.people.models import ReferralState as State
from inroads.people.models.facts import LONGEST_AHEAD, SaidBy
from inroads.people.permissions import is_own
from inroads.people.queries.records import plain
from inroads.people.queries.referrals import ENDED, REASONS, WAITING, Waits, code_of, next_day
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Help

Through = ReferralEvent.Through
# Seven digits with whatever stands between them, or the sign of an email address.
NUMBER_OR_ADDRESS = re.compile(r"(?:\d[\s().-]{0,2}){7,}|\S@\S")
STEP_LASTS = timedelta(days=21)
# What a person may agree to pass on.
SHARE = {
    "name": "What they like to be called",
    "contact": "How to reach them",
    "language": "Their language, and whether they need an interpreter",
    "format": "How they like to be told things",
    "adjustments": "What makes it easier for them",
}


@dataclass(frozen=True)
class Consent:
    """What a person agreed to: which facts (keys of `SHARE`), on which day, who said so, and how."""

    share: tuple[str, ...]
    how_agreed: str
    agreed_by: str = SaidBy.PERSON
    agreed_on: date | None = None


@transaction.atomic
def draft_referral(
    *,
    person: Person,
    service: Service,
    asked: str,
    consent: Consent,
    by: User,
    help: str = "",
    barrier: str = "",
    step: PlanStep | None = None,
) -> Referral:
    """A referral that was agreed and has not been sent. `asked` is what the touchpoint reads before it says yes.

    It belongs to a step of the plan: a new one, for what is hard (`barrier`), unless one is given.
    """
    audit.hold()
    require_work_with(by, person)
    if not services_visible_to(by).filter(pk=service.pk).exists():
        raise PermissionDenied("This service is not in the directory that you see")
    if help and help not in load(Help):
        raise Refused("Choose what helps from the list", field="help")
    if step is not None and step.person_id != person.pk:
        raise Refused("Choose a step of this person's plan", field="step")
    words, how = tidy(asked), tidy(consent.how_agreed)
    if not words:
        raise Refused("Say what would help, without their name", field="asked")
    if named := [each for each in _names_of(person) if each in plain(words).split()]:
        raise Refused(f"Leave out the name ({named[0]}): they read this before they say yes", field="asked")
    if NUMBER_OR_ADDRESS.search(words):
        raise Refused("Leave out phone numbers and addresses: they read this before they say yes", field="asked")
    if not how:
        raise Refused("Write down how they agreed. Nothing is passed on without that", field="how_agreed")
    if step is None:
        named, private = place_of(service), service.touchpoint.private
        step = add_step(
            person=person,
            # A plan is read by others too, and printed: a private place is never named in one, nor what is asked there.
            what=f"We ask {named}" if private else f"We ask {named}: {words[:200]}",
            private=private,
            owner=named[:1].upper() + named[1:150],
            due_on=timezone.localdate() + STEP_LASTS,
            barrier=barrier,
            help=help,
            by=by,
        )
    made = Referral(
        id=uuid.uuid4(),
        person=person,
        organisation=person.organisation,
        service=service,
        step=step,
        help=help,
        asked=words,
        share=[each for each in SHARE if each in consent.share],
        agreed_on=said_on_or_refuse(consent.agreed_on),
        agreed_by=SaidBy(consent.agreed_by),
        how_agreed=how,
        created_by=by,
        since=timezone.localdate(),
        waits_for=Waits.SENDER,
    )
    made.code_hash = hash_of(code_of(made, "receiver"))
    made.person_code_hash = hash_of(code_of(made, "person"))
    made.due_on = next_day(State.DRAFTED, Waits.SENDER, made.since, 0)
    made.save(force_insert=True)
    ReferralEvent.objects.create(referral=made, state=State.DRAFTED, through=Through.SCREEN, by=by)
    note("referral_drafted", person, by, referral=str(made.pk), service=str(service.pk))
    return made


@transaction.atomic
def send_referral(*, referral: Referral, by: User) -> Referral:
    """Ask the touchpoint, by text or email where it has one, by letter where it has not. No name goes with it."""
    audit.hold()
    kept = locked(referral)
    require_work_with(by, kept.person)
    if not services_visible_to(by).filter(pk=kept.service_id).exists():
        raise Refused("This is not running any more. Take it back, and look for somebody else")
    move(kept, State.SENT, through=Through.SCREEN, by=by)
    if not tell_receiver(kept):
        # Nothing can go out to them, so it is us it waits for: somebody rings.
        wait_for(kept, Waits.SENDER, since=timezone.localdate())
    return kept


@transaction.atomic
def answer_referral(
    *,
    referral: Referral,
    state: str,
    through: str,
    by: User | None = None,
    reason: str = "",
    words: str = "",
    meets_on: date | None = None,
) -> Referral:
    """The touchpoint says that it has it, yes (and when), no (and why), that they were seen, or whether it helped.

    Saying the same twice changes nothing. Raises `Refused` where it was taken back, or ended otherwise meanwhile.
    """
    audit.hold()
    kept = locked(referral)
    if by is not None:
        require_work_with(by, kept.person)
    state = State(state)
    if state not in (State.RECEIVED, State.ACCEPTED, State.DECLINED, State.SEEN, State.HELPED, State.NOT_HELPED):
        raise Refused("Choose one of the answers")
    if state == State.DECLINED and reason not in REASONS:
        raise Refused("Choose why not, so that we can look for somebody else", field="reason")
    if meets_on is not None:
        _meets_on_or_refuse(meets_on)
    if kept.state == state and (meets_on is None or meets_on == kept.meets_on):
        return kept
    move(
        kept,
        state,
        through=through,
        by=by,
        reason=reason if state == State.DECLINED else "",
        words=words,
        meets_on=meets_on,
    )
    tell_person(kept, reason)
    return kept


@transaction.atomic
def tell_back(
    *,
    referral: Referral,
    answer: str,
    words: str,
    channel: str,
    through: str,
    by: User | None = None,
    said_by: str = SaidBy.PERSON,
    said_on: date | None = None,
    present_words: str = "",
) -> Referral:
    """The person says whether it helped, in their own channel: only with this is a referral really over.

    Their answer stands in the record as any other, beside the step of the plan it belongs to.
    """
    audit.hold()
    kept = locked(referral)
    if by is not None:
        require_work_with(by, kept.person)
    value = AnswerValue(answer)
    if value == AnswerValue.NOT_ASKED:
        raise Refused("Choose an answer", field="answer")
    day = said_on_or_refuse(said_on)
    if not was_taken_up(kept):
        raise Refused("Nobody has taken this up, so there is nothing to ask about yet", field="answer")
    move(kept, State.TOLD_BACK, through=through, by=by, words=words, answer=value)
    if kept.step is not None:
        Answer.objects.create(
            person=kept.person,
            kind=AnswerKind.HELPED,
            topic=str(kept.step.pk),
            answer=value,
            words=tidy(words),
            channel=Channel(channel),
            said_by=SaidBy(said_by),
            said_on=day,
            present_words=tidy(present_words),
            recorded_by=by,
        )
    return kept


@transaction.atomic
def withdraw_referral(
    *, referral: Referral, by: User | None, through: str = Through.SCREEN, words: str = ""
) -> Referral:
    """The person does not want it any more, or it is not needed. A touchpoint that answered is told.

    Its link shows nothing from now on.
    """
    audit.hold()
    kept = locked(referral)
    if by is not None and not is_own(by, kept.person):
        require_work_with(by, kept.person)
    answered, taken_up = kept.state not in (State.DRAFTED, State.SENT), was_taken_up(kept)
    move(kept, State.WITHDRAWN, through=through, by=by, words=words)
    if answered:
        tell_it_is_over(kept, taken_up=taken_up)
    return kept


@transaction.atomic
def go_on(*, referral: Referral, on: date) -> str:
    """What time brings: a reminder to whoever it waits for, or an end. Says what was done, "" for nothing.

    Called for the same day twice it does the same once.
    """
    audit.hold()
    kept = locked(referral)
    if kept.state in ENDED or kept.due_on is None or kept.due_on > on:
        return ""
    waiting = WAITING[State(kept.state), Waits(kept.waits_for)]
    if kept.reminded < len(waiting.reminders):
        kept.reminded += 1
        kept.due_on = next_day(kept.state, kept.waits_for, kept.since, kept.reminded)
        # Days that passed while nobody worked are not made up for by several reminders at once.
        kept.due_on = max(kept.due_on, on + timedelta(days=1)) if kept.due_on else None
        kept.save(update_fields=("reminded", "due_on"))
        if kept.waits_for == Waits.RECEIVER and not remind_receiver(kept):
            wait_for(kept, Waits.SENDER, since=on)
            return "asks us to ring"
        if kept.waits_for == Waits.PERSON:
            ask_person(kept)
        note("referral_reminded", kept.person, None, referral=str(kept.pk), times=kept.reminded)
        return "reminded"
    if kept.state == State.ACCEPTED and kept.waits_for != Waits.PERSON:
        # They do not say; so the person is asked.
        wait_for(kept, Waits.PERSON, since=on)
        return "asks the person"
    if kept.state == State.DRAFTED:
        move(kept, State.WITHDRAWN, through=Through.ITSELF, by=None)
        tell_person(kept, "")
        return "taken back"
    of_person = kept.waits_for == Waits.PERSON
    move(kept, State.NO_ANSWER, through=Through.ITSELF, by=None)
    if not of_person:
        tell_person(kept, "")
    return "no answer"


def go_on_all(referrals: Iterable[Referral], *, on: date) -> int:
    """`go_on` for each; how many moved. One that cannot be moved holds up no other; it is raised at the end."""
    moved, broken = 0, []
    for each in referrals:
        try:
            moved += bool(go_on(referral=each, on=on))
        except Exception as problem:
            broken.append(problem)
    if broken:
        raise ExceptionGroup(f"{len(broken)} referrals could not be moved", broken)
    return moved


def _names_of(person: Person) -> list[str]:
    """Words of their name by which they could be known, in plain letters."""
    return [each for each in plain(f"{person.full_name} {person.known_as}").split() if len(each) > 2]


def _meets_on_or_refuse(day: date) -> None:
    today = timezone.localdate()
    if day < today:
        raise Refused("The day on which you meet lies in the past. Choose today or a later day", field="meets_on")
    if day > today + LONGEST_AHEAD:
        raise Refused("The day on which you meet must be within a year", field="meets_on")
