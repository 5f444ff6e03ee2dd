"""What a line through all groups says of its two ends: slope and relative index of inequality (sii, rii)."""

import numpy as np

from inroads.methods.arguments import Array
from inroads.methods.inequality.groups import Groups
from inroads.methods.inequality.registry import Declared, register
from inroads.methods.logistic import expit, logit

ITERATIONS = 60
TOLERANCE = 1e-11
STEEPEST = 30.0  # On the logit scale: at both ends the share is 0 or 1 to the last digit, and the fit has no end.


def ends_of_line(groups: Groups, table: Array) -> tuple[Array, Array]:
    """What the fitted line gives at rank 0 and rank 1, for each row of `table` (..., J)."""
    assert groups.rank is not None
    if groups.transform == "logit":
        assert groups.scale is not None
        intercept, slope = logit_line(table / groups.scale, groups.share, groups.rank)
        with np.errstate(over="ignore"):
            return groups.scale / (1 + np.exp(-intercept)), groups.scale / (1 + np.exp(-intercept - slope))
    mean, slope = table @ groups.share, table @ slope_weights(groups)
    return mean - slope / 2, mean + slope / 2


def slope_weights(groups: Groups) -> Array:
    """What each estimate adds to the slope of the straight line: p (X - 1/2) / sum p (X - 1/2)^2."""
    assert groups.rank is not None
    pull = groups.share * (groups.rank - 0.5)
    spread = float(pull @ (groups.rank - 0.5))
    return pull / spread if spread > 0 else np.full(pull.size, np.nan)


def logit_line(shares: Array, weights: Array, rank: Array) -> tuple[Array, Array]:
    """Intercept and slope of the logit line by Newton's method, each (...); NaN where there is none."""
    flat = shares.reshape(-1, shares.shape[-1])
    away = rank - 0.5
    middle = np.clip(flat @ weights, 1e-12, 1 - 1e-12)
    level, slope = logit(middle), np.zeros(middle.size)
    steady = np.zeros(middle.size, dtype=bool)
    for _ in range(ITERATIONS):
        fitted = expit(level[:, None] + slope[:, None] * away)
        gap, bend = weights * (flat - fitted), weights * fitted * (1 - fitted)
        first, second = gap.sum(axis=1), gap @ away
        a, b, c = bend.sum(axis=1), bend @ away, bend @ away**2
        area = a * c - b * b
        safe = area > 1e-300
        area = np.where(safe, area, 1.0)
        up = np.where(safe, (c * first - b * second) / area, 0.0)
        turn = np.where(safe, (a * second - b * first) / area, 0.0)
        # A full step from far away can overshoot; steps of 2 or less on the logit scale do not.
        short = np.minimum(1.0, 2.0 / np.maximum(np.maximum(np.abs(up), np.abs(turn)), 1e-300))
        level, slope = level + short * up, slope + short * turn
        steady = safe & (np.abs(up) + np.abs(turn) < TOLERANCE * (1 + np.abs(level) + np.abs(slope)))
        if steady.all():
            break
    steady &= (np.abs(level) < STEEPEST) & (np.abs(slope) < 2 * STEEPEST)
    shape = shares.shape[:-1]
    return (
        np.where(steady, level - slope / 2, np.nan).reshape(shape),
        np.where(steady, slope, np.nan).reshape(shape),
    )


def end_gradients(groups: Groups) -> tuple[Array, Array]:
    """The change of the line's two ends with each estimate: two of (J,)."""
    assert groups.rank is not None
    if groups.transform != "logit":
        slope = slope_weights(groups)
        return groups.share - slope / 2, groups.share + slope / 2
    design, turned, low, high = logit_parts(groups)
    pull = turned @ (design * groups.share[:, None]).T
    return low * (1 - low) * pull[0], high * (1 - high) * (pull[0] + pull[1])


def logit_parts(groups: Groups) -> tuple[Array, Array, float, float]:
    """The design (J, 2), the inverse of the bend (2, 2) and the fitted shares at both ends."""
    assert groups.rank is not None
    assert groups.scale is not None
    start, end = (float(v) / groups.scale for v in ends_of_line(groups, groups.estimate))
    design = np.stack([np.ones(groups.rank.size), groups.rank], axis=1)
    if not (0 < start < 1 and 0 < end < 1):
        return design, np.full((2, 2), np.nan), start, end
    intercept = np.log(start / (1 - start))
    fitted = 1 / (1 + np.exp(-intercept - (np.log(end / (1 - end)) - intercept) * groups.rank))
    return design, np.linalg.inv((design.T * (groups.share * fitted * (1 - fitted))) @ design), start, end


def slope_index(groups: Groups, table: Array) -> Array:
    """The end of the line at rank 1 less that at rank 0."""
    start, end = ends_of_line(groups, table)
    gap: Array = end - start
    return gap


def slope_gradient(groups: Groups) -> Array:
    """The change of the slope index with each estimate."""
    start, end = end_gradients(groups)
    return end - start


def relative_slope_index(groups: Groups, table: Array) -> Array:
    """The end of the line at rank 1 over that at rank 0; NaN where one is not above 0."""
    start, end = ends_of_line(groups, table)
    sound = (start > 0) & (end > 0)
    found: Array = np.where(sound, end / np.where(sound, start, 1.0), np.nan)
    return found


def log_relative_gradient(groups: Groups) -> Array:
    """The change of the logarithm of the ratio of both ends with each estimate."""
    start, end = (float(v) for v in ends_of_line(groups, groups.estimate))
    if not (start > 0 and end > 0):
        return np.full(groups.estimate.size, np.nan)
    first, last = end_gradients(groups)
    return last / end - first / start


def error_of_fit(groups: Groups, gradient: Array) -> float:
    """The robust error (HC1) of what changes by `gradient` with each estimate: every residual stands for its error."""
    size = groups.estimate.size
    if size < 3:
        return float("nan")
    assert groups.rank is not None
    start, end = (float(v) for v in ends_of_line(groups, groups.estimate))
    if groups.transform == "logit":
        assert groups.scale is not None
        low, high = np.log(start / (groups.scale - start)), np.log(end / (groups.scale - end))
        fitted = groups.scale / (1 + np.exp(-low - (high - low) * groups.rank))
    else:
        fitted = start + (end - start) * groups.rank
    return float(np.sqrt(np.sum((gradient * (groups.estimate - fitted)) ** 2) * size / (size - 2)))


def slope_error_of_fit(groups: Groups) -> float:
    """The robust error of the slope index."""
    return error_of_fit(groups, slope_gradient(groups))


def log_relative_error_of_fit(groups: Groups) -> float:
    """The robust error of the logarithm of the relative index."""
    return error_of_fit(groups, log_relative_gradient(groups))


register(
    Declared(
        code="sii",
        name="slope index of inequality",
        unit="indicator",
        value=slope_index,
        gradient=slope_gradient,
        fit=slope_error_of_fit,
        equal=0.0,
        ordered=True,
    )
)
register(
    Declared(
        code="rii",
        name="relative index of inequality",
        unit="ratio",
        value=relative_slope_index,
        gradient=log_relative_gradient,
        fit=log_relative_error_of_fit,
        log=True,
        equal=1.0,
        low=0.0,
        ordered=True,
        positive=True,
        under_scale="invariant",
        under_shift="changes",
    )
)
