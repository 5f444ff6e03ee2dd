"""What people who need services, staff and voluntary organisations say stands in the way, in one place.

What people and staff said comes from released tables alone. What touchpoints can take on stands in the directory.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from inroads.accounts.queries import Somebody
from inroads.analytics.areas import systems_of
from inroads.analytics.published import Area, Published
from inroads.directory.models import RUNNING, Service
from inroads.directory.permissions import touchpoints_visible_to
from inroads.directory.queries.finding import FADES
from inroads.methods.inequality import proportion
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.definitions.conversation import barriers
from inroads.reference.models import Organisation
from inroads.released.layout import STATES
from inroads.released.models import Release
from inroads.released.queries import Columns, names_in, pooled, releases_of

Floats = NDArray[np.float64]
SURE = 0.9
ENDS = ("low", "high")


@dataclass(frozen=True)
class Share:
    """Of those who answered, the share for whom a barrier is there or a bit; `asked`: between how many answered.

    The interval holds what chance, rounding and hidden numbers leave open.
    """

    topic: str
    title: str
    value: float
    low: float
    high: float
    asked: tuple[float, float]


@dataclass(frozen=True)
class Together:
    """Two barriers. Of those for whom the first is hard, the second is hard for `given`; of the others for `without`.

    `sure`: the two intervals do not meet, so they go together more (or less) often than by chance.
    """

    one: str
    other: str
    one_title: str
    other_title: str
    given: tuple[float, float, float]
    without: tuple[float, float, float]

    @property
    def difference(self) -> float:
        """By how much the share rises, in points from -1 to 1."""
        return self.given[0] - self.without[0]

    @property
    def sure(self) -> bool:
        """Whether the intervals do not meet."""
        return self.given[1] > self.without[2] or self.given[2] < self.without[1]


@dataclass(frozen=True)
class Touchpoints:
    """What touchpoints of a place said they can take on: services with room, full, and of which nobody said."""

    touchpoints: int
    services: int
    room: int
    full: int
    unsaid: int
    fading: int


@dataclass(frozen=True)
class Needs:
    """All three, side by side; what was not released to this reader is empty."""

    release: Release | None
    group: str
    groups: tuple[tuple[str, str], ...]
    shares: tuple[Share, ...]
    together: tuple[Together, ...]
    staff: tuple[Share, ...]
    touchpoints: Touchpoints


def needs_of(published: Published, area: Area, *, group: str, user: Somebody, on: date) -> Needs:
    """Needs of a place for everybody ("") or one community. A group that is not released is taken as everybody.

    Barriers are released for whole systems: a local authority shows those of the system it lies in.
    """
    releases = releases_of([area.code, *(each.code for each in systems_of(published, area))], user=user)
    groups: tuple[tuple[str, str], ...] = ()
    held, staff = None, None
    if releases:
        names = names_in(releases)
        titles = {key: each.title for key, each in load(Community).items()}
        groups = tuple((key, title) for key, title in titles.items() if f"barriers-{key}" in names)
        group = group if group in dict(groups) else ""
        held = pooled(releases, f"barriers-{group}" if group else "barriers", ("one", "other"), common=True)
        staff = pooled(releases, "staff", ("topic", "hard"))
    return Needs(
        release=releases[0] if releases else None,
        group=group,
        groups=groups,
        shares=tuple(_shares(held)) if held is not None else (),
        together=tuple(_together(held)) if held is not None else (),
        staff=tuple(_staff(staff)) if staff is not None else (),
        touchpoints=_touchpoints(area, user, on),
    )


def _shares(held: Columns) -> list[Share]:
    """Each barrier by itself: every pair it stands in tells of it, and the narrowest of what they say holds."""
    titles = {name: each.title for name, each in barriers().items()}
    hard: dict[str, tuple[float, float]] = {}
    easy: dict[str, tuple[float, float]] = {}
    for side, topics in (("one", held["one"]), ("other", held["other"])):
        for known, state in ((hard, "hard"), (easy, "not_hard")):
            names = [f"{state}_{each}" if side == "one" else f"{each}_{state}" for each in STATES]
            low = np.sum([held[f"{name}_low"] for name in names], axis=0)
            high = np.sum([held[f"{name}_high"] for name in names], axis=0)
            for topic, least, most in zip(topics.tolist(), low.tolist(), high.tolist(), strict=True):
                before = known.get(topic, (0.0, np.inf))
                known[topic] = (max(before[0], least), min(before[1], most))
    found = [_share(topic, titles.get(topic, topic), hard[topic], easy[topic]) for topic in hard]
    return sorted((each for each in found if each is not None), key=lambda each: -each.value)


def _staff(held: Columns) -> list[Share]:
    titles = {name: each.title for name, each in barriers().items()}
    found = []
    for topic in dict.fromkeys(held["topic"].tolist()):
        ends = {}
        for word in ("True", "False"):
            rows = (held["topic"] == topic) & (held["hard"] == word)
            ends[word] = (float(held["low"][rows].sum()), float(held["high"][rows].sum()))
        found.append(_share(topic, titles.get(topic, topic), ends["True"], ends["False"]))
    return sorted((each for each in found if each is not None), key=lambda each: -each.value)


def _share(topic: str, title: str, hard: tuple[float, float], easy: tuple[float, float]) -> Share | None:
    value, low, high = _between(np.array([hard[0]]), np.array([hard[1]]), np.array([easy[0]]), np.array([easy[1]]))
    if not np.isfinite(value[0]):
        return None
    return Share(topic, title, float(value[0]), float(low[0]), float(high[0]), (hard[0] + easy[0], hard[1] + easy[1]))


def _together(held: Columns) -> list[Together]:
    """Both ways of every pair of which enough is known; those that surely go together first, the strongest first."""
    titles = {name: each.title for name, each in barriers().items()}
    found = []
    for first, second, turned in (("one", "other", False), ("other", "one", True)):

        def cell(a: str, b: str, end: str, turned: bool = turned) -> Floats:
            name = f"{b}_{a}" if turned else f"{a}_{b}"
            return held[f"{name}_{end}"]

        given = _between(*(cell("hard", b, end) for b in ("hard", "not_hard") for end in ENDS))
        without = _between(*(cell("not_hard", b, end) for b in ("hard", "not_hard") for end in ENDS))
        for at in np.flatnonzero(np.isfinite(given[0]) & np.isfinite(without[0])).tolist():
            one, other = str(held[first][at]), str(held[second][at])
            found.append(
                Together(
                    one,
                    other,
                    titles.get(one, one),
                    titles.get(other, other),
                    tuple(float(each[at]) for each in given),
                    tuple(float(each[at]) for each in without),
                )
            )
    return sorted(found, key=lambda each: (not each.sure, -each.difference, each.one, each.other))


def _between(hard_low: Floats, hard_high: Floats, easy_low: Floats, easy_high: Floats) -> tuple[Floats, Floats, Floats]:
    """A share and its interval: Wilson's limits at the ends of what rounding and hiding leave open.

    NaN where a count has no upper end, or nobody answered.
    """
    known = np.isfinite(hard_high) & np.isfinite(easy_high) & (hard_high + easy_high > 0)
    hl, hh, el, eh = (np.where(known, each, 0.0) for each in (hard_low, hard_high, easy_low, easy_high))
    middle, other = (hl + hh) / 2, (el + eh) / 2
    value = proportion(middle, middle + other, confidence=SURE).value
    low = proportion(hl, hl + eh, confidence=SURE).low
    high = proportion(hh, hh + el, confidence=SURE).high
    return (
        np.where(known, value, np.nan),
        np.where(known & np.isfinite(low), low, 0.0),
        np.where(known & np.isfinite(high), high, 1.0),
    )


def _touchpoints(area: Area, user: Somebody, on: date) -> Touchpoints:
    """What stands in the directory of organisations that cover this area, as far as this reader sees it."""
    paths = Organisation.objects.filter(area_code=area.code).values_list("path", flat=True)
    seen = touchpoints_visible_to(user)
    inside = [pk for path in paths for pk in seen.filter(area__path__startswith=path).values_list("pk", flat=True)]
    services = Service.objects.filter(touchpoint__in=inside, status__in=RUNNING, same_as=None)
    rows = services.values_list("capacity", "capacity_on", "checked_on")
    room = full = fading = 0
    for capacity, said_on, checked_on in rows:
        said = capacity is not None and said_on is not None and (said_on.year, said_on.month) == (on.year, on.month)
        room += said and capacity > 0
        full += said and capacity == 0
        fading += checked_on is None or on - checked_on > FADES
    return Touchpoints(len(set(inside)), len(rows), room, full, len(rows) - room - full, fading)
