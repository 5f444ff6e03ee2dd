"""The page of one neighbourhood: its figures against its place, its integrated care system and England."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from inroads.analytics.published import ENGLAND, Area, Dataset, Published
from inroads.design.maps import strip
from inroads.design.wording import percent
from inroads.places.presenters.map import drawn, locator
from inroads.places.presenters.table import weights_in_words
from inroads.places.queries import group_definitions, indicators, risk_index
from inroads.places.queries.libraries import distance, nearest_libraries
from inroads.places.queries.picture import Weights, picture
from inroads.reference.definitions.figures import Indicator

CARRIED = {
    "unchanged": "This neighbourhood has the same boundary as in 2011, so figures of that year fit it as they are.",
    "split": "In 2011 this neighbourhood was part of a larger one. Figures of that year are those of the larger one.",
    "merged": "This neighbourhood was made of several of 2011. Figures of that year are their weighted mean.",
    "complex": "The boundary changed in a complicated way since 2011. Figures of that year are a weighted mean.",
}


@dataclass(frozen=True)
class Row:
    """One indicator here and around. Texts, because a missing figure is a sentence and not a zero."""

    indicator: Indicator
    reading: str
    here: str
    place: str
    system: str
    england: str
    picture: Markup
    source: Dataset | None


@dataclass(frozen=True)
class Lives:
    """How many people (or households) of a group live here."""

    title: str
    counts: str
    number: str
    percent: str


UNITS = {
    "percent": "percent",
    "score 0 to 10": "score from 0 to 10",
    "score": "score without a fixed scale",
    "decile": "1 to 10",
    "rank": "1 to 33,755",
}


def reading(indicator: Indicator) -> str:
    """How to read a figure: its unit, and which way is worse."""
    return f"{UNITS[indicator.unit]}; {'higher' if indicator.direction > 0 else 'lower'} is more risk"


def said(indicator: Indicator, value: float) -> str:
    """A figure with its unit, as people read it."""
    if not np.isfinite(value):
        return "not known"
    number = f"{value:,.{indicator.decimals}f}"
    return f"{number}%" if indicator.unit == "percent" else number


def page(published: Published, code: str, weights: Weights, *, chosen: bool) -> dict:
    """Everything the template shows, with these weights; `chosen` when they are the reader's own."""
    places = published.neighbourhoods
    row = places.row(code)
    place = published.areas.get(str(places.local_authority[row]))
    system = published.areas.get(str(places.ics[row]))
    standing = []
    for around in (place, system):
        if around is None or not around.whole:
            continue
        seen = picture(published, around.code, weights)
        position = int(np.searchsorted(seen.rows, row))
        if seen.fifth[position]:
            standing.append(
                {
                    "area": around,
                    "of": int((seen.fifth > 0).sum()),
                    "rank": int(seen.rank[position]),
                    "low": int(seen.rank_low[position]),
                    "high": int(seen.rank_high[position]),
                    "score": float(seen.score[position]),
                    "tenth": int(seen.tenth[position]),
                    "fifth": int(seen.fifth[position]),
                }
            )
    near = nearest_libraries(published, code)
    by_id = {each.source_id: each for each in published.datasets}
    return {
        "published": published,
        "code": code,
        "name": str(places.name[row]),
        "ward": str(places.ward[row]),
        "place": place,
        "system": system,
        "population": float(places.population[row]),
        "rural_urban": str(places.rural_urban[row]),
        "standing": standing,
        "chosen": chosen,
        "weights_in_words": weights_in_words(weights),
        "rows": [_row(published, each, row, (place, system), by_id) for each in _in_order()],
        "lives": _lives(published, row),
        "locator_kind": drawn(published, place.code).kind if place is not None else "",
        "locator": locator(published, place, code) if place is not None and place.whole else "",
        "library": distance(published, near, 0) if near.asset[0] >= 0 else None,
        "carried": CARRIED.get(str(places.carried[row]), ""),
    }


def _in_order() -> list[Indicator]:
    """The index first, then its parts, then the rest by title."""
    index = risk_index()
    first = [index.score, *(part.indicator for part in index.parts)]
    known = indicators()
    return [known[name] for name in first] + sorted(
        (each for name, each in known.items() if name not in first), key=lambda each: each.title
    )


def _row(
    published: Published,
    indicator: Indicator,
    row: int,
    around: tuple[Area | None, ...],
    by_id: dict[str, Dataset],
) -> Row:
    value = float(published.neighbourhoods.indicator(indicator.id)[row])
    means = []
    for each in around:
        means.append(_mean(published, each, indicator))
    england = published.summary(ENGLAND, indicator.id)
    drawing = Markup("")
    if england is not None and np.isfinite(value):
        drawing = strip(
            value,
            low=float(england.quantiles[2]),
            middle=float(england.quantiles[10]),
            high=float(england.quantiles[18]),
            least=england.minimum,
            most=england.maximum,
        )
    return Row(
        indicator=indicator,
        reading=reading(indicator),
        here=said(indicator, value),
        place=means[0],
        system=means[1],
        england=_mean(published, published.areas.get(ENGLAND), indicator),
        picture=drawing,
        source=by_id.get(indicator.source),
    )


def _mean(published: Published, area: Area | None, indicator: Indicator) -> str:
    """The mean over an area, which says nothing for ranks and tenths."""
    if indicator.unit in {"rank", "decile"}:
        return "not averaged"
    summary = published.summary(area.code, indicator.id) if area else None
    return said(indicator, summary.mean) if summary else "not known"


def _lives(published: Published, row: int) -> list[Lives]:
    found = []
    for group in group_definitions().values():
        count = float(published.neighbourhoods.count(group.id)[row])
        base = float(published.neighbourhoods.base(group.id)[row])
        known = np.isfinite(count) and np.isfinite(base)
        found.append(
            Lives(
                title=group.title,
                counts=group.counts,
                number=f"{count:,.0f}" if known else "not known",
                percent=percent(count / base) if known and base else "",
            )
        )
    return found


def carried_counts(published: Published, area: Area) -> dict[str, int]:
    """How many neighbourhoods of a place have figures of 2011 as they are, and how many had to be carried."""
    carried = published.neighbourhoods.carried[published.neighbourhoods.rows(area.code)]
    return {kind: int((carried == kind).sum()) for kind in CARRIED if (carried == kind).any()}
