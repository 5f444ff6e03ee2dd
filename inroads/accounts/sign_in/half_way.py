"""A sign-in between its two steps. It ends with the password it began with, and when the account is stopped."""

from allauth.account.internal.stagekit import clear_login, unstash_login
from django.http import HttpRequest

from inroads.accounts import audit
from inroads.accounts.models import User

BEGAN_WITH = "sign_in_began_with"
STOPPED = "This account is stopped. Ask the administrator of your organisation to restart it"
STALE = "This sign-in is no longer good, because the password or the account was changed. Sign in again"


def begin(request: HttpRequest, user: User) -> None:
    """Keep what the account was like when its password was found right."""
    request.session[BEGAN_WITH] = user.get_session_auth_hash()


def why_not(user: User, began_with: str | None) -> str:
    """Why this sign-in may not go on, in words; empty where it may. The account does not change until we are done."""
    audit.hold()
    now = User.objects.filter(pk=user.pk).first()
    if now is None or not now.is_active:
        return STOPPED
    return "" if now.get_session_auth_hash() == began_with else STALE


def end_if_stale(request: HttpRequest) -> str:
    """End the sign-in that this session has half done, where it may not go on, and say why."""
    login = unstash_login(request, peek=True)
    if login is None or login.user is None:
        return ""
    if why := why_not(login.user, request.session.get(BEGAN_WITH)):
        request.session.pop(BEGAN_WITH, None)
        clear_login(request)
    return why
