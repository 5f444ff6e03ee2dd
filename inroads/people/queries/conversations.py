"""Which questions a conversation has, what was answered in it, and a reader's own expectations."""

from django.utils import timezone

from inroads.accounts.queries import Somebody
from inroads.people.models import Answer, AnswerKind, Conversation, Expectation, Person, SaidBy
from inroads.people.queries.record import Record
from inroads.reference.definitions.conversation import barriers, strengths, triage


def kind_of(topic: str) -> AnswerKind | None:
    """What a topic is, or None for one that is defined no more."""
    if topic in barriers():
        return AnswerKind.BARRIER
    if any(each.id == topic for each in strengths()):
        return AnswerKind.STRENGTH
    return None


def questions(kind: str, record: Record, *, others_present: bool) -> list[str]:
    """Ids of the questions of a conversation of this kind, in order; strengths and hopes come first.

    A short conversation has one about strengths and at most four about barriers. "What has changed" has what events
    opened again. Questions that are put only to somebody who is alone are left out while others are there, and those
    that staff answer themselves have a conversation of their own.
    """
    first = strengths()
    if kind == Conversation.Kind.STAFF:
        return [each.id for each in barriers().values() if each.asked_of == "staff"]
    if kind == Conversation.Kind.REOPENED:
        chosen = [topic for topic in barriers() if topic in record.reopened]
        first = []
    elif kind == Conversation.Kind.TRIAGE:
        chosen, first = [each.id for each in triage()], first[:1]
    else:
        chosen = list(barriers())
    known = barriers()
    asked = [topic for topic in chosen if known[topic].asked_of == "person"]
    kept = [topic for topic in asked if not (others_present and known[topic].alone)]
    return [each.id for each in first] + kept


def may_ask(conversation: Conversation, topic: str) -> bool:
    """Whether a question fits those who are there: staff's own among staff, some only with nobody else in the room."""
    found = barriers().get(topic)
    if found is None:
        return True
    if (found.asked_of == "staff") != (conversation.kind == Conversation.Kind.STAFF):
        return False
    others = conversation.who_was_there() or conversation.said_by in (SaidBy.TRUSTED, SaidBy.BOTH)
    return not (found.alone and others)


def answers_in(conversation: Conversation) -> dict[str, Answer]:
    """The last answer to each question in this conversation, "not asked" included, by topic."""
    return {each.topic: each for each in Answer.objects.filter(conversation=conversation).order_by("pk")}


def left_to_ask(conversation: Conversation) -> list[str]:
    """Questions of a conversation that nobody has come to yet, in order."""
    given = answers_in(conversation)
    return [topic for topic in conversation.asked if topic not in given]


def is_of_earlier_day(conversation: Conversation) -> bool:
    """Whether it was begun before today: who is there and how they talk has to be said anew."""
    return timezone.localdate(conversation.recorded_at) < timezone.localdate()


def own_expectations(user: Somebody, person: Person) -> dict[str, Expectation]:
    """What this user themself expected, by topic. There is no query for what anybody else expected."""
    if not user.is_authenticated:
        return {}
    return {each.topic: each for each in Expectation.objects.filter(by=user, person=person).order_by("pk")}
