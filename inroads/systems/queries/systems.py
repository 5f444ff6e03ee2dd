"""Which systems somebody may see, and which one a page is about."""

from uuid import UUID

from django.db.models import QuerySet

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, organisations_where
from inroads.reference.models import Organisation
from inroads.systems.permissions import SYSTEMS


def systems_where(user: Somebody, permission: Permission) -> QuerySet[Organisation]:
    """Systems, and places within them, in which this user holds a permission."""
    return organisations_where(user, permission).filter(kind__in=SYSTEMS).order_by("name", "pk")


def system_of(user: Somebody, system: UUID, permission: Permission = Permission.SEE_SYSTEM) -> Organisation | None:
    """The system with this id, where this user holds the permission in it; else None."""
    return systems_where(user, permission).filter(pk=system).first()
