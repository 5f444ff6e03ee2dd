"""The trail on screen keeps the promise of the lists: who holds a private role is for those who manage roles there."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inroads.accounts import actions, audit
from inroads.accounts.models import AuditEntry, Membership

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = date(2026, 11, 1)


@pytest.fixture
def administrator(places, somebody):
    return somebody("administrator", places.england, name="Ada Example")


@pytest.fixture
def paula(places, administrator):
    """Somebody with a private role and no other, who was added and read about."""
    person = actions.add_person(
        email="paula@example.org",
        full_name="Paula Secret",
        role="person",
        organisation=places.team,
        starts_on=TODAY,
        by=administrator,
    ).person
    audit.record_read(by=administrator, about=person, organisation=places.team)
    audit.record(action="signed_in", by=person, about=person, organisation=places.team)
    return person


@pytest.fixture
def read(client, places, somebody):
    """What an auditor of the place reads in the trail, who may hold other roles as well."""

    def read(*more):
        auditor = somebody("auditor", places.place, name="Audrey Example")
        for role, where in more:
            Membership.objects.create(user=auditor, role=role, organisation=where, starts_on=TODAY)
        client.force_login(auditor, backend=BACKEND)
        body = client.get("/accounts/audit/").content.decode().split("<main")[1].split("</main>")[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))

    return read


def test_who_does_not_manage_roles_reads_no_name_anywhere(paula, read):
    said = read()
    assert "Paula" not in said
    assert "Person," not in said
    assert "Gave a role (role: a private role, starts on: 2026-11-01) About A person Organisation A team" in said
    code = audit.pseudonym("paula@example.org")
    assert f"Added a person About A person ({code})" in said
    assert f"Read the record About A person ({code})" in said
    assert f"Who A person ({code}) What Signed in About A person ({code})" in said
    assert "Ada Example" in said


@pytest.mark.parametrize("where", ["team", "place"])
def test_who_manages_roles_there_reads_it(paula, read, places, where):
    said = read(("administrator", getattr(places, where)))
    assert "Gave a role (role: Person, starts on: 2026-11-01) About Paula Secret" in said
    assert "Read the record About Paula Secret" in said
    assert "Who Paula Secret What Signed in" in said


def test_managing_roles_elsewhere_or_seeing_people_is_not_enough(paula, read, places):
    assert "Paula" not in read(("administrator", places.voluntary), ("place_lead", places.place))


def test_somebody_with_another_role_too_is_named_but_not_with_the_private_one(paula, read, places, administrator):
    actions.add_membership(
        person=paula, role="practitioner", organisation=places.team, starts_on=TODAY, by=administrator
    )
    actions.end_membership(membership=paula.memberships.get(role="person"), by=administrator)
    said = read()
    assert "Gave a role (role: Practitioner, starts on: 2026-11-01) About Paula Secret" in said
    assert "Gave a role (role: a private role, starts on: 2026-11-01) About A person Organisation" in said
    assert re.search(r"Ended a role \(role: a private role, ends on: [-\d]+\) About A person Organisation", said)
    assert audit.pseudonym("paula@example.org") not in said, "it would lead from one to the other"


def test_a_private_role_that_has_ended_stays_private(paula, read, administrator):
    actions.end_membership(membership=paula.memberships.get(), by=administrator)
    assert "Paula" not in read()


def test_the_entries_stay_as_they_are(paula, read, places):
    before = list(AuditEntry.objects.order_by("number").values())
    read()
    assert list(AuditEntry.objects.filter(number__lte=len(before)).order_by("number").values()) == before
    given = AuditEntry.objects.get(action="membership_added", organisation=places.team)
    assert (given.about_id, given.details["role"]) == (str(paula.pk), "person")
    assert audit.verify().ok


def test_the_trail_takes_as_many_queries_for_many_people_as_for_few(paula, places, somebody, client, administrator):
    client.force_login(somebody("auditor", places.place), backend=BACKEND)
    with CaptureQueriesContext(connection) as few:
        client.get("/accounts/audit/")
    for number in range(10):
        role = "person" if number % 2 else "practitioner"
        audit.record_read(
            by=somebody(role, places.team), about=somebody("person", places.team), organisation=places.team
        )
    with CaptureQueriesContext(connection) as many:
        client.get("/accounts/audit/")
    assert len(many) == len(few)
