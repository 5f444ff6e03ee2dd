"""Loading somebody's feed: in one transaction, again and again, and never over what was said here since."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, may
from inroads.directory.actions.feed_rows import Rows, said_by
from inroads.directory.entries import Line, Report, ServiceEntry, TouchpointEntry, printable
from inroads.directory.models import OVER, Change, Feed, FeedRun, Service, Status, Touchpoint
from inroads.reference.models import Kind, Organisation

KEEPS_A_DIRECTORY = (Kind.PLACE, Kind.ICS)
OF_TOUCHPOINT = ("name", "plain", "website", "email", "phone")
OF_SERVICE = (
    "name", "plain", "status", "website", "email", "phone", "free", "cost", "how_to_come", "open_when", "access",
    "minimum_age", "maximum_age",
)  # fmt: skip
BATCH = 500
MOST_KEPT_LINES = 200


@dataclass
class Outcome:
    """What loading did, by number of services; `lines` name what was kept because somebody here had changed it."""

    added: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    kept_theirs: int = 0
    lines: list[Line] = field(default_factory=list)


@transaction.atomic
def load_feed(
    *,
    area: Organisation,
    name: str,
    entries: Sequence[ServiceEntry],
    filename: str,
    report: Report,
    licence: str,
    publish: bool,
    by: User | None,
) -> FeedRun:
    """What a feed says, into the directory of `area`. `by` is None for whoever runs the command line.

    What is new is added, what is gone is marked as not running, and what a touchpoint or somebody who keeps the
    directory changed since stays as they said. Raises `Refused`.
    """
    audit.hold()
    if by is not None and not may(by, Permission.KEEP_DIRECTORY, area):
        raise PermissionDenied("You do not keep the directory of this place")
    name, licence = printable(name), printable(licence)
    if area.kind not in KEEPS_A_DIRECTORY:
        raise Refused("A directory belongs to a place or an integrated care system. Choose one of these", field="area")
    if not name or len(name) > 200:
        raise Refused("Enter a name for the feed, of at most 200 characters", field="name")
    if len(licence) > 200:
        raise Refused("Enter the licence in at most 200 characters", field="licence")
    if publish and not licence:
        raise Refused("Enter the licence that lets us pass it on, or say that we may not", field="licence")
    if not entries:
        raise Refused("There is no service in this feed, so nothing was changed. Check the file")
    feed, _ = Feed.objects.get_or_create(area=area, name=name)
    feed.licence, feed.publish = licence, publish
    feed.save(update_fields=("licence", "publish"))
    outcome = _Loading(feed).load(entries)
    said = {**asdict(report), **asdict(outcome), "lines": [asdict(each) for each in (*report.lines, *outcome.lines)]}
    run = FeedRun.objects.create(feed=feed, by=by, filename=printable(filename)[-200:], report=said)
    counts = {key: getattr(outcome, key) for key in ("added", "changed", "same", "gone", "kept_theirs")}
    audit.record(
        action="feed_loaded",
        by=by,
        about=feed,
        organisation=area,
        details={**counts, "read": report.read, "refused": sum(report.refused.values()), "publish": publish},
    )
    return run


class _Loading:
    """One loading: everything that is there is read first, then written in batches."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.now = timezone.now()
        self.said = said_by(feed)
        self.outcome = Outcome()
        self.touchpoints = {each.code_in_feed: each for each in Touchpoint.objects.filter(feed=feed)}
        services = Service.objects.filter(touchpoint__feed=feed).select_related("touchpoint")
        self.services = {each.code_in_feed: each for each in services}
        self.before = {each.pk: {name: getattr(each, name) for name in OF_SERVICE} for each in self.services.values()}
        self.theirs = self._changed_here()
        self.moved: set[uuid.UUID] = set()

    def load(self, entries: Sequence[ServiceEntry]) -> Outcome:
        self._touchpoints({each.touchpoint.code: each.touchpoint for each in entries}.values())
        new = self._services(entries)
        rows = Rows(self.feed, self.services, self.touchpoints, self.theirs, self.now)
        touched = rows.write(entries) - {each.pk for each in new}
        changes = self._differences(entries, touched)
        self._gone({each.code for each in entries}, changes)
        changed = [each for each in self.services.values() if each.pk in changes]
        for each in changed:
            each.modified_at = self.now
        fields = ("touchpoint", "sort_name", "modified_at", "checked_on", "checked_by", *OF_SERVICE)
        moved = [each for each in self.services.values() if each.pk in self.moved | rows.checked | set(changes)]
        for each in moved:
            # One by one: with so many columns, ten times as fast as all in one statement.
            each.save(update_fields=fields)
        Change.objects.bulk_create(
            [
                Change(service=each, by=None, by_words=self.said, fields=changes[each.pk], at=self.now)
                for each in changed
            ],
            batch_size=BATCH,
        )
        self.outcome.added = len(new)
        self.outcome.changed = len(changes) - self.outcome.gone
        self.outcome.same = len(entries) - self.outcome.added - self.outcome.changed
        return self.outcome

    def _changed_here(self) -> dict[uuid.UUID, set[str]]:
        """By service, the names of what somebody other than the feed changed."""
        found: dict[uuid.UUID, set[str]] = {}
        rows = Change.objects.filter(service__touchpoint__feed=self.feed)
        for service, by, words, fields in rows.values_list("service", "by", "by_words", "fields"):
            if by is not None or words != self.said:
                found.setdefault(service, set()).update(fields)
        return found

    def _touchpoints(self, entries: Iterable[TouchpointEntry]) -> None:
        wanted = list(entries)
        ids = self._ids("touchpoint", [each.code for each in wanted if each.code not in self.touchpoints], Touchpoint)
        new, changed = [], []
        for entry in wanted:
            held = self.touchpoints.get(entry.code)
            if held is None:
                held = Touchpoint(pk=ids[entry.code], area=self.feed.area, feed=self.feed, code_in_feed=entry.code)
                self.touchpoints[entry.code] = held
                new.append(held)
            elif held.link_number or held.organisation_id:
                # Somebody answers for it here: from then on they say what it is called and how to reach it.
                continue
            elif all(getattr(held, name) == getattr(entry, name) for name in OF_TOUCHPOINT):
                continue
            else:
                changed.append(held)
            for name in OF_TOUCHPOINT:
                setattr(held, name, getattr(entry, name))
            held.sort_name = held.name.casefold()[:200]
        # One of the same name as a private one around begins private: whoever keeps the directory opens it.
        names = Touchpoint.objects.filter(private=True, area=self.feed.area).values_list("sort_name", flat=True)
        hidden = set(names)
        for each in new:
            each.private = each.sort_name in hidden
        Touchpoint.objects.bulk_create(new, batch_size=BATCH)
        Touchpoint.objects.bulk_update(changed, (*OF_TOUCHPOINT, "sort_name"), batch_size=BATCH)
        self.renamed = {each.pk for each in changed}

    def _services(self, entries: Sequence[ServiceEntry]) -> list[Service]:
        """Services with the fields they have from now on; those that are new are written."""
        ids = self._ids("service", [each.code for each in entries if each.code not in self.services], Service)
        new = []
        for entry in entries:
            held = self.services.get(entry.code)
            touchpoint = self.touchpoints[entry.touchpoint.code]
            if held is None:
                held = Service(pk=ids[entry.code], code_in_feed=entry.code, created_at=self.now, modified_at=self.now)
                held.touchpoint = touchpoint
                held.checked_on = entry.assured_on
                held.checked_by = self.feed.name[:150] if entry.assured_on else ""
                self.services[entry.code] = held
                new.append(held)
            if held.touchpoint_id != touchpoint.pk:
                self._stays_private(held.touchpoint, touchpoint)
                held.touchpoint = touchpoint
                self.moved.add(held.pk)
            for name in OF_SERVICE:
                if name not in self.theirs.get(held.pk, ()):
                    setattr(held, name, getattr(entry, name))
                elif getattr(held, name) != getattr(entry, name):
                    self._note_theirs(held, name, getattr(entry, name))
            held.sort_name = held.name.casefold()[:200]
        Service.objects.bulk_create(new, batch_size=BATCH)
        return new

    def _stays_private(self, before: Touchpoint, after: Touchpoint) -> None:
        """What somebody here keeps private stays so when a feed lists it under another touchpoint."""
        if before.private and not after.private:
            after.private = True
            after.save(update_fields=("private",))

    def _ids(self, kind: str, codes: Sequence[str], model: type[Touchpoint] | type[Service]) -> dict[str, uuid.UUID]:
        """An id of their own for things of the feed: their id there where it is one and nobody here has it."""
        own: dict[str, uuid.UUID] = {}
        for code in codes:
            try:
                own[code] = uuid.UUID(code) if len(code) == 36 else uuid.UUID(int=0)
            except ValueError:
                own[code] = uuid.UUID(int=0)
        taken: set[uuid.UUID] = {uuid.UUID(int=0)}
        wanted = list(own.values())
        for start in range(0, len(wanted), BATCH):
            taken |= set(model.objects.filter(pk__in=wanted[start : start + BATCH]).values_list("pk", flat=True))
        # Two spellings of one id, in capitals and small letters, are two things in the feed.
        made: dict[str, uuid.UUID] = {}
        for code, given in own.items():
            chosen = uuid.uuid5(self.feed.pk, f"{kind} {code}") if given in taken else given
            taken.add(chosen)
            made[code] = chosen
        return made

    def _differences(self, entries: Sequence[ServiceEntry], touched: set[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
        """By service, what the feed changed: what stood there and what stands there now."""
        found: dict[uuid.UUID, dict[str, Any]] = {}
        for entry in entries:
            held = self.services[entry.code]
            if held.pk not in self.before:
                continue
            before = self.before[held.pk]
            fields: dict[str, Any] = {
                name: [before[name], getattr(held, name)] for name in OF_SERVICE if before[name] != getattr(held, name)
            }
            if held.pk in touched:
                fields["from_feed"] = ["", "where, when, for whom or checked"]
            if held.pk in self.moved or held.touchpoint_id in self.renamed:
                fields["touchpoint"] = ["", "what is known of the touchpoint"]
            if fields:
                found[held.pk] = fields
        return found

    def _gone(self, codes: set[str], changes: dict[uuid.UUID, dict[str, Any]]) -> None:
        """What the feed no longer lists does not run any more, unless somebody here said how it stands."""
        for code, held in self.services.items():
            if code in codes or held.status in OVER or "status" in self.theirs.get(held.pk, ()):
                continue
            changes[held.pk] = {"status": [held.status, str(Status.INACTIVE)]}
            held.status = Status.INACTIVE
            self.outcome.gone += 1

    def _note_theirs(self, service: Service, name: str, said: object) -> None:
        self.outcome.kept_theirs += 1
        if len(self.outcome.lines) < MOST_KEPT_LINES:
            line = Line("kept_theirs", service.code_in_feed, service.name[:80], printable(f"{name}: {said}")[:100])
            self.outcome.lines.append(line)
