"""Which tries count, which are written down, and which are only asked to come again."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from inroads.accounts.models import AuditEntry, PasswordTry, User
from inroads.accounts.sign_in import lockout_counting

SIGN_IN = "/accounts/sign-in/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def sign_in(password):
    def post(given=password, using=None, email="pat@example.org"):
        return (using or Client()).post(SIGN_IN, {"login": email, "password": given}, REMOTE_ADDR="192.0.2.1")

    return post


def written():
    return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


@pytest.mark.parametrize("email", ["pat@example.org", "nobody@example.org"])
def test_a_lock_out_is_one_entry_and_refused_tries_are_none(person, sign_in, email):
    assert [sign_in("wrong", email=email).status_code for _ in range(20)] == [200] * 4 + [429] * 16
    assert sorted(written()) == ["locked_out", *["sign_in_failed"] * 5]
    sign_in(email=email)
    assert len(written()) == 6


def test_the_next_lock_out_is_an_entry_of_its_own(person, sign_in):
    for _ in range(7):
        sign_in("wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    for _ in range(7):
        sign_in("wrong")
    assert (written().count("locked_out"), written().count("sign_in_failed")) == (2, 10)


def test_a_double_click_with_the_right_password_locks_nobody_out(person, sign_in, monkeypatch):
    for _ in range(4):
        sign_in("wrong")
    look, second = User.check_password, []

    def check_password(user, given):
        if not second:
            second.append(None)
            second[0] = sign_in()
        return look(user, given)

    monkeypatch.setattr(User, "check_password", check_password)
    assert sign_in().status_code == 302
    (answer,) = second
    assert (answer.status_code, answer["Retry-After"]) == (429, "5")
    assert "Please try again in a moment" in answer.content.decode()
    assert "Wait 15 minutes" not in answer.content.decode()
    assert written() == ["sign_in_failed"] * 4 + ["signed_in"]
    assert not PasswordTry.objects.exists()


def test_right_passwords_at_the_same_moment_are_asked_to_come_again_and_not_locked_out(person, sign_in, monkeypatch):
    look, said = User.check_password, []

    def check_password(user, given):
        if len(said) < 11:
            said.append(0)
            at = len(said) - 1
            said[at] = sign_in().status_code
        return look(user, given)

    monkeypatch.setattr(User, "check_password", check_password)
    assert sign_in().status_code == 302
    assert set(said) <= {302, 429}
    assert set(written()) == {"signed_in"}
    monkeypatch.undo()
    assert sign_in().status_code == 302


def test_tries_of_a_process_that_was_killed_count_for_half_a_minute(person, sign_in):
    for _ in range(5):
        PasswordTry.objects.create(username=person.email, ip_address="192.0.2.1", at=timezone.now())
    assert "try again in a moment" in sign_in().content.decode()
    PasswordTry.objects.update(at=timezone.now() - timedelta(seconds=31))
    assert sign_in().status_code == 302
    assert not PasswordTry.objects.exists()


@pytest.mark.parametrize("right", [True, False])
def test_an_answer_that_comes_after_the_door_was_closed_is_not_given(person, sign_in, monkeypatch, right):
    """A password that was looked at so long that its place went to others."""
    looked_at = []

    def check_password(user, given):
        looked_at.append(given)
        if len(looked_at) == 1:
            PasswordTry.objects.update(at=timezone.now() - lockout_counting.LONGEST - timedelta(seconds=1))
            assert [sign_in("wrong").status_code for _ in range(6)] == [200, 200, 200, 200, 429, 429]
            return right
        return False

    monkeypatch.setattr(User, "check_password", check_password)
    browser = Client()
    late = sign_in(using=browser)
    assert (late.status_code, "Wait 15 minutes" in late.content.decode()) == (429, True)
    assert "_auth_user_id" not in browser.session
    assert sorted(written()) == ["locked_out", *["sign_in_failed"] * 5]


def test_wrong_current_passwords_count_and_are_written_when_the_password_is_changed(person, client):
    client.force_login(person, backend=BACKEND)
    last = len(written())
    new = {"password1": "four unlikely words here", "password2": "four unlikely words here"}
    answers = [client.post("/accounts/password/", {"oldpassword": "wrong", **new}) for _ in range(5)]
    assert "The current password is not right" in answers[0].content.decode()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "Wait 15 minutes" in answers[4].content.decode()
    assert sorted(written()[last:]) == ["locked_out", *["sign_in_failed"] * 5]
    person.refresh_from_db()
    assert not person.check_password("four unlikely words here")
