"""What must hold of a project before it is written, so that whoever reads it understands the same."""

from collections.abc import Iterable, Iterator

from inroads.interop.qdpx.elements import MOST_DEEP
from inroads.interop.qdpx.model import Code, Coding, Kept, MediaSource, Project, TextSource, every_code
from inroads.interop.qdpx.package import file_of
from inroads.interop.qdpx.problems import QdaError, shown
from inroads.interop.qdpx.values import normal


def check_codes(codes: tuple[Code, ...], *, deepest: int) -> frozenset[str]:
    """The GUIDs of codes, none twice and none too deep. Raises `QdaError`."""
    level, deep = codes, 0
    while level:
        deep += 1
        if deep > deepest:
            raise QdaError(f"codes stand more than {deepest} deep within one another; flatten them.")
        level = tuple(child for code in level for child in code.children)
    return _once("code", (code.guid for code, _ in every_code(codes)))


def check_project(project: Project) -> None:
    """Codes are there, GUIDs stand once, passages lie in their texts, files are named well. Raises `QdaError`."""
    # Project, CodeBook and Codes stand around them, a description or note within.
    codes = check_codes(project.codes, deepest=MOST_DEEP - 4)
    _once("user", (user.guid for user in project.users))
    _once("source", (source.guid for source in project.sources))
    _once("note", (note.guid for note in project.notes))
    _once("set", (group.guid for group in project.groups))
    for kind, nodes in (("variable", project.variables), ("case", project.cases)):
        _once(kind, (dict(node.attributes).get("guid", "") for node in nodes))
    texts = [*project.texts(), *project.notes]
    _once("passage", (passage.guid for text in texts for passage in text.passages))
    for text in texts:
        _positions(text)
    for source in project.sources:
        if isinstance(source, MediaSource):
            _media(source)
    _codings(project, codes)
    files_of(project)


def files_of(project: Project) -> dict[str, bytes]:
    """The texts that stand in files of their own, by name, as bytes. Raises `QdaError`."""
    found: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for text in [*project.texts(), *project.notes]:
        if text.text is None or not text.path:
            continue
        name = file_of(text.path, f"source {text.guid}")
        if name is None or "/" in name:
            raise QdaError(
                f"the text of source {text.guid} is given, but its path is {shown(text.path)}; use internal://name.txt."
            )
        raw = _encoded(text, text.text)
        first = names.setdefault(name.lower(), name)
        if found.setdefault(first, raw) != raw:
            raise QdaError(f"two texts are to stand in the file {shown(name)}; give each a file of its own.")
    return found


def _encoded(text: TextSource, words: str) -> bytes:
    try:
        # A mark at the start is taken for one of the file by whoever reads it, so it gets one before it.
        return words.encode("utf-8-sig" if words.startswith("\ufeff") else "utf-8")
    except UnicodeEncodeError as error:
        raise QdaError(
            f"the text of source {text.guid} has half a character at position {error.start:,}; take it out."
        ) from error


def _positions(text: TextSource) -> None:
    length = None if text.text is None else len(text.text)
    for passage in text.passages:
        if not 0 <= passage.start <= passage.end or (length is not None and passage.end > length):
            raise QdaError(
                f"the passage {passage.guid} of {text.guid} goes from {passage.start:,} to {passage.end:,}, "
                f"which is no part of a text of {length if length is not None else 'unknown'} code points; correct it."
            )


def _media(source: MediaSource) -> None:
    if source.kind not in ("PDFSource", "PictureSource", "AudioSource", "VideoSource"):
        raise QdaError(
            f"source {source.guid} is a {shown(source.kind)}; say PDFSource, PictureSource, AudioSource or VideoSource."
        )
    if source.text is not None and source.kind not in ("PDFSource", "PictureSource"):
        raise QdaError(
            f"source {source.guid} is a {source.kind}, which has no text of its own; keep it as a transcript."
        )


def _codings(project: Project, codes: frozenset[str]) -> None:
    for place, guid in _codes_pointed_at(project):
        if _plain(guid) not in codes:
            raise QdaError(f"{place} points at the code {guid}, which is not among the codes; add it, or leave it out.")


def _codes_pointed_at(project: Project) -> Iterator[tuple[str, str]]:
    for text in [*project.texts(), *project.notes]:
        for passage in text.passages:
            yield from _of(passage.codings)
        yield from _of(text.codings)
    for source in project.sources:
        if isinstance(source, MediaSource):
            yield from _of(source.codings)
            yield from _kept_codes(source.kept)
    for group in project.groups:
        yield from ((f"set {group.guid}", guid) for guid in group.codes)
    yield from _kept_codes(project.cases)


def _of(codings: Iterable[Coding]) -> Iterator[tuple[str, str]]:
    return ((f"coding {coding.guid}", coding.code) for coding in codings)


def _kept_codes(nodes: Iterable[Kept]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if node.name == "CodeRef":
            yield "a kept coding", dict(node.attributes).get("targetGUID", "")
        yield from _kept_codes(node.children)


def _once(kind: str, guids: Iterable[str]) -> frozenset[str]:
    seen: set[str] = set()
    for guid in guids:
        plain = _plain(guid)
        if plain in seen:
            raise QdaError(f"two {kind}s have the guid {guid}; give each its own.")
        seen.add(plain)
    return frozenset(seen)


def _plain(guid: str) -> str:
    return normal("guid", guid) or guid
