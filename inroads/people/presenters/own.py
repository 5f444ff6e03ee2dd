"""A record as the person reads it on their own page: big, calm, in few words."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from inroads.people.actions.referral_messages import place_of
from inroads.people.models import AnswerValue, ContactWay, HelpAtTime, PartOfDay, Person, ReferralState, StepStatus
from inroads.people.presenters.conversations import topic_title
from inroads.people.presenters.lending import LoanLine, loan_line
from inroads.people.presenters.plans import is_private
from inroads.people.queries.loans import loans_of
from inroads.people.queries.record import Record
from inroads.people.queries.referrals import FOLLOWS, referrals_of
from inroads.reference.definitions.care import formats
from inroads.reference.definitions.conversation import barriers

ANSWERS = {
    AnswerValue.YES: "Yes, this is hard",
    AnswerValue.A_BIT: "A bit hard",
    AnswerValue.NO: "This is fine",
    AnswerValue.PREFER_NOT: "You would rather not say",
}
STANDS = {
    ReferralState.DRAFTED: "Not asked yet",
    ReferralState.SENT: "We asked them, and wait",
    ReferralState.RECEIVED: "They will answer soon",
    ReferralState.ACCEPTED: "They said yes",
    ReferralState.DECLINED: "They cannot help this time",
    ReferralState.SEEN: "You have met",
    ReferralState.HELPED: "They say it helps",
    ReferralState.NOT_HELPED: "They say it does not help",
    ReferralState.TOLD_BACK: "You told us how it went",
    ReferralState.NO_ANSWER: "It ended without an answer",
    ReferralState.WITHDRAWN: "Taken back",
}


@dataclass(frozen=True)
class OwnStep:
    """A step of the plan in its latest words. Why it was suggested is left out: it may tell what was answered."""

    what: str
    owner: str
    due_on: date | None
    status: str
    overdue: bool


@dataclass(frozen=True)
class OwnPlan:
    """Steps still to do, those done, the day to look at the plan together, and what helps at which hour."""

    steps: list[OwnStep]
    done: list[OwnStep]
    review_on: date
    hours: list[tuple[str, list[HelpAtTime]]]


@dataclass(frozen=True)
class Told:
    """What somebody told us about one thing: the answer, their words, and the day.

    `alone` where it is asked only of somebody who is alone: then it is not shown at first sight.
    """

    title: str
    answer: str
    words: str
    said_on: date
    alone: bool = False


def plan(record: Record, *, alone: bool) -> OwnPlan:
    """The plan without anything that was said in a conversation.

    Unless the person looks at it `alone`, without the steps that follow from what they said only when nobody was there.
    """
    today = timezone.localdate()
    steps = [
        OwnStep(
            what=each.now.what,
            owner=each.now.owner,
            due_on=each.now.due_on,
            status=StepStatus(each.now.status).label,
            overdue=each.is_overdue(today),
        )
        for each in record.steps
        if each.now.status != StepStatus.STOPPED and (alone or not is_private(each))
    ]
    by_part: dict[str, list[HelpAtTime]] = {}
    for each in record.help_at_times:
        by_part.setdefault(each.part, []).append(each)
    return OwnPlan(
        steps=[each for each in steps if each.status != StepStatus.DONE.label],
        done=[each for each in steps if each.status == StepStatus.DONE.label],
        review_on=record.review.review_on if record.review else record.person.due_on,
        hours=[(part.label, by_part[part]) for part in PartOfDay if part in by_part],
    )


def contact(record: Record) -> list[tuple[str, str]]:
    """How the person likes to be contacted and told things, as pairs of what and how."""
    kept = record.preferences
    if kept is None:
        return []
    format_words = formats()[kept.format].title if kept.format in formats() else ""
    language = ", ".join(part for part in (kept.language, "with an interpreter" if kept.interpreter else "") if part)
    pairs = [
        ("How", ", ".join(part for part in (ContactWay(kept.contact_way).label, kept.contact_detail) if part)),
        ("When", kept.contact_times),
        ("How you get information", format_words),
        ("Language", language),
        ("What makes it easier", kept.adjustments),
    ]
    return [(what, how) for what, how in pairs if how]


def told(record: Record) -> dict[str, list[Told]]:
    """Strengths and answers in the person's own words, the latest of each; what nobody asked is not there."""
    known = barriers()
    strengths = [Told(topic_title(topic), "", each.words, each.said_on) for topic, each in record.strengths.items()]
    answers = [
        Told(
            topic_title(topic),
            ANSWERS.get(AnswerValue(each.answer), ""),
            each.words,
            each.said_on,
            alone=topic in known and known[topic].alone,
        )
        for topic, each in record.answers.items()
        # What was put to staff was not said by the person.
        if each.said_by != "staff"
    ]
    return {
        "strengths": strengths,
        "answers": [each for each in answers if not each.alone],
        "alone": [each for each in answers if each.alone],
    }


@dataclass(frozen=True)
class OwnReferral:
    """Whom somebody was passed on to, with their agreement, and where that stands."""

    id: UUID
    where: str
    asked: str
    stands: str
    can_be_taken_back: bool


def passed_on(person: Person) -> list[OwnReferral]:
    """Whom this person was passed on to, the latest first."""
    return [
        OwnReferral(
            id=each.pk,
            where=place_of(each.service)[:1].upper() + place_of(each.service)[1:],
            asked=each.asked,
            stands=STANDS.get(each.state, ReferralState(each.state).label),
            can_be_taken_back=ReferralState.WITHDRAWN in FOLLOWS[each.state],
        )
        for each in referrals_of(person)[:20]
    ]


def borrowed(person: Person) -> list[LoanLine]:
    """What somebody has on loan, or kept for them."""
    return [loan_line(each) for each in loans_of(person) if each.ended_at is None]
