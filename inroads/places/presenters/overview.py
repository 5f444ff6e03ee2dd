"""The few sentences at the top of a place's page, and the systems of England side by side."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from inroads.analytics.published import ENGLAND, Area, Published
from inroads.places.queries import risk_index
from inroads.places.queries.libraries import nearest_libraries
from inroads.places.queries.picture import Picture, highest_first


@dataclass(frozen=True)
class Steady:
    """A neighbourhood that stays high however the parts are weighed."""

    code: str
    name: str
    ward: str
    low: int
    high: int
    tenth: int


@dataclass(frozen=True)
class Overview:
    """`highest_tenth` counts neighbourhoods in England's tenth at highest risk, None where England is not known."""

    neighbourhoods: int
    without_figure: int
    people: int
    highest_tenth: int | None
    steady: tuple[Steady, ...]
    top: int


def overview(published: Published, area: Area, seen: Picture) -> Overview:
    """What stands out in a place."""
    places = published.neighbourhoods
    known = seen.fifth > 0
    order = np.argsort(seen.any_high + seen.any_low, kind="stable")
    steady = [position for position in order.tolist() if seen.steady[position]]
    people = places.population[seen.rows]
    return Overview(
        neighbourhoods=len(seen.rows),
        without_figure=int((~known).sum()),
        people=int(people[np.isfinite(people)].sum()),
        highest_tenth=int((seen.tenth == 1).sum()) if seen.tenth.any() else None,
        steady=tuple(
            Steady(
                code=str(places.code[seen.rows[position]]),
                name=str(places.name[seen.rows[position]]),
                ward=str(places.ward[seen.rows[position]]),
                low=int(seen.any_low[position]),
                high=int(seen.any_high[position]),
                tenth=int(seen.tenth[position]),
            )
            for position in steady
        ),
        top=int(np.ceil(known.sum() / 5)),
    )


@dataclass(frozen=True)
class SheetRow:
    """A neighbourhood on the page to print. Counts and distance are texts: what is not known says so."""

    name: str
    ward: str
    score: float
    low: int
    high: int
    tenth: int
    people: str
    older: str
    disabled: str
    library: str
    kilometres: str


def highest(published: Published, area: Area, seen: Picture, most: int) -> list[SheetRow]:
    """The neighbourhoods at highest risk, highest first, with who lives there and the nearest library."""
    places = published.neighbourhoods
    near = nearest_libraries(published, area.code)
    found = []
    for position in highest_first(seen)[:most].tolist():
        row, asset = seen.rows[position], near.asset[position]
        found.append(
            SheetRow(
                name=str(places.name[row]),
                ward=str(places.ward[row]),
                score=float(seen.score[position]),
                low=int(seen.rank_low[position]),
                high=int(seen.rank_high[position]),
                tenth=int(seen.tenth[position]),
                people=_count(places.population[row]),
                older=_count(places.count("people_65_plus")[row]),
                disabled=_count(places.count("disabled_people")[row]),
                library=str(published.assets.name[asset]) if asset >= 0 else "not known",
                kilometres=f"{near.metres[position] / 1000:.1f}" if asset >= 0 else "",
            )
        )
    return found


def _count(value: float) -> str:
    return f"{value:,.0f}" if np.isfinite(value) else "not known"


@dataclass(frozen=True)
class SystemRow:
    """One integrated care system beside the others: how much of it is at high risk, not how well it works."""

    area: Area
    neighbourhoods: int
    mean: float
    highest_tenth: int


@lru_cache(maxsize=64)
def _system_row(published: Published, area: Area) -> SystemRow:
    score = published.neighbourhoods.indicator(risk_index().score)[published.neighbourhoods.rows(area.code)]
    edge = published.summary(ENGLAND, risk_index().score).quantiles[18]
    summary = published.summary(area.code, risk_index().score)
    return SystemRow(area, len(score), summary.mean, int((score > edge).sum()))


def systems_table(published: Published, systems: list[Area]) -> list[SystemRow]:
    """The systems in the order given; those without the index are left out."""
    return [
        _system_row(published, area) for area in systems if published.summary(area.code, risk_index().score) is not None
    ]
