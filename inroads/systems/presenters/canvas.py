"""The canvas in words: needles over a cell with their criteria, what speaks against it, and what people said."""

from dataclasses import dataclass

from django.urls import reverse

from inroads.systems.models import CanvasCell, State
from inroads.systems.presenters import needles
from inroads.systems.presenters.leading import whom
from inroads.systems.queries.canvas import Canvas, Cell
from inroads.systems.queries.interviews import Shown
from inroads.systems.queries.leading import Hanging
from inroads.systems.queries.overview import Mean

# The cell in which stands what hangs on a single person.
LEADERSHIP = "strategy_leadership"
MOST_CONTRARY = 3
MOST_HANGING = 4
# Parts of a cell in own words: name of the field, title.
PARTS = (("strengths", "What goes well"), ("gaps", "What is missing"), ("next", "What comes next"))
# How far an assessment is, as the end of a sentence.
STATES = {
    State.OPEN: "is being filled in",
    State.SUBMITTED: "was handed in and is being reviewed",
    State.REVIEWED: "was reviewed and is read again",
    State.LOCKED: "is closed",
}


@dataclass(frozen=True)
class Bar:
    """A needle over a cell: its name, how far of `top`, 0 to 1 for the drawing, and the same in words."""

    name: str
    share: float
    said: str


@dataclass(frozen=True)
class CellShown:
    """A cell as a page shows it. Addresses are "" where there is nothing to lead to.

    criteria, contrary
        (title, in words, address) of each criterion; (title, address) of evidence that says otherwise.
    own
        (title, words) of the three parts in own words; empty where nobody wrote any.
    hanging
        (what, and on whom) with what is known of it. Paper leaves out on whom: a sheet that is left lying names nobody.
    """

    id: str
    number: int
    title: str
    about: str
    top: int
    bars: tuple[Bar, ...]
    criteria: tuple[tuple[str, str, str], ...]
    contrary: tuple[tuple[str, str], ...]
    contrary_more: int
    own: tuple[tuple[str, str], ...]
    words: CanvasCell | None
    quotes: tuple[tuple[str, str], ...]
    hanging: tuple[tuple[str, Hanging], ...]
    hanging_more: int


def cells(canvas: Canvas, hanging: list[Hanging]) -> list[CellShown]:
    """Every cell as pages and paper show it."""
    return [cell(canvas, each, hanging) for each in canvas.cells]


def cell(canvas: Canvas, found: Cell, hanging: list[Hanging]) -> CellShown:
    """One cell. What hangs on a single person stands in the cell of leadership."""
    contrary = _contrary(found)
    hangs = hanging if found.dimension.id == LEADERSHIP else []
    top = max((len(each.criterion.levels) for each in found.standings), default=0)
    return CellShown(
        id=found.dimension.id,
        number=found.dimension.order,
        title=found.dimension.title,
        about=found.dimension.words,
        top=top,
        bars=bars(found.mean, top) if found.mean else (),
        criteria=tuple(
            (each.criterion.title, needles.said(each), _criterion_address(canvas, each.criterion.id))
            for each in found.standings
        ),
        contrary=tuple(contrary[:MOST_CONTRARY]),
        contrary_more=max(0, len(contrary) - MOST_CONTRARY),
        own=own(found.words) if found.words else (),
        words=found.words,
        quotes=tuple((each.quote.words, said_by(each)) for each in found.quotes),
        hanging=tuple((whom(each), each) for each in hangs[:MOST_HANGING]),
        hanging_more=max(0, len(hangs) - MOST_HANGING),
    )


def bars(mean: Mean, top: int) -> tuple[Bar, ...]:
    """The three needles over a cell."""
    claimed = "Nothing is claimed yet" if mean.claimed is None else f"{mean.claimed:.1f} of {top}"
    if mean.claimed is not None and mean.with_claim < mean.criteria:
        claimed += f" (claimed for {mean.with_claim} of {mean.criteria} questions)"
    if mean.experienced is None:
        experienced = "Nobody was heard yet"
    else:
        experienced = f"{mean.experienced:.1f} of {top}"
        if mean.unheard:
            experienced += f" (heard on {mean.criteria - mean.unheard} of {mean.criteria} questions)"
    return (
        Bar("Claimed", (mean.claimed or 0) / top, claimed),
        Bar("Evidenced", mean.evidenced / top, f"{mean.evidenced:.1f} of {top}"),
        Bar("Experienced", (mean.experienced or 0.0) / top, experienced),
    )


def own(row: CanvasCell) -> tuple[tuple[str, str], ...]:
    """The three parts in own words, each with its title; a part that is empty has "" beside it."""
    return tuple((title, getattr(row, name)) for name, title in PARTS)


def said_by(found: Shown) -> str:
    """Who said it, as far as they agreed."""
    who = ", ".join(each for each in (found.name, found.role) if each)
    return f"{who} ({found.speaker.lower()})" if who else found.speaker


def whose_needles(canvas: Canvas) -> str:
    """A sentence that says what the needles stand on."""
    edition = f"Framework: {canvas.framework.title}."
    if canvas.assessment is not None:
        state = STATES[State(canvas.assessment.state)]
        return f"The needles are those of “{canvas.assessment.title}”, which {state}. {edition}"
    if canvas.inside:
        return f"There is no self-assessment yet. The needles show the evidence so far. {edition}"
    return "This system has not handed in a self-assessment yet."


def _contrary(found: Cell) -> list[tuple[str, str]]:
    """Evidence that says that something is not so, the latest first, each once."""
    pieces = {
        piece.pk: piece
        for each in found.standings
        for given in each.level.contrary
        if (piece := each.piece(given)) is not None
    }
    latest = sorted(
        pieces.values(), key=lambda piece: (piece.dated is not None, piece.dated, str(piece.pk)), reverse=True
    )
    return [(piece.title, reverse("systems:evidence", kwargs={"evidence": piece.pk})) for piece in latest]


def _criterion_address(canvas: Canvas, criterion: str) -> str:
    if canvas.assessment is None:
        return ""
    told = {"assessment": canvas.assessment.pk, "criterion": criterion}
    return reverse("systems:assessment_criterion", kwargs=told)
