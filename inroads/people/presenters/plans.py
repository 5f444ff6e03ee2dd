"""How a plan is said on a page and on paper."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from inroads.people.models import Answer, AnswerValue, HelpAtTime, PartOfDay, StepStatus
from inroads.people.presenters.conversations import topic_title
from inroads.people.queries.matching import ForBarrier, Suggestion, by_barrier
from inroads.people.queries.record import Record, Step
from inroads.reference.definitions.conversation import barriers

HELPED = {
    AnswerValue.YES: "It helped",
    AnswerValue.A_BIT: "It helped a bit",
    AnswerValue.NO: "It did not help",
    AnswerValue.NOT_ASKED: "Not asked",
    AnswerValue.PREFER_NOT: "They prefer not to say",
}
# Hours at which each part of the day begins.
BEGINS = (
    (2, PartOfDay.SMALL_HOURS),
    (5, PartOfDay.EARLY),
    (8, PartOfDay.MORNING),
    (12, PartOfDay.AFTERNOON),
    (17, PartOfDay.EVENING),
    (22, PartOfDay.NIGHT),
)
TO_DO = (StepStatus.PLANNED, StepStatus.DONE)


def part_of_day(at: datetime) -> PartOfDay:
    """The part of the day or night in which a moment lies, here."""
    hour = timezone.localtime(at).hour
    return next((part for begins, part in reversed(BEGINS) if hour >= begins), PartOfDay.NIGHT)


def helped(answer: Answer | None) -> str:
    """Whether a step helped, in words; "" where nobody has asked."""
    return HELPED[AnswerValue(answer.answer)] if answer is not None else ""


@dataclass(frozen=True)
class StepLine:
    """A step as a page shows it. `late` says in words since when it is overdue, "" where it is not."""

    step: Step
    title: str
    status: str
    late: str
    helped: str


@dataclass(frozen=True)
class PartLine:
    """A part of the day or night with what helps then; `now` where it is that time."""

    label: str
    helps: list[HelpAtTime]
    now: bool


@dataclass(frozen=True)
class Suggested:
    """What may help with one barrier. `planned` are the keys of suggestions of a kind that is in the plan already."""

    title: str
    shown: ForBarrier
    planned: frozenset[str]


# Where one goes straight on from a suggestion, and how that is called.
DOORS = {
    "digital_mentor": ("people:person_mentors", "Find a mentor"),
    "device_loan": ("people:loans", "Lend something"),
    "device_swap": ("people:loans", "Swap what they have"),
    "data_sim": ("people:loans", "Lend something"),
}


@dataclass(frozen=True)
class PlanPage:
    """What the page of a plan says. Every list may be empty."""

    review_on: date
    review_late: str
    open: list[StepLine]
    nothing_yet: list[StepLine]
    over: list[StepLine]
    suggested: list[Suggested]
    parts: list[PartLine]


def plan_page(record: Record, found: list[Suggestion], *, at: datetime) -> PlanPage:
    """The plan as it stood at the moment of the record, seen at a moment of the same day."""
    today = timezone.localdate(at)
    lines = [step_line(step, today) for step in record.steps]
    review_on = review_day(record)
    return PlanPage(
        review_on=review_on,
        review_late=late(review_on, today),
        open=[line for line in lines if line.step.now.status == StepStatus.PLANNED],
        nothing_yet=[line for line in lines if line.step.now.status == StepStatus.NOTHING_YET],
        over=[line for line in lines if line.step.now.status in (StepStatus.DONE, StepStatus.STOPPED)],
        suggested=[_suggested(each, record) for each in by_barrier(found)],
        parts=parts(record, at=at),
    )


def review_day(record: Record) -> date:
    """When the plan is looked at again, as of the record's moment."""
    return record.review.review_on if record.review else record.person.due_on


def step_line(step: Step, today: date) -> StepLine:
    """A step as a page shows it on a day."""
    now = step.now
    overdue = late(now.due_on, today) if step.is_overdue(today) and now.due_on else ""
    title = topic_title(step.step.barrier) if step.step.barrier else ""
    return StepLine(step, title, StepStatus(now.status).label, overdue, helped(step.helped))


def late(day: date, today: date) -> str:
    """How long ago a day was, in words; "" where it has not passed."""
    days = (today - day).days
    if days <= 0:
        return ""
    return "1 day overdue" if days == 1 else f"{days} days overdue"


def parts(record: Record, *, at: datetime) -> list[PartLine]:
    """The six parts of day and night with what helps in each."""
    now = part_of_day(at)
    return [
        PartLine(part.label, [each for each in record.help_at_times if each.part == part], part == now)
        for part in PartOfDay
    ]


def _suggested(shown: ForBarrier, record: Record) -> Suggested:
    planned = {(step.step.help, step.step.barrier) for step in record.steps if step.now.status == StepStatus.PLANNED}
    keys = {
        each.key
        for each in [*shown.first, *shown.more]
        if each.help and any((each.help, barrier) in planned for barrier in each.barriers)
    }
    return Suggested(topic_title(shown.barrier), shown, frozenset(keys))


def said_why(found: Suggestion) -> str:
    """All reasons for a suggestion as one sentence, as it is kept with a step."""
    said = "; ".join(found.because)
    return said[:1].upper() + said[1:]


def proposed(found: Suggestion) -> str:
    """What a step made of a suggestion says before somebody says it better."""
    if barriers()[found.barrier].alone:
        return ""  # others may read a plan: whoever writes this finds words that give nothing away
    if found.private:
        return "Ask at the place we spoke about"
    if found.is_nothing_yet:
        return f"Keep looking for what helps with: {topic_title(found.barrier)}"
    parts = [found.title, found.where, found.open_when, found.phone]
    return ". ".join(part.rstrip(".") for part in parts if part)


def plan_paper(record: Record) -> dict:
    """The plan for the printed page: what is to do or done, help by hour, what was not found yet.

    Others may read it, so what somebody told us only when they were alone is left out.
    """
    steps = [step for step in record.steps if not is_private(step)]
    return {
        "review_on": review_day(record),
        "steps": [
            {
                "number": number,
                "step": step.step.pk,
                "what": step.now.what,
                "because": step.step.because,
                "owner": step.now.owner,
                "due_on": step.now.due_on,
                "status": StepStatus(step.now.status).label,
            }
            for number, step in enumerate(_to_do(steps), 1)
        ],
        "times": [
            {"when": part.label, "what": each.what, "who": each.who}
            for part in parts(record, at=record.moment)
            for each in part.helps
        ],
        "nothing_yet": [step.now.what for step in steps if step.now.status == StepStatus.NOTHING_YET],
    }


def script_paper(record: Record) -> dict:
    """The script for a phone call about the plan. Whoever listens in learns nothing that was said alone."""
    name = record.person.known_as
    return {
        "opening": [
            f"Ask for {name}. Do not say to anybody else what the call is about.",
            "Is this a good time? Can you talk where you are?",
            "I would like to ask how your plan is going. You can skip any question, or stop.",
        ],
        "questions": [
            {"number": number, "step": step.step.pk, "prompt": f"Has it helped: {step.now.what}?"}
            for number, step in enumerate(_to_do([step for step in record.steps if not is_private(step)]), 1)
        ],
        "answers": [{"value": str(value), "label": label} for value, label in AnswerValue.choices],
    }


def is_private(step: Step) -> bool:
    """Whether the step is for something that is talked about only when alone, or leads to a private place."""
    known = barriers().get(step.step.barrier)
    return step.step.private or (known is not None and known.alone)


def _to_do(steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.now.status in TO_DO]
