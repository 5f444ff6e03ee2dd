"""What changes in the cycles of a small step: plan, do, study and act, each written down in its turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import (
    LONGEST_AHEAD,
    ChangedMeanwhile,
    needed,
    not_to_come,
    note,
    refuse_outside,
)
from inroads.accounts.models import User
from inroads.design.wording import day
from inroads.places.actions.checks import require_planning
from inroads.places.models import Cycle, CycleEntry, Decision, GroupsKnown, Part, SmallStep
from inroads.places.queries.steps import ORDER, CycleStanding, Standing, standing_of

EMPTY = {
    Part.PLAN: "Say what you try, with whom, and what you expect",
    Part.DO: "Say what was done, and what was different from the plan",
    Part.STUDY: "Say what you learnt",
    Part.ACT: "Say why, and what comes next",
}


@dataclass(frozen=True)
class ByGroup:
    """How the measure stood for one group at the start, and stands now, in the unit of the measure."""

    group: str
    start: float
    now: float


@dataclass(frozen=True)
class Found:
    """What a study found: the measure with its interval, in how many cases, and by group where that is known."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    counted: int | None = None
    groups_known: str = ""
    by_group: Sequence[ByGroup] = ()


@transaction.atomic
def record_plan(*, step: SmallStep, seen: int, words: str, on: date, by: User) -> CycleEntry:
    """What is tried next: it begins a cycle. `seen` is what `Standing.seen` said before typing."""
    return _record(step, Part.PLAN, seen=seen, words=words, on=on, by=by)


@transaction.atomic
def record_do(*, step: SmallStep, seen: int, words: str, on: date, by: User) -> CycleEntry:
    """What was really done."""
    return _record(step, Part.DO, seen=seen, words=words, on=on, by=by)


@transaction.atomic
def record_study(*, step: SmallStep, seen: int, words: str, on: date, found: Found, by: User) -> CycleEntry:
    """What was learnt, with the measure and how it went by group, as far as they are known."""
    if found.value is None and (found.low is not None or found.by_group):
        raise Refused("Enter the measure for everybody as well", field="value")
    refuse_outside(found.value, found.low, found.high, field="low")
    known = GroupsKnown(found.groups_known) if found.groups_known else ""
    if known == GroupsKnown.YES and not found.by_group:
        raise Refused("Enter at least one group, or say that it is not known by group", field="groups_known")
    if known != GroupsKnown.YES and found.by_group:
        raise Refused("You entered groups. Say that it is known by group, or leave them empty", field="groups_known")
    rows = [{"group": each.group, "start": each.start, "now": each.now} for each in found.by_group]
    measured = {"value": found.value, "low": found.low, "high": found.high, "counted": found.counted}
    return _record(
        step, Part.STUDY, seen=seen, words=words, on=on, by=by, groups_known=known, by_group=rows, **measured
    )


@transaction.atomic
def record_act(*, step: SmallStep, seen: int, words: str, on: date, decision: str, by: User) -> CycleEntry:
    """What is decided: adopt, adapt, go on or abandon. It closes the cycle."""
    return _record(step, Part.ACT, seen=seen, words=words, on=on, by=by, decision=Decision(decision))


def _record(step: SmallStep, part: Part, *, seen: int, words: str, on: date, by: User, **more: Any) -> CycleEntry:
    """The part in its turn, or again while its cycle is open. Raises `ChangedMeanwhile`, `Refused`."""
    audit.hold()
    require_planning(by, step.organisation)
    standing = standing_of(step)
    if standing.seen != seen:
        raise ChangedMeanwhile(standing)
    number = _cycle_of(standing, part)
    if part != Part.PLAN:
        not_to_come(on, "This day")
    elif on > timezone.localdate() + LONGEST_AHEAD:
        raise Refused("The day it begins must be within a year. Enter an earlier day", field="on")
    if standing.cycles and standing.cycles[-1].number == number:
        _refuse_out_of_order(standing.cycles[-1], part, on)
    cycle, _ = Cycle.objects.get_or_create(step=step, number=number)
    made = CycleEntry.objects.create(
        cycle=cycle, part=part, on=on, words=needed(words, EMPTY[part], field="words"), recorded_by=by, **more
    )
    details = {"decision": str(made.decision)} if made.decision else {}
    note(f"cycle_{part}_recorded", step, step.organisation, by, cycle=number, **details)
    return made


def _refuse_out_of_order(cycle: CycleStanding, part: Part, on: date) -> None:
    """Raises `Refused` where a part would lie before the part before it, or after one that follows and stands there."""
    at = ORDER.index(part)
    for each in reversed(ORDER[:at]):
        if each in cycle.parts and on < cycle.parts[each].on:
            raise Refused(
                f"“{each.label}” of this cycle was on {day(cycle.parts[each].on)}. Enter that day or a later one, or "
                f"write “{each.label}” again first",
                field="on",
            )
    for each in ORDER[at + 1 :]:
        if each in cycle.parts and on > cycle.parts[each].on:
            raise Refused(
                f"“{each.label}” of this cycle was on {day(cycle.parts[each].on)}. Enter that day or an earlier one",
                field="on",
            )


def _cycle_of(standing: Standing, part: Part) -> int:
    """The number of the cycle in which this part may be written down now. Raises `Refused`."""
    if not standing.open:
        raise Refused("This step has ended, and stays as it was. Begin a new one")
    if standing.abandoned:
        raise Refused("The last decision was to abandon it. End the step, or begin a new one")
    current = standing.cycles[-1] if standing.cycles else None
    if current is None or current.whole:
        if part != Part.PLAN:
            raise Refused("Plan the next cycle first")
        return len(standing.cycles) + 1
    due = current.next
    if due is not None and ORDER.index(part) > ORDER.index(due):
        raise Refused(f"First comes “{due.label}” of cycle {current.number}")
    return current.number
