"""What is read about evidence: which of it a user may see, until when it holds, and where it is used."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from inroads.accounts.permissions import Permission, may
from inroads.accounts.queries import Somebody
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, criteria_of, current, line_of
from inroads.reference.models import Organisation
from inroads.systems.models import Assessment, Evidence, EvidenceFile, Invited, Moved, State
from inroads.systems.permissions import is_inside, may_see_system
from inroads.systems.queries.assessments import framework_of, going_on, lines_in

SOON = timedelta(days=60)
RELATED = ("organisation", "recorded_by", "withdrawn_by")


def evidence_of(user: Somebody, organisation: Organisation) -> QuerySet[Evidence]:
    """The evidence of a system that this user may see.

    Inside it: all. From above, and for a reviewer: what lay beside an assessment that was handed in and that they may
    read. What was laid down after that was closed, or withdrawn before it was handed in, was never part of it.
    """
    rows = Evidence.objects.filter(organisation=organisation)
    if is_inside(user, organisation):
        return rows
    theirs = Assessment.objects.filter(organisation=organisation).exclude(state=State.OPEN)
    if not may_see_system(user, organisation):
        if not may(user, Permission.REVIEW_ASSESSMENTS):
            return rows.none()
        theirs = theirs.filter(pk__in=Invited.objects.filter(reviewer_id=user.pk, ended_at=None).values("assessment"))
    handed_in = Moved.objects.filter(
        assessment=OuterRef("pk"), state=State.SUBMITTED, recorded_at__lt=OuterRef(OuterRef("withdrawn_at"))
    )
    beside = theirs.filter(Q(locked_at=None) | Q(locked_at__gte=OuterRef("recorded_at")))
    return rows.filter(Q(withdrawn_at=None) & Exists(beside) | Exists(beside.filter(Exists(handed_in))))


def one_of(user: Somebody, evidence: UUID) -> Evidence | None:
    """The piece of evidence with this id, where this user may see it; else None."""
    found = Evidence.objects.select_related("organisation").filter(pk=evidence).first()
    if found is None:
        return None
    return evidence_of(user, found.organisation).select_related(*RELATED).filter(pk=evidence).first()


def file_of(user: Somebody, file: int) -> EvidenceFile | None:
    """A file beside evidence that this user may see; else None."""
    found = EvidenceFile.objects.select_related("evidence").filter(pk=file).first()
    return found if found is not None and one_of(user, found.evidence_id) is not None else None


def about(evidence: QuerySet[Evidence], *, criterion: str = "", soon: bool = False) -> QuerySet[Evidence]:
    """Those of one criterion, with what it replaced; those that run out soon or have run out."""
    if criterion:
        evidence = evidence.filter(criterion__in=line_of(criterion))
    if soon:
        evidence = evidence.filter(supports=True, withdrawn_at=None, expires_on__lte=timezone.localdate() + SOON)
    return evidence


def criteria_now(organisation: Organisation) -> tuple[Criterion, ...]:
    """The criteria to which evidence may be added: of the assessment that goes on, else of the current edition."""
    going = going_on(organisation)
    return criteria_of(framework_of(going) if going else current(timezone.localdate()))


def used_in(user: Somebody, evidence: Evidence) -> list[tuple[Assessment, Criterion]]:
    """The assessments beside which a piece of evidence lies, of those this user may read, with the criterion."""
    rows = Assessment.objects.filter(organisation=evidence.organisation).order_by("-recorded_at", "-pk")
    if not is_inside(user, evidence.organisation):
        rows = rows.exclude(state=State.OPEN)
        if not may_see_system(user, evidence.organisation):
            rows = rows.filter(reviewers__reviewer_id=user.pk, reviewers__ended_at=None)
    found = []
    for assessment in rows:
        leads_to = lines_in(framework_of(assessment))[evidence.criterion] if _there(evidence, assessment) else []
        found += [(assessment, criterion) for criterion in leads_to if evidence.element in criterion.elements()]
    return found


def element_title(criterion: str, element: str) -> tuple[str, str, int]:
    """What a criterion and an element are called, and the level; ids where a definition is gone."""
    known = load(Criterion).get(criterion)
    if known is None:
        return criterion, element, 0
    found = known.elements().get(element)
    return known.title, found.title if found else element, known.level_of(element) if found else 0


def _there(evidence: Evidence, assessment: Assessment) -> bool:
    """Whether it lies, or lay, beside this assessment."""
    at = assessment.locked_at
    if at is None:
        return evidence.withdrawn_at is None
    return evidence.recorded_at <= at and (evidence.withdrawn_at is None or evidence.withdrawn_at > at)
