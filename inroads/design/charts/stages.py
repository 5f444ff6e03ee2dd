"""A pathway stage by stage, one box under the other, with every way through each stage: digital or not."""

from collections.abc import Sequence
from dataclasses import dataclass

from inroads.design.charts.drawing import LINE, NARROWEST, Chart, Row, Sheet, nothing
from inroads.design.charts.words import clean

# A screen on a foot, and a person: in sixteenths of an em around the middle.
SCREEN = "M-8-7H8V4H-8zM-4 8H4M0 4V8"
PERSON = "M-3-4a3 3 0 1 0 6 0a3 3 0 1 0-6 0zM-7 8V5a4 4 0 0 1 4-4H3a4 4 0 0 1 4 4V8z"
DIGITAL, NOT_DIGITAL, DIGITAL_ONLY = "digital", "not digital", "Digital only"
PADDING, ARROW = 0.8, 1.6


@dataclass(frozen=True)
class Way:
    """One way through a stage, such as "By phone"."""

    title: str
    digital: bool


@dataclass(frozen=True)
class StageBox:
    """One stage: its ways, whether all of them are digital, and a note under them."""

    title: str
    ways: tuple[Way, ...]
    digital_only: bool
    note: str = ""


def stages(stages: Sequence[StageBox], *, title: str, description: str) -> Chart:
    """The stages in their order with an arrow from each to the next; a stage that is digital only has a double border.

    Raises `ValueError` where a stage is said to be digital only but has a way that is not.
    """
    for at, stage in enumerate(stages):
        other = [way.title for way in stage.ways if not way.digital]
        if stage.digital_only and other:
            raise ValueError(f"stages[{at}].digital_only is true, but {other[0]!r} is a way that is not digital.")
    head = ("Stage", "Ways", "Digital only", "Note")
    rows = [
        Row(
            (
                stage.title,
                "; ".join(map(_said, stage.ways)) or "none",
                "yes" if stage.digital_only else "no",
                stage.note,
            )
        )
        for stage in stages
    ]
    if not stages:
        why = "Nothing to draw: there are no stages."
        return nothing(title=title, description=description, head=head, rows=rows, why=why)
    sheet = Sheet()
    for at, stage in enumerate(stages):
        if at:
            _arrow(sheet)
        _box(sheet, at + 1, stage)
    return sheet.chart("stages", title=title, description=description, head=head, rows=rows)


def _said(way: Way) -> str:
    return f"{clean(way.title)} ({DIGITAL if way.digital else NOT_DIGITAL})"


def _box(sheet: Sheet, number: int, stage: StageBox) -> None:
    """The words first, because how high they stand is how high the box is; the box lies below them all the same."""
    top, begin = sheet.y + 0.15, len(sheet.drawn)
    inside = NARROWEST - 2 * PADDING - 0.4
    sheet.y = top + PADDING - 0.2
    sheet.paragraph(f"{number}. {stage.title}", x=f"{PADDING}em", width=inside, look="bold")
    if stage.digital_only:
        sheet.shape(SCREEN, x=f"{PADDING + 0.5}em", y=sheet.y + 0.65, look="symbol")
        sheet.paragraph(DIGITAL_ONLY, x=f"{PADDING + 1.4}em", width=inside - 1.4, look="bold only")
    sheet.y += 0.2
    for way in stage.ways:
        look = "symbol" if way.digital else "symbol solid"
        sheet.shape(SCREEN if way.digital else PERSON, x=f"{PADDING + 0.5}em", y=sheet.y + 0.65, look=look)
        sheet.paragraph(_said(way), x=f"{PADDING + 1.4}em", width=inside - 1.4)
    if not stage.ways:
        sheet.paragraph("No way through this stage is recorded.", x=f"{PADDING}em", width=inside)
    if stage.note:
        sheet.y += 0.2
        sheet.paragraph(stage.note, x=f"{PADDING}em", width=inside, most=4)
    height = sheet.y - top + PADDING - 0.2
    below = Sheet()
    below.box(1, top, 98, height, "box outer" if stage.digital_only else "box")
    if stage.digital_only:
        # The second line of the double border, inside the first one at every width.
        below.add(
            f'<svg x="1%" y="{top:.2f}em" width="98%" height="{height:.2f}em" overflow="visible">'
            f'<rect class="box inner" x="1.5%" y="0.3em" width="97%" height="{height - 0.6:.2f}em"/></svg>'
        )
    sheet.drawn[begin:begin] = below.drawn
    sheet.y = top + height


def _arrow(sheet: Sheet) -> None:
    sheet.line(50, sheet.y + 0.1, 50, sheet.y + ARROW - 0.6, "flow")
    sheet.shape("M-7-9H7L0 1z", x="50%", y=sheet.y + ARROW - 0.1, look="arrow")
    sheet.y += ARROW - LINE / 10
