"""Where a service of a feed is and when it is open; and what is noted when either had to be put right."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from inroads.directory.entries import OpeningEntry, PlaceEntry, Report
from inroads.directory.models import Location
from inroads.interop.open_referral.schedules import MOST, openings_of
from inroads.interop.open_referral.values import (
    cut,
    day,
    email,
    line_of,
    on_grid,
    postcode,
    thing,
    things,
    web,
    words_of,
)

LONGEST_CODE = 100
MOST_PLACES = 200
KINDS = set(Location.Kind.values)


@dataclass
class Mending:
    """Puts right what one service says, and notes it."""

    report: Report
    code: str
    name: str

    def mend(self, kind: str, was: object = "", now: object = "") -> None:
        """Something of this service was put right."""
        self.report.mend(kind, self.code, self.name, was, now)

    def code_of(self, code: str, *, quiet: bool = False) -> str:
        """An id as it can be kept."""
        if len(code) <= LONGEST_CODE:
            return code
        if not quiet:
            self.mend("long_id", code, "a shorter one")
        return hashlib.sha256(code.encode()).hexdigest()

    def short(self, what: str, text: str, most: int) -> str:
        """Text no longer than is kept."""
        if len(text) > most:
            self.mend("too_long", f"{what}: {len(text):,} characters", f"{most:,} characters")
        return cut(text, most)

    def web(self, value: Any) -> str:
        """A web address that opens, or ""."""
        written, found = line_of(value), web(value)
        if written and not found:
            self.mend("web_address_left_out", written)
        elif written != found:
            self.mend("web_address", written, found)
        return found

    def email(self, value: Any) -> str:
        """An e-mail address, or ""."""
        written, found = line_of(value), email(value)
        if written and not found:
            self.mend("email_left_out", written)
        return found

    def past(self, value: Any, today: date) -> date | None:
        """A day up to today."""
        written, found = line_of(value), day(value)
        if written and (found is None or found > today):
            self.mend("date_left_out", written)
            return None
        return found


def places(raw: dict[str, Any], where: Mending) -> tuple[PlaceEntry, ...]:
    """Every location, each once."""
    found: dict[str, PlaceEntry] = {}
    for each in (
        *things(raw.get("service_at_locations")),
        *({"location": one} for one in things(raw.get("locations"))),
    ):
        location = thing(each.get("location"))
        if not location:
            continue
        place = _place(location, where)
        if any((place.name, place.address, place.postcode, place.easting)):
            found.setdefault(place.code, place)
        if len(found) >= MOST_PLACES:
            break
    return tuple(found.values())


def _place(location: dict[str, Any], where: Mending) -> PlaceEntry:
    addresses = [
        *things(location.get("addresses")),
        *things(location.get("physical_addresses")),
        *things(location.get("postal_addresses")),
    ]
    kind = line_of(location.get("location_type")).lower() or "physical"
    if kind not in KINDS:
        where.mend("location_type", kind, "physical")
        kind = "physical"
    address = next((each for each in addresses if each.get("address_type", "physical") != "postal"), thing(addresses))
    street = ", ".join(filter(None, (line_of(address.get("address_1")), line_of(address.get("address_2")))))
    written = line_of(address.get("postal_code"))
    code = postcode(written)
    if written and not code:
        where.mend("postcode", written, "left with the address")
        street = ", ".join(filter(None, (street, written)))
    latitude, longitude = location.get("latitude"), location.get("longitude")
    point = on_grid(latitude, longitude)
    if point is None and latitude not in (None, "", 0) and longitude not in (None, ""):
        where.mend("coordinates_left_out", f"{latitude}, {longitude}")
    name = line_of(location.get("name"))
    own = line_of(location.get("id")) or f"{name} {street} {code}".strip()
    return PlaceEntry(
        code=where.code_of(own, quiet=True),
        kind=kind,
        name=cut(name, 200),
        address=cut(street, 300),
        town=cut(line_of(address.get("city")), 100),
        county=cut(line_of(address.get("state_province")), 100),
        postcode=code,
        easting=point[0] if point else None,
        northing=point[1] if point else None,
        access=cut(_access(location), 500),
    )


def _access(location: dict[str, Any]) -> str:
    said = []
    for each in (*things(location.get("accessibility")), *things(location.get("accessibility_for_disabilities"))):
        said += [words_of(each.get(name)) for name in ("accessibility", "description", "details")]
    return "\n".join(dict.fromkeys(filter(None, said)))


def access(raw: dict[str, Any]) -> str:
    """What is said of access at all of its places, each once."""
    said = [_access(thing(each.get("location"))) for each in things(raw.get("service_at_locations"))]
    return "\n".join(dict.fromkeys(filter(None, said)))


def openings(raw: dict[str, Any], where: Mending) -> tuple[tuple[OpeningEntry, ...], str]:
    """Hours on days, and what is said in words beside them or instead of them."""
    found: list[OpeningEntry] = []
    words: list[str] = []
    scheduled = [*things(raw.get("schedules")), *things(raw.get("regular_schedules"))]
    for each in things(raw.get("service_at_locations")):
        scheduled += [*things(each.get("schedules")), *things(each.get("regular_schedules"))]
    for schedule in scheduled:
        hours = openings_of(schedule)
        if hours is None:
            rule = " ".join(
                f"{name} {line_of(schedule[name])}"
                for name in ("freq", "interval", "byday", "bymonthday", "opens_at", "closes_at")
                if line_of(schedule.get(name))
            )
            if rule:
                where.mend("schedule_in_words", rule, "in words")
        found += [hour for hour in hours or () if hour not in found]
        words += [words_of(schedule.get(name)) for name in ("description", "notes")]
    if len(found) > MOST:
        where.mend("too_long", f"{len(found)} opening times", f"{MOST}")
    return tuple(found[:MOST]), "\n".join(dict.fromkeys(filter(None, words)))
