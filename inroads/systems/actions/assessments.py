"""What changes about self-assessments: begun, shared out, claimed part by part. Nothing is overwritten."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile, needed, note, within_a_year
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Framework, current
from inroads.reference.models import Organisation
from inroads.systems.models import Assessment, Claimed, Part, State
from inroads.systems.models.assessments import LONGEST_TITLE
from inroads.systems.permissions import SYSTEMS, may_assess, may_lead
from inroads.systems.queries.assessments import (
    criterion_in,
    going_on,
    last_closed,
    latest_claim,
    lines_in,
    parts_of,
)

STAYS = "This assessment was handed in, and what is claimed in it stays as it is"


@transaction.atomic
def begin_assessment(
    *, organisation: Organisation, title: str, due_on: date, by: User, framework: str = ""
) -> Assessment:
    """A self-assessment against an edition of the framework, the current one unless another is named.

    It starts from the last one: what was claimed there is taken over and marked so; evidence belongs to the system and
    goes on by itself. Raises `Refused` where one is going on already.
    """
    audit.hold()
    if not may_lead(by, organisation):
        raise PermissionDenied("This system is not among those whose assessment you lead")
    if organisation.kind not in SYSTEMS:
        raise Refused("Only a system, or a place within one, assesses itself")
    if going_on(organisation) is not None:
        raise Refused("An assessment is going on already. Close it before the next one begins")
    edition = load(Framework).get(framework) if framework else current(timezone.localdate())
    if edition is None:
        raise Refused("There is no such edition of the framework", field="framework")
    after = last_closed(organisation)
    made = Assessment.objects.create(
        organisation=organisation,
        framework=edition.id,
        title=_title(title),
        after=after,
        due_on=within_a_year(due_on, "The day it is due", field="due_on"),
        recorded_by=by,
    )
    taken = _taken_over(made, edition, by) if after else []
    Claimed.objects.bulk_create(taken)
    note("assessment_begun", made, organisation, by, framework=edition.id, taken_over=len(taken))
    return made


@transaction.atomic
def give_part(*, assessment: Assessment, criterion: str, holder: User | None, by: User) -> Part | None:
    """Somebody looks after a part from now on, or nobody does. Given to whom it is with already, nothing changes."""
    audit.hold()
    _leads_or_refuse(assessment, by)
    return _give(assessment, criterion, holder, parts_of(assessment).get(criterion), by)


@transaction.atomic
def share_out(
    *, assessment: Assessment, holders: Mapping[str, User | None], seen: Mapping[str, User | None], by: User
) -> int:
    """Give many parts at once; `seen` is with whom each was before. Gives back how many were given to somebody else.

    Raises `ChangedMeanwhile` with who holds them now, where one of those that change was given to somebody else since.
    """
    audit.hold()
    _leads_or_refuse(assessment, by)
    parts = parts_of(assessment)
    changed = {name: holder for name, holder in holders.items() if holder != seen.get(name)}
    if any(_holder(parts.get(name)) not in (seen.get(name), holder) for name, holder in changed.items()):
        raise ChangedMeanwhile(parts)
    given = [_give(assessment, name, holder, parts.get(name), by) for name, holder in changed.items()]
    return len(given)


@transaction.atomic
def claim(*, assessment: Assessment, criterion: str, version: int, level: int, words: str, by: User) -> Claimed:
    """Say that a level of a criterion is reached, and why. Every claim before stays.

    `version` is the claim that was read before, 0 where there was none. Raises `ChangedMeanwhile` where somebody else
    was first. Saying the same again changes nothing, but a claim that was taken over is then one of this assessment.
    """
    audit.hold()
    found = _open_or_refuse(assessment, criterion, by)
    before = latest_claim(assessment, criterion)
    if (before.version if before else 0) != version:
        raise ChangedMeanwhile(before)
    if not 0 <= level <= len(found.levels):
        raise Refused(f"Choose a level from 0 to {len(found.levels)}", field="level")
    kept = needed(words, "Say why this level is reached", field="words") if level else tidy(words)
    if before is not None and not before.taken_over and (before.level, before.words) == (level, kept):
        return before
    made = Claimed.objects.create(
        assessment=assessment,
        criterion=criterion,
        version=version + 1,
        level=level,
        words=kept,
        dated=timezone.localdate(),
        recorded_by=by,
    )
    note(
        "level_claimed", assessment, assessment.organisation, by, criterion=criterion, level=level, version=version + 1
    )
    return made


@transaction.atomic
def finish_part(*, assessment: Assessment, criterion: str, by: User, finished: bool = True) -> Part:
    """Whoever looks after a part says that nothing more is coming, or that something is after all.

    A part that nobody looks after is then with whoever says so.
    """
    audit.hold()
    _open_or_refuse(assessment, criterion, by)
    part = parts_of(assessment).get(criterion)
    holder = _holder(part)
    if holder not in (None, by) and not may_lead(by, assessment.organisation):
        raise Refused(f"{holder.full_name} looks after this part. Ask them, or whoever leads the assessment")
    claimed = latest_claim(assessment, criterion)
    if finished and claimed is None:
        raise Refused("Nothing is claimed here yet. Say first which level it is; 0 is an answer too")
    if finished and claimed is not None and claimed.taken_over:
        raise Refused("What is claimed is from last time. Look at it, and save it again if it still holds")
    if part is not None and part.finished == finished:
        return part
    made = Part.objects.create(
        assessment=assessment, criterion=criterion, holder=holder or by, finished=finished, recorded_by=by
    )
    note("part_finished", assessment, assessment.organisation, by, criterion=criterion, finished=int(finished))
    return made


def _title(words: str) -> str:
    kept = needed(words, "Give the assessment a name", field="title")
    if len(kept) > LONGEST_TITLE:
        raise Refused(f"Use {LONGEST_TITLE} characters at most", field="title")
    return kept


def _taken_over(made: Assessment, edition: Framework, by: User) -> list[Claimed]:
    """What was claimed last time, where the criterion is still there or one with which it may be compared."""
    lines, last = lines_in(edition), {}
    for each in Claimed.objects.filter(assessment=made.after).order_by("version"):
        for criterion in lines[each.criterion]:
            last[criterion.id] = (criterion, each)
    return [
        Claimed(
            assessment=made,
            criterion=name,
            version=1,
            level=each.level,
            words=each.words,
            dated=each.dated,
            taken_over=True,
            recorded_by=by,
        )
        for name, (criterion, each) in last.items()
        if each.level <= len(criterion.levels)
    ]


def _holder(part: Part | None) -> User | None:
    return part.holder if part else None


def _give(assessment: Assessment, criterion: str, holder: User | None, part: Part | None, by: User) -> Part | None:
    if criterion_in(assessment, criterion) is None:
        raise Refused("This edition of the framework has no such criterion")
    if holder == _holder(part):
        return part
    if holder is not None and not may_assess(holder, assessment.organisation):
        raise Refused(f"{holder.full_name} may not fill in assessments here. Choose somebody else", field=criterion)
    made = Part.objects.create(assessment=assessment, criterion=criterion, holder=holder, recorded_by=by)
    note(
        "part_given", assessment, assessment.organisation, by, criterion=criterion, to=str(holder.pk if holder else "")
    )
    return made


def _leads_or_refuse(assessment: Assessment, by: User) -> None:
    if not may_lead(by, assessment.organisation):
        raise PermissionDenied("This assessment is not among those you lead")
    _refuse_unless_open(assessment)


def _open_or_refuse(assessment: Assessment, criterion: str, by: User) -> Criterion:
    if not may_assess(by, assessment.organisation):
        raise PermissionDenied("This assessment is not among those you fill in")
    _refuse_unless_open(assessment)
    found = criterion_in(assessment, criterion)
    if found is None:
        raise Refused("This edition of the framework has no such criterion")
    return found


def _refuse_unless_open(assessment: Assessment) -> None:
    """As it is kept now: what a page read may be older."""
    if Assessment.objects.values_list("state", flat=True).get(pk=assessment.pk) != State.OPEN:
        raise Refused(STAYS)
