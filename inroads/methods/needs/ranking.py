"""Where a neighbourhood stands, and how far that hangs on the weights."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, generator, share, table_of, whole
from inroads.methods.needs.index import scored
from inroads.methods.needs.scales import Scale

BLOCK = 1 << 16
"""Scores held at a time; half a megabyte stays within a processor's cache."""


@dataclass(frozen=True, eq=False)
class RankIntervals:
    """Ranks of Z neighbourhoods, 1 for the highest risk; each (Z,), NaN where an indicator is missing.

    `low` and `high` are the ends of the interval (`low` is the rank of higher risk), `mid` the median. All three are
    ranks that were really drawn, so they are whole numbers.
    """

    low: Array
    mid: Array
    high: Array


def ranks(index: ArrayLike) -> Array:
    """Ranks (Z,) of an index (Z,), 1 for the highest risk. Equal values share the smaller number: 1, 2, 2, 4.

    NaN stays NaN and takes no place. Raises `ValueError` unless `index` is one number per neighbourhood.
    """
    values = table_of(index, "index")
    if values.ndim != 1:
        raise ValueError(f"index: expected one number per neighbourhood, found an array of shape {values.shape}")
    places = np.full(values.shape, np.nan)
    known = ~np.isnan(values)
    places[known] = _ranks_by_row(-values[known][np.newaxis])[0]
    return places


def rank_intervals(
    indicators: ArrayLike,
    *,
    weights: ArrayLike,
    direction: ArrayLike,
    groups: Sequence[Hashable] | None = None,
    group_weights: Mapping[Hashable, float] | None = None,
    scale: Scale = "minmax",
    draws: int = 1000,
    concentration: float = 30.0,
    interval: float = 0.9,
    rng: np.random.Generator | int,
) -> RankIntervals:
    """How far ranks of a composite index move when its weights are only roughly known.

    `draws` sets of weights are drawn from a Dirichlet distribution around the stated ones, with parameters
    `concentration` times each weight's share of their sum; the index is worked out and ranked under each; the
    interval holds the middle `interval` of the ranks (90 % unless said otherwise), rounded outwards. With `groups`,
    the weights of the components are drawn, and those within each component. A weight of 0 stays 0.

    concentration
        How well the weights are known, above 0. The share s of an indicator moves with standard deviation
        sqrt(s (1 - s) / (concentration + 1)). A share of one third lies in nine draws of ten between 0.12 and 0.59 at
        10, between 0.20 and 0.48 at 30, between 0.26 and 0.41 at 100.
    rng
        A NumPy `Generator`, or a seed (a whole number of 0 or more). Equal seeds give equal results.

    The other arguments are those of `composite`, and so is what is raised: `ValueError` naming the argument.
    Ranks are 1 for the highest risk; equal scores share the smaller number. A neighbourhood that lacks an indicator
    that counts is left out of the ranking and has NaN. The figures themselves are taken as exact: the interval speaks
    of the weights only.

    Memory: 2 bytes per neighbourhood and draw (4 beyond 65,535 neighbourhoods), and a few blocks of constant size.
    Source: uncertainty of weights as in Saisana, Saltelli & Tarantola (2005), Journal of the Royal Statistical
    Society A 168(2), 307-323.
    """
    count = whole(draws, "draws")
    if not (np.isfinite(concentration) and concentration > 0):
        raise ValueError(f"concentration: expected a finite number above 0, found {concentration}")
    share(interval, "interval", example=0.9)
    source = generator(rng)
    scores, chosen = scored(
        indicators, weights=weights, direction=direction, groups=groups, group_weights=group_weights, scale=scale
    )
    known = np.flatnonzero(~np.isnan(scores).any(axis=1))
    low, mid, high = np.full((3, scores.shape[0]), np.nan)
    if known.size:
        shares = chosen.draw(count, concentration=concentration, rng=source)
        drawn = _ranks_under(shares, scores[known])
        tail = (1 - interval) / 2 * (count - 1)
        last = int(np.floor(tail + 1e-9))  # 0.05 × 1000 is a hair above or below 50
        wanted = [last, (count - 1) // 2, count - 1 - last]
        found = np.empty((known.size, 3))
        for start in range(0, known.size, height := max(1, BLOCK // count)):
            # As 32 bits, a whole sort is four times as fast as a partition of 16: processors sort those many at once.
            ordered = np.sort(drawn[start : start + height].astype(np.int32), axis=1)
            found[start : start + height] = ordered[:, wanted]
        low[known], mid[known], high[known] = found.T
    return RankIntervals(low, mid, high)


def _ranks_under(shares: Array, scores: Array) -> NDArray[np.unsignedinteger]:
    """The ranks of each neighbourhood under each set of shares: (Z, draws)."""
    zones, draws = scores.shape[0], shares.shape[0]
    safety = np.ascontiguousarray(-scores.T)  # ascending order then starts with the highest risk
    drawn = np.empty((zones, draws), dtype=np.uint16 if zones <= np.iinfo(np.uint16).max else np.uint32)
    height = max(1, BLOCK // zones)
    for start in range(0, draws, height):
        block = shares[start : start + height]
        total = block[:, [0]] * safety[0]
        for column in range(1, safety.shape[0]):  # one at a time, for the reason given in weighted_sum
            total += block[:, [column]] * safety[column]
        drawn[:, start : start + height] = _ranks_by_row(total).T
    return drawn


def _ranks_by_row(safety: Array) -> NDArray[np.int32]:
    """Ranks (B, Z) in each row of (B, Z), 1 for the smallest, equal values sharing the smaller number."""
    rows, width = safety.shape
    order = np.argsort(safety, axis=1)
    order += np.arange(rows)[:, np.newaxis] * width  # places in the flat table: half the time of put_along_axis
    ordered = safety.ravel()[order]
    places = np.broadcast_to(np.arange(1, width + 1, dtype=np.int32), safety.shape)
    equal = ordered[:, 1:] == ordered[:, :-1]
    if equal.any():
        places = places.copy()
        places[:, 1:][equal] = 0
        np.maximum.accumulate(places, axis=1, out=places)
    ranked = np.empty(rows * width, dtype=np.int32)
    ranked[order] = places
    return ranked.reshape(safety.shape)
