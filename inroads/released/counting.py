"""The one door itself: true counts of one system go in, tables that hide small numbers come out.

Nothing else in the product turns people's records into figures. Rule and proofs: `docs/methods/disclosure.md`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inroads.analytics.published import Published
from inroads.methods.disclosure import Parts, Protected, protect, protect_parts
from inroads.released.layout import Layout, layout_of

THRESHOLD, BASE = 7, 5
RULE = {"threshold": THRESHOLD, "base": BASE}
WORDS = ("found", "other")
LIST = ("value", "state", "low", "high")
# What stands where nothing is said of a count but that it is part of a total of hardly anybody.
UNSAID = {"value": np.nan, "state": "missing", "low": 0.0, "high": 2.0 * THRESHOLD, "company": False}
_PARTS = {"value": "values", "state": "state", "low": "low", "high": "high", "company": "company"}
Long = Sequence[Mapping[str, Any]]
Counts = NDArray[np.int64]


# A channel's share is told where so many occasions were counted that a small count is a small share whatever it is.
LEAST_OCCASIONS = 400


@dataclass(frozen=True)
class Counted:
    """True counts of one system, as rows of `inroads.analytics.counted`. Never kept, never shown."""

    neighbourhoods: Long
    ages: Long
    communities: Long
    channels: Long
    ways: Long
    pathways: Long
    loans: Long
    referrals: Long
    reach: Long


def fit_to_leave(
    counted: Counted,
    *,
    published: Published,
    area_code: str,
    ages: Sequence[str],
    communities: Sequence[str],
    channels: Sequence[str],
) -> tuple[dict[str, pa.Table], list[str]]:
    """The tables of a release by name, and what was checked, in sentences.

    ages, communities, channels
        Ids of all there are, whether or not anybody belongs to them: which rows a table has says nothing of anybody.
    """
    tables, checks = _people(counted, layout_of(published, area_code), ages, communities)
    tables["channels"] = _shares(counted.channels, channels)
    tables["ways"] = _ways(counted)
    for name, rows, keys in (
        ("loans", counted.loans, ("kind", "ended_how")),
        ("referrals", counted.referrals, ("help", "state")),
        ("reach", counted.reach, ("touchpoint", "community")),
    ):
        held = sorted({tuple(str(each[key]) for key in keys) for each in rows})
        counts = {tuple(str(each[key]) for key in keys): each["n"] for each in rows}
        columns = {key: [each[at] for each in held] for at, key in enumerate(keys)}
        tables[name] = as_list(protect(_whole([counts[each] for each in held]), **RULE, margins=False), columns)
    checks.append(f"Counts of 1 to {THRESHOLD} are hidden in every table, and all others are rounded to {BASE}.")
    return tables, checks


@dataclass(frozen=True, eq=False)
class _People:
    """True counts of people, of found and other each: `cells` (Z + 1, digital or met, 2), `ages` (L + 1, ages, 2),
    `communities` (L + 1, communities, 2), `everybody` (L + 1, 2). `few` (L + 1, 2) marks authorities of hardly anybody,
    of which all counts are left out.
    """

    cells: Counts
    ages: Counts
    communities: Counts
    everybody: Counts
    few: NDArray[np.bool_]


def _people(
    counted: Counted, layout: Layout, ages: Sequence[str], communities: Sequence[str]
) -> tuple[dict[str, pa.Table], list[str]]:
    """Neighbourhoods, ages and communities together, because all of them split the same people."""
    true = _true_counts(counted, layout, ages, communities)
    released = protect_parts(_parts(true, layout), **RULE)
    half, groups = len(layout.authorities), [*ages, *communities]
    neighbourhoods: dict[str, NDArray] = {"code": layout.codes, "authority": layout.authority}
    by_group: dict[str, NDArray] = {
        "authority": np.repeat(layout.authorities, len(groups)),
        "group": np.tile(np.array(groups, dtype=np.str_), half),
    }
    totals: dict[str, NDArray] = {"authority": layout.authorities}
    for found, word in enumerate(WORDS):
        own, few = slice(found * half, (found + 1) * half), true.few[:, found]
        for figure, unsaid in UNSAID.items():
            held = [part[own] for part in getattr(released, _PARTS[figure])]
            digital, met = np.where(few[layout.row], unsaid, layout.unragged(held[0], 2).T)
            neighbourhoods |= {f"digital_{word}_{figure}": digital, f"met_{word}_{figure}": met}
            inside = np.concatenate([held[1][:, :-1], *(part[:, :1] for part in held[2:])], axis=1)
            by_group[f"in_{word}_{figure}"] = np.where(few[:, np.newaxis], unsaid, inside).ravel()
        totals[f"{word}_low"] = np.where(few, 1.0, released.total_low[own])
        totals[f"{word}_high"] = np.where(few, 2.0 * THRESHOLD, released.total_high[own])
    checks = [
        f"Neighbourhoods, ages and {len(communities)} communities split the same people. Put together, they leave each "
        f"of the {_hidden(released)} hidden counts anything from 1 to {THRESHOLD}.",
    ]
    tables = {"neighbourhoods": neighbourhoods, "groups": by_group, "totals": totals}
    return {name: pa.table(columns) for name, columns in tables.items()}, checks


def _true_counts(counted: Counted, layout: Layout, ages: Sequence[str], communities: Sequence[str]) -> _People:
    place = {code: number for number, code in enumerate(layout.codes.tolist())}
    last, half = len(layout.codes) - 1, len(layout.authorities)
    cells = np.zeros((len(layout.codes), 2, 2), dtype=np.int64)
    for each in counted.neighbourhoods:
        row = place.get(each["neighbourhood"], last)
        cells[row, 0 if each["digital"] else 1, 0 if each["found"] else 1] += each["n"]
    everybody = np.zeros((half, 2), dtype=np.int64)
    np.add.at(everybody, layout.row, cells.sum(axis=1))
    # Where hardly anybody of an authority was found, or not, even zeros would tell: nothing is said of where they are.
    few = (everybody > 0) & (everybody <= 2 * THRESHOLD)

    def inside(rows: Long, named: Sequence[str]) -> Counts:
        known = {name: number for number, name in enumerate(named)}
        table = np.zeros((half, len(named), 2), dtype=np.int64)
        for each in rows:
            if each["group"] in known:
                row = layout.row[place.get(each["neighbourhood"], last)]
                table[row, known[each["group"]], 0 if each["found"] else 1] += each["n"]
        return np.where(few[:, np.newaxis, :], 0, table)

    return _People(
        np.where(few[layout.row][:, np.newaxis, :], 0, cells),
        inside(counted.ages, ages),
        inside(counted.communities, communities),
        np.where(few, 0, everybody),
        few,
    )


def _parts(true: _People, layout: Layout) -> list[Counts]:
    """The same people split by neighbourhood and channel, by age, and by each community: (2 (L + 1), …) each.

    Who was found and who was not are different people, so each authority has a row for either. Ages are one part,
    because they add up to everybody; whoever's age is not known stands last.
    """

    def both(split: Callable[[int], Counts]) -> Counts:
        return np.concatenate([split(found) for found in range(len(WORDS))])

    def by_age(found: int) -> Counts:
        known = true.ages[:, :, found]
        return np.column_stack((known, true.everybody[:, found] - known.sum(axis=1)))

    def by_community(number: int) -> Counts:
        inside = true.communities[:, number, :]
        return both(lambda found: np.column_stack((inside[:, found], true.everybody[:, found] - inside[:, found])))

    places = both(lambda found: layout.ragged(true.cells[:, :, found]))
    return [places, both(by_age), *(by_community(number) for number in range(true.communities.shape[1]))]


def _shares(rows: Long, channels: Sequence[str]) -> pa.Table:
    """How people spoke, as per cent of all occasions to the nearest 5; no rows where there were few occasions."""
    counts = {each["channel"]: each["n"] for each in rows}
    total = sum(counts.values())
    if total < LEAST_OCCASIONS:
        return pa.table(
            {
                "channel": pa.array([], pa.string()),
                "low": pa.array([], pa.float64()),
                "high": pa.array([], pa.float64()),
            }
        )
    nearest = np.array([5.0 * round(20 * counts.get(channel, 0) / total) for channel in channels])
    return pa.table({"channel": list(channels), "low": np.maximum(0.0, nearest - 2.5), "high": nearest + 2.5})


def _ways(counted: Counted) -> pa.Table:
    """What people chose, by stage. Stages of a pathway split the same people, of whom some chose nothing there."""
    columns: dict[str, list[str]] = {"pathway": [], "stage": [], "way": []}
    lists = []
    for pathway in sorted({each["pathway"] for each in counted.ways}):
        rows = [each for each in counted.ways if each["pathway"] == pathway]
        people = next(each["n"] for each in counted.pathways if each["pathway"] == pathway)
        for stage in sorted({each["stage"] for each in rows}):
            here = sorted((each["way"], each["n"]) for each in rows if each["stage"] == stage)
            counts = [n for _, n in here]
            lists.append(answers_of_some(counts, people - sum(counts)))
            columns["pathway"] += [pathway] * len(here)
            columns["stage"] += [str(stage)] * len(here)
            columns["way"] += [way for way, _ in here]
    joined = {name: np.concatenate([each[name] for each in lists]) if lists else np.empty(0) for name in LIST}
    return pa.table({**{key: pa.array(each, pa.string()) for key, each in columns.items()}, **joined})


def answers_of_some(counts: Sequence[int], rest: int) -> dict[str, NDArray]:
    """Value, state, low and high of what people answered, of whom `rest` gave no answer: how many is not released.

    A reader may know from elsewhere how many people there are. Where at least as many gave no answer as a hidden count
    can be, that leaves every hidden count anything from 1 to the threshold. Where fewer did, the answers are protected
    as what they nearly are: all that these people said.
    """
    if rest >= THRESHOLD:
        told = as_list(protect(_whole(counts), **RULE, margins=False), {})
        return {name: np.array(told[name].to_pylist()) for name in LIST}
    released = protect_parts([_whole([*counts, rest])[np.newaxis, :]], **RULE)
    return {name: getattr(released, _PARTS[name])[0][0, :-1] for name in LIST}


def _hidden(released: Parts) -> int:
    return sum(int((state == "suppressed").sum()) for state in released.state)


def as_list(released: Protected, columns: Mapping[str, Sequence[str]]) -> pa.Table:
    """A list of counts that are no parts of one another, as a table."""
    hidden = released.state == "suppressed"
    return pa.table(
        {
            **{key: pa.array(values, pa.string()) for key, values in columns.items()},
            "value": released.values,
            "state": pa.array(released.state.tolist(), pa.string()),
            "low": np.where(hidden, 1.0, released.low),
            "high": np.where(hidden, float(THRESHOLD), released.high),
        }
    )


def _whole(counts: Sequence[int]) -> Counts:
    return np.array(counts, dtype=np.int64)
