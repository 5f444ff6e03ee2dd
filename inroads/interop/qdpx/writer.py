"""Writes REFI-QDA: the same values make the same bytes, and nothing goes out but what is given.

No time, program or person is added: `origin` and stamps are written where the project has them.
"""

import io
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO

from inroads.interop.qdpx.checks import check_codes, check_project, files_of
from inroads.interop.qdpx.elements import MOST_DEEP
from inroads.interop.qdpx.model import (
    Code,
    Codebook,
    Coding,
    Group,
    Kept,
    MediaSource,
    Passage,
    Project,
    Stamp,
    TextSource,
)
from inroads.interop.qdpx.package import checked_name, opened
from inroads.interop.qdpx.problems import QdaError, shown
from inroads.interop.qdpx.schema import CODEBOOK, CODEBOOK_SPACE, PROJECT_SPACE
from inroads.interop.qdpx.xml import HEAD, element, kept, pointers, start, words

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day ZIP knows; a real one would make every package differ
_PIECE = 1 << 16


def write_codebook(codebook: Codebook) -> bytes:
    """A codebook as `.qdc`. Notes on codes belong to a project and are not in it. Raises `QdaError`."""
    if not codebook.codes:
        raise QdaError("the codebook has no codes; the standard asks for one at least: add it.")
    check_codes(codebook.codes, deepest=MOST_DEEP - 3)
    codes = element("Codes", {}, (_code(code, alone=True) for code in codebook.codes))
    root = start("CodeBook", {"origin": codebook.origin}, space=CODEBOOK_SPACE, spec=CODEBOOK["CodeBook"])
    return f"{HEAD}<{root}>\n{codes}</CodeBook>\n".encode()


def write_project(
    project: Project, *, files: Mapping[str, bytes] | None = None, carry_from: Path | bytes | None = None
) -> bytes:
    """A project as `.qdpx`. Its attached files come from `files` by name, or from the package it was read from.

    Raises `QdaError` where the project does not hold together, or an attached file is not given.
    """
    whole = io.BytesIO()
    _write(project, whole, files or {}, carry_from)
    return whole.getvalue()


