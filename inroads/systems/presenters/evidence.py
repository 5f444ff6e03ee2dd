"""A piece of evidence in words: what it is about, and until when it holds."""

from dataclasses import dataclass
from datetime import date

from inroads.design.wording import day
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Element, EvidenceKind
from inroads.systems.models import Evidence
from inroads.systems.queries.evidence import SOON, element_title


@dataclass(frozen=True)
class EvidenceLine:
    """A piece of evidence in a list. `level` is 0 where the framework no longer has its element; `soon`: look at it."""

    piece: Evidence
    criterion: str
    element: str
    level: int
    kind: str
    state: str
    soon: bool


def line(piece: Evidence, on: date) -> EvidenceLine:
    """A piece of evidence as a list says it."""
    criterion, element, level = element_title(piece.criterion, piece.element)
    kind = load(EvidenceKind).get(piece.kind)
    return EvidenceLine(
        piece, criterion, element, level, kind.title if kind else piece.kind, state(piece, on), soon(piece, on)
    )


def state(piece: Evidence, on: date) -> str:
    """Until when it holds, in a sentence."""
    if piece.withdrawn_at is not None:
        return "It was withdrawn and counts no more."
    if piece.dated is None or piece.expires_on is None:
        return "Its day is not known: it counts for nothing until that is known."
    if not piece.supports:
        return "What says that something is not so does not run out. It stands until it is answered."
    if piece.expires_on <= on:
        return f"It ran out on {day(piece.expires_on)}."
    if soon(piece, on):
        return f"It holds, and runs out soon: on {day(piece.expires_on)}."
    return f"It holds, and runs out on {day(piece.expires_on)}."


def soon(piece: Evidence, on: date) -> bool:
    """Whether it has run out, or does so within sixty days."""
    return piece.supports and piece.withdrawn_at is None and (piece.expires_on or date.max) <= on + SOON


def laid_down(piece: Evidence, element: Element) -> str:
    """What is said after it was saved: whether it counts, and why not."""
    if piece.dated is None:
        return "Saved. Its day is not known, so it counts for nothing yet."
    if piece.supports and element.from_people and piece.voice != "people":
        return "Saved. It does not move the needle: only people themselves can show this."
    if piece.supports and piece.expires_on is not None and piece.expires_on <= piece.recorded_at.date():
        return f"Saved. It ran out on {day(piece.expires_on)}, so it does not move the needle."
    return "Saved."


def size(count: int) -> str:
    """How large a file is: 340 KB, 1.2 MB."""
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))} KB"
