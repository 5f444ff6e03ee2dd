"""Odd input on every address of the people loop: never an error of ours, never a script that runs."""

import re

import pytest
from addresses import ALL, of_a_record
from django.urls import reverse
from pages import in_session, session_of
from people_factories import make_place, make_record, make_team, make_worker

from inroads.accounts.permissions import Permission
from inroads.people import models

pytestmark = pytest.mark.django_db
OURS = [route for route in ALL if route.name.startswith("people:")]
ROUTES = pytest.mark.parametrize("route", OURS, ids=lambda route: route.name)
SCRIPT = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"
ODD = {
    "a script": SCRIPT,
    "nothing": "",
    "spaces": " \t\r\n ",
    "a null": "a\0b",
    "emoji and marks": "🙂\u202e\u0301\u200f",
    "half a letter": "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "a long word": "x" * 30_000,
    "a large number": "9" * 400,
    "below zero": "-1",
    "a date": "2026-02-30",
    "a path": "../../etc/passwd",
}


@pytest.fixture(scope="module")
def sessions(rows_for_all):
    """A whole record, and for each permission where somebody who may is signed in."""
    place = make_place()
    team = make_team("One", place)
    worker, lead = make_worker(team), make_worker(place, "place_lead")
    partner = make_worker(team, "touchpoint_partner")
    record = make_record(team, by=worker, lead=lead, partner=partner)
    record.user = make_worker(team, "person")
    record.save(update_fields=("user",))
    return {
        permission: session_of(user)
        for permission, user in (
            (Permission.DESIGN_PATHWAYS, lead),
            (Permission.OFFER_HELP, partner),
            (Permission.SEE_OWN_CHOICES, record.user),
            (Permission.WORK_WITH_PEOPLE, worker),
            (Permission.KEEP_MENTORS, worker),
            (Permission.LEND, worker),
        )
    }


@pytest.fixture
def world(sessions, db):
    """For each permission a browser in which somebody who may is signed in."""
    return {each: in_session(session, raise_request_exception=True) for each, session in sessions.items()}


def client_for(route, clients):
    return next(client for permission, client in clients.items() if permission in route.access.permissions)


def fields_of(client, address):
    """Names of everything that the form of a page sends."""
    answer = client.get(address)
    is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return set(re.findall(r'name="([a-z_0-9]+)"', answer.content.decode())) if is_page else set()


@ROUTES
def test_numbers_and_words_in_addresses_that_lead_nowhere(route, world):
    client, whole = client_for(route, world), of_a_record(route.arguments)
    for name in route.arguments:
        for odd in {int: (0, 10**9, 10**18, 10**40), str: ("no-such-thing", "x" * 300, "0")}.get(type(whole[name]), ()):
            address = reverse(route.name, kwargs=whole | {name: odd})
            for method in ("get", "post", "head", "put", "delete"):
                assert getattr(client, method)(address).status_code in (200, 302, 400, 403, 404, 405), address


@ROUTES
def test_odd_text_in_every_field_is_taken_or_refused_and_never_runs(route, world):
    client, address = client_for(route, world), reverse(route.name, kwargs=of_a_record(route.arguments))
    names = fields_of(client, address) - {"csrfmiddlewaretoken", "typed_by"}
    for what, odd in ODD.items():
        answer = client.post(address, dict.fromkeys(names, odd))
        assert answer.status_code in (200, 302, 400, 404, 405), f"{address}: {what}"
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            assert "<script>alert" not in answer.content.decode(), f"{address}: {what}"
            assert "<img src=x" not in answer.content.decode(), f"{address}: {what}"


@ROUTES
def test_bodies_that_are_no_forms(route, world):
    client, address = client_for(route, world), reverse(route.name, kwargs=of_a_record(route.arguments))
    for kind, body in (
        ("application/json", '{"a": [1]}'),
        ("text/plain", "x"),
        ("multipart/form-data; boundary=y", "--y"),
    ):
        answer = client.post(address, body, content_type=kind)
        assert answer.status_code in (200, 302, 400, 404, 405), f"{address}: {kind}"


def test_a_script_in_every_kept_text_is_shown_as_text_on_every_page(world):
    """As somebody who can write to the record might put it there."""
    for model in (getattr(models, name) for name in models.__all__):
        if not hasattr(model, "objects"):
            continue
        texts = [
            field.name
            for field in model._meta.fields
            if field.get_internal_type() in ("CharField", "TextField") and not field.choices
        ]
        keep = {"nhs_number", "topic", "kind", "code", "code_hash", "help", "barrier", "way", "format", "neighbourhood"}
        keep |= {"explained_in", "channel", "said_by", "word", "sort_name", "key", "link", "person_code_hash", "label"}
        keep |= {"answer", "reason", "bundle", "contact_key", "reminders_key", "place", "app", "waits_for"}
        changed = [name for name in texts if name not in keep]
        for row in model.objects.all():
            for name in changed:
                longest = model._meta.get_field(name).max_length or 1000
                setattr(row, name, SCRIPT[:longest])
            row.save()
    looked = 0
    for route in OURS:
        answer = client_for(route, world).get(reverse(route.name, kwargs=of_a_record(route.arguments)))
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            shown = answer.content.decode()
            assert "<script>alert" not in shown, route.name
            assert "<img src=x" not in shown, route.name
            looked += "&lt;script&gt;" in shown
    assert looked > 10
