"""Who answered, set beside who lives there: who is missing, and how many voices a few areas hold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.arguments import Array, length, numbers, share
from inroads.methods.quantiles import normal, wilson


@dataclass(frozen=True, eq=False)
class Coverage:
    """Replies by category (an area, an age group, a tenure) beside the population; arrays are (k,).

    replies, share, low, high
        How many replied, their share of all replies whose category is known, and its Wilson interval.
    population
        The share of people who live there (or could have answered).
    ratio, ratio_low, ratio_high
        Representation: `share / population`, with its interval; 1 is in proportion, 0.5 half as many as there should
        be. NaN where nobody lives.
    state
        `"missing"` (nobody replied), `"under"` or `"over"` (the interval of `ratio` lies below or above 1), `"in
        proportion"` (it does not), `"nobody there"` (the population is 0).
    unknown
        Replies whose category is not known. They are in no share.
    reached
        The share of categories with a population that have any reply.
    reached_population
        The share of people who live in them.
    even
        How many equally strong categories would be as concentrated: 1 / Σ share². NaN without replies.
    note
        What a reader has to know, in words; empty where there is nothing.
    """

    replies: Array
    share: Array
    low: Array
    high: Array
    population: Array
    ratio: Array
    ratio_low: Array
    ratio_high: Array
    state: tuple[str, ...]
    unknown: int
    reached: float
    reached_population: float
    even: float
    note: str

    def held_by(self, largest: int) -> float:
        """The share of replies that come from the `largest` categories with the most of them; NaN without replies."""
        if isinstance(largest, bool) or not isinstance(largest, int) or not 0 <= largest <= self.share.size:
            raise ValueError(f"largest: expected a whole number from 0 to {self.share.size}, found {largest!r}")
        return float(np.sort(self.share)[::-1][:largest].sum())

    def holding(self, part: float) -> int:
        """The fewest categories that together hold at least this `part` (0 to 1) of the replies."""
        share(part, "part", example=0.5)
        added = np.cumsum(np.sort(self.share)[::-1])
        return int(np.searchsorted(added, part - 1e-12)) + 1


def coverage(
    categories: ArrayLike,
    population: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Coverage:
    """Who is missing: the shares of k categories among n replies beside their shares of the population.

    categories
        (n,) whole numbers from 0 to k - 1, NaN where a reply does not say.
    population
        (k,) people, or shares; 0 or more, not all 0. Only proportions matter.
    weights
        (n,) of 0 or more: what the replies stand for, to see whether weighting has mended it. Without them each reply
        counts once.
    confidence
        Of each interval by itself. Among 42 areas in proportion, two would be called "under" or "over" by chance.

    Formula: share = replies / n, Wilson's interval; ratio = share / population share, the population taken as exact.
    With weights, n in the interval is Kish's (Σ w)² / Σ w².
    The intervals treat replies as drawn independently; replies that came in groups (one service, one meeting) say
    less than that. They say nothing about how people who answered differ from those who did not, within a category.

    Raises `ValueError` naming the argument and the row.
    Source: Wilson (1927), Journal of the American Statistical Association 22(158), 209-212; Kish (1965), Survey
    Sampling; Simpson (1949), Nature 163, 688 (`even` is the inverse of his index).
    """
    people = numbers(population, "population", what="a number of people", least=0)
    if people.sum() <= 0:
        raise ValueError("population: adds up to 0; give the number of people (or the share) in each category")
    given = numbers(categories, "categories", what="a category's code", least=0, most=people.size - 1, missing=True)
    known = ~np.isnan(given)
    if (wrong := known & (given != np.floor(given))).any():
        row = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"categories: row {row} (counting from 0) is {given[row]:g}; give whole numbers from 0 to {people.size - 1}"
        )
    w = np.ones(given.size) if weights is None else numbers(weights, "weights", what="a weight", least=0)
    length(w, "weights", given.size, "replies")
    share(confidence, "confidence")

    codes = given[known].astype(np.int64)
    replies = np.bincount(codes, minlength=people.size).astype(np.float64)
    counted = np.bincount(codes, w[known], minlength=people.size)
    target = people / people.sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        found = counted / counted.sum()
        effective = w[known].sum() ** 2 / (w[known] ** 2).sum()
        low, high = wilson(found, effective, normal(confidence))
        ratio, ratio_low, ratio_high = (np.where(target > 0, part / target, np.nan) for part in (found, low, high))
        even = float(1 / (found**2).sum())
    return Coverage(
        replies=replies,
        share=found,
        low=low,
        high=high,
        population=target,
        ratio=ratio,
        ratio_low=ratio_low,
        ratio_high=ratio_high,
        state=tuple(_state(*row) for row in zip(replies, target, ratio_low, ratio_high, strict=True)),
        unknown=int((~known).sum()),
        reached=float((replies[people > 0] > 0).mean()),
        reached_population=float(target[replies > 0].sum()),
        even=even,
        note=_note(int(codes.size), int((~known).sum()), int(replies[people == 0].sum())),
    )


def _state(replies: float, target: float, low: float, high: float) -> str:
    if target == 0:
        return "nobody there"
    if replies == 0:
        return "missing"
    return "under" if high < 1 else "over" if low > 1 else "in proportion"


def _note(known: int, unknown: int, outside: int) -> str:
    said = []
    if not known:
        said.append("No reply says where it comes from: no share can be given.")
    if unknown:
        said.append(f"{unknown} of {known + unknown} replies do not say their category and are in no share.")
    if outside:
        said.append(f"{outside} replies come from categories with a population of 0: look at both.")
    return " ".join(said)
