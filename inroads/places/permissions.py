"""Named questions about a user and the plans of a place."""

from inroads.accounts.permissions import Permission, may
from inroads.accounts.queries import Somebody
from inroads.reference.models import Organisation

# Whoever holds one of these sees the plans of a place.
SEES_PLANS = (Permission.SEE_PICTURE, Permission.PLAN_STEPS)


def may_see_plans(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user may read the small steps and outreach plans of this organisation."""
    return any(may(user, permission, organisation) for permission in SEES_PLANS)


def may_plan(user: Somebody, organisation: Organisation) -> bool:
    """Whether this user may make and change the small steps and outreach plans of this organisation."""
    return may(user, Permission.PLAN_STEPS, organisation)
