"""How far a summary measure can be trusted: analytic errors and intervals by simulation."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.inequality.groups import Groups
from inroads.methods.inequality.registry import Declared
from inroads.methods.quantiles import normal

REDRAWS = 50
NOTHING = (math.nan, math.nan, math.nan)


def limits_of(declared: Declared, favourable: bool) -> tuple[float, float]:
    """Below and above what no value of the measure lies."""
    low = -math.inf if declared.low is None else declared.low
    high = math.inf if declared.high is None else declared.high
    if declared.one_sided:
        low, high = (max(low, 0.0), high) if favourable else (low, min(high, 0.0))
    return low, high


def analytic(declared: Declared, groups: Groups, value: float, confidence: float) -> tuple[float, float, float]:
    """Standard error and limits from the standard errors of the estimates, or NaN where there are none.

    The error of a value is the root of sum (gradient * se)^2; estimates are taken to be independent.
    """
    assert groups.se is not None
    if declared.variance is not None:
        return around(declared, groups, value, math.sqrt(declared.variance(groups, groups.se)), confidence)
    assert declared.gradient is not None
    gradient = declared.gradient(groups)
    counts = gradient != 0  # An estimate that plays no part may lack its error.
    error = float(np.sqrt(np.sum((gradient[counts] * groups.se[counts]) ** 2)))
    return around(declared, groups, value, error, confidence)


def around(
    declared: Declared, groups: Groups, value: float, error: float, confidence: float
) -> tuple[float, float, float]:
    """Limits at the normal quantile on both sides, on the logarithm where the measure says so.

    `error` is that of the logarithm then, and the standard error given back is value times error.
    """
    if not (math.isfinite(error) and math.isfinite(value)):
        return NOTHING
    reach = normal(confidence) * error
    if declared.log:
        if value <= 0 or reach > 700:
            return NOTHING
        return value * error, value * math.exp(-reach), value * math.exp(reach)
    low, high = limits_of(declared, groups.favourable)
    return error, max(value - reach, low), min(value + reach, high)


def drawn(groups: Groups, draws: int, rng: np.random.Generator) -> Array:
    """(draws, J) estimates from normal laws, kept between 0 and the scale where the estimates are.

    Draws outside are drawn again, which is what the WHO does for percentages and rates.
    """
    assert groups.se is not None
    order = drawing_order(groups)
    estimate, se = groups.estimate[order], groups.se[order]
    table = estimate + se * rng.standard_normal((draws, estimate.size))
    low = 0.0 if (estimate >= 0).all() else -math.inf
    high = math.inf if groups.scale is None or (estimate > groups.scale).any() else groups.scale
    for _ in range(REDRAWS):
        rows, columns = np.nonzero((table < low) | (table > high))
        if not rows.size:
            break
        table[rows, columns] = estimate[columns] + se[columns] * rng.standard_normal(rows.size)
    kept = np.empty_like(table)
    kept[:, order] = np.clip(table, low, high)
    return kept


def drawing_order(groups: Groups) -> NDArray[np.intp]:
    """The order in which groups get their random numbers: by their figures, so that of the rows changes nothing."""
    assert groups.se is not None
    order: NDArray[np.intp] = np.lexsort((groups.share, groups.se, groups.estimate))
    return order


def percentile(
    declared: Declared, groups: Groups, value: float, *, confidence: float, draws: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Standard deviation and percentiles of the measure over drawn estimates, stretched to take in the value.

    The WHO's interval. Drawn estimates carry the errors twice, once as estimates and once as drawn, and so differ
    more than the truth does: where groups differ little, the interval lies too far from equality.
    """
    found = np.sort(declared.value(groups, drawn(groups, draws, rng)))
    found = found[~np.isnan(found)]
    if found.size < max(draws / 2, 2):
        return NOTHING
    tail = (1 - confidence) / 2
    low, high = (float(q) for q in np.quantile(found, [tail, 1 - tail]))
    return float(found.std(ddof=1)), min(low, value), max(high, value)


