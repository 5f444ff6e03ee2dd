"""Named questions about a reader and a release."""

from django.db.models import Q

from inroads.accounts.permissions import Permission, may
from inroads.accounts.queries import Somebody, highest_where
from inroads.reference.organisations import covers
from inroads.released.models import Release, State


def seen_by(user: Somebody) -> Q:
    """Releases of which this user may see something: open ones, and those around where they may see the picture."""
    seen = Q(state=State.OPEN)
    if not user.is_authenticated:
        return seen
    for place in highest_where(user, Permission.SEE_PICTURE):
        # Whoever sees the picture of a place sees its part of the release of the system above.
        above = [place.path[: end + 1] for end, letter in enumerate(place.path) if letter == "/" and end]
        seen |= Q(organisation__path__startswith=place.path) | Q(organisation__path__in=above)
    return seen


def may_see_part(user: Somebody, release: Release, area_code: str) -> bool:
    """Whether this user may see what a release says of an area: all of it, or the area that their own role covers.

    What is counted for the whole system only (barriers, staff, channels) is seen with either.
    """
    if release.state == State.OPEN:
        return True
    if not user.is_authenticated:
        return False
    for place in highest_where(user, Permission.SEE_PICTURE):
        if covers(place, release.organisation):
            return True
        if covers(release.organisation, place) and area_code and place.area_code == area_code:
            return True
    return False


def may_release(user: Somebody, release: Release) -> bool:
    """Whether this user may ask for this release to be opened, or agree to it."""
    return may(user, Permission.RELEASE_FIGURES, release.organisation)
