"""Reads REFI-QDA: a codebook (.qdc), or a project (.qdpx) with its texts and what was coded in them.

What the standard asks for and is not there, and what would make a passage, a code or a person mean something else, is
refused with file, line and remedy. What can be put right without loss is, and the result's `remarks` say so.
"""

from dataclasses import replace
from pathlib import Path

from inroads.interop.qdpx.elements import Elements
from inroads.interop.qdpx.makers import code_makers, project_makers
from inroads.interop.qdpx.model import Codebook, Project
from inroads.interop.qdpx.package import LIMITS, MIB, Limits, Package, file_of, opened
from inroads.interop.qdpx.positions import Counting
from inroads.interop.qdpx.problems import QdaError, Remarks, shown
from inroads.interop.qdpx.schema import CODEBOOK, CODEBOOK_SPACES, ELEMENTS, PROJECT_SPACE

_ZIP = b"PK"
_LARGEST_CODEBOOK = 16 * MIB
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_codebook(source: Path | bytes) -> Codebook:
    """The codebook of a `.qdc` file, by path or as bytes. Raises `QdaError`."""
    said, raw = _name_of(source, "codebook.qdc"), _bytes_of(source, _LARGEST_CODEBOOK)
    if raw.startswith(_ZIP):
        raise QdaError(f"{said}: is a package, so a project and not a codebook; read it as a project (.qdpx).")
    remarks = Remarks()
    reading = Elements(
        said, root="CodeBook", spaces=CODEBOOK_SPACES, table=CODEBOOK, makers=code_makers(), remarks=remarks
    )
    origin, codes = reading.read(raw)
    return Codebook(codes, origin, tuple(remarks))


def read_project(
    source: Path | bytes, *, counting: Counting = Counting.CODE_POINTS, limits: Limits = LIMITS
) -> Project:
    """The project of a `.qdpx` package, by path or as bytes; also a bare `project.qde`, without its files.

    `counting` says in what the file counts positions; in the result they are code points. Raises `QdaError`.
    """
    said = _name_of(source, "project.qdpx")
    if not _is_package(source, said):
        raw = _bytes_of(source, limits.project)
        return _project(raw, said, None, counting)
    with opened(source, said, limits) as package:
        return _project(package.project(), f"{said}: project.qde", package, counting)


def read_file(source: Path | bytes, name: str, *, limits: Limits = LIMITS) -> bytes:
    """One attached file of a package, by its name in `Project.attached`, up to `limits.text`. Raises `QdaError`."""
    said = _name_of(source, "project.qdpx")
    with opened(source, said, limits) as package:
        raw = package.text(name)
    if raw is None:
        raise QdaError(f"{said}: there is no file {shown(name)} in its folder 'sources'.")
    return raw


def _project(raw: bytes, said: str, package: Package | None, counting: Counting) -> Project:
    remarks = Remarks()
    texts = _Files(package, said, remarks)
    reading = Elements(
        said,
        root="Project",
        spaces=(PROJECT_SPACE,),
        table=ELEMENTS,
        makers=project_makers(texts.text, said=said, counting=counting, remarks=remarks),
        remarks=remarks,
    )
    project: Project = reading.read(raw)
    beside = package.beside if package else []
    for name in beside:
        remarks.add(f"the package holds {shown(name)} outside its folder 'sources'; left out")
    attached = package.attached(texts.read) if package else ()
    return replace(project, attached=attached, remarks=tuple(remarks))


class _Files:
    """The texts of a package, decoded; each file is unpacked once."""

    def __init__(self, package: Package | None, said: str, remarks: Remarks) -> None:
        self._package, self._said, self._remarks = package, said, remarks
        self._texts: dict[str, str | None] = {}

    @property
    def read(self) -> set[str]:
        """The names of the files that were read as texts, in lower case."""
        return {name for name, text in self._texts.items() if text is not None}

    def text(self, path: str) -> str | None:
        """The text at a path of the standard, None where the package does not hold it. Raises `QdaError`."""
        name = file_of(path, self._said)
        if name is None:
            self._remarks.add("a text lies outside the package (relative:// or absolute://); not opened")
            return None
        low = name.lower()
        if low not in self._texts:
            raw = self._package.text(name) if self._package else None
            self._texts[low] = None if raw is None else self._decoded(name, raw)
        return self._texts[low]

    def _decoded(self, name: str, raw: bytes) -> str:
        if raw.startswith(_UTF16):
            encoding = "utf-16"
            self._remarks.add("a text is saved in UTF-16; read as such")
        else:
            encoding = "utf-8-sig"
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            place = error.start
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError as error:
            raise QdaError(
                f"{self._said}: the text {shown(name)} cannot be decoded at byte {place:,}; save it as UTF-8."
            ) from error
        self._remarks.add(f"the text {shown(name)} is not UTF-8; read as Windows Western European text")
        return text


def _name_of(source: Path | bytes, otherwise: str) -> str:
    return otherwise if isinstance(source, bytes) else str(source)


def _is_package(source: Path | bytes, said: str) -> bool:
    start = _bytes_of(source, None, first=512)
    if not start.strip():
        raise QdaError(f"{said}: is empty; export it again.")
    plain = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return not (plain.startswith(b"<") or start.startswith(_UTF16))


def _bytes_of(source: Path | bytes, most: int | None, *, first: int = -1) -> bytes:
    """The bytes of a file, or its first few. Raises `QdaError` where it is larger than `most`, or cannot be read."""
    if isinstance(source, bytes):
        raw = source if first < 0 else source[:first]
    else:
        try:
            with source.open("rb") as file:
                raw = file.read(first if most is None else most + 1)
        except OSError as error:
            raise QdaError(
                f"{source}: cannot be read ({error.strerror}); check the name and who may read it."
            ) from error
    if most is not None and len(raw) > most:
        raise QdaError(f"{_name_of(source, 'the file')}: is larger than {most // MIB} MiB; split it.")
    return raw
