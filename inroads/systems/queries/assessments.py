"""What is read about self-assessments: those a user may read, who looks after which part, and what was remarked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from inroads.accounts.models import Membership, User
from inroads.accounts.permissions import Permission, roles_with
from inroads.accounts.queries import Somebody
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Framework, criteria_of, line_of
from inroads.reference.models import Organisation
from inroads.reference.organisations import covers
from inroads.systems.models import Assessment, Claimed, Part, Remark, ReviewedEvidence, State
from inroads.systems.permissions import is_inside, may_see_assessment, may_see_system
from inroads.systems.queries.needles import Standing


@dataclass(frozen=True)
class Progress:
    """How far an assessment is: `looked_at` are claims made in it, `taken_over` those that nobody has looked at yet."""

    of: int
    looked_at: int
    taken_over: int
    finished: int

    @property
    def claimed(self) -> int:
        """How many parts have a claim at all."""
        return self.looked_at + self.taken_over


def assessments_of(user: Somebody, organisation: Organisation) -> QuerySet[Assessment]:
    """The assessments of this system that this user may read, the newest first.

    Whoever looks from above sees those that were handed in.
    """
    rows = Assessment.objects.filter(organisation=organisation).select_related("recorded_by", "organisation", "after")
    if not is_inside(user, organisation):
        rows = rows.exclude(state=State.OPEN) if may_see_system(user, organisation) else rows.none()
    return rows.order_by("-recorded_at", "-pk")


def assessment_of(user: Somebody, assessment: UUID) -> Assessment | None:
    """The assessment with this id, where this user may read it; else None."""
    related = ("organisation", "recorded_by", "after")
    found = Assessment.objects.select_related(*related).filter(pk=assessment).first()
    return found if found is not None and may_see_assessment(user, found) else None


def going_on(organisation: Organisation) -> Assessment | None:
    """The assessment of this system that is not closed yet, None where there is none."""
    return Assessment.objects.filter(organisation=organisation).exclude(state=State.LOCKED).first()


def last_closed(organisation: Organisation) -> Assessment | None:
    """The assessment from which the next one starts."""
    return Assessment.objects.filter(organisation=organisation, state=State.LOCKED).order_by("-locked_at").first()


def framework_of(assessment: Assessment) -> Framework:
    """The edition against which it is made."""
    return load(Framework)[assessment.framework]


def criterion_in(assessment: Assessment, criterion: str) -> Criterion | None:
    """The criterion of its edition with this id; None where the edition has none."""
    return next((each for each in criteria_of(framework_of(assessment)) if each.id == criterion), None)


def lines_in(framework: Framework) -> defaultdict[str, list[Criterion]]:
    """To which criteria of an edition a criterion leads, by id: itself, or those that replaced it."""
    lines: defaultdict[str, list[Criterion]] = defaultdict(list)
    for each in criteria_of(framework):
        for before in line_of(each.id):
            lines[before].append(each)
    return lines


def assessors_of(organisation: Organisation) -> list[User]:
    """The people who may fill in a part of an assessment of this system, by name."""
    holding = roles_with(Permission.ASSESS)
    held = Membership.objects.active().filter(role__in=holding).select_related("user", "organisation")
    people = {each.user_id: each.user for each in held if covers(each.organisation, organisation)}
    return sorted(people.values(), key=lambda each: (each.full_name, each.email))


def parts_of(assessment: Assessment) -> dict[str, Part]:
    """Who looks after which criterion: the part that holds, by criterion."""
    return {each.criterion: each for each in assessment.parts.select_related("holder").order_by("pk")}


def latest_claim(assessment: Assessment, criterion: str) -> Claimed | None:
    """The claim that holds for a criterion."""
    rows = assessment.claims.filter(criterion=criterion).select_related("recorded_by")
    return rows.order_by("-version").first()


def claims_before(assessment: Assessment, criterion: str) -> list[Claimed]:
    """What was claimed for a criterion in this assessment before, the latest first."""
    rows = assessment.claims.filter(criterion=criterion).select_related("recorded_by")
    return list(rows.order_by("-version")[1:])


def progress_of(standings: Iterable[Standing], parts: dict[str, Part]) -> Progress:
    """How many of its parts have a claim, and how many are finished."""
    found = list(standings)
    claims = [each.claim for each in found if each.claim is not None]
    return Progress(
        of=len(found),
        looked_at=sum(not each.taken_over for each in claims),
        taken_over=sum(each.taken_over for each in claims),
        finished=sum(each.criterion.id in parts and parts[each.criterion.id].finished for each in found),
    )


def remarks_of(assessment: Assessment, criterion: str) -> list[Remark]:
    """What a reviewer said about a criterion, and the system in answer, in this order."""
    return list(assessment.remarks.filter(criterion=criterion).select_related("recorded_by").order_by("pk"))


def verdicts_on(evidence: Iterable[UUID], at: datetime | None = None) -> dict[UUID, list[ReviewedEvidence]]:
    """What reviewers say of evidence, the last word of each, by evidence; as of a moment, where one is given."""
    rows = ReviewedEvidence.objects.filter(evidence__in=list(evidence)).select_related("recorded_by").order_by("pk")
    if at is not None:
        rows = rows.filter(recorded_at__lte=at)
    last = {(row.evidence_id, row.recorded_by_id): row for row in rows}
    found: defaultdict[UUID, list[ReviewedEvidence]] = defaultdict(list)
    for row in last.values():
        found[row.evidence_id].append(row)
    return dict(found)
