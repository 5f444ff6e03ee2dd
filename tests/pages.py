"""Pages as the browser of somebody who is signed in asks for them, and what it sends."""

from datetime import date

from django.conf import settings
from django.test import Client

from inroads.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(user: User) -> Client:
    """A browser in which this user is signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def session_of(user: User) -> str:
    """Where this user is signed in, for `in_session`: signing in takes longer than most pages."""
    return client_of(user).cookies[settings.SESSION_COOKIE_NAME].value


def in_session(session: str, **options) -> Client:
    """A new browser that holds this session; `options` as of Django's client."""
    client = Client(**options)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def date_fields(name: str, day: date) -> dict[str, int]:
    """A day as the three fields of a form."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
