"""Odd input on every address of the library: never an error of ours, never a script that runs."""

import re

import pytest
from addresses import ALL
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from library_factories import make_review, make_shown_app
from people_factories import make_place, make_worker

from inroads.learning.models import AppReview, TrustedApp

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OURS = [route for route in ALL if route.name.startswith("learning:")]
ROUTES = pytest.mark.parametrize("route", OURS, ids=lambda route: route.name)
SCRIPT = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"
ODD = [
    SCRIPT,
    "",
    " \t\r\n ",
    "a\0b",
    "🙂\u202e\u0301",
    "x" * 30_000,
    "9" * 400,
    "-1",
    "2026-02-30",
    "../../etc/passwd",
]


@pytest.fixture
def reviewer(db):
    lead = make_worker(make_place(), "place_lead")
    make_shown_app(lead.memberships.get().organisation, by=lead)
    client = Client(raise_request_exception=True)
    client.force_login(lead, backend=BACKEND)
    return client


def address_of(route, slug="example-diary"):
    return reverse(route.name, kwargs={"app": slug} if route.arguments else {})


@ROUTES
def test_odd_text_in_every_field_is_taken_or_refused_and_never_runs(route, reviewer):
    page = reviewer.get(address_of(route))
    names = set(re.findall(r'name="([a-z_0-9]+)"', page.content.decode())) if page.status_code == 200 else set()
    for odd in ODD:
        for answer in (
            reviewer.post(address_of(route), dict.fromkeys(names, odd)),
            reviewer.get(address_of(route), dict.fromkeys(names, odd)),
        ):
            assert answer.status_code in (200, 302, 404, 405), odd
            assert "<script>alert" not in answer.content.decode()
            assert "<img src=x" not in answer.content.decode()


@ROUTES
def test_names_that_lead_nowhere_and_bodies_that_are_no_forms(route, reviewer):
    for slug in ("no-such-app", "x" * 300, "0") if route.arguments else ():
        for method in ("get", "post", "head", "put", "delete"):
            assert getattr(reviewer, method)(address_of(route, slug)).status_code in (404, 405)
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=y"):
        answer = reviewer.post(address_of(route), "--y", content_type=kind)
        assert answer.status_code in (200, 302, 400, 404, 405)


def test_a_script_in_every_kept_text_is_shown_as_text(reviewer):
    app = TrustedApp.objects.get()
    for field in ("name", "what", "safe_for", "for_whom", "not_for", "cost_words", "data_words", "device", "languages"):
        setattr(app, field, SCRIPT)
    app.accessibility = app.evidence = app.link = SCRIPT
    app.save()
    AppReview.objects.update(looked_at=SCRIPT, words=SCRIPT)
    looked = 0
    for route in OURS:
        shown = reviewer.get(address_of(route)).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        looked += "&lt;script&gt;" in shown
    assert looked >= 5


def test_a_file_whose_name_and_cells_are_a_script_is_refused_as_text(reviewer):
    organisation = TrustedApp.objects.get().organisation_id
    file = SimpleUploadedFile(SCRIPT, f"{SCRIPT}\n".encode())
    answer = reviewer.post(reverse("learning:load_apps"), {"organisation": organisation, "file": file})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()


def test_an_app_that_was_reviewed_very_often_shows_every_review(reviewer):
    app = TrustedApp.objects.get()
    for _ in range(12):
        make_review(app, by=app.created_by)
    shown = reviewer.get(reverse("learning:app", kwargs={"app": app.slug})).content.decode()
    assert shown.count("safe for this, until") == 13
