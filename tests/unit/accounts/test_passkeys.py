"""Passkeys from end to end on the server, with a passkey made in software."""

import importlib.util
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from inroads.accounts.models import AuditEntry

# Tests are no package, so what lies beside this file is loaded by its path.
_spec = importlib.util.spec_from_file_location("soft_passkey", Path(__file__).with_name("soft_passkey.py"))
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
SoftPasskey = _module.SoftPasskey

ADD = "/accounts/second-step/passkeys/add/"
LIST = "/accounts/second-step/passkeys/"
SIGN_IN_WITH = "/accounts/second-step/passkeys/sign-in/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def options_in(page):
    """The JSON that the page hands to the script."""
    text = re.search(
        r'<script type="application/json" id="passkey-options">(.*?)</script>', page.content.decode(), re.S
    )
    return json.loads(text.group(1))


@pytest.fixture
def passkey(client, person, password):
    """Pat has signed in, confirmed the password and added a passkey that works alone."""
    client.force_login(person, backend=BACKEND)
    client.post(client.get(ADD).url, {"password": password})
    key = SoftPasskey("localhost", "http://localhost")
    credential = key.create(options_in(client.get(ADD, SERVER_NAME="localhost")))
    answer = client.post(
        ADD, {"name": "My phone", "passwordless": "on", "credential": credential}, SERVER_NAME="localhost", follow=True
    )
    assert "Your recovery codes" in answer.content.decode()
    return key


def test_the_page_says_what_to_do_without_javascript_and_holds_no_script_of_its_own(client, person, password):
    client.force_login(person, backend=BACKEND)
    client.post(client.get(ADD).url, {"password": password})
    page = client.get(ADD).content.decode()
    assert "add an authenticator app instead" in page
    for tag in re.findall(r"<script[^>]*>", page):
        assert "src=" in tag or 'type="application/json"' in tag
    assert "accounts/passkeys.js" in page
    assert not re.search(r"\son\w+=", page)


def test_a_passkey_is_listed_renamed_and_removed(client, person, passkey):
    page = client.get(LIST).content.decode()
    assert "My phone" in page
    assert "Not yet" in page
    identifier = person.authenticator_set.get(type="webauthn").pk
    client.post(f"{LIST}{identifier}/name/", {"name": "Blue key"})
    assert "Blue key" in client.get(f"{LIST}{identifier}/remove/").content.decode()
    client.post(f"{LIST}{identifier}/remove/")
    assert "You have no passkeys yet" in client.get(LIST).content.decode()
    kinds = AuditEntry.objects.filter(action__startswith="second_step").values_list("action", "details__kind")
    assert ("second_step_added", "webauthn") in kinds
    assert ("second_step_removed", "webauthn") in kinds


def test_nobody_else_can_see_rename_or_remove_it(person, passkey, places, somebody, password):
    identifier = person.authenticator_set.get(type="webauthn").pk
    other = Client()
    other.force_login(somebody("administrator", places.england), backend=BACKEND)
    other.post("/accounts/confirm/", {"password": password})
    assert "My phone" not in other.get(LIST).content.decode()
    for action in ("name", "remove"):
        for method in (other.get, other.post):
            assert method(f"{LIST}{identifier}/{action}/").status_code == 404


def test_signing_in_with_a_passkey_alone(person, passkey):
    browser = Client(SERVER_NAME="localhost")
    options = browser.get(SIGN_IN_WITH, headers={"accept": "application/json"}).json()
    answer = browser.post(SIGN_IN_WITH, {"credential": passkey.get(options)})
    assert answer.status_code == 302
    assert browser.session["_auth_user_id"] == str(person.pk)
    written = list(AuditEntry.objects.order_by("-number").values_list("action", flat=True)[:2])
    assert set(written) == {"signed_in", "second_step_passed"}


def test_an_old_answer_does_not_sign_in_again(person, passkey):
    browser = Client(SERVER_NAME="localhost")
    credential = passkey.get(browser.get(SIGN_IN_WITH, headers={"accept": "application/json"}).json())
    browser.post(SIGN_IN_WITH, {"credential": credential})
    again = Client(SERVER_NAME="localhost")
    again.get(SIGN_IN_WITH, headers={"accept": "application/json"})
    again.post(SIGN_IN_WITH, {"credential": credential})
    assert "_auth_user_id" not in again.session


def test_a_passkey_is_the_second_step_after_a_password(person, passkey, password):
    browser = Client(SERVER_NAME="localhost")
    answer = browser.post("/accounts/sign-in/", {"login": person.email, "password": password})
    assert answer.url == "/accounts/second-step/code/"
    page = browser.get(answer.url)
    assert "Enter a code above instead" in page.content.decode()
    browser.post(answer.url, {"credential": passkey.get(options_in(page))})
    assert browser.session["_auth_user_id"] == str(person.pk)


def test_confirming_with_a_passkey(client, person, passkey):
    page = client.get(LIST + "confirm/?next=/accounts/second-step/", SERVER_NAME="localhost")
    assert "Use another way below" in page.content.decode()
    answer = client.post(
        LIST + "confirm/",
        {"credential": passkey.get(options_in(page)), "next": "/accounts/second-step/"},
        SERVER_NAME="localhost",
    )
    assert answer.url == "/accounts/second-step/"


def test_a_made_up_credential_is_refused_in_words(person, passkey):
    browser = Client(SERVER_NAME="localhost")
    browser.get(SIGN_IN_WITH, headers={"accept": "application/json"})
    for credential in ("", "{}", "not json", '{"response": 3}'):
        answer = browser.post(SIGN_IN_WITH, {"credential": credential})
        assert answer.status_code == 302
        assert answer.url == "/accounts/sign-in/"
    assert "_auth_user_id" not in browser.session
