"""Published tables of rates, checked and brought to one overall rate."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.arguments import Array, Codes, numbers

Key = int | tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """The G published rates of one table whose groups have any people: rates, se and people are (G,).

    `group` (P,) says which of them each profile is in, G for none. `name` is the table's key, `cells` (G, columns)
    the categories of each group.
    """

    name: Key
    group: Codes
    cells: Codes
    rates: Array
    se: Array
    people: Array
    complete: bool

    @property
    def size(self) -> int:
        """How many rates were published for groups that have people."""
        return self.rates.size

    @property
    def overall(self) -> float:
        """People counted in: the sum of rate times people."""
        return float(self.rates @ self.people)


def as_tables(
    profiles: Codes, given: Mapping[Key, ArrayLike], errors: Mapping[Key, ArrayLike] | None, people: Array
) -> list[Table]:
    """The published tables. Raises `ValueError` naming the table."""
    if not isinstance(given, Mapping) or not given:
        raise ValueError(
            "rates_by_group: expected at least one table, as in {0: [0.1, 0.3]}: the rate of each category of column 0"
        )
    uncertain = errors or {}
    for key in uncertain:
        if key not in given:
            raise ValueError(f"se: has a table {key!r} that rates_by_group has not; give it the key of its table")
    return [_as_table(profiles, key, rates, uncertain.get(key), people) for key, rates in given.items()]


def _as_table(profiles: Codes, key: Key, given: ArrayLike, errors: ArrayLike | None, people: Array) -> Table:
    columns = key if isinstance(key, tuple) else (key,)
    whole = all(isinstance(c, int | np.integer) and not isinstance(c, bool) for c in columns)
    if not (columns and whole and len(set(columns)) == len(columns)) or not all(
        0 <= c < profiles.shape[1] for c in columns
    ):
        raise ValueError(
            f"rates_by_group: found the key {key!r}; give a column of profiles from 0 to {profiles.shape[1] - 1}, or "
            "several different ones in brackets"
        )
    rates = numbers(given, f"rates_by_group[{key!r}]", ndim=len(columns), what="a share", least=0, most=1, missing=True)
    se = np.zeros(rates.shape)
    if errors is not None:
        se = numbers(errors, f"se[{key!r}]", ndim=len(columns), what="a standard error", least=0, missing=True)
        if se.shape != rates.shape:
            raise ValueError(f"se[{key!r}]: has the shape {se.shape} where its rates have {rates.shape}; give one each")
        if (unknown := np.isnan(se) & ~np.isnan(rates)).any():
            place = tuple(int(p) for p in np.argwhere(unknown)[0])
            raise ValueError(f"se[{key!r}]: entry {place} is missing where a rate is given; give it, or 0 for certain")
    codes = profiles[:, columns]
    if (wrong := codes >= np.array(rates.shape)).any():
        row, at = (int(p) for p in np.argwhere(wrong)[0])
        raise ValueError(
            f"profiles: row {row}, column {columns[at]} (counting from 0) is {codes[row, at]}; rates_by_group[{key!r}] "
            f"has {rates.shape[at]} categories for it, so give whole numbers from 0 to {rates.shape[at] - 1}"
        )
    flat = np.ravel_multi_index(tuple(codes.T), rates.shape)
    inside = np.bincount(flat, people, minlength=rates.size).astype(np.float64)
    kept = np.flatnonzero(~np.isnan(rates.ravel()) & (inside > 0))
    places = np.full(rates.size, kept.size)
    places[kept] = np.arange(kept.size)
    shares = rates.ravel()[kept]
    return Table(
        name=key,
        group=places[flat],
        cells=np.column_stack(np.unravel_index(kept, rates.shape)),
        rates=shares,
        se=np.where((shares == 0) | (shares == 1), 0.0, se.ravel()[kept]),
        people=inside[kept],
        complete=bool((~np.isnan(rates.ravel()) | (inside == 0)).all()) and kept.size > 0,
    )


def brought_together(tables: list[Table]) -> tuple[list[Table], Array, Array]:
    """The tables with one overall rate, how far each was from it (T,), and how the rates then move with those given.

    The last is (K, K), K the number of rates in all tables.
    """
    starts = np.concatenate([[0], np.cumsum([one.size for one in tables])]).astype(int)
    jacobian, discrepancy = np.eye(starts[-1]), np.full(len(tables), np.nan)
    first = next((t for t, one in enumerate(tables) if one.complete), None)
    if first is None:
        return tables, discrepancy, jacobian
    wanted = tables[first].overall
    moved = list(tables)
    for t, one in enumerate(tables):
        if not one.complete:
            continue
        # Both 0: they agree.
        discrepancy[t] = one.overall / wanted - 1 if wanted > 0 else 0.0 if one.overall == 0 else np.inf
        before = one.rates * (1 - one.rates)
        if t == first or not 0 < wanted < one.people.sum() or not before.any():
            continue
        rates = _moved(one, wanted)
        after = rates * (1 - rates)
        slope = np.divide(after, before, out=np.zeros(one.size), where=before > 0)
        pull = after / (one.people @ after)
        here, there = slice(starts[t], starts[t + 1]), slice(starts[first], starts[first + 1])
        jacobian[here, here] = np.diag(slope) - np.outer(pull, one.people * slope)
        jacobian[here, there] = np.outer(pull, tables[first].people)
        moved[t] = replace(one, rates=rates)
    return moved, discrepancy, jacobian


def _moved(table: Table, wanted: float) -> Array:
    """The rates moved by one number on the logit scale so that they add up to `wanted` people, or as near as can be."""
    if table.overall == wanted:
        return table.rates
    odds = np.divide(table.rates, 1 - table.rates, out=np.full(table.size, np.inf), where=table.rates < 1)
    low, high, rates = -40.0, 40.0, table.rates
    for _ in range(100):  # halving is sure to arrive, and the tables are small
        middle = (low + high) / 2
        with np.errstate(divide="ignore"):
            rates = 1 / (1 + np.exp(-middle) / odds)
        low, high = (middle, high) if rates @ table.people < wanted else (low, middle)
    return rates


def certainties(tables: list[Table]) -> Array:
    """(P,): 0 or 1 where a published rate of 0 or 1 settles a profile's rate, else NaN."""
    sure = np.full(tables[0].group.size, np.nan)
    for one in reversed(tables):  # where two contradict one another, the first has the last word
        settled = np.append(np.where((one.rates == 0) | (one.rates == 1), one.rates, np.nan), np.nan)[one.group]
        sure = np.where(np.isnan(settled), sure, settled)
    return sure
