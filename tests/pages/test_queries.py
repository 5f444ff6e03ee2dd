"""How often a page asks the database: as often with much in it as with little, and never for published figures."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inroads.accounts import actions
from inroads.accounts.demonstration import load_demonstration
from inroads.accounts.models import User
from inroads.reference.models import Organisation

pytestmark = pytest.mark.django_db
OPEN = ["/", "/places/", "/places/E06000046/", "/places/E01017299/", "/places/E06000046/groups/", "/data-sets/"]


def _count(client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("path", OPEN)
def test_open_pages_ask_the_database_nothing(client, path):
    assert _count(client, path) == 0


@pytest.mark.parametrize("path", ["/accounts/people/", "/accounts/people/add/", "/accounts/audit/", "/accounts/"])
def test_pages_about_people_ask_as_often_with_many_as_with_few(client, path):
    load_demonstration()
    reader = User.objects.get(email=("auditor" if "audit" in path else "administrator") + "@demonstration.example")
    administrator = User.objects.get(email="administrator@demonstration.example")
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    few = _count(client, path)
    place = Organisation.objects.get(area_code="E06000046", kind="place")
    for number in range(15):
        actions.add_person(
            email=f"person{number}@many.example",
            full_name=f"Person {number}",
            role="analyst",
            organisation=place,
            starts_on=date(2026, 4, 1),
            by=administrator,
        )
    assert _count(client, path) == few
    assert few <= 20
