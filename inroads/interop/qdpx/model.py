"""What a REFI-QDA codebook or project holds, as plain values.

GUIDs are written as Python writes them: lower case, no braces. Times are kept as the text of the file, as some carry
seven decimals or no zone, which a `datetime` would lose; `moment` reads one. An absent text and an empty one are the
same, "", except the text of a source: None is "not at hand", "" is an empty document.

Positions are Unicode code points, counted from 0, the end not included, so `text[start:end]` is the passage. Line ends
stand as they stand in the file: CR LF is two code points.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

INTERNAL = "internal://"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who made a thing and who changed it last (GUIDs of users), and when (`xsd:dateTime`); "" where nobody says."""

    created_by: str = ""
    created: str = ""
    changed_by: str = ""
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An element that the product has no use for, as it came, so that it can go out again. Children in order."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    children: tuple["Kept", ...] = ()


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who coded. `id` is the name by which they sign in elsewhere."""

    guid: str
    name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A code, or a heading above codes where `is_codable` is false. `colour` is #RGB or #RRGGBB, or ""."""

    guid: str
    name: str
    is_codable: bool = True
    colour: str = ""
    description: str = ""
    children: tuple["Code", ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """Codes as a tree. `remarks` say what was put right or left out in reading."""

    codes: tuple[Code, ...]
    origin: str = ""
    remarks: tuple[str, ...] = field(default=(), compare=False)

    def every(self) -> Iterator[tuple[Code, str]]:
        """Each code with the GUID of the one above it, "" at the top; the upper one first."""
        return every_code(self.codes)


def every_code(codes: tuple[Code, ...], above: str = "") -> Iterator[tuple[Code, str]]:
    """Each code of a tree with the GUID of the one above it, "" at the top; the upper one first."""
    for code in codes:
        yield code, above
        yield from every_code(code.children, code.guid)


@dataclass(frozen=True, slots=True)
class Coding:
    """A code given to a passage or to a whole source: the GUID of the code, of who gave it, and the time."""

    guid: str
    code: str
    created_by: str = ""
    created: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text from `start` to before `end`, in code points. `name` is mostly the start of its words."""

    guid: str
    start: int
    end: int
    codings: tuple[Coding, ...] = ()
    name: str = ""
    description: str = ""
    notes: tuple[str, ...] = ()
    stamp: Stamp = Stamp()


@dataclass(frozen=True, slots=True)
class TextSource:
    """A text with its passages; also a note, the text of a PDF, or the description of a picture.

    With `path` ("internal://<name>") the text is a file of the package; without, it stands in the project itself,
    where characters that XML does not know cannot be written.
    """

    guid: str
    name: str = ""
    text: str | None = None
    path: str = ""
    rich_path: str = ""
    description: str = ""
    passages: tuple[Passage, ...] = ()
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[Kept, ...] = ()
    stamp: Stamp = Stamp()

    def words(self, passage: Passage) -> str:
        """The words of one of its passages; "" where the text is not at hand."""
        return (self.text or "")[passage.start : passage.end]


@dataclass(frozen=True, slots=True)
class MediaSource:
    """A PDF, picture, sound or film: where it is, what was said of the whole, and its text where it has one.

    `kind` is the element of the standard: PDFSource, PictureSource, AudioSource or VideoSource. What was marked in it
    (a rectangle, a stretch of time) and transcripts are `kept`.
    """

    kind: str
    guid: str
    name: str = ""
    path: str = ""
    current_path: str = ""
    description: str = ""
    text: TextSource | None = None
    codings: tuple[Coding, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[Kept, ...] = ()
    kept: tuple[Kept, ...] = ()
    stamp: Stamp = Stamp()


@dataclass(frozen=True, slots=True)
class Group:
    """A set of the standard: codes, sources and notes that belong together, by GUID."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """A project: users, codes, sources with what was coded in them, notes and sets; the rest is kept as it came.

    `about` are the GUIDs of notes on the whole project. `attached` are the names of the package's files beyond the
    texts (pictures, PDFs, Word files), which stay in the package. `remarks` say what was put right or left out.
    """

    name: str
    codes: tuple[Code, ...] = ()
    users: tuple[User, ...] = ()
    sources: tuple[TextSource | MediaSource, ...] = ()
    notes: tuple[TextSource, ...] = ()
    groups: tuple[Group, ...] = ()
    variables: tuple[Kept, ...] = ()
    cases: tuple[Kept, ...] = ()
    links: tuple[Kept, ...] = ()
    graphs: tuple[Kept, ...] = ()
    description: str = ""
    about: tuple[str, ...] = ()
    origin: str = ""
    base_path: str = ""
    stamp: Stamp = Stamp()
    attached: tuple[str, ...] = ()
    remarks: tuple[str, ...] = field(default=(), compare=False)

    def texts(self) -> Iterator[TextSource]:
        """Everything that has passages: texts, and the texts of PDFs and pictures."""
        for source in self.sources:
            if isinstance(source, TextSource):
                yield source
            elif source.text is not None:
                yield source.text

    def codebook(self) -> Codebook:
        """Its codes alone, as a codebook."""
        return Codebook(self.codes, self.origin)


def moment(written: str) -> datetime | None:
    """A time of a file, to the microsecond; without a zone where it has none. None where it is "" or no such day."""
    try:
        return datetime.fromisoformat(written.strip())
    except ValueError:
        return None
