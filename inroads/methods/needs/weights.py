"""How much each indicator counts: within its component, and its component within the index."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, table_of


@dataclass(frozen=True, eq=False)
class Component:
    """Indicators that are averaged before they enter the index.

    `columns` (k,) are their columns, `within` (k,) their shares inside the component and `share` the component's share
    of the index; shares sum to 1 on each level and are all above 0.
    """

    columns: NDArray[np.intp]
    within: Array
    share: float


@dataclass(frozen=True, eq=False)
class Weighting:
    """The components that count towards the index. Indicators and components of weight 0 are left out."""

    components: tuple[Component, ...]

    @property
    def columns(self) -> NDArray[np.intp]:
        """(k,) the columns that count, component by component."""
        return np.concatenate([component.columns for component in self.components])

    @property
    def shares(self) -> Array:
        """(k,) the share of each of `columns` in the index; they sum to 1."""
        return np.concatenate([component.share * component.within for component in self.components])

    def draw(self, draws: int, *, concentration: float, rng: np.random.Generator) -> Array:
        """(draws, k) shares like the stated ones: Dirichlet on the components, then within each of them."""
        of_components = _dirichlet(np.array([c.share for c in self.components]), draws, concentration, rng)
        return np.concatenate(
            [
                of_components[:, [place]] * _dirichlet(component.within, draws, concentration, rng)
                for place, component in enumerate(self.components)
            ],
            axis=1,
        )


def weighting(
    weights: ArrayLike,
    count: int,
    *,
    groups: Sequence[Hashable] | None = None,
    group_weights: Mapping[Hashable, float] | None = None,
) -> Weighting:
    """The weighting that `composite` describes. Raises `ValueError` naming the argument and the entry."""
    given = _as_weights(weights, count)
    if groups is None:
        if group_weights is not None:
            raise ValueError("group_weights: give groups as well, to say which indicator belongs to which component")
        if not given.any():
            raise ValueError("weights: all are 0; give at least one indicator a weight above 0")
        counting = np.flatnonzero(given)
        return Weighting((Component(counting, _normalised(given[counting]), 1.0),))
    if isinstance(groups, str | Mapping) or len(groups) != count:
        raise ValueError(f"groups: expected a list of {count} component names, one per indicator, found {groups!r}")
    names = list(dict.fromkeys(groups))
    importance = _as_group_weights(names, group_weights)
    parts = []
    for name in names:
        columns = np.array([k for k, group in enumerate(groups) if group == name and given[k] > 0], dtype=np.intp)
        if importance[name] > 0 and columns.size:
            parts.append((importance[name], columns))
        elif importance[name] > 0 and group_weights is not None:
            raise ValueError(
                f"group_weights: component {name!r} has weight {importance[name]}, but all its indicators have weight "
                "0; give one of them a weight, or give the component weight 0"
            )
    if not parts:
        raise ValueError("weights: nothing is left to count; give at least one indicator a weight above 0")
    shares = _normalised(np.array([part[0] for part in parts]))
    return Weighting(
        tuple(
            Component(columns, _normalised(given[columns]), float(share))
            for share, (_, columns) in zip(shares, parts, strict=True)
        )
    )


def _as_weights(weights: ArrayLike, count: int) -> Array:
    given = table_of(weights, "weights", "a number of 0 or more")
    if given.shape != (count,):
        raise ValueError(f"weights: expected {count} numbers, one per indicator, found shape {given.shape}")
    wrong = np.flatnonzero(~(np.isfinite(given) & (given >= 0)))
    if wrong.size:
        raise ValueError(
            f"weights: entry {wrong[0]} (counting from 0) is {given[wrong[0]]}; give a finite number of 0 or more"
        )
    return given


def _as_group_weights(names: list[Hashable], group_weights: Mapping[Hashable, float] | None) -> dict[Hashable, float]:
    if group_weights is None:
        return dict.fromkeys(names, 1.0)
    if not isinstance(group_weights, Mapping):
        raise ValueError(f"group_weights: expected a weight for each component by name, found {group_weights!r}")
    for name in group_weights:
        if name not in names:
            raise ValueError(f"group_weights: no indicator belongs to component {name!r}; groups names {names}")
    for name in names:
        if name not in group_weights:
            raise ValueError(f"group_weights: the weight of component {name!r} is missing; give 0 to leave it out")
    given = _as_weights_by_name(group_weights)
    if not any(given.values()):
        raise ValueError("group_weights: all are 0; give at least one component a weight above 0")
    return given


def _as_weights_by_name(group_weights: Mapping[Hashable, float]) -> dict[Hashable, float]:
    given = {}
    for name, weight in group_weights.items():
        try:
            given[name] = float(weight)
        except (TypeError, ValueError) as error:
            raise ValueError(f"group_weights: component {name!r} has {weight!r}; give a number of 0 or more") from error
        if not (np.isfinite(given[name]) and given[name] >= 0):
            raise ValueError(f"group_weights: component {name!r} has {weight}; give a finite number of 0 or more")
    return given


def _normalised(weights: Array) -> Array:
    scaled: Array = weights / weights.max()  # first, so that the sum of very large weights stays finite
    scaled /= scaled.sum()
    return scaled


def _dirichlet(shares: Array, draws: int, concentration: float, rng: np.random.Generator) -> Array:
    if shares.size == 1:
        return np.ones((draws, 1))
    return rng.dirichlet(concentration * shares, size=draws)
