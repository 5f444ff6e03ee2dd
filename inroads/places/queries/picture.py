"""The risk picture of one place: a re-weightable index, ranks with their intervals, and where the place stands."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from inroads.analytics.published import ENGLAND, Published
from inroads.methods import needs
from inroads.places.queries import indicators, risk_index

# How often the ranks are drawn anew: enough for whole ranks, quick enough for a page.
DRAWS = 500
SEED = 2022

Weights = tuple[float, ...]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Picture:
    """Of N neighbourhoods, in the order of `rows` (places in the national table).

    `score` (N,) 0 to 10; `rank` (N,) 1 = highest risk here; `rank_low`, `rank_high` (N,) 90% interval of the rank when
    the weights are only roughly known; `tenth` (N,) 1 = the tenth of England at highest risk, 0 where England is not
    known for these weights; `fifth` (N,) 1 = lowest risk to 5 = highest, 0 where there is no figure;
    `edges` (4,) the scores between the fifths; `of_england`: whether the fifths are England's or this place's own.
    `steady` (N,) bool: among the fifth at highest risk here in at least 95 of 100 weightings drawn from all there are.
    `any_low`, `any_high` (N,) the 90% interval of the rank over those weightings.
    """

    rows: NDArray[np.intp]
    weights: Weights
    score: Floats
    rank: Floats
    rank_low: Floats
    rank_high: Floats
    tenth: NDArray[np.int64]
    fifth: NDArray[np.int64]
    edges: Floats
    of_england: bool
    steady: NDArray[np.bool_]
    any_low: Floats
    any_high: Floats


@lru_cache(maxsize=64)
def picture(published: Published, code: str, weights: Weights) -> Picture:
    """The risk picture of one place for these weights (one for each part of the index, in its order).

    The same place and weights are worked out once a process. Raises `ValueError` when no weight is above zero.
    """
    rows = published.neighbourhoods.rows(code)
    parts, used = _parts(published, weights)
    here = parts[rows]
    directions = np.ones(len(used))
    score = needs.composite(here, weights=used, direction=directions, scale=None)
    spread = needs.rank_intervals(here, weights=used, direction=directions, scale=None, draws=DRAWS, rng=SEED)
    free = _under_any_weights(published, code, counted(weights))
    tenths, fifths = _national_edges(published, weights)
    of_england = fifths is not None
    edges = fifths if fifths is not None else _quantiles(score, (20, 40, 60, 80))
    known = np.isfinite(score)
    top = np.ceil(known.sum() / 5)
    return Picture(
        rows=rows,
        weights=weights,
        score=score,
        rank=needs.ranks(score),
        rank_low=spread.low,
        rank_high=spread.high,
        tenth=np.where(known, 10 - np.searchsorted(tenths, score, side="left"), 0)
        if tenths is not None
        else np.zeros(len(rows), dtype=np.int64),
        fifth=np.where(known, 1 + np.searchsorted(edges, score, side="left"), 0),
        edges=edges,
        of_england=of_england,
        steady=known & (free.high <= top),
        any_low=free.low,
        any_high=free.high,
    )


def highest_first(picture: Picture) -> NDArray[np.intp]:
    """Positions within the picture from the highest risk down; those without a figure are left out."""
    order = np.argsort(-picture.score, kind="stable")
    return order[picture.fifth[order] > 0]


@lru_cache(maxsize=64)
def _under_any_weights(published: Published, code: str, counting: tuple[str, ...]) -> needs.RankIntervals:
    """Ranks when every weighting of these parts is as likely as any other (a flat Dirichlet)."""
    here = np.column_stack([on_scale(published, indicator) for indicator in counting])[
        published.neighbourhoods.rows(code)
    ]
    each = np.ones(len(counting))
    return needs.rank_intervals(
        here, weights=each, direction=each, scale=None, draws=DRAWS, concentration=float(len(counting)), rng=SEED
    )


def counted(weights: Weights) -> tuple[str, ...]:
    """The indicators that count at all."""
    return tuple(part.indicator for part, weight in zip(risk_index().parts, weights, strict=True) if weight > 0)


def _parts(published: Published, weights: Weights) -> tuple[Floats, Floats]:
    """The parts that count, each 0 to 10 with 10 = high risk within England, for all neighbourhoods; their weights."""
    index = risk_index()
    if len(weights) != len(index.parts):
        raise ValueError(f"weights: expected {len(index.parts)}, one for each part of the index, found {len(weights)}")
    counting = counted(weights)
    if not counting:
        raise ValueError("weights: give at least one part a weight above 0")
    columns = [on_scale(published, indicator) for indicator in counting]
    return np.column_stack(columns), np.array([weight for weight in weights if weight > 0])


def on_scale(published: Published, indicator: str) -> Floats:
    """A figure 0 to 10 by min-max within England, 10 = high risk. What is on that scale already stays as it is."""
    values = published.neighbourhoods.indicator(indicator)
    definition = indicators()[indicator]
    if definition.unit == "score 0 to 10":
        return values
    england = published.summary(ENGLAND, indicator)
    if england is None or england.maximum <= england.minimum:
        return np.full(len(values), np.nan)
    scaled = 10 * (values - england.minimum) / (england.maximum - england.minimum)
    return scaled if definition.direction > 0 else 10 - scaled


@lru_cache(maxsize=64)
def _national_edges(published: Published, weights: Weights) -> tuple[Floats | None, Floats | None]:
    """The scores between the tenths and the fifths of England's neighbourhoods; None where England is not known."""
    if published.areas[ENGLAND].whole:
        parts, used = _parts(published, weights)
        score = needs.composite(parts, weights=used, direction=np.ones(len(used)), scale=None)
        return _quantiles(score, range(10, 100, 10)), _quantiles(score, (20, 40, 60, 80))
    summary = published.summary(ENGLAND, risk_index().score)
    if summary is None or not _as_published(weights):
        return None, None
    # Quantiles are kept at every twentieth.
    return summary.quantiles[2:19:2], summary.quantiles[4:17:4]


def _as_published(weights: Weights) -> bool:
    """Whether these weights stand to one another as in the index as published."""
    own = np.array(risk_index().weights)
    return bool(np.allclose(np.array(weights) / sum(weights), own / own.sum()))


def _quantiles(values: Floats, percents) -> Floats:
    known = values[np.isfinite(values)]
    return np.percentile(known, list(percents)) if len(known) else np.full(len(list(percents)), np.nan)
