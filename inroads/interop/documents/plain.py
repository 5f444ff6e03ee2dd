"""Plain text in the encodings that people's programs save."""

import re

from inroads.interop.documents.model import TEXT, Document, DocumentError
from inroads.interop.documents.paragraphs import Gathering

_BLANK = re.compile(r"\n[^\S\n]*\n")
# Lines that somebody broke by hand are shorter; a longer one is a paragraph that a program wrote as one line.
_LONGEST_BROKEN_LINE = 120
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_TYPED = set("\t\n\r\f\x1a")


def read_plain(said: str, content: bytes) -> Document:
    """A text in UTF-8, UTF-16 or Windows-1252; a form feed begins a page. Raises `DocumentError`."""
    words, notes = _decoded(said, content)
    gathering = Gathering(said)
    parts = words.replace("\r\n", "\n").replace("\r", "\n").split("\f")
    for part in parts:
        if len(parts) > 1:
            gathering.page()
        by_line = not _BLANK.search(part.strip()) and max(map(len, part.split("\n"))) > _LONGEST_BROKEN_LINE
        for paragraph in part.split("\n") if by_line else (part,):
            gathering.add(paragraph)
    return Document(gathering.text(), gathering.pages(), TEXT, notes)


def _decoded(said: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    marked = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    encoding = marked[0] if marked else _without_a_mark(content)
    try:
        words, notes = content.decode(encoding), ()
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise DocumentError(
                f"{said}: the text cannot be read at byte {error.start:,}; save it as UTF-8 and choose it again."
            ) from error
        words, notes = _western(said, content)
    odd = sum(char < " " and char not in _TYPED for char in words)
    if odd > len(words) // 50:
        raise DocumentError(f"{said}: is neither a PDF, a Word file (.docx) nor plain text; save it as one of these.")
    return words, notes


def _without_a_mark(content: bytes) -> str:
    """Text of Western Europe in UTF-16 has a zero in every second byte."""
    start = content[:4_000]
    for encoding, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(start) >= 4 and len(content) % 2 == 0 and start[place::2].count(0) > len(start) * 0.4:
            return encoding
    return "utf-8"


def _western(said: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        words = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{said}: is neither a PDF, a Word file (.docx) nor text in UTF-8 (byte {error.start:,}); save it as "
            "one of these and choose it again."
        ) from error
    return words, ("It was not in UTF-8. We read it as Windows Western European: check letters with accents.",)
