"""Observed and expected disagreement of many sets of units at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tally:
    """Unit `unit[e]` got rating `categories[code[e]]` `times[e]` times, for E entries; `categories` ascend."""

    categories: Array
    unit: Codes
    code: Codes
    times: Array
    units: int

    def by_unit(self, values: Array) -> Array:
        """(E,) or (B, E) to (U,) or (B, U): what the entries of each unit add up to. Entries are in order of units."""
        starts = np.searchsorted(self.unit, np.arange(self.units))
        summed: Array = np.add.reduceat(values, starts, axis=-1)
        return summed


def disagreement(tally: Tally, drawn: Array, level: str) -> tuple[Array, Array, Array]:
    """For B sets of units, `drawn` (B, U): the sum over units of the differences of their ordered pairs / (m - 1), the
    sum of the differences of all ordered pairs, and the number of ratings; each (B,).

    Sums of squared differences come from sums and sums of squares: Σ Σ (a - b)² = 2 (n Σ a² - (Σ a)²). An ordinal
    difference is one too, of the ratings' average places in the order of all ratings, which change from set to set.
    """
    sizes = tally.by_unit(tally.times)
    per_entry = drawn[:, tally.unit] * tally.times
    counts = _by_category(per_entry, tally.code, tally.categories.size)
    ratings = counts.sum(axis=1)
    if level == "nominal":
        same = (sizes**2 - tally.by_unit(tally.times**2)) / (sizes - 1)
        return drawn @ same, ratings**2 - (counts**2).sum(axis=1), ratings
    if level == "ratio":
        return drawn @ _ratio_by_unit(tally, sizes), _ratio_in_all(tally.categories, counts), ratings
    if level == "interval":
        # Taken from the middle, so that squares of large numbers do not swallow small differences.
        places = (tally.categories - tally.categories.mean())[np.newaxis]
    else:
        places = np.cumsum(counts, axis=1) - counts / 2 - ratings[:, np.newaxis] / 2
    of_entry = places[:, tally.code]
    sums, squares = tally.by_unit(of_entry * tally.times), tally.by_unit(of_entry**2 * tally.times)
    within = 2 * np.maximum(sizes * squares - sums**2, 0.0) / (sizes - 1)
    all_sums, all_squares = (counts * places).sum(axis=1), (counts * places**2).sum(axis=1)
    return (drawn * within).sum(axis=1), 2 * np.maximum(ratings * all_squares - all_sums**2, 0.0), ratings


def _by_category(per_entry: Array, code: Codes, categories: int) -> Array:
    """(B, E) to (B, V)."""
    order = np.argsort(code, kind="stable")
    summed: Array = np.add.reduceat(per_entry[:, order], np.searchsorted(code[order], np.arange(categories)), axis=1)
    return summed


def _ratio(one: Array, other: Array) -> Array:
    total = one + other
    share: Array = np.divide(one - other, total, out=np.zeros(np.broadcast(one, other).shape), where=total > 0)
    return share**2


def _ratio_by_unit(tally: Tally, sizes: Array) -> Array:
    """(U,): every two entries of a unit are set beside one another, `left` repeated for each `right`."""
    starts = np.searchsorted(tally.unit, np.arange(tally.units + 1))
    partners = np.diff(starts)[tally.unit]
    left = np.repeat(np.arange(tally.unit.size), partners)
    right = np.arange(left.size) - np.repeat(np.cumsum(partners) - partners, partners) + starts[tally.unit[left]]
    apart = _ratio(tally.categories[tally.code[left]], tally.categories[tally.code[right]])
    added = np.bincount(tally.unit[left], tally.times[left] * tally.times[right] * apart, minlength=tally.units)
    found: Array = added / (sizes - 1)
    return found


def _ratio_in_all(categories: Array, counts: Array) -> Array:
    """(B,): a few thousand different ratings at a time, so that no full table of pairs is held."""
    found = np.zeros(counts.shape[0])
    for start in range(0, categories.size, height := max(1, (1 << 20) // categories.size)):
        block = slice(start, start + height)
        pairs = _ratio(categories[block, np.newaxis], categories)
        found += np.einsum("bv,bv->b", counts[:, block], counts @ pairs.T)
    return found
