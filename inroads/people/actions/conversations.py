"""What changes when people talk: conversations, answers, events, and what staff expected before they asked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.people.actions.checks import note, require_work_with, said_on_or_refuse
from inroads.people.models import (
    Answer,
    AnswerKind,
    AnswerValue,
    Channel,
    Conversation,
    Event,
    Expectation,
    Person,
    SaidBy,
)
from inroads.people.queries.conversations import kind_of, left_to_ask, may_ask, own_expectations, questions
from inroads.people.queries.record import record_of
from inroads.reference.definitions.conversation import barriers, life_events


@transaction.atomic
def begin_conversation(
    *,
    person: Person,
    kind: str,
    channel: str,
    by: User,
    said_by: str = SaidBy.PERSON,
    said_on: date | None = None,
    present: Sequence[str] = (),
    present_words: str = "",
    asked: list[str] | None = None,
) -> Conversation:
    """A conversation with its questions, in order; `asked` where a printed form has settled them.

    Raises `Refused` where nothing is open to ask again.
    """
    audit.hold()
    require_work_with(by, person)
    kind = Conversation.Kind(kind)
    if asked is None:
        others = bool(present or present_words.strip() or SaidBy(said_by) in (SaidBy.TRUSTED, SaidBy.BOTH))
        asked = questions(kind, record_of(person), others_present=others)
    if not asked:
        raise Refused("Nothing has changed since the last conversation, so there is nothing to ask again")
    conversation = Conversation.objects.create(
        person=person,
        organisation=person.organisation,
        kind=kind,
        channel=Channel(channel),
        said_by=SaidBy.STAFF if kind == Conversation.Kind.STAFF else SaidBy(said_by),
        said_on=said_on_or_refuse(said_on),
        present=list(present),
        present_words=tidy(present_words),
        asked=asked,
        recorded_by=by,
    )
    note("conversation_begun", person, by, conversation=str(conversation.pk), kind=str(kind), channel=str(channel))
    return conversation


@transaction.atomic
def go_on(*, conversation: Conversation, by: User, **said: Any) -> Conversation:
    """The rest of a conversation on a later day: its open questions, with who is there, how and when this time.

    `said` is as for `begin_conversation`. The first part is finished. Raises `Refused` where nothing is left to ask.
    """
    audit.hold()
    require_work_with(by, conversation.person)
    left = left_to_ask(conversation)
    if not left:
        raise Refused("Every question of this conversation was asked. Start another")
    finish_conversation(conversation=conversation, by=by)
    rest = begin_conversation(person=conversation.person, kind=conversation.kind, asked=left, by=by, **said)
    rest.asked = [topic for topic in left if may_ask(rest, topic)]
    if not rest.asked:
        raise Refused("What is left is asked only when nobody else is there. Keep it for another time")
    rest.save(update_fields=("asked",))
    return rest


@transaction.atomic
def record_answer(*, conversation: Conversation, topic: str, answer: str, words: str, by: User) -> Answer:
    """What was said to one question. Saying it again changes nothing; saying something else is kept beside the first.

    `answer` is one of the five; for a strength it may be empty. A conversation that was finished is open again.
    """
    audit.hold()
    person = conversation.person
    require_work_with(by, person)
    kind, words = kind_of(topic), tidy(words)
    if kind is None:
        raise Refused("This question is not part of the conversation any more. Go on with the next")
    if not may_ask(conversation, topic):
        raise Refused("This question is asked only when nobody else is there. Keep it for another time")
    answer = "" if kind == AnswerKind.STRENGTH and not answer else AnswerValue(answer)
    last = Answer.objects.filter(conversation=conversation, topic=topic).last()
    if last is not None and (last.answer, last.words) == (answer, words):
        return last
    made = Answer.objects.create(
        conversation=conversation,
        person=person,
        kind=kind,
        topic=topic,
        answer=answer,
        words=words,
        channel=conversation.channel,
        said_by=conversation.said_by,
        said_on=conversation.said_on,
        present_words=conversation.who_was_there()[:300],
        recorded_by=by,
    )
    note("answer_recorded", person, by, conversation=str(conversation.pk), number=made.pk)
    return made


@transaction.atomic
def finish_conversation(*, conversation: Conversation, by: User) -> Conversation:
    """The conversation is over for now. Its answers can still be put right."""
    audit.hold()
    require_work_with(by, conversation.person)
    conversation.refresh_from_db(fields=("finished_at",))
    if conversation.finished_at is None:
        conversation.finished_at = timezone.now()
        conversation.save(update_fields=("finished_at",))
        note("conversation_finished", conversation.person, by, conversation=str(conversation.pk))
    return conversation


@transaction.atomic
def record_events(
    *,
    person: Person,
    kinds: Sequence[str],
    words: str,
    channel: str,
    by: User,
    said_by: str = SaidBy.PERSON,
    said_on: date | None = None,
    present_words: str = "",
) -> list[Event]:
    """Things happened, told in the same words: what they touch is asked again, and nothing else."""
    audit.hold()
    require_work_with(by, person)
    if not kinds or not set(kinds) <= set(life_events()):
        raise Refused("Choose what happened from the list")
    made = [
        Event.objects.create(
            person=person,
            kind=kind,
            words=tidy(words),
            channel=Channel(channel),
            said_by=SaidBy(said_by),
            said_on=said_on_or_refuse(said_on),
            present_words=tidy(present_words),
            recorded_by=by,
        )
        for kind in kinds
    ]
    note("event_recorded", person, by, events=len(made))
    return made


@transaction.atomic
def note_expectations(*, person: Person, expected: Mapping[str, str], by: User) -> bool:
    """What `by` expects before asking, by question. Refused for one that was asked: then it is no expectation.

    The audit trail says nothing of it: nobody is to learn what a colleague expected, or whether they noted anything.
    """
    audit.hold()
    require_work_with(by, person)
    answered, own = record_of(person).answers, own_expectations(by, person)
    for topic, value in expected.items():
        if topic not in barriers():
            raise Refused("Choose a question of the conversation")
        if topic in answered:
            raise Refused("This was asked already. Note what you expect before you ask")
        if topic not in own or own[topic].expected != value:
            Expectation.objects.create(
                person=person, topic=topic, expected=AnswerValue(value), organisation=person.organisation, by=by
            )
    return True
