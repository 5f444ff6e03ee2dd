"""Sending what is due: each message is held by one worker while it is handed over, and noted when that is done.

Between handing over and noting, a worker may be killed. When its hold has run out, the way it left by is asked whether
it arrived; where nobody can be asked, the message is unsure, and a person decides.
"""

import logging
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from inroads.jobs.worker import stopping
from inroads.post.backends import Found, NotNow, Rejected, Unsure, Way, way_for
from inroads.post.models import Channel, Message, State

logger = logging.getLogger("inroads.post")
BY_ITSELF = (Channel.TEXT, Channel.EMAIL)
MOST_TRIES = 20
# Phone companies give up after this long; so does Notify.
FOLLOWED_FOR = timedelta(days=3)
LONGEST_WAIT = timedelta(hours=1)
CUT_SHORT = "Something broke while it was on its way out, and nobody can be asked whether it arrived"
NOT_SET_UP = "This way of sending is not set up here any more"


@dataclass(frozen=True)
class _Held:
    """A message that this run holds, until a moment of this machine's own clock."""

    message: Message
    way: Way
    until: float


def deliver() -> int:
    """Sends all that is due now. Gives back how many left. Several at once never take the same message."""
    sent, shut = 0, set[str]()
    while not stopping():
        held = _take(shut)
        if held is None:
            return sent
        sent += _send(held, shut)
    return sent


def _take(shut: Collection[str]) -> _Held | None:
    """The next message to send; those on the way that cannot be sent are settled."""
    while True:
        began = time.monotonic()
        with transaction.atomic():
            message = _left_behind(shut) or _due(shut)
            if message is None:
                return None
            way = way_for(message.channel)
            if way is None:
                _settle(message, State.FAILED, NOT_SET_UP)
            elif message.state == State.SENDING and not way.can_ask:
                _settle(message, State.UNSURE, CUT_SHORT)
            else:
                message.ask_first = message.ask_first or message.state == State.SENDING
                message.state, message.changed_at = State.SENDING, timezone.now()
                message.tries += 1
                message.holder = uuid.uuid4()
                message.held_until = message.changed_at + timedelta(seconds=settings.POST_HELD_SECONDS)
                message.save(update_fields=("state", "changed_at", "ask_first", "tries", "holder", "held_until"))
                return _Held(message, way, began + settings.POST_HELD_SECONDS)


def _left_behind(shut: Collection[str]) -> Message | None:
    """A message whose worker went away while it held it."""
    held = Message.objects.select_for_update(skip_locked=True, of=("self",)).exclude(channel__in=shut)
    return held.filter(state=State.SENDING, held_until__lt=timezone.now()).order_by("held_until").first()


def _due(shut: Collection[str]) -> Message | None:
    waiting = Message.objects.select_for_update(skip_locked=True, of=("self",)).exclude(channel__in=shut)
    waiting = waiting.filter(state=State.WAITING, channel__in=BY_ITSELF, not_before__lte=timezone.now())
    return waiting.order_by("not_before", "pk").first()


def _send(held: _Held, shut: set[str]) -> bool:
    message = held.message
    try:
        found = held.way.find(message) if message.ask_first else None
        if found is None:
            if held.until - time.monotonic() < 2 * settings.POST_TIMEOUT_SECONDS:
                raise NotNow("It took too long to ask whether it had arrived", maybe=message.ask_first)
            found = Found(held.way.hand_over(message))
    except Rejected as rejected:
        _note(held, State.FAILED, error=str(rejected))
    except Unsure as unsure:
        _note(held, State.UNSURE, error=str(unsure))
    except NotNow as reason:
        if reason.all:
            shut.add(message.channel)
        _put_back(held, reason)
    except Exception as error:
        # Whatever it was, it may have come after the message had left. Its words may be those of the message.
        logger.error("Message %s: %s", message.pk, type(error).__name__)
        if held.way.can_ask:
            _put_back(held, NotNow("Something broke here while it was on its way out", maybe=True))
        else:
            _note(held, State.UNSURE, error=CUT_SHORT)
    else:
        if found.failed:
            again = {"round": message.round + 1, "ask_first": False}
            _note(held, State.FAILED, error=found.failed, reference=found.reference, **again)
        else:
            now = timezone.now()
            follow = now + FOLLOWED_FOR if held.way.follows else None
            return _note(held, State.SENT, reference=found.reference, sent_at=now, follow_until=follow)
    return False


def _put_back(held: _Held, reason: NotNow) -> None:
    message = held.message
    ask_first = message.ask_first or reason.maybe
    if message.tries >= MOST_TRIES:
        _note(held, State.FAILED, error=str(reason), ask_first=ask_first)
        return
    _note(held, State.WAITING, error=str(reason), ask_first=ask_first, not_before=timezone.now() + _wait(message.tries))


def _wait(tries: int) -> timedelta:
    """Half a minute after the first try, twice as long after each further one, at most an hour."""
    return min(timedelta(seconds=30 * 2 ** min(tries - 1, 10)), LONGEST_WAIT)


def _note(held: _Held, state: State, **details: Any) -> bool:
    """Writes down what became of it, unless somebody else holds it by now."""
    mine = Message.objects.filter(pk=held.message.pk, holder=held.message.holder, state=State.SENDING)
    if state != State.WAITING:
        details.setdefault("error", "")
    return bool(mine.update(state=state, changed_at=timezone.now(), holder=None, held_until=None, **details))


def _settle(message: Message, state: State, why: str) -> None:
    message.state, message.changed_at, message.error = state, timezone.now(), why
    message.holder = message.held_until = None
    message.save(update_fields=("state", "changed_at", "error", "holder", "held_until"))
