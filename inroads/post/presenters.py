"""How messages and the background work are said on a page and on paper."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from inroads.jobs.queries import FailedTask, PeriodicWork
from inroads.jobs.queries import State as Jobs
from inroads.post.models import Channel, Message, State


@dataclass(frozen=True)
class ToSettle:
    """A message that could not be sent, or may have been: nothing of what it says, nor to whom."""

    id: UUID
    channel: str
    day: date
    organisation: str
    why: str
    unsure: bool
    about: str


@dataclass(frozen=True)
class LetterLine:
    """A letter that waits to be printed: whom it is for, so that it finds its envelope."""

    id: UUID
    name: str
    organisation: str
    since: date
    size: str


def lines_to_settle(messages: list[Message]) -> list[ToSettle]:
    """What has to be settled, as the list shows it."""
    return [
        ToSettle(
            id=each.pk,
            channel=Channel(each.channel).label,
            day=timezone.localdate(each.changed_at),
            organisation=each.organisation.name,
            why=each.error,
            unsure=each.state == State.UNSURE,
            about=about_link(each),
        )
        for each in messages
    ]


def about_link(message: Message) -> str:
    """The address of what a message speaks of, "" where there is none. That page asks by itself who may open it."""
    if message.about_kind not in settings.POST_ABOUT:
        return ""
    name, argument = settings.POST_ABOUT[message.about_kind]
    try:
        return reverse(name, kwargs={argument: message.about_id} if argument else None)
    except NoReverseMatch:
        return ""


def letter_lines(messages: list[Message]) -> list[LetterLine]:
    """Letters to print, as the list shows them."""
    return [
        LetterLine(
            id=each.pk,
            name=each.to.partition("\n")[0],
            organisation=each.organisation.name,
            since=timezone.localdate(max(each.not_before, each.created_at)),
            size=f"{each.points} point",
        )
        for each in messages
    ]


def letter_paper(message: Message) -> tuple[str, dict, int]:
    """A letter for `pdf_of_several`. Nobody's name stands in header or footer."""
    document = {
        "title": message.organisation.name,
        "organisation": message.organisation.name,
        "contact": settings.CONTACT,
        "points": message.points,
    }
    letter = {
        "to": message.to.split("\n"),
        "subject": message.subject,
        "paragraphs": [part.split("\n") for part in message.body.split("\n\n") if part.strip()],
        "written_on": timezone.localdate(),
    }
    return "post/print/letter.html", {"document": document, "letter": letter}, message.points


def period(length: timedelta) -> str:
    """How often something is done, in words."""
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if length >= unit and length % unit == timedelta(0):
            count = length // unit
            return f"every {name}" if count == 1 else f"every {count} {name}s"
    return f"every {int(length.total_seconds())} seconds"


def jobs_page(found: Jobs) -> dict:
    """How the background work stands, as the page says it."""
    return {
        "alive": found.alive,
        "last_seen_at": found.last_seen_at,
        "waiting": found.waiting,
        "running": found.running,
        "failed": [{"name": _name(each), "at": each.at, "why": each.why} for each in found.failed],
        "works": [
            {"name": _name(each), "often": period(each.period), "last": each.last_started_at, "next": each.next_at}
            for each in found.works
        ],
    }


def _name(each: FailedTask | PeriodicWork) -> str:
    return f"{each.says} ({each.name})" if each.says else each.name
