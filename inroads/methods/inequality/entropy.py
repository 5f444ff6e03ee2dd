"""How far shares of people and shares of the indicator disagree: Theil index (ti) and mean log deviation (mld)."""

import numpy as np

from inroads.methods.arguments import Array
from inroads.methods.inequality.groups import Groups
from inroads.methods.inequality.registry import Declared, register

THOUSAND = 1000.0


def relative(groups: Groups, table: Array) -> Array:
    """Each estimate over the mean; NaN where the mean is 0."""
    mean = (table @ groups.share)[..., None]
    found: Array = np.where(mean > 0, table / np.where(mean > 0, mean, 1.0), np.nan)
    return found


def theil(groups: Groups, table: Array) -> Array:
    """1000 sum p r ln r, where 0 ln 0 is 0."""
    ratio = relative(groups, table)
    parts = ratio * np.log(np.where(ratio == 0, 1.0, ratio))
    # Rounding can leave a hair below 0, which the index never is.
    found: Array = THOUSAND * np.maximum(parts @ groups.share, 0.0)
    return found


def theil_gradient(groups: Groups) -> Array:
    """1000 p (1 + ln r - sum p r (1 + ln r)) / mean; NaN where an estimate is 0."""
    ratio = relative(groups, groups.estimate)
    if not (ratio > 0).all():
        return np.full(ratio.size, np.nan)
    steep = 1 + np.log(ratio)
    pull = steep - float((groups.share * ratio) @ steep)
    return THOUSAND * groups.share * pull / float(groups.estimate @ groups.share)


def mean_log_deviation(groups: Groups, table: Array) -> Array:
    """1000 sum p (-ln r); NaN where an estimate is 0, of which there is no logarithm."""
    ratio = relative(groups, table)
    logs = -np.log(np.where(ratio > 0, ratio, np.nan))
    found: Array = THOUSAND * np.maximum(logs @ groups.share, 0.0)
    return found


def log_deviation_gradient(groups: Groups) -> Array:
    """1000 p (1 - 1 / r) / mean; NaN where an estimate is 0."""
    ratio = relative(groups, groups.estimate)
    if not (ratio > 0).all():
        return np.full(ratio.size, np.nan)
    return THOUSAND * groups.share * (1 - 1 / ratio) / float(groups.estimate @ groups.share)


register(
    Declared(
        code="ti",
        name="Theil index",
        unit="thousandths",
        value=theil,
        gradient=theil_gradient,
        equal=0.0,
        low=0.0,
        positive=True,
        under_scale="invariant",
        under_shift="changes",
    )
)
register(
    Declared(
        code="mld",
        name="mean log deviation",
        unit="thousandths",
        value=mean_log_deviation,
        gradient=log_deviation_gradient,
        equal=0.0,
        low=0.0,
        positive=True,
        under_scale="invariant",
        under_shift="changes",
    )
)