def save_project(
    project: Project, path: Path, *, files: Mapping[str, bytes] | None = None, carry_from: Path | bytes | None = None
) -> None:
    """The same, to a file, whatever its size: written beside and put in place whole. Raises `QdaError`."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            _write(project, file, files or {}, carry_from)
        beside.replace(path)
    except OSError as error:
        raise QdaError(f"{path}: cannot be written ({error.strerror}); check the folder and its space.") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _write(project: Project, out: IO[bytes], files: Mapping[str, bytes], carry_from: Path | bytes | None) -> None:
    check_project(project)
    texts = files_of(project)
    names = _attached(project, texts, files, carry_from)
    with ExitStack() as stack:
        package = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        stack.enter_context(package)
        source = stack.enter_context(opened(carry_from, _said(carry_from))) if carry_from is not None else None
        _put(package, "project.qde", _gathered(_project(project)))
        for name in sorted({*texts, *names}):
            if name in texts:
                pieces: Iterable[bytes] = (texts[name],)
            elif name in files:
                pieces = (files[name],)
            else:
                assert source is not None, "an attached file has no source"
                pieces = source.pieces(name)
            _put(package, f"Sources/{name}", pieces)


def _attached(
    project: Project, texts: Mapping[str, bytes], files: Mapping[str, bytes], carry_from: Path | bytes | None
) -> tuple[str, ...]:
    if more := sorted(files.keys() - set(project.attached)):
        raise QdaError(
            f"the file {shown(more[0])} is given but is not among `attached`; add its name, or leave it out."
        )
    taken = {name.lower() for name in texts}
    for name in project.attached:
        if "/" in checked_name(name, "attached") or "\\" in name or name.lower() in taken:
            raise QdaError(f"the attached file {shown(name)} needs a plain name that no other file has; give it one.")
        taken.add(name.lower())
        if name not in files and carry_from is None:
            raise QdaError(
                f"the attached file {shown(name)} is not given; give its bytes in `files`, or in `carry_from` the "
                "package that the project was read from, or take its name out of `attached`."
            )
    return project.attached


def _put(package: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    info = zipfile.ZipInfo(name, _LONG_AGO)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
    with package.open(info, "w", force_zip64=False) as file:
        for piece in pieces:
            file.write(piece)


def _said(source: Path | bytes) -> str:
    return "the package to carry from" if isinstance(source, bytes) else str(source)


def _gathered(pieces: Iterable[str]) -> Iterator[bytes]:
    waiting, size = [], 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size > _PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def _project(project: Project) -> Iterator[str]:
    stamp = project.stamp
    attributes = {"name": project.name, "origin": project.origin, "basePath": project.base_path}
    attributes |= {"creatingUserGUID": stamp.created_by, "creationDateTime": stamp.created}
    attributes |= {"modifyingUserGUID": stamp.changed_by, "modifiedDateTime": stamp.changed}
    yield f"{HEAD}<{start('Project', attributes, space=PROJECT_SPACE)}>\n"
    users = (element("User", {"guid": user.guid, "name": user.name, "id": user.id}) for user in project.users)
    yield from _list("Users", users)
    codes = "".join(_list("Codes", (_code(code) for code in project.codes)))
    yield from _list("CodeBook", filter(None, [codes]))
    yield from _list("Variables", map(kept, project.variables))
    yield from _list("Cases", map(kept, project.cases))
    yield from _list("Sources", (piece for source in project.sources for piece in _source(source)))
    yield from _list("Notes", (piece for note in project.notes for piece in _text("Note", note)))
    yield from _list("Links", map(kept, project.links))
    yield from _list("Sets", map(_group, project.groups))
    yield from _list("Graphs", map(kept, project.graphs))
    yield words("Description", project.description, "the project")
    yield from pointers("NoteRef", project.about)
    yield "</Project>\n"


def _list(name: str, pieces: Iterable[str]) -> Iterator[str]:
    """An element around others, and nothing where there are none: the standard has no empty lists."""
    begun = False
    for piece in pieces:
        if not begun:
            yield f"<{name}>\n"
            begun = True
        yield piece
    if begun:
        yield f"</{name}>\n"


def _code(code: Code, *, alone: bool = False) -> str:
    attributes = {"guid": code.guid, "name": code.name, "color": code.colour}
    attributes["isCodable"] = "true" if code.is_codable else "false"
    inside = [words("Description", code.description, f"code {code.guid}")]
    inside += [] if alone else pointers("NoteRef", code.notes)
    inside += [_code(child, alone=alone) for child in code.children]
    return element("Code", attributes, inside)


def _stamped(stamp: Stamp, attributes: dict[str, str]) -> dict[str, str]:
    attributes |= {"creatingUser": stamp.created_by, "creationDateTime": stamp.created}
    return attributes | {"modifyingUser": stamp.changed_by, "modifiedDateTime": stamp.changed}


def _source(source: TextSource | MediaSource) -> Iterator[str]:
    return _text("TextSource", source) if isinstance(source, TextSource) else _media(source)


def _text(name: str, text: TextSource) -> Iterator[str]:
    attributes = {"guid": text.guid, "name": text.name, "richTextPath": text.rich_path, "plainTextPath": text.path}
    yield f"<{start(name, _stamped(text.stamp, attributes))}>\n"
    where = f"source {text.guid}"
    yield words("Description", text.description, where)
    if text.text is not None and not text.path:
        yield words("PlainTextContent", text.text, where, always=True)
    yield from map(_passage, text.passages)
    yield from _rest(text.codings, text.notes, text.values)
    yield f"</{name}>\n"


def _media(source: MediaSource) -> Iterator[str]:
    attributes = {"guid": source.guid, "name": source.name, "path": source.path, "currentPath": source.current_path}
    yield f"<{start(source.kind, _stamped(source.stamp, attributes))}>\n"
    yield words("Description", source.description, f"source {source.guid}")
    inner = (
        ""
        if source.text is None
        else "".join(_text("Representation" if source.kind == "PDFSource" else "TextDescription", source.text))
    )
    # The description of a picture stands before what is marked in it, the text of a PDF after.
    yield inner if source.kind == "PictureSource" else ""
    yield from map(kept, sorted(source.kept, key=lambda node: node.name != "Transcript"))
    yield inner if source.kind == "PDFSource" else ""
    yield from _rest(source.codings, source.notes, source.values)
    yield f"</{source.kind}>\n"


def _rest(codings: Iterable[Coding], notes: Iterable[str], values: Iterable[Kept]) -> Iterator[str]:
    yield from map(_coding, codings)
    yield from pointers("NoteRef", notes)
    yield from map(kept, values)


def _passage(passage: Passage) -> str:
    attributes = {"guid": passage.guid, "name": passage.name}
    attributes |= {"startPosition": str(passage.start), "endPosition": str(passage.end)}
    inside = [words("Description", passage.description, f"passage {passage.guid}")]
    inside += map(_coding, passage.codings)
    inside += pointers("NoteRef", passage.notes)
    return element("PlainTextSelection", _stamped(passage.stamp, attributes), inside)


def _coding(coding: Coding) -> str:
    attributes = {"guid": coding.guid, "creatingUser": coding.created_by, "creationDateTime": coding.created}
    return element("Coding", attributes, [*pointers("CodeRef", [coding.code]), *pointers("NoteRef", coding.notes)])


def _group(group: Group) -> str:
    inside = [words("Description", group.description, f"set {group.guid}")]
    inside += pointers("MemberCode", group.codes)
    inside += pointers("MemberSource", group.sources)
    inside += pointers("MemberNote", group.notes)
    return element("Set", {"guid": group.guid, "name": group.name}, inside)
