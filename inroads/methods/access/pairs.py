"""Sums over all pairs of an origin and an asset within a catchment, from coordinates or from travel costs."""

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np

from inroads.methods.access.decay import FAINTEST, Decay, Steps
from inroads.methods.access.grid import Grid, Sorted, grid_over, sort_into
from inroads.methods.arguments import Array
from inroads.methods.threads import in_blocks

if TYPE_CHECKING:
    from scipy.sparse import csr_array, sparray, spmatrix


CELLS_PER_RADIUS = 2
"""Smaller cells fit the disc more closely, larger ones leave longer stretches of memory."""

HAIR = 1e-12
"""A hair on a squared distance: 5 nanometres at 10 kilometres."""

ZONES = 4
"""Zones of distance that one pass over the points tells apart."""


class Pairs(Protocol):
    """Σ w(d[z, a]) value, over the origins for each asset, or over the assets for each origin."""

    def to_assets(self, value: Array) -> Array:
        """From (Z,) to (A,)."""

    def to_origins(self, value: Array) -> Array:
        """From (A,) to (Z,)."""

    def squared(self) -> "Pairs":
        """The same pairs, each with the square of its weight."""


@dataclass(frozen=True, eq=False)
class Ring:
    """One pass over the points: how far it reaches, its limits of squared distance and its weights."""

    by_steps: bool
    reach: float
    limits: Array
    weights: Array


@dataclass(frozen=True, eq=False)
class ByCoordinates:
    """Pairs by straight-line distance, found anew in each sum: storing them would take gigabytes."""

    origins: Sorted
    assets: Sorted
    grid: Grid
    rings: tuple[Ring, ...]

    @classmethod
    def of(cls, origins: Array, assets: Array, catchment: float, decay: Decay | None) -> Self:
        """The pairs of (Z, 2) and (A, 2) coordinates."""
        everywhere = np.concatenate([origins, assets]) if len(origins) + len(assets) else np.zeros((1, 2))
        rings = _rings(catchment, decay)
        furthest = max((ring.reach for ring in rings), default=catchment)
        grid = grid_over(everywhere, furthest / CELLS_PER_RADIUS, 4 * len(everywhere) + 64)
        return cls(sort_into(grid, origins), sort_into(grid, assets), grid, rings)

    def to_assets(self, value: Array) -> Array:
        """From (Z,) to (A,)."""
        return self._add_up(self.assets, self.origins, value)

    def to_origins(self, value: Array) -> Array:
        """From (A,) to (Z,)."""
        return self._add_up(self.origins, self.assets, value)

    def squared(self) -> "ByCoordinates":
        """The same pairs, each with the square of its weight."""
        rings = [replace(r, weights=r.weights**2 if r.by_steps else r.weights * 2) for r in self.rings]
        return replace(self, rings=tuple(rings))

    def _add_up(self, here: Sorted, there: Sorted, value: Array) -> Array:
        from inroads.methods.access.catchment_kernels import add_up

        grid, total, ordered = self.grid, np.zeros(len(here.x)), value[there.order]

        def sums(ring: Ring, start: int, stop: int) -> None:
            add_up(
                ring.by_steps, here.x, here.y, here.order, start, stop, there.x, there.y, ordered, there.starts,
                grid.west, grid.south, grid.side, grid.columns, grid.rows, ring.reach, ring.limits, ring.weights, total,
            )  # fmt: skip

        for ring in self.rings:
            in_blocks(partial(sums, ring), len(total), block=1024)
        return total


@dataclass(frozen=True, eq=False)
class ByCost:
    """Pairs by travel cost: a sparse (Z, A) matrix of weights."""

    weights: "csr_array"

    @classmethod
    def of(cls, cost: "sparray | spmatrix", shape: tuple[int, int], catchment: float, decay: Decay | None) -> Self:
        """The pairs of a sparse (Z, A) matrix of travel costs. Raises `ValueError`."""
        from scipy.sparse import csr_array, issparse

        if not issparse(cost) or cost.format not in ("csr", "csc", "coo"):
            raise ValueError(
                "cost: expected a SciPy sparse matrix in CSR, CSC or COO form, where what is not stored cannot be "
                f"reached; found {type(cost).__name__}"
            )
        if cost.shape != shape:
            raise ValueError(
                f"cost: has shape {cost.shape} where there are {shape[0]} entries of demand and {shape[1]} of supply; "
                "give a row for each origin and a column for each asset"
            )
        pairs = cost.tocoo()
        rows, columns, paid = pairs.row.astype(np.int64), pairs.col.astype(np.int64), pairs.data.astype(np.float64)
        wrong = np.flatnonzero(~(np.isfinite(paid) & (paid >= 0)))
        if wrong.size:
            at = wrong[0]
            raise ValueError(
                f"cost: row {rows[at]}, column {columns[at]} (counting from 0) is {paid[at]:g}; give a number of 0 or "
                "more, or leave the entry out where nobody can travel"
            )
        near = paid <= catchment
        weight = np.ones(paid.shape) if decay is None else decay.weigh(paid)
        weights = csr_array((weight[near], (rows[near], columns[near])), shape=shape)
        if weights.nnz < near.sum():  # entries of one pair were added up
            raise ValueError("cost: some pair is stored twice; give one cost for each pair (the least)")
        return cls(weights)

    def to_assets(self, value: Array) -> Array:
        """From (Z,) to (A,)."""
        total: Array = self.weights.T @ value
        return total

    def to_origins(self, value: Array) -> Array:
        """From (A,) to (Z,)."""
        total: Array = self.weights @ value
        return total

    def squared(self) -> "ByCost":
        """The same pairs, each with the square of its weight."""
        squares = self.weights.copy()
        squares.data **= 2
        return ByCost(squares)


def _rings(catchment: float, decay: Decay | None) -> tuple[Ring, ...]:
    """The passes that together weigh every distance up to the catchment."""
    if decay is None:
        decay = Steps((catchment,), (1.0,))
    if not isinstance(decay, Steps):
        faintest = decay.bandwidth * np.sqrt(-2 * np.log(FAINTEST))
        reach = min(catchment, faintest)
        return (Ring(False, reach, np.array([_limit(reach)]), np.array([0.5 / decay.bandwidth**2])),)
    edges = [edge for edge in decay.edges if edge < catchment]
    edges += [catchment] if len(edges) < len(decay.edges) else []
    inner, rings = -1.0, []
    for first in range(0, len(edges), ZONES):
        outer, weights = edges[first : first + ZONES], decay.weights[first : min(first + ZONES, len(edges))]
        spare = ZONES - len(outer)
        limits = [inner, *map(_limit, outer), *[_limit(outer[-1])] * spare]
        rings.append(Ring(True, outer[-1], np.array(limits), np.array([*weights, *[0.0] * spare])))
        inner = _limit(outer[-1])
    return tuple(rings)


def _limit(edge: float) -> float:
    """The square of `edge` and a hair: worked out in another way, the same distance may end in another last digit."""
    return edge * edge * (1 + HAIR)
