"""What is read about small steps: where each stands, what it still lacks before it may be scaled, and of which gap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from inroads.accounts.queries import Somebody
from inroads.directory.models import Touchpoint
from inroads.directory.permissions import touchpoints_visible_to
from inroads.places.models import Cycle, CycleEntry, Decision, GapKind, GroupsKnown, Part, SmallStep, SmallStepVersion
from inroads.places.queries.plans import organisations_seen
from inroads.reference.models import Organisation

ORDER = tuple(Part)


@dataclass(frozen=True)
class CycleStanding:
    """One cycle: the entry of each part that holds, by part, and those that held before."""

    number: int
    parts: dict[str, CycleEntry]
    earlier: tuple[CycleEntry, ...]

    @property
    def whole(self) -> bool:
        """Whether all four parts are written down."""
        return len(self.parts) == len(ORDER)

    @property
    def next(self) -> Part | None:
        """The part that comes next; None once it was decided."""
        return next((part for part in ORDER if part not in self.parts), None)

    @property
    def study(self) -> CycleEntry | None:
        """What was found, if anything was studied yet."""
        return self.parts.get(Part.STUDY)

    @property
    def decision(self) -> str:
        """What was decided; "" before that."""
        act = self.parts.get(Part.ACT)
        return act.decision if act else ""


@dataclass(frozen=True)
class Standing:
    """A step with everything about it. `seen` counts what was written down in its cycles: a page says which it saw."""

    step: SmallStep
    versions: tuple[SmallStepVersion, ...]
    cycles: tuple[CycleStanding, ...]
    seen: int

    @property
    def now(self) -> SmallStepVersion:
        """The version that holds."""
        return self.versions[-1]

    @property
    def open(self) -> bool:
        """Whether it still goes on."""
        return self.step.ended_at is None

    @property
    def abandoned(self) -> bool:
        """Whether the last decision was to stop trying this."""
        return bool(self.cycles) and self.cycles[-1].decision == Decision.ABANDON

    @property
    def due(self) -> tuple[int, Part] | None:
        """Number of the cycle and the part that come next; None where nothing does."""
        if not self.open or self.abandoned:
            return None
        if not self.cycles or self.cycles[-1].whole:
            return len(self.cycles) + 1, Part.PLAN
        part = self.cycles[-1].next
        return (self.cycles[-1].number, part) if part else None

    def may_write(self, part: Part) -> bool:
        """Whether a part may be written down now: the one that comes next, or again one of the open cycle."""
        if self.due is None:
            return False
        due = self.due[1]
        return part == due or (due != Part.PLAN and ORDER.index(part) < ORDER.index(due))

    def overdue(self, on: date) -> bool:
        """Whether the review should have been by this day."""
        return self.open and self.now.review_on < on


def steps_visible_to(user: Somebody) -> QuerySet[SmallStep]:
    """Steps of the organisations whose plans this user may read."""
    return SmallStep.objects.filter(organisation__in=organisations_seen(user)).select_related("organisation")


def step_of(user: Somebody, number: UUID) -> SmallStep | None:
    """One step that this user may read, or None."""
    return steps_visible_to(user).filter(pk=number).first()


def standings(steps: QuerySet[SmallStep]) -> list[Standing]:
    """Where each of these steps stands; as many questions to the database for many steps as for one."""
    found = steps.select_related("organisation", "recorded_by", "scaled_by", "ended_by").prefetch_related(
        "versions__recorded_by", "cycles__entries__recorded_by"
    )
    return [_standing(each) for each in found]


def standing_of(step: SmallStep) -> Standing:
    """Where one step stands."""
    return standings(SmallStep.objects.filter(pk=step.pk))[0]


def steps_here(
    user: Somebody, organisations: Iterable[Organisation], *, gap_kind: str = "", gap_code: str = ""
) -> list[Standing]:
    """Steps of these organisations that this user may read, the next review first; of one gap if it is named."""
    found = steps_visible_to(user).filter(organisation__in=[each.pk for each in organisations])
    if gap_kind and gap_code:
        found = found.filter(gap_kind=gap_kind, gap_code=gap_code)
    return sorted(standings(found), key=lambda each: (not each.open, each.now.review_on, each.step.recorded_at))


def steps_of_gap(user: Somebody, kind: GapKind | str, code: str) -> list[Standing]:
    """What is or was tried for one gap, wherever this user may read it: from the gap to what changed."""
    return standings(steps_visible_to(user).filter(gap_kind=kind, gap_code=code))


def hidden_gaps(user: Somebody, steps: Iterable[SmallStep]) -> frozenset[str]:
    """Codes of the touchpoints these steps are for that are private now, and not among those this user may see."""
    codes = {each.gap_code for each in steps if each.gap_kind == GapKind.TOUCHPOINT and each.gap_code}
    if not codes:
        return frozenset()
    hidden = Touchpoint.objects.filter(pk__in=codes, private=True).exclude(pk__in=touchpoints_visible_to(user))
    return frozenset(str(each) for each in hidden.values_list("pk", flat=True))


def nearer(now: SmallStepVersion, value: float, start: float | None = None) -> bool | None:
    """Whether a value is on the target's side of the start (that of the measure unless given); None where unknown."""
    begun = now.at_start if start is None else start
    if begun is None or now.at_start is None or now.target == now.at_start:
        return None
    return (value - begun) * (now.target - now.at_start) > 0


