"""The figures of a place as CSV files: one row a neighbourhood, and a file that says what each column is."""

import csv
from collections.abc import Iterator

import numpy as np

from inroads.analytics.published import ENGLAND, Area, Published
from inroads.design.spreadsheet import no_formula
from inroads.places.presenters.table import DEFAULT, order_of, weights_in_words
from inroads.places.queries import group_definitions, indicators
from inroads.places.queries.libraries import NearestLibraries, nearest_libraries
from inroads.places.queries.picture import Picture

# Column, what it is: those that are not an indicator or a group.
OWN = {
    "neighbourhood_code": "Code of the neighbourhood (LSOA 2021)",
    "neighbourhood_name": "Name of the neighbourhood",
    "ward": "Ward of 2024 around it, as a rough pointer",
    "local_authority_code": "Code of the local authority (2024)",
    "local_authority_name": "Name of the local authority",
    "population": "Usual residents in March 2021",
    "risk_score": "Risk of digital exclusion with the weights of this file, 0 to 10; higher is more risk",
    "rank_here": "Rank in this place; 1 is the highest risk",
    "rank_low_90": "Lower end of the 90% interval of the rank when the weights are only roughly known",
    "rank_high_90": "Upper end of that interval",
    "rank_any_low_90": "Lower end of the 90% interval of the rank when any weighting of these parts is as likely",
    "rank_any_high_90": "Upper end of that interval",
    "high_whatever_the_weights": "yes where the rank stays in the first fifth here in about 95 of 100 such weightings",
    "tenth_of_england": "Tenth of England's neighbourhoods; 1 is the highest risk; empty where not known",
    "figures_of_2011_carried": "How figures of the neighbourhoods of 2011 came to this one",
}
AFTER = {
    "nearest_library": "Nearest open library with a known place",
    "nearest_library_metres": "Straight-line distance to it in metres, from the centre of where people live",
    "nearest_library_may_be_nearer": "yes where an open library of the local authority could not be put on the map",
    "weights": "What counts how much in risk_score",
}


class _Echo:
    """Gives back each line instead of storing it: the file is sent while it is written."""

    def write(self, line: str) -> str:
        return line


class Rows:
    """Lines of CSV. A text that a spreadsheet would take for a formula gets an apostrophe before it."""

    def __init__(self) -> None:
        self._writer = csv.writer(_Echo())

    def writerow(self, cells: list) -> str:
        """One line."""
        return self._writer.writerow([no_formula(cell) for cell in cells])


def figures(published: Published, code: str, picture: Picture) -> Iterator[str]:
    """One row a neighbourhood, highest risk first, with every indicator and group; missing is empty, never 0."""
    places = published.neighbourhoods
    parts, counted = list(indicators()), list(group_definitions().values())
    near = nearest_libraries(published, code)
    writer = Rows()
    group_columns = [f"{group.id}_{part}" for group in counted for part in ("count", "of")]
    # The mark at the start lets spreadsheets read names with accents.
    yield "\ufeff" + writer.writerow([*OWN, *parts, *group_columns, *AFTER])
    columns = [places.indicator(name)[picture.rows] for name in parts]
    for group in counted:
        columns += [places.count(group.id)[picture.rows], places.base(group.id)[picture.rows]]
    weights = weights_in_words(picture.weights)
    for position in order_of(picture, published, DEFAULT, True).tolist():
        row = picture.rows[position]
        authority = published.areas.get(str(places.local_authority[row]))
        yield writer.writerow(
            [
                places.code[row],
                places.name[row],
                places.ward[row],
                places.local_authority[row],
                authority.name if authority else "",
                plain(places.population[row]),
                plain(picture.score[position], 4),
                plain(picture.rank[position]),
                plain(picture.rank_low[position]),
                plain(picture.rank_high[position]),
                plain(picture.any_low[position]),
                plain(picture.any_high[position]),
                "yes" if picture.steady[position] else "no",
                picture.tenth[position] or "",
                places.carried[row],
                *(plain(column[position], 6) for column in columns),
                *_library(published, near, position),
                weights,
            ]
        )


def columns(published: Published) -> Iterator[str]:
    """What each column of `figures` is: in words, unit, direction, whose figure, licence, and what it does not know."""
    writer = Rows()
    by_id = {each.source_id: each for each in published.datasets}
    heading = ["column", "what_it_is", "unit", "higher_means", "publisher", "data_set", "year", "licence"]
    heading += ["does_not_know", "england_lowest", "england_highest"]

    def line(*cells: str) -> str:
        return writer.writerow([*cells, *[""] * (len(heading) - len(cells))])

    yield "\ufeff" + line(*heading)

    def source(source_id: str) -> list[str]:
        found = by_id.get(source_id)
        return [found.publisher, found.title, found.year, found.licence] if found else ["", "not loaded", "", ""]

    for name, words in OWN.items():
        yield line(name, words)
    for each in indicators().values():
        direction = "more risk" if each.direction > 0 else "less risk"
        whose = source(each.source)
        about = f"{each.title}. {each.plain}"
        yield line(each.id, about, each.unit, direction, *whose, each.caveat, *_england(published, each.id))
    for group in group_definitions().values():
        whose = source(group.source)
        yield line(f"{group.id}_count", group.title, group.counts, "", *whose)
        yield line(f"{group.id}_of", f"All {group.counts} they were counted among", group.counts, "", *whose)
    for name, words in AFTER.items():
        yield line(name, words)


def _england(published: Published, indicator: str) -> tuple[str, str]:
    """Lowest and highest in England: with them, an added figure is put on 0 to 10 as the pages do."""
    summary = published.summary(ENGLAND, indicator)
    return (plain(summary.minimum, 6), plain(summary.maximum, 6)) if summary else ("", "")


def libraries(published: Published, area: Area, near: NearestLibraries) -> Iterator[str]:
    """Every neighbourhood with its nearest library; empty where none is known."""
    places = published.neighbourhoods
    writer = Rows()
    names = list(AFTER)[:3]
    yield "\ufeff" + writer.writerow(["neighbourhood_code", "neighbourhood_name", "ward", *names])
    for position, row in enumerate(near.rows):
        known = [places.code[row], places.name[row], places.ward[row]]
        yield writer.writerow([*known, *_library(published, near, position)])


def _library(published: Published, near: NearestLibraries, position: int) -> tuple[str, str, str]:
    asset = near.asset[position]
    nearer = "yes" if near.may_be_nearer[position] else "no"
    return (str(published.assets.name[asset]), plain(near.metres[position]), nearer) if asset >= 0 else ("", "", nearer)


def plain(value: float, decimals: int = 0) -> str:
    """A number without needless zeros; nothing where it is not known."""
    if not np.isfinite(value):
        return ""
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
