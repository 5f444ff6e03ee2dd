"""What people can reach, shared with everybody else who can reach it: floating catchments."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.access.decay import Decay, Gaussian, Steps, above_zero
from inroads.methods.access.pairs import ByCoordinates, ByCost, Pairs
from inroads.methods.access.points import as_points
from inroads.methods.arguments import Array, length, numbers

if TYPE_CHECKING:
    from scipy.sparse import sparray, spmatrix


def two_step(
    origins: ArrayLike | None,
    demand: ArrayLike,
    assets: ArrayLike | None,
    supply: ArrayLike,
    *,
    catchment: float,
    decay: Decay | None = None,
    cost: "sparray | spmatrix | None" = None,
) -> Array:
    """Supply per person within reach of each of Z origins: (Z,), in units of supply per unit of demand.

        ratio[a]  = supply[a] / Σ over origins z of demand[z] w(d[z, a])
        access[z] = Σ over assets a of ratio[a] w(d[z, a])

    with w = 1 within the catchment and 0 beyond it, or the weight of `decay` within the catchment and 0 beyond it.

    origins, assets
        (Z, 2) and (A, 2) eastings and northings in metres (British National Grid, never degrees). Distances d are
        Euclidean. With `cost` they are not needed and may be None.
    demand, supply
        (Z,) and (A,) numbers of 0 or more: people, and what each asset offers (places, hours, posts).
    catchment
        The furthest that counts, above 0, in metres or in the unit of `cost`. A distance equal to it counts.
    decay
        `Steps(edges, weights)` or `Gaussian(bandwidth)`. Steps beyond the catchment are cut off at it.
    cost
        A sparse (Z, A) matrix of travel costs (SciPy's CSR, CSC or COO): entries stored are pairs that can be
        travelled, an entry stored as 0 costs nothing, and what is not stored cannot be reached.

    Where nothing is in reach, access is 0: nothing can be reached, which is not the same as not known. An asset that
    no demand reaches contributes nothing. Else Σ demand × access is the supply of the assets that demand reaches.

    Raises `ValueError` naming the argument and the row, counted from 0.
    Source: Luo & Wang (2003), Environment and Planning B 30(6), 865-884; with decay, Luo & Qi (2009), Health & Place
    15(4), 1100-1107 (steps), and Dai (2010), Health & Place 16(5), 1038-1052 (a continuous kernel).
    """
    people, offered, pairs = _read(origins, demand, assets, supply, catchment=catchment, decay=decay, cost=cost)
    return pairs.to_origins(_ratio(offered, pairs.to_assets(people)))


def three_step(
    origins: ArrayLike | None,
    demand: ArrayLike,
    assets: ArrayLike | None,
    supply: ArrayLike,
    *,
    catchment: float,
    decay: Decay | None = None,
    cost: "sparray | spmatrix | None" = None,
) -> Array:
    """Supply per person where people share themselves out between the assets in reach: (Z,).

        choice[z, a] = w(d[z, a]) / Σ over assets b of w(d[z, b])
        ratio[a]     = supply[a] / Σ over origins z of choice[z, a] demand[z] w(d[z, a])
        access[z]    = Σ over assets a of choice[z, a] ratio[a] w(d[z, a])

    `two_step` has everybody ask every asset in reach in full, and so counts too much demand where there is choice.
    Arguments, errors and what happens where nothing is in reach are those of `two_step`; without `decay` every asset
    in the catchment is chosen equally often.

    Source: Wan, Zou & Sternberg (2012), International Journal of Geographical Information Science 26(6), 1073-1089.
    """
    people, offered, pairs = _read(origins, demand, assets, supply, catchment=catchment, decay=decay, cost=cost)
    choices = pairs.to_origins(np.ones(len(offered)))
    chooses = np.divide(1.0, choices, out=np.zeros_like(choices), where=choices > 0)
    # choice × w is w² over the sum of w, so both remaining steps are sums with squared weights.
    squared = pairs.squared()
    return chooses * squared.to_origins(_ratio(offered, squared.to_assets(chooses * people)))


def _ratio(supply: Array, demand: Array) -> Array:
    return np.divide(supply, demand, out=np.zeros_like(supply), where=demand > 0)


def _read(
    origins: ArrayLike | None,
    demand: ArrayLike,
    assets: ArrayLike | None,
    supply: ArrayLike,
    *,
    catchment: float,
    decay: Decay | None,
    cost: "sparray | spmatrix | None",
) -> tuple[Array, Array, Pairs]:
    people = numbers(demand, "demand", what="the number of people", least=0)
    offered = numbers(supply, "supply", what="what the asset offers", least=0)
    furthest = above_zero(catchment, "catchment", "3000")
    if decay is not None and not isinstance(decay, Steps | Gaussian):
        raise ValueError(f"decay: expected Steps(edges, weights), Gaussian(bandwidth) or None, found {decay!r}")
    start = _points(origins, "origins", people, "entries of demand", needed=cost is None)
    end = _points(assets, "assets", offered, "entries of supply", needed=cost is None)
    if cost is not None:
        return people, offered, ByCost.of(cost, (len(people), len(offered)), furthest, decay)
    return people, offered, ByCoordinates.of(start, end, furthest, decay)


def _points(given: ArrayLike | None, name: str, table: Array, of: str, *, needed: bool) -> Array:
    if given is None:
        if needed:
            raise ValueError(f"{name}: give an easting and a northing in metres in each row, or travel costs as cost")
        return np.empty((0, 2))
    points = as_points(given, name)
    length(points, name, len(table), of)
    return points
