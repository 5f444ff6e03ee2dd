"""Maps as plain SVG: from outlines or points in metres to shapes that are links. No script, no tiles, no outside host.

A map is never the only way in: whoever shows one shows a table with the same facts. Its shapes are therefore links
for the pointer only (`tabindex="-1"`): by keyboard, the table is shorter than a thousand stops on a map.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

Rings = Sequence[NDArray[np.float64]]
WIDTH = 1000
MARGIN = 12
# Room that `spread` keeps for one letter of a text, as the largest of our style sheets draws it.
TEXT_WIDTH, TEXT_HEIGHT = 18, 27
_RINGS = [(0, 0.0), *((radius, turn * math.pi / 6) for radius in range(30, 330, 15) for turn in range(12))]


@dataclass(frozen=True)
class Frame:
    """How metres become units of the drawing: `WIDTH` units wide, north up."""

    west: float
    north: float
    scale: float
    height: int

    def units(self, points: NDArray[np.float64]) -> NDArray[np.int64]:
        """(n, 2) metres as (n, 2) whole units."""
        x = (points[:, 0] - self.west) * self.scale + MARGIN
        y = (self.north - points[:, 1]) * self.scale + MARGIN
        return np.rint(np.column_stack((x, y))).astype(np.int64)


def frame(points: NDArray[np.float64]) -> Frame:
    """The frame that holds all points (n, 2), at least 200 units high."""
    west, south = points.min(axis=0)
    east, north = points.max(axis=0)
    widest = max(east - west, (north - south) / 1.6, 1.0)
    scale = (WIDTH - 2 * MARGIN) / widest
    # A place taller than wide is centred.
    west -= (widest - (east - west)) / 2
    return Frame(west, north, scale, max(200, round((north - south) * scale) + 2 * MARGIN))


def path(rings: Rings, within: Frame) -> str:
    """The `d` of a path: relative whole-number steps, because a thousand shapes must travel light."""
    parts = []
    for ring in rings:
        units = within.units(np.asarray(ring, dtype=float))
        steps = np.diff(units, axis=0)
        steps = steps[np.any(steps != 0, axis=1)]
        # The last step only closes the ring, which `z` does.
        body = "".join(f"{' ' if dx >= 0 else ''}{dx}{' ' if dy >= 0 else ''}{dy}" for dx, dy in steps[:-1].tolist())
        parts.append(f"M{units[0, 0]} {units[0, 1]}l{body.strip() or '1 0'}z")
    return "".join(parts)


def dot(point: NDArray[np.float64], within: Frame, radius: int) -> str:
    """A circle as the `d` of a path, so that dots and shapes are drawn by the same code."""
    (x, y) = within.units(point.reshape(1, 2))[0].tolist()
    return f"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0z"


def spread(points: Sequence[tuple[int, int]], texts: Sequence[str], within: Frame) -> list[tuple[int, int]]:
    """Where to write a short text for each point so that none lies on another: as near to its point as there is room.

    Points and answers are (x, y) in units. Each text in turn takes the first free place on rings around its point.
    """
    taken: list[tuple[float, float, float]] = []
    found = []
    for (x, y), text in zip(points, texts, strict=True):
        half = TEXT_WIDTH * len(text) / 2
        for radius, turn in _RINGS:
            right, down = x + radius * math.cos(turn), y + radius * math.sin(turn)
            inside = half <= right <= WIDTH - half and TEXT_HEIGHT <= down <= within.height
            if inside and all(
                abs(right - other) >= half + wide or abs(down - line) >= TEXT_HEIGHT for other, line, wide in taken
            ):
                break
        taken.append((right, down, half))
        found.append((round(right), round(down)))
    return found


def drawing(
    shapes: Sequence[tuple[str, str, str, str]],
    *,
    label: str,
    within: Frame,
    outlines: Sequence[str] = (),
    borders: Sequence[str] = (),
    names: Sequence[tuple[int, int, str]] = (),
    pointers: Sequence[tuple[int, int, int, int]] = (),
    links: bool = True,
) -> Markup:
    """The whole SVG. `shapes` are (d, class, address, name); without `links`, for paper, only d and class are drawn.

    `outlines` are drawn below the shapes and `borders` above, without links; `names` are (x, y, text) in units, for
    the eye only: the table says the same. `pointers` are lines from (x, y) to (x, y), below the names.
    """
    below = "".join(f'<path class="outline" d="{d}"/>' for d in outlines)
    if links:
        drawn = "".join(
            f'<a href="{escape(address)}" tabindex="-1"><path class="{look}" d="{d}"/><title>{escape(name)}</title></a>'
            for d, look, address, name in shapes
        )
    else:
        drawn = "".join(f'<path class="shape {look}" d="{d}"/>' for d, look, _, _ in shapes)
    above = "".join(f'<path class="border" d="{d}"/>' for d in borders)
    above += "".join(f'<path class="pointer" d="M{x} {y}L{to_x} {to_y}"/>' for x, y, to_x, to_y in pointers)
    words = "".join(f'<text x="{x}" y="{y}">{escape(text)}</text>' for x, y, text in names)
    role = "group" if links else "img"
    return Markup(  # noqa: S704 - addresses, names and texts are escaped above, the rest is numbers
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {within.height}" role="{role}" '
        f'aria-label="{escape(label)}">{below}{drawn}<g aria-hidden="true">{above}{words}</g></svg>'
    )


def strip(value: float, *, low: float, middle: float, high: float, least: float, most: float) -> Markup:
    """A small picture of where a value stands between the lowest and highest, for beside a number in a table.

    The thick part of the line runs from `low` to `high`, the notch is the `middle`, the dot is the value.
    """
    span = (most - least) or 1.0

    def at(number: float) -> float:
        return round(6 + 188 * min(max((number - least) / span, 0.0), 1.0), 1)

    return Markup(  # noqa: S704 - numbers only
        '<svg class="inroads-range" viewBox="0 0 200 20" aria-hidden="true" focusable="false">'
        f'<path class="line" d="M6 10H194"/><path class="middle" d="M{at(low)} 10H{at(high)}"/>'
        f'<path class="notch" d="M{at(middle)} 3V17"/><circle class="here" cx="{at(value)}" cy="10" r="6"/></svg>'
    )
