"""What changes about small steps: begun, changed, scaled with evidence, ended. Nothing is overwritten."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import (
    ChangedMeanwhile,
    needed,
    note,
    refuse_outside,
    within_a_year,
)
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.places.actions.checks import require_planning
from inroads.places.models import GapKind, Money, Paid, SmallStep, SmallStepVersion, WhyEnded
from inroads.places.queries.plans import named
from inroads.places.queries.steps import Standing, groups_worse, may_be_chance, missing_to_scale, standing_of
from inroads.reference.models import Organisation

WAYS_TO_DESIGN = {
    "in_person": "In person",
    "phone": "By phone",
    "paper": "On paper",
    "video": "By video",
    "online": "By email or online",
    "through_others": "Through somebody they trust",
}
# What a study is compared with: fields and what they are called.
COMPARED = {"measure": "What is measured", "unit": "The unit", "at_start": "The start", "target": "The target"}


class NotYet(Refused):
    """A step that may not be scaled; `missing` says in sentences what it lacks."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("This cannot be scaled yet. " + ". ".join(missing))
        self.missing = missing


@dataclass(frozen=True)
class Gap:
    """What caused a step, as it stood that day.

    `which` is a code or a name, found within the area; `value` with `low` and `high` is the figure, and `figure` says
    what it counts.
    """

    kind: str
    which: str
    words: str
    figure: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Details:
    """What a step is: the columns of `SmallStepVersion`, whose units hold here too."""

    title: str
    goal: str
    shared_with: str
    measure: str
    counted_how: str
    target: float
    owner: str
    starts_on: date
    review_on: date
    unit: str = ""
    at_start: float | None = None
    owner_organisation: str = ""
    money: int | None = None
    money_kind: str = ""
    money_from: str = ""
    money_until: date | None = None
    designed_with: int | None = None
    designed_how: tuple[str, ...] = ()
    designed_paid: str = ""
    designed_words: str = ""


@transaction.atomic
def add_small_step(*, organisation: Organisation, gap: Gap, details: Details, by: User) -> SmallStep:
    """A step for a gap, with an owner, a measure and a review. Raises `Refused`."""
    audit.hold()
    require_planning(by, organisation)
    kind = GapKind(gap.kind)
    called = named(kind, gap.which, organisation.area_code)
    if called is None:
        raise Refused(_not_found(kind, organisation), field="gap_which")
    _refuse_odd_figure(gap)
    step = SmallStep.objects.create(
        organisation=organisation,
        area_code=organisation.area_code,
        gap_kind=kind,
        gap_code=called.code,
        gap_title=called.title[:200],
        gap_words=needed(gap.words, "Say in a few words what the gap is", field="gap_words"),
        gap_figure=tidy(gap.figure),
        gap_value=gap.value,
        gap_low=gap.low,
        gap_high=gap.high,
        gap_on=timezone.localdate(),
        recorded_by=by,
    )
    _add_version(step, 1, _kept(details, before=None), by)
    note("small_step_added", step, organisation, by, gap_kind=str(kind), gap_code=called.code)
    return step


@transaction.atomic
def change_small_step(*, step: SmallStep, version: int, details: Details, by: User) -> SmallStepVersion:
    """The step as it is from now on; every earlier version stays. Saving the same again changes nothing.

    Raises `ChangedMeanwhile` when `version` is not the latest, and `Refused` where something was studied already and
    that with which it is compared would be another.
    """
    audit.hold()
    standing = _open_or_refuse(step, by)
    before = standing.now
    if before.version != version:
        raise ChangedMeanwhile(before)
    kept = _kept(details, before=before)
    if all(getattr(before, name) == value for name, value in kept.items()):
        return before
    if any(each.study for each in standing.cycles):
        _refuse_other_comparison(before, kept)
    made = _add_version(step, before.version + 1, kept, by)
    note("small_step_changed", step, step.organisation, by, version=made.version)
    return made


@transaction.atomic
def scale(*, step: SmallStep, words: str, by: User, for_whom_worse: str = "", scaled_although: str = "") -> SmallStep:
    """Take a step further, only with evidence. `words` say where it goes next.

    Raises `NotYet`, which says what is missing; where a group came off worse, asks what is done for them; and where
    what was found may be chance, asks in `scaled_although` why it is scaled all the same.
    """
    audit.hold()
    require_planning(by, step.organisation)
    standing = standing_of(step)
    if missing := missing_to_scale(standing):
        raise NotYet(missing)
    worse = groups_worse(standing)
    if worse and not tidy(for_whom_worse):
        raise Refused(
            f"It got worse for: {', '.join(worse)}. Say what you do for them before it is scaled",
            field="for_whom_worse",
        )
    chance = may_be_chance(standing)
    if chance and not tidy(scaled_although):
        raise Refused("Say why you scale it although it may be chance", field="scaled_although")
    kept = standing.step
    kept.scaled_words = needed(words, "Say where it goes next, and how", field="words")
    kept.for_whom_worse = tidy(for_whom_worse)
    kept.scaled_although = tidy(scaled_although) if chance else ""
    kept.scaled_at, kept.scaled_by = timezone.now(), by
    kept.save(update_fields=("scaled_words", "for_whom_worse", "scaled_although", "scaled_at", "scaled_by"))
    note("small_step_scaled", kept, kept.organisation, by, cycles=len(standing.cycles), groups_worse=len(worse))
    return kept


