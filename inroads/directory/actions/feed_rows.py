"""What a feed says beside the fields of a service: tags, places, opening times, checks. Written in batches."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from inroads.directory.entries import OpeningEntry, PlaceEntry, ServiceEntry
from inroads.directory.models import (
    Check,
    Feed,
    How,
    Location,
    Opening,
    Service,
    ServiceAtLocation,
    Tag,
    TagKind,
    Touchpoint,
)
from inroads.directory.queries.tags import tags_of

BATCH = 500
# By what somebody here may have changed, which names of changes say so.
TAGS_CHANGED = {TagKind.HELP: "helps", TagKind.COMMUNITY: "communities", TagKind.LANGUAGE: "languages"}
PLACE_CHANGED = {"address", "town", "postcode", "neighbourhood"}
OF_PLACE = ("kind", "name", "address", "town", "county", "postcode", "easting", "northing", "access")
OF_OPENING = tuple(OpeningEntry.__dataclass_fields__)


def said_by(feed: Feed) -> str:
    """How a feed is named beside what it changed: as nobody else is."""
    return f"{feed.name[:140]} (feed)"


class Rows:
    """The rows of the services of one feed."""

    def __init__(
        self,
        feed: Feed,
        services: Mapping[str, Service],
        touchpoints: Mapping[str, Touchpoint],
        theirs: Mapping[uuid.UUID, set[str]],
        now: datetime,
    ) -> None:
        self.feed, self.services, self.touchpoints, self.theirs, self.now = feed, services, touchpoints, theirs, now
        self.checked: set[uuid.UUID] = set()

    def write(self, entries: Sequence[ServiceEntry]) -> set[uuid.UUID]:
        """Make rows as the entries say. Gives back the services of which something changed."""
        return self._tags(entries) | self._openings(entries) | self._places(entries) | self._checks(entries)

    def _all(self, model: Any) -> Any:
        return model.objects.filter(service__touchpoint__feed=self.feed)

    def _may(self, service: Service, *names: str) -> bool:
        return not self.theirs.get(service.pk, set()) & set(names)

    def _tags(self, entries: Sequence[ServiceEntry]) -> set[uuid.UUID]:
        held: dict[uuid.UUID, dict[tuple[str, str], Tag]] = defaultdict(dict)
        for tag in self._all(Tag):
            held[tag.service_id][tag.kind, tag.value] = tag
        add, drop, change, touched = [], [], [], set()
        for entry in entries:
            service = self.services[entry.code]
            text = f"{entry.name}.\n{entry.plain}\n{entry.access}"
            wanted = tags_of(text, labels=entry.labels, languages=entry.languages)
            have = held[service.pk]
            for (kind, value), how in wanted.items():
                tag = have.get((kind, value))
                if tag is None and self._may(service, TAGS_CHANGED[TagKind(kind)]):
                    add.append(Tag(service=service, kind=kind, value=value, how=how))
                elif tag is not None and tag.how != how and how == How.SAID:
                    tag.how = how
                    change.append(tag)
                else:
                    continue
                touched.add(service.pk)
            for (kind, value), tag in have.items():
                if (kind, value) not in wanted and self._may(service, TAGS_CHANGED[TagKind(kind)]):
                    drop.append(tag.pk)
                    touched.add(service.pk)
        _delete(Tag, drop)
        Tag.objects.bulk_create(add, batch_size=BATCH)
        Tag.objects.bulk_update(change, ("how",), batch_size=BATCH)
        return touched

    def _openings(self, entries: Sequence[ServiceEntry]) -> set[uuid.UUID]:
        held: dict[uuid.UUID, list[Opening]] = defaultdict(list)
        for opening in self._all(Opening):
            held[opening.service_id].append(opening)
        add, drop, touched = [], [], set()
        for entry in entries:
            service = self.services[entry.code]
            have = {tuple(getattr(each, name) for name in OF_OPENING): each for each in held[service.pk]}
            wanted = {tuple(asdict(each).values()): each for each in entry.openings}
            if set(have) == set(wanted) or not self._may(service, "hours", "openings"):
                continue
            touched.add(service.pk)
            drop += [each.pk for values, each in have.items() if values not in wanted]
            for values, each in wanted.items():
                if values not in have:
                    # The same id after loading into an empty directory.
                    own = uuid.uuid5(service.pk, f"opening {values}")
                    add.append(Opening(pk=own, service=service, **asdict(each)))
        _delete(Opening, drop)
        Opening.objects.bulk_create(add, batch_size=BATCH)
        return touched

    def _places(self, entries: Sequence[ServiceEntry]) -> set[uuid.UUID]:
        locations = {each.pk: each for each in Location.objects.filter(touchpoint__feed=self.feed)}
        at: dict[uuid.UUID, dict[uuid.UUID, ServiceAtLocation]] = defaultdict(dict)
        for each in self._all(ServiceAtLocation):
            at[each.service_id][each.location_id] = each
        new, moved, add, drop, touched = {}, {}, [], [], set()
        for entry in entries:
            service = self.services[entry.code]
            if not self._may(service, *PLACE_CHANGED):
                continue
            wanted = set()
            for place in entry.places:
                # One building of two touchpoints is two rows: each is private, or goes, with its own.
                own = uuid.uuid5(service.touchpoint_id, f"location {place.code}")
                wanted.add(own)
                location = locations.get(own) or new.get(own)
                if location is None:
                    location = new[own] = Location(pk=own, touchpoint_id=service.touchpoint_id)
                    _set(location, place)
                elif any(getattr(location, name) != getattr(place, name) for name in OF_PLACE) and own not in new:
                    said = _with_point(place, location)
                    if any(getattr(location, name) != getattr(said, name) for name in OF_PLACE):
                        _set(location, said)
                        moved[own] = location
                if own not in at[service.pk]:
                    link = uuid.uuid5(service.pk, f"at {own}")
                    add.append(ServiceAtLocation(pk=link, service=service, location=location))
                    touched.add(service.pk)
                elif own in moved:
                    touched.add(service.pk)
            for location_id, link in at[service.pk].items():
                if location_id not in wanted:
                    drop.append(link.pk)
                    touched.add(service.pk)
        _delete(ServiceAtLocation, drop)
        Location.objects.bulk_create(new.values(), batch_size=BATCH)
        Location.objects.bulk_update(moved.values(), OF_PLACE, batch_size=BATCH)
        ServiceAtLocation.objects.bulk_create(add, batch_size=BATCH)
        return touched

    def _checks(self, entries: Sequence[ServiceEntry]) -> set[uuid.UUID]:
        """What the feed says was assured on a day is a check by the feed."""
        words = self.feed.name[:150]
        rows = self._all(Check).filter(by=None, by_words=words)
        held = set(rows.values_list("service", "on"))
        add, touched = [], set()
        for entry in entries:
            service, on = self.services[entry.code], entry.assured_on
            if on is None or (service.pk, on) in held:
                continue
            add.append(Check(service=service, on=on, by=None, by_words=words, at=self.now))
            if service.checked_on is None or service.checked_on < on:
                service.checked_on, service.checked_by = on, words
                self.checked.add(service.pk)
                touched.add(service.pk)
        Check.objects.bulk_create(add, batch_size=BATCH)
        return touched


def _set(location: Location, place: PlaceEntry) -> None:
    for name in OF_PLACE:
        setattr(location, name, getattr(place, name))


def _with_point(place: PlaceEntry, location: Location) -> PlaceEntry:
    """A place is where it was found to be until the feed itself says where, or another postcode."""
    if place.easting is not None or location.postcode != place.postcode:
        return place
    return PlaceEntry(**{**asdict(place), "easting": location.easting, "northing": location.northing})


def _delete(model: Any, keys: list[Any]) -> None:
    for start in range(0, len(keys), BATCH):
        model.objects.filter(pk__in=keys[start : start + BATCH]).delete()
