"""What changes about releases: one is kept, somebody asks to open it, a second person agrees or does not."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa
from django.core.exceptions import PermissionDenied
from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.reference.models import Organisation
from inroads.released.models import Event, Release, State, Table
from inroads.released.permissions import may_release
from inroads.released.queries import as_bytes, closed_with, last_of, opened_with

CHANGED = "Somebody changed this meanwhile. Look at what stands here now, and say again what you want"


@transaction.atomic
def keep_release(
    *,
    organisation: Organisation,
    since: date | None,
    until: date,
    tables: Mapping[str, pa.Table],
    checks: Sequence[str],
) -> Release | None:
    """Keeps the tables of what was said after `since`, up to `until`. What is kept is never replaced.

    None where `since` is not the end of the release before: another one was kept meanwhile.
    """
    audit.hold()
    before = last_of(organisation)
    if since != (before.until if before else None) or (before and until <= before.until):
        return None
    release = Release.objects.create(organisation=organisation, since=since, until=until, checks=list(checks))
    for name, content in tables.items():
        written = as_bytes(content)
        Table.objects.create(release=release, name=name, content=written, sha256=hashlib.sha256(written).hexdigest())
    Event.objects.create(release=release, what=Event.What.MADE)
    audit.record(
        action="figures_counted",
        by=None,
        about=release,
        organisation=organisation,
        details={"until": until.isoformat(), "tables": len(tables)},
    )
    return release


def ask_to_open(*, release: Release, why: str, version: int, by: User) -> Release:
    """Asks that a release leaves the system: a second person has to agree. Raises `Refused`."""
    return _move(release, Event.What.ASKED, State.INSIDE, State.ASKED, words=why, version=version, by=by)


def agree_to_open(*, release: Release, words: str, version: int, by: User) -> Release:
    """The second person agrees: everybody can see the release from now on, and those before it.

    Raises `Refused` for whoever asked.
    """
    return _move(release, Event.What.AGREED, State.ASKED, State.OPEN, words=words, version=version, by=by)


def refuse_to_open(*, release: Release, words: str, version: int, by: User) -> Release:
    """The second person does not agree, and says why."""
    return _move(release, Event.What.REFUSED, State.ASKED, State.INSIDE, words=words, version=version, by=by)


def take_back(*, release: Release, version: int, by: User) -> Release:
    """Whoever asked no longer does."""
    return _move(release, Event.What.TAKEN_BACK, State.ASKED, State.INSIDE, words="", version=version, by=by)


def close_again(*, release: Release, words: str, version: int, by: User) -> Release:
    """An open release, and those after it, are shown inside the system only. Whoever has a copy keeps it."""
    return _move(release, Event.What.CLOSED, State.OPEN, State.INSIDE, words=words, version=version, by=by)


NEEDS_WORDS = {
    Event.What.ASKED: "Say who is to see these figures, and what for",
    Event.What.REFUSED: "Say why, so that whoever asked can mend it",
    Event.What.CLOSED: "Say why it is closed again",
}


@transaction.atomic
def _move(release: Release, what: str, start: str, end: str, *, words: str, version: int, by: User) -> Release:
    audit.hold()
    kept = Release.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=release.pk)
    if not may_release(by, kept):
        raise PermissionDenied("You do not release figures of this organisation")
    words = words.strip()
    if not words and what in NEEDS_WORDS:
        raise Refused(NEEDS_WORDS[Event.What(what)], field="words")
    if kept.version != version or kept.state != start:
        raise Refused(CHANGED)
    mine = kept.asked_by_id == by.pk
    if what in (Event.What.AGREED, Event.What.REFUSED) and mine:
        raise Refused("You asked for this yourself. Somebody else has to look at it; you can take it back")
    if what == Event.What.TAKEN_BACK and not mine:
        raise Refused("Only whoever asked can take it back; you can say that you do not agree")
    kept.state, kept.version = end, kept.version + 1
    if what == Event.What.ASKED:
        kept.asked_by = by
    others = {Event.What.AGREED: opened_with, Event.What.CLOSED: closed_with}.get(Event.What(what))
    _note(kept, what, words, by)
    for each in others(kept) if others else ():
        each.state, each.version, each.asked_by = end, each.version + 1, kept.asked_by
        _note(each, what, words, by)
    return kept


def _note(release: Release, what: str, words: str, by: User) -> None:
    release.save(update_fields=("state", "version", "asked_by"))
    Event.objects.create(release=release, what=what, words=words, by=by)
    audit.record(action=f"release_{what}", by=by, about=release, organisation=release.organisation)
