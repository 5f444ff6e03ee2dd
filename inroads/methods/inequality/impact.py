"""What the average would gain if every group did as well as one: population attributable risk and fraction."""

import numpy as np

from inroads.methods.arguments import Array
from inroads.methods.inequality.groups import Groups
from inroads.methods.inequality.registry import Declared, register


def target(groups: Groups, table: Array) -> Array:
    """What every group is measured against: the most advantaged in order, else the reference, else the best."""
    weights = groups.advantaged if groups.advantaged is not None else groups.reference
    return groups.best(table) if weights is None else table @ weights


def target_place(groups: Groups) -> Array:
    """Weights of the groups that `target` takes, as chosen by the estimates."""
    weights = groups.advantaged if groups.advantaged is not None else groups.reference
    return groups.best_place() if weights is None else weights


def attributable_risk(groups: Groups, table: Array) -> Array:
    """Target less mean, 0 where the mean is already better."""
    gain = target(groups, table) - table @ groups.share
    found: Array = np.maximum(gain, 0.0) if groups.favourable else np.minimum(gain, 0.0)
    return found


def attributable_risk_gradient(groups: Groups) -> Array:
    """1 for the target group, less every share."""
    return target_place(groups) - groups.share


def attributable_fraction(groups: Groups, table: Array) -> Array:
    """The attributable risk in percent of the mean; NaN where that is 0."""
    mean = table @ groups.share
    gain = attributable_risk(groups, table)
    found: Array = np.where(mean > 0, 100 * gain / np.where(mean > 0, mean, 1.0), np.nan)
    return found


def attributable_fraction_gradient(groups: Groups) -> Array:
    """100 (target - p y* / mean) / mean."""
    mean = float(groups.estimate @ groups.share)
    place = target_place(groups)
    return 100 * (place - groups.share * float(groups.estimate @ place) / mean) / mean


def fraction_error_of_counts(groups: Groups) -> float:
    """Walter's error of the attributable fraction from a fourfold table, in percent.

    c and d are the people of the target group with and without, a and b those of all other groups, n all together:
    sqrt(c n [a d (n - c) + b c^2] / [(a + c)^3 (c + d)^3]).
    """
    assert groups.people is not None
    assert groups.scale is not None
    place = target_place(groups)
    inside = float(groups.people[place > 0].sum())
    everybody = float(groups.people.sum())
    share = float(groups.estimate @ place) / groups.scale
    c = share * inside
    d = inside - c
    a = float(groups.people @ groups.estimate) / groups.scale - c
    b = everybody - inside - a
    below = (a + c) ** 3 * (c + d) ** 3
    inner = c * everybody * (a * d * (everybody - c) + b * c**2)
    return 100 * float(np.sqrt(inner / below)) if below > 0 and inner >= 0 else float("nan")


def risk_error_of_counts(groups: Groups) -> float:
    """The error of the attributable fraction times the mean, which is taken as known."""
    return fraction_error_of_counts(groups) * float(groups.estimate @ groups.share) / 100


register(
    Declared(
        code="parisk",
        name="population attributable risk",
        unit="indicator",
        value=attributable_risk,
        gradient=attributable_risk_gradient,
        counts=risk_error_of_counts,
        picks="without order and reference",
        from_one_group=True,
        equal=0.0,
        one_sided=True,
    )
)
register(
    Declared(
        code="paf",
        name="population attributable fraction",
        unit="percent",
        value=attributable_fraction,
        gradient=attributable_fraction_gradient,
        counts=fraction_error_of_counts,
        picks="without order and reference",
        from_one_group=True,
        equal=0.0,
        one_sided=True,
        positive=True,
        under_scale="invariant",
        under_shift="changes",
    )
)
