"""A neighbourhood's share after conversations: mean, variance, and how much of it comes from them."""

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.picture.fitting import Fitted
from inroads.methods.picture.likelihoods import Alike, Reached
from inroads.methods.picture.prior import APART, one_concentration, standing_apart


def revised(likelihood: Alike | Reached, fit: Fitted, group: NDArray[np.int64]) -> tuple[Array, Array, Array, Array]:
    """Mean, variance, evidence and concentration (Z,) of the shares.

    Each weighs two possibilities by how well they account for what was found: that the neighbourhood is one of its
    group, and that it stands apart. The variance also holds what is not known of concentration and calibration.
    """
    usual = fit.concentration[:, np.newaxis]
    alone = np.full(usual.shape, APART)
    apart = standing_apart(
        likelihood.log_evidence(usual, fit.mean)[:, 0], likelihood.log_evidence(alone, fit.mean)[:, 0], fit.apart
    )
    centre = likelihood.moments(usual, fit.mean)[0]
    means, variances = likelihood.moments(fit.nodes[group], fit.mean)
    usual_variance = (fit.weights[group] * (variances + (means - centre) ** 2)).sum(axis=1)
    centre = centre[:, 0]
    other, other_variance = (part[:, 0] for part in likelihood.moments(alone, fit.mean))
    mean = (1.0 - apart) * centre + apart * other
    variance = (1.0 - apart) * usual_variance + apart * other_variance + apart * (1.0 - apart) * (centre - other) ** 2
    told = likelihood.worth(mean)
    mean = np.where(told > 0, mean, fit.mean)
    concentration = one_concentration(np.hstack([usual, alone]), np.column_stack([1.0 - apart, apart]), told)
    evidence = told / (told + concentration)
    variance += ((1.0 - evidence) * fit.mean * (1.0 - fit.mean)) ** 2 * fit.logit_variance
    return mean, variance, evidence, concentration
