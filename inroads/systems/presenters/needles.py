"""The three needles of a criterion in words and marks, and what would move them as a list of things to do."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from inroads.design.wording import day, in_sentence
from inroads.methods import maturity
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Element, EvidenceKind
from inroads.systems.models import Claimed, Evidence, Part, ReviewedEvidence
from inroads.systems.queries.needles import Standing, as_method, rests_on_words_alone

SPEAKERS = {
    "organisation": "the organisation itself",
    "record": "a record of what was done",
    "people": "people, about what happened to them",
}
# What is there instead of what is asked, before it is said what would do.
INSTEAD = {
    "nothing": "Nothing shows this yet.",
    "undated": "What is there has no day. Lay it down again with its day.",
    "not yet": "The day of what is there lies ahead.",
    "other kind": "What is there is of a kind that cannot show this.",
    "expired": "What showed this has run out.",
    "not from people": "What is there is not from people themselves.",
    "contradicted": "Something says that it is not so.",
}
DENIED = "People say that it is not so. Answer that first."
PEOPLE = ("people",)
MARK, GAP = 14, 6


@dataclass(frozen=True)
class Needle:
    """One of three needles: its name, the level (None: nothing was said), and that in words.

    `x` are where its marks stand, and whether the level of each is reached.
    """

    name: str
    level: int | None
    words: str
    x: tuple[tuple[int, bool], ...]

    @property
    def width(self) -> int:
        """How wide its marks are together."""
        return len(self.x) * (MARK + GAP)


@dataclass(frozen=True)
class Link:
    """Where something can be laid down: the element, and the voice where only one will do."""

    element: str
    title: str
    voice: str


@dataclass(frozen=True)
class ToDo:
    """Something that would help to move the needle, in sentences, with where to lay it down."""

    words: str
    instead: str
    how: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Line:
    """A piece of evidence as a list says it. `counts`: it counts on this day, for or against; `state` says why not.

    `alone`: people are said to speak in it, and nothing stands behind it but what we wrote.
    """

    piece: Evidence
    kind: str
    voice: str
    counts: bool
    state: str
    verdicts: tuple[ReviewedEvidence, ...]
    alone: bool = False


@dataclass(frozen=True)
class ElementLine:
    """An element with what lies beside it, for and against, and whether it is shown on this day."""

    element: Element
    kinds: str
    shown: bool
    denied: bool
    supporting: tuple[Line, ...]
    denying: tuple[Line, ...]


@dataclass(frozen=True)
class CriterionLine:
    """A criterion in an assessment: its needles, who looks after it, and what is missing in a sentence."""

    standing: Standing
    needles: tuple[Needle, ...]
    holder: str
    mine: bool
    finished: bool
    taken_over: bool
    missing: str
    against: int

    @property
    def criterion(self) -> Criterion:
        """The criterion of the framework."""
        return self.standing.criterion


def needles(standing: Standing) -> tuple[Needle, ...]:
    """What is claimed, evidenced and experienced, in this order."""
    level, levels = standing.level, standing.criterion.levels

    def made(name: str, reached: int | None, nothing: str) -> Needle:
        called = f"{reached} of {len(levels)}: {levels[reached - 1].title}" if reached else nothing
        marks = ((number * (MARK + GAP) + 1, number < (reached or 0)) for number in range(len(levels)))
        return Needle(name, reached, called, tuple(marks))

    claimed = "Nothing is claimed yet" if level.claimed is None else f"0 of {len(levels)}"
    heard = f"0 of {len(levels)}" if level.heard else "Nobody was heard yet"
    return (
        made("Claimed", level.claimed, claimed),
        made("Evidenced", level.evidenced, f"0 of {len(levels)}"),
        made("Experienced", level.experienced, heard),
    )


def said(standing: Standing) -> str:
    """The three needles as one sentence."""
    level = standing.level
    claimed = "nothing" if level.claimed is None else str(level.claimed)
    unheard = "" if level.heard or level.experienced else ", as nobody was heard yet"
    return f"Claimed {claimed}, evidenced {level.evidenced}, experienced {level.experienced}{unheard}."


def gap(standing: Standing) -> str:
    """Where the needles stand apart, in plain words; "" where they do not."""
    level = standing.level
    sentences = []
    if level.claimed is not None and level.claimed > level.evidenced:
        sentences.append(f"More is claimed than is shown so far: {level.claimed}, and {level.evidenced}.")
    if level.claimed is not None and level.claimed < level.evidenced:
        sentences.append(f"More is shown than is claimed: {level.evidenced}, and {level.claimed}.")
    if level.heard and level.experienced < level.evidenced:
        sentences.append("People experience less than the papers show.")
    if level.experienced > level.evidenced:
        sentences.append("People experience more than the papers show.")
    return " ".join(sentences)


def to_do(standing: Standing) -> list[ToDo]:
    """What would move the evidenced needle up by one: each condition that does not hold, as something to do.

    Where people can speak of one element alone, what they say shows it too, so that it is not asked for twice.
    """
    denied = {piece.element for piece in standing.level.contrary if piece.voice == "people"}
    tasks = [(each, _to_do(standing.criterion, each, denied)) for each in standing.level.missing]
    by_people = {each.links[0].element for wanted, each in tasks if wanted.voices == PEOPLE and len(each.links) == 1}
    return [
        each
        for wanted, each in tasks
        if wanted.voices == PEOPLE or wanted.since is not None or each.links[0].element not in by_people
    ]


def missing(standing: Standing) -> str:
    """What is missing for the next level, in a sentence."""
    tasks = to_do(standing)
    if not tasks:
        return "Nothing is missing: it is at the top."
    more = len(tasks) - 1
    others = f" And {'one thing' if more == 1 else f'{more} things'} more." if more else ""
    return f"For level {standing.level.missing[0].level}: {in_sentence(tasks[0].words)}{others}"


def criterion_line(standing: Standing, parts: Mapping[str, Part], reader: object) -> CriterionLine:
    """A criterion in an assessment, as its page says it to this reader."""
    part = parts.get(standing.criterion.id)
    holder = part.holder if part else None
    return CriterionLine(
        standing=standing,
        needles=needles(standing),
        holder=holder.full_name if holder else "",
        mine=holder is not None and holder == reader,
        finished=bool(part and part.finished),
        taken_over=bool(standing.claim and standing.claim.taken_over),
        missing=missing(standing),
        against=len(standing.level.contrary),
    )


def elements(
    standing: Standing, on: date, verdicts: Mapping[UUID, Iterable[ReviewedEvidence]]
) -> list[tuple[int, list[ElementLine]]]:
    """Level by level, the elements with the evidence for and against each."""
    method = as_method(standing.criterion).elements()
    stands = {piece.reference for piece in standing.level.contrary}
    kinds = load(EvidenceKind)
    lines: dict[str, list[Line]] = {}
    for piece in standing.evidence:
        counts, state = _counts(piece, standing, method[piece.element], on, stands)
        title = kinds[piece.kind].title if piece.kind in kinds else piece.kind
        said_of_it = tuple(verdicts.get(piece.pk, ()))
        line = Line(piece, title, piece.get_voice_display(), counts, state, said_of_it, rests_on_words_alone(piece))
        lines.setdefault(piece.element, []).append(line)

    def made(element: Element) -> ElementLine:
        theirs = lines.get(element.id, [])
        supporting = tuple(each for each in theirs if each.piece.supports)
        denying = tuple(each for each in theirs if not each.piece.supports)
        denied = any(each.counts for each in denying)
        return ElementLine(
            element, kinds_in_words(element), any(each.counts for each in supporting), denied, supporting, denying
        )

    return [
        (number, [made(each) for each in level.elements]) for number, level in enumerate(standing.criterion.levels, 1)
    ]


def kinds_in_words(element: Element, voices: Iterable[str] = tuple(SPEAKERS)) -> str:
    """The kinds of evidence that can show an element in one of these voices: "survey, story or interview"."""
    known, wanted = load(EvidenceKind), {"people"} if element.from_people else set(voices)
    return _either([in_sentence(known[name].title) for name in element.shown_by if wanted & set(known[name].voices)])


def claim_in_words(claim: Claimed | None, criterion: Criterion) -> str:
    """What is claimed: the level and what it is called."""
    if claim is None:
        return "Nothing is claimed yet"
    return f"Level {claim.level}: {level_title(criterion, claim.level)}"


def level_title(criterion: Criterion, level: int) -> str:
    """What a level is called; level 0 is where everybody begins."""
    return criterion.levels[level - 1].title if level else "Not begun"


def _to_do(criterion: Criterion, wanted: maturity.Missing, denied: Container[str]) -> ToDo:
    known = criterion.elements()
    instead = DENIED if any(each.code in denied for each in wanted.elements) else INSTEAD[wanted.why]
    found = [known[each.code] for each in wanted.elements]
    # Where any of several will do, those that nobody of this voice could show are no help.
    able = [each for each in found if kinds_in_words(each, wanted.voices)] or found
    links = tuple(Link(each.id, each.title, _only_voice(each, wanted.voices)) for each in able)
    since = f", dated {day(wanted.since)} or later" if wanted.since else ""
    if len(able) == 1:
        element = able[0]
        from_people = wanted.voices == PEOPLE
        words = f"{'Hear from people that' if from_people else 'Show that'}: {in_sentence(element.title)}."
        how = f"What can show this: {kinds_in_words(element, wanted.voices)}{since}."
        if wanted.since and not from_people and len(wanted.voices) < len(SPEAKERS):
            how += f" What speaks there is {_either([SPEAKERS[voice] for voice in wanted.voices])}."
        return ToDo(words, instead, how, links)
    listed = "; ".join(in_sentence(each.title) for each in able)
    words = f"Hear from people about one of these: {listed}."
    kinds = dict.fromkeys(name for each in able for name in each.shown_by)
    theirs = [load(EvidenceKind)[name] for name in kinds]
    how = _either([in_sentence(each.title) for each in theirs if "people" in each.voices])
    return ToDo(words, instead, f"What can show this: {how}, in which they speak{since}.", links)


def _only_voice(element: Element, voices: Iterable[str]) -> str:
    """The voice that it takes, where only one will do; "" where there is a choice."""
    wanted = {"people"} if element.from_people else set(voices)
    kinds = (load(EvidenceKind)[name] for name in element.shown_by)
    able = {voice for kind in kinds for voice in kind.voices if voice in wanted}
    return able.pop() if len(able) == 1 else ""


def _counts(
    piece: Evidence, standing: Standing, element: maturity.Element, on: date, stands: set[str]
) -> tuple[bool, str]:
    if piece.pk in standing.not_shown:
        return False, "It counts for nothing: a reviewer says that it does not show this."
    if piece.dated is None:
        return False, "It counts for nothing: its day is not known."
    if piece.dated > on:
        return False, f"It counts from {day(piece.dated)}."
    if not piece.supports:
        if str(piece.pk) in stands:
            return True, "It says that this is not so, and that was not answered yet."
        return False, "It says that this was not so. It was answered since."
    if piece.kind not in element.kinds:
        return False, "It counts for nothing: this kind of evidence cannot show it."
    if element.from_people and piece.voice != "people":
        return False, "It counts for nothing: only people themselves can show this."
    if piece.expires_on is not None and piece.expires_on <= on:
        return False, f"It ran out on {day(piece.expires_on)}."
    return True, f"It holds, and runs out on {day(piece.expires_on)}." if piece.expires_on else "It holds."


def _either(names: list[str]) -> str:
    """One, two or three: "a", "a or b", "a, b or c"."""
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""
