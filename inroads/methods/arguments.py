"""What every method asks of what it is given, and the one sentence in which it refuses: argument, row, remedy."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


LARGEST = 1e100
"""Beyond this a square overflows and looks like a missing value."""

LARGEST_CODE = 2**53
"""Beyond this a number no longer tells one whole number from the next."""


def table_of(given: ArrayLike, name: str, what: str = "a number") -> Array:
    """`given` as an array of numbers, NaN where it is masked. Raises `ValueError` where it is something else."""
    try:
        if isinstance(given, np.ma.MaskedArray):
            given = np.ma.filled(given.astype(np.float64), np.nan)
        kind = np.asarray(given).dtype
        if kind.kind in "cmM":
            raise ValueError(f"found {kind}")
        return np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name}: expected {what} in each entry ({error})") from error


def numbers(
    given: ArrayLike,
    name: str,
    *,
    ndim: int | tuple[int, ...] = 1,
    what: str = "a number",
    least: float | None = None,
    most: float | None = None,
    missing: bool = False,
) -> Array:
    """`given` as numbers of `ndim` dimensions, within `least` and `most`; NaN only where `missing` is allowed.

    `what` says in words what belongs in each entry, for the error. Infinite numbers are always refused, and so are
    those beyond `LARGEST`.
    Raises `ValueError` naming the argument and the entry, counted from 0.
    """
    table = table_of(given, name, what)
    dimensions = (ndim,) if isinstance(ndim, int) else ndim
    if table.ndim not in dimensions:
        words = ("a single number", "one row of numbers", "a table", "a list of tables")
        shape = " or ".join(words[d] for d in dimensions if d < len(words))
        raise ValueError(f"{name}: expected {shape}, found an array of shape {table.shape}")
    wrong = np.abs(table) > LARGEST if missing else ~(np.abs(table) <= LARGEST)
    limits = []
    if least is not None:
        wrong |= table < least
        limits.append(f"of {least:g} or more" if most is None else f"from {least:g}")
    if most is not None:
        wrong |= table > most
        limits.append(f"to {most:g}" if least is not None else f"of {most:g} or less")
    if wrong.any():
        place = tuple(int(p) for p in np.argwhere(wrong)[0])
        remedy = " ".join([f"give {what}", *limits]) + (", or NaN where it is missing" if missing else "")
        raise ValueError(f"{name}: {where(place)} is {table[place]:g}; {remedy}")
    return table


def codes(given: ArrayLike, name: str, *, ndim: int = 1, count: int | None = None) -> Codes:
    """`given` as whole numbers of 0 or more, below `count` where it is given.

    Raises `ValueError` naming the argument and the entry, counted from 0.
    """
    table = numbers(given, name, ndim=ndim, what="a whole number, counted from 0,", least=0, most=LARGEST_CODE)
    wrong = table != np.floor(table)
    if count is not None:
        wrong |= table >= count
    if wrong.any():
        place = tuple(int(p) for p in np.argwhere(wrong)[0])
        allowed = "whole numbers of 0 or more" if count is None else f"whole numbers from 0 to {count - 1}"
        raise ValueError(f"{name}: {where(place)} is {table[place]:g}; give {allowed}")
    return table.astype(np.int64)


def rows(given: ArrayLike, name: str, count: int) -> Codes:
    """`given` as row numbers below `count`: whole numbers, or True and False for each row.

    Raises `ValueError` naming the argument and the entry, counted from 0.
    """
    table = np.atleast_1d(np.asarray(given)) if not isinstance(given, str) else np.array([given])
    if table.dtype != bool:
        return codes(table, name, count=count)
    if table.shape != (count,):
        raise ValueError(
            f"{name}: has {table.size} entries of True and False where there are {count} rows; give one each"
        )
    return np.flatnonzero(table)


def length(table: NDArray[np.generic], name: str, expected: int, of: str) -> None:
    """Refuses a `table` with another number of rows than `expected`, the number of `of`."""
    if table.shape[0] != expected:
        raise ValueError(f"{name}: has {table.shape[0]} rows where there are {expected} {of}; give one for each")


def where(place: tuple[int, ...]) -> str:
    """`row 3, column 1 (counting from 0)`: an entry in words."""
    if not place:
        return "the number"
    if len(place) > 2:
        return f"entry {list(place)} (counting from 0)"
    spoken = ", ".join(f"{name} {p}" for name, p in zip(("row", "column"), place, strict=False))
    return f"{spoken} (counting from 0)"


def whole(given: int, name: str, *, least: int = 1) -> int:
    """`given` as a whole number of `least` or more. Raises `ValueError` naming the argument."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < least:
        raise ValueError(f"{name}: expected a whole number of {least} or more, found {given!r}")
    return int(given)


def share(given: float, name: str, *, example: float = 0.95) -> float:
    """`given` as a share strictly between 0 and 1, such as a level of confidence. Raises `ValueError`."""
    if isinstance(given, bool) or not isinstance(given, int | float | np.number) or not 0 < given < 1:
        raise ValueError(f"{name}: expected a share between 0 and 1, such as {example}, found {given!r}")
    return float(given)


def generator(rng: np.random.Generator | int) -> np.random.Generator:
    """A NumPy `Generator`, made from a seed where a whole number of 0 or more is given. Raises `ValueError`."""
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or rng < 0:
        raise ValueError(f"rng: expected a NumPy Generator or a seed (a whole number of 0 or more), found {rng!r}")
    return np.random.default_rng(int(rng))
