"""Named questions about a user and what a system keeps about itself."""

from inroads.accounts.permissions import Permission, held_in, may
from inroads.accounts.queries import Somebody
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import covers
from inroads.systems.models import Assessment, Invited, State

# What assesses itself: an integrated care system, or a place within one.
SYSTEMS = (Kind.ICS, Kind.PLACE)
# Whoever holds one of these finds something behind the door of this room.
ENTERS = (
    Permission.SEE_SYSTEM,
    Permission.REVIEW_ASSESSMENTS,
    Permission.READ_RETURNS,
    Permission.KEEP_RETURNS,
    Permission.SEE_LANDSCAPE,
)


def may_see_system(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user may see what is closed or handed in by this system: assessments, canvas, board reports."""
    return may(user, Permission.SEE_SYSTEM, organisation)


def is_inside(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user belongs to this system, and so sees what is not handed in yet.

    Whoever looks from above does not: what is written for somebody above is written to please them.
    """
    return any(place.kind in SYSTEMS and covers(place, organisation) for place in held_in(user, Permission.SEE_SYSTEM))


def may_assess(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user may fill in the self-assessment of this system."""
    return may(user, Permission.ASSESS, organisation)


def may_lead(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user may start, share out, hand in and close assessments of this system, and report to its board."""
    return may(user, Permission.LEAD_ASSESSMENT, organisation)


def may_keep_interviews(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user may keep interviews and stories of this system."""
    return may(user, Permission.KEEP_INTERVIEWS, organisation)


def is_reviewer(user: Somebody, assessment: Assessment) -> bool:
    """Whether this user was asked to review this assessment, and it was handed in, and they may review."""
    return (
        assessment.state != State.OPEN
        and may(user, Permission.REVIEW_ASSESSMENTS)
        and Invited.objects.filter(assessment=assessment, reviewer_id=user.pk, ended_at=None).exists()
    )


def may_see_assessment(user: Somebody, assessment: Assessment) -> bool:
    """Whether this user may read this assessment with its evidence."""
    if is_inside(user, assessment.organisation):
        return True
    handed_in = assessment.state != State.OPEN
    return (handed_in and may_see_system(user, assessment.organisation)) or is_reviewer(user, assessment)
