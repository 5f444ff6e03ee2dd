"""Help in reach beside risk: the rows of the table, the map, and the file."""

import csv
import io
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from markupsafe import Markup, escape

from inroads.analytics.published import Area, Published
from inroads.design import maps
from inroads.design.spreadsheet import no_formula
from inroads.design.wording import as_the_crow_flies
from inroads.places.presenters.files import plain
from inroads.places.presenters.map import WORDS, drawn
from inroads.places.queries.access import EACH, FARTHEST, HOURS, ROOM, Access, worst_first
from inroads.places.queries.picture import Picture

UNITS = {
    EACH: "Places for 10,000 people",
    HOURS: "Hours a week for 10,000 people",
    ROOM: "Room this month for 10,000 people",
}
# name of the sort: heading, whether it sorts from high to low when first chosen
SORTS = {
    "worst": ("Neighbourhood", False),
    "risk": ("Risk", True),
    "value": ("", False),
    "within": ("Places in reach", False),
    "metres": ("Nearest", True),
}
DEFAULT = "worst"
IN_WORDS = {
    5: "nothing in reach",
    4: "less than half of the middle",
    3: "half of the middle, up to it",
    2: "up to twice the middle",
    1: "more than twice the middle",
    0: "not known",
}
FILE = ("neighbourhood_code", "neighbourhood_name", "ward", "population", "risk_fifth", "places_in_reach",
        "supply_per_10000", "times_the_middle_of_the_place", "nearest", "nearest_metres", "kind_of_help",
        "reach_metres", "each_place_counts")  # fmt: skip


def classes(found: Access) -> np.ndarray:
    """(N,) 5 = nothing in reach to 1 = more than twice the middle of the place, 0 = not known."""
    value, middle = found.value, found.median
    looks = np.select([value <= middle / 2, value <= middle, value <= 2 * middle], [4, 3, 2], 1)
    # Where most have nothing in reach, the middle is nothing, and whoever has something has more than it.
    looks = np.where(found.within == 0, 5, looks)
    return np.where(np.isfinite(value), looks, 0)


def order_of(published: Published, found: Access, seen: Picture, sort: str, high_first: bool) -> np.ndarray:
    """Positions (N,) in the order asked for; what is not known comes last; ties as in the order of the worst."""
    worst = worst_first(found, seen.fifth)
    if sort == DEFAULT:
        return worst[::-1] if high_first else worst
    columns = {"risk": seen.score, "value": found.value, "within": found.within.astype(float), "metres": found.metres}
    values = columns[sort][worst]
    missing = np.isnan(values)
    order = np.argsort(np.where(missing, 0.0, -values if high_first else values), kind="stable")
    return worst[np.concatenate((order[~missing[order]], order[missing[order]]))]


def headings(sort: str, high_first: bool, kept: dict[str, str], count: str) -> list[dict]:
    """The column headings, each a link that sorts."""
    found = []
    for name, (text, first) in SORTS.items():
        now = name == sort
        turned = (not high_first) if now else first
        query = urlencode({**kept, "sort": name, "order": "high" if turned else "low"})
        sorted_now = ("descending" if high_first else "ascending") if now and name != DEFAULT else ""
        found.append(
            {"text": text or UNITS[count], "href": f"?{query}#table", "sorted": sorted_now,
             "numeric": name in ("value", "within", "metres")}
        )  # fmt: skip
    return found


