"""What somebody may do, and where: the names, and the questions asked of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser

from inroads.accounts.models import Membership, User
from inroads.reference.definitions import DefinitionError, load
from inroads.reference.definitions.roles import Role
from inroads.reference.models import Organisation
from inroads.reference.organisations import covers


class Permission(StrEnum):
    """Everything that can be permitted. `sentence` is what people read."""

    sentence: str

    def __new__(cls, name: str, sentence: str) -> "Permission":
        member = str.__new__(cls, name)
        member._value_ = name
        member.sentence = sentence
        return member

    SEE_OWN_ACCOUNT = "see_own_account", "See your own account and your roles."
    SEE_OWN_CHOICES = (
        "see_own_choices",
        "See and change your own choices, or those of somebody who trusts you with them.",
    )
    WORK_WITH_PEOPLE = "work_with_people", "Add people, hold conversations, record choices and plans with them."
    OFFER_HELP = "offer_help", "Say what your organisation can help with, and what it can take on."
    KEEP_DIRECTORY = (
        "keep_directory",
        "Keep the directory of your place: load feeds, settle what is listed twice, keep touchpoints private.",
    )
    LEND = "lend", "Keep the lending stock of your organisation, and lend from it."
    KEEP_MENTORS = "keep_mentors", "Say who the mentors and champions of your organisation are, and for whom."
    REVIEW_APPS = "review_apps", "Review apps and platforms: for whom they are safe, and until when that holds."
    DESIGN_PATHWAYS = "design_pathways", "Draw the pathways of your services and publish them."
    SEE_PICTURE = (
        "see_picture",
        "See what conversations found in your place, as counts that hide small numbers.",
    )
    RELEASE_FIGURES = (
        "release_figures",
        "Ask that figures leave your organisation, and agree to it where somebody else asked.",
    )
    PLAN_STEPS = "plan_steps", "Plan where to listen next in your place, and what to try there."
    SEE_SYSTEM = "see_system", "See the assessment, the canvas, leadership and board reports of your system."
    ASSESS = "assess", "Fill in the self-assessment of your system: what you claim, and what shows it."
    LEAD_ASSESSMENT = (
        "lead_assessment",
        "Start the self-assessment of your system, share it out, hand it in, and report to the board.",
    )
    REVIEW_ASSESSMENTS = (
        "review_assessments",
        "Read the evidence of another system that asks you to, and say what you see.",
    )
    READ_RETURNS = "read_returns", "Read returns that were given to you, and say where they speak of a criterion."
    KEEP_RETURNS = (
        "keep_returns",
        "Load returns, give each to two readers, settle where they differ, and keep the waves of the landscape.",
    )
    KEEP_INTERVIEWS = "keep_interviews", "Keep interviews and stories of your system, as far as people agreed."
    SEE_LANDSCAPE = "see_landscape", "See where all systems below you stand, each with how sure that is."
    SEE_PEOPLE_WHO_SIGN_IN = "see_people_who_sign_in", "See who signs in, and in which roles."
    MANAGE_MEMBERSHIPS = "manage_memberships", "Add people, give and end roles, stop and restart accounts."
    SEE_AUDIT_TRAIL = "see_audit_trail", "Read the trail of what was seen and changed."
    VERIFY_AUDIT_TRAIL = "verify_audit_trail", "Check that nobody changed the audit trail afterwards."


# Someone whose last role has ended can still see and secure their own account.
EVERYONE = frozenset({Permission.SEE_OWN_ACCOUNT})
# What `asked_once` has asked, by user and day; None outside of it.
_asked: ContextVar[dict[tuple[Any, date | None], tuple[Membership, ...]] | None] = ContextVar("asked", default=None)


def roles() -> dict[str, Role]:
    """All roles by id, from `definitions/roles/`. Raises `DefinitionError` for a permission that does not exist."""
    found = load(Role)
    names = {str(permission) for permission in Permission}
    for role in found.values():
        for name in role.permissions:
            if name not in names:
                raise DefinitionError(
                    f"definitions/roles/{role.id}.toml: field 'permissions': '{name}' is not a permission; "
                    f"expected one of {', '.join(Permission)}"
                )
    return found


def roles_with(permission: Permission) -> list[str]:
    """The ids of the roles that hold this permission."""
    return [role.id for role in roles().values() if permission in role.permissions]


def private_roles() -> list[str]:
    """The ids of the roles that only those who manage roles may see somebody hold."""
    return [role.id for role in roles().values() if role.private]


@contextmanager
def asked_once() -> Iterator[None]:
    """Within it the database is asked once for the memberships of each user, however many questions are about them.

    Only around what changes nothing, such as a page that is read: whatever changes something asks anew each time.
    """
    before = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(before)


def memberships_of(user: User | AnonymousUser, on: date | None = None) -> tuple[Membership, ...]:
    """The memberships through which this user may do things on this day, each with its organisation.

    None for nobody or an inactive user.
    """
    if not user.is_authenticated:
        return ()
    known = _asked.get()
    if known is not None and (user.pk, on) in known:
        return known[user.pk, on]
    found = tuple(Membership.objects.active(on).filter(user=user).select_related("organisation"))
    if known is not None:
        known[user.pk, on] = found
    return found


def held_in(user: User | AnonymousUser, permission: Permission) -> list[Organisation]:
    """The organisations of the roles through which this user holds this permission today."""
    holding = roles_with(permission)
    return [membership.organisation for membership in memberships_of(user) if membership.role in holding]


def permissions_of(user: User | AnonymousUser, on: date | None = None) -> frozenset[Permission]:
    """All that this user may do somewhere on this day."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    known = roles()
    held = {membership.role for membership in memberships_of(user, on)}
    return EVERYONE.union(Permission(name) for role in held if role in known for name in known[role].permissions)


def may(user: User | AnonymousUser, permission: Permission, organisation: Organisation | None = None) -> bool:
    """Whether this user may do this today: somewhere, or in this organisation (a role covers everything below it)."""
    if organisation is None:
        return permission in permissions_of(user)
    return any(covers(place, organisation) for place in held_in(user, permission))
