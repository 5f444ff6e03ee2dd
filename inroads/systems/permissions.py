"""Named questions about a user and what a system keeps about itself."""

from inroads.accounts.permissions import Permission, held_in, may, memberships_of, private_roles
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


def may_keep_returns(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user may load returns of this system, give them to readers and settle where those differ."""
    return may(user, Permission.KEEP_RETURNS, organisation)


def may_read_returns(user: Somebody, organisation: Organisation) -> bool:
    """Whether returns of this system may be given to this user to read."""
    return may(user, Permission.READ_RETURNS, organisation)


def may_compare(user: Somebody, organisation: Organisation | None) -> bool:
    """Whether this user may set voices side by side for this system; for England where it is None."""
    if organisation is not None:
        return may(user, Permission.ASSESS, organisation)
    return any(place.kind == Kind.ENGLAND for place in held_in(user, Permission.KEEP_RETURNS))


def may_keep_interviews(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user may keep interviews and stories of this system."""
    return may(user, Permission.KEEP_INTERVIEWS, organisation)


def is_close(place: Organisation, system: Organisation) -> bool:
    """Whether a role in this place is too close to a system for a peer: in it, above it, within it, or beside it.

    Beside it is another place of the same integrated care system. England is close to nobody: it is the same for all.
    """
    if place.kind == Kind.ENGLAND:
        return False
    return covers(place, system) or covers(system, place) or _ics_of(place) == _ics_of(system) != ""


def _ics_of(place: Organisation) -> str:
    """The part of its path that names its integrated care system; "" for England and regions."""
    line = place.path.strip("/").split("/")
    return line[2] if len(line) > 2 else ""


def is_peer(user: Somebody, system: Organisation) -> bool:
    """Whether this user may be asked to review this system: they may review, and have no role close to it.

    That somebody needs services there is nothing that whoever asks may learn, so it does not count.
    """
    private = private_roles()
    places = [each.organisation for each in memberships_of(user) if each.role not in private]
    return may(user, Permission.REVIEW_ASSESSMENTS) and not any(is_close(place, system) for place in places)


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


def reviews_system(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user was asked to review something that this system has handed in."""
    asked = Invited.objects.filter(assessment__organisation=organisation, reviewer_id=user.pk, ended_at=None)
    return may(user, Permission.REVIEW_ASSESSMENTS) and asked.exclude(assessment__state=State.OPEN).exists()


def may_keep_waves(user: Somebody) -> bool:
    """Whether this user may keep the waves of the landscape: they are of all of England."""
    return any(place.kind == Kind.ENGLAND for place in held_in(user, Permission.KEEP_RETURNS))
