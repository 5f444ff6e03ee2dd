"""When somebody must set up or show a second step before they go on. Setting: SECOND_STEP_REQUIRED."""

from enum import Enum

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, permissions_of

# Whoever holds one of these could open other people's accounts, hide that it was done, or read what was told in
# confidence.
GUARDED = frozenset({Permission.MANAGE_MEMBERSHIPS, Permission.VERIFY_AUDIT_TRAIL, Permission.WORK_WITH_PEOPLE})
ADDED_HERE = "second_step_added_by"


class SecondStep(Enum):
    """What a page asks of people who are signed in."""

    IF_ROLES_ASK = "those whose roles are guarded have one and have shown it"
    IF_THERE_IS_ONE = "those who have one have shown it: the page changes how they sign in"
    NEVER = "nothing: the page leads to showing it, or tells people about their own account"


def has_second_step(user: User) -> bool:
    """Whether this person has an app or a passkey; recovery codes alone are none."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=kinds).exists()


def remember_added_here(request: HttpRequest, user: User) -> None:
    """A second step was added in this session, by somebody who has just shown that they hold it."""
    request.session[ADDED_HERE] = str(user.pk)


def was_shown(request: HttpRequest) -> bool:
    """Whether a second step was shown in this very session.

    That the account has one is not enough: somebody else may have signed in with the password before it was added.
    """
    if request.session.get(ADDED_HERE) == str(request.user.pk):
        return True
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def stands_before(request: HttpRequest, asked: SecondStep) -> bool:
    """Whether this person, who is signed in, must first set up or show a second step."""
    if asked is SecondStep.IF_ROLES_ASK and settings.SECOND_STEP_REQUIRED and GUARDED & permissions_of(request.user):
        return not (was_shown(request) and has_second_step(request.user))
    if asked is SecondStep.IF_THERE_IS_ONE:
        return not was_shown(request) and has_second_step(request.user)
    return False
