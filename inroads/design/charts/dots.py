"""Dots on lines: a few series side by side for each of several groups, with intervals, such as before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from inroads.design.charts.axis import Axis, axis, draw, grid
from inroads.design.charts.drawing import LINE, Chart, Row, Sheet, nothing
from inroads.design.charts.marks import SHAPES, Place, key, mark, whisker
from inroads.design.charts.words import NO_FIGURE, checked, estimate, figure, number

# Height in em of what one series takes in a row, and how many rows have the axis at the top as well.
LANE, LONG = 1.2, 6


@dataclass(frozen=True)
class Dot:
    """One figure and its interval, in the unit of the chart: 37.2 is 37.2%. None is not drawn."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Line:
    """One row: a dot, or None, for each series. `href` is a link for the pointer, `note` stands under the label."""

    label: str
    dots: tuple[Dot | None, ...]
    href: str = ""
    note: str = ""


def dots(
    lines: Sequence[Line],
    *,
    series: tuple[str, ...],
    title: str,
    description: str,
    low: float | None = 0.0,
    high: float | None = None,
    unit: str = "%",
    heading: str = "Group",
) -> Chart:
    """Lines one under the other, series told apart by their shapes, intervals as whiskers, and a key.

    The axis goes from `low` to `high`, where None is a round number that holds everything; what lies outside is an
    arrow. `heading` heads the first column of the table. Raises `ValueError` that names the argument: an interval the
    wrong way round, a figure that is no number, dots that do not match `series`.
    """
    if not 1 <= len(series) <= len(SHAPES):
        raise ValueError(f"series has {len(series)} names: a chart tells 1 to {len(SHAPES)} series apart.")
    figures = [_figures(f"lines[{at}]", line, series) for at, line in enumerate(lines)]
    head = (heading, *series)
    rows = [
        Row((line.label, *(estimate(*each, unit) for each in found), *_note(lines, line)), line.href)
        for line, found in zip(lines, figures, strict=True)
    ]
    if any(line.note for line in lines):
        head = (*head, "Note")
    seen = [each for found in figures for dot in found if dot[0] is not None for each in dot if each is not None]
    scale = axis(seen, low=number("low", low), high=number("high", high), unit=unit)
    if not seen:
        return nothing(title=title, description=description, head=head, rows=rows)
    sheet = Sheet()
    key(sheet, series, whiskers=any(dot[1] is not None for found in figures for dot in found if dot[0] is not None))
    if len(lines) > LONG:
        draw(sheet, scale, below=False)
    for line, found in zip(lines, figures, strict=True):
        sheet.y += 0.4
        sheet.paragraph(line.label, look="bold", href=line.href)
        if line.note:
            sheet.paragraph(line.note)
        _row(sheet, scale, line, found, series)
    draw(sheet, scale, below=True)
    return sheet.chart("dots", title=title, description=description, head=head, rows=rows)


Figures = tuple[float | None, float | None, float | None]


def _figures(name: str, line: Line, series: tuple[str, ...]) -> list[Figures]:
    """Value, low and high of each series, checked."""
    if len(line.dots) != len(series):
        raise ValueError(f"{name}.dots has {len(line.dots)} dots for {len(series)} series ({line.label!r}).")
    return [
        (None, None, None) if dot is None else checked(f"{name}.dots[{at}]", dot.value, dot.low, dot.high)
        for at, dot in enumerate(line.dots)
    ]


def _note(lines: Sequence[Line], line: Line) -> tuple[str, ...]:
    return (line.note,) if any(each.note for each in lines) else ()


def _row(sheet: Sheet, scale: Axis, line: Line, found: list[Figures], series: tuple[str, ...]) -> None:
    """The band of one line: a lane for each series, so that neither marks nor whiskers lie on one another."""
    top, height = sheet.y + 0.1, LANE * len(series) + 0.3
    sheet.box(0, top, 100, height, "band")
    grid(sheet, scale, top, top + height)
    if all(value is None for value, _, _ in found):
        sheet.words(NO_FIGURE, x="50%", y=top + height / 2 + 0.35, look="tick", anchor="middle")
    for at, (value, low, high) in enumerate(found):
        if value is None:
            continue
        y = top + 0.15 + LANE * (at + 0.5)
        if low is not None and high is not None:
            whisker(sheet, scale, y, low, high)
        unit = scale.unit
        said = f"{line.label}, {series[at]}: {estimate(value, low, high, unit)}"
        mark(sheet, scale, Place(at, y), value, said=said, note=figure(value, unit if unit in {"%", "£"} else ""))
    sheet.y = top + height + LINE / 4
