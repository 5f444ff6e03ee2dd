"""Pages as the browser of somebody who is signed in asks for them, and what it sends."""

from datetime import date

from django.test import Client

from inroads.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(user: User) -> Client:
    """A browser in which this user is signed in."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def date_fields(name: str, day: date) -> dict[str, int]:
    """A day as the three fields of a form."""
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
