"""What became of messages that left: what did not arrive comes back to a person."""

from datetime import timedelta

import pytest
from django.utils import timezone
from people_factories import make_worker

from inroads.post.actions import settling
from inroads.post.actions.following import follow
from inroads.post.actions.sending import deliver
from inroads.post.models import Message, State

pytestmark = pytest.mark.django_db


def test_a_number_that_is_gone_comes_back_to_a_person(notify, write, fresh):
    message = write()
    deliver()
    assert follow() == 0
    assert fresh(message).state == State.SENT
    notify.status = "permanent-failure"
    assert follow() == 1
    kept = fresh(message)
    assert (kept.state, kept.error, kept.sent_at) == (State.FAILED, "There is no such number or address", None)
    assert follow() == 0


def test_sent_again_it_is_not_taken_for_the_one_that_failed(notify, write, fresh, time_passes):
    message = write()
    deliver()
    notify.status = "permanent-failure"
    follow()
    notify.status, notify.faults = "created", ["lost"]
    settling.send_again(message=fresh(message), by=make_worker(message.organisation))
    assert deliver() == 0
    time_passes(message)
    assert deliver() == 1
    assert notify.times == {str(message.pk): 1, f"{message.pk}-2": 1}
    assert fresh(message).state == State.SENT


def test_what_arrived_is_asked_about_no_more(notify, write, fresh):
    message = write()
    deliver()
    notify.status = "delivered"
    follow()
    asked = notify.asked["get"]
    follow()
    assert notify.asked["get"] == asked == 1
    assert fresh(message).state == State.SENT


def test_after_three_days_nobody_asks(notify, write):
    write()
    deliver()
    Message.objects.update(follow_until=timezone.now() - timedelta(minutes=1))
    assert follow() == 0
    assert notify.asked["get"] == 0


def test_a_service_that_is_away_is_asked_once_and_later(notify, write, fresh):
    messages = [write() for _ in range(3)]
    deliver()
    notify.close()
    assert follow() == 0
    assert {fresh(each).state for each in messages} == {State.SENT}
    assert Message.objects.filter(follow_until__isnull=False).count() == 3


def test_what_was_settled_meanwhile_stays(notify, write, fresh, monkeypatch):
    message = write()
    deliver()
    notify.status = "permanent-failure"
    from inroads.post.backends.notify import Backend

    kept = Backend.find

    def settled_meanwhile(self, asked):
        Message.objects.update(state=State.CANCELLED)
        return kept(self, asked)

    monkeypatch.setattr(Backend, "find", settled_meanwhile)
    assert follow() == 0
    assert fresh(message).state == State.CANCELLED


def test_files_are_not_followed(write, fresh):
    message = write()
    deliver()
    assert fresh(message).follow_until is None
    assert follow() == 0
