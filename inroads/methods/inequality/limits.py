"""Which standard error and limits a measure gets, and what there is to say of them."""

import math

import numpy as np

from inroads.methods.inequality.groups import Groups
from inroads.methods.inequality.intervals import NOTHING, analytic, around, inversion, percentile, within_chance
from inroads.methods.inequality.registry import Declared


def limits(
    declared: Declared,
    groups: Groups,
    value: float,
    *,
    notes: list[str],
    confidence: float,
    method: str | None,
    error_from: str,
    draws: int,
    source: np.random.Generator | None,
) -> tuple[float, float, float]:
    """Standard error and limits, and notes on why there are none or why not to trust them."""
    if error_from != "se":
        spread = declared.fit if error_from == "fit" else declared.counts
        assert spread is not None
        if error_from == "counts" and groups.scale is None:
            raise ValueError("scale: error_from='counts' needs an upper limit; give 100 for percentages")
        found = around(declared, groups, value, spread(groups), confidence)
        if math.isnan(found[0]):
            notes.append(f"no interval: error_from={error_from!r} cannot be worked out for these groups")
        return found
    if groups.se is None:
        notes.append("no interval: the standard errors of the estimates (se) were not given")
        return NOTHING
    way = method or ("inversion" if declared.simulated else "analytic")
    picked = picks(declared, groups)
    if way == "inversion" and not (declared.simulated or picked):
        way = "analytic"  # nothing was picked, so there is nothing to allow for
    simulate = way != "analytic"
    if simulate and np.isnan(groups.se).any():
        notes.append("no interval: a group has no standard error (se)")
        return NOTHING
    if simulate and source is None:
        notes.append(f"no interval: that of {declared.code} is simulated, and no rng was given")
        return NOTHING
    if simulate and source is not None:
        draw = inversion if way == "inversion" else percentile
        found = draw(declared, groups, value, confidence=confidence, draws=draws, rng=source)
    else:
        found = analytic(declared, groups, value, confidence)
    if math.isnan(found[0]):
        if np.isnan(groups.se).any():
            reason = "a group has no standard error (se)"
        elif simulate:
            reason = f"{declared.code} has no value for too many of the drawn estimates"
        else:
            reason = "the formula has no value where an estimate is 0 or a fitted line ends at the scale"
        notes.append(f"no interval: {reason}")
        return found
    if way == "analytic" and picked:
        notes.append(
            "groups were picked by their estimates, which the interval does not allow for: "
            "method='inversion' with rng does"
        )
    one_way = (declared.low == 0 and declared.equal == 0) or declared.one_sided
    if one_way and way != "inversion" and within_chance(groups):
        notes.append(
            f"the groups differ no more than equal groups would by chance, and {declared.code} cannot pass 0: "
            "value and interval may be too far from 0"
        )
    elif way == "inversion" and within_chance(groups):
        notes.append("the groups differ no more than equal groups would by chance: the value is too far from equality")
    return found


def picks(declared: Declared, groups: Groups) -> bool:
    """Whether a group compared was picked by its estimate."""
    if declared.picks == "never" or groups.advantaged is not None:
        return False
    return declared.picks == "without order" or groups.reference is None
