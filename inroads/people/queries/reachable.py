"""How somebody reaches us: a line for every message, letter and page, because "tell us" needs a number."""

from django.conf import settings

from inroads.directory.models import Touchpoint
from inroads.reference.models import Organisation
from inroads.reference.organisations import line_of


def how_to_reach(organisation: Organisation) -> str:
    """The organisation with the phone number or email that stands in the directory for it, or for one above it.

    Without one there, what this deployment says of itself; without that, its name alone.
    """
    line = line_of(organisation)
    found = {
        each.organisation_id: each.phone or each.email
        for each in Touchpoint.objects.filter(organisation__in=line, private=False).order_by("-created_at", "pk")
        if each.phone or each.email
    }
    said = next((found[each.pk] for each in reversed(line) if each.pk in found), settings.CONTACT)
    return f"{organisation.name}, {said}" if said else organisation.name
