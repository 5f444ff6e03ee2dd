"""A sign-in left between its two steps ends with the password it began with, and when the account is stopped."""

import importlib.util
from pathlib import Path

import pytest
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.test import Client

from inroads.accounts import actions, audit
from inroads.accounts.models import AuditEntry, User
from inroads.accounts.sign_in import half_way
from inroads.accounts.sign_in.adapter import AccountAdapter

# Tests are no package, so what lies beside this file is loaded by its path.
_spec = importlib.util.spec_from_file_location("soft_passkey", Path(__file__).with_name("soft_passkey.py"))
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

SIGN_IN = "/accounts/sign-in/"
CODE = "/accounts/second-step/code/"
ADD = "/accounts/second-step/passkeys/add/"
WITH_PASSKEY = "/accounts/second-step/passkeys/sign-in/"
SECRET = totp.generate_totp_secret()


@pytest.fixture
def administrator(places, somebody):
    return somebody("administrator", places.england)


@pytest.fixture
def person(places, somebody):
    made = somebody("place_lead", places.place, email="pat@example.org", name="Pat Example")
    totp.TOTP.activate(made, SECRET)
    RecoveryCodes.activate(made)
    return made


@pytest.fixture
def passkey(person, password):
    """Pat has a passkey too, added through the pages."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    browser.post("/accounts/confirm/", {"password": password})
    browser.post("/accounts/second-step/confirm/?next=" + ADD, {"code": recovery_code(person)})
    key = _module.SoftPasskey("localhost", "http://localhost")
    credential = key.create(browser.get(ADD).context_data["js_data"])
    browser.post(ADD, {"name": "My phone", "passwordless": "on", "credential": credential})
    assert Authenticator.objects.filter(user=person, type="webauthn").exists()
    return key


@pytest.fixture
def half(person, password):
    """A browser in which Pat has given the password and no code yet."""
    browser = Client(SERVER_NAME="localhost")
    assert browser.post(SIGN_IN, {"login": person.email, "password": password}).url == CODE
    return browser


def recovery_code(person):
    return Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]


def new_password(person, administrator):
    person.set_password("four unlikely words here")
    person.save()


def new_link(person, administrator):
    actions.give_new_link(person=person, by=administrator)


def stopped(person, administrator):
    actions.deactivate_person(person=person, by=administrator)


def stopped_and_restarted(person, administrator):
    stopped(person, administrator)
    actions.reactivate_person(person=person, by=administrator)


def answers(person, passkey, half, clock):
    """What opens the second step, one for each way."""
    shown = half.get(CODE).context_data["js_data"]
    return {
        "app": {"code": clock.code(SECRET)},
        "recovery": {"code": recovery_code(person)},
        "passkey": {"credential": passkey.get(shown)},
    }


@pytest.mark.parametrize("change", [new_password, new_link, stopped, stopped_and_restarted])
@pytest.mark.parametrize("way", ["app", "recovery", "passkey"])
def test_after_a_change_no_second_step_is_taken(person, administrator, passkey, half, clock, way, change):
    answer = answers(person, passkey, half, clock)[way]
    change(person, administrator)
    last = audit.verify().count
    ended = half.post(CODE, answer)
    assert (ended.status_code, ended.url) == (302, SIGN_IN)
    said = half.get(SIGN_IN).content.decode()
    assert (half_way.STOPPED if change is stopped else half_way.STALE) in said
    assert "_auth_user_id" not in half.session
    assert "account_login" not in half.session
    assert not AuditEntry.objects.filter(number__gt=last).exists()


@pytest.mark.parametrize("way", ["app", "recovery", "passkey"])
def test_without_a_change_each_way_opens(person, passkey, half, clock, way):
    half.post(CODE, answers(person, passkey, half, clock)[way])
    assert half.session["_auth_user_id"] == str(person.pk)
    assert half_way.BEGAN_WITH not in half.session


def test_the_page_itself_is_not_shown_either(person, administrator, half):
    new_link(person, administrator)
    assert half.get(CODE).url == SIGN_IN


def test_a_session_that_does_not_say_how_it_began_does_not_go_on(half):
    session = half.session
    del session[half_way.BEGAN_WITH]
    session.save()
    assert half.get(CODE).url == SIGN_IN


def test_a_passkey_alone_opens_no_stopped_account_and_writes_nothing(person, administrator, passkey):
    browser = Client(SERVER_NAME="localhost")
    shown = browser.get(WITH_PASSKEY, headers={"accept": "application/json"}).json()
    stopped(person, administrator)
    last = audit.verify().count
    assert browser.post(WITH_PASSKEY, {"credential": passkey.get(shown)}).url == SIGN_IN
    assert half_way.STOPPED in browser.get(SIGN_IN).content.decode()
    assert "_auth_user_id" not in browser.session
    assert not AuditEntry.objects.filter(number__gt=last).exists()


@pytest.mark.parametrize("change", [new_password, stopped])
def test_an_account_that_changes_while_the_password_is_looked_at_does_not_open(
    places, somebody, administrator, password, change, monkeypatch
):
    person = somebody("place_lead", places.place)
    look = User.check_password

    def and_then(user, given):
        right = look(user, given)
        change(User.objects.get(pk=user.pk), administrator)
        return right

    monkeypatch.setattr(User, "check_password", and_then)
    browser = Client()
    assert browser.post(SIGN_IN, {"login": person.email, "password": password}).url == SIGN_IN
    assert "_auth_user_id" not in browser.session
    assert not AuditEntry.objects.filter(action="signed_in").exists()


def test_nobody_is_let_into_a_stopped_account_by_any_other_way(rf, client, person, administrator):
    request = rf.post(SIGN_IN)
    request.session = client.session
    half_way.begin(request, person)
    stopped(person, administrator)

    class Kept(list):
        def add(self, level, message, extra_tags=""):
            self.append(message)

    request._messages = Kept()
    with pytest.raises(ImmediateHttpResponse):
        AccountAdapter().login(request, person)
    assert request._messages == [half_way.STOPPED]


def test_asking_for_passkeys_is_limited_as_answering_is(db, client, settings):
    settings.MFA_RATE_LIMITS = {"webauthn_login": "5/m/ip"}
    statuses = [
        Client().get(WITH_PASSKEY, headers={"x-requested-with": "XMLHttpRequest"}).status_code for _ in range(8)
    ]
    assert statuses == [200] * 5 + [429] * 3
    assert Session.objects.count() == 5
    assert client.post(WITH_PASSKEY, {"credential": "{}"}).status_code == 429
