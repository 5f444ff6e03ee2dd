"""Whether a text in a project is the text of a return, and where a position in it lies in ours."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from inroads.interop.qdpx.model import Kept, MediaSource, Project, TextSource

_LINE_END = re.compile("\r\n|\r|\u2028|\u2029|\x85")


@dataclass(frozen=True)
class Words:
    """A text of a file beside ours: the same words, with line ends written in one way or another."""

    theirs: tuple[int, ...]
    ours: tuple[int, ...]

    @classmethod
    def between(cls, theirs: str, ours: str) -> "Words | None":
        """The two beside one another; None where their words differ."""
        if theirs == ours:
            return cls((), ())
        one, other = _LINE_END.sub("\n", theirs), _LINE_END.sub("\n", ours)
        return cls(_longer(theirs), _longer(ours)) if one == other else None

    def place(self, position: int) -> int:
        """Where a position of theirs lies in our text; one within a line end lies behind it."""
        # First without the second character of each CR LF, as both texts are then the same.
        return _back(position - bisect_right(self.theirs, position - 1), self.ours)


def texts_of(project: Project) -> Iterator[tuple[TextSource | MediaSource, TextSource | None]]:
    """The documents of a project with their texts; a sound or film has none."""
    for source in project.sources:
        yield source, source if isinstance(source, TextSource) else source.text


def marks_in(source: TextSource | MediaSource) -> int:
    """How many codings lie in the picture of a document, or in its sound."""
    return 0 if isinstance(source, TextSource) else sum(map(_codings, source.kept))


def _codings(node: Kept) -> int:
    waiting, found = [node], 0
    while waiting:
        each = waiting.pop()
        found += each.name == "Coding"
        waiting += each.children
    return found


def _longer(text: str) -> tuple[int, ...]:
    """Where the LF of each CR LF stands."""
    return tuple(found.start() + 1 for found in re.finditer("\r\n", text))


def _back(position: int, longer: tuple[int, ...]) -> int:
    """A position in a text whose CR LF count as one, in the text as it is."""
    # As many were left out before each as come before it in the list.
    return position + bisect_right(range(len(longer)), position, key=lambda place: longer[place] - place)
