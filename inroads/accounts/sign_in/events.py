"""What happens while people sign in, written to the audit trail.

The changes themselves are made inside Django, allauth and axes, so these entries hang on their signals. Everything
else in the product is recorded by the action that does it.
"""

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from inroads.accounts import audit
from inroads.accounts.models import User
from inroads.accounts.queries import shared_organisation
from inroads.accounts.sign_in.lockout_counting import was_refused


def connect() -> None:
    """Start listening. Called once, when the application starts."""
    for signal, receiver in (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _sign_in_failed),
        (user_locked_out, _locked_out),
        (account_signals.password_changed, _password_changed),
        (account_signals.password_reset, _password_set),
        (mfa_signals.authenticator_added, _second_step_added),
        (mfa_signals.authenticator_removed, _second_step_removed),
        (mfa_signals.authenticator_reset, _recovery_codes_renewed),
        (mfa_signals.authenticator_used, _second_step_used),
        (mfa_signals.authentication_failed, _second_step_failed),
    ):
        signal.connect(receiver, dispatch_uid=f"{__name__}.{receiver.__name__}")


def _about(action: str, user: User | None, *, by_themselves: bool = True, **details: Any) -> None:
    if user is None:
        return
    audit.record(
        action=action,
        by=user if by_themselves else None,
        about=user,
        organisation=shared_organisation(user),
        details=details,
    )


def _signed_in(*, user: User, **_: Any) -> None:
    _about("signed_in", user)


def _signed_out(*, user: User | None, **_: Any) -> None:
    _about("signed_out", user)


def _sign_in_failed(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # Anybody can send tries while the door is closed. They would fill the trail, and nobody looked at them.
    if was_refused(request):
        return
    _unproven("sign_in_failed", credentials.get("email") or credentials.get("username"))


def _locked_out(*, username: str | None, **_: Any) -> None:
    _unproven("locked_out", username)


def _unproven(action: str, email: str | None) -> None:
    """Somebody gave an e-mail address without proving it is theirs: only a pseudonym of it is kept."""
    email = (email or "").strip()
    user = User.objects.filter(email__iexact=email).first() if email else None
    audit.record(
        action=action,
        by=None,
        about=user,
        organisation=shared_organisation(user) if user else None,
        details={"email_pseudonym": audit.pseudonym(email)},
    )


def _password_changed(*, user: User, **_: Any) -> None:
    _about("password_changed", user)


def _password_set(*, user: User, **_: Any) -> None:
    _about("password_set_with_link", user, by_themselves=False)


def _second_step_added(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    _about("second_step_added", user, kind=str(authenticator.type))


def _second_step_removed(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    _about("second_step_removed", user, kind=str(authenticator.type))


def _recovery_codes_renewed(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    _about("recovery_codes_renewed", user, kind=str(authenticator.type))


def _second_step_used(*, user: User, authenticator: Authenticator, reauthenticated: bool = False, **_: Any) -> None:
    _about("second_step_passed", user, kind=str(authenticator.type), again=reauthenticated)


def _second_step_failed(*, user: User, authenticator: Authenticator, reauthentication: bool = False, **_: Any) -> None:
    _about(
        "second_step_failed", user, by_themselves=reauthentication, kind=str(authenticator.type), again=reauthentication
    )
