"""Which sites reach which zones, as it is given and as it is counted with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array, numbers, rows, where

if TYPE_CHECKING:
    from scipy.sparse import csc_array, csr_array

Whole = NDArray[np.int64]


LARGEST = 2**31
"""More zones than anybody has."""


@dataclass(frozen=True, eq=False)
class Reaching:
    """n zones that sites can reach: `people` (n, G) by group, `by_zone` and `by_site` (n, S) as sparse matrices.

    Zones that the very same sites reach are one.
    """

    people: Array
    by_zone: "csr_array"
    by_site: "csc_array"

    @property
    def total(self) -> Array:
        """(n,) people of all groups."""
        total: Array = self.people.sum(axis=1)
        return total

    def loops(self) -> tuple[Array, Whole, Whole, Whole, Whole]:
        """Demand and both lists of neighbours, as the compiled loops take them."""
        zones, sites = self.by_zone, self.by_site
        return (
            self.total,
            sites.indices.astype(np.int64),
            sites.indptr.astype(np.int64),
            zones.indices.astype(np.int64),
            zones.indptr.astype(np.int64),
        )


def as_reach(given: object, zones: int) -> "csc_array":
    """`given` as a sparse (Z, S) matrix of True. Raises `ValueError`."""
    from scipy.sparse import csc_array, issparse

    if issparse(given):
        matrix = csc_array(given)
        matrix.check_format(full_check=True)  # compiled loops follow these places without looking
        if not np.isin(matrix.data, (0, 1)).all():
            raise ValueError("reach: has entries other than True and False; compare distances with a limit first")
    elif (lists := _as_lists(given)) is not None:
        matrix = _from_rows(lists, zones)
    else:
        table = numbers(given, "reach", ndim=2, what="True or False")  # type: ignore[arg-type]
        wrong = (table != 0) & (table != 1)
        if wrong.any():
            place = tuple(int(p) for p in np.argwhere(wrong)[0])
            raise ValueError(f"reach: {where(place)} is {table[place]:g}; give True where the site reaches the zone")
        matrix = csc_array(table)
    if matrix.shape[0] != zones:
        raise ValueError(
            f"reach: has {matrix.shape[0]} rows where there are {zones} entries of demand; give one for each"
        )
    matrix = matrix.astype(bool)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def merged(people: Array, matrix: "csc_array", *, merge: bool) -> Reaching:
    """The zones with people that some site reaches; those that the same sites reach as one, where `merge`."""
    from scipy.sparse import csr_array

    table = csr_array(matrix)
    table.sort_indices()
    keep = np.flatnonzero((np.diff(table.indptr) > 0) & (people.sum(axis=1) > 0))
    table, people = table[keep], people[keep]
    if merge and len(keep):
        # Sets of sites are told apart by sums of random 64-bit numbers: two of them agree once in 10^30.
        marks = np.random.default_rng(0).integers(0, 2**63, size=(matrix.shape[1], 2), dtype=np.uint64)
        sums = np.add.reduceat(marks[table.indices], table.indptr[:-1], axis=0)
        _, first, which = np.unique(sums, axis=0, return_index=True, return_inverse=True)
        which = which.ravel()
        added = np.zeros((len(first), people.shape[1]))
        np.add.at(added, which, people)
        table, people = table[first], added
    return Reaching(people, table, table.tocsc())


def _as_lists(given: object) -> "list[NDArray[np.integer]] | None":
    """One array of rows for each site, where integer arrays, sets, or lists of several lengths are given; else None."""
    if not isinstance(given, list | tuple) or not given:
        return None
    arrays = all(isinstance(one, np.ndarray) and one.ndim == 1 and one.dtype.kind in "iu" for one in given)
    plain = all(isinstance(one, list | tuple | set | range) for one in given) and (
        any(isinstance(one, set | range) for one in given) or len({len(one) for one in given}) > 1
    )
    if not (arrays or plain):
        return None
    return [rows(sorted(one) if isinstance(one, set) else one, f"reach[{s}]", LARGEST) for s, one in enumerate(given)]


def _from_rows(given: Sequence[NDArray[np.integer]], zones: int) -> "csc_array":
    from scipy.sparse import csc_array

    for site, reached in enumerate(given):
        if reached.size and (reached.min() < 0 or reached.max() >= zones):
            wrong = reached[(reached < 0) | (reached >= zones)][0]
            raise ValueError(
                f"reach: entry {site} (counting from 0) names zone {wrong}; give rows from 0 to {zones - 1}"
            )
    columns = np.repeat(np.arange(len(given)), [reached.size for reached in given])
    return csc_array((np.ones(columns.size), (np.concatenate(given), columns)), shape=(zones, len(given))).astype(bool)
