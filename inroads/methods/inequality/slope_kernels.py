"""Slopes and intercepts of many draws of transformed values, compiled."""

import numpy as np

from inroads.methods.arguments import Array
from inroads.methods.compiled import compiled

BLOCK = 1024
"""Draws at a time: the work of one block stays in the processor's nearest cache."""

LOG2E = 1.4426950408889634
LN2_HIGH = 0.6931471803691238
LN2_LOW = 1.9082149292705877e-10
TO_WHOLE = 6755399441055744.0  # 1.5 * 2^52: adding it leaves the nearest whole number in the last bits


@compiled
def transformed_lines(
    centres: Array,
    spreads: Array,
    to_intercept: Array,
    to_slope: Array,
    normals: Array,
    logit: bool,
    intercepts: Array,
    slopes: Array,
) -> None:
    """Fills (D,) `intercepts` and `slopes` of one area from its (Q,) values and errors on the log or logit scale.

    The value of quantile q in draw d is exp(centres[q] + spreads[q] * normals[q, d]), or 1 / (1 + exp(-...)) with
    `logit`; intercept and slope are its sums over q with weights `to_intercept` and `to_slope`. The exponential is
    written out, as the processor then works on several draws at once: exp(x) = 2^k p(x - k ln 2), p a polynomial of
    degree 12, to within 3 units in the last place.
    """
    quantiles, draws = normals.shape
    shifted = np.empty(BLOCK)
    powers = np.empty(BLOCK)
    shifted_bits = shifted.view(np.int64)
    powers_bits = powers.view(np.int64)
    sign = -1.0 if logit else 1.0
    for start in range(0, draws, BLOCK):
        size = min(BLOCK, draws - start)
        for d in range(size):
            intercepts[start + d] = 0.0
            slopes[start + d] = 0.0
        for q in range(quantiles):
            centre, spread = sign * centres[q], sign * spreads[q]
            row = normals[q, start : start + size]
            for d in range(size):
                x = min(max(centre + spread * row[d], -700.0), 700.0)
                moved = x * LOG2E + TO_WHOLE
                k = moved - TO_WHOLE
                r = (x - k * LN2_HIGH) - k * LN2_LOW
                p = 1 / 479001600.0
                p = p * r + 1 / 39916800.0
                p = p * r + 1 / 3628800.0
                p = p * r + 1 / 362880.0
                p = p * r + 1 / 40320.0
                p = p * r + 1 / 5040.0
                p = p * r + 1 / 720.0
                p = p * r + 1 / 120.0
                p = p * r + 1 / 24.0
                p = p * r + 1 / 6.0
                p = p * r + 0.5
                p = p * r + 1.0
                powers[d] = p * r + 1.0
                shifted[d] = moved
            for d in range(size):
                powers_bits[d] += shifted_bits[d] << 52
            if logit:
                for d in range(size):
                    powers[d] = 1.0 / (1.0 + powers[d])
            for d in range(size):
                intercepts[start + d] += to_intercept[q] * powers[d]
                slopes[start + d] += to_slope[q] * powers[d]