@transaction.atomic
def end_small_step(*, step: SmallStep, because: str, words: str, by: User) -> SmallStep:
    """A step is over; `words` say what changed, whatever it was. It stays to be read beside its gap."""
    audit.hold()
    kept = _open_or_refuse(step, by).step
    kept.ended_because = WhyEnded(because)
    kept.ended_words = needed(words, "Say what changed, or that nothing did", field="words")
    kept.ended_at, kept.ended_by = timezone.now(), by
    kept.save(update_fields=("ended_because", "ended_words", "ended_at", "ended_by"))
    note("small_step_ended", kept, kept.organisation, by, because=str(kept.ended_because))
    return kept


def _open_or_refuse(step: SmallStep, by: User) -> Standing:
    require_planning(by, step.organisation)
    standing = standing_of(step)
    if not standing.open:
        raise Refused("This step has ended, and stays as it was. Begin a new one")
    return standing


def _refuse_other_comparison(before: SmallStepVersion, kept: dict) -> None:
    """What was studied was compared with the start as it stood; a start that nobody knew may be added."""
    for field, called in COMPARED.items():
        was = getattr(before, field)
        if kept[field] != was and not (field == "at_start" and was is None):
            raise Refused(
                f"{called} can no longer change, as something was studied already. To measure it otherwise, begin "
                "another small step",
                field=field,
            )


def _not_found(kind: GapKind, organisation: Organisation) -> str:
    return {
        GapKind.NEIGHBOURHOOD: f"We find no single neighbourhood of {organisation.name} that is called so. Enter its "
        "code or its whole name",
        GapKind.GROUP: "We know no group of people that is called so. Enter its name as it stands on pages of places",
        GapKind.BARRIER: "We know no barrier that is called so. Enter its name as it stands in a conversation",
        GapKind.TOUCHPOINT: "We find no single touchpoint in the open directory that is called so. Enter its "
        "whole name. A private one is never named in a plan",
        GapKind.STAGE: "Say which stage of which pathway",
    }[kind]


def _refuse_odd_figure(gap: Gap) -> None:
    if gap.value is None and (gap.low is not None or gap.figure.strip()):
        raise Refused("Enter the figure itself as well", field="gap_value")
    if gap.value is not None and not gap.figure.strip():
        raise Refused("Say what the figure counts", field="gap_figure")
    refuse_outside(gap.value, gap.low, gap.high, field="gap_low")


def _kept(details: Details, *, before: SmallStepVersion | None) -> dict:
    """What a version holds. Raises `Refused`; a day that was kept before may lie in the past by now."""
    kept = {name: tidy(value) if isinstance(value, str) else value for name, value in asdict(details).items()}
    for field, sentence in (
        ("title", "Give the step a name"),
        ("goal", "Say what is to be better in the end"),
        ("shared_with", "Say with whom the goal is shared"),
        ("measure", "Say what is measured"),
        ("counted_how", "Say how it is counted, and by whom"),
        ("owner", "Enter who looks after it"),
    ):
        needed(kept[field], sentence, field=field)
    if details.at_start is not None and details.at_start == details.target:
        raise Refused("The target is what there was at the start. Enter another", field="target")
    if before is None or details.review_on != before.review_on:
        within_a_year(details.review_on, "The review", field="review_on")
    if details.review_on < details.starts_on:
        raise Refused("The review comes before the start. Enter a later day", field="review_on")
    if details.money is None and (kept["money_kind"] or kept["money_from"] or details.money_until):
        raise Refused("Enter how much money it is, in whole pounds. 0 if none", field="money")
    if details.money and not (kept["money_kind"] and kept["money_from"]):
        missing = "money_from" if kept["money_kind"] else "money_kind"
        raise Refused("Say from whom the money comes, and whether it is capital or revenue", field=missing)
    kept["money_kind"] = Money(kept["money_kind"]) if kept["money_kind"] else ""
    kept["designed_paid"] = Paid(kept["designed_paid"]) if kept["designed_paid"] else ""
    kept["designed_how"] = [way for way in WAYS_TO_DESIGN if way in details.designed_how]
    return kept


def _add_version(step: SmallStep, number: int, kept: dict, by: User) -> SmallStepVersion:
    return SmallStepVersion.objects.create(step=step, version=number, recorded_by=by, **kept)
