"""Where a passage begins and ends: in what the positions of a file are counted, and what becomes of them.

The schema says "integer" and no more. Published projects show that counting starts at 0 and leaves the end out. We
count Unicode code points, in files that we write and, unless told otherwise, in files that we read. Some programs
count UTF-16 units, in which most emoji are two; some store line ends as CR LF and count them as one. Nothing in a file
says so, but most programs give a passage the first words it stands on as its name: where those fit better counted
another way, a remark says which.
"""

from bisect import bisect_left
from enum import Enum

from inroads.interop.qdpx.model import Passage

_LOOKED_AT = 40  # passages of one text, spread over it, to see how they are counted


class Counting(Enum):
    """What the positions of a file count."""

    CODE_POINTS = "Unicode code points"
    UTF_16 = "UTF-16 units"
    LINE_ENDS_AS_ONE = "code points, with CR LF as one"


class Ruler:
    """Turns positions of one text, counted in some way, into code points."""

    def __init__(self, text: str, counting: Counting) -> None:
        self._utf16 = counting is Counting.UTF_16
        # Where each character that counts differently begins, in the file's way of counting.
        self._odd: list[int] = []
        if counting is Counting.UTF_16 and not text.isascii():
            odd = (place for place, char in enumerate(text) if char > "\uffff")
            self._odd = [place + before for before, place in enumerate(odd)]
        elif counting is Counting.LINE_ENDS_AS_ONE:
            place = text.find("\r\n")
            while place >= 0:
                self._odd.append(place - len(self._odd))
                place = text.find("\r\n", place + 2)
        # The length of the text as the file counts it.
        self.length = len(text) + (len(self._odd) if self._utf16 else -len(self._odd))

    def point(self, position: int) -> int | None:
        """A position in code points; None where it lies outside the text or inside one character."""
        if not 0 <= position <= self.length:
            return None
        if not self._odd:
            return position
        if self._utf16:
            before = bisect_left(self._odd, position)
            inside = before and self._odd[before - 1] + 1 == position
            return None if inside else position - before
        return position + bisect_left(self._odd, position)


def fits(text: str, passages: tuple[Passage, ...], counting: Counting) -> int:
    """How many passages have a name that is the start of the words they stand on, so counted."""
    ruler, found = Ruler(text, counting), 0
    for passage in passages:
        start, end = ruler.point(passage.start), ruler.point(passage.end)
        if start is not None and end is not None and passage.name:
            found += _named_after(passage.name, text[start:end])
    return found


def _named_after(name: str, words: str) -> bool:
    whole, begun = " ".join(words.split()), " ".join(name.split())
    cut = begun.rstrip(".…")
    return whole == begun or (cut != begun and bool(cut) and whole.startswith(cut))


def better(text: str, passages: tuple[Passage, ...], counting: Counting) -> tuple[Counting, int, int] | None:
    """Another way of counting that fits more names, how many it fits, and how many this one does; None if none does."""
    if text.isascii() and "\r\n" not in text:
        return None
    named = tuple(passage for passage in passages[:: max(1, len(passages) // _LOOKED_AT)] if passage.name)
    here = fits(text, named, counting)
    if here == len(named):
        return None
    there, best = max(
        ((fits(text, named, each), each) for each in Counting if each is not counting), key=lambda found: found[0]
    )
    return (best, there, here) if there > here else None
