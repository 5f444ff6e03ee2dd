"""An index of risk turned into shares of people, which is what conversations can be set against."""

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.arguments import Array, length, numbers, share
from inroads.methods.logistic import expit


def risk_from_index(
    index: ArrayLike, *, mean: float, slope: float = 0.25, population: ArrayLike | None = None
) -> Array:
    """Shares of people (Z,) that rise with an index (Z,) and whose mean over all people is a published share.

        share[z] = 1 / (1 + exp(-(a + slope × index[z])))        with a such that Σ n[z] share[z] / Σ n[z] = mean

    index
        (Z,) any index that is higher where risk is; NaN where it is not known, and the share is then NaN too.
    mean
        The published share of people, strictly between 0 and 1, that the shares shall have on average.
    slope
        How much the log odds rise with one point of the index. An index does not tell: 0.25 makes the odds at 8 of 10
        four and a half times those at 2. `revise` corrects it where conversations contradict.
    population
        (Z,) people n; without it all neighbourhoods count alike.

    An index that runs from 0 to 10 is not a share: a tenth of it says nothing of how many people are left out.
    Raises `ValueError` naming the argument and the row, counted from 0.
    """
    given = numbers(index, "index", what="a number", missing=True)
    wanted, rise = share(mean, "mean", example=0.2), float(numbers(slope, "slope", ndim=0, what="a number"))
    people = np.ones(len(given))
    if population is not None:
        people = numbers(population, "population", what="a number of people", least=0)
        length(people, "population", len(given), "neighbourhoods")
    known = ~np.isnan(given)
    out = np.full(len(given), np.nan)
    if not (people[known] > 0).any():
        return out
    steps = rise * given[known]
    low, high = -steps.max() - 40.0, 40.0 - steps.min()
    for _ in range(80):
        middle = (low + high) / 2
        found = expit(middle + steps)
        low, high = (middle, high) if found @ people[known] < wanted * people[known].sum() else (low, middle)
    out[known] = found
    return out
