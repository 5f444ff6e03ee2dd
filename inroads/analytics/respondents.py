"""A survey's people, one row each, kept beside the published figures: what left them out, and what kind they are.

    respondents.parquet     one file with the columns of `CATEGORIES` that the survey has, `weight` and `left_out`

It comes from outside and has no names, places or days in it; `interop/open_data/respondents.py` takes it in. Only the
owner of the service's files can open it.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from inroads.analytics.store import StoreError

FILE = "respondents.parquet"
CATEGORIES = {
    "age": ("16_24", "25_64", "65_74", "75_plus"),
    "disability": ("no", "yes"),
    "tenure": ("other", "social_renter"),
    "sex": ("female", "male"),
    "ethnic_group": ("asian", "black", "mixed", "other_group", "white"),
}
_ABOUT = ("survey", "year", "file_name", "sha256", "loaded_at")


@dataclass(frozen=True, eq=False)
class Respondents:
    """n people whom a survey asked. Equal only to itself, so that what is worked out from it can be cached.

    `columns` has for each characteristic the survey has (n,) places in `CATEGORIES`; `weight` (n,) above 0; `left_out`
    (n,) 1 or 0. `survey` and `year` are how pages name it.
    """

    survey: str
    year: str
    file_name: str
    sha256: str
    loaded_at: str
    weight: NDArray[np.float64] = field(repr=False)
    left_out: NDArray[np.float64] = field(repr=False)
    columns: dict[str, NDArray[np.int64]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.weight)


_open: dict[Path, tuple[tuple[int, int], Respondents]] = {}


def open_respondents(folder: Path) -> Respondents | None:
    """The survey held in a folder, or None where there is none. Kept per process until another is loaded.

    Raises `store.StoreError` where what was loaded is damaged or cannot be read.
    """
    path = folder / FILE
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise _damaged(path, problem) from problem
    stamp = (found.st_mtime_ns, found.st_ino)
    held = _open.get(folder)
    if held and held[0] == stamp:
        return held[1]
    try:
        read = _read(path)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, pa.ArrowException) as problem:
        raise _damaged(path, problem) from problem
    _open[folder] = (stamp, read)
    return read


def keep(folder: Path, respondents: Respondents) -> None:
    """Put a survey in the place of the one before, in one step: a reader sees either. Raises `OSError`."""
    columns: dict[str, Any] = {name: pa.array(codes) for name, codes in respondents.columns.items()}
    columns |= {"weight": pa.array(respondents.weight), "left_out": pa.array(respondents.left_out)}
    about = json.dumps({name: getattr(respondents, name) for name in _ABOUT})
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    handle, name = mkstemp(prefix=f"{FILE}.", suffix=".new", dir=folder)  # one that nobody else can open
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as written:
            pq.write_table(pa.table(columns).replace_schema_metadata({"inroads": about}), written)
            written.flush()
            os.fsync(written.fileno())
        beside.replace(folder / FILE)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def forget(folder: Path) -> bool:
    """Take the survey away; whether there was one."""
    path = folder / FILE
    there = path.exists()
    path.unlink(missing_ok=True)
    for left in folder.glob(f"{FILE}*.new"):  # by a load that was killed
        left.unlink(missing_ok=True)
    return there


def _read(path: Path) -> Respondents:
    table = pq.read_table(path, use_threads=False)
    about = json.loads(table.schema.metadata[b"inroads"])
    columns = {name: table[name].to_numpy().astype(np.int64) for name in CATEGORIES if name in table.column_names}
    for name, codes in columns.items():
        if not ((codes >= 0) & (codes < len(CATEGORIES[name]))).all():
            raise ValueError(f"column '{name}' has a category that is not known")
    weight, left_out = (table[name].to_numpy().astype(np.float64) for name in ("weight", "left_out"))
    usable = (weight > 0) & np.isfinite(weight) & np.isin(left_out, (0, 1))
    if "age" not in columns or not len(weight) or not usable.all():
        raise ValueError("ages, weights or answers are missing")
    return Respondents(**{name: str(about[name]) for name in _ABOUT}, weight=weight, left_out=left_out, columns=columns)


def _damaged(path: Path, problem: Exception) -> StoreError:
    why = problem.strerror or str(problem) if isinstance(problem, OSError) else f"{type(problem).__name__}: {problem}"
    return StoreError(
        f"{path}: the survey's people in this file are damaged or cannot be read ({' '.join(why.split())[:120]}), "
        "expected those of the last load: load the file again with inroads data respondents, or take it away with "
        "--forget."
    )
