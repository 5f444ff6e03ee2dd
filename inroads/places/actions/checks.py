"""What every change of a plan asks first."""

from django.core.exceptions import PermissionDenied

from inroads.accounts.models import User
from inroads.places.permissions import may_plan
from inroads.reference.models import Organisation


def require_planning(by: User, organisation: Organisation) -> None:
    """Raises `PermissionDenied` unless this user makes the plans of this organisation."""
    if not may_plan(by, organisation):
        raise PermissionDenied("This place is not among those you plan for")
