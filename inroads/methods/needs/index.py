"""One index out of many indicators."""

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.arguments import Array
from inroads.methods.needs.scales import Scale, as_directions, as_table, put_on_scale
from inroads.methods.needs.weights import Weighting, weighting


def composite(
    indicators: ArrayLike,
    *,
    weights: ArrayLike,
    direction: ArrayLike,
    groups: Sequence[Hashable] | None = None,
    group_weights: Mapping[Hashable, float] | None = None,
    scale: Scale = "minmax",
) -> Array:
    """The weighted mean of Z neighbourhoods' indicators, each put on one scale: (Z,), high meaning high risk.

    indicators
        (Z, K) numbers, each column in its own unit; NaN where missing.
    weights
        (K,) of 0 or more, not all 0. Only their proportions matter. An indicator of weight 0 plays no part, even
        where it is missing.
    direction
        (K,) of +1 where a high value is high risk, -1 where a high value is low risk.
    groups
        The component of each indicator, K names. Without them, the index is the weighted mean of all indicators.
        With them, each component is the weighted mean of its indicators (`weights` count inside it only), and the
        index is the mean of the components. A component whose indicators all have weight 0 is left out.
    group_weights
        The weight of every component by name; without it they count the same.
    scale
        `"minmax"`: 10 (x - min) / (max - min), so 0 to 10. `"rank"`: 10 (r - 1) / (n - 1) with r the rank from the
        lowest, equal values sharing their average rank, so 0 to 10. `"z"`: standard deviations from the mean of these
        neighbourhoods. `None`: the values are on one scale already. Direction -1 turns a value x into 10 - x, and
        into -x with `"z"`. An indicator that does not vary is put in the middle (5, or 0 with `"z"`).

    The scale is taken over the rows given: to place an area within England, give England and take its rows after.
    A neighbourhood that lacks an indicator that counts has no index: NaN, never a zero.

    Raises `ValueError` naming the argument with its row, column or entry, counted from 0.
    Source: the nesting and the min-max scores are those of the Digital Exclusion Risk Index (Greater Manchester
    Combined Authority), versions 1.0 to 1.6.
    """
    scores, chosen = scored(
        indicators, weights=weights, direction=direction, groups=groups, group_weights=group_weights, scale=scale
    )
    if not scores.shape[0]:
        return np.empty(0)
    # Rounding can put a mean a hair outside what it averages: 10.000000000000002 of 10.
    index: Array = np.clip(weighted_sum(scores, chosen.shares), scores.min(axis=1), scores.max(axis=1))
    return index


def scored(
    indicators: ArrayLike,
    *,
    weights: ArrayLike,
    direction: ArrayLike,
    groups: Sequence[Hashable] | None,
    group_weights: Mapping[Hashable, float] | None,
    scale: Scale,
) -> tuple[Array, Weighting]:
    """The (Z, k) scores of the indicators that count, and how much they count."""
    table = as_table(indicators)
    signs = as_directions(direction, table.shape[1])
    chosen = weighting(weights, table.shape[1], groups=groups, group_weights=group_weights)
    columns = chosen.columns
    return put_on_scale(table[:, columns], signs[columns], scale, columns=columns), chosen


def weighted_sum(scores: Array, shares: Array) -> Array:
    """(Z, k) scores and (k,) shares to (Z,), added one indicator at a time.

    A matrix product may add in another order from one row to the next, and then neighbourhoods with the same figures
    get different sums; so may the same neighbourhood when the rows are shuffled.
    """
    total: Array = scores[:, 0] * shares[0]
    for column in range(1, shares.size):
        total += scores[:, column] * shares[column]
    return total
