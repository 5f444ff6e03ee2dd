"""Ends of intervals, for all methods that have one: normal, Student's, and Wilson's of a share."""

import numpy as np

from inroads.methods.arguments import Array


def normal(confidence: float) -> float:
    """z so that a normal variable lies within ± z with probability `confidence`."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def student(confidence: float, degrees: Array) -> Array:
    """The same for Student's t with `degrees` (D,) of freedom; NaN where there are none."""
    from scipy.special import stdtrit

    quantile: Array = stdtrit(np.where(degrees > 0, degrees, np.nan), (1 + confidence) / 2)
    return quantile


def wilson(p: Array, n: Array | float, quantile: Array | float) -> tuple[Array, Array]:
    """Wilson's interval of shares `p` (D,) found among `n` replies; `n` need not be whole."""
    with np.errstate(invalid="ignore", divide="ignore"):
        slack = np.square(quantile) / n
        middle = (p + slack / 2) / (1 + slack)
        half = np.sqrt(slack * p * (1 - p) + np.square(slack) / 4) / (1 + slack)
    # Rounding can put an end on the wrong side of p by a hair where p is 0 or 1.
    return np.clip(middle - half, 0.0, p), np.clip(middle + half, p, 1.0)
