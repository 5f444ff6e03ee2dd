"""A small picture of lines on logarithmic axes, as SVG: equal steps are equal multiples, both ways."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 620, 360
LEFT, RIGHT, TOP, BOTTOM = 80, 470, 24, 300
COLOURS = ("#1849a9", "#b54708", "#344054")
DASHES = ("", "7 4", "2 4")


@dataclass(frozen=True)
class Line:
    """What it is called at its end, and its points."""

    name: str
    across: Sequence[float]
    up: Sequence[float]


def spoken(seconds: float) -> str:
    """`1 ms`, `0.1 s`, `10 s`."""
    return f"{seconds * 1000:g} ms" if seconds < 0.1 else f"{seconds:g} s"


def drawn(title: str, told: str, across: str, lines: Sequence[Line], *, ticks: Sequence[float]) -> str:
    """The whole picture: `told` says in words what it shows; `across` names the axis from left to right; up is time.

    Lines differ by dashes as well as colour, and are named at their ends.
    """
    everything = [value for line in lines for value in line.up]
    least, most = 10.0 ** math.floor(math.log10(min(everything))), 10.0 ** math.ceil(math.log10(max(everything)))
    first, last = math.log10(min(ticks)), math.log10(max(ticks))

    def x(value: float) -> float:
        return LEFT + (math.log10(value) - first) / (last - first) * (RIGHT - LEFT)

    def y(value: float) -> float:
        return BOTTOM - math.log10(value / least) / math.log10(most / least) * (BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d" '
        'font-family="sans-serif" font-size="13">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(told)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for power in range(round(math.log10(least)), round(math.log10(most)) + 1):
        height = y(10.0**power)
        parts.append(f'<path d="M{LEFT} {height:.0f}H{RIGHT}" stroke="#d0d5dd"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{height + 4:.0f}" text-anchor="end" fill="#344054">{spoken(10.0**power)}</text>'
        )
    for tick in ticks:
        parts.append(f'<path d="M{x(tick):.0f} {TOP}V{BOTTOM}" stroke="#eaecf0"/>')
        parts.append(f'<text x="{x(tick):.0f}" y="{BOTTOM + 18}" text-anchor="middle" fill="#344054">{tick:,g}</text>')
    parts.append(
        f'<text x="{(LEFT + RIGHT) / 2:.0f}" y="{BOTTOM + 42}" text-anchor="middle" fill="#101828">'
        f"{escape(across)}</text>"
    )
    names = apart([y(line.up[-1]) for line in lines])
    for number, (line, height) in enumerate(zip(lines, names, strict=True)):
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
        points = [(x(a), y(b)) for a, b in zip(line.across, line.up, strict=True)]
        route = "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        parts.append(f'<path d="M{route}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{colour}"/>' for a, b in points]
        parts.append(
            f'<text x="{points[-1][0] + 10:.0f}" y="{height + 4:.0f}" fill="{colour}">{escape(line.name)}</text>'
        )
    return "\n".join([*parts, "</svg>", ""]).replace(' stroke-dasharray=""', "")


def apart(heights: Sequence[float], least: float = 16) -> list[float]:
    """The same heights, moved down where two names would lie on one another."""
    placed = list(heights)
    order = sorted(range(len(placed)), key=lambda k: placed[k])
    for above, below in itertools.pairwise(order):
        placed[below] = max(placed[below], placed[above] + least)
    return placed
