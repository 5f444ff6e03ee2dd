"""What goes together with what: names one under the other, and an arc for each tie, the broader the stronger.

Names in a column can all be read on a narrow screen, which names around a circle cannot. They are put in an order that
keeps strong ties short, found by moving and swapping names until nothing shortens them: the same input, the same order.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import escape
from numpy.typing import NDArray

from inroads.design.charts.drawing import Chart, Row, Sheet, nothing
from inroads.design.charts.words import breadth, clean, figure, number, wrapped

# Units of the drawing; it is shown at least as wide as this in pixels, so 14 units are never less than 14 pixels.
WIDTH, TEXT, LEADING = 288, 14, 17
NAMES, COLUMN = 138, 156
BROADEST, SMALLEST, LARGEST = 7.0, 4.0, 10.0
# The strongest ties have their number written in the drawing; all have it in the table.
WRITTEN = 8
# As far along its arc a number may stand from the outermost point, in degrees.
TURN = 72


@dataclass(frozen=True)
class Node:
    """Something that ties hold together; `weight` is the number shown beside its label, and the size of its dot."""

    id: str
    label: str
    weight: float


@dataclass(frozen=True)
class Tie:
    """A tie between two nodes, named by their ids; `label` is written instead of the number."""

    one: str
    other: str
    strength: float
    label: str = ""


def network(nodes: Sequence[Node], ties: Sequence[Tie], *, title: str, description: str) -> Chart:
    """Nodes in a column, ties as arcs as broad as they are strong; the strongest have their number written.

    Raises `ValueError` that names the argument: an id twice or unknown, a tie to itself or twice, a number below zero.
    """
    _check(nodes, ties)
    names = {node.id: f"{clean(node.label)} ({figure(node.weight)})" for node in nodes}
    strongest = sorted(ties, key=lambda tie: -tie.strength)
    head = ("One", "Other", "Strength")
    rows = [Row((names[tie.one], names[tie.other], _said(tie))) for tie in strongest]
    tied = {end for tie in ties for end in (tie.one, tie.other)}
    rows += [Row((names[node.id], "none", "")) for node in nodes if node.id not in tied]
    if not nodes:
        why = "Nothing to draw: there is nothing that goes together."
        return nothing(title=title, description=description, head=head, why=why)
    at = {node.id: place for place, node in enumerate(nodes)}
    strength = np.zeros((len(nodes), len(nodes)))
    for tie in ties:
        strength[at[tie.one], at[tie.other]] = strength[at[tie.other], at[tie.one]] = tie.strength
    ordered = [nodes[place] for place in in_order(strength)]
    sheet = Sheet()
    height, middles = _heights(ordered)
    drawn = [tie for tie in strongest if tie.strength > 0]
    written = _arcs(sheet, drawn, middles)
    _names(sheet, ordered, middles)
    for x, y, text in written:
        sheet.add(f'<text class="written" x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{escape(text)}</text>')
    return sheet.chart(
        "network", title=title, description=description, head=head, rows=rows, size=f"0 0 {WIDTH} {height}"
    )


def in_order(strength: NDArray[np.float64]) -> list[int]:
    """Numbers of the nodes in an order in which strong ties are short; `strength` (n, n) is symmetrical.

    The sum of strength times distance is made smaller by moving one node, or swapping two, until nothing helps.
    """
    order = list(range(len(strength)))

    def length(trial: list[int]) -> float:
        place = np.empty(len(trial))
        place[trial] = np.arange(len(trial))
        return float((strength * np.abs(place[:, None] - place[None, :])).sum())

    best = length(order)
    for _ in range(2 * len(order)):
        before = best
        for one in range(len(order)):
            for other in range(len(order)):
                moved = order[:one] + order[one + 1 :]
                moved.insert(other, order[one])
                swapped = order.copy()
                swapped[one], swapped[other] = swapped[other], swapped[one]
                for trial in (moved, swapped):
                    found = length(trial)
                    if found < best - 1e-9 * (1 + abs(best)):
                        order, best = trial, found
        if best >= before:
            break
    return order


def _check(nodes: Sequence[Node], ties: Sequence[Tie]) -> None:
    ids = {node.id for node in nodes}
    if len(ids) != len(nodes):
        raise ValueError("nodes has an id twice. Give each node an id of its own.")
    for at, node in enumerate(nodes):
        if number(f"nodes[{at}].weight", node.weight) is None or node.weight < 0:
            raise ValueError(f"nodes[{at}].weight is {node.weight}. Give a number that is zero or more.")
    pairs = set()
    for at, tie in enumerate(ties):
        if tie.one not in ids or tie.other not in ids:
            unknown = tie.other if tie.one in ids else tie.one
            raise ValueError(f"ties[{at}] names {unknown!r}, which is the id of no node.")
        if tie.one == tie.other:
            raise ValueError(f"ties[{at}] ties {tie.one!r} to itself. Give two nodes.")
        if number(f"ties[{at}].strength", tie.strength) is None or tie.strength < 0:
            raise ValueError(f"ties[{at}].strength is {tie.strength}. Give a number that is zero or more.")
        pair = frozenset((tie.one, tie.other))
        if pair in pairs:
            raise ValueError(f"ties[{at}] ties {tie.one!r} and {tie.other!r} a second time. Give each pair once.")
        pairs.add(pair)


def _said(tie: Tie) -> str:
    return clean(tie.label) or figure(tie.strength)


def _lines(node: Node) -> list[str]:
    """The label in a few lines, its number last and never cut off."""
    room, count = NAMES / TEXT, f"({figure(node.weight)})"
    lines = wrapped(node.label, width=room, most=3)
    if lines and breadth(f"{lines[-1]} {count}") <= room:
        return [*lines[:-1], f"{lines[-1]} {count}"]
    return [*lines, count]


def _heights(ordered: Sequence[Node]) -> tuple[int, dict[str, float]]:
    """Height of the drawing, and the middle of each node in it."""
    y, middles = 4.0, {}
    for node in ordered:
        tall = LEADING * max(len(_lines(node)), 1) + 12
        middles[node.id] = y + tall / 2
        y += tall
    return math.ceil(y + 4), middles


def _names(sheet: Sheet, ordered: Sequence[Node], middles: dict[str, float]) -> None:
    most = max(node.weight for node in ordered) or 1.0
    for node in ordered:
        lines, middle = _lines(node), middles[node.id]
        # As areas, as people read dots.
        radius = SMALLEST + (LARGEST - SMALLEST) * math.sqrt(node.weight / most)
        said = f"<title>{escape(clean(node.label))}</title>"
        sheet.add(f'<circle class="node" cx="{COLUMN}" cy="{middle:.1f}" r="{radius:.1f}">{said}</circle>')
        first = middle - LEADING * (len(lines) - 1) / 2 + 5
        spans = "".join(
            f'<tspan x="{NAMES}" y="{first + LEADING * at:.1f}">{escape(line)}</tspan>' for at, line in enumerate(lines)
        )
        sheet.add(f'<text text-anchor="end">{said}{spans}</text>')


def _arcs(sheet: Sheet, ties: Sequence[Tie], middles: dict[str, float]) -> list[tuple[float, float, str]]:
    """Draws the weakest first, so that strong ties lie above; returns where the numbers of the strongest stand."""
    if not ties:
        return []
    ys = sorted(middles.values())
    farthest = ys[-1] - ys[0]
    room = WIDTH - COLUMN - 22
    shapes = []
    for tie in ties:
        top, bottom = sorted((middles[tie.one], middles[tie.other]))
        down = (bottom - top) / 2
        # Less than in proportion, so that short arcs still have room for a number.
        across = min(room * (2 * down / farthest) ** 0.6, 1.4 * down + 30)
        shapes.append((across, down, (top + bottom) / 2))
    strongest = ties[0].strength
    for at in range(len(ties) - 1, -1, -1):
        tie, (across, down, middle) = ties[at], shapes[at]
        broad = max(1.0, BROADEST * tie.strength / strongest)
        look = "tie strong" if at < WRITTEN else "tie"
        sheet.add(
            f'<path class="{look}" stroke-width="{broad:.1f}" '
            f'd="M{COLUMN} {middle - down:.1f}A{across:.1f} {down:.1f} 0 0 1 {COLUMN} {middle + down:.1f}">'
            f"<title>{escape(_said(tie))}</title></path>"
        )
    return _numbers(ties[:WRITTEN], shapes)


def _numbers(ties: Sequence[Tie], shapes: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, str]]:
    """Each on its arc, as near to the outermost point as no other number stands."""
    taken: list[tuple[float, float, float]] = []
    written = []
    for tie, (across, down, middle) in zip(ties, shapes, strict=False):
        text = wrapped(_said(tie), width=7, most=1)[0]
        half = breadth(text) * TEXT / 2
        best, least = (0.0, 0.0), math.inf
        for turn in sorted(range(-TURN, TURN + 1, 4), key=abs):
            x = COLUMN + across * math.cos(math.radians(turn))
            x = min(max(x, COLUMN + LARGEST + half + 2), WIDTH - half - 1)
            y = middle + down * math.sin(math.radians(turn)) + 5
            over = sum(
                max(0.0, half + wide + 2 - abs(x - other)) * max(0.0, TEXT - abs(y - high))
                for other, high, wide in taken
            )
            if over < least:
                best, least = (x, y), over
            if over == 0:
                break
        taken.append((*best, half))
        written.append((*best, text))
    return written
