"""The people whom the services of an invented world know: who is left out, who was asked how, and what they said.

Who is left out is true whether or not anybody asked. Whoever was asked said what is true of them now, so that counting
answers right gives back the truth about those who were asked.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inroads.methods.logistic import expit

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# In the order of `inroads.people.models.Channel`.
CHANNELS = ("in_person", "phone", "video", "paper", "message", "screen")
DIGITAL = ("video", "message", "screen")
ANSWERS = ("yes", "a_bit", "no", "not_asked", "prefer_not")
YES, A_BIT, NO, NOT_ASKED, PREFER_NOT = range(5)

COUNTED = (
    "devices", "private_space", "confidence", "data", "connection", "affordability", "device_loss", "skills",
    "nobody_to_show", "usability", "literacy",
)  # fmt: skip
"""Barriers that the measure of who is left out counts; a test compares them with `definitions/measures`."""

QUESTIONS = (*COUNTED, "trust", "language", "worry", "motivation")
SHORT = ("devices", "private_space", "confidence", "trust")

BUNDLES = (
    ("devices", "data", "affordability"),
    ("confidence", "skills", "nobody_to_show"),
    ("private_space", "trust"),
    ("literacy", "language", "usability"),
    ("connection", "device_loss"),
)
"""Barriers that go together. Somebody who is left out has one bundle: its first barrier surely, the others nearly."""

NEARLY = 0.85

# Share of people, how much the log odds of being left out rise, and the bundle that most of those left out have.
COMMUNITIES: dict[str, tuple[float, float, int | None]] = {
    "autistic_people": (0.02, 0.3, None),
    "black_people": (0.05, 0.3, None),
    "blind_people": (0.01, 1.0, None),
    "carers": (0.08, 0.0, None),
    "deaf_people": (0.015, 0.8, 3),
    "dementia": (0.01, 1.6, 1),
    "gypsy_roma_traveller": (0.015, 1.6, 0),
    "homeless": (0.015, 1.8, 0),
    "learning_disability": (0.02, 1.0, 1),
    "lgbtq": (0.04, 0.0, 2),
    "migrants": (0.05, 0.6, 3),
    "new_parents": (0.03, 0.2, 2),
    "older_people": (0.0, 0.7, 1),
    "refugees": (0.015, 1.4, 0),
    "south_asian_people": (0.07, 0.4, 3),
    "young_people": (0.0, -0.4, 2),
}
MOSTLY = 0.75
USUAL = np.array([0.35, 0.30, 0.10, 0.10, 0.15])

LEFT_OUT_BY = np.array([0.40, 0.25, 0.0, 0.35, 0.0, 0.0])
OTHERS_BY = np.array([0.25, 0.18, 0.08, 0.07, 0.17, 0.25])
BANDS = ((16, 25, 0.14), (25, 45, 0.34), (45, 65, 0.30), (65, 75, 0.12), (75, 96, 0.10))


@dataclass(frozen=True, eq=False)
class People:
    """P people; each array (P,) or (P, …).

    `neighbourhood` is a row of the world, -1 where it is not known. `communities` (P, 16) in the order of
    `COMMUNITIES`; `said_communities`: whether that stands in their record. `left_out`: the truth. `talked`: there was
    a conversation; `asked`: in which enough was answered to count. `channel` is that of what they said. `short`: the
    short conversation. `answers` (P, Q) to `QUESTIONS`, -1 where there is none. `before`: they had said the opposite
    in an earlier conversation. `bundle` -1 where not left out. `here`: still known to a service.
    """

    neighbourhood: Codes
    age: Codes
    communities: Flags
    said_communities: Flags
    chance: Floats
    left_out: Flags
    talked: Flags
    asked: Flags
    channel: Codes
    short: Flags
    bundle: Codes
    answers: NDArray[np.int8]
    before: Flags
    here: Flags

    def __len__(self) -> int:
        return len(self.age)

    def counts(self, neighbourhoods: int) -> tuple[Codes, Codes]:
        """(N, C) asked and found by neighbourhood and channel, of those who are here."""
        asked = self.asked & self.here & (self.neighbourhood >= 0)
        tables = []
        for chosen in (asked, asked & self.left_out):
            table = np.zeros((neighbourhoods, len(CHANNELS)), dtype=np.int64)
            np.add.at(table, (self.neighbourhood[chosen], self.channel[chosen]), 1)
            tables.append(table)
        return tables[0], tables[1]

    def of(self, rows: Codes | Flags) -> "People":
        """Some of them."""
        return People(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def and_more(self, more: "People") -> "People":
        """These, then those."""
        both: dict[str, Any] = {
            each.name: np.concatenate([getattr(self, each.name), getattr(more, each.name)]) for each in fields(self)
        }
        return People(**both)


def draw_people(
    count: int,
    *,
    population: Floats,
    share: Floats,
    collected: NDArray[np.str_],
    uneven: Floats,
    rng: np.random.Generator,
) -> People:
    """So many people, spread over neighbourhoods (N,) as the population is.

    Within a neighbourhood the chances of being left out differ by community and age, and are `share` on average.
    `uneven` (N, 16) says how many times as many of a community live there as elsewhere.
    """
    place = rng.choice(population.size, count, p=population / population.sum())
    band = rng.choice(len(BANDS), count, p=[each[2] for each in BANDS])
    low, high = np.array([each[:2] for each in BANDS]).T
    age = low[band] + (rng.random(count) * (high - low)[band]).astype(np.int64)
    rates = np.minimum(np.array([each[0] for each in COMMUNITIES.values()]) * uneven, 0.6)
    communities = rng.random((count, len(COMMUNITIES))) < rates[place]
    names = list(COMMUNITIES)
    communities[:, names.index("older_people")] = (age >= 65) & (rng.random(count) < 0.8)
    communities[:, names.index("young_people")] = (age < 25) & (rng.random(count) < 0.7)
    rises = communities @ np.array([each[1] for each in COMMUNITIES.values()]) + 0.3 * (age >= 75)
    chance = _averaging(rises, place, share)
    left_out = rng.random(count) < chance
    # A few live where nobody wrote down.
    unknown = rng.random(count) < 0.01
    how = collected[place]
    made = People(
        neighbourhood=np.where(unknown, -1, place),
        age=age,
        communities=communities,
        said_communities=rng.random(count) < 0.85,
        chance=chance,
        left_out=left_out,
        **_asked(left_out, how, rng),
        short=rng.random(count) < 0.5,
        bundle=_bundles(left_out, communities, rng),
        answers=np.full((count, len(QUESTIONS)), -1, dtype=np.int8),
        before=np.zeros(count, dtype=bool),
        here=np.ones(count, dtype=bool),
    )
    return with_answers(made, rng)


def with_answers(people: People, rng: np.random.Generator) -> People:
    """The same people, with what they said drawn anew from what is true of them."""
    count, column = len(people), {name: at for at, name in enumerate(QUESTIONS)}
    said = rng.choice([A_BIT, NO, NOT_ASKED, PREFER_NOT], (count, len(QUESTIONS)), p=[0.12, 0.84, 0.02, 0.02])
    said[:, len(COUNTED) :][rng.random((count, len(QUESTIONS) - len(COUNTED))) < 0.08] = YES
    # Two that everybody answers, so that whoever was asked counts as asked.
    said[:, :2] = np.where(said[:, :2] > NO, NO, said[:, :2])
    for number, names in enumerate(BUNDLES):
        rows = np.flatnonzero(people.bundle == number)
        for at, name in enumerate(names):
            said[rows[(at == 0) | (rng.random(rows.size) < NEARLY)], column[name]] = YES
    # The short conversation cannot hear of words or of the connection.
    short = people.short & (people.bundle < 3)
    not_in_short = np.array([name not in SHORT for name in QUESTIONS])
    said[np.ix_(short, not_in_short)] = -1
    # Too little was said to count: one answer, or none that says anything.
    little = people.talked & ~people.asked
    said[little] = -1
    said[little, 0] = np.where(rng.random(little.sum()) < 0.5, NOT_ASKED, YES)
    said[little, 1] = PREFER_NOT
    said[~people.talked] = -1
    before = people.asked & (rng.random(count) < 0.05)
    return replace(people, short=short, answers=said.astype(np.int8), before=before)


def _averaging(rises: Floats, place: Codes, share: Floats) -> Floats:
    """Chances whose log odds differ by `rises` and whose mean over each place's people is the share there."""
    people = np.maximum(np.bincount(place, minlength=share.size), 1)
    low, high = np.full(share.size, -20.0), np.full(share.size, 20.0)
    for _ in range(60):
        middle = (low + high) / 2
        mean = np.bincount(place, expit(middle[place] + rises), minlength=share.size) / people
        low, high = np.where(mean < share, middle, low), np.where(mean < share, high, middle)
    chance: Floats = expit(low[place] + rises)
    return chance


