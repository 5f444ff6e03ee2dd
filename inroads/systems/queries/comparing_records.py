"""What records show, as a voice: shares that the room of released figures offers, open ones only.

A comparison is seen by whoever sees the system, from above as well, so nothing is drawn from a release that is still
inside.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.contrib.auth.models import AnonymousUser

from inroads.reference.definitions.conversation import barriers
from inroads.reference.models import Organisation
from inroads.reference.organisations import around
from inroads.released.layout import CELLS, STATES
from inroads.released.queries import Columns, pooled, releases_of

# Of people who can be told of at all; and how wide a share may be for what is hidden and rounded before it says little.
LEAST, WIDEST = 8, 0.2
Range = tuple[float, float]


@dataclass(frozen=True)
class RecordFigure:
    """Of people who were asked, between how many and how many were counted (`yes`), and were not (`no`).

    `title` says whom `yes` counts, `others` whom `no` does; `system` whose figures they are, said up to `until`.
    """

    key: str
    title: str
    others: str
    yes: Range
    no: Range
    system: str
    until: date

    def share(self, *, so: bool = True) -> tuple[float, float, float]:
        """The share of those counted (of the others where not `so`): in the middle, the lowest and the highest."""
        here, there = (self.yes, self.no) if so else (self.no, self.yes)
        middle = sum(here) / (sum(here) + sum(there))
        return middle, here[0] / (here[0] + there[1]), here[1] / (here[1] + there[0])

    @property
    def least_asked(self) -> int:
        """How many people were asked at least."""
        return int(self.yes[0] + self.no[0])

    @property
    def told(self) -> bool:
        """Whether enough of it is told: so many people, and a share that hiding and rounding leave narrow enough."""
        if not np.isfinite([*self.yes, *self.no]).all() or self.least_asked < LEAST:
            return False
        _, low, high = self.share()
        return high - low <= WIDEST


def record_figures(organisation: Organisation) -> tuple[list[RecordFigure], int]:
    """What open releases of the system offer, the share that is told best first, and how many are left out as hidden.

    A place within a system has the figures of that system, and each figure says so.
    """
    system = around(organisation)
    releases = releases_of([system.area_code], user=AnonymousUser())
    if not releases:
        return [], 0
    about = (releases[0].organisation.name, releases[0].until)
    found: list[RecordFigure] = []
    asked = pooled(releases, "totals", ("authority",))
    if asked is not None:
        yes, no = (_sum(asked, word) for word in ("found", "other"))
        words = ("People left out of digital care", "People who are not left out of it")
        found.append(RecordFigure("left_out", *words, yes, no, *about))
    spoke = pooled(releases, "neighbourhoods", ("code",), bounded=[CELLS[:2], CELLS[2:]])
    if spoke is not None:
        yes, no = (_add(_sum(spoke, f"{way}_found"), _sum(spoke, f"{way}_other")) for way in ("met", "digital"))
        words = ("People who were met, rung or answered on paper", "People who were asked only in digital ways")
        found.append(RecordFigure("met", *words, yes, no, *about))
    said = pooled(releases, "barriers", ("one", "other"), common=True)
    found += _of_barriers(_barriers(said), "barrier", "People who say", about) if said is not None else []
    staff = pooled(releases, "staff", ("topic", "hard"))
    found += _of_barriers(_staff(staff), "staff", "People of whom staff say", about) if staff is not None else []
    told = [each for each in found if each.told]
    return told, len(found) - len(told)


def record_figure(organisation: Organisation, key: str) -> RecordFigure | None:
    """One figure that is told well enough, or None."""
    return next((each for each in record_figures(organisation)[0] if each.key == key), None)


def _of_barriers(
    counted: dict[str, tuple[Range, Range]], kind: str, who: str, about: tuple[str, date]
) -> list[RecordFigure]:
    known = barriers()
    return [
        RecordFigure(
            f"{kind}:{topic}",
            f"{who} that this is hard, or a bit: {known[topic].title}",
            f"{who} that this is not hard: {known[topic].title}",
            yes,
            no,
            *about,
        )
        for topic, (yes, no) in counted.items()
        if topic in known
    ]


def _barriers(held: Columns) -> dict[str, tuple[Range, Range]]:
    """Each barrier by itself: every pair it stands in tells of it, and the narrowest of what they say holds."""
    known: dict[str, dict[str, Range]] = {"hard": {}, "not_hard": {}}
    for side in ("one", "other"):
        for state, ranges in known.items():
            names = [f"{state}_{each}" if side == "one" else f"{each}_{state}" for each in STATES]
            low, high = (np.sum([held[f"{name}_{end}"] for name in names], axis=0) for end in ("low", "high"))
            for topic, least, most in zip(held[side].tolist(), low.tolist(), high.tolist(), strict=True):
                before = ranges.get(topic, (0.0, np.inf))
                ranges[topic] = (max(before[0], least), min(before[1], most))
    return {topic: (known["hard"][topic], known["not_hard"][topic]) for topic in known["hard"]}


def _staff(held: Columns) -> dict[str, tuple[Range, Range]]:
    rows = {
        (topic, hard): (float(low), float(high))
        for topic, hard, low, high in zip(held["topic"], held["hard"], held["low"], held["high"], strict=True)
    }
    topics: Iterable[str] = dict.fromkeys(held["topic"].tolist())
    return {
        topic: (rows[topic, "True"], rows[topic, "False"])
        for topic in topics
        if (topic, "True") in rows and (topic, "False") in rows
    }


def _sum(held: Columns, word: str) -> Range:
    return float(held[f"{word}_low"].sum()), float(held[f"{word}_high"].sum())


def _add(one: Range, other: Range) -> Range:
    return one[0] + other[0], one[1] + other[1]
