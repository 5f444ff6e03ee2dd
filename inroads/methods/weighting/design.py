"""Who was drawn together with whom: strata, clusters, and the variance of a total over them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, length
from inroads.methods.weighting.indicators import Codes, added


@dataclass(frozen=True, eq=False)
class Design:
    """n respondents in U primary units (clusters; without clusters each respondent is one) in H strata.

    unit (n,), stratum (U,): codes. size (H,): how many units each stratum has. `alone` says whether each respondent
    is a unit by itself, in the order given.
    """

    unit: Codes
    stratum: Codes
    size: Codes
    alone: bool

    @property
    def lonely(self) -> int:
        """How many strata have one unit only, so that nothing shows how much its units differ."""
        return int((self.size == 1).sum())

    def unit_totals(self, table: Array) -> Array:
        """(n, D) to (U, D)."""
        if self.alone:
            return table
        count = table.shape[1]
        cells = self.unit[:, np.newaxis] * count + np.arange(count)
        return added(cells.ravel(), table.ravel(), self.stratum.size * count).reshape(-1, count)

    def variance(self, table: Array) -> Array:
        """The variance (D,) of the column totals of `table` (n, D), already multiplied by the weights.

        Formula: Σ over strata of n_h / (n_h - 1) Σ (u - mean of u in the stratum)², u the totals of units. A stratum
        with one unit adds the square of its distance from the mean of all units.
        """
        totals = self.unit_totals(table)
        units, count = totals.shape
        if units < 2:
            return np.full(count, np.nan)
        if self.size.size == 1:
            centred = totals - totals.mean(axis=0)
            spread: Array = np.einsum("ud,ud->d", centred, centred)
            spread *= units / (units - 1)
            return spread
        order = np.argsort(self.stratum, kind="stable")
        starts = np.concatenate([[0], np.cumsum(self.size)[:-1]])
        totals = totals[order]
        sums = np.add.reduceat(totals, starts, axis=0)
        centres = sums / self.size[:, np.newaxis]
        centres[self.size == 1] = totals.mean(axis=0)
        centred = totals - np.repeat(centres, self.size, axis=0)
        scale = np.where(self.size > 1, self.size / np.maximum(self.size - 1, 1), 1.0)
        summed: Array = np.einsum("ud,ud,u->d", centred, centred, np.repeat(scale, self.size))
        return summed

    def degrees(self, domain: Codes, count: int) -> Array:
        """Degrees of freedom of each of `count` domains: its units less its strata, counting those with members.

        `domain` (n,) are codes; `count` itself stands for none.
        """
        inside = domain < count
        pairs = np.unique(domain[inside] * self.stratum.size + self.unit[inside])
        of, unit = np.divmod(pairs, self.stratum.size)
        units = np.bincount(of, minlength=count)
        strata = np.unique(of * self.size.size + self.stratum[unit]) // self.size.size
        return (units - np.bincount(strata, minlength=count)).astype(np.float64)


def as_design(count: int, strata: ArrayLike | None, clusters: ArrayLike | None) -> Design:
    """The design of `count` respondents. A cluster's name counts within its stratum only."""
    stratum = np.zeros(count, dtype=np.int64) if strata is None else as_names(strata, "strata", count)
    if clusters is None:
        return Design(np.arange(count), stratum, np.bincount(stratum), alone=True)
    cluster = as_names(clusters, "clusters", count)
    width = int(cluster.max(initial=0)) + 1
    units, unit = np.unique(stratum * width + cluster, return_inverse=True)
    of = units // width
    return Design(unit.astype(np.int64), of, np.bincount(of), alone=False)


def as_names(given: ArrayLike, name: str, count: int) -> Codes:
    """Names or numbers (n,) as codes from 0. Raises `ValueError` where one is missing."""
    table: NDArray[np.generic] = np.asarray(given)
    if table.ndim != 1:
        raise ValueError(f"{name}: expected one name for each respondent, found an array of shape {table.shape}")
    length(table, name, count, "weights")
    if table.dtype.kind == "O":
        missing = np.array([value is None or str(value) == "nan" for value in table], dtype=bool)
        table = table.astype(str)
    else:
        missing = np.isnan(table) if table.dtype.kind == "f" else np.zeros(count, dtype=bool)
    if missing.any():
        row = int(np.flatnonzero(missing)[0])
        raise ValueError(f"{name}: row {row} (counting from 0) has no name; give the one it was drawn from")
    found: Codes = np.unique(table, return_inverse=True)[1].astype(np.int64)
    return found
