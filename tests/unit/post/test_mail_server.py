"""Emails by mail server: only what it answered counts, and what nobody knows is never sent twice by itself."""

import pytest
from django.core import mail

from inroads.post.actions.sending import CUT_SHORT, deliver
from inroads.post.models import State

pytestmark = pytest.mark.django_db


def test_an_email_leaves_under_an_id_that_never_changes(mail_server, write, fresh):
    message = write("email")
    assert deliver() == 1
    (taken,) = mail_server.taken
    assert f"Message-ID: <{message.pk}@service.example>" in taken
    assert "To: robin@example.com" in taken
    assert "Subject: Your phone" in taken
    assert fresh(message).reference == f"<{message.pk}@service.example>"


@pytest.mark.parametrize("step", ["recipient", "data"])
@pytest.mark.parametrize(("code", "state"), [(450, State.WAITING), (550, State.FAILED)])
def test_a_mail_server_that_says_no(mail_server, write, fresh, step, code, state):
    setattr(mail_server, step, f"{code} no, robin@example.com")
    message = write("email")
    assert deliver() == 0
    kept = fresh(message)
    assert kept.state == state
    assert f"({code})" in kept.error
    assert "robin" not in kept.error
    assert not mail_server.taken


def test_a_mail_server_that_went_away_leaves_it_unsure_and_it_is_never_sent_twice(
    mail_server, write, fresh, time_passes
):
    mail_server.data = ""
    message = write("email")
    assert deliver() == 0
    assert fresh(message).state == State.UNSURE
    mail_server.data = "250 taken"
    time_passes(message)
    assert deliver() == 0
    assert len(mail_server.taken) == 1


def test_a_worker_that_went_away_leaves_it_unsure(mail_server, write, fresh, time_passes):
    from inroads.post.actions import sending

    message = write("email")
    sending._take(set())
    time_passes(message)
    assert deliver() == 0
    assert (fresh(message).state, fresh(message).error) == (State.UNSURE, CUT_SHORT)
    assert not mail_server.taken


def test_a_mail_server_that_is_away_is_tried_again(mail_server, write, fresh, time_passes):
    mail_server.close()
    message = write("email")
    assert deliver() == 0
    assert fresh(message).state == State.WAITING
    assert "cannot be reached" in fresh(message).error


def test_without_a_sender_of_ours_the_default_one_stands(write, fresh, settings):
    settings.POST_BACKENDS = {"email": "smtp"}
    settings.DEFAULT_FROM_EMAIL = "Inroads <post@service.example>"
    message = write("email")
    assert deliver() == 1
    assert mail.outbox[0].from_email == "Inroads <post@service.example>"
    assert fresh(message).reference == f"<{message.pk}@service.example>"
