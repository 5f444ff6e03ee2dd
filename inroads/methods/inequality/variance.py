"""How far groups spread around the mean of all people: variance, standard deviation, coefficient of variation."""

import numpy as np

from inroads.methods.arguments import Array
from inroads.methods.inequality.groups import Groups
from inroads.methods.inequality.registry import Declared, register


def between_group_variance(groups: Groups, table: Array) -> Array:
    """Sum p (y - mean)^2."""
    away = table - (table @ groups.share)[..., None]
    variance: Array = away**2 @ groups.share
    return variance


def variance_of_variance(groups: Groups, se: Array) -> float:
    """Var(BGV) = 4 sum p^2 s^2 (y - mean)^2 + 2 [(sum p^2 s^2)^2 - sum p^4 s^4 + sum p^2 (1 - p)^2 s^4]."""
    share = groups.share
    away = groups.estimate - float(groups.estimate @ share)
    linear = np.sum((share * se * away) ** 2)
    square = np.sum((share * se) ** 2) ** 2 - np.sum((share * se) ** 4) + np.sum((share * (1 - share) * se**2) ** 2)
    return float(4 * linear + 2 * square)


def between_group_deviation(groups: Groups, table: Array) -> Array:
    """The root of the between-group variance."""
    deviation: Array = np.sqrt(between_group_variance(groups, table))
    return deviation


def coefficient_of_variation(groups: Groups, table: Array) -> Array:
    """The deviation in percent of the mean; NaN where the mean is 0."""
    mean = table @ groups.share
    share_of_mean = between_group_deviation(groups, table) / np.where(mean > 0, mean, 1.0)
    found: Array = np.where(mean > 0, 100 * share_of_mean, np.nan)
    return found


register(
    Declared(
        code="bgv",
        name="between-group variance",
        unit="indicator squared",
        value=between_group_variance,
        variance=variance_of_variance,
        equal=0.0,
        low=0.0,
        under_scale="squared",
    )
)
register(
    Declared(
        code="bgsd",
        name="between-group standard deviation",
        unit="indicator",
        value=between_group_deviation,
        equal=0.0,
        low=0.0,
    )
)
register(
    Declared(
        code="covar",
        name="coefficient of variation",
        unit="percent",
        value=coefficient_of_variation,
        equal=0.0,
        low=0.0,
        positive=True,
        under_scale="invariant",
        under_shift="changes",
    )
)
