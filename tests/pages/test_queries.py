"""How often a page asks the database: as often with much in it as with little, and never for published figures.

Addresses are discovered from the resolver, so a new page is met here by itself.
"""

from datetime import date

import pytest
from addresses import ALL, address_of
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inroads.accounts import actions
from inroads.accounts.demonstration import load_demonstration
from inroads.accounts.models import User
from inroads.people.demonstration import load_demonstration_people
from inroads.reference.models import Organisation

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OPEN = [route for route in ALL if not route.access.signed_in]
# These are about signing in or about the database itself.
MAY_ASK = {"health_ready", "account_login", "account_reset_password_from_key", "mfa_authenticate", "mfa_login_webauthn"}
# The library of apps is open to everybody, and kept in the database.
MAY_ASK |= {"learning:apps", "learning:app"}
# So is the directory, with what a touchpoint keeps through its link, and what others read of it.
MAY_ASK |= {route.name for route in ALL if route.name.startswith(("directory:", "open_referral:", "answers:"))}
MAY_ASK |= {"health_work"}
# What was released, the touchpoints there are, and longer searches that are under way, are kept in the database.
MAY_ASK |= {f"places:{name}" for name in ("area", "real", "real_file", "needs", "access", "access_file", "siting")}
# Stories that may be told, figures that somebody published, and the own page of whoever was heard, with its code.
MAY_ASK |= {"systems:story", "systems:stories_open", "systems:landscape_published"}
MAY_ASK |= {route.name for route in ALL if route.name.startswith(("systems:comparison_published", "systems:own_words"))}
MOST = 30


def _count(client: Client, path: str) -> int | None:
    """Queries of a page, None where it is not shown (it sends on, or refuses the method)."""
    with transaction.atomic():
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(path)
        transaction.set_rollback(True)
    return len(queries) if answer.status_code == 200 else None


@pytest.fixture(scope="module")
def demonstration(rows_for_all):
    """The people of the demonstration."""
    load_demonstration()
    load_demonstration_people()


@pytest.fixture
def people(demonstration, db):
    """The same by role."""
    return {user.memberships.get().role: user for user in User.objects.all()}


@pytest.mark.parametrize("route", OPEN, ids=lambda route: route.example_key)
def test_open_pages_ask_the_database_nothing(route, client, people):
    count = _count(client, address_of(route, people["practitioner"]))
    assert not count or (route.name in MAY_ASK and count <= MOST)


def test_pages_ask_as_often_with_many_people_as_with_few(people):
    clients = {}
    for role, user in people.items():
        clients[role] = Client()
        clients[role].force_login(user, backend=BACKEND)
    asked = []
    for route in ALL:
        role = next((role for role, user in people.items() if route.access.allows(user)), None)
        asked.append((route, role, address_of(route, people["practitioner"])))
    few = {route.name: _count(clients[role], path) for route, role, path in asked if role}
    _more_people(by=people["administrator"])
    many = {route.name: _count(clients[role], path) for route, role, path in asked if role}
    assert many == few
    shown = {name: count for name, count in few.items() if count is not None}
    assert {"accounts:people", "accounts:person", "accounts:audit", "places:libraries", "places:sheet"} <= set(shown)
    assert max(shown.values()) <= MOST


def _more_people(*, by: User) -> None:
    place = Organisation.objects.get(area_code="E06000046", kind="place")
    for number in range(15):
        actions.add_person(
            email=f"person{number}@many.example",
            full_name=f"Person {number}",
            role="analyst",
            organisation=place,
            starts_on=date(2026, 4, 1),
            by=by,
        )
