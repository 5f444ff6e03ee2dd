"""From bytes to the services they list: one document, one page or several, packed or not. A wrong file says why."""

import gzip
import io
import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from inroads.interop.open_data.problems import FileError, shown

# A national feed has about a tenth of this; a small file that unpacks to more would take all memory.
LARGEST = 256 << 20
MOST_SERVICES = 200_000
MOST_FILES = 5_000
PIECE = 1 << 20
# Terms and organisations have none of these.
OF_A_SERVICE = {"status", "organization", "organization_id", "service_at_locations", "assured_date"}
EXPECTED = "expected services of Open Referral UK as JSON: save what the address of the feed answers, and load that."


def read_paths(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The services of files and of folders of pages, in the order of names. Raises `FileError`."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(each for each in path.iterdir() if each.name.endswith((".json", ".json.gz")))
        else:
            files.append(path)
    if not files:
        raise FileError(f"There is no .json or .json.gz file here; {EXPECTED}")
    if len(files) > MOST_FILES:
        raise FileError(f"{len(files):,} files; at most {MOST_FILES:,} pages are read at once: load them in parts.")
    pages = []
    for path in files:
        try:
            pages.append((path.name, path.read_bytes()))
        except OSError as error:
            raise FileError(
                f"{path}: cannot be read ({error.strerror}); check the name and who may read it."
            ) from error
    return read_pages(pages)


def read_pages(pages: Iterable[tuple[str, bytes]]) -> list[dict[str, Any]]:
    """The services of pages given as name and bytes. Raises `FileError` where one is no page or one is missing."""
    found: list[dict[str, Any]] = []
    numbered: dict[int, str] = {}
    expected_pages, room = 0, LARGEST
    for name, packed in pages:
        raw = _unpacked(name, packed, room)
        room -= len(raw)
        for document in _pages(_json(name, raw)):
            found += _services(name, document)
            if len(found) > MOST_SERVICES:
                raise FileError(
                    f"{name}: more than {MOST_SERVICES:,} services; load them in parts under several names."
                )
            if isinstance(document, dict) and _listed(document) is not None:
                number, total = _numbers(document)
                numbered[number] = name
                expected_pages = max(expected_pages, total)
    # Version 2 counts pages from 1 as well, but some of its servers from 0.
    if expected_pages > len(numbered) and numbered:
        have = ", ".join(str(number) for number in sorted(numbered)[:10])
        raise FileError(
            f"{numbered[min(numbered)]}: this is a page of {expected_pages}, and only page {have} is here: "
            "put all pages into one folder and load that, or what is missing would look as if it had ended."
        )
    return found


def _pages(document: Any) -> list[Any]:
    """The pages in one file: usually one, sometimes a list of all that the address answered."""
    several = isinstance(document, list) and bool(document)
    if several and all(isinstance(each, dict) and "id" not in each and _listed(each) is not None for each in document):
        return document
    return [document]


def _numbers(document: dict[str, Any]) -> tuple[int, int]:
    number = next((document[name] for name in ("page_number", "number", "page") if name in document), 1)
    total = next((document[name] for name in ("total_pages", "totalPages") if name in document), 1)
    return tuple(  # type: ignore[return-value]
        value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000 else 1
        for value in (number, total)
    )


def _listed(document: dict[str, Any]) -> list[Any] | None:
    for name in ("contents", "content", "services", "items"):
        if isinstance(document.get(name), list):
            return document[name]
    return None


def _services(name: str, document: Any) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        if _at_location(document):
            return _services(name, [document])
        listed = _listed(document)
        if listed is None or "organization" in document:
            if "id" in document and "name" in document and not {"taxonomy_terms", "taxonomy"} & set(document):
                if "services" in document:
                    return _of_organisation(document)
                return [document]
            raise FileError(
                f"{name}: found an object with {shown(', '.join(list(document)[:6]) or 'nothing')}; {EXPECTED}"
            )
        if "contents" not in document and "content" not in document and "id" in document:
            return _of_organisation(document)
        document = listed
    if not isinstance(document, list):
        raise FileError(f"{name}: found {shown(document)}; {EXPECTED}")
    for number, each in enumerate(document, 1):
        if not isinstance(each, dict):
            raise FileError(f"{name}: item {number} is {shown(each)}, not a service; {EXPECTED}")
    if document and not any(_at_location(each) or OF_A_SERVICE & set(each) for each in document):
        found = ", ".join(list(document[0])[:6]) or "nothing"
        raise FileError(f"{name}: a list of objects with {shown(found)}, which are not services; {EXPECTED}")
    return [each["service"] | {"service_at_locations": [each]} if _at_location(each) else each for each in document]


def _of_organisation(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The services inside a whole organisation, each with who offers it."""
    offered = {key: value for key, value in document.items() if key != "services"}
    return [{**each, "organization": offered} for each in document["services"] if isinstance(each, dict)]


def _at_location(each: dict[str, Any]) -> bool:
    """Whether this is a line of /service_at_locations, which carries its service inside."""
    return "location" in each and isinstance(each.get("service"), dict)


def _unpacked(name: str, raw: bytes, room: int) -> bytes:
    if raw.startswith(b"\x1f\x8b"):
        whole = io.BytesIO()
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(raw)) as file:
                while piece := file.read(PIECE):
                    whole.write(piece)
                    if whole.tell() > room:
                        raise _too_large(name)
        except (EOFError, zlib.error, OSError) as error:
            raise FileError(f"{name}: the packed file is damaged or cut short; download it again.") from error
        raw = whole.getvalue()
    if len(raw) > room:
        raise _too_large(name)
    return raw


def _too_large(name: str) -> FileError:
    return FileError(f"{name}: unpacks to more than {LARGEST >> 20} MiB; {EXPECTED}")


def _json(name: str, raw: bytes) -> Any:
    start = raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if not start:
        raise FileError(f"{name}: the file is empty; {EXPECTED}")
    if start == b"<":
        raise FileError(f"{name}: this is a web page, not data (it starts with '<'); {EXPECTED}")
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            f"{name}: the text cannot be read at byte {error.start}; expected UTF-8: save it again."
        ) from error
    try:
        return json.loads(text, parse_constant=lambda name: None)
    except json.JSONDecodeError as error:
        lines = _lines(text)
        if lines is not None:
            return lines
        raise FileError(f"{name}: line {error.lineno}: not readable as JSON ({error.msg}); {EXPECTED}") from error
    except (ValueError, RecursionError) as error:
        why = "brackets nested too deeply" if isinstance(error, RecursionError) else str(error)[:80]
        raise FileError(f"{name}: not readable as JSON ({why}); {EXPECTED}") from error


def _lines(text: str) -> list[Any] | None:
    """One object a line (ndjson), as some addresses answer; None where it is not that."""
    written = [line for line in text.splitlines() if line.strip()]
    if len(written) < 2 or not all(line.lstrip().startswith("{") for line in written):
        return None
    try:
        return [json.loads(line, parse_constant=lambda name: None) for line in written]
    except (ValueError, RecursionError):
        return None
