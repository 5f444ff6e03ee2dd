"""What a summary measure works on: the groups' estimates with their sizes, their order and their reference."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.arguments import Array, length, numbers


@dataclass(frozen=True, eq=False)
class Groups:
    """J groups that have an estimate, ready to be summed up. All arrays are (J,); those that do not apply are None."""

    estimate: Array
    """The estimates, none missing."""
    se: Array | None
    """Their standard errors, NaN where missing."""
    people: Array | None
    """People in each group."""
    share: Array
    """Share of all people, adding up to 1; the same for every group where no population was given."""
    rank: Array | None
    """Where the middle of the group stands among all people, from 0 (most disadvantaged) to 1; groups of one place
    share the middle of them all."""
    advantaged: Array | None
    """Weights, adding up to 1, of the groups in the most advantaged place: one group, unless places are shared."""
    disadvantaged: Array | None
    """The same for the most disadvantaged place."""
    reference: Array | None
    """1 for the reference group and 0 for the others."""
    favourable: bool
    """Whether a high estimate is good."""
    scale: float | None
    """What the estimates count in: 100 for percentages; None without an upper limit."""
    transform: str | None = None
    """`"logit"` for the logit line of sii and rii."""

    def best(self, table: Array) -> Array:
        """The best estimate of each row of `table` (..., J)."""
        found: Array = table.max(axis=-1) if self.favourable else table.min(axis=-1)
        return found

    def best_place(self) -> Array:
        """1 for the group with the best estimate and 0 for the others."""
        place = np.argmax(self.estimate) if self.favourable else np.argmin(self.estimate)
        return one_at(int(place), self.estimate.size)


def one_at(place: int, size: int) -> Array:
    """`size` zeros with a 1 at `place`."""
    flags = np.zeros(size)
    flags[place] = 1.0
    return flags


def as_order(given: ArrayLike, count: int) -> Array:
    """The groups' places, whole numbers from 1; groups may share one."""
    places = numbers(given, "order", what="a whole number, 1 for the most disadvantaged group", least=1)
    length(places, "order", count, "groups")
    wrong = places != np.floor(places)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"order: row {row} (counting from 0) is {places[row]:g}; give whole numbers of 1 or more")
    return places


def as_reference(given: int | None, count: int) -> int | None:
    """The index of the reference group."""
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or not 0 <= given < count:
        raise ValueError(
            f"reference: expected the row of the reference group, a whole number from 0 to {count - 1}, found {given!r}"
        )
    return int(given)


def middle_ranks(share: Array, places: Array) -> Array:
    """The share of people in lower places, plus half of those in the same place."""
    distinct, back = np.unique(places, return_inverse=True)
    held = np.bincount(back, weights=share, minlength=distinct.size)
    middles: Array = (np.cumsum(held) - held / 2)[back]
    return middles


def share_of_place(share: Array, inside: Array) -> Array:
    """Weights adding up to 1 over the groups `inside`, by their share of people (evenly where that is 0)."""
    weights = np.where(inside, share, 0.0)
    if not weights.sum() > 0:
        weights = inside.astype(np.float64)
    spread: Array = weights / weights.sum()
    return spread
