"""How many will be asked for: gamma-Poisson, with weeks that may differ more than by chance."""

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array

SPREADS = np.array([0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8])
"""What weeks may differ beyond chance, as the squared coefficient of variation of their rate; equally likely before."""

POINTS = 400


def future_requests(requests: Array, horizon: int, draws: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Posterior predictive requests (draws, horizon) in weeks to come, after `requests` (W,) in weeks gone by.

    In a week of rate r, requests are Poisson(r e) with e ~ Gamma(1/s, s), which is 1 where the spread s is 0. Before
    anything was seen, the density of r is r^(-1/2) and every s of `SPREADS` is as likely. With s = 0 the posterior of
    r is Gamma(1/2 + sum of requests, W). All are summed up on a grid.
    """
    log_weight, grids = [], []
    for spread in SPREADS:
        rates, weights, evidence = _posterior(requests, float(spread))
        grids.append((rates, weights))
        log_weight.append(evidence)
    chance = np.exp(np.array(log_weight) - np.max(log_weight))
    chosen = rng.choice(SPREADS.size, size=draws, p=chance / chance.sum())
    rate = np.empty(draws)
    for number, (rates, weights) in enumerate(grids):
        here = chosen == number
        picked = rng.choice(rates.size, size=int(here.sum()), p=weights)
        # Anywhere in the cell around the point that was picked.
        step = np.log(rates[1] / rates[0])
        rate[here] = rates[picked] * np.exp(step * (rng.random(picked.size) - 0.5))
    spread = SPREADS[chosen][:, np.newaxis]
    shape = 1.0 / np.maximum(spread, 1e-12)
    varied = np.where(spread > 0, rng.gamma(np.minimum(shape, 1e6), np.maximum(spread, 1e-12), (draws, horizon)), 1.0)
    return rng.poisson(rate[:, np.newaxis] * varied)


def _posterior(requests: Array, spread: float) -> tuple[Array, Array, float]:
    """Rates on a grid, their posterior weights, and the log evidence for this spread up to a constant."""
    from scipy.special import gammaln

    weeks, total = requests.size, float(requests.sum())
    mean = (total + 0.5) / weeks
    # Of the rate's logarithm, generously; a gamma of shape 1/2 reaches far down.
    sd = np.sqrt(1.0 / (total + 0.5) + spread / weeks)
    grid = np.exp(np.linspace(np.log(mean) - 8 * sd, np.log(mean) + 6 * sd, POINTS))
    if spread == 0:
        log_likelihood = total * np.log(grid) - weeks * grid - gammaln(requests + 1).sum()
    else:
        size = 1.0 / spread
        counts = requests[:, np.newaxis]
        log_likelihood = (
            gammaln(counts + size)
            - gammaln(size)
            - gammaln(counts + 1)
            + size * np.log(size / (size + grid))
            + counts * np.log(grid / (size + grid))
        ).sum(axis=0)
    # Density r^(-1/2), and r for the grid being even in the logarithm.
    log_density = log_likelihood + 0.5 * np.log(grid)
    top = log_density.max()
    density = np.exp(log_density - top)
    step = np.log(grid[1] / grid[0])
    evidence = float(top + np.log(density.sum() * step))
    weights: Array = density / density.sum()
    return grid, weights, evidence
