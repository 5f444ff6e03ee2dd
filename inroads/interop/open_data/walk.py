"""Which files a load looks at: those named, and all that lie in the folders named."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ENDINGS = (".csv", ".csv.gz", ".geojson", ".geojson.gz", ".tsv")


@dataclass
class Walked:
    """Files to look at, each with whether it was named itself; (path, reason) of what is left alone; and problems."""

    found: list[tuple[Path, bool]] = field(default_factory=list)
    left_alone: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def walk(paths: Iterable[Path]) -> Walked:
    """Everything that is named. Only regular files are looked at: reading a pipe or a device may never end."""
    walked = Walked()
    for path in map(Path, paths):
        try:
            _named(path, walked)
        except OSError as error:
            walked.problems.append(
                f"{path}: cannot be looked at ({error.strerror}): check the name and who may read it."
            )
    return walked


def _named(path: Path, walked: Walked) -> None:
    if path.is_dir():
        _folder(path, walked)
    elif path.is_file():
        walked.found.append((path, True))
    elif path.exists():
        walked.problems.append(
            f"{path}: a pipe, a socket or a device; expected a regular file or a folder: save its content in a file."
        )
    else:
        walked.problems.append(f"{path}: there is no such file or folder; expected published files: check the name.")


def _folder(path: Path, walked: Walked) -> None:
    def unreadable(error: OSError) -> None:
        if Path(error.filename) == path:
            raise error
        walked.left_alone.append((str(error.filename), f"this folder cannot be read ({error.strerror})"))

    names = sorted(
        Path(folder, name)
        for folder, _, names in os.walk(path, onerror=unreadable)
        for name in names
        if not name.startswith(".")
    )
    if not names and not walked.left_alone:
        walked.problems.append(f"{path}: the folder is empty; expected published files (CSV or GeoJSON) in it.")
    for inner in names:
        if not inner.is_file():
            walked.left_alone.append((str(inner), "not a regular file"))
        elif inner.name.lower().endswith(ENDINGS):
            walked.found.append((inner, False))
        else:
            walked.left_alone.append((str(inner), "not CSV or GeoJSON"))