def groups_worse(standing: Standing) -> list[str]:
    """Groups that came off worse than at the start, each as the latest whole cycle found that looked at it."""
    studied = [each.study for each in standing.cycles if each.whole and each.study]
    latest = {row["group"]: row for study in studied for row in study.by_group}
    moved = [row for row in latest.values() if row["now"] != row["start"]]
    return [row["group"] for row in moved if nearer(standing.now, row["now"], row["start"]) is False]


def evidence(standing: Standing) -> CycleEntry | None:
    """The study of the last whole cycle that has a value of the measure: it says whether a step may be scaled."""
    studied = [each.study for each in standing.cycles if each.whole and each.study and each.study.value is not None]
    return studied[-1] if studied else None


def holds_start(now: SmallStepVersion, study: CycleEntry | None) -> bool:
    """Whether the interval of a study holds the value at the start, so that what changed may be chance."""
    if study is None or study.low is None or study.high is None or now.at_start is None:
        return False
    return study.low <= now.at_start <= study.high


def may_be_chance(standing: Standing) -> bool:
    """Whether that which speaks for scaling a step may be chance."""
    return holds_start(standing.now, evidence(standing))


def missing_to_scale(standing: Standing) -> list[str]:
    """What a step lacks before it may be scaled, each in a sentence that says what to do; empty where nothing does.

    It needs a whole cycle whose study has a value of the measure, to be set against the start. The last of them counts,
    whatever those before it found; it says how it went by group, or that this is not known.
    """
    if not standing.open:
        return ["This step has ended. Begin a new one"]
    if standing.step.scaled_at is not None:
        return ["This step was scaled already. What comes next is a step of its own"]
    if standing.abandoned:
        return ["The last decision was to abandon it. End it, or begin a new step"]
    now, lacks = standing.now, []
    if now.at_start is None:
        lacks.append("The measure has no value at the start. Change the step and enter it, to see what changed")
    if not any(each.whole for each in standing.cycles):
        return [*lacks, "No cycle is whole yet. Plan, do and study one, and write down what was decided"]
    study = evidence(standing)
    if study is None or study.value is None:
        return [*lacks, "No whole cycle has a measured value. Measure it in the study of the next cycle"]
    last = "The last whole cycle with a measured value"
    if not by_group_said(study):
        lacks.append(f"{last} does not say how it went by group. Say it in the next, or say there that it is not known")
    if now.at_start is not None and not nearer(now, study.value):
        lacks.append(f"{last} found the measure no nearer to its target than at the start. Adapt it and try again")
    return lacks


def by_group_said(study: CycleEntry) -> bool:
    """Whether a study says how it went by group, or that nobody knows."""
    return study.groups_known == GroupsKnown.NO or bool(study.by_group)


def _standing(step: SmallStep) -> Standing:
    cycles = [_cycle(each) for each in step.cycles.all()]
    seen = sum(len(each.parts) + len(each.earlier) for each in cycles)
    return Standing(step, tuple(step.versions.all()), tuple(cycles), seen)


def _cycle(cycle: Cycle) -> CycleStanding:
    parts: dict[str, CycleEntry] = {}
    earlier = []
    for entry in cycle.entries.all():
        if entry.part in parts:
            earlier.append(parts[entry.part])
        parts[entry.part] = entry
    return CycleStanding(cycle.number, parts, tuple(earlier))
