"""What is counted out of conversations, and what counts as asked."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

from inroads.reference.definitions import DefinitionError, load
from inroads.reference.definitions.conversation import barriers


@dataclass(frozen=True)
class Measure:
    """A share of people: those who gave one of `answers` to any of `barriers`, of all who were asked.

    Somebody was asked where at least `least_asked` of the barriers have an answer of theirs that says something: "not
    asked" and "prefer not to say" do not.
    """

    KIND: ClassVar[str] = "measures"

    id: str
    title: str
    plain: str
    why: str
    source: str
    barriers: tuple[str, ...]
    answers: tuple[str, ...]
    least_asked: int
    written_by: str
    checked_by: str
    next_review: date

    def __post_init__(self) -> None:
        if not 1 <= self.least_asked <= len(self.barriers):
            raise ValueError(f"field 'least_asked': {self.least_asked}: expected 1 to {len(self.barriers)}")
        for each in self.answers:
            if each not in ("yes", "a_bit", "no"):
                raise ValueError(f"field 'answers': '{each}': expected yes, a_bit or no")


@cache
def measures() -> dict[str, Measure]:
    """All measures by id, from `definitions/measures/`. Raises `DefinitionError` where a barrier is not known."""
    found = load(Measure)
    known = barriers()
    for measure in found.values():
        for each in measure.barriers:
            if each not in known:
                raise DefinitionError(
                    f"definitions/measures/{measure.id}.toml: field 'barriers': '{each}' is no file in "
                    "definitions/barriers/"
                )
    return found
