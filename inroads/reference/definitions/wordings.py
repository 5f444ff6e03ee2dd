"""Words about people that the report's glossary asks for, and those it asks to leave."""

import re
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from inroads.reference.definitions import load


@dataclass(frozen=True)
class Wording:
    """What is not said, in every form it has, and what is said instead.

    `allowed` are names in which it stands all the same, such as that of a standard. `source` says who asks for it.
    """

    KIND: ClassVar[str] = "wordings"

    id: str
    not_this: tuple[str, ...]
    say: str
    why: str
    source: str
    allowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.not_this:
            raise ValueError("field 'not_this': name at least one form of it")


@dataclass(frozen=True)
class Found:
    """A word as it stands in a text, from `start` to before `end`, with what to say instead."""

    words: str
    start: int
    end: int
    wording: Wording


def words_to_change(text: str) -> list[Found]:
    """Every word in a text that the glossary asks to leave, in the order of the text; names are passed over."""
    found = []
    for wording in load(Wording).values():
        pattern, names = _patterns(wording)
        kept = [match.span() for match in names.finditer(text)] if names else []
        for match in pattern.finditer(text):
            if not any(start <= match.start() and match.end() <= end for start, end in kept):
                found.append(Found(match[0], match.start(), match.end(), wording))
    return sorted(found, key=lambda each: each.start)


@cache
def _patterns(wording: Wording) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    def either(forms: tuple[str, ...]) -> str:
        return "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in sorted(forms, key=len, reverse=True))

    forms = re.compile(rf"(?<!\w)(?:{either(wording.not_this)})(?!\w)", re.I)
    return forms, re.compile(either(wording.allowed), re.I) if wording.allowed else None
