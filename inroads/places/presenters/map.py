"""The map of a place: shapes where boundaries are loaded, dots where people live elsewhere."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from django.urls import reverse
from markupsafe import Markup

from inroads.analytics.areas import authorities_in
from inroads.analytics.published import Area, Published
from inroads.design import maps
from inroads.places.queries.picture import Picture, highest_first

WORDS = {
    0: "no figure",
    1: "lowest risk",
    2: "lower risk",
    3: "middle",
    4: "higher risk",
    5: "highest risk",
}


@dataclass(frozen=True)
class Drawn:
    """What never changes for a place until new figures are loaded. `kind` is "shapes", "dots" or "" (no map)."""

    kind: str
    within: maps.Frame | None
    paths: tuple[str, ...]
    outlines: tuple[str, ...]
    borders: tuple[str, ...] = ()
    names: tuple[tuple[int, int, str], ...] = ()


@lru_cache(maxsize=128)
def drawn(published: Published, code: str) -> Drawn:
    """The paths of a place's neighbourhoods; in an integrated care system with its local authorities over them."""
    places = published.neighbourhoods
    rows = places.rows(code)
    shapes = published.shapes([str(each) for each in places.code[rows]])
    if shapes and all(shapes):
        within = maps.frame(np.concatenate([ring for rings in shapes for ring in rings]))
        paths = tuple(maps.path(rings, within) for rings in shapes)
        return Drawn("shapes", within, paths, (), *_authorities(published, code, within))
    centres = np.column_stack((places.easting[rows], places.northing[rows]))
    placed = np.isfinite(centres).all(axis=1)
    if not placed.any():
        return Drawn("", None, ("",) * len(rows), ())
    outline = published.outline(code) or []
    within = maps.frame(np.concatenate([centres[placed], *outline]))
    radius = 12 if len(rows) <= 150 else 8 if len(rows) <= 600 else 5
    dots = tuple(maps.dot(centre, within, radius) if ok else "" for centre, ok in zip(centres, placed, strict=True))
    below = (maps.path(outline, within),) if outline else ()
    return Drawn("dots", within, dots, below, *_authorities(published, code, within))


def _authorities(
    published: Published, code: str, within: maps.Frame
) -> tuple[tuple[str, ...], tuple[tuple[int, int, str], ...]]:
    """Borders and names of the local authorities that have at least a tenth of their neighbourhoods in this place."""
    inside = {area.code: area for area in authorities_in(published, published.areas[code])}
    if len(inside) < 2:
        return (), ()
    places = published.neighbourhoods
    rows = places.rows(code)
    borders, names = [], []
    for area in inside.values():
        own = rows[places.local_authority[rows] == area.code]
        outline = published.outline(area.code)
        if outline is None or len(own) * 10 < area.expected:
            continue
        borders.append(maps.path(outline, within))
        centre = np.column_stack((places.easting[own], places.northing[own]))
        (x, y) = within.units(np.nanmedian(centre, axis=0, keepdims=True))[0].tolist()
        names.append((x, y, area.name))
    return tuple(borders), tuple(names)


@lru_cache(maxsize=32)
def place_map(published: Published, area: Area, picture: Picture, kept: str = "", numbered: int = 0) -> Markup:
    """The map with its colours, or nothing where neither shapes nor centres are loaded. `kept` as for the table.

    `numbered` neighbourhoods at highest risk carry their place in the order, for a list on the same sheet of paper;
    there the shapes are no links.
    """
    paths = drawn(published, area.code)
    if paths.within is None:
        return Markup("")
    # Dots can cover one another: the higher risk lies on top.
    order = np.argsort(picture.fifth, kind="stable") if paths.kind == "dots" else np.arange(len(picture.rows))
    places = published.neighbourhoods
    pattern = reverse("places:area", kwargs={"code": "E00000000"}) + kept
    shapes = [
        (
            d,
            f"risk-{fifth}" if fifth else "no-figure",
            pattern.replace("E00000000", code),
            f"{name}{f', {ward}' if ward else ''}: {WORDS[fifth]}" + (f", {score:.2f} of 10" if fifth else ""),
        )
        for d, fifth, code, name, ward, score in zip(
            [paths.paths[position] for position in order],
            picture.fifth[order].tolist(),
            places.code[picture.rows][order].tolist(),
            places.name[picture.rows][order].tolist(),
            places.ward[picture.rows][order].tolist(),
            picture.score[order].tolist(),
            strict=True,
        )
        if d
    ]
    label = f"Map of {area.name}: {len(shapes)} neighbourhoods"
    names, pointers = _numbers(published, picture, numbered, paths.within) if numbered else (paths.names, ())
    return maps.drawing(
        shapes,
        label=label,
        within=paths.within,
        outlines=paths.outlines,
        borders=paths.borders,
        names=names,
        pointers=pointers,
        links=not numbered,
    )


def _numbers(
    published: Published, picture: Picture, most: int, within: maps.Frame
) -> tuple[list[tuple[int, int, str]], list[tuple[int, int, int, int]]]:
    """The numbers beside their neighbourhoods, and lines to those that had to stand aside."""
    places = published.neighbourhoods
    rows = picture.rows[highest_first(picture)[:most]]
    centres = np.column_stack((places.easting[rows], places.northing[rows]))
    placed = np.flatnonzero(np.isfinite(centres).all(axis=1))
    points = [(x, y) for x, y in within.units(centres[placed]).tolist()]
    texts = [str(n + 1) for n in placed.tolist()]
    spots = maps.spread(points, texts, within)
    names = [(x, y, text) for (x, y), text in zip(spots, texts, strict=True)]
    return names, [(*point, *spot) for point, spot in zip(points, spots, strict=True) if point != spot]


@lru_cache(maxsize=64)
def locator(published: Published, area: Area, code: str) -> Markup:
    """Where one neighbourhood lies in its local authority; nothing where neither shapes nor centres are loaded."""
    paths = drawn(published, area.code)
    places = published.neighbourhoods
    codes = places.code[places.rows(area.code)].tolist()
    at = codes.index(code)
    if paths.within is None or not paths.paths[at]:
        return Markup("")
    # The one that is looked for is drawn last, over its neighbours.
    order = [*(position for position in range(len(codes)) if position != at), at]
    shapes = [(paths.paths[each], "here" if each == at else "elsewhere", "", "") for each in order if paths.paths[each]]
    label = f"Map of {area.name} with {places.name[places.rows(area.code)[at]]} marked"
    return maps.drawing(shapes, label=label, within=paths.within, outlines=paths.outlines, links=False)


def key(picture: Picture) -> list[dict[str, str]]:
    """What the colours mean, darkest first, with the scores between them."""
    edges = [f"{edge:.2f}" for edge in picture.edges]
    spans = [f"{edges[0]} or less"]
    spans += [f"{low} to {high}" for low, high in pairwise(edges)]
    spans.append(f"more than {edges[-1]}")
    found = [{"look": f"risk-{fifth}", "text": f"{WORDS[fifth]}: {spans[fifth - 1]}"} for fifth in range(5, 0, -1)]
    if (picture.fifth == 0).any():
        found.append({"look": "no-figure", "text": WORDS[0]})
    return found
