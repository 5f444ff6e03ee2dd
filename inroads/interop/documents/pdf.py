"""A PDF as paragraphs: lines are put together by where they stand on the page."""

import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

from pypdf import PdfReader
from pypdf.errors import DependencyError

from inroads.interop.documents.model import MOST_PAGES, PDF, Document, DocumentError
from inroads.interop.documents.paragraphs import Gathering, cleaned

SOFT = "\u00ad"
_BULLET = re.compile(r"[•●○◦▪■□‣·–\uf0b7-]\s*|(\d{1,3}|[a-z]|[ivx]{1,4})[.)]\s*")
_ITEM = re.compile(r"[•●○◦▪■□‣·\uf0b7]\s|[–-]\s+\w|(\d{1,3}|[a-z])[.)]\s")
_ENDED = tuple(".!?:;”’\"')")
_WORD = re.compile(r"\w+(?:-\w+)*")
_BROKEN = re.compile(r"(\w+)[-\u2010]$")
_FURTHER = 1.15  # times the usual distance of two lines; beyond, a paragraph begins


@dataclass(slots=True)
class Line:
    """A line of a page: its words, where it begins, how large its letters are, and whether a bullet stands before."""

    words: str
    x: float
    y: float
    size: float
    item: bool = False


def read_pdf(said: str, content: bytes) -> Document:
    """The text of a PDF, page by page, in the order in which it was written. Raises `DocumentError`."""
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not _opened(reader):
        raise DocumentError(f"{said}: is protected with a password; save it without one, and choose it again.")
    count = len(reader.pages)
    if count > MOST_PAGES:
        raise DocumentError(f"{said}: has {count:,} pages, more than {MOST_PAGES:,}; load it in parts.")
    pages = [_lines(page) for page in reader.pages]
    leading = _leading(pages)
    words = Counter(word.lower() for page in pages for line in page for word in _WORD.findall(line.words))
    gathering = Gathering(said)
    for page in pages:
        gathering.page()
        for paragraph in _paragraphs(page, leading):
            gathering.add(_joined(paragraph, words))
    return Document(gathering.text(), gathering.pages(), PDF, _notes(pages))


def _opened(reader: PdfReader) -> bool:
    """Many are protected against changes alone, and open without a password."""
    try:
        return bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        return False


def _lines(page: object) -> list[Line]:
    """The lines of a page in the order of the file; bullets that were drawn on their own stand before their lines."""
    found: list[Line] = []
    open_line: list[Line] = []

    def visit(words: str, current: list[float], text: list[float], font: object, size: float) -> None:
        x, y = text[4] * current[0] + text[5] * current[2] + current[4], text[4] * current[1] + text[5] * current[3]
        height = abs(size * text[3] * current[3]) or abs(size)
        for number, piece in enumerate(words.split("\n")):
            if number:
                open_line.clear()
            if not piece.strip():
                if open_line:
                    open_line[0].words += piece
                continue
            if not open_line:
                open_line.append(Line("", x, y + current[5], height))
                found.append(open_line[0])
            open_line[0].words += piece

    page.extract_text(visitor_text=visit)
    return _with_bullets(found)


def _with_bullets(lines: list[Line]) -> list[Line]:
    alone = [line for line in lines if _BULLET.fullmatch(line.words.strip())]
    rest = [line for line in lines if not _BULLET.fullmatch(line.words.strip())]
    by_height: dict[int, list[Line]] = defaultdict(list)
    for line in rest:
        by_height[round(line.y)].append(line)
    kept = []
    for bullet in alone:
        beside = [
            line
            for height in (round(bullet.y) + step for step in (-1, 0, 1))
            for line in by_height[height]
            if line.x > bullet.x and not line.item
        ]
        if beside:
            line = min(beside, key=lambda each: each.x)
            mark = bullet.words.strip()
            line.words, line.item = f"{'•' if mark == chr(0xF0B7) else mark} {line.words}", True
        else:
            kept.append(id(bullet))
    return [line for line in lines if not _BULLET.fullmatch(line.words.strip()) or id(line) in kept]


def _leading(pages: list[list[Line]]) -> dict[int, float]:
    """How far lines of one size usually stand apart: the distance that a quarter of them do not exceed."""
    apart: dict[int, list[float]] = defaultdict(list)
    for page in pages:
        for one, other in pairwise(page):
            down = one.y - other.y
            if round(one.size) == round(other.size) and 0 < down < 3 * one.size:
                apart[round(one.size)].append(down)
    return {size: quantiles(found, n=4)[0] if len(found) > 1 else found[0] for size, found in apart.items()}


def _paragraphs(lines: list[Line], leading: dict[int, float]) -> Iterator[list[str]]:
    paragraph: list[Line] = []
    for line in lines:
        if paragraph and _begins(line, paragraph, leading):
            yield [each.words for each in paragraph]
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield [each.words for each in paragraph]


def _begins(line: Line, before: list[Line], leading: dict[int, float]) -> bool:
    """Whether a line begins a paragraph behind those of the one before."""
    last = before[-1]
    if line.item or _ITEM.match(line.words) or abs(line.size - last.size) > 0.1 * last.size:
        return True
    ended = last.words.rstrip().endswith(_ENDED)
    down = last.y - line.y
    if down < -0.5 * line.size:
        # Up again: another column, into which a sentence may run.
        return ended or not line.words.lstrip()[:1].islower()
    if down > _FURTHER * leading.get(round(line.size), line.size * 1.2):
        return True
    indented = line.x - last.x > 0.5 * line.size and len(before) > 1
    short = len(before) > 1 and len(last.words) < 0.6 * max(len(each.words) for each in before)
    return ended and (indented or short)


def _joined(lines: list[str], words: Counter[str]) -> str:
    """The lines of a paragraph as one, words that were broken at a line's end put together again."""
    whole = ""
    for line in (each.strip() for each in lines):
        if whole.endswith(SOFT):
            whole = whole[:-1] + line
        elif (broken := _BROKEN.search(whole)) and line[:1].islower():
            whole = whole[:-1] + ("-" if _has_hyphen(broken[1], line, words) else "") + line
        else:
            whole = f"{whole} {line}" if whole else line
    return re.sub(r"[^\S\n]+", " ", cleaned(whole))


def _has_hyphen(first: str, line: str, words: Counter[str]) -> bool:
    """Whether a word that ends a line with a hyphen has one anyway, by how the document writes it elsewhere."""
    second = _WORD.match(line)
    if second is None:
        return True
    # The end of a longer word with hyphens counts by its last part alone.
    rest = second[0].split("-")[0].lower()
    with_it, without = words[f"{first}-{second[0]}".lower()], words[f"{first}{second[0]}".lower()]
    if with_it or without:
        return with_it >= without
    return bool(words[rest] > 1 and words[first.lower()])


def _notes(pages: list[list[Line]]) -> tuple[str, ...]:
    empty = [number for number, page in enumerate(pages, 1) if not page]
    if not empty or len(empty) == len(pages):
        return ()
    named = ", ".join(map(str, empty[:10])) + (" and others" if len(empty) > 10 else "")
    return (f"No words were found on page {named}. If there are words in pictures there, they are missing here.",)
