"""One-time links with which people set a password. Stopping an account ends those given before."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from inroads.accounts.models import User


class OneTimeLinks(PasswordResetTokenGenerator):
    """Django's links, which end when the password changes, and also when the account was stopped since."""

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.times_stopped}"


one_time_links = OneTimeLinks()
