"""What a system is assessed against: the framework with its editions, and what belongs to it."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from inroads.reference.definitions import DefinitionError, load


@dataclass(frozen=True)
class Dimension:
    """One of the themes that the report discusses, and a cell of the canvas. `order` counts from 1."""

    KIND: ClassVar[str] = "dimensions"

    id: str
    title: str
    order: int
    section: str
    words: str


@dataclass(frozen=True)
class Recommendation:
    """A recommendation of the report to systems and providers, in our words; `number` is the report's."""

    KIND: ClassVar[str] = "recommendations"

    id: str
    number: int
    title: str
    section: str


@dataclass(frozen=True)
class EvidenceKind:
    """A kind of evidence. `voices` are those who may speak through it: organisation, record, people."""

    KIND: ClassVar[str] = "evidence_kinds"

    id: str
    title: str
    words: str
    voices: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.voices or not set(self.voices) <= {"organisation", "record", "people"}:
            raise ValueError("field 'voices': expected one or more of organisation, record, people")


@dataclass(frozen=True)
class Crosswalk:
    """Another framework of the field, with the names of its parts, for saying what a criterion answers there."""

    KIND: ClassVar[str] = "crosswalks"

    id: str
    title: str
    publisher: str
    year: int
    address: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Element:
    """One thing that has to be so before a level is reached.

    `shown_by` are the kinds of evidence that can show it; `from_people`: only people's experience can; `months`: how
    long evidence of it holds from its date.
    """

    id: str
    title: str
    shown_by: tuple[str, ...]
    months: int
    from_people: bool = False


@dataclass(frozen=True)
class CriterionLevel:
    """A level of a criterion, with what it asks for."""

    title: str
    words: str
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Criterion:
    """A question to a system, with its levels from 1 up.

    `answers` names parts of other frameworks, by the id of the crosswalk. A changed criterion is a new file that
    `replaces` the old one; the two are set beside one another over time where the new one is `comparable`.
    """

    KIND: ClassVar[str] = "criteria"

    id: str
    dimension: str
    order: int
    title: str
    asks: str
    recommendations: tuple[int, ...]
    levels: tuple[CriterionLevel, ...]
    answers: dict[str, tuple[str, ...]]
    replaces: str = ""
    comparable: bool = True

    def elements(self) -> dict[str, Element]:
        """All elements by id, level by level."""
        return {element.id: element for level in self.levels for element in level.elements}

    def level_of(self, element: str) -> int:
        """The number of the level to which an element belongs. Raises `KeyError`."""
        for number, level in enumerate(self.levels, 1):
            if any(each.id == element for each in level.elements):
                return number
        raise KeyError(element)


@dataclass(frozen=True)
class Framework:
    """An edition of the framework: the criteria that hold in it. `changes` says what is new against the one before."""

    KIND: ClassVar[str] = "frameworks"

    id: str
    title: str
    published_on: date
    words: str
    criteria: tuple[str, ...]
    changes: str = ""


@dataclass(frozen=True)
class PublishedShares:
    """What per cent of systems agreed and partly agreed, as somebody published it; `source` says where."""

    agree: float
    partly: float
    source: str

    def __post_init__(self) -> None:
        if self.agree < 0 or self.partly < 0 or self.agree + self.partly > 100:
            raise ValueError("fields 'agree' and 'partly': expected two shares of 100, not above 100 together")


@dataclass(frozen=True)
class KeyLine:
    """A key line of enquiry: a question to which a system answers that it agrees, partly agrees or disagrees.

    `published` is what was found when it was asked before, where that is known.
    """

    KIND: ClassVar[str] = "key_lines"

    id: str
    order: int
    title: str
    statement: str
    section: str
    criteria: tuple[str, ...]
    published: PublishedShares | None = None


@dataclass(frozen=True)
class LeadershipRole:
    """A role that somebody should hold by name. `lived_experience`: it is for somebody with lived experience."""

    KIND: ClassVar[str] = "leadership_roles"

    id: str
    order: int
    title: str
    words: str
    section: str
    several: bool = False
    lived_experience: bool = False


def current(on: date | None = None) -> Framework:
    """The edition that was published last, up to a day. Raises `DefinitionError` where there is none."""
    found = [each for each in load(Framework).values() if on is None or each.published_on <= on]
    if not found:
        raise DefinitionError("definitions/frameworks: no edition was published by then; add one")
    return max(found, key=lambda each: (each.published_on, each.id))


def criteria_of(framework: Framework) -> tuple[Criterion, ...]:
    """The criteria of an edition, by dimension and then in their own order. Raises `DefinitionError`."""
    known, dimensions = load(Criterion), load(Dimension)
    for name in framework.criteria:
        if name not in known:
            raise DefinitionError(
                f"definitions/frameworks/{framework.id}.toml: field 'criteria': '{name}' is not in definitions/criteria"
            )
    chosen = [known[name] for name in framework.criteria]
    return tuple(sorted(chosen, key=lambda each: (dimensions[each.dimension].order, each.order)))


def line_of(criterion: str) -> tuple[str, ...]:
    """A criterion with those that it replaces and may be compared with, the newest first."""
    known, line = load(Criterion), [criterion]
    while (now := known.get(line[-1])) is not None and now.replaces and now.comparable and now.replaces not in line:
        line.append(now.replaces)
    return tuple(line)
