"""How answers and conversations are said on a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from inroads.people.models import Answer, AnswerValue, Channel, Choice, Conversation, Event, Preferences, SaidBy
from inroads.people.queries.record import Record
from inroads.reference.definitions.conversation import Barrier, BarrierGroup, barriers, groups, life_events, strengths

TOLD = {
    AnswerValue.YES: "Yes, this is hard",
    AnswerValue.A_BIT: "A bit",
    AnswerValue.NO: "No, this is fine",
    AnswerValue.NOT_ASKED: "Not asked",
    AnswerValue.PREFER_NOT: "Prefers not to say",
}


def topic_title(topic: str) -> str:
    """The title of a barrier or strength; its id where it is defined no more."""
    known = barriers().get(topic) or next((each for each in strengths() if each.id == topic), None)
    return known.title if known else topic.replace("_", " ").capitalize()


def prompt_of(topic: str) -> str:
    """The question as it is put to the person."""
    known = barriers().get(topic) or next((each for each in strengths() if each.id == topic), None)
    return known.prompt if known else topic_title(topic)


def hint_of(topic: str) -> str:
    """What a barrier means, in plain words; "" for a strength."""
    return barriers()[topic].plain if topic in barriers() else ""


def said(answer: Answer) -> str:
    """Yes, a bit, no …; for a strength nothing, since its words say it."""
    return TOLD[AnswerValue(answer.answer)] if answer.answer else ""


def source(fact: Answer | Event | Conversation | Choice | Preferences) -> str:
    """Where a fact comes from: who said it, how, and who else was there. Its date is said beside it."""
    how = Channel(fact.channel).label
    said = f"{SaidBy(fact.said_by).label}, {how[0].lower()}{how[1:]}"
    return f"{said}. Also there: {fact.present_words}" if fact.present_words else said


def event_title(event: Event) -> str:
    """What happened, in the words of its definition."""
    known = life_events().get(event.kind)
    return known.title if known else event.kind.replace("_", " ").capitalize()


@dataclass(frozen=True)
class TopicRow:
    """One barrier in a list: its last answer if there is one, and the event that opened it again if one did.

    `connected` are titles of barriers that often come with it and that nobody has asked about.
    """

    barrier: Barrier
    answer: Answer | None
    said: str
    source: str
    event: str
    connected: list[str]


@dataclass(frozen=True)
class GroupRows:
    """Barriers that hang together."""

    group: BarrierGroup
    rows: list[TopicRow]
    not_asked: int


def by_group(record: Record) -> list[GroupRows]:
    """All that is known, in groups; barriers nobody has asked about are counted, never shown as a no."""
    found = []
    for group in groups():
        rows, unknown = [], 0
        for barrier in barriers().values():
            if barrier.group != group.id:
                continue
            answer, event = record.answers.get(barrier.id), record.reopened.get(barrier.id)
            if answer is None and event is None:
                unknown += 1
                continue
            rows.append(
                TopicRow(
                    barrier,
                    answer,
                    said(answer) if answer else TOLD[AnswerValue.NOT_ASKED],
                    source(answer) if answer else "",
                    event_title(event) if event else "",
                    _often_with(barrier, record) if barrier.id in record.hard else [],
                )
            )
        found.append(GroupRows(group, rows, unknown))
    return found


def _often_with(barrier: Barrier, record: Record) -> list[str]:
    known = barriers()
    return [known[each].title for each in barrier.connected if each not in record.answers and not known[each].alone]


def lines(conversation: Conversation, answers: dict[str, Answer]) -> Iterable[dict]:
    """The questions of one conversation in order, each with what was said in it."""
    for topic in [*conversation.asked, *(topic for topic in answers if topic not in conversation.asked)]:
        answer = answers.get(topic)
        yield {
            "topic": topic,
            "title": topic_title(topic),
            "prompt": prompt_of(topic),
            "answer": answer,
            "said": (said(answer) if answer else "") or ("" if answer and answer.words else "Not asked"),
        }
