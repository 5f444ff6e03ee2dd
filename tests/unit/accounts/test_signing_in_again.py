"""Signing in again when a session has ended: back to the page that was open, and never to another site."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.test import Client

SIGN_IN = "/accounts/sign-in/"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "\thttps://evil.example/",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
]


@pytest.fixture
def person(places, somebody):
    return somebody("administrator", places.place, email="pat@example.org", name="Pat Example")


def fields_of(answer):
    """The hidden fields of the form with the password, as the browser would send them back."""
    form = next(each for each in re.findall(r"<form.*?</form>", answer.content.decode(), re.S) if "password" in each)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_after_the_session_ended_the_page_that_was_open_comes_back(client, person, password):
    client.post(SIGN_IN, {"login": person.email, "password": password})
    wanted = "/accounts/people/add/?from=menu"
    assert client.get(wanted).status_code == 200
    Session.objects.all().delete()
    sent = client.get(wanted)
    assert sent.url == "/accounts/sign-in/?next=/accounts/people/add/%3Ffrom%3Dmenu"
    hidden = fields_of(client.get(sent.url))
    assert hidden["next"] == wanted
    wrong = client.post(SIGN_IN, {"login": person.email, "password": "wrong", **hidden})
    assert fields_of(wrong)["next"] == wanted, "kept after a wrong password"
    assert 'value="pat@example.org"' in wrong.content.decode()
    assert client.post(SIGN_IN, {"login": person.email, "password": password, **hidden}).url == wanted


def test_it_is_kept_over_the_second_step(client, person, password, clock):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    asked = client.post(SIGN_IN, {"login": person.email, "password": password, "next": "/accounts/people/"})
    assert client.post(asked.url, {"code": clock.code(secret)}).url == "/accounts/people/"


@pytest.mark.parametrize("address", ELSEWHERE)
@pytest.mark.parametrize("where", ["form", "address"])
def test_an_address_of_another_site_is_not_followed(person, password, address, where):
    browser = Client()
    typed = {"login": person.email, "password": password}
    if where == "form":
        answer = browser.post(SIGN_IN, {**typed, "next": address})
    else:
        answer = browser.post(SIGN_IN, typed, query_params={"next": address})
    assert (answer.status_code, answer.url) == (302, "/")


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nor_by_somebody_who_is_signed_in_already_or_signs_out(client, person, password, address):
    client.post(SIGN_IN, {"login": person.email, "password": password})
    assert client.get(SIGN_IN, {"next": address}).url == "/"
    assert client.post("/accounts/sign-out/", {"next": address}).url == "/"


def test_the_page_keeps_what_was_written_there_as_text_and_not_as_markup(client, db):
    page = client.get(SIGN_IN, {"next": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page
