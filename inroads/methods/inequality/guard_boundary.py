"""How far a Brownian motion may stray: at any time, and up to a planned time."""

from functools import lru_cache

import numpy as np

from inroads.methods.arguments import Array

PLANNED_SHARE = 0.8
"""The part of the error spent on the boundary that holds up to the planned information; the mixture has the rest."""

SLACK = 1.1
"""Information may run ahead of what was foreseen by this factor before the planned boundary ends."""

EARLY = 0.3
"""The mixture is tightest at this part of the planned information: it is there for large widenings, seen early."""


def boundary(information: Array, plan: float, error: float) -> Array:
    """u such that a driftless Brownian motion ever reaches u(information) with probability up to `error`.

    The lower of two boundaries that share the error. Up to time T = SLACK * plan, the constant z sqrt(T): by the
    reflection principle it is reached before T with probability 2 (1 - Phi(z)). And the mixture, at any time.
    """
    from scipy.special import ndtri

    early = error * (1 - PLANNED_SHARE)
    always = mixture(information, tuned(EARLY * plan, early), early)
    end = SLACK * plan
    constant = float(ndtri(1 - error * PLANNED_SHARE / 2)) * np.sqrt(end)
    return np.where(information <= end, np.minimum(always, constant), always)


def mixture(information: Array, rho: float, error: float) -> Array:
    """The boundary of a mixture of likelihood ratios over drifts |N(0, 1 / rho)|.

    The ratio at S and information I is, with x = S / sqrt(I + rho), 2 sqrt(rho / (I + rho)) exp(x^2 / 2) Phi(x). It is
    a martingale that starts at 1, so by Ville's inequality it ever reaches 1 / error with probability up to `error`.
    """
    from scipy.special import log_ndtr

    wanted = 0.5 * np.log((information + rho) / rho) - np.log(2 * error)
    x = np.sqrt(2 * np.maximum(wanted, 0) + 2 * np.log(2))  # to the right of the root, as Phi is 1/2 or more there
    for _ in range(30):  # Newton's steps on a convex function, from the right: never past the root
        ratio = np.exp(-0.5 * x * x - log_ndtr(x)) / np.sqrt(2 * np.pi)
        x = x - (0.5 * x * x + log_ndtr(x) - wanted) / (x + ratio)
    return np.asarray(x * np.sqrt(information + rho))


def tuned(information: float, error: float) -> float:
    """The rho whose mixture has its lowest boundary at `information`."""
    return _tuned_share(error) * information


@lru_cache(maxsize=64)
def _tuned_share(error: float) -> float:
    shares = np.geomspace(1e-3, 10, 1000)
    heights = [float(mixture(np.array(1.0), share, error)) for share in shares]
    return float(shares[int(np.argmin(heights))])
