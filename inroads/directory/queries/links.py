"""The link with which a touchpoint keeps its own page: a code, short enough to be copied, good until the next one."""

from inroads.accounts.codes import as_kept, hash_of, opening_code
from inroads.directory.models import Touchpoint


def token_of(touchpoint: Touchpoint) -> str:
    """What stands in the link of a touchpoint, and on a letter."""
    return opening_code("inroads.directory.link", f"{touchpoint.pk}:{touchpoint.link_number}")


def touchpoint_by_token(token: str) -> Touchpoint | None:
    """The touchpoint whose link this is; None for a wrong one, or one that was replaced."""
    code = as_kept(token)
    found = Touchpoint.objects.filter(link_hash=hash_of(code)) if code else Touchpoint.objects.none()
    return found.select_related("area", "organisation").first()
