"""Whatever breaks, and in whatever order: what can be asked about arrives once, what cannot arrives at most once."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people_factories import make_team

from inroads.post.actions import cancel, send, sending
from inroads.post.backends import Found, NotNow
from inroads.post.models import Message, State

pytestmark = pytest.mark.django_db
OUTCOMES = (
    "killed before asking",
    "killed before handing over",
    "killed while handing over, not taken",
    "killed while handing over, taken",
    "killed before noting",
    "taken, no answer",
    "not taken, no answer",
    "too many just now",
    "nobody there",
    "taken",
)
STEPS = (*OUTCOMES, "taken back", "two at once")


class Killed(BaseException):
    """Stands for kill -9: nothing of ours runs after it."""


class Service:
    """Takes messages, with the outcome that the schedule says for each try."""

    follows = False

    def __init__(self, can_ask: bool) -> None:
        self.can_ask, self.taken, self.outcome = can_ask, [], "taken"

    def find(self, message):
        if self.outcome == "killed before asking":
            raise Killed
        return Found("found") if self.can_ask and message.pk in self.taken else None

    def hand_over(self, message):
        outcome = self.outcome
        if outcome in ("killed before asking", "killed before handing over", "killed while handing over, not taken"):
            raise Killed
        if outcome == "too many just now":
            raise NotNow("too many", all=True)
        if outcome == "nobody there":
            raise NotNow("nobody there")
        # Who cannot ask may not say "not now" where it may have been taken: it says that it is unsure.
        if outcome == "not taken, no answer":
            raise NotNow("no answer", maybe=True) if self.can_ask else sending.Unsure("no answer")
        self.taken.append(message.pk)
        if outcome == "taken, no answer":
            raise NotNow("no answer", maybe=True) if self.can_ask else sending.Unsure("no answer")
        if outcome == "killed while handing over, taken":
            raise Killed
        return "taken"


def note_or_die(service, kept):
    def note(*arguments, **details):
        if service.outcome == "killed before noting":
            raise Killed
        return kept(*arguments, **details)

    return note


def try_once():
    with suppress(Killed):
        sending.deliver()


def time_passes():
    long_ago = timezone.now() - timedelta(hours=2)
    Message.objects.update(not_before=long_ago)
    Message.objects.filter(held_until__isnull=False).update(held_until=long_ago)


@given(can_ask=st.booleans(), steps=st.lists(st.sampled_from(STEPS), max_size=14))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_once_or_not_at_all(monkeypatch, can_ask, steps):
    service = Service(can_ask)
    with monkeypatch.context() as patched, transaction.atomic():
        patched.setattr(sending, "way_for", lambda channel: service)
        patched.setattr(sending, "_note", note_or_die(service, sending._note))
        team = make_team()
        message = send(key="a", channel="text", to="07700900982", subject="", body="Hello", organisation=team)
        taken_back = False
        for step in steps:
            if step == "taken back":
                taken_back = cancel(key="a")
                assert not (taken_back and service.taken), "it had left, and was said not to have"
                continue
            if step == "two at once":
                # The first has it, so the second finds nothing.
                service.outcome = "taken"
                held = sending._take(set())
                try_once()
                if held is not None:
                    sending._send(held, set())
                continue
            service.outcome = step
            try_once()
            assert len(service.taken) <= 1
            time_passes()
        service.outcome = "taken"
        for _ in range(30):
            time_passes()
            try_once()
        state = Message.objects.get(pk=message.pk).state
        assert len(service.taken) <= 1
        if taken_back:
            assert (state, len(service.taken)) == (State.CANCELLED, 0)
        elif can_ask:
            assert (state, len(service.taken)) == (State.SENT, 1)
        else:
            assert state in (State.SENT, State.UNSURE)
            assert state == State.UNSURE or service.taken
        transaction.set_rollback(True)
