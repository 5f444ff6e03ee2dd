"""Handing in, peer review and closing of an assessment. Every change of its state is a row that stays."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import needed, note
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.systems.models import (
    Assessment,
    Evidence,
    Invited,
    Moved,
    Remark,
    Result,
    ReviewedEvidence,
    State,
    Verdict,
)
from inroads.systems.permissions import is_inside, is_peer, is_reviewer, may_assess, may_lead
from inroads.systems.queries.assessments import criterion_in
from inroads.systems.queries.needles import as_result, standings_of
from inroads.systems.queries.reviewing import UNDER_REVIEW, has_finished, piece_here

LOCKED = "This assessment is closed, and stays as it is"


@transaction.atomic
def invite_reviewer(*, assessment: Assessment, reviewer: User, by: User) -> Invited:
    """Ask a peer of another system to review. They see the assessment from when it is handed in. Raises `Refused`."""
    audit.hold()
    kept = _led_or_refuse(assessment, by)
    if not is_peer(reviewer, kept.organisation):
        raise Refused(
            "Choose somebody who may review and who has no role in this system, in its region or within it",
            field="reviewer",
        )
    if kept.reviewers.filter(reviewer=reviewer, ended_at=None).exists():
        raise Refused("This person was asked already", field="reviewer")
    made = Invited.objects.create(assessment=kept, reviewer=reviewer, recorded_by=by)
    note("reviewer_invited", kept, kept.organisation, by, reviewer=str(reviewer.pk))
    return made


@transaction.atomic
def end_invitation(*, invitation: Invited, by: User) -> Invited:
    """A reviewer is no longer asked, and sees the assessment no more. What they said stays, and still counts."""
    audit.hold()
    kept = Invited.objects.select_related("assessment__organisation").get(pk=invitation.pk)
    _lead_or_deny(kept.assessment, by)
    if kept.ended_at is not None:
        raise Refused("This review has ended already")
    kept.ended_at = timezone.now()
    kept.save(update_fields=("ended_at",))
    note("review_ended", kept.assessment, kept.assessment.organisation, by, reviewer=str(kept.reviewer_id))
    return kept


@transaction.atomic
def hand_in(*, assessment: Assessment, words: str, by: User) -> Moved:
    """Hand an assessment in, whatever is still open in it. From now on it is seen from above, and by its reviewers."""
    audit.hold()
    kept = _led_or_refuse(assessment, by)
    if kept.state != State.OPEN:
        raise Refused("This assessment was handed in already")
    return _move(kept, State.SUBMITTED, tidy(words), by)


@transaction.atomic
def reopen(*, assessment: Assessment, words: str, by: User) -> Moved:
    """Take back what was handed in, with a reason. Reviewers read on once it is handed in again."""
    audit.hold()
    kept = _led_or_refuse(assessment, by)
    if kept.state == State.OPEN:
        raise Refused("This assessment is being filled in already")
    return _move(kept, State.OPEN, needed(words, "Say why it is opened again", field="words"), by)


@transaction.atomic
def review_evidence(
    *, assessment: Assessment, evidence: Evidence, verdict: str, words: str, by: User
) -> ReviewedEvidence:
    """What a reviewer sees in a piece of evidence; the latest of each reviewer holds.

    Words are needed but where it shows what it is said to show. Raises `Refused`.
    """
    audit.hold()
    kept = _reviewed_or_refuse(assessment, by)
    if piece_here(kept, evidence.pk) is None:
        raise Refused("This evidence is no longer part of the assessment")
    said = Verdict(verdict)
    why = tidy(words)
    if said != Verdict.SHOWS:
        sentences = {
            Verdict.UNCLEAR: "Say what should be added, so that one can tell",
            Verdict.NOT_SHOWN: "Say why it does not show this",
        }
        why = needed(words, sentences[said], field="words")
    made = ReviewedEvidence.objects.create(assessment=kept, evidence=evidence, verdict=said, words=why, recorded_by=by)
    note("evidence_reviewed", evidence, kept.organisation, by, verdict=str(said))
    return made


@transaction.atomic
def remark(*, assessment: Assessment, criterion: str, words: str, by: User) -> Remark:
    """Say something about a criterion: as a reviewer of the assessment, or as the system in answer."""
    audit.hold()
    kept = _now(assessment)
    reviewer = is_reviewer(by, kept)
    if not reviewer and not (may_assess(by, kept.organisation) and is_inside(by, kept.organisation)):
        raise PermissionDenied("You neither review this assessment nor belong to the system")
    if reviewer:
        _reviewed_or_refuse(kept, by)
    if kept.state == State.LOCKED:
        raise Refused(LOCKED)
    if criterion_in(kept, criterion) is None:
        raise Refused("This criterion is not part of the assessment")
    said = needed(words, "Write what you want to say", field="words")
    made = Remark.objects.create(
        assessment=kept, criterion=criterion, from_reviewer=reviewer, words=said, recorded_by=by
    )
    note("assessment_remarked", kept, kept.organisation, by, criterion=criterion, from_reviewer=int(reviewer))
    return made


@transaction.atomic
def finish_review(*, assessment: Assessment, words: str, by: User) -> Moved:
    """A reviewer says what they see in the whole. The first one makes it reviewed; others may follow. Once for each."""
    audit.hold()
    kept = _reviewed_or_refuse(assessment, by)
    if has_finished(by, kept):
        raise Refused("You have said your word on the whole since it was handed in")
    return _move(kept, State.REVIEWED, needed(words, "Say what you see in the whole", field="words"), by)


@transaction.atomic
def close(*, assessment: Assessment, words: str, by: User) -> Moved:
    """Close an assessment for ever, and keep where its needles stood. Without a review only with a reason."""
    audit.hold()
    kept = _led_or_refuse(assessment, by)
    if kept.state == State.OPEN:
        raise Refused("Hand it in first. Then it can be reviewed and closed")
    reviewed = kept.state == State.REVIEWED
    said = tidy(words) if reviewed else needed(words, "Say why it is closed without a review", field="words")
    kept.locked_at = timezone.now()
    move = _move(kept, State.LOCKED, said, by)
    Result.objects.bulk_create(as_result(kept, each) for each in standings_of(kept))
    return move


def _now(assessment: Assessment) -> Assessment:
    """As it is now: others may have changed it since it was read."""
    return Assessment.objects.select_related("organisation").get(pk=assessment.pk)


def _led_or_refuse(assessment: Assessment, by: User) -> Assessment:
    kept = _now(assessment)
    _lead_or_deny(kept, by)
    if kept.state == State.LOCKED:
        raise Refused(LOCKED)
    return kept


def _lead_or_deny(assessment: Assessment, by: User) -> None:
    if not may_lead(by, assessment.organisation):
        raise PermissionDenied("This assessment is not among those you lead")


def _reviewed_or_refuse(assessment: Assessment, by: User) -> Assessment:
    kept = _now(assessment)
    if not is_reviewer(by, kept):
        raise PermissionDenied("This assessment is not among those you review")
    if not is_peer(by, kept.organisation):
        raise Refused("You have a role in this system now, so somebody else has to review it")
    if kept.state not in UNDER_REVIEW:
        raise Refused(LOCKED)
    return kept


def _move(assessment: Assessment, state: State, words: str, by: User) -> Moved:
    before, assessment.state = assessment.state, state
    assessment.save(update_fields=("state", "locked_at"))
    move = Moved.objects.create(assessment=assessment, state=state, words=words, recorded_by=by)
    note("assessment_moved", assessment, assessment.organisation, by, before=str(before), state=str(state))
    return move
