"""Peer review: who may be asked, what a reviewer reads, what was said of it, and what is open before handing in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from inroads.accounts.models import Membership, User
from inroads.accounts.permissions import Permission, may, private_roles, roles_with
from inroads.accounts.queries import Somebody
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Framework, criteria_of, line_of
from inroads.reference.models import Kind, Organisation
from inroads.systems.models import (
    Assessment,
    Coding,
    Evidence,
    EvidenceFile,
    Invited,
    Moved,
    ReviewedEvidence,
    State,
)
from inroads.systems.permissions import is_close, is_reviewer, may_lead
from inroads.systems.queries.assessments import parts_of
from inroads.systems.queries.interviews import Shown, quotes_visible_to
from inroads.systems.queries.needles import Standing, standings_of

# While an assessment is in one of these, reviewers say what they see.
UNDER_REVIEW = (State.SUBMITTED, State.REVIEWED)


class From(IntEnum):
    """From how far away a peer comes, the farthest first."""

    ANOTHER_REGION = 1
    ENGLAND = 2
    SAME_REGION = 3


@dataclass(frozen=True)
class Peer:
    """Somebody who may be asked to review, and where they do so."""

    user: User
    organisation: Organisation
    comes_from: From


@dataclass(frozen=True)
class Unready:
    """What somebody should see before an assessment is handed in. Nothing of it forbids that.

    unclaimed, not_looked_at, above_evidence
        Criteria without a claim, with one that was taken over and that nobody looked at, and with one above its
        evidence.
    expired
        Criteria with the evidence that no longer counts, as its time is over.
    unfinished
        Criteria of which whoever looks after them did not say that nothing more is coming, with that person.
    """

    unclaimed: tuple[Criterion, ...]
    not_looked_at: tuple[Criterion, ...]
    above_evidence: tuple[Standing, ...]
    expired: tuple[tuple[Criterion, tuple[Evidence, ...]], ...]
    unfinished: tuple[tuple[Criterion, User], ...]


def assessment_led(user: Somebody, assessment: UUID) -> Assessment | None:
    """The assessment with this id where this user leads it, else None."""
    found = _found(assessment)
    return found if found and may_lead(user, found.organisation) else None


def assessment_reviewed(user: Somebody, assessment: UUID) -> Assessment | None:
    """The same where this user was asked to review it, and it was handed in."""
    found = _found(assessment)
    return found if found and is_reviewer(user, found) else None


def asked_of(user: Somebody) -> list[Invited]:
    """What this user is asked to review, what can be read first; each invitation with `handed_in_at`.

    What is not handed in yet is among them, so that they know; they see nothing of it before.
    """
    if not may(user, Permission.REVIEW_ASSESSMENTS):
        return []
    rows = (
        Invited.objects.filter(reviewer_id=user.pk, ended_at=None)
        .select_related("assessment__organisation")
        .annotate(
            handed_in_at=Max("assessment__moves__recorded_at", filter=Q(assessment__moves__state=State.SUBMITTED))
        )
    )
    order = (State.SUBMITTED, State.REVIEWED, State.OPEN, State.LOCKED)
    return sorted(rows, key=lambda each: (order.index(State(each.assessment.state)), each.assessment.due_on, each.pk))


def peers_for(system: Organisation, words: str = "") -> list[Peer]:
    """Who may be asked to review this system, those from another region first; `words` are of a name or a place.

    Asks the database twice, however many there are.
    """
    holding = roles_with(Permission.REVIEW_ASSESSMENTS)
    roles: defaultdict[UUID, list[Membership]] = defaultdict(list)
    reviewers = Membership.objects.active().filter(role__in=holding)
    for each in (
        Membership.objects.active()
        .exclude(role__in=private_roles())
        .filter(user__in=reviewers.values("user_id"))
        .select_related("organisation", "user")
    ):
        roles[each.user_id].append(each)
    found = []
    for held in roles.values():
        if any(is_close(each.organisation, system) for each in held):
            continue
        best = min(
            (each for each in held if each.role in holding),
            key=lambda each: (_comes_from(each.organisation, system), each.organisation.name),
        )
        found.append(Peer(best.user, best.organisation, _comes_from(best.organisation, system)))
    wanted = words.casefold().split()
    chosen = [
        each
        for each in found
        if all(word in f"{each.user.full_name} {each.organisation.name}".casefold() for word in wanted)
    ]
    return sorted(
        chosen, key=lambda each: (each.comes_from, each.organisation.name, each.user.full_name, str(each.user.pk))
    )


def invitations(assessment: Assessment) -> QuerySet[Invited]:
    """Who was asked to review an assessment, with those whose review ended."""
    return assessment.reviewers.select_related("reviewer")


def moves_of(assessment: Assessment) -> list[Moved]:
    """How an assessment changed its state, in order."""
    return list(assessment.moves.select_related("recorded_by"))


def handed_in_at(assessment: Assessment) -> datetime | None:
    """When it was last handed in; None where it never was."""
    last = assessment.moves.filter(state=State.SUBMITTED).last()
    return last.recorded_at if last else None


def has_finished(user: Somebody, assessment: Assessment) -> bool:
    """Whether this reviewer said their word on the whole since it was last handed in."""
    for move in reversed(moves_of(assessment)):
        if move.state == State.SUBMITTED:
            return False
        if move.state == State.REVIEWED and move.recorded_by_id == user.pk:
            return True
    return False


def piece_here(assessment: Assessment, evidence: UUID) -> tuple[Standing, Evidence] | None:
    """Evidence that touches the edition of this assessment, with the criterion beside which it lies; else None."""
    row = Evidence.objects.filter(pk=evidence, organisation=assessment.organisation_id).first()
    if row is None:
        return None
    for criterion in criteria_in(assessment):
        if row.criterion in line_of(criterion.id):
            (standing,) = standings_of(assessment, only=criterion.id)
            for piece in standing.evidence:
                if piece.pk == row.pk:
                    return standing, piece
    return None


def files_of(pieces: Iterable[Evidence]) -> dict[UUID, list[EvidenceFile]]:
    """The files beside these pieces of evidence, without their content."""
    found: defaultdict[UUID, list[EvidenceFile]] = defaultdict(list)
    for each in EvidenceFile.objects.filter(evidence__in=[piece.pk for piece in pieces]).defer("content"):
        found[each.evidence_id].append(each)
    return found


def verdicts_in(assessment: Assessment) -> dict[UUID, dict[UUID, ReviewedEvidence]]:
    """What was said of evidence in this assessment, by evidence and reviewer; the latest of each holds."""
    found: defaultdict[UUID, dict[UUID, ReviewedEvidence]] = defaultdict(dict)
    for each in assessment.evidence_reviews.select_related("recorded_by").order_by("pk"):
        found[each.evidence_id][each.recorded_by_id] = each
    return found


def passages_of(pieces: Iterable[Evidence]) -> dict[UUID, Coding]:
    """The passages of returns on which evidence stands, by id: each with `said`, and `title`, that of the return."""
    wanted = {piece.passage_id for piece in pieces if piece.passage_id}
    if not wanted:
        return {}
    rows = Coding.objects.filter(pk__in=wanted).annotate(
        said=Substr("passage__of__text", F("start") + 1, F("end") - F("start")), title=F("passage__of__title")
    )
    return {each.pk: each for each in rows}


def quotes_behind(user: Somebody, assessment: Assessment, pieces: Iterable[Evidence]) -> dict[UUID, Shown]:
    """The quotes on which evidence stands that this reader may see today, as far as whoever said them agrees."""
    wanted = [piece.quote_id for piece in pieces if piece.quote_id]
    if not wanted:
        return {}
    found = quotes_visible_to(user, assessment.organisation, only=wanted, most=len(wanted))
    return {each.quote.pk: each for each in found}


def unanswered(assessment: Assessment) -> list[Criterion]:
    """Criteria of which a reviewer had the last word, in the order of the framework."""
    last = {each.criterion: each.from_reviewer for each in assessment.remarks.order_by("pk")}
    return [each for each in criteria_in(assessment) if last.get(each.id)]


def criteria_in(assessment: Assessment) -> tuple[Criterion, ...]:
    """The criteria of the edition against which it is made, in their order."""
    return criteria_of(load(Framework)[assessment.framework])


def unready(assessment: Assessment, standings: list[Standing]) -> Unready:
    """What is open in an assessment before it is handed in, in the order of the framework."""
    today = timezone.localdate()
    parts = parts_of(assessment)
    expired = [
        (
            each.criterion,
            # What denies something has no end.
            tuple(
                piece for piece in each.evidence if piece.supports and piece.expires_on and piece.expires_on <= today
            ),
        )
        for each in standings
    ]
    held = [(each.criterion, parts[each.criterion.id]) for each in standings if each.criterion.id in parts]
    return Unready(
        unclaimed=tuple(each.criterion for each in standings if each.claim is None),
        not_looked_at=tuple(each.criterion for each in standings if each.claim and each.claim.taken_over),
        above_evidence=tuple(each for each in standings if (each.level.claimed or 0) > each.level.evidenced),
        expired=tuple((criterion, pieces) for criterion, pieces in expired if pieces),
        unfinished=tuple(
            (criterion, part.holder) for criterion, part in held if part.holder is not None and not part.finished
        ),
    )


def _found(assessment: UUID) -> Assessment | None:
    return Assessment.objects.select_related("organisation", "after").filter(pk=assessment).first()


def _comes_from(place: Organisation, system: Organisation) -> From:
    if place.kind == Kind.ENGLAND:
        return From.ENGLAND
    return From.SAME_REGION if _region(place) == _region(system) else From.ANOTHER_REGION


def _region(organisation: Organisation) -> str:
    """The part of its path that names its region; "" for England."""
    return [*organisation.path.strip("/").split("/"), ""][1]


def laid_down_late(assessment: Assessment, found: Iterable[Standing]) -> list[tuple[Criterion, Evidence]]:
    """Evidence that counts and was laid down after the assessment was handed in: no reviewer was asked about it."""
    handed_in = assessment.moves.filter(state=State.SUBMITTED).order_by("-pk").first()
    if handed_in is None:
        return []
    return [
        (each.criterion, piece)
        for each in found
        for piece in each.evidence
        if piece.recorded_at > handed_in.recorded_at and piece.supports and piece.pk not in each.not_shown
    ]
