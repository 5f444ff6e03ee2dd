"""GOV.UK Notify: what is said to it, what its answers mean, and no message twice whatever breaks on the way."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from fake_notify import API_KEY, EMAIL_TEMPLATE, SECRET, SERVICE, TEXT_TEMPLATE

from inroads.post.actions import cancel, sending
from inroads.post.actions.sending import deliver
from inroads.post.backends.notify import token
from inroads.post.models import State

pytestmark = pytest.mark.django_db


def test_the_bearer_is_a_token_that_the_secret_signs():
    head, claims, signature = token(API_KEY, now=1_700_000_000).split(".")
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"typ": "JWT", "alg": "HS256"}
    assert json.loads(base64.urlsafe_b64decode(claims + "==")) == {"iss": SERVICE, "iat": 1_700_000_000}
    signed = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signature + "==") == signed


def test_the_signature_of_the_standard_s_own_example(monkeypatch):
    """RFC 7515, A.1: header, claims and key with a signature that others worked out."""
    signed = (
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    )
    key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    from inroads.post.backends.notify import _base64

    made = hmac.new(base64.urlsafe_b64decode(key + "=="), signed.encode(), hashlib.sha256).digest()
    assert _base64(made) == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


def test_a_key_of_another_form_is_refused():
    with pytest.raises(ValueError, match="name-service-secret"):
        token("secret")


def test_a_text_and_an_email_arrive_with_our_reference(notify, write, fresh):
    text, email = write("text"), write("email")
    assert deliver() == 2
    by_reference = {each["reference"]: each for each in notify.taken}
    said = by_reference[str(text.pk)]
    assert said["path"] == "/v2/notifications/sms"
    assert (said["phone_number"], said["template_id"]) == ("+447700900982", TEXT_TEMPLATE)
    assert said["personalisation"] == {"body": "Robin, your data ends on Friday."}
    said = by_reference[str(email.pk)]
    assert said["path"] == "/v2/notifications/email"
    assert (said["email_address"], said["template_id"]) == ("robin@example.com", EMAIL_TEMPLATE)
    assert said["personalisation"] == {"subject": "Your phone", "body": "Dear Robin,\n\nhi."}
    assert fresh(email).reference == said["id"]
    # A first try asks nothing.
    assert notify.asked == {"post": 2}


@pytest.mark.parametrize("fault", ["lost", "broken"])
def test_an_answer_that_never_came_is_asked_for_and_nothing_is_sent_twice(notify, write, fresh, time_passes, fault):
    notify.faults = [fault]
    message = write()
    assert deliver() == 0
    kept = fresh(message)
    assert (kept.state, kept.ask_first) == (State.WAITING, True)
    assert cancel(key=message.key) is False, "it may have arrived"
    time_passes(message)
    assert deliver() == 1
    assert notify.times == {str(message.pk): 1}
    assert fresh(message).state == State.SENT
    assert fresh(message).reference == notify.taken[0]["id"]


def test_killed_between_handing_over_and_noting(notify, write, fresh, time_passes, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    message = write()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "_note", killed)
        with pytest.raises(Killed):
            deliver()
    assert fresh(message).state == State.SENDING
    time_passes(message)
    assert deliver() == 1
    assert notify.times == {str(message.pk): 1}
    assert notify.asked == {"post": 1, "get": 1}


def test_killed_before_handing_over_it_is_sent_then(notify, write, fresh, time_passes):
    message = write()
    sending._take(set())
    time_passes(message)
    assert deliver() == 1
    assert notify.times == {str(message.pk): 1}
    assert notify.asked == {"post": 1, "get": 1}


def test_too_many_at_once_waits_and_tries_the_others_later(notify, write, fresh, time_passes):
    notify.faults = [201, 429]
    messages = [write() for _ in range(4)]
    assert deliver() == 1
    assert notify.asked["post"] == 2
    second = fresh(messages[1])
    assert (second.state, second.ask_first) == (State.WAITING, False)
    assert second.not_before > timezone.now() + timedelta(seconds=20)
    time_passes(second)
    assert deliver() == 3
    assert set(notify.times.values()) == {1}
    assert len(notify.taken) == 4


def test_trouble_at_notify_is_tried_again(notify, write, fresh, time_passes):
    notify.faults = [503, 500]
    message = write()
    for _ in range(2):
        assert deliver() == 0
        time_passes(message)
    assert deliver() == 1
    assert notify.times == {str(message.pk): 1}


@pytest.mark.parametrize("status", [400, 403])
def test_a_refusal_fails_with_its_reason_and_without_anything_personal(notify, write, fresh, status):
    notify.faults = [status]
    notify.says = "phone_number +44 7700 900982 of robin@example.com is not allowed: 'Robin Quay' (team only)"
    message = write()
    assert deliver() == 0
    kept = fresh(message)
    assert kept.state == State.FAILED
    assert f"({status})" in kept.error
    assert "team only" in kept.error
    assert not [part for part in ("7700", "982", "robin@", "Robin") if part in kept.error]
    assert deliver() == 0
    assert notify.asked == {"post": 1}


def test_a_service_that_is_away_is_tried_again_and_can_still_be_taken_back(notify, write, fresh):
    notify.close()
    message = write()
    assert deliver() == 0
    assert (fresh(message).state, fresh(message).ask_first) == (State.WAITING, False)
    assert "cannot be reached" in fresh(message).error
    assert cancel(key=message.key) is True


def test_a_service_that_does_not_answer_in_time(notify, write, fresh, time_passes, settings):
    settings.POST_TIMEOUT_SECONDS, notify.wait = 0.2, 0.6
    message = write()
    assert deliver() == 0
    assert fresh(message).ask_first is True
    settings.POST_TIMEOUT_SECONDS, notify.wait = 2, 0
    time_passes(message)
    assert deliver() == 1
    assert notify.times == {str(message.pk): 1}


def test_an_earlier_try_that_notify_could_not_deliver_is_said(notify, write, fresh, time_passes):
    notify.faults, notify.status = ["lost"], "permanent-failure"
    message = write()
    deliver()
    time_passes(message)
    assert deliver() == 0
    assert (fresh(message).state, fresh(message).error) == (State.FAILED, "There is no such number or address")


def test_where_asking_took_too_long_nothing_is_handed_over(notify, write, fresh, time_passes, settings):
    """Else another worker, who may think that this one is gone, could hand it over at the same time."""
    settings.POST_HELD_SECONDS = 3
    message = write()
    assert deliver() == 0
    assert notify.asked["post"] == 0
    assert fresh(message).state == State.WAITING


def test_no_redirect_is_followed(notify, write, fresh):
    notify.faults = [302]
    message = write()
    deliver()
    assert fresh(message).state == State.FAILED
    assert notify.asked == {"post": 1}
