"""An invented integrated care system: its neighbourhoods, what an index expects there, and what is true.

The same seed gives the same world. Nothing here is about a real place: codes lie outside those that are in use.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inroads.methods.logistic import expit
from inroads.methods.picture import risk_from_index
from worlds.people import People, draw_people

Floats = NDArray[np.float64]
Texts = NDArray[np.str_]
Flags = NDArray[np.bool_]

ICS = "E54999999"
ICS_NAME = "Alder and Brack (invented)"
AUTHORITIES = (
    ("E06999901", "Alderwick (invented)"),
    ("E06999902", "Brackmoor (invented)"),
    ("E07999903", "Coldhaven (invented)"),
    ("E07999904", "Dunmere (invented)"),
)
WARDS = ("Mill", "Harbour", "Castle", "Priory", "Heath", "Quay", "Station", "Orchard", "Bridge", "Common")
CELL = 800.0
"""Metres from the middle of one neighbourhood to that of the next."""

EXPECTED = 0.08
"""The share of all people that the index, on average, expects to be left out: near that of pages of places."""


@dataclass(frozen=True, eq=False)
class World:
    """N neighbourhoods in order of code, and the people whom services know there.

    `index` (N,) 0 to 10 is the mean of `parts` (N, 3). `expected` (N,) is the share of people that the index expects to
    be left out, `share` (N,) the true one. `pocket` (N,): 30 to 40 points above what is expected; `overstated` (N,): a
    third of what is expected. `collected` (N,): "mixed", "digital" (only through digital channels) or "nobody" (nobody
    was asked). `community_rate` (N, 16): how many times as many of a community live there as elsewhere.
    """

    seed: int
    code: Texts
    name: Texts
    ward: Texts
    authority: Texts
    easting: Floats
    northing: Floats
    population: Floats
    parts: Floats
    expected: Floats
    share: Floats
    pocket: Flags
    overstated: Flags
    collected: Texts
    community_rate: Floats
    people: People

    @property
    def index(self) -> Floats:
        """(N,) the mean of the parts."""
        mean: Floats = self.parts.mean(axis=1)
        return mean

    def counts(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(N, C) people who were asked, and those of them who are left out, by channel in the order of `CHANNELS`.

        People without a known neighbourhood are in neither.
        """
        return self.people.counts(len(self.code))

    def rows(self, authority: str) -> NDArray[np.int64]:
        """The neighbourhoods of a local authority; of all of them for the code of the system."""
        return np.flatnonzero((self.authority == authority) | (authority == ICS))


def make_world(*, people: int = 50_000, neighbourhoods: int = 420, seed: int) -> World:
    """A system of so many neighbourhoods and people known to its services. Raises `ValueError` for too few.

    At 420 neighbourhoods 12 are pockets, 12 overstated, 29 never asked and 29 heard only digitally.
    """
    if neighbourhoods < 10 or people < 20 * neighbourhoods:
        raise ValueError("neighbourhoods: 10 at least, and 20 people for each")
    rng = np.random.default_rng([seed, 1])
    east, north, authority = _grid(neighbourhoods)
    population = np.clip(np.exp(rng.normal(np.log(1450), 0.22, neighbourhoods)), 800, 2600)
    parts = _parts(east, north, rng)
    index = parts.mean(axis=1)
    few, some = max(1, round(neighbourhoods / 35)), max(2, round(neighbourhoods / 14.5))
    collected, nobody = _collected(neighbourhoods, some, rng)
    # Some whom nobody asked are large: that is where listening pays.
    population[nobody[: max(1, some // 7)]] *= 1.9
    population = np.rint(population)
    expected = risk_from_index(index, mean=EXPECTED, population=population)
    # Informative, and no more: the true share rises a little faster, with a spread of its own.
    share = expit(np.log(expected / (1 - expected)) + 0.1 * (index - index.mean()) + rng.normal(0, 0.25, index.size))
    pocket, overstated = np.zeros((2, neighbourhoods), dtype=bool)
    mixed = np.flatnonzero(collected == "mixed")
    low, high = mixed[index[mixed] < np.median(index)], mixed[index[mixed] > np.quantile(index, 0.75)]
    pocket[rng.choice(low, few, replace=False)] = True
    overstated[rng.choice(high, min(few, high.size), replace=False)] = True
    share[pocket] = expected[pocket] + rng.uniform(0.30, 0.40, pocket.sum())
    share[overstated] = expected[overstated] / 3
    # Where only screens ask, more people are left out than the index expects, and nobody hears of it.
    share[collected == "digital"] += 0.12
    # Where nobody asked, every second place is such that somebody ought to have.
    share[nobody[::2]] += 0.15
    rate = rng.gamma(0.6, 1 / 0.6, (neighbourhoods, 16))
    drawn = draw_people(people, population=population, share=share, collected=collected, uneven=rate, rng=rng)
    numbers = np.arange(neighbourhoods)
    names = dict(AUTHORITIES)
    return World(
        seed=seed,
        code=np.array([f"E0199{number:04d}" for number in numbers]),
        name=np.array([f"{names[code].split()[0]} {at:03d}A" for at, code in enumerate(authority.tolist(), 1)]),
        ward=np.array([f"{WARDS[at // 6 % len(WARDS)]} Ward" for at in numbers]),
        authority=authority,
        easting=east,
        northing=north,
        population=population,
        parts=parts,
        expected=expected,
        share=share,
        pocket=pocket,
        overstated=overstated,
        collected=collected,
        community_rate=rate,
        people=drawn,
    )


def _grid(count: int) -> tuple[Floats, Floats, Texts]:
    """Middles of squares in rows, and the local authority of each: four blocks of columns, two in a small world."""
    wide = int(np.ceil(np.sqrt(count)))
    column, row = np.arange(count) % wide, np.arange(count) // wide
    used = AUTHORITIES if count >= 40 else AUTHORITIES[:2]
    block = column * len(used) // wide
    authority = np.array([used[at][0] for at in block])
    return 400_000 + CELL * column, 300_000 + CELL * row, authority


def _parts(east: Floats, north: Floats, rng: np.random.Generator) -> Floats:
    """(N, 3) parts of the index, 0 to 10: three that go together, and go together with those nearby."""
    field = np.zeros(east.size)
    for _ in range(4):
        x, y = rng.uniform(east.min(), east.max()), rng.uniform(north.min(), north.max())
        field += rng.choice([-1, 1]) * np.exp(-np.hypot(east - x, north - y) / (6 * CELL))
    field = (field - field.mean()) / (field.std() or 1.0)
    latent = 0.7 * field + 0.7 * rng.normal(size=east.size)
    each = 0.75 * latent[:, None] + 0.65 * rng.normal(size=(east.size, 3))
    return np.clip(4.5 + 1.8 * each, 0.3, 9.7).round(3)


def _collected(count: int, some: int, rng: np.random.Generator) -> tuple[Texts, NDArray[np.int64]]:
    chosen = rng.choice(count, 2 * some, replace=False)
    collected = np.full(count, "mixed", dtype="<U7")
    collected[chosen[:some]], collected[chosen[some:]] = "nobody", "digital"
    return collected, chosen[:some]