def _asked(left_out: Flags, how: NDArray[np.str_], rng: np.random.Generator) -> dict[str, Any]:
    """Who was asked, and through which channel: those left out answer on paper, by phone or to somebody's face."""
    count, digital = left_out.size, np.isin(CHANNELS, DIGITAL)
    chance = rng.random(count)
    asked = np.select([how == "mixed", (how == "digital") & ~left_out], [chance < 0.65, chance < 0.5], False)
    only_digital = OTHERS_BY * digital / (OTHERS_BY * digital).sum()
    channel = np.where(
        how == "digital",
        rng.choice(len(CHANNELS), count, p=only_digital),
        np.where(left_out, *(rng.choice(len(CHANNELS), count, p=each) for each in (LEFT_OUT_BY, OTHERS_BY))),
    )
    # In every neighbourhood there were conversations in which too little was said to count.
    return {"asked": asked, "talked": asked | (rng.random(count) < 0.1), "channel": channel}


def _bundles(left_out: Flags, communities: Flags, rng: np.random.Generator) -> Codes:
    """The bundle of each who is left out: as is usual, or that of one of their communities."""
    count = left_out.size
    bundle = rng.choice(len(BUNDLES), count, p=USUAL)
    for at, (_, _, own) in enumerate(COMMUNITIES.values()):
        if own is not None:
            bundle[communities[:, at] & (rng.random(count) < MOSTLY)] = own
    return np.where(left_out, bundle, -1)