def inversion(
    declared: Declared, groups: Groups, value: float, *, confidence: float, draws: int, rng: np.random.Generator
) -> tuple[float, float, float]:
    """Standard deviation over drawn estimates, and the values that the one found does not speak against.

    The groups' distances from the mean of all people are multiplied by t and errors are drawn around. The limit nearer
    to equality is the measure at that t at which inequality as large as found comes up in (1 - confidence) / 2 of the
    draws, or equality where even equal groups give it; the other limit is the measure at that t at which inequality
    as small as found does. The same errors are used for every t. The limits always take in the value.

    Stretching does not tell of the error of one group that all others are measured from. Where there is one, the
    limits are therefore drawn out to those of the percentiles of the measure over drawn estimates.
    """
    assert groups.se is not None
    errors = np.empty((draws, groups.estimate.size))
    errors[:, drawing_order(groups)] = rng.standard_normal(errors.shape)
    errors *= groups.se
    mean = float(groups.estimate @ groups.share)
    away = groups.estimate - mean
    plain = declared.value(groups, groups.estimate + errors)
    plain = plain[~np.isnan(plain)]
    if plain.size < max(draws / 2, 2):
        return NOTHING
    spread = float(plain.std(ddof=1))
    tail = (1 - confidence) / 2
    side = -1.0 if declared.one_sided and not groups.favourable else 1.0
    found = side * (value - declared.equal)
    ends = [float(q) for q in np.quantile(plain, [tail, 1 - tail])]
    if not spread > 1e-12 * abs(found):
        return spread, value, value
    if not found > 0:
        # Without distances there is nothing to stretch: the limit is what errors alone give.
        return spread, min(value, ends[0]) if side < 0 else value, max(value, ends[1]) if side > 0 else value

    def value_at(times: float) -> float:
        return float(declared.value(groups, mean + times * away))

    def larger(times: float) -> float:
        values = side * (declared.value(groups, mean + times * away + errors) - declared.equal)
        # Only a ratio has no value here, where it would divide by 0 or less: larger than any.
        return float(np.mean((values >= found) | np.isnan(values)))

    steps = max(1, math.ceil(math.log2(40 * (1 + found / spread))))
    low = 0.0 if larger(0.0) >= tail else between(lambda t: larger(t) < tail, 0.0, 1.0, steps)
    # Ten standard deviations up; the share below is then as good as 0 for any error that is normal.
    top = 1 + 10 * spread / found
    high = top if 1 - larger(top) > tail else between(lambda t: 1 - larger(t) > tail, 1.0, top, steps + 3)
    limits = [value, value_at(low), value_at(high)]
    if declared.from_one_group:
        limits += ends
    if not all(math.isfinite(limit) for limit in limits):
        return NOTHING
    return spread, min(limits), max(limits)


def between(before: Callable[[float], bool], start: float, end: float, steps: int) -> float:
    """Halves the way from `start`, where `before` holds, to `end`, where it does not, and gives the middle."""
    for _ in range(steps):
        middle = (start + end) / 2
        start, end = (middle, end) if before(middle) else (start, middle)
    return (start + end) / 2


def within_chance(groups: Groups) -> bool:
    """Whether the groups differ no more than equal groups do in 19 of 20 cases, by the homogeneity statistic.

    sum (y - m)^2 / s^2, with m the mean weighted by 1 / s^2, against the 0.95 quantile of chi-squared on J - 1 degrees
    of freedom (Wilson & Hilferty's approximation, right to about 1 %).
    """
    if groups.se is None or not (groups.se > 0).all():
        return False
    precision = groups.se**-2.0
    mean = float(groups.estimate @ precision) / float(precision.sum())
    freedom = groups.estimate.size - 1
    part = 2 / (9 * freedom)
    bound = freedom * (1 - part + normal(0.9) * math.sqrt(part)) ** 3
    return float((groups.estimate - mean) ** 2 @ precision) < bound
