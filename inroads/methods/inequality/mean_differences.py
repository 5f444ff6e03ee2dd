"""How far groups lie, on average, from the mean (mdm), the best group (mdb) or a reference (mdr), and from the mean in
percent of it (idis): each by group (u) and by person (w)."""

from functools import partial
from typing import Literal

import numpy as np

from inroads.methods.arguments import Array
from inroads.methods.inequality.groups import Groups
from inroads.methods.inequality.registry import Declared, register

Point = Literal["mean", "best", "reference"]


def mean_difference(groups: Groups, table: Array, *, point: Point, weighted: bool) -> Array:
    """The mean of |y - point| over groups, or over people if `weighted`."""
    if point == "mean":
        origin = table @ groups.share
    elif point == "best":
        origin = groups.best(table)
    else:
        assert groups.reference is not None
        origin = table @ groups.reference
    away = np.abs(table - origin[..., None])
    found: Array = away @ groups.share if weighted else away.mean(axis=-1)
    return found


def index_of_disparity(groups: Groups, table: Array, *, weighted: bool) -> Array:
    """The mean difference from the mean, in percent of the mean; NaN where that is 0."""
    mean = table @ groups.share
    away = mean_difference(groups, table, point="mean", weighted=weighted)
    found: Array = np.where(mean > 0, 100 * away / np.where(mean > 0, mean, 1.0), np.nan)
    return found


POINTS: tuple[tuple[str, Point, str], ...] = (
    ("mdm", "mean", "mean"),
    ("mdb", "best", "best-performing group"),
    ("mdr", "reference", "reference group"),
)

for _start, _point, _words in POINTS:
    for _letter, _weighted in (("u", False), ("w", True)):
        register(
            Declared(
                code=_start + _letter,
                name=f"mean difference from the {_words} ({'weighted' if _weighted else 'unweighted'})",
                unit="indicator",
                value=partial(mean_difference, point=_point, weighted=_weighted),
                equal=0.0,
                low=0.0,
                reference=_point == "reference",
                from_one_group=_point != "mean",
                weighted=_weighted,
                population=_weighted or _point == "mean",
            )
        )

for _letter, _weighted in (("u", False), ("w", True)):
    register(
        Declared(
            code="idis" + _letter,
            name=f"index of disparity ({'weighted' if _weighted else 'unweighted'})",
            unit="percent",
            value=partial(index_of_disparity, weighted=_weighted),
            equal=0.0,
            low=0.0,
            weighted=_weighted,
            positive=True,
            under_scale="invariant",
            under_shift="changes",
        )
    )
