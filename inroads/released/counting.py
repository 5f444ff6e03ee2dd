"""The one door itself: true counts of one system go in, tables that hide small numbers come out.

Nothing else in the product turns people's records into figures. Rule and proofs: `docs/methods/disclosure.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inroads.analytics.published import Published
from inroads.methods.disclosure import Parts, protect, protect_parts
from inroads.released.layout import CELLS, FIGURES, GROUP_CELLS, Layout, layout_of

THRESHOLD, BASE = 7, 5
WORDS, SIDES = ("found", "other"), ("in", "out")
Long = Sequence[Mapping[str, Any]]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Counted:
    """True counts of one system, as rows of `inroads.analytics.counted`. Never kept, never shown.

    `groups` are rows of communities and of age bands together.
    """

    neighbourhoods: Long
    groups: Long
    channels: Long
    ways: Long
    loans: Long
    referrals: Long
    staff: Long


def fit_to_leave(
    counted: Counted,
    *,
    published: Published,
    area_code: str,
    groups: Sequence[str],
    channels: Sequence[str],
) -> tuple[dict[str, pa.Table], list[str]]:
    """The tables of a release by name, and what was checked, in sentences.

    groups, channels
        Ids of all groups and channels there are, whether or not anybody belongs to them: which rows a table has says
        nothing of anybody.
    """
    layout = layout_of(published, area_code)
    tables, checks = _people(counted, layout, groups)
    names = [authority for authority in layout.authorities.tolist() for _ in channels]
    held = list(zip(names, list(channels) * len(layout.authorities), strict=True))
    tables["channels"] = _list(
        _counts_by(_to_authorities(counted.channels, layout), held, ("authority", "channel")),
        {"authority": names, "channel": [channel for _, channel in held]},
    )
    for name, rows, keys in (
        ("ways", counted.ways, ("pathway", "stage", "way")),
        ("loans", counted.loans, ("kind", "ended_how")),
        ("referrals", counted.referrals, ("help", "state")),
        ("staff", counted.staff, ("topic", "hard")),
    ):
        held = sorted(_keys(rows, keys))
        columns = {key: [str(each[at]) for each in held] for at, key in enumerate(keys)}
        tables[name] = _list(_counts_by(rows, held, keys), columns)
    checks.append(f"Counts of 1 to {THRESHOLD} are hidden in every table, and all others are rounded to {BASE}.")
    return tables, checks


def _people(counted: Counted, layout: Layout, groups: Sequence[str]) -> tuple[dict[str, pa.Table], list[str]]:
    """Neighbourhoods and groups together, because both split the same people."""
    place = {code: number for number, code in enumerate(layout.codes.tolist())}
    last = len(layout.codes) - 1
    cells = np.zeros((len(layout.codes), 2, 2), dtype=np.int64)  # neighbourhood, digital or met, found or other
    for each in counted.neighbourhoods:
        row = place.get(each["neighbourhood"], last)
        cells[row, 0 if each["digital"] else 1, 0 if each["found"] else 1] += each["n"]
    everybody = np.zeros((len(layout.authorities), 2), dtype=np.int64)
    np.add.at(everybody, layout.row, cells.sum(axis=1))
    known = {name: number for number, name in enumerate(groups)}
    inside = np.zeros((len(layout.authorities), len(groups), 2), dtype=np.int64)
    for each in counted.groups:
        if each["group"] in known:
            row = layout.row[place.get(each["neighbourhood"], last)]
            inside[row, known[each["group"]], 0 if each["found"] else 1] += each["n"]
    # Who was found and who was not are different people: each is split by itself, one row for an authority.
    parts = [_stacked([layout.ragged(cells[:, :, found]) for found in (0, 1)])]
    for number in range(len(groups)):
        within = inside[:, number, :]
        parts.append(_stacked([np.column_stack((within[:, f], everybody[:, f] - within[:, f])) for f in (0, 1)]))
    released = protect_parts(parts, threshold=THRESHOLD, base=BASE)
    half = len(layout.authorities)
    figures: dict[str, dict[str, NDArray]] = {figure: {} for figure in FIGURES}
    for figure in FIGURES:
        source = getattr(released, {"value": "values"}.get(figure, figure))
        for found, word in enumerate(WORDS):
            own = layout.unragged(source[0][found * half : (found + 1) * half], 2)
            figures[figure][f"digital_{word}"], figures[figure][f"met_{word}"] = own[:, 0], own[:, 1]
            for side, name in enumerate(SIDES):
                together = [part[found * half : (found + 1) * half, side] for part in source[1:]]
                figures[figure][f"{name}_{word}"] = np.array(together).T.ravel() if together else np.empty(0)
    neighbourhoods = {"code": layout.codes, "authority": layout.authority}
    by_group = {
        "authority": np.repeat(layout.authorities, len(groups)),
        "group": np.tile(np.array(groups, dtype=np.str_), half),
    }
    for figure in FIGURES:
        neighbourhoods |= {f"{cell}_{figure}": figures[figure][cell] for cell in CELLS}
        by_group |= {f"{cell}_{figure}": figures[figure][cell] for cell in GROUP_CELLS}
    checks = [
        f"Neighbourhoods and {len(groups)} groups split the same people. Put together, they leave each of the "
        f"{_hidden(released)} hidden counts anything from 1 to {THRESHOLD}.",
    ]
    totals = {"authority": layout.authorities}
    for found, word in enumerate(WORDS):
        own = slice(found * half, (found + 1) * half)
        totals |= {f"{word}_low": released.total_low[own], f"{word}_high": released.total_high[own]}
    tables = {"neighbourhoods": neighbourhoods, "groups": by_group, "totals": totals}
    return {name: pa.table(columns) for name, columns in tables.items()}, checks


def _stacked(halves: list[Counts]) -> Counts:
    return np.concatenate(halves, axis=0)


def _hidden(released: Parts) -> int:
    return sum(int((state == "suppressed").sum()) for state in released.state)


def _list(counts: Counts, columns: Mapping[str, Sequence[str]]) -> pa.Table:
    """A list of counts that are no parts of one another, made fit to leave."""
    released = protect(counts, threshold=THRESHOLD, base=BASE, margins=False)
    hidden = released.state == "suppressed"
    return pa.table(
        {
            **{key: list(map(str, values)) for key, values in columns.items()},
            "value": released.values,
            "state": released.state,
            "low": np.where(hidden, 1.0, released.low),
            "high": np.where(hidden, float(THRESHOLD), released.high),
        }
    )


def _counts_by(rows: Long, held: Sequence[tuple], keys: Sequence[str]) -> Counts:
    place = {tuple(map(str, each)): number for number, each in enumerate(held)}
    counts = np.zeros(len(held), dtype=np.int64)
    for each in rows:
        at = place.get(tuple(str(each[key]) for key in keys))
        if at is not None:
            counts[at] += each["n"]
    return counts


def _keys(rows: Long, keys: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(str(each[key]) for key in keys) for each in rows}


def _to_authorities(rows: Long, layout: Layout) -> list[dict[str, Any]]:
    authority = dict(zip(layout.codes.tolist(), layout.authority.tolist(), strict=True))
    return [{**each, "authority": authority.get(each["neighbourhood"], "")} for each in rows]
