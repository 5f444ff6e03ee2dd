"""What changes about voices side by side: a statement, its voices, and what was asked to explain a gap.

Nothing is overwritten: what was wrong is taken back, and what is right is added.
"""

from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import needed, not_to_come, note
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.design.charts.words import figure
from inroads.methods.triangulation import CAUSES
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.reference.models import Organisation
from inroads.reference.organisations import england
from inroads.systems.models import Comparison, Contrasted, Counted, Speaks
from inroads.systems.permissions import may_compare

# Fewer people than a count that is told: see docs/methods/disclosure.md, whose threshold is 7.
LEAST_PEOPLE = 8
# Of these a voice is made of people, and not of organisations.
OF_PEOPLE = (Speaks.STAFF, Speaks.PEOPLE, Speaks.RECORDS)
MOST_ASKED = 100_000_000
MOST_VOICES, MOST_CONTRASTS = 12, 30
TOO_FEW = (
    f"Enter a voice of {LEAST_PEOPLE} people or more. Of fewer, the others could guess who said what. Ask some more, "
    "or leave it out"
)
GONE = "Somebody took this back meanwhile. Go back to see what stands now"
T = TypeVar("T", Counted, Contrasted)


@dataclass(frozen=True)
class Told:
    """A voice as somebody tells it: the columns of `Counted`. `percent`: `said` is a percentage of those asked."""

    speaks: str
    name: str
    claim: bool
    said: float
    n: int
    asked: str
    on: date | None
    source: str
    percent: bool = False
    assumed: bool = False


@dataclass(frozen=True)
class Group:
    """One of two groups of a contrast: of `n` who were asked, `said` say that it is so."""

    name: str
    said: int
    n: int


@transaction.atomic
def set_side_by_side(
    *, organisation: Organisation | None, title: str, statement: str, criterion: str, by: User
) -> Comparison:
    """A statement on which voices are to be set side by side. Raises `Refused`."""
    audit.hold()
    require_comparing(by, organisation)
    if criterion and criterion not in load(Criterion):
        raise Refused("Choose a criterion of the framework, or none", field="criterion")
    made = Comparison.objects.create(
        organisation=organisation,
        title=needed(title, "Give it a name", field="title"),
        statement=needed(statement, "Say what is said to be so", field="statement"),
        criterion=criterion,
        recorded_by=by,
    )
    note("comparison_added", made, place_of(made), by, criterion=criterion)
    return made


@transaction.atomic
def take_comparison_back(*, comparison: Comparison, by: User) -> Comparison:
    """It is shown no more; what was written down stays in the database."""
    audit.hold()
    kept = _standing(comparison, by)
    kept.taken_back_at = timezone.now()
    kept.save(update_fields=("taken_back_at",))
    note("comparison_taken_back", kept, place_of(kept), by)
    return kept


@transaction.atomic
def add_voice(
    *,
    comparison: Comparison,
    speaks: str,
    name: str,
    claim: bool,
    said: float,
    n: int,
    asked: str,
    on: date | None,
    source: str,
    by: User,
    percent: bool = False,
    assumed: bool = False,
) -> Counted:
    """A voice: of `n` who were asked, `said` say so, as a number or as a percentage. Raises `Refused`."""
    audit.hold()
    kept = _standing(comparison, by)
    told = Told(speaks, name, claim, said, n, asked, on, source, percent, assumed)
    return _add_voice(kept, told, by)


@transaction.atomic
def change_voice(*, voice: Counted, by: User, **told: Any) -> Counted:
    """What was wrong is taken back, and the same voice is added as it is `told` now. Raises `Refused`."""
    audit.hold()
    kept = _kept(voice, by)
    _take_back(kept)
    return _add_voice(kept.comparison, Told(**told), by, changes=kept.pk)


@transaction.atomic
def take_voice_back(*, voice: Counted, by: User) -> Counted:
    """A voice is shown no more. Raises `Refused` where that happened already."""
    audit.hold()
    kept = _kept(voice, by)
    _take_back(kept)
    note("voice_taken_back", kept.comparison, place_of(kept.comparison), by, voice=kept.pk)
    return kept


@transaction.atomic
def add_contrast(
    *, comparison: Comparison, cause: str, within: str, more: Group, less: Group, source: str, by: User
) -> Contrasted:
    """Two groups alike in all but one thing: `more` are those whom this cause makes say "it is so" more often.

    cause
        One of `triangulation.CAUSES`: staff close to the work and far from it; asked by name and without; given the
        word alone and its meaning.

    Raises `Refused`.
    """
    audit.hold()
    kept = _standing(comparison, by)
    if cause not in CAUSES:
        raise Refused("Choose one of the three explanations")
    if kept.contrasts.filter(taken_back_at=None).count() >= MOST_CONTRASTS:
        raise Refused(f"{MOST_CONTRASTS} questions are kept at most. Take one back first")
    groups: dict[str, Any] = {}
    for field, group in (("more", more), ("less", less)):
        groups[f"{field}_name"] = needed(group.name, "Say who was asked", field=f"{field}_name")
        _refuse_odd_counts(group.said, group.n, people=True, whole=True, fields=(f"{field}_said", f"{field}_n"))
        groups |= {f"{field}_said": float(group.said), f"{field}_n": group.n}
    if groups["more_name"] == groups["less_name"]:
        raise Refused("The two groups are called the same. Call them differently", field="less_name")
    made = Contrasted.objects.create(
        comparison=kept,
        cause=cause,
        within=tidy(within),
        source=needed(source, "Say where the numbers come from", field="source"),
        recorded_by=by,
        **groups,
    )
    note("contrast_added", kept, place_of(kept), by, contrast=made.pk, cause=CAUSES.index(made.cause) + 1)
    return made


