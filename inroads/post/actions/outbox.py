"""Putting a message into the outbox, in the transaction of what it speaks of, and taking it out again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from inroads.accounts.actions import Refused
from inroads.accounts.words import tidy
from inroads.jobs import schedule
from inroads.post.addresses import MOST_PARTS, address_or_refuse, parts, plainer
from inroads.post.models import Channel, Message, State
from inroads.post.queries import channels
from inroads.reference.models import Organisation

POINTS = (12, 18, 24)
LONGEST_SUBJECT = 200
LONGEST_BODY = 10_000
DELIVER = "post.deliver"


@transaction.atomic
def send(
    *,
    key: str,
    channel: str,
    to: str,
    subject: str,
    body: str,
    organisation: Organisation,
    about: Model | None = None,
    not_before: datetime | None = None,
    points: int = 12,
) -> Message:
    """Sends this once, however often it is asked for under the same key; kept or let go with the caller's transaction.

    `body` is plain text, with an empty line between paragraphs. `about` is what the message speaks of, for a link.
    Gives back what is kept under the key, also where it was cancelled meanwhile. Raises `Refused` for an address that
    nothing can be sent to, a text that is too long, and a channel that is not set up here.
    """
    if (kept := Message.objects.filter(key=key).first()) is not None:
        return kept
    channel = Channel(channel)
    if channel not in channels():
        raise Refused(f"{channel.label}s are not set up here. Choose another way, such as a letter", field="channel")
    if points not in POINTS:
        raise Refused("Letters are printed in 12, 18 or 24 points. Choose one of these", field="points")
    if not key or len(key) > 200:
        raise ValueError(f"send: key: {len(key)} characters: expected 1 to 200")
    now = timezone.now()
    made, _ = Message.objects.get_or_create(
        key=key,
        defaults={
            "channel": channel,
            "to": address_or_refuse(channel, to),
            "subject": _subject(channel, subject),
            "body": _body(channel, body),
            "points": points,
            "organisation": organisation,
            "about_kind": about._meta.label_lower if about is not None else "",
            "about_id": str(about.pk) if about is not None else "",
            "not_before": not_before or now,
            "created_at": now,
            "changed_at": now,
        },
    )
    if channel != Channel.LETTER:
        schedule.soon(DELIVER)
    return made


@transaction.atomic
def cancel(*, key: str) -> bool:
    """Takes back what was asked for under this key. False when it has left already, or may have."""
    kept = Message.objects.select_for_update(of=("self",)).filter(key=key).first()
    return kept is None or _taken_back(kept)


@transaction.atomic
def cancel_all(*, prefix: str) -> None:
    """Takes back whatever was asked for under keys that begin so, as far as it has not left."""
    for kept in Message.objects.select_for_update(of=("self",)).filter(key__startswith=prefix).order_by("pk"):
        _taken_back(kept)


def _taken_back(kept: Message) -> bool:
    if kept.state == State.CANCELLED:
        return True
    if kept.state not in (State.WAITING, State.FAILED) or kept.ask_first:
        return False
    kept.state, kept.changed_at = State.CANCELLED, timezone.now()
    kept.save(update_fields=("state", "changed_at"))
    return True


def _subject(channel: Channel, subject: str) -> str:
    kept = " ".join(subject.replace("\0", "").split())
    if not kept and channel != Channel.TEXT:
        raise Refused("Enter what the message is about, in a few words", field="subject")
    if len(kept) > LONGEST_SUBJECT:
        raise Refused(f"What it is about has at most {LONGEST_SUBJECT} letters. Say it shorter", field="subject")
    return kept


def _body(channel: Channel, body: str) -> str:
    kept = tidy(body)
    if not kept:
        raise Refused("Enter what the message says", field="body")
    if len(kept) > LONGEST_BODY:
        raise Refused(f"A message has at most {LONGEST_BODY:,} letters. Say it shorter", field="body")
    if channel == Channel.TEXT:
        kept = plainer(kept)
    if channel == Channel.TEXT and parts(kept) > MOST_PARTS:
        raise Refused(
            f"This is too long for a text message: it would be sent as {parts(kept)}, and {MOST_PARTS} is the most. "
            "Say it shorter, or send a letter",
            field="body",
        )
    return kept
