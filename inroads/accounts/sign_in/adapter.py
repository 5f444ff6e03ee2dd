"""Where allauth is told how this product works. Settings: ACCOUNT_ADAPTER and MFA_ADAPTER."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from inroads.accounts.models import User
from inroads.accounts.sign_in import encryption, half_way, lockout, lockout_counting

log = logging.getLogger(__name__)

WORDS = {
    "email_password_mismatch": "The email address or the password is not right. Check both and try again",
    "enter_current_password": "The current password is not right. Enter the password you signed in with",
    "incorrect_code": (
        "The code is not right, or was used before. Each code works once: wait for the next one in your app, or enter "
        "an unused recovery code"
    ),
    "incorrect_password": "The password is not right. Enter the password you signed in with",
    "invalid_password_reset": "This link has been used already or is too old",
    "too_many_login_attempts": "There have been too many wrong codes. Wait 15 minutes, then try again",
    "rate_limited": "There have been too many tries. Wait a few minutes, then try again",
}


class AccountAdapter(DefaultAccountAdapter):
    """Signing in with a password, and the messages that go with it."""

    error_messages = {**DefaultAccountAdapter.error_messages, **WORDS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited by an administrator; nobody opens an account alone."""
        return False

    def get_from_email(self) -> str:
        """The address that this service writes from."""
        return settings.INROADS_EMAIL or settings.DEFAULT_FROM_EMAIL

    def format_email_subject(self, subject: str) -> str:
        """As the template says it, without the host's name in front."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send it. A mail server that fails is for the log: an error page would tell which addresses exist."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # what goes wrong with SMTP is one of these too
            log.error("A message (%s) could not be sent: %s", template_prefix, type(error).__name__)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that flood limits count, the same that the lock-out counts."""
        return lockout.network_address(request) or "unknown"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted once, by axes (see `lockout`), not here as well."""

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing was counted in `pre_authenticate`, so there is nothing to take back."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Whose e-mail address and password these are; nobody's where the door was closed meanwhile."""
        user = super().authenticate(request, **credentials)
        return user if lockout_counting.may_answer(request, credentials) else None

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """The first step is done. What follows holds for the account as it was then (see `half_way`)."""
        half_way.begin(request, user)
        return super().pre_login(request, user, **more)

    @transaction.atomic
    def login(self, request: HttpRequest, user: User) -> None:
        """Let somebody in, unless the account was stopped or its password changed while they were on the way."""
        if why := half_way.why_not(user, request.session.pop(half_way.BEGAN_WITH, None)):
            clear_login(request)
            messages.error(request, why)
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Ask for the password again, through the same lock-out as signing in."""
        again = self.authenticate(context.request, email=user.email, password=password)
        return again is not None and again.pk == user.pk


class MFAAdapter(DefaultMFAAdapter):
    """The second step: its words, and how its secrets are kept."""

    error_messages = {**DefaultMFAAdapter.error_messages, **WORDS}

    def encrypt(self, text: str) -> str:
        """Keys of apps and seeds of recovery codes, before they are stored."""
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The same, when they are needed."""
        return encryption.decrypt(encrypted_text)

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """What a passkey is called until somebody gives it a better name."""
        from allauth.mfa.models import Authenticator

        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"
