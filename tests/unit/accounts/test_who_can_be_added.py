"""What an administrator is told about a name, an address or a day that cannot be taken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inroads.accounts import actions
from inroads.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def add(places, somebody):
    administrator = somebody("administrator", places.place)

    def call(**changes):
        given = {"email": "new@example.org", "full_name": "Zoë O’Neill", "starts_on": timezone.localdate(), **changes}
        return actions.add_person(**given, role="practitioner", organisation=places.team, by=administrator)

    return call


def test_accents_and_apostrophes_in_a_name_are_names(add):
    assert add().person.full_name == "Zoë O’Neill"
    assert add(email="kim@example.org", full_name="김민준").person.full_name == "김민준"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "раt@example.org"}, "plain letters"),
        ({"email": "pat@exämple.org"}, "plain letters"),
        ({"full_name": "Pat \u202eelpmaxE"}, "cannot be seen"),
        ({"full_name": "Pat\u200bExample"}, "cannot be seen"),
        ({"full_name": "Pat\nExample"}, "cannot be seen"),
        *(
            ({"full_name": f"Pat{unseen}Example"}, "cannot be seen")
            for unseen in "\u3164\u115f\u1160\uffa0\u2800\ufe0f"
        ),
        ({"full_name": "\u3164"}, "cannot be seen"),
        ({"starts_on": timezone.localdate() + timedelta(days=365 * 5 + 1)}, "at most 5 years"),
    ],
)
def test_what_deceives_the_eye_or_lies_far_ahead_is_refused(add, changes, said):
    before = User.objects.count()
    with pytest.raises(actions.Refused, match=said):
        add(**changes)
    assert User.objects.count() == before


def test_an_end_far_ahead_is_refused(places, somebody):
    with pytest.raises(actions.Refused, match="at most 5 years"):
        actions.add_membership(
            person=somebody("practitioner", places.team),
            role="digital_mentor",
            organisation=places.team,
            starts_on=timezone.localdate(),
            ends_on=timezone.localdate() + timedelta(days=365 * 6),
            by=somebody("administrator", places.place),
        )


@pytest.mark.parametrize(("where", "linked"), [("team", True), ("other_ics", False)])
def test_an_address_that_is_taken_leads_to_the_person_only_if_they_may_be_seen(client, places, somebody, where, linked):
    person = somebody("practitioner", getattr(places, where), email="pat@example.org", name="Pat Example")
    client.force_login(somebody("administrator", places.place), backend=BACKEND)
    day = timezone.localdate()
    answer = client.post(
        "/accounts/people/add/",
        {
            "full_name": "Pat Again",
            "email": "Pat@example.org",
            "role": "practitioner",
            "organisation": str(places.team.pk),
            "starts_on_day": day.day,
            "starts_on_month": day.month,
            "starts_on_year": day.year,
        },
    ).content.decode()
    assert "Somebody already signs in with this email address" in answer
    assert (f"/accounts/people/{person.pk}/link/" in answer) == linked
    assert ("Pat Example" in answer) == linked
