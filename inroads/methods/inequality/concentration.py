"""How far an indicator is concentrated among the advantaged: absolute and relative concentration index (aci, rci)."""

import numpy as np

from inroads.methods.arguments import Array
from inroads.methods.inequality.groups import Groups
from inroads.methods.inequality.registry import Declared, register


def leaning(groups: Groups) -> Array:
    """p (2X - 1): what each estimate adds to the absolute concentration index."""
    assert groups.rank is not None
    return groups.share * (2 * groups.rank - 1)


def absolute_index(groups: Groups, table: Array) -> Array:
    """Sum p (2 X - 1) y."""
    index: Array = table @ leaning(groups)
    return index


def relative_index(groups: Groups, table: Array) -> Array:
    """The absolute index over the mean; NaN where the mean is 0."""
    mean = table @ groups.share
    index: Array = np.where(mean > 0, (table @ leaning(groups)) / np.where(mean > 0, mean, 1.0), np.nan)
    return index


def relative_gradient(groups: Groups) -> Array:
    """(p (2 X - 1) - index p) / mean."""
    mean = float(groups.estimate @ groups.share)
    index = float(relative_index(groups, groups.estimate))
    return (leaning(groups) - index * groups.share) / mean


def absolute_error_of_fit(groups: Groups) -> float:
    """2 s^2 times the error of the slope of the regression on the rank, s^2 being the rank's variance."""
    assert groups.rank is not None
    if groups.estimate.size < 3:
        return float("nan")
    away = groups.rank - 0.5
    spread = float(groups.share @ away**2)
    slope = float(groups.estimate @ (groups.share * away)) / spread
    residuals = groups.estimate - float(groups.estimate @ groups.share) - slope * away
    noise = float(groups.share @ residuals**2) / (groups.estimate.size - 2)
    return 2 * spread * float(np.sqrt(noise / spread))


def relative_error_of_fit(groups: Groups) -> float:
    """The error of the absolute index over the mean, which is taken as known."""
    return absolute_error_of_fit(groups) / float(groups.estimate @ groups.share)


register(
    Declared(
        code="aci",
        name="absolute concentration index",
        unit="indicator",
        value=absolute_index,
        gradient=leaning,
        fit=absolute_error_of_fit,
        equal=0.0,
        ordered=True,
    )
)
register(
    Declared(
        code="rci",
        name="relative concentration index",
        unit="share",
        value=relative_index,
        gradient=relative_gradient,
        fit=relative_error_of_fit,
        equal=0.0,
        low=-1.0,
        high=1.0,
        ordered=True,
        positive=True,
        under_scale="invariant",
        under_shift="changes",
    )
)
