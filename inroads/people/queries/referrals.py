"""How a referral moves: which state follows which, whom it waits for, when they are reminded, and when that stops.

All of it is plain values, so that a test can go through every way. Reminders are few and stop; then it ends by itself,
and somebody is told: no referral is left without anybody it waits for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from inroads.accounts.codes import as_kept, hash_of, opening_code
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody
from inroads.people.models import AnswerValue, Person, Referral, ReferralEvent, StepStatus, StepVersion
from inroads.people.models import ReferralState as State
from inroads.people.queries.records import organisations_of

Waits = Referral.WaitsFor
MOST = 100
ENDED = (State.DECLINED, State.TOLD_BACK, State.NO_ANSWER, State.WITHDRAWN)
# What may follow what. The person may say whether it helped, and take it back, at any time once somebody took it up.
FOLLOWS: dict[str, frozenset[str]] = {
    State.DRAFTED: frozenset({State.SENT, State.WITHDRAWN}),
    State.SENT: frozenset({State.RECEIVED, State.ACCEPTED, State.DECLINED, State.NO_ANSWER, State.WITHDRAWN}),
    State.RECEIVED: frozenset({State.ACCEPTED, State.DECLINED, State.NO_ANSWER, State.WITHDRAWN}),
    State.ACCEPTED: frozenset(
        {
            State.ACCEPTED,
            State.SEEN,
            State.HELPED,
            State.NOT_HELPED,
            State.DECLINED,
            State.TOLD_BACK,
            State.NO_ANSWER,
            State.WITHDRAWN,
        }
    ),
    State.SEEN: frozenset({State.HELPED, State.NOT_HELPED, State.TOLD_BACK, State.NO_ANSWER, State.WITHDRAWN}),
    State.HELPED: frozenset({State.NOT_HELPED, State.TOLD_BACK, State.NO_ANSWER, State.WITHDRAWN}),
    State.NOT_HELPED: frozenset({State.HELPED, State.TOLD_BACK, State.NO_ANSWER, State.WITHDRAWN}),
    # Whoever was not reached in time may still say so.
    State.NO_ANSWER: frozenset({State.ACCEPTED, State.TOLD_BACK}),
    State.DECLINED: frozenset(),
    State.TOLD_BACK: frozenset({State.TOLD_BACK}),
    State.WITHDRAWN: frozenset(),
}
# Codes of FHIR R4: ServiceRequest.status (http://hl7.org/fhir/request-status), Task.status
# (http://hl7.org/fhir/task-status), and our own word for Task.businessStatus.
FHIR: dict[str, tuple[str, str, str]] = {
    State.DRAFTED: ("draft", "draft", "drafted"),
    State.SENT: ("active", "requested", "sent"),
    State.RECEIVED: ("active", "received", "opened"),
    State.ACCEPTED: ("active", "accepted", "accepted"),
    State.DECLINED: ("revoked", "rejected", "declined"),
    State.SEEN: ("active", "in-progress", "seen"),
    State.HELPED: ("active", "in-progress", "helped-they-say"),
    State.NOT_HELPED: ("active", "in-progress", "not-helped-they-say"),
    State.TOLD_BACK: ("completed", "completed", "told-back-by-the-person"),
    State.NO_ANSWER: ("revoked", "failed", "no-answer"),
    State.WITHDRAWN: ("revoked", "cancelled", "taken-back"),
}


def fhir(states: Sequence[str]) -> tuple[str, str, str]:
    """The codes of a referral that went through these states: where it stands, read with what came before.

    Help that was given and of which the person said nothing is given all the same; a no after a yes is a task that
    was begun and failed.
    """
    last = states[-1]
    if last == State.NO_ANSWER and {State.SEEN, State.HELPED, State.NOT_HELPED} & set(states):
        return ("completed", "completed", "not-told-back")
    if last == State.DECLINED and State.ACCEPTED in states:
        return ("revoked", "failed", "declined-after-yes")
    return FHIR[last]


REASONS = {
    "full": "We have no room at the moment",
    "not_ours": "This is not what we do",
    "too_far": "It is too far for us",
    "language": "We do not speak their language",
    "closed": "We are closed, or do not do this any more",
    "other": "Something else",
}


@dataclass(frozen=True)
class Waiting:
    """Days after which somebody is reminded, and after which it ends by itself."""

    reminders: tuple[int, ...]
    ends: int


WAITING: dict[tuple[str, str], Waiting] = {
    (State.DRAFTED, Waits.SENDER): Waiting((3, 10), 28),
    (State.SENT, Waits.RECEIVER): Waiting((3, 7), 14),
    # Nothing can go out to them: somebody of ours rings.
    (State.SENT, Waits.SENDER): Waiting((3, 7), 14),
    (State.RECEIVED, Waits.SENDER): Waiting((4, 10), 21),
    (State.ACCEPTED, Waits.SENDER): Waiting((2, 9), 14),
    (State.RECEIVED, Waits.RECEIVER): Waiting((4, 10), 21),
    # After they were to meet. When they do not say, the person is asked.
    (State.ACCEPTED, Waits.RECEIVER): Waiting((2, 9), 14),
    (State.ACCEPTED, Waits.PERSON): Waiting((0, 7), 21),
    (State.SEEN, Waits.PERSON): Waiting((7, 14), 28),
    (State.HELPED, Waits.PERSON): Waiting((3, 10), 24),
    (State.NOT_HELPED, Waits.PERSON): Waiting((3, 10), 24),
}


def waits_for(state: str) -> str:
    """Whom a referral waits for that has just come to this state."""
    if state in ENDED:
        return Waits.NOBODY
    if state == State.DRAFTED:
        return Waits.SENDER
    return Waits.RECEIVER if state in (State.SENT, State.RECEIVED, State.ACCEPTED) else Waits.PERSON


def next_day(state: str, waits: str, since: date, reminded: int) -> date | None:
    """When something is to be done about it next: a reminder, or an end. None where it has ended."""
    if state in ENDED:
        return None
    waiting = WAITING[state, waits]
    days = waiting.reminders[reminded] if reminded < len(waiting.reminders) else waiting.ends
    return since + timedelta(days=days)


def orphans(on: date | None = None) -> QuerySet[Referral]:
    """Referrals that nobody would ever hear of again: not ended, and without a day, or with one long gone.

    There are none, and a job that runs every day says so. Two days are left for a worker that was down.
    """
    today = on or timezone.localdate()
    lost = Q(due_on=None) | Q(waits_for="") | Q(due_on__lt=today - timedelta(days=2))
    return Referral.objects.exclude(state__in=ENDED).filter(lost)


def referrals_visible_to(user: Somebody) -> QuerySet[Referral]:
    """Those of the people this user works with."""
    inside = organisations_of(user)
    return Referral.objects.filter(organisation__in=inside).select_related("person", "service__touchpoint")


def referrals_received_by(user: Somebody) -> list[Referral]:
    """What the touchpoints are asked for which this user speaks, what is not over first. Nobody's name is among it.

    Who is passed on is read on the page of each, after yes, as through the link: one record, whoever looks at it.
    """
    asked = Referral.objects.filter(service__touchpoint__organisation__in=organisations_of(user, Permission.OFFER_HELP))
    open_first = Case(When(state__in=ENDED, then=1), default=0, output_field=IntegerField())
    found = asked.exclude(state=State.DRAFTED).select_related("organisation", "service__touchpoint")
    return list(found.order_by(open_first, "-since", "pk")[:MOST])


def waiting_for_us(user: Somebody) -> list[Referral]:
    """What this user is to do something about: drafts, those to ring, and those that ended with nobody helping.

    One that ended stays until somebody else is asked, or the step of the plan it belongs to is not open any more.
    """
    mine = referrals_visible_to(user)
    ours = list(mine.filter(waits_for=Waits.SENDER).order_by("due_on", "pk")[:MOST])
    by_itself = Q(state=State.WITHDRAWN, events__through=ReferralEvent.Through.ITSELF, events__state=State.WITHDRAWN)
    last = ReferralEvent.objects.filter(referral=OuterRef("pk")).order_by("-pk").values("answer")[:1]
    no_help = Q(state=State.TOLD_BACK, last=AnswerValue.NO)
    helpless = Q(state__in=(State.DECLINED, State.NO_ANSWER)) | by_itself
    taken_up = Q(events__state__in=(State.SEEN, State.HELPED, State.NOT_HELPED))
    ended = mine.annotate(last=Subquery(last)).filter(no_help | (helpless & ~taken_up))
    later = Referral.objects.filter(person=OuterRef("person"), created_at__gt=OuterRef("created_at"))
    newer = StepVersion.objects.filter(step=OuterRef("step"), version__gt=OuterRef("version"))
    closed = StepVersion.objects.filter(~Exists(newer), step=OuterRef("step")).exclude(status=StepStatus.PLANNED)
    left = ended.exclude(Exists(later)).exclude(Exists(closed))
    return [*ours, *left.distinct().order_by("-since", "pk")[:MOST]]


def under_way(user: Somebody) -> list[Referral]:
    """What waits for somebody else, the longest first."""
    mine = referrals_visible_to(user).exclude(state__in=ENDED).exclude(waits_for=Waits.SENDER)
    return list(mine.order_by("since", "pk")[:MOST])


def referrals_of(person: Person) -> list[Referral]:
    """All of this person's, the latest first."""
    return list(person.referrals.select_related("service__touchpoint", "step").prefetch_related("events"))


def events_of(referral: Referral) -> list[ReferralEvent]:
    """What happened to it, in order."""
    return list(referral.events.select_related("by"))


def code_of(referral: Referral, whose: str) -> str:
    """The code of the receiver or of the person ("receiver", "person")."""
    return opening_code(f"inroads.people.referral.{whose}", str(referral.pk))


def referral_by_code(typed: str, whose: str) -> Referral | None:
    """The referral with this code of the receiver's or the person's; the code is all that is asked."""
    code = as_kept(typed)
    if not code:
        return None
    field = "code_hash" if whose == "receiver" else "person_code_hash"
    found = Referral.objects.filter(**{field: hash_of(code)})
    return found.select_related("person__organisation", "service__touchpoint__area", "organisation", "step").first()
