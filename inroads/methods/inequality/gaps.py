"""The gap between two groups: difference (d) and ratio (r)."""

import numpy as np

from inroads.methods.arguments import Array
from inroads.methods.inequality.groups import Groups, one_at
from inroads.methods.inequality.registry import Declared, register


def ends(groups: Groups, table: Array) -> tuple[Array, Array]:
    """The two estimates compared, for each row of `table`.

    In order: most advantaged and most disadvantaged, the other way round for an adverse indicator. Without order:
    the reference and the lowest for a favourable indicator, the highest and the reference for an adverse one; without
    a reference either, the highest and the lowest.
    """
    if groups.advantaged is not None and groups.disadvantaged is not None:
        top, bottom = table @ groups.advantaged, table @ groups.disadvantaged
        return (top, bottom) if groups.favourable else (bottom, top)
    if groups.reference is None:
        return table.max(axis=-1), table.min(axis=-1)
    point = table @ groups.reference
    return (point, table.min(axis=-1)) if groups.favourable else (table.max(axis=-1), point)


def end_places(groups: Groups) -> tuple[Array, Array]:
    """Weights of the groups that `ends` compares, as chosen by the estimates."""
    size = groups.estimate.size
    if groups.advantaged is not None and groups.disadvantaged is not None:
        pair = groups.advantaged, groups.disadvantaged
        return pair if groups.favourable else pair[::-1]
    highest = one_at(int(np.argmax(groups.estimate)), size)
    lowest = one_at(int(np.argmin(groups.estimate)), size)
    if groups.reference is None:
        return highest, lowest
    return (groups.reference, lowest) if groups.favourable else (highest, groups.reference)


def difference(groups: Groups, table: Array) -> Array:
    """y1 - y2, with the two groups of `ends`."""
    one, other = ends(groups, table)
    gap: Array = one - other
    return gap


def difference_gradient(groups: Groups) -> Array:
    """1 for the first group, -1 for the second."""
    one, other = end_places(groups)
    return one - other


def ratio(groups: Groups, table: Array) -> Array:
    """y1 / y2, with the two groups of `ends`; NaN where y2 is not above 0."""
    one, other = ends(groups, table)
    found: Array = np.where(other > 0, one / np.where(other > 0, other, 1.0), np.nan)
    return found


def log_ratio_gradient(groups: Groups) -> Array:
    """Of ln y1 - ln y2; NaN where one of them is not above 0."""
    one, other = end_places(groups)
    first, second = float(groups.estimate @ one), float(groups.estimate @ other)
    if not (first > 0 and second > 0):
        return np.full(one.size, np.nan)
    return one / first - other / second


register(
    Declared(
        code="d",
        name="difference",
        unit="indicator",
        value=difference,
        gradient=difference_gradient,
        picks="without order",
        from_one_group=True,
        equal=0.0,
        weighted=False,
        population=False,
    )
)
register(
    Declared(
        code="r",
        name="ratio",
        unit="ratio",
        value=ratio,
        gradient=log_ratio_gradient,
        log=True,
        picks="without order",
        from_one_group=True,
        equal=1.0,
        low=0.0,
        weighted=False,
        population=False,
        positive=True,
        under_scale="invariant",
        under_shift="changes",
    )
)
