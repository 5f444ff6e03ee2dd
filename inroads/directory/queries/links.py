"""The link with which a touchpoint keeps its own page: signed, good until the next one is given."""

from django.core import signing

from inroads.directory.models import Touchpoint

SALT = "inroads.directory.link"


def token_of(touchpoint: Touchpoint) -> str:
    """What stands in the link of a touchpoint."""
    return signing.dumps([str(touchpoint.pk), touchpoint.link_number], salt=SALT)


def touchpoint_by_token(token: str) -> Touchpoint | None:
    """The touchpoint whose link this is; None for a wrong one, or one that was replaced."""
    try:
        identifier, number = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Touchpoint.objects.filter(pk=identifier, link_number=number)
    return found.select_related("area", "organisation").first()
