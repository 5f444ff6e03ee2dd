"""Home, data sets, health and error pages as a browser asks for them."""

import re
from datetime import date

import pytest
from django.db import DatabaseError
from django.test import Client

from inroads.accounts.demonstration import load_demonstration
from inroads.accounts.models import Membership, User
from inroads.analytics.published import open_published
from inroads.reference.models import Organisation
from inroads.web import health

pytestmark = pytest.mark.django_db


def test_home_leads_to_the_place_that_is_loaded(client):
    page = client.get("/").content.decode()
    assert '<a href="/places/E06000046/">Isle of Wight</a>' in page


def test_home_says_which_of_ones_own_places_is_not_loaded(client):
    load_demonstration()
    lead = User.objects.get(email="place.lead@demonstration.example")
    elsewhere = Organisation.objects.get(ons_code="E54000057")
    Membership.objects.create(user=lead, role="analyst", organisation=elsewhere, starts_on=date(2026, 1, 1))
    client.force_login(lead, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/").content.decode()
    assert "Isle of Wight: risk of digital exclusion" in page
    assert f"{elsewhere.name}: its figures are not loaded here yet" in page
    client.force_login(
        User.objects.get(email="national.lead@demonstration.example"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert "not loaded here yet" not in client.get("/").content.decode(), "England has no page of its own"


def test_every_data_set_says_whose_it_is_and_what_it_feeds(client, embedded_store):
    page = client.get("/data-sets/").content.decode()
    for each in open_published(embedded_store).datasets:
        assert each.publisher in page
        assert each.year in page
        answer = client.get(f"/data-sets/{each.source_id}/")
        whole = answer.content.decode()
        assert answer.status_code == 200
        assert each.sha256 in whole
        assert all(check.split("'")[0] in whole for check in each.checks)


@pytest.mark.published
def test_all_published_data_sets_are_listed(client, national_store):
    page = client.get("/data-sets/").content.decode()
    sources = {each.source_id for each in open_published(national_store).datasets}
    assert len(sources) > 45
    assert {name for name in sources if f"/data-sets/{name}/" in page} == sources


def test_a_data_set_that_is_not_loaded_is_said(client):
    answer = client.get("/data-sets/nothing/")
    assert answer.status_code == 404
    assert "not loaded" in answer.content.decode()


def test_health_says_which_part_is_not_ready(client, settings, tmp_path, monkeypatch):
    assert client.get("/health/live").json() == {"live": True}
    whole = client.get("/health/ready")
    assert whole.status_code == 200
    assert whole.json()["parts"] == {"database": True, "published figures": True}
    settings.PUBLISHED_DIR = tmp_path
    without = client.get("/health/ready")
    assert without.status_code == 503
    assert without.json()["parts"] == {"database": True, "published figures": False}


def test_health_survives_a_database_that_is_gone(client, monkeypatch):
    class Gone:
        def cursor(self):
            raise DatabaseError

    monkeypatch.setattr(health, "connection", Gone())
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] is False


def test_pages_carry_strict_headers(client):
    answer = client.get("/")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    nonce = re.search(r"'nonce-([^']+)'", policy["script-src"])[1]
    page = answer.content.decode()
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert page.count(f'nonce="{nonce}"') == page.count("<script")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in answer["Permissions-Policy"]
    assert client.get("/")["Content-Security-Policy"] != answer["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/places/E06000046/", "/places/E01017299/", "/data-sets/", "/gallery/"])
def test_no_page_has_script_or_style_inside(client, path):
    page = client.get(path).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", page)


def test_a_form_that_stood_open_too_long_is_explained():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/accounts/sign-in/", {"login": "a@b.example", "password": "x"})
    assert answer.status_code == 403
    assert "Please send the form again" in answer.content.decode()


def test_an_error_of_ours_is_said_without_details(client, monkeypatch):
    from inroads.web import views

    def fails(*arguments, **named):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(views, "open_published", fails)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Something went wrong on our side" in page
    assert "secret detail" not in page


def test_a_page_asked_for_in_the_wrong_way_is_refused(client):
    assert client.post("/").status_code == 405
    assert client.put("/places/").status_code == 405


def test_damaged_figures_are_said_by_health_and_do_not_show_details(client, settings, embedded_store, tmp_path):
    import shutil

    store = tmp_path / "damaged"
    shutil.copytree(embedded_store, store)
    for path in (store / "generations").rglob("manifest.json"):
        path.write_text("{x")
    settings.PUBLISHED_DIR = store
    assert client.get("/health/ready").status_code == 503
    client.raise_request_exception = False
    answer = client.get("/places/E06000046/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()


def test_when_the_database_fails_the_error_page_still_comes(client, monkeypatch):
    from inroads.web import context

    def fails(*arguments):
        raise DatabaseError

    monkeypatch.setattr(context, "_navigation", fails)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
