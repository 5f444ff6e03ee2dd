"""Indicators come in percentages, megabits and scores; here each is put on one scale, with high meaning high risk."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import LARGEST, Array, table_of

Scale = Literal["minmax", "rank", "z"] | None

TOP = 10.0
"""The upper end of the scale of risk: 0 is the lowest, 10 the highest."""


def as_table(indicators: ArrayLike) -> Array:
    """`indicators` as (Z, K) numbers, NaN where missing. Raises `ValueError` naming row and column."""
    table = table_of(indicators, "indicators", "a number, with NaN for a missing one,")
    if table.ndim != 2 or table.shape[1] == 0:
        raise ValueError(
            "indicators: expected one row per neighbourhood and one column per indicator, found an array of shape "
            f"{table.shape}"
        )
    unusable = np.abs(table) > LARGEST
    if unusable.any():
        row, column = np.argwhere(unusable)[0]
        raise ValueError(
            f"indicators: row {row}, column {column} (counting from 0) is {table[row, column]}; give a finite number, "
            "or NaN if it is missing"
        )
    return table


def as_directions(direction: ArrayLike, count: int) -> Array:
    """`direction` as (K,) of +1 (a high value is high risk) and -1 (a high value is low risk). Raises `ValueError`."""
    signs = table_of(direction, "direction", "+1 or -1")
    if signs.shape != (count,):
        raise ValueError(
            f"direction: expected {count} entries of +1 or -1, one per indicator, found shape {signs.shape}"
        )
    wrong = np.flatnonzero(np.abs(signs) != 1)
    if wrong.size:
        raise ValueError(
            f"direction: entry {wrong[0]} (counting from 0) is {signs[wrong[0]]}; give +1 where a high value is high "
            "risk and -1 where it is low risk"
        )
    return signs


def put_on_scale(table: Array, direction: Array, scale: Scale, *, columns: NDArray[np.intp]) -> Array:
    """Each indicator on one scale, high meaning high risk.

    `table` is (Z, K), `direction` (K,); `columns` (K,) are the numbers by which the caller knows the columns, for
    messages. The result is (Z, K): from 0 to 10 with `"minmax"` and `"rank"`, standard deviations from the mean with
    `"z"`, unchanged with `None`. Missing values stay missing and do not touch the others. An indicator that does not
    vary says nothing about who is at higher risk: it is put in the middle (5, or 0 with `"z"`).

    Raises `ValueError` for another `scale`, and with `None` where an indicator of direction -1 lies outside 0 to 10.
    """
    if scale == "minmax":
        return _turned(_minmax(table), direction)
    if scale == "rank":
        return _turned(_spread_ranks(table), direction)
    if scale == "z":
        return _standardised(table) * direction
    if scale is None:
        reversed_here = direction < 0
        outside = (table < 0) | (table > TOP)
        outside[:, ~reversed_here] = False
        if outside.any():
            row, column = np.argwhere(outside)[0]
            raise ValueError(
                f"indicators: row {row}, column {columns[column]} (counting from 0) is {table[row, column]}; with "
                "scale=None an indicator of direction -1 is turned round as 10 minus its value, so it must lie "
                "between 0 and 10; choose a scale, or turn it round beforehand and give direction +1"
            )
        return _turned(table, direction)
    raise ValueError(f'scale: expected "minmax", "rank", "z" or None, found {scale!r}')


def _turned(scores: Array, direction: Array) -> Array:
    return np.where(direction < 0, TOP - scores, scores)


def _minmax(table: Array) -> Array:
    if not table.shape[0]:
        return table
    lowest, highest = np.fmin.reduce(table, axis=0), np.fmax.reduce(table, axis=0)
    spread = highest - lowest
    varies = spread > 0
    scores = TOP * ((table - lowest) / np.where(varies, spread, 1.0))
    return np.where(varies | np.isnan(table), scores, TOP / 2)


def _spread_ranks(table: Array) -> Array:
    scores = np.full(table.shape, np.nan)
    for column in range(table.shape[1]):
        known = np.flatnonzero(~np.isnan(table[:, column]))
        _, place, count = np.unique(table[known, column], return_inverse=True, return_counts=True)
        average = np.cumsum(count) - (count + 1) / 2  # ranks from 0, equal values sharing their average
        scores[known, column] = TOP * average[place] / (known.size - 1) if known.size > 1 else TOP / 2
    return scores


def _standardised(table: Array) -> Array:
    known = ~np.isnan(table)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, table, 0.0).sum(axis=0) / count
    deviation = np.sqrt((np.where(known, table - mean, 0.0) ** 2).sum(axis=0) / count)
    # The extremes decide whether it varies: rounding of the mean leaves a constant a tiny deviation.
    varies = np.fmax.reduce(table, axis=0, initial=-np.inf) > np.fmin.reduce(table, axis=0, initial=np.inf)
    varies &= deviation > 0
    scores = (table - mean) / np.where(varies, deviation, 1.0)
    return np.where(varies | np.isnan(table), scores, 0.0)
