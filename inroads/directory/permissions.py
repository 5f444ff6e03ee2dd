"""Named questions about a reader or an editor and a touchpoint."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, may
from inroads.accounts.queries import Somebody, highest_where
from inroads.directory.models import Touchpoint
from inroads.reference.organisations import around


@dataclass(frozen=True)
class ByLink:
    """Whoever holds the link of one touchpoint: they have no account, and may change this touchpoint alone."""

    touchpoint: Touchpoint


Editor = User | ByLink


def may_edit(editor: Editor | Somebody, touchpoint: Touchpoint) -> bool:
    """Whether this editor may change what stands in the directory about this touchpoint."""
    if isinstance(editor, ByLink):
        return editor.touchpoint.pk == touchpoint.pk
    if may(editor, Permission.KEEP_DIRECTORY, touchpoint.area):
        return True
    return touchpoint.organisation is not None and may(editor, Permission.OFFER_HELP, touchpoint.organisation)


def touchpoints_visible_to(user: Somebody) -> QuerySet[Touchpoint]:
    """All that are open to everybody, and the private ones around those who work with people there or keep them."""
    return Touchpoint.objects.filter(seen_by(user))


def seen_by(user: Somebody, prefix: str = "") -> Q:
    """`touchpoints_visible_to` as a condition; `prefix` leads to the touchpoint, such as "touchpoint__"."""
    seen = Q(**{f"{prefix}private": False})
    if not user.is_authenticated:
        return seen
    for permission in (Permission.WORK_WITH_PEOPLE, Permission.KEEP_DIRECTORY):
        for place in highest_where(user, permission):
            wide = around(place) if permission == Permission.WORK_WITH_PEOPLE else place
            seen |= Q(**{f"{prefix}area__path__startswith": wide.path})
    for own in highest_where(user, Permission.OFFER_HELP):
        seen |= Q(**{f"{prefix}organisation__path__startswith": own.path})
    return seen


def touchpoints_edited_by(user: Somebody) -> QuerySet[Touchpoint]:
    """Those this user may change."""
    inside = Q(pk__in=())
    for place in highest_where(user, Permission.KEEP_DIRECTORY):
        inside |= Q(area__path__startswith=place.path)
    for own in highest_where(user, Permission.OFFER_HELP):
        inside |= Q(organisation__path__startswith=own.path)
    return Touchpoint.objects.filter(inside)
