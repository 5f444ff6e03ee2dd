"""The logistic curve, from log odds to shares and back, without overflow. Written once, for all that fit it."""

import numpy as np

from inroads.methods.arguments import Array


def expit(log_odds: Array) -> Array:
    """1 / (1 + exp(-log_odds)), of any shape; NaN stays NaN."""
    small = np.exp(-np.abs(log_odds))
    shares: Array = np.where(log_odds < 0, small, 1.0) / (1 + small)
    return shares


def logit(shares: Array) -> Array:
    """log(shares / (1 - shares)), of any shape: minus and plus infinity at 0 and 1; NaN stays NaN."""
    with np.errstate(divide="ignore"):
        log_odds: Array = np.log(shares) - np.log1p(-shares)
    return log_odds
