"""From bytes to a document: what it is, by what is in it, and what to do where it cannot be read."""

import json
import subprocess
import sys
from pathlib import Path

from inroads.interop.documents.apart import MOST_SECONDS
from inroads.interop.documents.model import LARGEST, MIB, PDF, TEXT, WORD, Document, DocumentError
from inroads.interop.documents.plain import read_plain
from inroads.interop.open_data.problems import shown

ROOT = Path(__file__).resolve().parents[3]
SCANNED = "this is a picture of text; type it or have it recognised first, then choose it again."
_ODT = b"mimetypeapplication/vnd.oasis.opendocument"
# How files begin that are often chosen, and what to say of them.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "is an old Word file (.doc), or one with a password; save it as .docx without a password."),
    (b"{\\rtf", "is a rich text file (.rtf); open it in Word and save it as .docx."),
    (b"\x89PNG", SCANNED),
    (b"\xff\xd8\xff", SCANNED),
    (b"GIF8", SCANNED),
    (b"II*\0", SCANNED),
    (b"MM\0*", SCANNED),
)
_WEB = (b"<!doctype html", b"<html")


def read_document(name: str, content: bytes) -> Document:
    """The words of a PDF, a Word file (.docx) or a plain text. Raises `DocumentError` with what to do.

    PDFs and Word files are read in a process of their own with limits, so that none can hold up whoever asks.
    """
    said = shown(Path(name).name or "the document")
    if not content.strip(b"\0 \t\r\n"):
        raise DocumentError(f"{said}: the file is empty; choose the file that has the words.")
    if len(content) > LARGEST:
        raise DocumentError(
            f"{said}: is larger than {LARGEST // MIB} MB; save it without pictures, or load it in parts."
        )
    kind = _kind(said, content)
    found = read_plain(said, content) if kind == TEXT else _read_apart(kind, said, content)
    if not found.text:
        raise DocumentError(
            f"{said}: {SCANNED if kind == PDF else 'has no words in it; choose the file that has them.'}"
        )
    return found


def _kind(said: str, content: bytes) -> str:
    if b"%PDF-" in content[:1024]:
        return PDF
    if content.startswith(b"PK"):
        if _ODT in content[:200]:
            raise DocumentError(f"{said}: is an OpenDocument file; save it as .docx or PDF.")
        return WORD
    for begins, sentence in _OTHERS:
        if content.startswith(begins):
            raise DocumentError(f"{said}: {sentence}")
    if content[:500].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_WEB):
        raise DocumentError(f"{said}: is a web page; print it to a PDF, and choose that.")
    return TEXT


def _read_apart(kind: str, said: str, content: bytes) -> Document:
    command = [sys.executable, "-m", "inroads.interop.documents.apart", kind, said]
    # Nothing of our settings goes with it: what is kept secret there, the file's reader has no use for.
    surroundings = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        ended = subprocess.run(
            command, input=content, capture_output=True, timeout=MOST_SECONDS, env=surroundings, cwd="/", check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much(said) from error
    try:
        answer = json.loads(ended.stdout)
    except ValueError as error:
        # The system ended it: it took its time, or its memory.
        raise _too_much(said) from error
    if "wrong" in answer:
        raise DocumentError(answer["wrong"])
    if "burst" in answer:
        raise _too_much(said)
    if "broken" in answer:
        what = "PDF" if kind == PDF else "Word file (.docx)"
        raise DocumentError(
            f"{said}: is broken, or no {what} ({answer['broken']}); open it, save it again, and choose the new file."
        )
    return Document(answer["text"], tuple(answer["pages"]), kind, tuple(answer["notes"]))


def _too_much(said: str) -> DocumentError:
    return DocumentError(
        f"{said}: takes longer than {MOST_SECONDS} seconds or too much memory to read; save it again as a simple PDF, "
        "or paste its text."
    )
