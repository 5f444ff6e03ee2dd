"""What an editor works on: the services of a touchpoint, and organisations that say nothing of themselves yet."""

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, organisations_where
from inroads.directory.models import OVER, RUNNING, Service, Touchpoint
from inroads.reference.models import Kind, Organisation

MOST = 20


def services_of(touchpoint: Touchpoint) -> list[Service]:
    """What it helps with, those that are over or are the same as another left out, by name."""
    found = touchpoint.services.filter(same_as=None, status__in=RUNNING).select_related("touchpoint__area")
    return list(found.prefetch_related("tags", "openings", "at_locations__location", "touchpoint__reach"))


def ended_of(touchpoint: Touchpoint) -> list[Service]:
    """What it helped with once, the latest first."""
    return list(touchpoint.services.filter(status__in=OVER, same_as=None).order_by("-modified_at", "pk")[:MOST])


def organisations_without(user: Somebody) -> list[Organisation]:
    """Organisations for which this user speaks that stand in the directory under no name yet."""
    mine = organisations_where(user, Permission.OFFER_HELP).filter(
        active=True, kind__in=(Kind.PROVIDER, Kind.TEAM, Kind.VOLUNTARY)
    )
    known = Touchpoint.objects.filter(organisation__in=mine).values("organisation")
    return list(mine.exclude(pk__in=known)[:MOST])
