"""Every address of the people loop, asked by somebody with the right role in the wrong place."""

import pytest
from addresses import ALL, of_a_record
from django.urls import reverse
from kept_rows import afresh
from pages import client_of
from people_factories import make_place, make_record, make_team, make_worker

from inroads.accounts.models import AuditEntry
from inroads.accounts.permissions import Permission
from inroads.people import models

pytestmark = pytest.mark.django_db
OURS = [route for route in ALL if route.name.startswith("people:")]
ABOUT_SOMEBODY = [route for route in OURS if "person" in route.arguments]
WORDS = ("Whole", "Secret words", "A phone", "Ask for a phone")


@pytest.fixture(scope="module")
def made(rows_for_all):
    """A record in one team; workers of another team, of another place, and a person with an account of their own."""
    place = make_place()
    team = make_team("One", place)
    lead = make_worker(place, "place_lead")
    worker = make_worker(team)
    record = make_record(team, by=worker, lead=lead, partner=make_worker(team.parent.parent, "touchpoint_partner"))
    strangers = {
        "another team": make_worker(make_team("Two", place)),
        "another place": make_worker(make_team("Three", make_place("Elsewhere")), "digital_mentor"),
        "the place lead": lead,
        "a person": make_worker(team, "person"),
        "somebody trusted by nobody": make_worker(team, "trusted_person"),
        "an administrator": make_worker(place, "administrator"),
    }
    return record, worker, strangers


@pytest.fixture
def world(made, db):
    """The same, as nobody has changed it yet."""
    return afresh(made)


def everything():
    """How many rows there are of all that is kept about people, and the newest of each."""
    kept = [getattr(models, name) for name in models.__all__]
    return {
        each._meta.label: (each.objects.count(), list(each.objects.order_by("pk").values()))
        for each in kept
        if hasattr(each, "objects")
    }


@pytest.mark.parametrize("route", ABOUT_SOMEBODY, ids=lambda route: route.name)
def test_a_record_does_not_exist_for_those_who_do_not_work_with_the_person(route, world):
    _, _, strangers = world
    address = reverse(route.name, kwargs=of_a_record(route.arguments))
    before = everything()
    for who, user in strangers.items():
        for method in ("get", "post"):
            answer = getattr(client_of(user), method)(address)
            assert answer.status_code in (403, 404, 405), f"{method} {address}: {who} got {answer.status_code}"
            shown = answer.content.decode()
            assert not any(word in shown for word in WORDS), f"{address}: {who} sees something of the record"
    assert everything() == before


@pytest.mark.parametrize("route", ABOUT_SOMEBODY, ids=lambda route: route.name)
def test_those_who_work_with_the_person_open_it(route, world):
    _, worker, _ = world
    if Permission.WORK_WITH_PEOPLE not in route.access.permissions:
        return
    answer = client_of(worker).get(reverse(route.name, kwargs=of_a_record(route.arguments)))
    assert answer.status_code in (200, 302, 405)


def test_lists_and_searches_of_others_are_empty(world):
    _, _, strangers = world
    for who in ("another team", "another place"):
        client = client_of(strangers[who])
        for name in ("list", "due"):
            shown = client.get(reverse(f"people:{name}")).content.decode()
            assert not any(word in shown for word in WORDS), f"{name}: {who}"
        assert "Nobody found" in client.post(reverse("people:find"), {"typed": "whole"}).content.decode()


def test_parts_of_one_record_do_not_open_under_another(world):
    record, worker, _ = world
    other = models.Person.objects.exclude(pk=record.pk).first() or None
    if other is None:
        from people_factories import make_person

        other = make_person(record.organisation, by=worker)
    client = client_of(worker)
    for route in ABOUT_SOMEBODY:
        own = set(route.arguments) & {"conversation", "trusted", "appointment", "paper", "time", "step"}
        if not own or Permission.WORK_WITH_PEOPLE not in route.access.permissions:
            continue
        address = reverse(route.name, kwargs=of_a_record(route.arguments) | {"person": other.pk})
        for method in ("get", "post"):
            assert getattr(client, method)(address).status_code in (404, 405), f"{method} {route.name}"


def test_the_trail_holds_no_words_and_no_numbers_of_people(world):
    assert AuditEntry.objects.count() > 10
    for entry in AuditEntry.objects.all():
        assert not any(word in str(entry.details) for word in WORDS), entry.action
