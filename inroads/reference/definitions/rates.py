"""Published rates of groups of people, each with its source, and the population they are put upon."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import hypot, sqrt
from typing import ClassVar, Literal

from inroads.reference.definitions import DefinitionError, load

OLDEST = 130
Measures = Literal["left_out", "mental_health", "disabled"]
Disabled = Literal["", "yes", "no"]


@dataclass(frozen=True)
class GroupRate:
    """One published share of the people aged `lowest` to `highest`, disabled or not ("" for both).

    `further_se` is added to its standard error for a reason that `RateTable.assumption` gives.
    """

    group: str
    title: str
    lowest: int
    published: float
    highest: int = OLDEST
    disabled: Disabled = ""
    further_se: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.published < 1:
            raise ValueError(f"field 'published': {self.published}: expected a share above 0 and below 1")
        if not 0 <= self.lowest <= self.highest:
            raise ValueError(f"fields 'lowest' and 'highest': {self.lowest} to {self.highest} holds nobody")


@dataclass(frozen=True)
class RateTable:
    """Rates that one publication gives, with the words that give them.

    `where` is the table, figure or section, `words` what stands there, `address` where it was read. With `turned`, what
    is published is the share of everyone else. `sample` people of `sample_lowest_age` and over answered; each group's
    part of them is taken to be its part of the population, and is divided by `design_effect`. Figures rounded to
    `rounded_to` may be off by half of it. `assumption` says what of this nobody published.
    """

    KIND: ClassVar[str] = "rates"

    id: str
    title: str
    measures: Measures
    what: str
    publisher: str
    publication: str
    released: str
    year: str
    where: str
    geography: str
    base: str
    address: str
    words: str
    turned: bool
    rounded_to: float
    sample: int
    sample_lowest_age: int
    sample_source: str
    design_effect: float
    assumption: str
    rates: tuple[GroupRate, ...]

    def __post_init__(self) -> None:
        if not self.rates:
            raise ValueError("field 'rates': expected at least one")
        if self.design_effect < 1 or self.sample < 0 or self.rounded_to < 0:
            raise ValueError("fields 'design_effect', 'sample', 'rounded_to': expected 1 or more, 0 or more, 0 or more")
        for each in self.rates:
            figure = f"{100 * each.published:.0f}"
            if not any(f"{figure}{unit}" in self.words for unit in ("%", " per cent")):
                raise ValueError(f"field 'words': does not hold {figure}%, the published rate of '{each.group}'")

    def value(self, rate: GroupRate) -> float:
        """The share of people of whom `what` is true."""
        return 1 - rate.published if self.turned else rate.published

    def standard_error(self, rate: GroupRate, population: "Population") -> float:
        """Of one rate: from the size of the sample, from rounding (even over its width), and what is added to it.

        Formula: √(p (1 - p) deff / n + rounded_to² / 12 + further_se²). Raises `ValueError` for a table without sample.
        """
        if not self.sample:
            raise ValueError(f"{self.id}: has no sample, so no standard error follows from it")
        asked = population.people(self.sample_lowest_age)
        people = population.people(rate.lowest, rate.highest, rate.disabled)
        effective = self.sample * people / asked / self.design_effect
        luck = sqrt(rate.published * (1 - rate.published) / effective)
        return hypot(luck, self.rounded_to / sqrt(12), rate.further_se)


@dataclass(frozen=True)
class Band:
    """How many people are `lowest` to `highest` years old."""

    lowest: int
    people: float
    highest: int = OLDEST


@dataclass(frozen=True)
class Population:
    """A country's people by age, and how many of all its residents are disabled."""

    KIND: ClassVar[str] = "populations"

    id: str
    title: str
    publisher: str
    publication: str
    year: str
    derived: str
    residents: int
    disabled: int
    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        edges = [(each.lowest, each.highest) for each in self.bands]
        if not edges or edges[0][0] != 0 or edges[-1][1] != OLDEST:
            raise ValueError("field 'bands': expected bands from 0 to the oldest")
        for before, after in pairwise(edges):
            if after[0] != before[1] + 1:
                raise ValueError(f"field 'bands': {before[1]} and {after[0]} do not follow one another")
        if not 0 < self.disabled < self.residents:
            raise ValueError("fields 'disabled' and 'residents': expected some people, and not all")

    def people(self, lowest: int, highest: int = OLDEST, disabled: Disabled = "") -> float:
        """How many people are `lowest` to `highest` years old and disabled or not.

        Raises `ValueError` where these ages cut through a band.
        """
        found = 0.0
        for each, share in zip(self.bands, share_disabled(self), strict=True):
            if inside(each, lowest, highest, where=self.id):
                found += each.people * {"": 1.0, "yes": share, "no": 1 - share}[disabled]
        return found


def inside(band: Band, lowest: int, highest: int, *, where: str) -> bool:
    """Whether a band lies within these ages. Raises `ValueError` where they cut through it."""
    within = lowest <= band.lowest and band.highest <= highest
    if not within and not (band.highest < lowest or highest < band.lowest):
        raise ValueError(f"{where}: ages {lowest} to {highest} cut through the band {band.lowest} to {band.highest}")
    return within


@cache
def share_disabled(population: Population) -> tuple[float, ...]:
    """Which share of each band is disabled: the published pattern by age, moved to the country's own number.

    The odds of all bands are multiplied by one number, so that the disabled among all residents are as many as the
    population says.
    """
    table = one_of("disabled")
    odds = []
    for each in population.bands:
        rate = next((r for r in table.rates if inside(each, r.lowest, r.highest, where=table.id)), None)
        if rate is None:
            raise DefinitionError(f"definitions/rates/{table.id}.toml: no rate for ages {each.lowest} and over")
        odds.append(table.value(rate) / (1 - table.value(rate)))
    everyone = sum(each.people for each in population.bands)
    wanted = everyone * population.disabled / population.residents
    low, high = 1e-6, 1e6
    for _ in range(200):
        factor = sqrt(low * high)
        found = sum(e.people * factor * o / (1 + factor * o) for e, o in zip(population.bands, odds, strict=True))
        low, high = (factor, high) if found < wanted else (low, factor)
    return tuple(factor * each / (1 + factor * each) for each in odds)


@cache
def tables_of(measures: Measures) -> tuple[RateTable, ...]:
    """Every table that measures this, that of everyone first, the others by id. Raises `DefinitionError`."""
    found = [each for each in load(RateTable).values() if each.measures == measures]
    return tuple(sorted(found, key=lambda each: (each.rates[0].group != "everyone", each.id)))


@cache
def one_of(measures: Measures) -> RateTable:
    """The one table that measures this. Raises `DefinitionError` where there is none, or more than one."""
    found = tables_of(measures)
    if len(found) != 1:
        raise DefinitionError(f"definitions/rates/: expected one table that measures '{measures}', found {len(found)}")
    return found[0]


@cache
def england() -> Population:
    """The population on which published rates are put. Raises `DefinitionError`."""
    found: Population = load(Population)["england"]
    return found
