"""How much a place counts by how far away it is."""

from dataclasses import dataclass

import numpy as np

from inroads.methods.arguments import Array


@dataclass(frozen=True)
class Steps:
    """Zones of travel, each with one weight: `weights[k]` up to and including `edges[k]`, and 0 beyond the last.

    `edges` are K distances (metres) or travel costs above 0, each larger than the one before; `weights` are K numbers
    from 0 to 1, none larger than the one before. Raises `ValueError` naming the entry, counted from 0.

    Source: Luo & Qi (2009), Health & Place 15(4), 1100-1107. Their weights for zones of 0-10, 10-20 and 20-30 minutes
    are 1, 0.68 and 0.22 (slow decay) or 1, 0.42 and 0.09 (fast decay).
    """

    edges: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        edges, weights = _entries(self.edges, "edges"), _entries(self.weights, "weights")
        if len(edges) != len(weights):
            raise ValueError(
                f"weights: has {len(weights)} entries where there are {len(edges)} edges; give one for each"
            )
        for k, (edge, weight) in enumerate(zip(edges, weights, strict=True)):
            if not 0 < edge < np.inf or (k and edge <= edges[k - 1]):
                raise ValueError(
                    f"edges: entry {k} (counting from 0) is {edge:g}; give distances above 0, each larger "
                    "than the one before"
                )
            if not 0 <= weight <= 1 or (k and weight > weights[k - 1]):
                raise ValueError(
                    f"weights: entry {k} (counting from 0) is {weight:g}; give numbers from 0 to 1, none "
                    "larger than the one before"
                )
        object.__setattr__(self, "edges", edges)
        object.__setattr__(self, "weights", weights)

    def weigh(self, distance: Array) -> Array:
        """The weight of each distance; the last edge's own distance still counts."""
        zone = np.searchsorted(self.edges, distance, side="left")
        return np.append(self.weights, 0.0)[zone]


@dataclass(frozen=True)
class Gaussian:
    """A normal kernel: exp(-d² / (2 bandwidth²)), 1 at distance 0, 0.61 at the bandwidth and 0.14 at twice that.

    `bandwidth` is a distance (metres) or travel cost above 0. Raises `ValueError`.
    """

    bandwidth: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "bandwidth", above_zero(self.bandwidth, "bandwidth", "1000"))

    def weigh(self, distance: Array) -> Array:
        """The weight of each distance."""
        weight: Array = np.exp(-((distance / self.bandwidth) ** 2) / 2)
        weight[weight < FAINTEST] = 0.0
        return weight


Decay = Steps | Gaussian

FAINTEST = 1e-100
"""A smaller weight of a normal kernel counts as 0: dividing by it, and multiplying again, would run out of numbers."""


def above_zero(given: float, name: str, example: str) -> float:
    """`given` as a finite number above 0. Raises `ValueError` naming the argument."""
    if isinstance(given, bool) or not isinstance(given, int | float | np.number) or not 0 < given < np.inf:
        raise ValueError(f"{name}: expected a distance above 0, such as {example}, found {given!r}")
    return float(given)


def _entries(given: object, name: str) -> tuple[float, ...]:
    try:
        table = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: expected a number in each entry ({error})") from error
    if table.ndim != 1 or not table.size:
        raise ValueError(f"{name}: expected one row of one or more numbers, found {given!r}")
    return tuple(float(value) for value in table)
