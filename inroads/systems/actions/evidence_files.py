"""Files beside evidence: what they are by their content, and a name that harms nobody."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from inroads.accounts.actions import Refused

LARGEST = 10 << 20
LONGEST_NAME = 200
# What may be kept: its media type, what it is called, and how its name may end, the usual way first.
KINDS = {
    "application/pdf": ("PDF", (".pdf",)),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("Word document", (".docx",)),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("Spreadsheet", (".xlsx",)),
    "application/vnd.oasis.opendocument.text": ("OpenDocument text", (".odt",)),
    "application/vnd.oasis.opendocument.spreadsheet": ("OpenDocument spreadsheet", (".ods",)),
    "application/msword": ("Word document", (".doc",)),
    "application/vnd.ms-excel": ("Spreadsheet", (".xls",)),
    "image/png": ("Image", (".png",)),
    "image/jpeg": ("Image", (".jpg", ".jpeg")),
    "image/gif": ("Image", (".gif",)),
    "image/webp": ("Image", (".webp",)),
    "text/plain; charset=utf-8": ("Text", (".txt", ".csv", ".tsv", ".md")),
    "text/plain; charset=windows-1252": ("Text", (".txt", ".csv", ".tsv", ".md")),
}
WORD, SHEET, OPEN_TEXT, OPEN_SHEET, OLD_WORD, OLD_SHEET = list(KINDS)[1:7]
OPEN_DOCUMENTS = {kind.encode(): kind for kind in (OPEN_TEXT, OPEN_SHEET)}
BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Signs that no text has: everything below the blank but tabs, line ends and a new page.
NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
WHICH = "Choose a PDF, Word, spreadsheet, image or text file"
MACROS = "This file holds a program (a macro). Save it without macros, and choose that"


@dataclass(frozen=True)
class NewFile:
    """A file as it was chosen."""

    name: str
    content: bytes


def kind_of(content: bytes) -> str:
    """The media type of a file, by what is in it and never by its name. Raises `Refused` for what is not kept."""
    if not content:
        raise Refused("The file is empty. Choose another", field="file")
    if len(content) > LARGEST:
        raise Refused(f"The file is larger than {LARGEST >> 20} MB. Choose a smaller one, or add a link", field="file")
    for beginning, kind in BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _in_a_package(content)
    if content.startswith(OLD_OFFICE):
        return _old_office(content)
    return _text(content)


def clean_name(name: str, kind: str) -> str:
    """A name without folders and signs that nobody sees, that ends as files of this kind do."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in UNSEEN)
    kept = re.sub(r'[<>:"|?*;\s]+', " ", seen).strip(" .")
    endings = KINDS[kind][1]
    ending = next((each for each in endings if kept.lower().endswith(each)), "")
    stem = kept[: len(kept) - len(ending)].rstrip(" .") if ending else kept
    ending = ending or endings[0]
    return f"{stem[: LONGEST_NAME - len(ending)].rstrip(' .') or 'file'}{ending}"


def _in_a_package(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                raise Refused(MACROS, field="file")
            if "word/document.xml" in names:
                return WORD
            if "xl/workbook.xml" in names:
                return SHEET
            if "mimetype" in names:
                with package.open("mimetype") as said:
                    found = OPEN_DOCUMENTS.get(said.read(100).strip())
                if found:
                    return found
    except Refused:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Refused(f"The file cannot be opened: it may be damaged. {WHICH}", field="file") from error
    raise Refused(WHICH, field="file")


def _old_office(content: bytes) -> str:
    """Names of the parts stand in the file as two bytes for each letter."""
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Refused(MACROS, field="file")
    for part, kind in (("WordDocument", OLD_WORD), ("Workbook", OLD_SHEET)):
        if part.encode("utf-16-le") in content:
            return kind
    raise Refused(WHICH, field="file")


def _text(content: bytes) -> str:
    if NO_TEXT.search(content):
        raise Refused(WHICH, field="file")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            content.decode("windows-1252")
        except UnicodeDecodeError:
            raise Refused(WHICH, field="file") from None
        return "text/plain; charset=windows-1252"
    return "text/plain; charset=utf-8"
