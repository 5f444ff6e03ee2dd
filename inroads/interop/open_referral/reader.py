"""From the services of a feed, version 2 or HSDS-UK 3.0, to entries that the directory can take in.

Whatever had to be put right is counted in the report, and so is what could not be taken.
"""

import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from inroads.directory.entries import Report, ServiceEntry, TouchpointEntry
from inroads.directory.models import Status
from inroads.interop.open_data.problems import FileError
from inroads.interop.open_referral import files, places
from inroads.interop.open_referral.places import Mending
from inroads.interop.open_referral.text import LOOKS_LIKE_HTML
from inroads.interop.open_referral.values import (
    LONGEST_AGE,
    cut,
    email,
    line_of,
    phone,
    text_of,
    thing,
    things,
    web,
    whole,
    words_of,
)

NAME, PLAIN, WORDS, CODE = 200, 20_000, 300, 100
STATUSES = {str(each): str(each) for each in Status}


@dataclass(frozen=True)
class Reading:
    """What was read: entries with ids that occur once, and the report about the rest."""

    entries: tuple[ServiceEntry, ...]
    report: Report


def read_paths(paths: Iterable[Path]) -> Reading:
    """Files, or folders of pages. Raises `FileError` with one sentence."""
    return read(files.read_paths(paths))


def read_pages(pages: Iterable[tuple[str, bytes]]) -> Reading:
    """Pages as name and bytes. Raises `FileError` with one sentence."""
    return read(files.read_pages(pages))


def read(services: list[dict[str, Any]]) -> Reading:
    """Services as JSON gives them."""
    report = Report(read=len(services))
    found: dict[str, ServiceEntry] = {}
    seen: dict[str, int] = {}
    today = timezone.localdate()
    for number, raw in enumerate(services, 1):
        entry = _service(raw, number, report, today)
        if entry is None:
            continue
        if (earlier := found.get(entry.code)) is not None:
            seen[entry.code] = seen.get(entry.code, 1) + 1
            entry = _both(earlier, entry)
            report.mend("listed_twice", entry.code, entry.name, f"{seen[entry.code]} times", "once")
        found[entry.code] = entry
    report.kept = len(found)
    if not found:
        raise FileError(f"None of {len(services):,} services could be taken; {files.EXPECTED}")
    return Reading(tuple(found.values()), report)


def _both(earlier: ServiceEntry, later: ServiceEntry) -> ServiceEntry:
    """Of two with one id the one that was assured later; the places of both, as lists by location have one a line."""
    best = later if (later.assured_on or date.min) > (earlier.assured_on or date.min) else earlier
    joined = {each.code: each for each in (*earlier.places, *later.places)}
    return ServiceEntry(**{**vars(best), "places": tuple(joined.values())})


def _service(raw: dict[str, Any], number: int, report: Report, today: date) -> ServiceEntry | None:
    code, name = line_of(raw.get("id")), line_of(raw.get("name"))
    where = Mending(report, code or f"number {number}", name)
    offered = thing(raw.get("organization") or raw.get("organisation"))
    if not code:
        report.refuse("no_id", where.code, name)
        return None
    if not name:
        name = line_of(offered.get("name"))
        if not name:
            report.refuse("no_name", code, name, raw.get("description", ""))
            return None
        where.name = name
        where.mend("name_of_organisation", "", name)
    status = line_of(raw.get("status")).lower()
    if status not in STATUSES:
        where.mend("status", status, Status.INACTIVE if status else Status.ACTIVE)
        status = Status.INACTIVE if status else Status.ACTIVE
    code = where.code_of(code)
    openings, said_when = places.openings(raw, where)
    cost, free = _cost(raw, where)
    ages = _ages(raw, where)
    return ServiceEntry(
        code=code,
        name=where.short("name", _name(raw.get("name"), name, where), NAME),
        touchpoint=_touchpoint(offered, code, name, raw, where),
        plain=where.short("description", _plain(raw.get("description"), where), PLAIN),
        status=STATUSES[status],
        website=where.web(raw.get("url") or raw.get("website")),
        email=where.email(raw.get("email")),
        phone=_phone(raw),
        free=free,
        cost=where.short("cost", cost, WORDS),
        how_to_come=cut(_how_to_come(raw), WORDS),
        open_when=where.short("opening times", said_when, WORDS),
        access=cut(places.access(raw), 500),
        minimum_age=ages[0],
        maximum_age=ages[1],
        assured_on=where.past(raw.get("assured_date"), today),
        labels=_labels(raw, where),
        languages=_languages(raw),
        places=places.places(raw, where),
        openings=openings,
    )


def _name(raw: Any, name: str, where: Mending) -> str:
    if LOOKS_LIKE_HTML.search(text_of(raw)):
        where.mend("tags_in_name", raw, name)
    return name


