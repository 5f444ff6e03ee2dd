"""Paragraphs as they are gathered out of a document: cleaned, counted, and with where pages begin."""

import re
import unicodedata

from inroads.interop.documents.model import MOST_CHARACTERS, DocumentError

BETWEEN = "\n\n"
EMPTY_PAGE = "[No words that can be read on this page]"
# Letters that printers draw as one; NFC leaves them, and nobody finds "office" in them.
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028]")
# Control characters, hyphens and marks that nobody sees, halves of characters, and code points that are none.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NO_CHARACTERS = re.compile(
    "[" + "".join(f"{chr((p << 16) + 0xFFFE)}{chr((p << 16) + 0xFFFF)}" for p in range(1, 17)) + "]"
)


def cleaned(words: str) -> str:
    """Words in NFC with one kind of line end, and without what cannot be seen."""
    words = _LINE_ENDS.sub("\n", words).replace("\u2029", BETWEEN).translate(_LIGATURES)
    return unicodedata.normalize("NFC", _NO_CHARACTERS.sub("", _UNSEEN.sub("", words)))


class Gathering:
    """A text while it is gathered, paragraph by paragraph. `said` names the document in sentences."""

    def __init__(self, said: str) -> None:
        self._said = said
        self._paragraphs: list[str] = []
        self._length = 0
        self._waiting = 0
        self._pages: list[int] = []

    def page(self) -> None:
        """Here a page begins. An empty one gets a paragraph that says so, so that later pages keep their numbers."""
        self._waiting += 1

    def add(self, words: str) -> None:
        """A paragraph; blank lines in it part it. Raises `DocumentError` where the whole becomes too long."""
        for each in re.split(r"\n[^\S\n]*\n", cleaned(words)):
            lines = [line.rstrip() for line in each.split("\n") if line.strip()]
            if lines:
                self._put("\n".join(lines).strip())

    def _put(self, paragraph: str) -> None:
        while self._waiting > 1:
            self._waiting -= 1
            self._lay(EMPTY_PAGE, begins=True)
        self._lay(paragraph, begins=self._waiting == 1)
        self._waiting = 0

    def _lay(self, paragraph: str, *, begins: bool) -> None:
        start = self._length + len(BETWEEN) if self._paragraphs else 0
        self._pages += [start] if begins else []
        self._paragraphs.append(paragraph)
        self._length = start + len(paragraph)
        if self._length > MOST_CHARACTERS:
            raise DocumentError(f"{self._said}: has more than {MOST_CHARACTERS:,} characters; load it in parts.")

    def text(self) -> str:
        """All of it."""
        return BETWEEN.join(self._paragraphs)

    def pages(self) -> tuple[int, ...]:
        """Where its pages begin; empty pages at the end are none."""
        return tuple(self._pages)
