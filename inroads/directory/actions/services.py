"""What changes about a service: what it helps with, where and when, how much room there is, and that it was checked."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.words import tidy
from inroads.directory.actions.checks import (
    address_or_refuse,
    languages_of,
    locked,
    name_of,
    needed,
    note,
    postcode_or_refuse,
    require_editing,
    shown_as,
    user_of,
)
from inroads.directory.models import (
    OVER,
    Change,
    Check,
    How,
    Location,
    Opening,
    Service,
    ServiceAtLocation,
    Status,
    Tag,
    TagKind,
    Touchpoint,
)
from inroads.directory.permissions import Editor
from inroads.directory.queries.places import point_of
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help

# As many as anybody may say they can help in one month.
MOST_PEOPLE = 10_000
MOST_OPENINGS = 60
WORDS = ("name", "plain", "phone", "cost", "how_to_come", "open_when", "access")
PLACE = ("address", "town", "postcode", "neighbourhood")


@dataclass(frozen=True)
class Hours:
    """Open on this weekday (Monday is 0) from one time to another, on the next day where that is earlier.

    `nth` 1 to 5 or -1: only on that one of a month.
    """

    weekday: int
    opens_at: time
    closes_at: time
    nth: int | None = None


@dataclass(frozen=True, kw_only=True)
class Details:
    """All that is typed about a service. Empty is unknown."""

    name: str
    helps: tuple[str, ...] = ()
    plain: str = ""
    status: str = Status.ACTIVE
    website: str = ""
    email: str = ""
    phone: str = ""
    free: bool | None = None
    cost: str = ""
    how_to_come: str = ""
    open_when: str = ""
    hours: tuple[Hours, ...] = ()
    access: str = ""
    languages: str = ""
    communities: tuple[str, ...] = ()
    address: str = ""
    town: str = ""
    postcode: str = ""
    neighbourhood: str = ""
    minimum_age: int | None = None
    maximum_age: int | None = None


@transaction.atomic
def add_service(*, touchpoint: Touchpoint, details: Details, by: Editor, capacity: int | None = None) -> Service:
    """Something a touchpoint helps with. `capacity` is how many more people this month, None where unknown."""
    audit.hold()
    require_editing(by, touchpoint)
    service = Service(touchpoint=touchpoint)
    _set_fields(service, details)
    service.capacity, service.capacity_on = _capacity(capacity), _said(capacity)
    service.save(force_insert=True)
    _set_rows(service, details)
    _check(service, by)
    note("service_added", touchpoint, by, about=service)
    return service


@transaction.atomic
def change_service(*, service: Service, read_at: datetime, details: Details, by: Editor) -> Service:
    """The service as it is from now on; what stood there before is kept as a change. Saving is checking as well.

    Raises `Refused` where somebody else changed it after `read_at`.
    """
    audit.hold()
    kept = locked(service, by)
    if kept.modified_at != read_at:
        raise Refused("Somebody else changed this while you had it open. Open it again and compare before you save")
    before = details_of(kept)
    _set_fields(kept, details)
    _set_rows(kept, details)
    after = details_of(kept)
    fields = {name: [_plainly(before, name), _plainly(after, name)] for name in _differing(before, after)}
    if fields:
        kept.modified_at = timezone.now()
        Change.objects.create(service=kept, by=user_of(by), by_words=name_of(by), fields=fields)
    kept.save()
    _check(kept, by)
    if fields:
        note("service_changed", kept.touchpoint, by, about=kept, fields=" ".join(sorted(fields))[:100])
    return kept


@transaction.atomic
def set_capacity(*, service: Service, capacity: int | None, by: Editor) -> Service:
    """How many more people can be helped this month. 0 is full, None is not known."""
    audit.hold()
    kept = locked(service, by)
    before = [kept.capacity, kept.capacity_on.isoformat() if kept.capacity_on else None]
    kept.capacity, kept.capacity_on = _capacity(capacity), _said(capacity)
    kept.modified_at = timezone.now()
    kept.save(update_fields=("capacity", "capacity_on", "modified_at"))
    Change.objects.create(service=kept, by=user_of(by), by_words=name_of(by), fields={"capacity": [before, capacity]})
    note("service_capacity_set", kept.touchpoint, by, about=kept, capacity=capacity)
    return kept


@transaction.atomic
def check_service(*, service: Service, by: Editor) -> Service:
    """Somebody who knows looked at it today, and it is right."""
    audit.hold()
    kept = locked(service, by)
    _check(kept, by)
    note("service_checked", kept.touchpoint, by, about=kept)
    return kept


@transaction.atomic
def end_service(*, service: Service, by: Editor) -> Service:
    """It is not offered any more. Plans and referrals that have it keep it."""
    audit.hold()
    kept = locked(service, by)
    if kept.status != Status.DEFUNCT:
        _set_status(kept, Status.DEFUNCT, by)
        note("service_ended", kept.touchpoint, by, about=kept)
    return kept


@transaction.atomic
def restart_service(*, service: Service, by: Editor) -> Service:
    """It runs again, was ended by mistake, or runs although its feed lists it no more."""
    audit.hold()
    kept = locked(service, by)
    if kept.status in OVER:
        _set_status(kept, Status.ACTIVE, by)
        note("service_restarted", kept.touchpoint, by, about=kept)
    return kept


def _set_status(kept: Service, status: Status, by: Editor) -> None:
    fields = {"status": [str(kept.status), str(status)]}
    kept.status, kept.modified_at = status, timezone.now()
    kept.save(update_fields=("status", "modified_at"))
    Change.objects.create(service=kept, by=user_of(by), by_words=name_of(by), fields=fields)


def details_of(service: Service) -> Details:
    """The service as it stands, in the form in which it is typed."""
    tags = list(service.tags.all())
    at = service.at_locations.select_related("location").order_by("pk").first()
    where = at.location if at else Location()
    # What was only read in a description stays apart from what somebody says.
    said = {kind: tuple(each.value for each in tags if each.kind == kind and each.how != How.TEXT) for kind in TagKind}
    return Details(
        **{name: getattr(service, name) for name in (*WORDS, "status", "website", "email", "free")},
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        helps=said[TagKind.HELP],
        communities=said[TagKind.COMMUNITY],
        languages=", ".join(each.title() for each in said[TagKind.LANGUAGE]),
        hours=tuple(sorted({hours for hours, _ in _typed_hours(service)}, key=_when)),
        **{name: getattr(where, name) for name in PLACE},
    )


def _typed_hours(service: Service) -> list[tuple[Hours, uuid.UUID]]:
    """Opening times in the form in which they are typed, with their rows; two seasons may have the same."""
    typed = service.openings.filter(weekday__isnull=False, opens_at__isnull=False, closes_at__isnull=False, every=1)
    return [(Hours(each.weekday, each.opens_at, each.closes_at, each.nth), each.pk) for each in typed]


def _when(hours: Hours) -> tuple:
    return hours.weekday, hours.opens_at, hours.nth or 0


def _set_fields(service: Service, details: Details) -> None:
    for name in WORDS:
        setattr(service, name, tidy(getattr(details, name)))
    service.name = needed(details.name, "Enter a name by which people know this", field="name")
    service.sort_name = service.name.casefold()[:200]
    service.status = Status(details.status)
    service.website = address_or_refuse(details.website, "website")
    service.email = address_or_refuse(details.email, "email")
    service.free = details.free
    youngest, oldest = details.minimum_age, details.maximum_age
    if youngest is not None and oldest is not None and youngest > oldest:
        raise Refused("The youngest age is above the oldest. Check both", field="maximum_age")
    service.minimum_age, service.maximum_age = youngest, oldest
    postcode_or_refuse(details.postcode)
    if len(details.hours) > MOST_OPENINGS:
        raise Refused(f"Enter at most {MOST_OPENINGS} opening times; say the rest in words", field="hours")
    for each in details.hours:
        if not 0 <= each.weekday <= 6 or each.closes_at == each.opens_at:
            raise Refused("Each opening time has an end that is not its beginning", field="hours")


def _set_rows(service: Service, details: Details) -> None:
    """Tags, place and opening times as typed. What was read in the description stays, and so do other places."""
    helps, communities = load(Help), load(Community)
    _set_tags(service, TagKind.HELP, [each for each in details.helps if each in helps])
    _set_tags(service, TagKind.COMMUNITY, [each for each in details.communities if each in communities])
    _set_tags(service, TagKind.LANGUAGE, languages_of(details.languages))
    there = _typed_hours(service)
    Opening.objects.filter(pk__in=[pk for hours, pk in there if hours not in details.hours]).delete()
    Opening.objects.bulk_create(
        Opening(service=service, weekday=each.weekday, nth=each.nth, opens_at=each.opens_at, closes_at=each.closes_at)
        for each in dict.fromkeys(details.hours)
        if each not in {hours for hours, _ in there}
    )
    _set_place(service, details)


def _set_place(service: Service, details: Details) -> None:
    typed = {name: tidy(getattr(details, name)) for name in PLACE}
    typed["postcode"] = postcode_or_refuse(details.postcode)
    typed["neighbourhood"] = typed["neighbourhood"].upper()
    at = service.at_locations.select_related("location").order_by("pk").first()
    if at is None:
        if any(typed.values()):
            point = point_of(postcode=typed["postcode"], neighbourhood=typed["neighbourhood"])
            easting, northing = point or (None, None)
            where = Location.objects.create(touchpoint=service.touchpoint, easting=easting, northing=northing, **typed)
            ServiceAtLocation.objects.create(service=service, location=where)
        return
    where = at.location
    if any(getattr(where, name) != value for name, value in typed.items()):
        for name, value in typed.items():
            setattr(where, name, value)
        point = point_of(postcode=where.postcode, neighbourhood=where.neighbourhood)
        where.easting, where.northing = point or (None, None)
        where.save()


def _set_tags(service: Service, kind: str, values: Iterable[str]) -> None:
    wanted = dict.fromkeys(values)
    kept = {each.value: each for each in service.tags.filter(kind=kind)}
    gone = [each.pk for value, each in kept.items() if value not in wanted and each.how != How.TEXT]
    Tag.objects.filter(pk__in=gone).delete()
    Tag.objects.filter(service=service, kind=kind, value__in=wanted, how=How.TEXT).update(how=How.SAID)
    Tag.objects.bulk_create(Tag(service=service, kind=kind, value=value) for value in wanted if value not in kept)


def _check(service: Service, by: Editor) -> None:
    shown = shown_as(by, service.touchpoint)[:150]
    made = Check.objects.create(service=service, by=user_of(by), by_words=shown)
    service.checked_on, service.checked_by = made.on, made.by_words
    service.save(update_fields=("checked_on", "checked_by"))


def _differing(before: Details, after: Details) -> list[str]:
    return [name for name in Details.__dataclass_fields__ if getattr(before, name) != getattr(after, name)]


def _plainly(details: Details, name: str) -> Any:
    value = getattr(details, name)
    if name == "hours":
        return [[each.weekday, f"{each.opens_at:%H:%M}", f"{each.closes_at:%H:%M}", each.nth] for each in value]
    return list(value) if isinstance(value, tuple) else value


def _said(capacity: int | None) -> date | None:
    return None if capacity is None else timezone.localdate()


def _capacity(capacity: int | None) -> int | None:
    if capacity is not None and not 0 <= capacity <= MOST_PEOPLE:
        raise Refused(
            f"Enter a number of people from 0 to {MOST_PEOPLE:,}, or leave it empty if it is not known",
            field="capacity",
        )
    return capacity
