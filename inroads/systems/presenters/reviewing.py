"""How reviews are said: who may be asked, evidence as a reviewer reads it, and how an assessment moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Dimension, Element, EvidenceKind
from inroads.systems.models import Coding, Evidence, EvidenceFile, ReviewedEvidence, State, Voice
from inroads.systems.queries.interviews import Shown
from inroads.systems.queries.movement import NEEDLES, Beside, Pair, Why
from inroads.systems.queries.needles import Standing
from inroads.systems.queries.reviewing import From, Peer

COMES_FROM = {
    From.ANOTHER_REGION: "from another region",
    From.ENGLAND: "for the whole of England",
    From.SAME_REGION: "from the same region",
}
MOVED = {
    State.OPEN: "Opened again",
    State.SUBMITTED: "Handed in",
    State.REVIEWED: "Reviewed",
    State.LOCKED: "Closed",
}
BECAME = {
    Why.ADDED: "Laid down since",
    Why.WITHDRAWN: "Withdrawn since",
    Why.EXPIRED: "Its time is over",
    Why.BEGUN: "Its day has come",
    Why.NOT_SHOWN: "A reviewer says that it does not show this",
    Why.COUNTS_AGAIN: "It counts again",
    Why.NOT_ASKED: "No longer asked for",
}
CALLED = {"claimed": "Claimed", "evidenced": "Evidenced", "experienced": "Experienced"}
# Stands for a title that may hold words of somebody who did not agree that this reader sees them.
NOT_FOR_YOU = "Words of somebody, kept by the system"


@dataclass(frozen=True)
class Piece:
    """A piece of evidence as a reviewer reads it.

    `title` and `words` are what this reader may see. `state` says why it counts for nothing, "" where it counts.
    `mine` is what the reader said of it in this assessment, `others` what other reviewers say, once the reader has
    spoken.
    """

    evidence: Evidence
    title: str
    words: str
    kind: str
    voice: str
    state: str
    link: str
    files: tuple[EvidenceFile, ...]
    passage: Coding | None
    quote: Shown | None
    mine: ReviewedEvidence | None
    others: tuple[ReviewedEvidence, ...]


@dataclass(frozen=True)
class ElementShown:
    """An element of a criterion with the evidence about it; `kinds` are what can show it."""

    element: Element
    kinds: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Line:
    """A criterion in the list of a review: its needles in words, and how much of its evidence this reader has read."""

    criterion: Criterion
    claimed: str
    evidenced: str
    experienced: str
    read: int
    of: int

    @property
    def state(self) -> str:
        """What is left to read."""
        if not self.of:
            return "No evidence"
        return "Read" if self.read == self.of else "Not read yet" if not self.read else f"{self.read} of {self.of} read"


def peer_choices(peers: Iterable[Peer]) -> list[tuple[str, str]]:
    """Who may be asked, each with where they work and from how far they come."""
    return [
        (str(each.user.pk), f"{each.user.full_name}, {each.organisation.name} ({COMES_FROM[each.comes_from]})")
        for each in peers
    ]


def title_of(evidence: Evidence, quotes: Mapping[UUID, Shown]) -> str:
    """The title of evidence; of a quote only where this reader may see the words."""
    return NOT_FOR_YOU if evidence.quote_id and evidence.quote_id not in quotes else evidence.title


def pieces(
    standing: Standing,
    on: date,
    reader: UUID | None,
    *,
    files: Mapping[UUID, list[EvidenceFile]],
    passages: Mapping[UUID, Coding],
    quotes: Mapping[UUID, Shown],
    said: Mapping[UUID, Mapping[UUID, ReviewedEvidence]],
) -> dict[str, list[Piece]]:
    """The evidence beside a criterion as this reader sees it, by element."""
    kinds, found = load(EvidenceKind), {}
    for each in standing.evidence:
        hidden = bool(each.quote_id) and each.quote_id not in quotes
        verdicts = said.get(each.pk, {})
        mine = verdicts.get(reader) if reader else None
        found.setdefault(each.element, []).append(
            Piece(
                evidence=each,
                title=title_of(each, quotes),
                words="" if hidden else each.words,
                kind=kinds[each.kind].title if each.kind in kinds else each.kind,
                voice=Voice(each.voice).label,
                state=counts(each, standing, on),
                link="" if hidden else each.link,
                files=() if hidden else tuple(files.get(each.pk, ())),
                passage=passages.get(each.passage_id) if each.passage_id else None,
                quote=quotes.get(each.quote_id) if each.quote_id else None,
                mine=mine,
                others=tuple(row for by, row in verdicts.items() if by != reader) if mine or reader is None else (),
            )
        )
    return found


def counts(evidence: Evidence, standing: Standing, on: date) -> str:
    """Why a piece of evidence counts for nothing on a day; "" where it counts."""
    if evidence.pk in standing.not_shown:
        return "It counts for nothing: a reviewer says that it does not show this"
    if evidence.dated is None or evidence.expires_on is None:
        return "It counts for nothing: its day is not known"
    if evidence.dated > on:
        return "It does not count yet: its day is still to come"
    if evidence.expires_on <= on and evidence.supports:
        return "It counts for nothing any more: its time is over"
    return ""


def elements(criterion: Criterion, shown: Mapping[str, list[Piece]]) -> list[tuple[int, Any, list[ElementShown]]]:
    """The levels of a criterion, each with its elements and what lies beside them."""
    kinds = load(EvidenceKind)
    return [
        (
            number,
            level,
            [
                ElementShown(
                    each,
                    ", ".join(kinds[kind].title for kind in each.shown_by if kind in kinds),
                    tuple(shown.get(each.id, ())),
                )
                for each in level.elements
            ],
        )
        for number, level in enumerate(criterion.levels, 1)
    ]


def by_dimension(
    standings: Iterable[Standing], read: Mapping[UUID, Mapping[UUID, ReviewedEvidence]], reader: UUID
) -> list[tuple[Dimension, list[Line]]]:
    """The criteria of an assessment by dimension, with what this reader has read."""
    dimensions, found = load(Dimension), {}
    for each in standings:
        seen = sum(reader in read.get(piece.pk, {}) for piece in each.evidence)
        words = needles(each)
        found.setdefault(each.criterion.dimension, []).append(
            Line(each.criterion, *(words[name] for name in NEEDLES), seen, len(each.evidence))
        )
    return [(dimensions[name], lines) for name, lines in found.items()]


def needles(standing: Standing) -> dict[str, str]:
    """The three needles in words; nobody heard is not the same as nothing experienced."""
    level = standing.level
    return {
        "claimed": "nothing claimed" if level.claimed is None else str(level.claimed),
        "evidenced": str(level.evidenced),
        "experienced": str(level.experienced) if level.heard or level.experienced else "nobody heard",
    }


def moved(pair: Pair, needle: str) -> str:
    """How a needle moved, in words."""
    then, now = needles(pair.then)[needle], needles(pair.now)[needle]
    by = pair.moved(needle)
    if then == now:
        return f"{now}, as before"
    direction = "" if not by else ", up" if by > 0 else ", down"
    return f"was {then}, now {now}{direction}"


def rows(found: Beside, quotes: Mapping[UUID, Shown]) -> list[dict[str, Any]]:
    """A row of the comparison for each criterion that may be compared."""
    return [
        {
            "criterion": pair.now.criterion,
            "before": pair.then.criterion if pair.then.criterion.id != pair.now.criterion.id else None,
            **{needle: moved(pair, needle) for needle in NEEDLES},
            "moved": bool(pair.changed) or any(needles(pair.then)[each] != needles(pair.now)[each] for each in NEEDLES),
            "changed": [(BECAME[why], title_of(piece, quotes), piece) for why, piece in pair.changed],
        }
        for pair in found.pairs
    ]


def summary(found: Beside) -> list[tuple[str, dict[str, int]]]:
    """Of how many criteria each needle rose, fell and stayed."""
    return [(CALLED[needle], found.counts(needle)) for needle in NEEDLES]


def on_its_own(standing: Standing) -> str:
    """The needles of a criterion that is compared with nothing."""
    words = needles(standing)
    return "; ".join(f"{CALLED[name].lower()}: {words[name]}" for name in NEEDLES)
