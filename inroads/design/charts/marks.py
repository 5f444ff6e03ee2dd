"""Shapes that tell series apart without colour, intervals as whiskers, and arrows for what lies outside the axis."""

from dataclasses import dataclass

from inroads.design.charts.axis import Axis
from inroads.design.charts.drawing import LINE, NARROWEST, Sheet, pc
from inroads.design.charts.words import breadth

# In sixteenths of an em around the middle. Hollow and filled take turns, so that neighbours differ in two ways.
SHAPES = (
    ("mark hollow one", "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0z"),
    ("mark filled two", "M0-8L8 0L0 8L-8 0z"),
    ("mark hollow three", "M-6-6H6V6H-6z"),
    ("mark filled four", "M0-8L8 6H-8z"),
    ("mark hollow five", "M0 8L8-6H-8z"),
    ("mark cross six", "M-6-6L6 6M6-6L-6 6"),
)
INTERVAL = "interval"
ARROWS = {-1: "M-1-5L-9 0L-1 5z", 1: "M1-5L9 0L1 5z"}


@dataclass(frozen=True)
class Place:
    """Where one series is drawn in a row: which shape, and at which height in em."""

    series: int
    y: float


def mark(sheet: Sheet, found: Axis, place: Place, value: float, *, said: str, note: str) -> None:
    """The shape at `value`; outside the axis at its end with an arrow, and `note` beside it."""
    look, d = SHAPES[place.series]
    outside = found.outside(value)
    at = found.at(value)
    if outside:
        # Beside the shape towards the middle, so that words never leave the drawing.
        sheet.shape(ARROWS[outside], x=pc(at), y=place.y, look="arrow", name=said)
        sheet.add(f'<svg x="{pc(at)}" overflow="visible">')
        sheet.shape(d, x=f"{-0.65 * outside}em", y=place.y, look=look, name=said)
        sheet.add("</svg>")
        anchor = "end" if outside > 0 else "start"
        sheet.words(note, x=pc(at), y=place.y + 0.35, look="beside", anchor=anchor, aside=-1.4 * outside)
    else:
        sheet.shape(d, x=pc(at), y=place.y, look=look, name=said)


def whisker(sheet: Sheet, found: Axis, y: float, low: float, high: float) -> None:
    """A line from `low` to `high` with a stop at each end; an end outside the axis is an arrow instead."""
    sheet.line(found.at(low), y, found.at(high), y, "whisker")
    for end in (low, high):
        at = found.at(end)
        outside = found.outside(end)
        if outside:
            sheet.shape(ARROWS[outside], x=pc(at), y=y, look="arrow")
        else:
            sheet.line(at, y - 0.3, at, y + 0.3, "whisker")


def key(sheet: Sheet, series: tuple[str, ...], *, whiskers: bool) -> None:
    """What each shape stands for, one after the other as there is room."""
    entries = [*series, *([INTERVAL] if whiskers else [])]
    used, first = 0.0, True
    for number, text in enumerate(entries):
        wide = 1.6 + breadth(text) + 1.0
        if not first and used + wide > NARROWEST + 1.0:
            sheet.y += LINE
            used = 0.0
        first = False
        if number < len(series):
            look, d = SHAPES[number]
            sheet.shape(d, x=f"{round(used + 0.7, 2):g}em", y=sheet.y + 0.65, look=look)
        else:
            sheet.shape("M-8 0H8M-8-5V5M8-5V5", x=f"{round(used + 0.7, 2):g}em", y=sheet.y + 0.65, look="whisker")
        _entry(sheet, text, used)
        used += wide
    if entries:
        sheet.y += LINE


def _entry(sheet: Sheet, text: str, used: float) -> None:
    before = sheet.y
    sheet.paragraph(text, x=f"{round(used + 1.6, 2):g}em", width=NARROWEST - 1.6, most=2)
    # A long name takes lines of its own; the next entry follows below it.
    sheet.y = max(before, sheet.y - LINE)
