"""Kinds of people by age and disability: how many live in each neighbourhood, and the rates of each kind.

Every table of the store counts all residents. Children are kinds of their own, so that tables of everyone can be met
exactly, and are left out afterwards: what is said of people of 16 and over rests on no further table.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.analytics.published import Published
from inroads.methods import needs
from inroads.reference.definitions import DefinitionError
from inroads.reference.definitions.rates import OLDEST, Band, GroupRate, england, inside, tables_of

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Key = int | tuple[int, ...]
ADULT = 16
OLDER = "people_75_plus"
DISABLED: tuple[Literal["no", "yes"], ...] = ("no", "yes")


@dataclass(frozen=True)
class Ages:
    """One age band that the store counts: the name it has in a file of people asked, and in words."""

    name: str
    title: str
    lowest: int
    highest: int


COARSE = (
    Ages("under_16", "under 16", 0, 15),
    Ages("16_24", "16 to 24", 16, 24),
    Ages("25_64", "25 to 64", 25, 64),
    Ages("65_plus", "65 and over", 65, OLDEST),
)
FINE = (*COARSE[:3], Ages("65_74", "65 to 74", 65, 74), Ages("75_plus", "75 and over", 75, OLDEST))


@dataclass(frozen=True, eq=False)
class Residents:
    """People of N neighbourhoods as the store counts them.

    `known` (N,) bool: every figure needed is there. `by_age` (N, bands) and `by_disability` (N, 2), no and yes, are
    all residents; 0 where not known.
    """

    bands: tuple[Ages, ...]
    known: NDArray[np.bool_]
    by_age: Floats
    by_disability: Floats


@dataclass(frozen=True, eq=False)
class Kinds:
    """P kinds of people: `ages` (P,) rows of the population's bands, `disabled` (P,) 0 or 1, `people` (P,) in England.

    `adult` (P,) bool. `rates` has the calibrated rates of the adult kinds, in their order.
    """

    bands: tuple[Band, ...]
    ages: NDArray[np.int64]
    disabled: NDArray[np.int64]
    people: Floats
    adult: NDArray[np.bool_]
    rates: needs.Calibrated

    @property
    def rate(self) -> Floats:
        """(P,) the share of each kind of whom the thing is true; 0 for children, who are not spoken of."""
        found = np.zeros(len(self.ages))
        found[self.adult] = self.rates.rates
        return found

    @property
    def factor(self) -> Floats:
        """(P, K) with `factor @ factor.T` the covariance of `rate`: see `needs.Calibrated`."""
        found = np.zeros((len(self.ages), self.rates.factor.shape[1]))
        found[self.adult] = self.rates.factor
        return found


@lru_cache(maxsize=1)
def kinds() -> Kinds:
    """All kinds of people in England with the published rates of being left out brought together upon them.

    Raises `DefinitionError` where the published tables contradict one another.
    """
    population = england()
    pairs = list(product(range(len(population.bands)), DISABLED))
    ages = np.array([band for band, _ in pairs])
    disabled = np.array([DISABLED.index(each) for _, each in pairs])
    people = np.array(
        [population.people(population.bands[at].lowest, population.bands[at].highest, each) for at, each in pairs]
    )
    adult = np.array([population.bands[at].lowest >= ADULT for at, _ in pairs])
    columns: list[list[int]] = []
    rates: dict[Key, ArrayLike] = {}
    errors: dict[Key, ArrayLike] = {}
    for number, table in enumerate(tables_of("left_out")):
        columns.append(
            [
                _group(table.rates, population.bands[at], each)
                for (at, each), old in zip(pairs, adult, strict=True)
                if old
            ]
        )
        others = [np.nan] * (max(columns[-1]) + 1 - len(table.rates))
        rates[number] = [*(table.value(each) for each in table.rates), *others]
        errors[number] = [*(table.standard_error(each, population) for each in table.rates), *others]
    found = needs.calibrate(np.array(columns).T, rates, se=errors, weights=people[adult])
    if not found.converged or not np.isfinite(found.rates).all():
        raise DefinitionError(f"definitions/rates/: {found.note}")
    return Kinds(population.bands, ages, disabled, people, adult, found)


def _group(rates: tuple[GroupRate, ...], band: Band, disabled: str) -> int:
    """Which of these groups a kind of people is in; the number after the last for none."""
    for number, each in enumerate(rates):
        if inside(band, each.lowest, each.highest, where=each.group) and each.disabled in ("", disabled):
            return number
    return len(rates)


def residents(published: Published, rows: Rows) -> Residents:
    """What the store counts in these rows. A store loaded before people of 75 and over were counted has one band less.

    People of 25 to 64 are those left of everyone in the table by age band.
    """
    places = published.neighbourhoods
    missing = np.full(len(rows), np.nan)

    def count(group: str) -> Floats:
        return places.count(group)[rows] if group in places.groups else missing

    def base(group: str) -> Floats:
        return places.base(group)[rows] if group in places.groups else missing

    older = count(OLDER)
    bands = FINE if np.isfinite(older).any() else COARSE
    young, next_band, old = count("people_under_16"), count("people_16_24"), count("people_65_plus")
    middle = np.maximum(base("people_16_24") - young - next_band - old, 0)
    oldest = [np.maximum(old - older, 0), older] if bands is FINE else [old]
    by_age = np.column_stack([young, next_band, middle, *oldest])
    disabled = count("disabled_people")
    by_disability = np.column_stack([np.maximum(base("disabled_people") - disabled, 0), disabled])
    known = np.isfinite(by_age).all(axis=1) & np.isfinite(by_disability).all(axis=1)
    return Residents(bands, known, np.where(known[:, None], by_age, 0.0), np.where(known[:, None], by_disability, 0.0))


def fitted(people: Residents) -> needs.Fit:
    """How many people of each kind live in the neighbourhoods that are known, in their order."""
    found = kinds()
    of_band = [
        [inside(band, each.lowest, each.highest, where="ages") for each in people.bands].index(True)
        for band in found.bands
    ]
    profiles = np.column_stack([np.array(of_band)[found.ages], found.disabled])
    margins = [people.by_age[people.known], people.by_disability[people.known]]
    return needs.fit(profiles, found.people, margins)
