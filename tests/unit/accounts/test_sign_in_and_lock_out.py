"""Signing in through the real pages: lock-out, second step, and what is written about it."""

from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from inroads.accounts import actions, audit
from inroads.accounts.models import AuditEntry, User
from inroads.accounts.sign_in.lockout import name_for_lockout

SIGN_IN = "/accounts/sign-in/"
CODE = "/accounts/second-step/code/"
SECRET = totp.generate_totp_secret()


def signed_in(client):
    return "_auth_user_id" in client.session


def actions_written():
    return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


def wrong_code(clock):
    return next(f"{number:06}" for number in range(2) if f"{number:06}" != clock.code(SECRET))


def test_the_page_asks_for_an_email_address_and_says_who_gives_accounts(client, db):
    page = client.get(SIGN_IN).content.decode()
    assert 'type="email"' in page
    assert "I do not have an account" in page
    assert "by invitation" in client.get("/accounts/joining/").content.decode()


@pytest.mark.parametrize("email", ["pat@example.org", "PAT@Example.ORG", " pat@example.org "])
def test_the_right_password_signs_in_whatever_the_capitals(client, person, sign_in, email):
    answer = sign_in(email, next="/accounts/")
    assert (answer.status_code, answer.url) == (302, "/accounts/")
    assert signed_in(client)
    entry = AuditEntry.objects.get(action="signed_in")
    assert (entry.by, entry.organisation.name) == (person, "Isle of Wight")


def test_an_address_of_another_site_is_not_followed_after_signing_in(person, sign_in):
    assert sign_in(next="https://evil.example/").url == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(person, sign_in):
    wrong, unknown = sign_in(given="not it at all"), sign_in("nobody@example.org")
    for answer in (wrong, unknown):
        assert answer.status_code == 200
        assert "The email address or the password is not right" in answer.content.decode()


def test_a_failed_sign_in_is_written_with_a_pseudonym_and_never_the_address_or_password(person, sign_in):
    sign_in(given="my secret guess")
    sign_in("stranger@example.org", "my secret guess")
    known, unknown = AuditEntry.objects.filter(action="sign_in_failed").order_by("number")
    assert (known.about_id, known.by, known.organisation.name) == (str(person.pk), None, "Isle of Wight")
    assert (unknown.about_id, unknown.organisation) == ("", None)
    assert unknown.details == {"email_pseudonym": audit.pseudonym("stranger@example.org")}
    written = str(list(AuditEntry.objects.values()))
    assert "example.org" not in written
    assert "guess" not in written
    assert "guess" not in str(list(AccessAttempt.objects.values()))


def test_five_wrong_passwords_close_the_door_for_the_right_one_too(client, person, sign_in):
    for _ in range(4):
        assert sign_in(given="wrong").status_code == 200
    fifth = sign_in(given="wrong")
    assert fifth.status_code == 429
    page = fifth.content.decode()
    assert "Wait 15 minutes" in page
    assert "administrator of your organisation" in page
    assert fifth["Retry-After"] == "900"
    assert sign_in().status_code == 429
    assert not signed_in(client)
    assert "locked_out" in actions_written()


def test_changing_capitals_does_not_start_a_new_count(client, person, sign_in):
    for email in ("pat@example.org", "Pat@example.org", "PAT@example.org", "pAt@example.org", "paT@example.org"):
        answer = sign_in(email, "wrong")
    assert answer.status_code == 429
    assert sign_in().status_code == 429


def test_the_lock_out_is_for_one_address_and_one_place(client, person, sign_in, somebody, places):
    other = somebody("analyst", places.ics, email="sam@example.org")
    for _ in range(5):
        sign_in(given="wrong")
    assert sign_in("sam@example.org", using=Client()).status_code == 302, "someone else at the same place"
    elsewhere = Client()
    assert sign_in(using=elsewhere, address="198.51.100.7").status_code == 302, "the same person from elsewhere"
    assert other.pk