@lru_cache(maxsize=32)
def body(
    published: Published, found: Access, seen: Picture, *, sort: str, high_first: bool, kept: str, most: int | None
) -> Markup:
    """The rows of the table as one piece of HTML, as for the risk picture."""
    places = published.neighbourhoods
    pattern = reverse("places:area", kwargs={"code": "E00000000"}) + str(escape(kept))
    looks, rows = classes(found), []
    for at in order_of(published, found, seen, sort, high_first)[:most].tolist():
        row = found.rows[at]
        ward = str(places.ward[row])
        around = f' <span class="inroads-quiet">{escape(ward)}</span>' if ward else ""
        name = escape(str(places.name[row]))
        link = pattern.replace("E00000000", str(places.code[row]))
        cells = f'<tr><th scope="row"><a href="{link}">{name}</a>{around}</th><td>{WORDS[int(seen.fifth[at])]}</td>'
        if looks[at] == 0:
            rows.append(f'{cells}<td colspan="4">not known where its people live</td></tr>')
            continue
        rows.append(
            f'{cells}<td class="n">{found.value[at]:.2f}</td><td class="n">{found.within[at]}</td>'
            f"<td>{escape(nearest_in_words(found, at))}</td><td>{against(found, at, int(looks[at]))}</td></tr>"
        )
    return Markup("\n".join(rows))  # noqa: S704 - names are escaped above, the rest is numbers and fixed words


def against(found: Access, at: int, look: int) -> str:
    """How the value stands to the middle of the place, in words."""
    if look == 5:
        return IN_WORDS[5]
    return f"{found.value[at] / found.median:.1f} times the middle" if found.median > 0 else "most have nothing"


def nearest_in_words(found: Access, at: int) -> str:
    """The nearest and how far it is, in a straight line."""
    if found.nearest[at] < 0:
        return f"none within {FARTHEST // 1000} km"
    return f"{found.spots[found.nearest[at]].name}, {as_the_crow_flies(float(found.metres[at]) / 1000)}"


@lru_cache(maxsize=32)
def access_map(published: Published, area: Area, found: Access, kept: str) -> Markup:
    """The map shaded by help in reach, dark where there is least; nothing where no centres are loaded."""
    paths = drawn(published, area.code)
    if paths.within is None:
        return Markup("")
    looks = classes(found)
    order = np.argsort(looks, kind="stable") if paths.kind == "dots" else np.arange(len(looks))
    places = published.neighbourhoods
    pattern = reverse("places:area", kwargs={"code": "E00000000"}) + kept
    shapes = []
    for at in order.tolist():
        if paths.paths[at]:
            row, look = found.rows[at], int(looks[at])
            ward = f", {places.ward[row]}" if places.ward[row] else ""
            shapes.append(
                (paths.paths[at], f"risk-{look}" if look else "no-figure",
                 pattern.replace("E00000000", str(places.code[row])),
                 f"{places.name[row]}{ward}: {IN_WORDS[look]}")
            )  # fmt: skip
    return maps.drawing(
        shapes,
        label=f"Map of {area.name}: help in reach of {len(shapes)} neighbourhoods",
        within=paths.within,
        outlines=paths.outlines,
        borders=paths.borders,
        names=paths.names,
    )


def key(found: Access) -> list[dict[str, str]]:
    """What the shades mean, those that occur, darkest first."""
    there = set(classes(found).tolist())
    return [
        {"look": f"risk-{look}" if look else "no-figure", "text": IN_WORDS[look]}
        for look in (5, 4, 3, 2, 1, 0)
        if look in there
    ]


def lines(published: Published, found: Access, seen: Picture, *, kind: str, metres: int, count: str) -> Iterator[str]:
    """Every neighbourhood as a line of a file, worst first; not known is empty, never 0."""
    places = published.neighbourhoods
    yield "\ufeff" + _line(list(FILE))
    for at in worst_first(found, seen.fifth).tolist():
        row, known = found.rows[at], bool(np.isfinite(found.value[at]))
        yield _line(
            [
                places.code[row], places.name[row], places.ward[row], plain(places.population[row]),
                int(seen.fifth[at]) or "", int(found.within[at]) if known else "", plain(found.value[at], 4),
                plain(found.value[at] / found.median, 3) if found.median > 0 else "",
                found.spots[found.nearest[at]].name if found.nearest[at] >= 0 else "", plain(found.metres[at]),
                kind, metres, count,
            ]
        )  # fmt: skip


def _line(cells: list) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([no_formula(cell) for cell in cells])
    return text.getvalue()
