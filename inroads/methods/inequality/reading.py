"""From the arguments of `measure` to the groups that count."""

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.arguments import Array, length, numbers
from inroads.methods.inequality.groups import (
    Groups,
    as_order,
    as_reference,
    middle_ranks,
    one_at,
    share_of_place,
)
from inroads.methods.inequality.registry import Declared


def read(
    declared: Declared,
    estimate: ArrayLike,
    population: ArrayLike | None,
    *,
    se: ArrayLike | None,
    order: ArrayLike | None,
    reference: int | None,
    favourable: bool,
    scale: float | None,
    transform: str | None,
) -> tuple[Groups | None, list[str]]:
    """The groups that count, or None where there are too few, with notes on what was left out."""
    notes: list[str] = []
    table = numbers(estimate, "estimate", missing=True, least=0.0 if declared.positive else None)
    if not isinstance(favourable, bool | np.bool_):
        raise ValueError(f"favourable: expected True or False, found {favourable!r}")
    if scale is not None:
        numbers(scale, "scale", ndim=0)
        if not scale > 0:
            raise ValueError(f"scale: expected a number above 0, such as 100 for percentages, found {scale!r}")
    people = sized(declared, population, table.size)
    errors = None if se is None else numbers(se, "se", missing=True, least=0.0, what="a standard error")
    if errors is not None:
        length(errors, "se", table.size, "groups")
    places = None if order is None else as_order(order, table.size)
    if declared.ordered and places is None:
        raise ValueError(
            f"order: {declared.code} needs ordered groups; give their places, 1 for the most disadvantaged"
        )
    point = as_reference(reference, table.size) if table.size else None
    if declared.reference and reference is None:
        raise ValueError(f"reference: {declared.code} needs a reference group; give its row, counted from 0")
    within(declared, table, scale, transform)
    known = ~np.isnan(table)
    if not known.all():
        gone = int((~known).sum())
        notes.append(f"{gone} of {known.size} groups left out: no estimate")
    relies = declared.reference or (places is None and declared.code in ("d", "r", "parisk", "paf"))
    if point is not None and relies and not known[point]:
        notes.append(f"{declared.code} has no value: the reference group has no estimate")
        return None, notes
    used = known if people is None or not declared.weighted else known & (people > 0)
    if declared.weighted and people is not None and known.any() and not used.any():
        notes.append(f"{declared.code} has no value: no group with an estimate has people in it")
        return None, notes
    if point is not None and relies:
        used = used | one_at(point, table.size).astype(bool)  # a reference without people is still a reference
    count = int(used.sum())
    if count < declared.groups:
        words = f"only {count} group{'s' * (count != 1)} to compare" if count else "no group to compare"
        notes.append(f"{declared.code} has no value: {words}, and {declared.groups} are needed")
        return None, notes
    whose = None if people is None else people[used]
    total = 0.0 if whose is None else float(whose.sum())
    if declared.population and not total > 0:
        notes.append(f"{declared.code} has no value: no group with an estimate has people in it")
        return None, notes
    shares = whose / total if whose is not None and total > 0 else np.full(count, 1 / count)
    rows = None if places is None else places[used]
    if declared.ordered and rows is not None and np.unique(rows).size < 2:
        notes.append(f"{declared.code} has no value: all groups share one place in the order")
        return None, notes
    return Groups(
        estimate=table[used],
        se=None if errors is None else errors[used],
        people=whose,
        share=shares,
        rank=None if rows is None else middle_ranks(shares, rows),
        advantaged=None if rows is None else share_of_place(shares, rows == rows.max()),
        disadvantaged=None if rows is None else share_of_place(shares, rows == rows.min()),
        reference=None if point is None or not used[point] else one_at(int(used[:point].sum()), count),
        favourable=bool(favourable),
        scale=None if scale is None else float(scale),
        transform=transform,
    ), notes


def sized(declared: Declared, population: ArrayLike | None, count: int) -> Array | None:
    """People in each group, where they are given or needed."""
    if population is None:
        if declared.population:
            raise ValueError(f"population: {declared.code} needs the people in each group; give one number for each")
        return None
    people = numbers(population, "population", what="a number of people", least=0.0)
    length(people, "population", count, "groups")
    return people


def within(declared: Declared, table: Array, scale: float | None, transform: str | None) -> None:
    """Refuses estimates outside 0 to `scale` for the logit line, which has no place for them."""
    if transform != "logit" or not declared.ordered or declared.code not in ("sii", "rii"):
        return
    if scale is None:
        raise ValueError("scale: the logit line needs an upper limit; give 100 for percentages")
    wrong = (table < 0) | (table > scale)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"estimate: row {row} (counting from 0) is {table[row]:g}, outside 0 to scale={scale:g}; "
            "give the scale the estimates count in, or transform=None"
        )
