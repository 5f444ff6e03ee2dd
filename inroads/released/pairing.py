"""Which barriers go together, for everybody and for each community: counted and made fit to leave."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inroads.analytics import counted as counts
from inroads.methods.disclosure import Pairs, protect_pairs
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.definitions.conversation import barriers
from inroads.released.counting import BASE, LIST, THRESHOLD, answers_of_some
from inroads.released.layout import STATES

# Of a community, as many barriers as are hard for most people of the system, and only where so many people spoke.
MOST_OF_COMMUNITY = 12
LEAST_OF_COMMUNITY = 100
EVERYBODY = ""
AT_ONCE = 10_000
WorkedOut = Callable[[ir.Table], AbstractContextManager[ir.Table]]
_FIGURES = {"value": "values", "state": "state", "low": "low", "high": "high"}


def staff_topics() -> list[str]:
    """Ids of the barriers that lie with staff."""
    return [name for name, each in barriers().items() if each.asked_of == "staff"]


@dataclass(frozen=True, eq=False)
class Patterns:
    """How many people `n` (P,) said the same of all topics: bits of `known` and `hard`, as in `analytics.counted`."""

    known: NDArray[np.int64]
    hard: NDArray[np.int64]
    n: NDArray[np.int64]


def topics() -> list[str]:
    """Ids of the barriers that are put to people, in the order of a conversation."""
    return [name for name, each in barriers().items() if each.asked_of == "person"]


def no_patterns() -> Patterns:
    """What nobody said."""
    return Patterns(*(np.empty(0, dtype=np.int64) for _ in range(3)))


def patterns_of(tables: counts.Tables, worked_out: WorkedOut) -> dict[str, dict[str, Patterns]]:
    """True counts of patterns by system and community ("" for everybody). Never kept, never shown.

    `worked_out` holds the rows of an expression while others are counted from it.
    """
    with worked_out(counts.said_of_topics(tables, topics=topics())) as people:
        everybody = _patterns_by(counts.by_pattern(people), "system")
        communities = _patterns_by(counts.by_pattern_and_community(people), "system", "community")
    found = {system: {EVERYBODY: patterns} for (system,), patterns in everybody.items()}
    for (system, community), patterns in communities.items():
        found[system][community] = patterns
    return found


def staff_patterns_of(tables: counts.Tables) -> dict[str, Patterns]:
    """True counts of what staff said stands in their own way, by system."""
    said = counts.said_of_topics(tables, topics=staff_topics(), asked_of="staff")
    return {system: patterns for (system,), patterns in _patterns_by(counts.by_pattern(said), "system").items()}


def _patterns_by(expression: ir.Table, *keys: str) -> dict[tuple[str, ...], Patterns]:
    read = expression.to_pyarrow()
    if not len(read):
        return {}
    known, hard, n = (read[name].to_numpy().astype(np.int64) for name in ("known", "hard", "n"))
    # Few systems and communities, very many patterns: rows of the same are put together by number.
    named = [read[key].combine_chunks().dictionary_encode() for key in keys]
    numbers = np.zeros(len(read), dtype=np.int64)
    for each in named:
        numbers = numbers * len(each.dictionary) + each.indices.to_numpy()
    order = np.argsort(numbers, kind="stable")
    found = {}
    for rows in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1):
        key = tuple(each[int(rows[0])].as_py() for each in named)
        found[key] = Patterns(known[rows], hard[rows], n[rows])
    return found


def pairs_fit_to_leave(patterns: Mapping[str, Patterns]) -> tuple[dict[str, pa.Table], list[str]]:
    """Tables "barriers" and "barriers-<community>" of one system, and what was checked, in sentences."""
    everything = topics()
    nobody = no_patterns()
    everybody = patterns.get(EVERYBODY, nobody)
    tables = {"barriers": _table(everybody, everything)}
    often = _most_often(tables["barriers"], everything)
    for community in load(Community):
        of = patterns.get(community, nobody)
        # Where a community is most of the system, its table and that of everybody would tell of those outside it.
        if LEAST_OF_COMMUNITY <= of.n.sum() <= everybody.n.sum() / 2:
            tables[f"barriers-{community}"] = _table(of, [each for each in everything if each in often])
    said = (
        f"Barriers are counted two by two, for everybody and for {len(tables) - 1} communities of at least "
        f"{LEAST_OF_COMMUNITY} people that are no more than half of all. In each of these tables, pairs put together "
        f"leave each hidden count anything from 1 to {THRESHOLD}."
    )
    return tables, [said]


def staff_fit_to_leave(patterns: Patterns) -> pa.Table:
    """Table "staff": of each barrier that lies with staff, for how many people it was said to be hard, and not."""
    chosen = staff_topics()
    own = counts_of(patterns, range(len(chosen)))
    lists = [answers_of_some(own[at, at, (0, 1), (0, 1)].tolist(), int(own[at, at, 2, 2])) for at in range(len(chosen))]
    figures = {name: np.concatenate([each[name] for each in lists]) for name in LIST}
    names = [topic for topic in chosen for _ in range(2)]
    return pa.table({"topic": names, "hard": ["True", "False"] * len(chosen), **figures})


def _table(patterns: Patterns, chosen: list[str]) -> pa.Table:
    counted = counts_of(patterns, [topics().index(each) for each in chosen])
    return _as_table(protect_pairs(counted, threshold=THRESHOLD, base=BASE), chosen)


def counts_of(patterns: Patterns, chosen: Sequence[int]) -> NDArray[np.int64]:
    """(B, B, 3, 3): people whose answer to one topic is a and to another b: hard, not hard, not known.

    `chosen` are the numbers (B,) of topics among the bits of the patterns. On the diagonal stands each topic by itself.
    """
    each = np.array(chosen, dtype=np.int64)
    together = np.zeros((2 * len(each) + 1, 2 * len(each) + 1))
    # Some at a time, for whom all fits near the processor. Counts are far below 2 ** 53: sums of floats are exact.
    for start in range(0, len(patterns.n), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        n = patterns.n[part].astype(np.float64)[:, np.newaxis]
        held = np.concatenate((_bits(patterns.hard[part])[:, each], _bits(patterns.known[part])[:, each]), axis=1)
        marked = np.concatenate((held.astype(np.float64), np.ones_like(n)), axis=1)
        together += (marked * n).T @ marked
    whole = np.rint(together).astype(np.int64)
    return _by_answer(_by_answer(whole).transpose(2, 0, 1)).transpose(3, 1, 2, 0)


def _bits(words: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The bits (P, 64) of numbers, the smallest first."""
    return np.unpackbits(words.astype("<i8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")


def _by_answer(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """(3, B, …): of those counted by hard (B), known (B) and everybody (1) along the first axis, who said what."""
    number = len(counts) // 2
    hard, known, everybody = counts[:number], counts[number : 2 * number], counts[2 * number :]
    return np.stack((hard, known - hard, everybody - known))


def _as_table(released: Pairs, chosen: list[str]) -> pa.Table:
    one, other = np.triu_indices(len(chosen), 1)
    names = np.array(chosen, dtype=np.str_)
    columns: dict[str, Any] = {"one": names[one], "other": names[other]}
    for a, first in enumerate(STATES):
        for b, second in enumerate(STATES):
            for figure, part in _FIGURES.items():
                columns[f"{first}_{second}_{figure}"] = getattr(released, part)[one, other, a, b]
    return pa.table(columns)


def _most_often(table: pa.Table, chosen: list[str]) -> list[str]:
    """The barriers that are hard for most people, as released."""
    most: dict[str, float] = {}
    low = np.sum([np.nan_to_num(table[f"hard_{each}_low"].to_numpy()) for each in STATES], axis=0)
    for one, value in zip(table["one"].to_pylist(), low.tolist(), strict=True):
        most[one] = max(most.get(one, 0.0), value)
    return sorted(chosen, key=lambda topic: (-most.get(topic, 0.0), topic))[:MOST_OF_COMMUNITY]
