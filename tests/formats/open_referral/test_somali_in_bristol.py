"""A Somali-speaking young man without data, in Bristol, on a Saturday: in the feed as it was published."""

import pytest
from django.test import Client
from django.urls import reverse
from people_factories import make_place, make_team, make_worker

from inroads.directory.actions.feeds import load_feed
from inroads.interop.open_referral import reader
from inroads.people.actions import records
from inroads.people.actions.conversations import begin_conversation, record_answer

pytestmark = [pytest.mark.published, pytest.mark.django_db]


@pytest.fixture
def bristol(published_data):
    path = published_data / "licence_unverified" / "oruk_v2_services_bristol_2024_12.json.gz"
    if not path.is_file():
        pytest.skip("needs the feed of Bristol")
    place = make_place("Bristol")
    lead = make_worker(place, "place_lead")
    found = reader.read_paths([path])
    load_feed(
        area=place, name="Bristol Council", entries=found.entries, filename=path.name, report=found.report, licence="",
        publish=False, by=lead,
    )  # fmt: skip
    return place


def test_what_speaks_of_somali_people_stands_first_and_what_is_not_known_is_said(bristol):
    asked = {"near": "Bristol", "need": "data", "when": "5", "language": "Somali", "community": "young_people"}
    page = Client().get(reverse("directory:find"), asked).content.decode()
    assert "in the directory of Bristol" in page
    first = page.split('id="found-1"')[1].split('id="found-2"')[0]
    assert "Somali Resource Centre" in first
    assert "its description speaks of Somali; ask which languages they speak" in first
    # The feed says nothing of hours and places: nothing is made up.
    assert "when it is open" in first
    assert "where it is" in first
    assert "open then" not in page


def test_from_his_record_the_same_search_is_filled_in_and_leads_to_a_referral(bristol):
    team = make_team("A team", bristol)
    worker = make_worker(team)
    person = records.add_person(organisation=team, full_name="Abdi Warsame", known_as="Abdi", by=worker)
    records.set_preferences(
        person=person, channel="in_person", language="Somali", communities=["young_people"], by=worker
    )
    talk = begin_conversation(person=person, kind="triage", channel="in_person", by=worker)
    record_answer(conversation=talk, topic="data", answer="yes", words="", by=worker)
    client = Client()
    client.force_login(worker, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(
        reverse("people:who_could_help", kwargs={"person": person.pk}),
        {"near": "Bristol", "need": "data", "language": "Somali", "community": "young_people", "when": "5"},
    ).content.decode()
    assert page.index("Somali Resource Centre") < page.index("Ask them")
    assert "/referrals/ask/" in page