def test_the_door_opens_again_after_fifteen_minutes(client, person, sign_in):
    for _ in range(5):
        sign_in(given="wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14, seconds=50))
    assert sign_in().status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert sign_in().status_code == 302


def test_tries_while_locked_out_do_not_make_it_longer(client, person, sign_in):
    for _ in range(5):
        sign_in(given="wrong")
    before = AccessAttempt.objects.get().attempt_time
    assert sign_in(given="wrong").status_code == 429
    assert AccessAttempt.objects.get().attempt_time == before


def test_signing_in_clears_the_count(client, person, sign_in):
    for _ in range(4):
        sign_in(given="wrong")
    assert sign_in().status_code == 302
    client.post("/accounts/sign-out/")
    for _ in range(4):
        assert sign_in(given="wrong").status_code == 200


def test_a_stopped_account_is_told_so_only_after_the_right_password(client, person, sign_in):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert "not right" in sign_in(given="wrong").content.decode()
    answer = sign_in()
    assert (answer.status_code, answer.url) == (302, "/accounts/stopped/")
    assert not signed_in(client)


def test_tries_under_way_at_the_same_moment_are_counted_like_others(client, person, sign_in, monkeypatch):
    """Each try begins before the one before it is done, as when eight are sent at once, from several browsers."""
    looked_at = []

    def check_password(user, given):
        looked_at.append(given)
        if len(looked_at) < 8:
            sign_in(given=f"wrong {len(looked_at)}", using=Client(headers={"user-agent": f"Browser {len(looked_at)}"}))
        return False

    monkeypatch.setattr(User, "check_password", check_password)
    sign_in(given="wrong 0")
    assert len(looked_at) == 5
    monkeypatch.undo()
    assert sign_in().status_code == 429
    assert sum(AccessAttempt.objects.values_list("failures_since_start", flat=True)) == 5


def test_a_right_password_uses_up_no_try(client, person, with_app, sign_in, password):
    for _ in range(4):
        sign_in(given="wrong")
    for _ in range(7):
        assert sign_in().url == CODE, "on to the second step"
    before = AccessAttempt.objects.get()
    assert before.failures_since_start == 4, "until the second step is passed"
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for _ in range(7):
        assert client.post("/accounts/confirm/", {"password": password}, REMOTE_ADDR="192.0.2.1").status_code == 302
    assert AccessAttempt.objects.get().failures_since_start == 4


def test_a_try_is_not_added_to_those_that_are_too_old_to_count(client, person, sign_in):
    for _ in range(4):
        sign_in(given="wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert [sign_in(given="wrong").status_code for _ in range(5)] == [200, 200, 200, 200, 429]


def test_a_session_from_before_an_account_was_stopped_never_opens_again(client, person, sign_in, places, somebody):
    sign_in()
    stored, administrator = client.cookies["sessionid"].value, somebody("administrator", places.england)
    secret = User.objects.get(pk=person.pk).password
    actions.deactivate_person(person=person, by=administrator)
    assert client.get("/accounts/").status_code == 302
    actions.reactivate_person(person=person, by=administrator)
    client.cookies["sessionid"] = stored
    assert client.get("/accounts/").status_code == 302, "the old cookie"
    assert User.objects.get(pk=person.pk).password == secret
    again = Client()
    assert sign_in(using=again).status_code == 302
    assert again.get("/accounts/").status_code == 200, "the same password still signs in"


def test_a_session_that_was_not_used_while_the_account_was_stopped_does_not_open_either(
    client, person, sign_in, places, somebody
):
    sign_in()
    administrator = somebody("administrator", places.england)
    actions.deactivate_person(person=person, by=administrator)
    actions.reactivate_person(person=person, by=administrator)
    assert client.get("/accounts/").status_code == 302


def test_signing_out_is_asked_and_written(client, person, sign_in):
    sign_in()
    assert "Sign out" in client.get("/accounts/sign-out/").content.decode()
    assert signed_in(client)
    client.post("/accounts/sign-out/")
    assert not signed_in(client)
    assert actions_written()[-1] == "signed_out"


@pytest.fixture
def with_app(person):
    totp.TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


def test_the_password_alone_does_not_sign_in_where_there_is_a_second_step(client, with_app, sign_in, clock):
    answer = sign_in()
    assert (answer.status_code, answer.url) == (302, CODE)
    assert not signed_in(client)
    assert client.get("/accounts/").status_code == 302
    page = client.get(CODE).content.decode()
    assert "recovery code" in page
    client.post(CODE, {"code": clock.code(SECRET)})
    assert signed_in(client)
    assert "second_step_passed" in actions_written()


def test_a_code_works_once(client, with_app, sign_in, clock):
    sign_in()
    code = clock.code(SECRET)
    client.post(CODE, {"code": code})
    assert signed_in(client)
    again = Client()
    sign_in(using=again)
    again.post(CODE, {"code": code})
    assert not signed_in(again)


def test_a_recovery_code_signs_in_once(client, with_app, sign_in):
    from allauth.mfa.models import Authenticator

    stored = Authenticator.objects.get(user=with_app, type=Authenticator.Type.RECOVERY_CODES)
    code = stored.wrap().get_unused_codes()[0]
    sign_in()
    client.post(CODE, {"code": code})
    assert signed_in(client)
    again = Client()
    sign_in(using=again)
    again.post(CODE, {"code": code})
    assert not signed_in(again)


def test_codes_cannot_be_guessed_whatever_the_address_and_the_session(client, with_app, sign_in, clock):
    for number in range(5):
        guesser = Client()
        sign_in(using=guesser, address=f"192.0.2.{number}")
        answer = guesser.post(CODE, {"code": wrong_code(clock)}, REMOTE_ADDR=f"192.0.2.{number}")
        assert "The code is not right" in answer.content.decode()
    sign_in()
    answer = client.post(CODE, {"code": clock.code(SECRET)})
    assert "too many wrong codes" in answer.content.decode()
    assert not signed_in(client)
    assert actions_written().count("second_step_failed") == 5


def test_the_second_step_opens_again_after_fifteen_minutes_and_a_right_code_clears_the_count(
    client, with_app, sign_in, monkeypatch, clock
):
    sign_in()
    for _ in range(5):
        client.post(CODE, {"code": wrong_code(clock)})
    later = timezone.now() + timedelta(minutes=15, seconds=1)
    with monkeypatch.context() as patch:
        patch.setattr("inroads.accounts.sign_in.lockout.timezone.now", lambda: later)
        client.post(CODE, {"code": clock.code(SECRET)})
    assert signed_in(client)
    again = Client()
    sign_in(using=again)
    for _ in range(4):
        again.post(CODE, {"code": wrong_code(clock)})
    clock.now += 30
    again.post(CODE, {"code": clock.code(SECRET)})
    assert signed_in(again)
    third = Client()
    sign_in(using=third)
    assert "too many" not in third.post(CODE, {"code": wrong_code(clock)}).content.decode()


def test_adding_an_app_asks_for_the_password_again_shows_a_picture_and_a_key(
    client, person, password, django_capture_on_commit_callbacks, clock
):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get("/accounts/second-step/app/add/")
    assert answer.url.startswith("/accounts/confirm/?next=")
    wrong = client.post(answer.url, {"password": "wrong"})
    assert "The password is not right" in wrong.content.decode()
    assert client.post(answer.url, {"password": password}).url == "/accounts/second-step/app/add/"
    page = client.get("/accounts/second-step/app/add/").content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    assert 'src="data:image/svg+xml;base64,' in page
    code = clock.code(secret)
    with django_capture_on_commit_callbacks(execute=True):
        added = client.post("/accounts/second-step/app/add/", {"code": code}, follow=True)
    assert "Your recovery codes" in added.content.decode()
    assert "10 of 10 codes are unused" in added.content.decode()
    again = Client()
    again.post(SIGN_IN, {"login": person.email, "password": password})
    used = again.post(CODE, {"code": code})
    assert "The code is not right" in used.content.decode(), "the code that was given here is used up"
    assert not signed_in(again)
    text = client.get("/accounts/second-step/recovery-codes/download/")
    assert len([line for line in text.content.decode().split() if line.isdigit()]) == 10
    assert text["Cache-Control"].count("no-store") == 1
    for path in ("", "app/remove/", "recovery-codes/new/", "confirm/"):
        assert client.get(f"/accounts/second-step/{path}").status_code == 200, path
    client.post("/accounts/second-step/app/remove/")
    assert not person.authenticator_set.exists()
    written = actions_written()
    assert "second_step_added" in written
    assert "second_step_removed" in written
    assert secret not in str(list(AuditEntry.objects.values()))


def test_guessing_the_password_when_asked_again_locks_out_as_well(client, person):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answers = [client.post("/accounts/confirm/", {"password": "wrong"}).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]


@pytest.mark.parametrize(("length", "page_says"), [(254, "is not right"), (255, "at most 254"), (400, "at most 254")])
def test_what_is_too_long_for_an_address_is_said(client, db, sign_in, length, page_says):
    answer = sign_in("a" * (length - len("@example.org")) + "@example.org", "whatever")
    assert page_says in answer.content.decode()


@pytest.mark.parametrize("email", ["x" * 256 + "@example.org", "x" * 255, "a\0@example.org", "\ud800" * 300])
def test_the_name_that_is_counted_fits_where_it_is_kept(email):
    name = name_for_lockout(None, {"email": email})
    assert len(name) <= AccessAttempt._meta.get_field("username").max_length
    assert "\0" not in name
    assert name == name_for_lockout(None, {"login": email.upper()})
    assert name != name_for_lockout(None, {"email": email + "y"})
