"""What is read about plans: one step with its history, and plans that are due for a look."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from inroads.accounts.queries import Somebody
from inroads.people.models import Answer, AnswerKind, HelpAtTime, Person, PlanStep, StepStatus, StepVersion
from inroads.people.queries.records import PAGE, organisations_of, people_visible_to


def step_of(person: Person, number: int) -> PlanStep | None:
    """A step of this person's plan, or None."""
    return PlanStep.objects.filter(person=person, pk=number).select_related("person__organisation").first()


def versions_of(step: PlanStep) -> list[StepVersion]:
    """The step as it was at each time, the latest first."""
    return list(step.versions.select_related("recorded_by").order_by("-version"))


def helped_answers(step: PlanStep) -> list[Answer]:
    """Everything that was said about whether the step helped, the latest first."""
    said = Answer.objects.filter(person=step.person_id, kind=AnswerKind.HELPED, topic=str(step.pk))
    return list(said.order_by("-pk"))


def help_at_time_of(person: Person, number: int) -> HelpAtTime | None:
    """One line of what helps this person at an hour, or None."""
    return HelpAtTime.objects.filter(person=person, pk=number).first()


@dataclass(frozen=True)
class DuePlan:
    """Somebody whose plan is due for a look, how many days ago that was, and how many of its steps are overdue."""

    person: Person
    days: int
    steps_overdue: int


@dataclass(frozen=True)
class DuePlans:
    """A page of plans that are due, the longest overdue first; `more` is the last person's id where others follow."""

    plans: list[DuePlan]
    more: UUID | None


def due_plans(user: Somebody, *, on: date | None = None, after: UUID | None = None) -> DuePlans:
    """Plans of the people this user works with that are due for a look, from behind the person `after`."""
    on = on or timezone.localdate()
    found = Person.objects.filter(organisation__in=organisations_of(user), due_on__lte=on)
    found = found.select_related("organisation").order_by("due_on", "pk")
    last = people_visible_to(user).filter(pk=after).first() if after else None
    if last is not None:
        found = found.filter(Q(due_on__gt=last.due_on) | Q(due_on=last.due_on, pk__gt=last.pk))
    people = list(found[: PAGE + 1])
    shown = people[:PAGE]
    overdue = _steps_overdue(shown, on)
    plans = [DuePlan(each, (on - each.due_on).days, overdue.get(each.pk, 0)) for each in shown]
    return DuePlans(plans, shown[-1].pk if len(people) > PAGE else None)


def _steps_overdue(people: list[Person], on: date) -> dict[UUID, int]:
    versions = StepVersion.objects.filter(step__person__in=people).order_by("step", "version")
    rows = versions.values_list("step", "step__person", "status", "due_on")
    latest = {step: (person, status, due_on) for step, person, status, due_on in rows}
    counted: dict[UUID, int] = {}
    for person, status, due_on in latest.values():
        if status == StepStatus.PLANNED and due_on is not None and due_on < on:
            counted[person] = counted.get(person, 0) + 1
    return counted
