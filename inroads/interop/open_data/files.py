"""From a file on disk to text in UTF-8: compressed or not, whatever a spreadsheet saved it as."""

import codecs
import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

from inroads.interop.open_data.problems import FileError

_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARK = codecs.BOM_UTF8
_PIECE = 1 << 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
# The largest published file has a quarter of this; a small file that unpacks to more would take all memory.
UNPACKED_AT_MOST = 1 << 30


@dataclass(frozen=True)
class Content:
    """The content of one file. `text` is UTF-8 without a byte order mark; `notes` say what had to be converted."""

    path: Path
    sha256: str
    text: bytes
    notes: tuple[str, ...]


def fingerprint(path: Path) -> str:
    """SHA-256 of the file as it lies on disk. Raises `FileError`."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def read(path: Path) -> Content:
    """The content of a file. Raises `FileError`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    sha256 = hashlib.sha256(raw).hexdigest()
    if raw.startswith(b"\x1f\x8b"):
        try:
            raw = _unpacked(path, raw)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FileError(
                f"{path}: the compressed file is damaged or cut short; expected a whole .gz file: download it again."
            ) from error
    if not raw[:_PIECE].removeprefix(_MARK).strip() and not raw.removeprefix(_MARK).strip():
        raise FileError(f"{path}: the file is empty; expected a heading row and data: download it again.")
    if raw.startswith(_EXCEL):
        raise FileError(
            f"{path}: a spreadsheet workbook or archive; expected CSV or GeoJSON: save the sheet as 'CSV UTF-8'."
        )
    _is_text(path, raw[:4000])
    notes: tuple[str, ...] = ()
    if raw.startswith(_UTF16):
        raw, notes = _decoded(path, raw, "utf-16"), ("Saved in UTF-16; read as such.",)
    else:
        raw = raw.removeprefix(_MARK)
        if not _is_utf8(raw):
            raw, notes = _decoded(path, raw, "cp1252"), ("Not in UTF-8; read as Windows Western European text.",)
    start = raw[:_PIECE].lstrip()[:1]
    if start != b"{" and b"\r" in raw[:_PIECE] and b"\n" not in raw:
        raise FileError(
            f"{path}: saved with the line ends of old Macintosh computers; expected those of today: save it again as "
            "'CSV UTF-8'."
        )
    if start == b"<":
        raise FileError(
            f"{path}: this is a web page, not data (it starts with '<'); expected CSV or GeoJSON: "
            "open the publisher's page and download the file itself."
        )
    return Content(path, sha256, raw, notes)


def _unpacked(path: Path, raw: bytes) -> bytes:
    whole = io.BytesIO()
    with gzip.GzipFile(fileobj=io.BytesIO(raw)) as file:
        while piece := file.read(_PIECE):
            if whole.tell() + len(piece) > UNPACKED_AT_MOST:
                raise FileError(
                    f"{path}: the compressed file unpacks to more than {UNPACKED_AT_MOST / (1 << 20):,.0f} MiB; "
                    "expected a published file: check what it is; if it is right, unpack it and load that."
                )
            whole.write(piece)
    return whole.getvalue()


def _is_text(path: Path, start: bytes) -> None:
    """Refuse what has zeros between its letters. Raises `FileError`, naming the encoding they tell of."""
    zeros = [at for at, byte in enumerate(start) if not byte]
    if start.startswith(_UTF32) or len(zeros) > 0.6 * len(start):
        found = "saved in UTF-32"
    elif zeros and not start.startswith(_UTF16):
        one_side = len({at % 2 for at in zeros}) == 1 and len(zeros) > 0.3 * len(start)
        found = "saved in UTF-16 without the mark that says so" if one_side else "not text (it has bytes of value 0)"
    else:
        return
    raise FileError(f"{path}: {found}; expected text in UTF-8: save it again as 'CSV UTF-8'.")


def _is_utf8(raw: bytes) -> bool:
    """In pieces: a postcode file has a gigabyte, and decoding it at once would hold it twice."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(raw), _PIECE):
            decoder.decode(raw[start : start + _PIECE], final=start + _PIECE >= len(raw))
    except UnicodeDecodeError:
        return False
    return True


def _decoded(path: Path, raw: bytes, encoding: str) -> bytes:
    try:
        return raw.decode(encoding).encode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{path}: the text cannot be decoded at byte {error.start}; expected UTF-8: save it as 'CSV UTF-8'."
        ) from error


def _unreadable(path: Path, error: OSError) -> FileError:
    return FileError(f"{path}: cannot be read ({error.strerror}); check the name and who may read it.")
