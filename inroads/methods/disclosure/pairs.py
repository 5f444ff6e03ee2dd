"""All pairs of topics, each a table of the same people, leave together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, numbers, whole
from inroads.methods.disclosure.pair_play import exposed
from inroads.methods.disclosure.release import LARGEST, LARGEST_RULE, STATES

Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]

MOST_TOPICS = 200
OPEN, MERGED, CLOSED = 0, 1, 2
"""Of a topic: every answer by itself; only the first answer by itself; nothing."""

SMALL_ONLY, BUT_FIRST, WITH_PEOPLE, WHOLE = 0, 1, 2, 3
"""What is hidden of a pair: small counts; all but zeros and the first cell; all but zeros; all."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Tables of all pairs of B topics that may leave together, (B, B, 3, 3), [j, i] turned over from [i, j].

    `values` are figures, NaN where suppressed and on the diagonal; `state` says which: `"value"`, `"suppressed"`,
    `"missing"`. `low` and `high` are between what and what each count lies by its own figure; `high` is infinite where
    nothing is said. `topics` (B,) says what is shown of each topic: 0 all answers, 1 only the first, 2 nothing;
    `hiding` (B, B) of each pair: 0 small counts are hidden, 1 all but zeros and the first cell, 2 all but zeros,
    3 everything. All of it may be published.
    """

    values: Array
    state: NDArray[np.str_]
    low: Array
    high: Array
    topics: Whole
    hiding: Whole
    threshold: int
    base: int


def protect_pairs(counts: ArrayLike, *, threshold: int = 7, base: int = 5) -> Pairs:
    """Suppresses and rounds the tables of all pairs of topics, so that no pair narrows a small count of another.

    counts
        (B, B, 3, 3) whole numbers of people: [i, j, a, b] is how many gave answer a to topic i and b to topic j.
        [j, i] is [i, j] turned over, and the same people answer every topic, so the sums over b are the same for
        every j. The diagonal is not looked at. The first answer is the one that matters (needs are hard to meet).
    threshold, base
        As in `protect`: 1 to `threshold` is suppressed, more is rounded to a multiple of `base`, 0 is shown.

    Pairs speak of each other only through how many people gave each answer to each topic. Here a reader is taken to
    know these numbers exactly. Each pair is then a table by itself, and what is left to a small count in it is a
    largest flow in a network of six nodes, found exactly. Where that is not all of 1 to `threshold`, more of the pair
    is hidden, in the steps of `hiding`. Where even a hidden pair gives it away (hardly anybody gave an answer), the
    other two answers of a topic are hidden in all its pairs, so that they are known only together, or the whole topic:
    first the topic with most such pairs, then the one with the smallest figures of the first cell.

    Raises `ValueError` naming the entry.
    Source: linear bounds by largest flows, as in Gusfield (1988), SIAM Journal on Computing 17(3), 552-571; largest
    flow is smallest cut (Ford & Fulkerson 1956).
    """
    limit, step = whole(threshold, "threshold", least=0), whole(base, "base")
    for name, given in (("threshold", limit), ("base", step)):
        if given > LARGEST_RULE:
            raise ValueError(f"{name}: is {given:,}; give {LARGEST_RULE:,} at most")
    table = _tables(counts)
    one, other = np.triu_indices(len(table), 1)
    pairs = _Pairs(table[one, other], one, other, limit=limit, step=step)
    pairs.settle(np.arange(one.size))
    while (bad := pairs.given_away()).any():
        pairs.hide_a_topic(bad)
    return pairs.release(len(table))


class _Pairs:
    """P pairs (P, 3, 3), what is hidden of each, and of each topic."""

    def __init__(self, cells: Array, one: Whole, other: Whole, *, limit: int, step: int) -> None:
        self.cells, self.one, self.other, self.limit, self.step = cells, one, other, limit, step
        rounded = np.maximum(step, (2 * cells + step) // (2 * step) * step)
        self.figures: Array = np.where(cells > 0, rounded, 0.0)
        self.small: Mask = (cells > 0) & (cells <= limit)
        self.topics: Whole = np.zeros(int(other.max(initial=0)) + 1, dtype=np.int64)
        self.hiding: Whole = np.zeros(one.size, dtype=np.int64)
        self.bad: Mask = np.zeros(one.size, dtype=np.bool_)

    def own_ends(self, figures: Array) -> tuple[Array, Array]:
        """Between what and what a count lies that is shown as its figure."""
        down, up = self.step // 2, (self.step - 1) // 2
        low = np.where(figures == self.step, self.limit + 1.0, np.maximum(figures - down, self.limit + 1.0))
        return np.where(figures > 0, low, 0.0), np.where(figures > 0, figures + up, 0.0)

    def ends(self, rows: Whole) -> tuple[Array, Array, Mask]:
        """Least, most and whether hidden, of the cells of some pairs."""
        figures, small = self.figures[rows], self.small[rows]
        people, hiding = figures > 0, self.hiding[rows][:, np.newaxis, np.newaxis]
        first = np.zeros((3, 3), dtype=np.bool_)
        first[0, 0] = True
        here, there = self.topics[self.one[rows]], self.topics[self.other[rows]]
        later = np.arange(3) > 0
        silent = (hiding == WHOLE) | ((here >= MERGED)[:, np.newaxis] & later)[:, :, np.newaxis]
        silent = silent | ((there >= MERGED)[:, np.newaxis] & later)[:, np.newaxis, :]
        silent = silent | ((here == CLOSED) | (there == CLOSED))[:, np.newaxis, np.newaxis]
        company = (hiding >= BUT_FIRST) & people & ~small & ~((hiding == BUT_FIRST) & first)
        low, high = self.own_ends(figures)
        low = np.where(silent, 0.0, np.where(small | company, 1.0, low))
        high = np.where(silent | company, np.inf, np.where(small, float(self.limit), high))
        return low, high, silent | small | company

    def settle(self, rows: Whole) -> None:
        """Hides more and more of each of these pairs until nothing small is given away, or nothing is left to hide."""
        while rows.size:
            closed = (self.topics[self.one[rows]] == CLOSED) | (self.topics[self.other[rows]] == CLOSED)
            self.bad[rows[closed]] = False
            rows = rows[~closed]
            low, high, _ = self.ends(rows)
            merged = self.topics[self.one[rows]] == MERGED, self.topics[self.other[rows]] == MERGED
            bad = exposed(self.cells[rows], low, high, needing=self.small[rows], merged=merged, limit=self.limit)
            self.bad[rows] = bad
            rows = rows[bad & (self.hiding[rows] < WHOLE)]
            self.hiding[rows] += 1

    def given_away(self) -> Mask:
        """Pairs that give a small count away whatever is hidden of them."""
        return self.bad.copy()

    def hide_a_topic(self, bad: Mask) -> None:
        """Hides more of one topic, and looks at its pairs again, from what has to be hidden of them."""
        count = self.topics.size
        times = np.bincount(self.one[bad], minlength=count) + np.bincount(self.other[bad], minlength=count)
        shown = np.where(self.small[:, 0, 0], 0.0, self.figures[:, 0, 0])
        worth = np.bincount(self.one, shown, count) + np.bincount(self.other, shown, count)
        topic = int(np.lexsort((worth, -times))[0])
        self.topics[topic] += 1
        self.settle(np.flatnonzero((self.one == topic) | (self.other == topic)))

    def release(self, count: int) -> Pairs:
        """The tables as they may leave."""
        low, high, hidden = self.ends(np.arange(self.one.size))
        whole_table = (count, count, 3, 3)
        state = np.full(whole_table, STATES[2], dtype=STATES.dtype)
        parts = []
        for part, on_diagonal in (
            (np.where(hidden, np.nan, self.figures), np.nan),
            (low, np.nan),
            (high, np.nan),
        ):
            full = np.full(whole_table, on_diagonal)
            full[self.one, self.other] = part
            full[self.other, self.one] = part.transpose(0, 2, 1)
            parts.append(full)
        said = STATES[hidden.astype(np.int64)]
        state[self.one, self.other], state[self.other, self.one] = said, said.transpose(0, 2, 1)
        hiding = np.zeros((count, count), dtype=np.int64)
        closed = (self.topics[self.one] == CLOSED) | (self.topics[self.other] == CLOSED)
        hiding[self.one, self.other] = hiding[self.other, self.one] = np.where(closed, WHOLE, self.hiding)
        return Pairs(parts[0], state, parts[1], parts[2], self.topics.copy(), hiding, self.limit, self.step)


def _tables(counts: ArrayLike) -> Array:
    table = numbers(counts, "counts", ndim=4, what="a number of people", least=0, most=LARGEST, missing=True)
    count = len(table)
    if table.shape != (count, count, 3, 3) or not 2 <= count <= MOST_TOPICS:
        raise ValueError(f"counts: expected (B, B, 3, 3) with B from 2 to {MOST_TOPICS}, found {table.shape}")
    table = np.where(np.eye(count, dtype=np.bool_)[:, :, np.newaxis, np.newaxis], 0.0, table)
    for wrong, words in (
        (np.isnan(table), "is missing; give a whole number of people"),
        (table != np.floor(table), "is no whole number of people"),
        (table != table.transpose(1, 0, 3, 2), "differs from [j, i] turned over; give each pair once, and its mirror"),
    ):
        if wrong.any():
            at = [int(p) for p in np.argwhere(wrong)[0]]
            raise ValueError(f"counts: entry {at} (counting from 0) {words}")
    answers = table.sum(axis=3)
    for topic in range(count):
        sums = np.delete(answers[topic], topic, axis=0)
        if (sums != sums[0]).any():
            raise ValueError(
                f"counts: topic {topic} (counting from 0) has not the same people in each of its pairs; count every "
                "pair over all people, with the third answer where it is not known"
            )
    if len(set(answers.sum(axis=2)[~np.eye(count, dtype=np.bool_)])) > 1:
        raise ValueError("counts: pairs differ in their number of people; count every pair over all people")
    return table