def _plain(raw: Any, where: Mending) -> str:
    written, words = text_of(raw), words_of(raw)
    if "<" in written and LOOKS_LIKE_HTML.search(written):
        where.mend("tags_in_text", written, words)
    elif html.unescape(written) != written:
        where.mend("entities_in_text", written, words)
    return words


def _touchpoint(offered: dict[str, Any], code: str, name: str, raw: dict[str, Any], where: Mending) -> TouchpointEntry:
    own, called = line_of(offered.get("id")), line_of(offered.get("name"))
    if not own and not called:
        if line_of(raw.get("organization_id")):
            own = line_of(raw["organization_id"])
        where.mend("no_organisation", own, name)
    elif not called:
        where.mend("organisation_without_name", own, name)
    return TouchpointEntry(
        code=where.code_of(own, quiet=True) or (f"called {called}"[:CODE] if called else f"of {code}"[:CODE]),
        name=cut(called or name, NAME),
        plain=cut(_plain(offered.get("description"), where), PLAIN),
        website=web(offered.get("website") or offered.get("url")),
        email=email(offered.get("email")),
        phone=next(filter(None, (phone(each.get("number")) for each in things(offered.get("phones")))), ""),
    )


def _phone(raw: dict[str, Any]) -> str:
    contacts = list(things(raw.get("contacts")))
    numbers = [*things(raw.get("phones")), *(each for one in contacts for each in things(one.get("phones")))]
    return next(filter(None, (phone(each.get("number")) for each in numbers)), "")


def _cost(raw: dict[str, Any], where: Mending) -> tuple[str, bool | None]:
    """What it costs in words, and whether it is free: only where a feed says so, never where it says nothing."""
    options = list(things(raw.get("cost_options")))
    words = [words_of(raw.get("fees") or raw.get("fees_description"))]
    amounts = []
    for each in options:
        amount = whole(each.get("amount"), 1_000_000)
        about = ". ".join(filter(None, (line_of(each.get("option")), line_of(each.get("amount_description")))))
        if amount is not None:
            amounts.append(float(each["amount"]))
            about = f"£{amounts[-1]:,.2f} {about}".replace(".00 ", " ").strip()
        words.append(about)
    said = "\n".join(dict.fromkeys(filter(None, words)))
    if amounts:
        return said, all(amount == 0 for amount in amounts)
    return said, True if said.strip(" .!").lower() in {
        "free",
        "no charge",
        "free of charge",
        "no cost",
        "none",
    } else None


def _ages(raw: dict[str, Any], where: Mending) -> tuple[int | None, int | None]:
    eligible = thing(raw.get("eligibilitys") or raw.get("eligibility"))
    found = []
    for name in ("minimum_age", "maximum_age"):
        written = raw.get(name, eligible.get(name))
        age = whole(written, LONGEST_AGE)
        if written not in (None, "") and age is None:
            where.mend("age", written, "not known")
        found.append(age)
    youngest, oldest = found
    if youngest is not None and oldest is not None and youngest > oldest:
        where.mend("age", f"{youngest} to {oldest}", "not known")
        return None, None
    # Zeros stand where nobody filled them in.
    return youngest or None, oldest or None


def _how_to_come(raw: dict[str, Any]) -> str:
    said = [line_of(raw.get("attending_access")), words_of(raw.get("pc_attendingAccess_additionalInfo"))]
    said.append(line_of(raw.get("interpretation_services")))
    return ". ".join(filter(None, said))


def _labels(raw: dict[str, Any], where: Mending) -> tuple[str, ...]:
    """Audiences and terms in the words of the feed; where they are nested, each level."""
    found = []
    for each in things(raw.get("pc_targetAudience")):
        written = text_of(each.get("audienceType") or each.get("id"))
        if written != written.strip() or ">" in written:
            where.mend("audience", written, written.replace(">", ", ").strip())
        found += written.split(">")
    for each in (*things(raw.get("attributes")), *things(raw.get("service_taxonomys"))):
        term = thing(each.get("taxonomy_term") or each.get("taxonomy"))
        found.append(term.get("name") or term.get("term") or each.get("value"))
    for each in things(raw.get("eligibilitys")):
        found.append(each.get("eligibility"))
    return tuple(dict.fromkeys(line for line in (line_of(each)[:120] for each in found) if line))[:60]


def _languages(raw: dict[str, Any]) -> tuple[str, ...]:
    found = (
        line_of(each.get("name") or each.get("language") or each.get("code")) for each in things(raw.get("languages"))
    )
    return tuple(dict.fromkeys(each[:60].casefold() for each in found if each and not _is_id(each)))[:60]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
