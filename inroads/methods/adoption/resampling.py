"""Scores of areas under resampled criteria."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, numbers

BLOCK = 1 << 14
"""Scores held at a time: draws × areas."""


@dataclass(frozen=True, eq=False)
class Scored:
    """S areas that have a score, of A.

    known (S, K) says what was scored; `above` (S, K) is how far each score lies above the level of its criterion, 0
    where it is not known; `score` (S,) the area's own level; `scored` (A,) which areas these are.
    """

    known: NDArray[np.bool_]
    above: Array
    score: Array
    scored: NDArray[np.bool_]


def scored_of(given: ArrayLike, name: str) -> Scored:
    """Levels of areas and criteria from (A, K) scores with gaps, NaN where a criterion was not scored.

    Score = level of the area + level of the criterion, by least squares over what is known, so that an area is not
    better off where hard criteria were left out. Without gaps an area's level is its mean.
    Raises `ValueError` naming the argument and the entry.
    """
    table = numbers(given, name, ndim=2, what="a score", missing=True)
    known = ~np.isnan(table)
    scored: NDArray[np.bool_] = np.asarray(known.any(axis=1))
    if not scored.any():
        raise ValueError(f"{name}: no area has a score; give at least one number")
    known, table = known[scored][:, known.any(axis=0)], np.where(known, table, 0.0)[scored][:, known.any(axis=0)]
    areas, criteria = np.zeros(table.shape[0]), np.zeros(table.shape[1])
    span = float(np.ptp(table[known]))
    for _ in range(1000):
        criteria = (table - areas[:, np.newaxis] * known).sum(axis=0) / known.sum(axis=0)
        before, areas = areas, (table - criteria * known).sum(axis=1) / known.sum(axis=1)
        if np.abs(areas - before).max() <= 1e-12 * span:
            break
    return Scored(known, table - criteria * known, areas + criteria.mean(), scored)


def drawn_scores(of: Scored, weights: Array) -> Array:
    """Levels (D, S) of areas when criterion k counts `weights` (D, K) times.

    Where none of the criteria on which an area was scored is drawn, it keeps its level.
    """
    held = weights @ of.known.T.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        levels = (weights @ of.above.T) / held
    own: Array = np.where(held > 0, levels, of.above.sum(axis=1) / of.known.sum(axis=1))
    return own


def resampled(criteria: int, draws: int, rng: np.random.Generator) -> Array:
    """(draws, criteria): how often each criterion is among as many drawn with replacement."""
    counts: Array = rng.multinomial(criteria, np.full(criteria, 1 / criteria), size=draws).astype(np.float64)
    return counts
