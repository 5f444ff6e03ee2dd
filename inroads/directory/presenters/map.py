"""A map of what was found: numbered dots around where somebody is, with rings of distance. The list says the same."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from inroads.design.maps import Frame, dot, drawing, frame, path, spread
from inroads.directory.queries.finding import Hit
from inroads.directory.queries.places import Near
from inroads.reference.around import published

RINGS = (500, 1000, 2000, 5000, 10_000, 20_000)


@dataclass(frozen=True)
class Map:
    """The drawing, and how far its rings are from the middle, in words."""

    svg: Markup
    rings: str


def map_of(near: Near | None, hits: list[Hit]) -> Map | None:
    """The nearest place of each hit; None where nobody said where to look, or none has a place that is known."""
    if near is None or near.path:
        return None
    centre = np.array([near.easting, near.northing])
    placed = [
        (number, hit.service.name, min(points, key=lambda point: float(np.hypot(*(point - centre)))))
        for number, hit in enumerate(hits, 1)
        if (points := _points(hit))
    ]
    if not placed:
        return None
    reach = max(500.0, *(1.1 * float(np.hypot(*(point - centre))) for _, _, point in placed))
    drawn = frame(np.array([centre - reach, centre + reach]))
    rings = [each for each in RINGS if each <= reach * 1.05]
    figures = published()
    outlines = [figures.outline(code) for code in sorted(near.areas)] if figures is not None else []
    units = [tuple(drawn.units(point.reshape(1, 2))[0].tolist()) for _, _, point in placed]
    numbers = [str(number) for number, _, _ in placed]
    svg = drawing(
        [(dot(point, drawn, 13), "place", f"#found-{number}", f"{number}. {name}") for number, name, point in placed],
        label=f"Map of the {len(placed)} places in the list below, around {near.name}",
        within=drawn,
        outlines=[path(each, drawn) for each in outlines if each],
        borders=[*(_ring(centre, each, drawn) for each in rings), dot(centre, drawn, 9)],
        names=[(x, y, text) for (x, y), text in zip(spread(units, numbers, drawn), numbers, strict=True)],
    )
    return Map(svg, ", ".join(f"{each / 1000:g}" for each in rings))


def _points(hit: Hit) -> list[np.ndarray]:
    where = (each.location for each in hit.service.at_locations.all())
    return [np.array([each.easting, each.northing]) for each in where if each.easting is not None]


def _ring(centre: np.ndarray, metres: float, drawn: Frame) -> str:
    return dot(centre, drawn, round(metres * drawn.scale))
