"""A person's whole record as it stood at a moment: rebuilt from rows that are only ever added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q
from django.utils import timezone

from inroads.people.models import (
    Answer,
    AnswerKind,
    AnswerValue,
    Choice,
    Conversation,
    Event,
    HelpAtTime,
    Involvement,
    Person,
    PlanStep,
    Preferences,
    Review,
    StepStatus,
    StepVersion,
    TrustedPerson,
)
from inroads.reference.definitions.conversation import barriers, life_events

HARD = (AnswerValue.YES, AnswerValue.A_BIT)


@dataclass(frozen=True)
class Step:
    """A step of the plan as it stood, and what the person last said about whether it helped."""

    step: PlanStep
    now: StepVersion
    helped: Answer | None

    def is_overdue(self, on: date) -> bool:
        """Whether it was to be done before this day and is not."""
        return self.now.status == StepStatus.PLANNED and self.now.due_on is not None and self.now.due_on < on


@dataclass(frozen=True)
class Record:
    """Everything that held about a person at `moment`.

    `answers` and `strengths` hold the last answer to each topic that was really given: "not asked" never takes the
    place of an answer. `reopened` names, by barrier, the event after which it is asked again. `choices` are by stage.
    `stages` are the latest involvement in each pathway, `since` the first, both by pathway id.
    """

    person: Person
    moment: datetime
    preferences: Preferences | None
    trusted: list[TrustedPerson]
    conversations: list[Conversation]
    strengths: dict[str, Answer]
    answers: dict[str, Answer]
    reopened: dict[str, Event]
    events: list[Event]
    stages: dict[str, Involvement]
    since: dict[str, datetime]
    choices: dict[int, Choice]
    steps: list[Step]
    review: Review | None
    help_at_times: list[HelpAtTime]

    @property
    def hard(self) -> dict[str, Answer]:
        """Barriers that are there, or a bit, by the person's last answer, in the order of a conversation."""
        return {topic: each for topic, each in self.answers.items() if each.answer in HARD}

    @property
    def unfinished(self) -> Conversation | None:
        """The conversation that was begun last and can be gone on with."""
        return next((each for each in reversed(self.conversations) if each.finished_at is None), None)


def end_of(day: date) -> datetime:
    """The last moment of a day here."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)


def record_of(person: Person, moment: datetime | None = None) -> Record:
    """The record now, or as it stood at a past moment. The caller has made sure that its reader may see it."""
    at = moment or timezone.now() + timedelta(seconds=1)
    until = {"person": person, "recorded_at__lte": at}
    lasting = Q(ended_at=None) | Q(ended_at__gt=at)
    said = list(Answer.objects.filter(**until))
    events = list(Event.objects.filter(**until))
    answers = _latest(said, AnswerKind.BARRIER)
    involvements = list(Involvement.objects.filter(**until).select_related("pathway", "stage"))
    since: dict[str, datetime] = {}
    for each in involvements:
        since.setdefault(str(each.pathway_id), each.recorded_at)
    conversations = list(Conversation.objects.filter(**until))
    for each in conversations:
        if each.finished_at and each.finished_at > at:
            each.finished_at = None
    choices = Choice.objects.filter(**until).select_related("option", "maybe_later", "stage__pathway", "recorded_by")
    order = list(barriers())
    return Record(
        person=person,
        moment=at,
        preferences=Preferences.objects.filter(**until).last(),
        trusted=list(TrustedPerson.objects.filter(lasting, **until)),
        conversations=conversations,
        strengths=_latest(said, AnswerKind.STRENGTH),
        answers={topic: answers[topic] for topic in order if topic in answers}
        | {topic: each for topic, each in answers.items() if topic not in order},
        reopened=_reopened(answers, events),
        events=events,
        stages={str(each.pathway_id): each for each in involvements},
        since=since,
        choices={each.stage_id: each for each in sorted(choices, key=_when)},
        steps=_steps(person, at, _latest(said, AnswerKind.HELPED)),
        review=Review.objects.filter(**until).last(),
        help_at_times=list(HelpAtTime.objects.filter(lasting, **until)),
    )


def _latest(answers: Iterable[Answer], kind: AnswerKind) -> dict[str, Answer]:
    """The last answer to each topic that was really given, or what was said about it in words alone.

    The last that was said, not the last that was written down: a paper keyed in late does not hide what came after it.
    """
    given = (
        each
        for each in answers
        if each.kind == kind and (each.answer != AnswerValue.NOT_ASKED or (each.words and not each.answer))
    )
    return {each.topic: each for each in sorted(given, key=_when)}


def _when(fact: Answer | Choice) -> tuple[date, int]:
    return fact.said_on, fact.pk


def _reopened(answers: dict[str, Answer], events: list[Event]) -> dict[str, Event]:
    """Barriers that an event touched after their last answer, each with the latest such event."""
    known, found = life_events(), {}
    for event in events:
        for topic in known[event.kind].reopens if event.kind in known else ():
            answer = answers.get(topic)
            if answer is None or (answer.said_on, answer.recorded_at) <= (event.said_on, event.recorded_at):
                found[topic] = event
    return found


def _steps(person: Person, at: datetime, helped: dict[str, Answer]) -> list[Step]:
    versions = StepVersion.objects.filter(recorded_at__lte=at).select_related("recorded_by").order_by("version")
    steps = PlanStep.objects.filter(person=person, recorded_at__lte=at).prefetch_related(
        Prefetch("versions", queryset=versions, to_attr="until_then")
    )
    return [
        Step(step=each, now=each.until_then[-1], helped=helped.get(str(each.pk))) for each in steps if each.until_then
    ]
