"""What somebody's feed says, once it was read and mended: plain values that fit what the directory can hold."""

from dataclasses import dataclass, field
from datetime import date, time


@dataclass(frozen=True)
class TouchpointEntry:
    """Who offers a service. `code` is its id in the feed."""

    code: str
    name: str
    plain: str = ""
    website: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class PlaceEntry:
    """Where a service is. `easting` and `northing` are metres on the British National Grid, or both None."""

    code: str
    kind: str = "physical"
    name: str = ""
    address: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""
    easting: float | None = None
    northing: float | None = None
    access: str = ""


@dataclass(frozen=True)
class OpeningEntry:
    """Hours on one day, with the fields of `inroads.directory.models.Opening`."""

    weekday: int | None = None
    nth: int | None = None
    day: int | None = None
    every: int = 1
    week: int = 0
    opens_at: time | None = None
    closes_at: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class ServiceEntry:
    """One service as a feed has it. `labels` are audiences and terms in the feed's own words."""

    code: str
    name: str
    touchpoint: TouchpointEntry
    plain: str = ""
    status: str = "active"
    website: str = ""
    email: str = ""
    phone: str = ""
    free: bool | None = None
    cost: str = ""
    how_to_come: str = ""
    open_when: str = ""
    access: str = ""
    minimum_age: int | None = None
    maximum_age: int | None = None
    assured_on: date | None = None
    labels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    places: tuple[PlaceEntry, ...] = ()
    openings: tuple[OpeningEntry, ...] = ()


@dataclass(frozen=True)
class Line:
    """One thing that was mended or refused: what kind, at which service, what stood there and what stands now."""

    kind: str
    code: str
    name: str
    was: str = ""
    now: str = ""


MOST_LINES_OF_A_KIND = 40


@dataclass
class Report:
    """What became of a file: services read, mended and refused ones; loading adds what it did with them.

    `mended` and `refused` count by kind; `lines` has the first ones of each kind, for people to look at.
    """

    read: int = 0
    kept: int = 0
    mended: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def mend(self, kind: str, code: str, name: str, was: object = "", now: object = "") -> None:
        """Something was put right."""
        self._note(self.mended, Line(kind, code[:100], name[:80], _short(was), _short(now)))

    def refuse(self, kind: str, code: str, name: str, was: object = "") -> None:
        """A service could not be taken in."""
        self._note(self.refused, Line(kind, code[:100], name[:80], _short(was)))

    def _note(self, counts: dict[str, int], line: Line) -> None:
        counts[line.kind] = counts.get(line.kind, 0) + 1
        if counts[line.kind] <= MOST_LINES_OF_A_KIND:
            self.lines.append(line)


def printable(value: object) -> str:
    """On one line, without signs that no database takes or nobody sees."""
    return "".join(char for char in " ".join(str(value).split()) if char.isprintable())


def _short(value: object) -> str:
    text = printable(str(value)[:1000])
    return text if len(text) <= 100 else f"{text[:97]}…"
