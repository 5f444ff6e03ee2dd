"""Where everybody stands on the curve of adoption: a dot each, stacked under the bell, in four groups cut from it.

Within a group nobody stands before anybody: dots fill it from the line up, in the order given. Who may be in one group
or the next stands on the cut between them. The bell is as large as the dots together, so that they fill it where the
groups are as large as the shares say, and stand out of it where they are larger.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

from markupsafe import escape

from inroads.design.charts.drawing import LEFT, LINE, NARROWEST, RIGHT, Chart, Row, Sheet, em, nothing, pc
from inroads.design.charts.words import clean, figure

# Standard deviations to each side of the middle, and what one is in em on the narrowest screen.
ENDS = 2.6
DEVIATION = (RIGHT - LEFT) / 100 * NARROWEST / (2 * ENDS)
# In em: the highest and lowest a bell is drawn, the widest that dots stand apart; a dot is this part of that.
HIGHEST, LOWEST, APART, DOT = 9.0, 4.0, 1.0, 0.78
BELL = math.sqrt(2 * math.pi) * DEVIATION
LETTERS = "ABCD"
# In sixteenths of the size of a dot around its middle.
ROUND, HALF, OWN = "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0z", "M0-8a8 8 0 1 0 0 16z", "M0-11L11 0L0 11L-11 0z"
IN_ONE, BETWEEN, OURS = "in a group", "between two groups", "your own"


@dataclass(frozen=True)
class BellDot:
    """One on the curve: in `group`, counted from 0; with `towards`, between that and the neighbour on this side.

    `label` is its name, "" where it is not said; `href` a link for the pointer; `own` marks the reader's.
    """

    group: int
    towards: int | None = None
    label: str = ""
    href: str = ""
    own: bool = False


def bell(
    dots: Sequence[BellDot],
    *,
    groups: tuple[str, ...],
    shares: tuple[float, ...],
    title: str,
    description: str,
    heading: str = "Number",
) -> Chart:
    """Dots on the bell. `groups` are four names, `shares` the parts of the whole that the curve gives them.

    The table has the groups with their counts: `heading` heads these. Raises `ValueError` that names the argument.
    """
    _check(dots, groups, shares)
    counts = [sum(dot.group == at for dot in dots) for at in range(len(groups))]
    between = [sum(dot.group == at and dot.towards is not None for dot in dots) for at in range(len(groups))]
    head = (
        "Group",
        heading,
        *(("Of these, between two groups",) if any(between) else ()),
        "Share",
        "Share on the curve",
    )
    rows = [
        Row(
            (
                clean(name).capitalize(),
                str(counts[at]),
                *((str(between[at]),) if any(between) else ()),
                f"{100 * counts[at] / len(dots):.0f}%" if dots else "no figure",
                figure(100 * shares[at], "%"),
            )
        )
        for at, name in enumerate(groups)
    ]
    if not dots:
        return nothing(
            title=title, description=description, head=head, rows=rows, why="Nothing to draw: there is nobody."
        )
    apart = min(APART, math.sqrt(HIGHEST * BELL / len(dots)))
    height = max(LOWEST, len(dots) * apart**2 / BELL)
    placed = _stacked(dots, shares, apart, height)
    sheet = Sheet()
    _key(sheet, dots)
    top = sheet.y + 0.4
    base = top + max(height, max(y for _, _, y in placed) + apart / 2)
    _curve(sheet, shares, height, top, base)
    for dot, x, y in placed:
        _dot(sheet, dot, groups, (x, base - y, DOT * apart))
    _groups(sheet, groups, counts, shares, base)
    return sheet.chart("bell", title=title, description=description, head=head, rows=rows)


def _check(dots: Sequence[BellDot], groups: tuple[str, ...], shares: tuple[float, ...]) -> None:
    if len(groups) != len(LETTERS) or len(shares) != len(LETTERS):
        raise ValueError(f"groups has {len(groups)} names and shares {len(shares)} parts: give {len(LETTERS)} of each.")
    if min(shares) <= 0 or abs(sum(shares) - 1) > 1e-9:
        raise ValueError(f"shares is {shares}. Give parts above 0 that add up to 1.")
    for at, dot in enumerate(dots):
        if not 0 <= dot.group < len(groups):
            raise ValueError(f"dots[{at}].group is {dot.group}. Give a number from 0 to {len(groups) - 1}.")
        if dot.towards is not None and not (0 <= dot.towards < len(groups) and dot.towards != dot.group):
            raise ValueError(f"dots[{at}].towards is {dot.towards}. Give another group, or None.")


def edges(shares: tuple[float, ...]) -> list[float]:
    """Where groups begin and end, in percent of the width: the left end, the cuts of the bell, the right end."""
    total, cuts = 0.0, []
    for share in shares[:-1]:
        total += share
        cuts.append(_across(NormalDist().inv_cdf(total)))
    return [LEFT, *cuts, RIGHT]


def _across(deviations: float) -> float:
    return LEFT + (RIGHT - LEFT) * (min(max(deviations, -ENDS), ENDS) + ENDS) / (2 * ENDS)


def _height(x: float) -> float:
    """How high the bell is at `x` percent of the width; 1 in the middle."""
    return math.exp(-(((2 * (x - LEFT) / (RIGHT - LEFT) - 1) * ENDS) ** 2) / 2)


def _stacked(
    dots: Sequence[BellDot], shares: tuple[float, ...], apart: float, height: float
) -> list[tuple[BellDot, float, float]]:
    """Each dot with its place across in percent, and its height above the line in em. No two overlap."""
    ends = edges(shares)
    step = apart / NARROWEST * 100
    cuts = {at: [dot for dot in dots if _cut(dot) == at] for at in range(1, len(shares))}
    # Columns on a cut: as many as its dots need under the curve, as long as the groups beside it keep one.
    narrowest = min(after - before for before, after in pairwise(ends))
    most = max(1, int(narrowest / step) - 1)
    wide = {at: min(most, math.ceil(len(found) * apart / (height * _height(ends[at])))) for at, found in cuts.items()}
    placed = []
    for at, found in cuts.items():
        places = [ends[at] + (column - (wide[at] - 1) / 2) * step for column in range(wide[at])]
        placed += _filled(found, places, apart)
    for group, (before, after) in enumerate(pairwise(ends)):
        start = before + wide.get(group, 0) * step / 2
        room = after - wide.get(group + 1, 0) * step / 2 - start
        columns = max(1, int(room / step + 1e-9))
        places = [start + room / 2 + (column - (columns - 1) / 2) * step for column in range(columns)]
        placed += _filled([dot for dot in dots if dot.group == group and dot.towards is None], places, apart)
    return placed


def _cut(dot: BellDot) -> int | None:
    """Which cut a dot stands on, 1 for the one between the first two groups; None for one that stands in a group."""
    if dot.towards is None:
        return None
    return dot.group + (dot.towards > dot.group)


def _filled(dots: Sequence[BellDot], places: Sequence[float], apart: float) -> list[tuple[BellDot, float, float]]:
    """Each on the column that is least full for its height under the curve."""
    stacks, placed = [0] * len(places), []
    for dot in dots:
        column = min(range(len(places)), key=lambda at: (round((stacks[at] + 1) / _height(places[at]), 6), at))
        placed.append((dot, places[column], (stacks[column] + 0.5) * apart))
        stacks[column] += 1
    return placed


def _curve(sheet: Sheet, shares: tuple[float, ...], height: float, top: float, base: float) -> None:
    """The bell, the line it stands on, and the cuts. Its drawing is as wide as the sheet, whatever that is."""
    across = [LEFT + (RIGHT - LEFT) * step / 60 for step in range(61)]
    points = " ".join(f"{x:.1f} {100 * (1 - _height(x)):.1f}" for x in across)
    sheet.add(
        f'<svg x="0" y="{em(base - height)}" width="100%" height="{em(height)}" viewBox="0 0 100 100" '
        f'preserveAspectRatio="none" overflow="visible">'
        f'<path class="curve" d="M{LEFT:g} 100L{points}L{RIGHT:g} 100z"/></svg>'
    )
    for x in edges(shares)[1:-1]:
        sheet.line(x, top, x, base + 0.4, "cut")
    sheet.line(LEFT, base, RIGHT, base, "whisker")


def _dot(sheet: Sheet, dot: BellDot, groups: tuple[str, ...], place: tuple[float, float, float]) -> None:
    """A dot at (percent across, em down, em wide): half filled where it stands between groups."""
    x, y, size = place
    where = groups[dot.group] if dot.towards is None else f"between groups, nearest to {groups[dot.group]}"
    said = f"{dot.label}: {where}" if clean(dot.label) else where
    svg = (
        f'<svg x="{pc(x)}" y="{em(y)}" width="{em(size)}" height="{em(size)}" viewBox="0 0 16 16" overflow="visible">'
        f"{_shape(dot.own, dot.towards is not None, said)}</svg>"
    )
    if dot.href:
        sheet.links.append(f'<a href="{escape(dot.href)}" tabindex="-1">{svg}</a>')
    else:
        sheet.add(svg)


def _shape(own: bool, between: bool, said: str) -> str:
    title = f"<title>{escape(clean(said))}</title>" if said else ""
    outline = OWN if own else ROUND
    half = "M0-11L-11 0L0 11z" if own else HALF
    look = "own" if own else "one-of-all"
    if not between:
        return f'<path class="mark filled {look}" d="{outline}">{title}</path>'
    return f'<path class="mark hollow {look}" d="{outline}">{title}</path><path class="half {look}" d="{half}"/>'


def _key(sheet: Sheet, dots: Sequence[BellDot]) -> None:
    """What the marks mean, those that there are, one under the other."""
    entries = [
        (IN_ONE, False, False, any(dot.towards is None and not dot.own for dot in dots)),
        (BETWEEN, False, True, any(dot.towards is not None and not dot.own for dot in dots)),
        (OURS, True, False, any(dot.own and dot.towards is None for dot in dots)),
        (f"{OURS}, {BETWEEN}", True, True, any(dot.own and dot.towards is not None for dot in dots)),
    ]
    for text, own, between, there in entries:
        if there:
            sheet.add(
                f'<svg x="0.7em" y="{em(sheet.y + 0.65)}" width="0.8em" height="0.8em" viewBox="0 0 16 16" '
                f'overflow="visible">{_shape(own, between, "")}</svg>'
            )
            sheet.words(text, x="1.6em", y=sheet.y + 1)
            sheet.y += LINE


def _groups(
    sheet: Sheet, groups: tuple[str, ...], counts: Sequence[int], shares: tuple[float, ...], base: float
) -> None:
    """Under the line a letter and the count for each group, and below what the letters stand for."""
    for letter, count, (before, after) in zip(LETTERS, counts, pairwise(edges(shares)), strict=True):
        sheet.words(f"{letter} {count}", x=pc((before + after) / 2), y=base + 1.3, look="bold", anchor="middle")
    sheet.y = base + 1.9
    for letter, name in zip(LETTERS, groups, strict=True):
        sheet.paragraph(f"{letter}: {name}", most=2)