@transaction.atomic
def take_contrast_back(*, contrast: Contrasted, by: User) -> Contrasted:
    """What was asked is shown no more. Raises `Refused` where that happened already."""
    audit.hold()
    kept = _kept(contrast, by)
    _take_back(kept)
    note("contrast_taken_back", kept.comparison, place_of(kept.comparison), by, contrast=kept.pk)
    return kept


def _add_voice(comparison: Comparison, told: Told, by: User, changes: int | None = None) -> Counted:
    standing = comparison.voices.filter(taken_back_at=None)
    name = needed(told.name, "Say whose voice it is", field="name")
    source = needed(told.source, "Say where the numbers come from", field="source")
    if told.speaks not in Speaks:
        raise Refused("Choose whose voice it is", field="speaks")
    if standing.count() >= MOST_VOICES:
        raise Refused(f"{MOST_VOICES} voices are set side by side at most. Take one back first")
    if any(each.name.casefold() == name.casefold() for each in standing):
        raise Refused("There is a voice of this name already. Give it another", field="name")
    if told.claim and standing.filter(claim=True).exists():
        raise Refused("There is a claim already. Take it back first, or add this as a voice beside it", field="claim")
    if told.on is not None:
        not_to_come(told.on, "The day")
    people = told.speaks in OF_PEOPLE
    if told.percent:
        if not isfinite(told.said) or not 0 <= told.said <= 100:
            raise Refused("A percentage must be from 0 to 100", field="said")
        _refuse_odd_counts(0, told.n, people=people, fields=("said", "n"))
    else:
        _refuse_odd_counts(told.said, told.n, people=people, fields=("said", "n"))
    made = Counted.objects.create(
        comparison=comparison,
        speaks=told.speaks,
        name=name,
        claim=told.claim,
        said=share_of(told.said, told.n) if told.percent else float(told.said),
        n=told.n,
        assumed=told.assumed,
        asked=tidy(told.asked),
        on=told.on,
        source=worked_out(source, told.said, told.n) if told.percent else source,
        recorded_by=by,
    )
    note("voice_added", comparison, place_of(comparison), by, voice=made.pk, n=made.n, changes=changes)
    return made


def _refuse_odd_counts(said: float, n: int, *, people: bool, fields: tuple[str, str], whole: bool = False) -> None:
    if not 1 <= n <= MOST_ASKED:
        raise Refused(f"Enter how many were asked: 1 to {MOST_ASKED:,}", field=fields[1])
    if people and n < LEAST_PEOPLE:
        raise Refused(TOO_FEW, field=fields[1])
    if not isfinite(said) or said < 0 or (whole and said != int(said)):
        raise Refused("Enter how many said so: a whole number, 0 if nobody did", field=fields[0])
    if said > n:
        raise Refused(f"{figure(said)} say so, but only {n:,} were asked. Check both numbers", field=fields[0])


def share_of(percent: float, n: int) -> float:
    """How many of `n` a percentage is; need not be whole."""
    # Rounding may lift it above the number asked by a hair.
    return min(float(n), percent * n / 100)


def worked_out(source: str, percent: float, n: int) -> str:
    """A source that says that a number was worked out from a percentage."""
    return f"{source} ({percent:g}% of {n:,}, worked out from the percentage)"


def _take_back(row: Counted | Contrasted) -> None:
    row.taken_back_at = timezone.now()
    row.save(update_fields=("taken_back_at",))


def _kept(row: T, by: User) -> T:
    """The row as it stands. Raises `Refused` where it was taken back."""
    kept = type(row).objects.select_related("comparison__organisation").get(pk=row.pk)
    _standing(kept.comparison, by)
    if kept.taken_back_at is not None:
        raise Refused(GONE)
    return kept


def _standing(comparison: Comparison, by: User) -> Comparison:
    """The comparison as it stands, where this user may change it. Published figures stay as they were published."""
    kept = Comparison.objects.select_related("organisation").get(pk=comparison.pk)
    require_comparing(by, kept.organisation)
    if kept.definition:
        raise Refused("Published figures stay as they were published. Begin a comparison of your own")
    if kept.taken_back_at is not None:
        raise Refused(GONE)
    return kept


def require_comparing(by: User, organisation: Organisation | None) -> None:
    """Raises `PermissionDenied` unless this user sets voices side by side for this system, or for England."""
    if not may_compare(by, organisation):
        raise PermissionDenied("You do not set voices side by side here")


def place_of(comparison: Comparison) -> Organisation:
    """Where a change of it is written down."""
    return comparison.organisation or england()
