"""A Word file as paragraphs, in the order of the document: headings, lists, tables row by row, notes at the end."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RELATED
from docx.opc.exceptions import OpcError
from docx.opc.package import OpcPackage
from docx.opc.part import XmlPart
from docx.oxml.parser import parse_xml

from inroads.interop.documents.model import MIB, MOST_FILES, MOST_UNPACKED, WORD, Document, DocumentError
from inroads.interop.documents.paragraphs import Gathering
from inroads.interop.documents.word_lists import Lists, value_of

# What holds further words, among blocks and within a line.
_THROUGH = {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "r", "bdo", "dir"}
_THROUGH |= {
    "oMath",
    "oMathPara",
    "e",
    "num",
    "den",
    "sub",
    "sup",
    "f",
    "sSub",
    "sSup",
    "d",
    "rad",
    "deg",
    "ruby",
    "rubyBase",
}
_TAKEN_OUT = {"del", "moveFrom"}
_PLAIN = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}
BETWEEN_CELLS = " | "


def read_word(said: str, content: bytes) -> Document:
    """The text of a Word file as it reads with all changes accepted. Raises `DocumentError`."""
    _check(said, content)
    try:
        package = OpcPackage.open(io.BytesIO(content))
        main = package.main_document_part
    except (OpcError, KeyError, ValueError) as error:
        raise DocumentError(
            f"{said}: is a package, but not a Word file (.docx); save it as .docx or PDF, and choose that."
        ) from error
    return _Reading(said, main).whole()


def _check(said: str, content: bytes) -> None:
    """What the package claims is looked at before anything of it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        infos = package.infolist()
    if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise DocumentError(
            f"{said}: unpacks to more than {MOST_FILES:,} files or {MOST_UNPACKED // MIB} MB; save it without "
            "pictures, and do not open a file from somebody you do not know."
        )


class _Reading:
    """One document while it is read."""

    def __init__(self, said: str, main: Any) -> None:
        self._said = said
        self._parts = {each.reltype: each.target_part for each in main.rels.values() if not each.is_external}
        self._root = self._parsed(main)
        self._lists = Lists(*(self._of(kind) for kind in (RELATED.NUMBERING, RELATED.STYLES)))
        self._notes: list[tuple[str, str]] = []
        self._left_out: dict[str, int] = defaultdict(int)

    def whole(self) -> Document:
        """The document, with its notes behind it."""
        gathering = Gathering(self._said)
        body = next((each for each in self._root if _name(each) == "body"), None)
        if body is None:
            raise DocumentError(f"{self._said}: is a package, but not a Word file (.docx); save it as .docx or PDF.")
        for paragraph in self._blocks(body):
            gathering.add(paragraph)
        for number, (kind, own) in enumerate(self._notes, 1):
            gathering.add(f"[{number}] " + " ".join(self._note(kind, own)))
        return Document(gathering.text(), (), WORD, tuple(self._remarks()))

    def _blocks(self, parent: Any) -> Iterator[str]:
        for child in parent:
            name = _name(child)
            if name == "p":
                yield from self._paragraph(child)
            elif name == "tbl":
                yield from self._rows(child)
            elif name in _THROUGH:
                yield from self._blocks(child)
            elif name == "altChunk":
                self._left_out["Another file that was put into it is not read."] += 1

    def _paragraph(self, paragraph: Any) -> Iterator[str]:
        words: list[str] = []
        boxes: list[Any] = []
        self._line(paragraph, words, boxes)
        whole = "".join(words).strip()
        if whole:
            yield self._lists.mark(paragraph) + whole
        for box in boxes:
            yield from self._blocks(box)

    def _rows(self, table: Any) -> Iterator[str]:
        """Each row as a paragraph, its cells in a line."""
        for row in table:
            if _name(row) in _THROUGH:
                yield from self._rows(row)
            elif _name(row) == "tr":
                cells = (" ".join(" ".join(self._blocks(cell)).split()) for cell in _cells(row))
                yield BETWEEN_CELLS.join(filter(None, cells))

    def _line(self, parent: Any, words: list[str], boxes: list[Any]) -> None:
        for child in parent:
            name = _name(child)
            if name == "t":
                words.append(child.text or "")
            elif name in _PLAIN:
                words.append(_PLAIN[name])
            elif name in _THROUGH:
                self._line(child, words, boxes)
            elif name in _TAKEN_OUT:
                self._left_out["Words that somebody took out while changes were tracked are left out."] += 1
            elif name in ("footnoteReference", "endnoteReference"):
                self._notes.append((RELATED.FOOTNOTES if name[0] == "f" else RELATED.ENDNOTES, value_of(child, "id")))
                words.append(f"[{len(self._notes)}]")
            elif name in ("drawing", "pict", "object", "AlternateContent"):
                self._drawn(child, boxes)

    def _drawn(self, drawing: Any, boxes: list[Any]) -> None:
        """Text boxes are read behind the paragraph in which they hang; what is only drawn is named."""
        if _name(drawing) == "AlternateContent":
            for child in drawing:
                # The other one says the same for older programs.
                if _name(child) == "Choice":
                    for inner in child:
                        self._drawn(inner, boxes)
            return
        found = [each for each in drawing.iter() if _name(each) == "txbxContent"]
        boxes += [each for each in found if not any(_name(above) == "txbxContent" for above in each.iterancestors())]
        if not found:
            self._left_out["Pictures and charts are not read. If there are words in them, they are missing here."] += 1

    def _note(self, kind: str, own: str) -> Iterator[str]:
        root = self._of(kind)
        for note in root if root is not None else ():
            if value_of(note, "id") == own:
                yield from self._blocks(note)

    def _remarks(self) -> Iterator[str]:
        yield from self._left_out
        if RELATED.COMMENTS in self._parts:
            yield "Comments beside the text are left out."

    def _of(self, kind: str) -> Any:
        part = self._parts.get(kind)
        return None if part is None else self._parsed(part)

    def _parsed(self, part: Any) -> Any:
        # Parts of known kinds are parsed already, by the same parser, which opens no entities.
        root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
        if root.getroottree().docinfo.doctype:
            raise DocumentError(
                f"{self._said}: has a document type inside, as no Word file does; do not open a file from somebody you "
                "do not know."
            )
        return root


def _cells(row: Any) -> Iterator[Any]:
    for cell in row:
        if _name(cell) == "tc":
            yield cell
        elif _name(cell) in _THROUGH:
            yield from _cells(cell)


def _name(node: Any) -> str:
    """What an element is called, without whose it is; comments and the like have no name."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
