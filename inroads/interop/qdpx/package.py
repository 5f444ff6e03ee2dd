"""The ZIP file of a project, opened with care: what it claims is checked before anything of it is unpacked.

Nothing is ever written to disk by its own name. Files are read one at a time and never beyond their limit.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inroads.interop.qdpx.model import INTERNAL
from inroads.interop.qdpx.problems import QdaError, shown

MIB = 1 << 20
_PIECE = MIB
_ELSEWHERE = re.compile(r"^/|^[A-Za-z]:|[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Limits:
    """What a package may hold, in files and bytes. A film stays packed, so the whole may be larger."""

    files: int = 10_000
    project: int = 512 * MIB
    text: int = 64 * MIB
    texts: int = 512 * MIB
    whole: int = 16_384 * MIB
    times_smaller: int = 200  # text packs to a tenth; only what was made to burst packs to a two-hundredth
    small: int = 4 * MIB  # below this it does not matter


LIMITS = Limits()


class Package:
    """An open package: its project, and its files by name without regard to upper and lower case."""

    def __init__(self, archive: zipfile.ZipFile, said: str, limits: Limits) -> None:
        self.said = said
        self._archive, self._limits = archive, limits
        self._read = 0
        self.files: dict[str, zipfile.ZipInfo] = {}
        self.beside: list[str] = []
        projects: list[zipfile.ZipInfo] = []
        self._check(archive.infolist())
        for info in archive.infolist():
            if info.is_dir():
                continue
            folder, _, name = checked_name(info.filename, said).rpartition("/")
            if folder.lower() == "sources":
                if name.lower() in self.files:
                    raise QdaError(f"{said}: holds two files called {shown(name)}; keep one, and pack it again.")
                self.files[name.lower()] = info
            elif not folder and name.lower().endswith(".qde"):
                projects.append(info)
            else:
                self.beside.append(info.filename)
        named = [info for info in projects if info.filename.lower() == "project.qde"]
        if len(named or projects) != 1:
            raise QdaError(
                f"{said}: holds {len(projects)} project files (.qde) where there must be one, 'project.qde'; export "
                "the project again as REFI-QDA."
            )
        self._project = (named or projects)[0]
        self.beside += [info.filename for info in projects if info is not self._project]

    def project(self) -> bytes:
        """The XML of the project. Raises `QdaError`."""
        return self._unpacked(self._project, self._limits.project)

    def text(self, name: str) -> bytes | None:
        """A file of `sources/` that is a text, None where there is none. Raises `QdaError`."""
        info = self.files.get(name.lower())
        if info is None:
            return None
        raw = self._unpacked(info, self._limits.text)
        self._read += len(raw)
        if self._read > self._limits.texts:
            raise QdaError(f"{self.said}: its texts are larger than {_mib(self._limits.texts)}; split the project.")
        return raw

    def pieces(self, name: str) -> Iterator[bytes]:
        """A file of `sources/` piece by piece, whatever its size. Raises `QdaError`."""
        info = self.files.get(name.lower())
        if info is None:
            raise QdaError(f"{self.said}: there is no file {shown(name)} in its folder 'sources'.")
        with _damage(f"{self.said}: {shown(info.filename)}"), self._archive.open(info) as file:
            while piece := file.read(_PIECE):
                yield piece

    def attached(self, read: set[str]) -> tuple[str, ...]:
        """The names of files that were not read as texts (`read`, in lower case), as they are written, in order."""
        names = (
            info.filename.replace("\\", "/").rpartition("/")[2] for low, info in self.files.items() if low not in read
        )
        return tuple(sorted(names))

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        said, limits = self.said, self._limits
        if len(infos) > limits.files:
            raise QdaError(f"{said}: holds {len(infos):,} files, more than {limits.files:,}; split the project.")
        if sum(info.file_size for info in infos) > limits.whole:
            raise QdaError(
                f"{said}: unpacks to more than {_mib(limits.whole)}; export the project without its films and sounds."
            )
        end = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            # Files that share their bytes are how a small package claims to hold more than any disk.
            if info.header_offset < end:
                raise QdaError(f"{said}: is damaged: files lie over one another; export the project again.")
            end = info.header_offset + 30 + info.compress_size
            if info.flag_bits & 1:
                raise QdaError(f"{said}: {shown(info.filename)} is encrypted; export the project without a password.")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise QdaError(f"{said}: {shown(info.filename)} is a link to another file; pack the file itself.")

    def _unpacked(self, info: zipfile.ZipInfo, most: int) -> bytes:
        where = f"{self.said}: {shown(info.filename)}"
        small = self._limits.small
        if info.file_size > most:
            raise QdaError(f"{where} unpacks to more than {_mib(most)}; split the project.")
        if info.file_size > small and info.file_size > info.compress_size * self._limits.times_smaller:
            raise QdaError(
                f"{where} unpacks to {info.file_size // max(1, info.compress_size):,} times its size, as nothing that "
                "was written does; export the project again, and do not open a package from somebody you do not know."
            )
        with _damage(where), self._archive.open(info) as file:
            raw = file.read(most + 1)
        if len(raw) > most:
            raise QdaError(f"{where} unpacks to more than {_mib(most)}; split the project.")
        return raw


@contextmanager
def opened(source: Path | bytes, said: str, limits: Limits = LIMITS) -> Iterator[Package]:
    """The package at a path, or in bytes. Raises `QdaError` where it is no ZIP, or claims what none should hold."""
    with _damage(said):
        archive = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    with archive:
        yield Package(archive, said, limits)


def file_of(path: str, said: str) -> str | None:
    """The name of the file in `sources/` that a path of the standard means; None where it lies outside the package.

    "internal://<name>" is inside; "relative://" and "absolute://" lie outside and are never opened. Raises `QdaError`
    where an inside path leads elsewhere.
    """
    if not path.lower().startswith(INTERNAL):
        return None
    name = checked_name(path[len(INTERNAL) :].removeprefix("/"), said)
    return name.rpartition("/")[2] if name.lower().startswith("sources/") else name


def checked_name(name: str, said: str) -> str:
    """A file's name with / between its parts. Raises `QdaError` where it leads out of the package."""
    plain = name.replace("\\", "/")
    parts = plain.split("/")
    if not plain or ".." in parts or _ELSEWHERE.search(plain):
        raise QdaError(
            f"{said}: the file name {shown(name)} leads out of the package, or is none; export the project again, and "
            "do not open a package from somebody you do not know."
        )
    return plain


@contextmanager
def _damage(where: str) -> Iterator[None]:
    """Says in one sentence what the ZIP library finds wrong."""
    try:
        yield
    except OSError as error:
        raise QdaError(
            f"{where}: cannot be read ({error.strerror or error}); check the name and who may read it."
        ) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        MemoryError,
    ) as error:
        if isinstance(error, QdaError):
            raise
        raise QdaError(f"{where}: is damaged, or not packed as a .qdpx is ({error}); export it again.") from error


def _mib(size: int) -> str:
    return f"{size / MIB:,.0f} MiB"
