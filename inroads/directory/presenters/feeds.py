"""How the loading of a feed, and a pair that looks alike, are said on a page."""

from dataclasses import dataclass
from typing import Any

from inroads.directory.models import FeedRun, Pair, Service

MENDED = {
    "tags_in_text": "Descriptions made for web pages, now plain text",
    "entities_in_text": "Descriptions with signs in code, now as they are read",
    "tags_in_name": "Names with code in them, now plain",
    "name_of_organisation": "Without a name, now under the name of who offers it",
    "no_organisation": "Without an organisation, now under its own name",
    "organisation_without_name": "Offered by somebody without a name, now under the name of the service",
    "listed_twice": "Listed twice under one id, now once",
    "audience": "Audiences written untidily, now tidy",
    "status": "Without a known status; an unknown one counts as not running",
    "web_address": "Web addresses mended",
    "web_address_left_out": "Web addresses left out, as nothing could be made of them",
    "email_left_out": "E-mail addresses left out, as nothing could be made of them",
    "date_left_out": "Days left out, as they do not exist or lie ahead",
    "postcode": "Postcodes that are none, now kept with the address",
    "coordinates_left_out": "Positions left out, as they lie outside Great Britain",
    "location_type": "Places of an unknown kind, now places one can go to",
    "schedule_in_words": "Opening times that repeat in a way we cannot keep, now only in words",
    "age": "Ages left out, as they cannot be",
    "too_long": "Longer than we keep, now shorter",
    "long_id": "Ids longer than we keep, now shorter",
    "kept_theirs": "Changed here since, so what the feed says was not taken over",
}
REFUSED = {
    "no_name": "Without a name, and offered by nobody with a name",
    "no_id": "Without an id, so it could not be found again next time",
}
DONE = (
    ("added", "added"),
    ("changed", "changed"),
    ("same", "as they were"),
    ("gone", "no longer in the feed, now marked as not running"),
    ("kept_theirs", "facts kept as somebody here changed them"),
)


@dataclass(frozen=True)
class Group:
    """Lines of one kind: how many, what it is, and some of them as (name, was, now)."""

    title: str
    count: int
    lines: list[tuple[str, str, str]]


@dataclass(frozen=True)
class RunLine:
    """One loading: `done` says in words what it did, `mended` and `refused` how much."""

    run: FeedRun
    done: str
    mended: int
    refused: int


@dataclass(frozen=True)
class Side:
    """One of a pair as it is shown beside the other. `facts` are what and how."""

    service: Service
    source: str
    facts: list[tuple[str, str]]


@dataclass(frozen=True)
class PairLine:
    """A pair with both sides, why they look alike, and what was said about it."""

    pair: Pair
    because: str
    sides: tuple[Side, Side]
    answer: str


def run_line(run: FeedRun) -> RunLine:
    """One loading in a list."""
    report = run.report
    done = ", ".join(f"{report[key]:,} {words}" for key, words in DONE if report.get(key)) or "nothing changed"
    return RunLine(run, done, _sum(report.get("mended")), _sum(report.get("refused")))


def mended(run: FeedRun) -> list[Group]:
    """What was put right, the most frequent first, and what was kept because somebody here had changed it."""
    counts = dict(run.report.get("mended") or {})
    if run.report.get("kept_theirs"):
        counts["kept_theirs"] = run.report["kept_theirs"]
    return _groups(run, counts, MENDED)


def refused(run: FeedRun) -> list[Group]:
    """What was not taken in."""
    return _groups(run, run.report.get("refused") or {}, REFUSED)


def pair_line(pair: Pair) -> PairLine:
    """A pair side by side."""
    because = ", ".join(pair.because) or "they look alike"
    answer = Pair.Answer(pair.answer).label
    return PairLine(pair, because, (_side(pair.one), _side(pair.other)), answer)


def _side(service: Service) -> Side:
    touchpoint = service.touchpoint
    facts = [
        ("Offered by", touchpoint.name),
        ("Website", service.website or touchpoint.website),
        ("Telephone", service.phone or touchpoint.phone),
        ("Checked", f"{service.checked_on:%-d %B %Y}" if service.checked_on else ""),
    ]
    source = f"From {touchpoint.feed.name}" if touchpoint.feed else "Kept here"
    return Side(service, source, [(what, how) for what, how in facts if how])


def _groups(run: FeedRun, counts: dict[str, Any], titles: dict[str, str]) -> list[Group]:
    lines: dict[str, list[tuple[str, str, str]]] = {}
    for line in run.report.get("lines") or []:
        lines.setdefault(line["kind"], []).append((line["name"] or line["code"], line["was"], line["now"]))
    found = [Group(titles.get(kind, kind), count, lines.get(kind, [])) for kind, count in counts.items()]
    return sorted(found, key=lambda group: -group.count)


def _sum(counts: dict[str, int] | None) -> int:
    return sum((counts or {}).values())
