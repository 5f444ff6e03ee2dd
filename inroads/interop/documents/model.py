"""What a document is once it was read, what it may be at most, and what is said where it cannot be read."""

from dataclasses import dataclass

from inroads.interop.open_data.problems import FileError

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain"

MIB = 1 << 20
LARGEST = 20 * MIB
MOST_UNPACKED = 200 * MIB
MOST_FILES = 5_000  # in a Word file, which is a package; a long one with many pictures has a few hundred
MOST_PAGES = 2_000
MOST_CHARACTERS = 5_000_000


class DocumentError(FileError):
    """A document cannot be read; one sentence says which, what was expected, and what to do."""


@dataclass(frozen=True)
class Document:
    """The words of a document. Paragraphs are parted by blank lines, and nothing stands around the whole.

    text
        In NFC, without control characters. Positions count its Unicode code points from 0.
    pages
        Where each page begins, ascending. Empty where it has no pages.
    kind
        Its media type, by what is in it and not by its name.
    notes
        Sentences on what was left out or may be missing, for whoever checks it.
    """

    text: str
    pages: tuple[int, ...]
    kind: str
    notes: tuple[str, ...] = ()
