"""How answers and conversations are said on a page."""

from collections.abc import Iterable
from dataclasses import dataclass

from inroads.people.models import Answer, AnswerValue, Channel, Conversation, Event, Present, SaidBy
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


def said(answer: Answer) -> str:
    """Yes, a bit, no …; for a strength nothing, since its words say it."""
    return TOLD[AnswerValue(answer.answer)] if answer.answer else ""


def source(fact: Answer | Event | Conversation) -> str:
    """Where a fact comes from: who said it, how. Its date is said beside it."""
    return f"{SaidBy(fact.said_by).label}, {Channel(fact.channel).label[0].lower()}{Channel(fact.channel).label[1:]}"


def present_words(conversation: Conversation) -> str:
    """Who else was there, in words; "" for nobody."""
    named = dict(Present.choices)
    listed = [named.get(each, each) for each in conversation.present]
    return ", ".join([*listed, *([conversation.present_words] if conversation.present_words else [])])


def event_title(event: Event) -> str:
    """What happened, in the words of its definition."""
    known = life_events().get(event.kind)
    return known.title if known else event.kind.replace("_", " ").capitalize()


@dataclass(frozen=True)
class TopicRow:
    """One barrier in a list: its last answer if there is one, and the event that opened it again if one did."""

    barrier: Barrier
    answer: Answer | None
    said: str
    source: str
    event: str


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
                )
            )
        found.append(GroupRows(group, rows, unknown))
    return found


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
