"""Limits around counts and proportions, and the frozen result they are reported in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, numbers
from inroads.methods.quantiles import normal, wilson

EXACT_BELOW = 10
"""Events below which Byar's approximation is not used (English public health practice)."""


@dataclass(frozen=True, eq=False)
class Figures:
    """A figure for each area, with its limits; each (areas,), or a single number where one area was given.

    `note` says in words why a figure or its limits are missing (NaN), and is empty where nothing is.
    """

    value: Array
    low: Array
    high: Array
    note: NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Ratios(Figures):
    """The same for standardised ratios, with the `observed` events and those `expected` at the reference's rates."""

    observed: Array
    expected: Array


def count_limits(events: Array, confidence: float) -> tuple[Array, Array]:
    """Limits of the mean of a Poisson count: Byar's, and exact ones below 10 events. NaN stays NaN.

    With z the normal quantile of (1 + confidence) / 2 and x the events, Byar's limits are
    x (1 - 1 / (9 x) - z / (3 sqrt(x)))^3 and, with y = x + 1, y (1 - 1 / (9 y) + z / (3 sqrt(y)))^3. The exact ones are
    half the chi-square quantiles with 2 x and 2 x + 2 degrees of freedom.
    """
    from scipy.special import gammaincinv

    tail = (1 - confidence) / 2
    z = normal(confidence)
    counts = np.where(events > 0, events, 1.0)  # 0 has no Byar limit; it is below 10 and gets its exact one
    root = 1 - 1 / (9 * counts) - z / (3 * np.sqrt(counts))
    above = events + 1
    low = counts * root**3
    high = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    exact = events < EXACT_BELOW
    with np.errstate(invalid="ignore"):
        low = np.where(exact, np.where(events > 0, gammaincinv(counts, tail), 0.0), low)
        high = np.where(exact, gammaincinv(above, 1 - tail), high)
    unknown = np.isnan(events)
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)


def positive(given: float, name: str) -> float:
    """`given` as a finite number above 0. Raises `ValueError`."""
    value = float(numbers(given, name, ndim=0))
    if value <= 0:
        raise ValueError(f"{name}: expected a number above 0, such as 100000, found {value:g}")
    return value


def table(given: ArrayLike, name: str, *, ndim: tuple[int, ...]) -> Array:
    """Counts of 0 or more, NaN where missing."""
    return numbers(given, name, ndim=ndim, what="a count", least=0, missing=True)


def share_limits(x: Array, n: Array, confidence: float) -> tuple[Array, Array, Array]:
    """x / n with Wilson's limits, in arrays of any shape; NaN where n is not above 0 or not known."""
    n = np.where(n > 0, n, np.nan)
    value = x / n
    return value, *wilson(value, n, normal(confidence))


def in_any(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether anything is True along the last axis: in any band, or any quantile, of each area."""
    return np.asarray(cells.any(axis=-1))


def figures(value: Array, low: Array, high: Array, *notes: tuple[NDArray[np.bool_], str]) -> Figures:
    """The result; each of `notes` says where it holds and what it says, the first that holds being kept."""
    return Figures(value[()], low[()], high[()], worded(value.shape, *notes)[()])


def worded(shape: tuple[int, ...], *notes: tuple[NDArray[np.bool_], str]) -> NDArray[np.str_]:
    """For each area the first of `notes` that holds there, or an empty text."""
    if not notes:
        return np.full(shape, "")
    return np.select([np.broadcast_to(where, shape) for where, _ in notes], [text for _, text in notes], default="")
