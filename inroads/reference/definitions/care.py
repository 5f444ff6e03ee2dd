"""Ways of having care, pathways to begin from, what helps, and how people like to be told."""

from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Literal

from inroads.reference.definitions import load

HelpKind = Literal["touchpoint", "device", "data", "mentor", "adjustment", "money", "care", "safety"]


@dataclass(frozen=True)
class Way:
    """A way of having an appointment or other contact. `plain` and `easy` explain it; `easy` in very short sentences.

    `digital` ways need the person to use a device or the internet themselves; with a mentor beside them a way may still
    be digital. `hard_with` names barriers that make this way hard.
    """

    KIND: ClassVar[str] = "ways"

    id: str
    title: str
    plain: str
    easy: str
    digital: bool
    order: int
    hard_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class StageTemplate:
    """One stage of a pathway: `question` is put to the person; `ways` are ids of ways it usually has."""

    id: str
    title: str
    question: str
    ways: tuple[str, ...]


@dataclass(frozen=True)
class PathwayTemplate:
    """A pathway to begin from; a service takes it over and changes it to what it really offers."""

    KIND: ClassVar[str] = "pathways"

    id: str
    title: str
    plain: str
    source: str
    stages: tuple[StageTemplate, ...]


@dataclass(frozen=True)
class Help:
    """Something that helps with one or more barriers. `ask` says whom to ask or what to do first.

    `words` are phrases by which a description says that this is what it offers; precise ones, as nobody reads it again.
    """

    KIND: ClassVar[str] = "helps"

    id: str
    title: str
    plain: str
    kind: HelpKind
    barriers: tuple[str, ...]
    digital: bool
    ask: str
    source: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Community:
    """People a touchpoint may reach, and to whom a person may say they belong.

    `words` are phrases by which a description says that it is for them; `labels` how directories name them in a list
    of audiences, where a single word is enough.
    """

    KIND: ClassVar[str] = "communities"

    id: str
    title: str
    source: str
    words: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Language:
    """A language somebody may speak. `words` are its names; `named_alone`: its name means the language and no people.

    Where a name is that of a people too, it counts as the language only beside a word such as "speaking".
    """

    KIND: ClassVar[str] = "languages"

    id: str
    title: str
    words: tuple[str, ...]
    named_alone: bool = False


@dataclass(frozen=True)
class Format:
    """How somebody is given information. `points` is the size of print, 0 where it is not printed."""

    KIND: ClassVar[str] = "formats"

    id: str
    title: str
    plain: str
    order: int
    points: int = 0


@cache
def ways() -> dict[str, Way]:
    """Ways by id, in the order in which they are offered."""
    return {each.id: each for each in sorted(load(Way).values(), key=lambda each: each.order)}


@cache
def formats() -> dict[str, Format]:
    """Formats by id, in the order in which they are offered."""
    return {each.id: each for each in sorted(load(Format).values(), key=lambda each: each.order)}


def helps_for(barrier: str) -> list[Help]:
    """What helps with a barrier, digital or not, in the order of the files."""
    return [each for each in load(Help).values() if barrier in each.barriers]
