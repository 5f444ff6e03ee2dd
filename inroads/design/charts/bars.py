"""Bars from zero, one under the other, with the figure written above each and an interval where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass

from inroads.design.charts.axis import axis, draw, grid
from inroads.design.charts.drawing import NARROWEST, Chart, Row, Sheet, nothing
from inroads.design.charts.marks import key, whisker
from inroads.design.charts.words import breadth, checked, clean, estimate, number

BAR = 1.1


@dataclass(frozen=True)
class Bar:
    """One figure, in the unit of the chart, and its interval. None is not drawn; `href` is a link for the pointer."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    href: str = ""


def bars(
    lines: Sequence[Bar],
    *,
    title: str,
    description: str,
    unit: str = "",
    high: float | None = None,
    heading: str = "Group",
) -> Chart:
    """Bars in the order given, on an axis with zero; `high` ends it where all of several charts should end alike.

    Raises `ValueError` that names the argument: an interval the wrong way round, a figure that is no number.
    """
    figures = [checked(f"lines[{at}]", bar.value, bar.low, bar.high) for at, bar in enumerate(lines)]
    said = [estimate(*each, unit) for each in figures]
    head = (heading, clean(unit).capitalize() if len(clean(unit)) > 1 else "Figure")
    rows = [Row((bar.label, text), bar.href) for bar, text in zip(lines, said, strict=True)]
    seen = [each for found in figures if found[0] is not None for each in found if each is not None]
    least = min([0.0, *seen])
    if high is not None and high <= 0:
        raise ValueError(f"high is {high}: bars begin at zero. Give a number above it, or None.")
    scale = axis([0.0, *seen], low=0.0 if least == 0 else None, high=number("high", high), unit=unit)
    if not seen:
        return nothing(title=title, description=description, head=head, rows=rows)
    sheet = Sheet()
    if any(found[0] is not None and found[1] is not None for found in figures):
        key(sheet, (), whiskers=True)
    for bar, (value, low, top), text in zip(lines, figures, said, strict=True):
        sheet.y += 0.4
        _label(sheet, bar, text)
        y = sheet.y + 0.1
        sheet.box(0, y, 100, BAR + 0.2, "band")
        grid(sheet, scale, y, y + BAR + 0.2)
        if value is not None:
            ends = sorted((scale.at(0.0), scale.at(value)))
            sheet.box(ends[0], y + 0.1, ends[1] - ends[0], BAR, "bar")
            if scale.outside(value):
                whisker(sheet, scale, y + 0.1 + BAR / 2, value, value)
            if low is not None and top is not None:
                whisker(sheet, scale, y + 0.1 + BAR / 2, low, top)
        sheet.y = y + BAR + 0.4
    draw(sheet, scale, below=True)
    return sheet.chart("bars", title=title, description=description, head=head, rows=rows)


def _label(sheet: Sheet, bar: Bar, said: str) -> None:
    """Label, then the figure: on the same line where there is room on the narrowest screen, else below."""
    beside = breadth(bar.label, bold=True) + 1.0 + breadth(said) <= NARROWEST
    if beside:
        sheet.words(said, x="100%", y=sheet.y + 1, anchor="end")
    sheet.paragraph(bar.label, look="bold", href=bar.href)
    if not beside:
        sheet.paragraph(said)
