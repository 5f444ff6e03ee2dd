"""How many people of each kind live in each neighbourhood, from what the Census tells of each table's margin."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, Codes, codes, length, numbers, rows, whole
from inroads.methods.needs.blocks import Layout, Places, laid_out
from inroads.methods.threads import in_blocks

ZONES_AT_A_TIME = 2048
"""Neighbourhoods handed to a thread at once: many more than lie side by side, few enough to keep all threads busy."""


@dataclass(frozen=True, eq=False)
class Fit:
    """Weights of P profiles in Z neighbourhoods that meet C margins, kept as factors and never as a Z × P table.

    residual
        (Z,) the largest difference, in people, between a fitted and a wanted entry of a margin; NaN where the state is
        "empty table".
    iterations
        (Z,) the rounds over all margins that were taken.
    discrepancy
        (Z,) how far the totals of the tables as given lie apart from that of the first, in people: the largest.
    state
        (Z,) one of "fitted"; "empty", where nobody lives and all weights are 0; "no profile", where a margin counts
        people of a kind that no profile can stand for, so that no weights meet all margins; "empty table", where one
        table counts nobody though the first does, so weights are NaN; "not converged", where the rounds ran out.
        Read figures of the last three with `residual` beside them.
    """

    residual: Array
    iterations: Places
    discrepancy: Array
    state: NDArray[np.str_]
    _profiles: Codes
    _seed: Array
    _factors: Array
    _layout: Layout
    _threads: int | None

    def expected(self, rates: ArrayLike) -> Array:
        """The sum over profiles of weight × rate in each neighbourhood: (Z,) for rates (P,), (Z, M) for (P, M).

        With the share of each profile that a thing is true of, this is the number of people it is expected to be true
        of. Raises `ValueError` naming `rates` and the row.
        """
        from inroads.methods.needs.fitting_kernels import expect_zones

        given = numbers(rates, "rates", ndim=(1, 2), what="a finite number")
        length(given, "rates", len(self._seed), "profiles")
        table = given.reshape(len(self._seed), -1)
        plan, zones = self._layout, len(self.residual)
        seeded = np.empty((table.shape[1], plan.seed.size))
        for m in range(table.shape[1]):
            seeded[m] = np.bincount(plan.member, self._seed * table[:, m], plan.seed.size)[plan.order]
        out = np.empty((zones, table.shape[1]))

        def some(start: int, stop: int) -> None:
            expect_zones(self._factors[start:stop], seeded, plan.one, plan.two, out[start:stop])

        in_blocks(some, zones, threads=self._threads, block=ZONES_AT_A_TIME)
        return out[:, 0] if given.ndim == 1 else out

    def weights(self, zones: ArrayLike) -> Array:
        """The weights of all profiles in the neighbourhoods of these rows (or where True): (n, P), people."""
        chosen = rows(zones, "zones", len(self.residual))
        out = np.repeat(self._seed[np.newaxis], len(chosen), axis=0)
        for place, column in enumerate(self._layout.columns):
            out *= self._factors[np.ix_(chosen, self._layout.offsets[place] + self._profiles[:, column])]
        return out


def fit(
    profiles: ArrayLike,
    seed: ArrayLike,
    margins: Sequence[ArrayLike],
    *,
    tolerance: float = 1e-6,
    max_iterations: int = 500,
    rescale: bool = True,
    start: Fit | None = None,
    threads: int | None = None,
) -> Fit:
    """Weights of P profiles in each of Z neighbourhoods that meet C margins: iterative proportional fitting.

    Each margin in turn scales the weights of the profiles of each of its categories to the number of people that the
    margin counts there, over and over, until all margins are met. Of all weights that meet the margins, these lie
    nearest to `seed` (least relative entropy), in every neighbourhood on its own.

    profiles
        (P, C) whole numbers: the category, counted from 0, of each profile (or survey respondent) in each margin. A
        two-way margin is one column whose code is that of the pair.
    seed
        (P,) weights of 0 or more to start from, such as design weights, or how many people the profile stands for
        nationally.
    margins
        C tables (Z, k) of 0 or more: people in each of k categories in each neighbourhood.
    tolerance
        In people: a neighbourhood is fitted when no entry of any margin is further off.
    max_iterations
        Rounds over all margins, after which the state is "not converged" (or "no profile").
    rescale
        Tables of one Census do not agree exactly. With True, every table is scaled to the total of the first,
        neighbourhood by neighbourhood, and `discrepancy` says how far they lay apart. With False, tables that do not
        add up to the same are refused.
    start
        A `Fit` of the same profiles and margins, such as one with slightly other seeds: its factors are taken up.
    threads
        How many at once; all that the process may use unless said otherwise. It changes no figure.

    Raises `ValueError` naming the argument and the row. Memory: 8 bytes per neighbourhood and category, four times.
    Source: Deming & Stephan (1940), Annals of Mathematical Statistics 11(4), 427-444; for small areas Lovelace & Dumont
    (2016), Spatial Microsimulation with R. That the limit does not hang on the order of the margins: Csiszar (1975),
    Annals of Probability 3(1), 146-158.
    """
    from inroads.methods.needs.fitting_kernels import fit_zones

    tables = _as_margins(margins)
    table = _as_profiles(profiles, tables)
    weights = numbers(seed, "seed", what="a weight", least=0).copy()  # the caller may go on to change it
    length(weights, "seed", len(table), "profiles")
    if not weights.any():
        raise ValueError("seed: all are 0; give at least one profile a weight above 0")
    near = float(numbers(tolerance, "tolerance", ndim=0, what="a number of people", least=0))
    rounds = whole(max_iterations, "max_iterations")
    totals = np.column_stack([margin.sum(axis=1) for margin in tables])
    discrepancy = np.abs(totals - totals[:, :1]).max(axis=1)
    if not rescale:
        _refuse_disagreement(totals, near)
    plan = laid_out(table, weights, [margin.shape[1] for margin in tables])
    target, lacking = _targets(tables, totals, plan, rescale=rescale)
    if start is not None and not isinstance(start, Fit):
        raise ValueError(f"start: expected a Fit, found {type(start).__name__}")
    if start is not None and (start._factors.shape != target.shape or start._layout.columns != plan.columns):
        raise ValueError("start: is a fit of other profiles or margins; give one of the same shapes, or none")
    beginning = np.ones((1, target.shape[1])) if start is None else _usable(start._factors)
    zones = len(target)
    factors, residual, iterations = np.empty_like(target), np.empty(zones), np.empty(zones, dtype=np.int32)

    def some(first: int, stop: int) -> None:
        fit_zones(
            target[first:stop],
            beginning if start is None else beginning[first:stop],
            plan.one,
            plan.two,
            near,
            rounds,
            factors[first:stop],
            residual[first:stop],
            iterations[first:stop],
        )

    in_blocks(some, zones, threads=threads, block=ZONES_AT_A_TIME)
    state = np.full(zones, "fitted", dtype="<U13")
    late = ~(residual <= near)
    state[late] = "not converged"
    state[late] = np.where(_without_profile(target[late], table, weights, plan), "no profile", state[late])
    state[totals[:, 0] == 0] = "empty"
    state[lacking] = "empty table"
    factors[lacking], residual[lacking] = np.nan, np.nan
    return Fit(residual, iterations, discrepancy, state, table, weights, factors, plan, threads)


def _as_margins(margins: Sequence[ArrayLike]) -> list[Array]:
    if not isinstance(margins, Sequence | np.ndarray) or not len(margins):
        raise ValueError("margins: give at least one table of people by neighbourhood and category")
    tables: list[Array] = []
    for place, margin in enumerate(margins):
        table = numbers(margin, f"margins[{place}]", ndim=2, what="a number of people", least=0)
        if not table.shape[1]:
            raise ValueError(f"margins[{place}]: has no category; give a column for each")
        length(table, f"margins[{place}]", tables[0].shape[0] if tables else len(table), "neighbourhoods")
        tables.append(table)
    return tables


def _as_profiles(profiles: ArrayLike, tables: list[Array]) -> Codes:
    table = codes(profiles, "profiles", ndim=2)
    if table.shape[1] != len(tables):
        raise ValueError(
            f"profiles: has {table.shape[1]} columns where there are {len(tables)} margins; give one for each"
        )
    for column, margin in enumerate(tables):
        wrong = np.flatnonzero(table[:, column] >= margin.shape[1])
        if wrong.size:
            raise ValueError(
                f"profiles: row {wrong[0]}, column {column} (counting from 0) is {table[wrong[0], column]}, but margins"
                f"[{column}] has {margin.shape[1]} categories; give a code from 0 to {margin.shape[1] - 1}"
            )
    return table


def _refuse_disagreement(totals: Array, tolerance: float) -> None:
    apart = np.abs(totals - totals[:, :1]) > np.maximum(tolerance, 1e-9 * totals[:, :1])
    if apart.any():
        zone, column = np.argwhere(apart)[0]
        raise ValueError(
            f"margins: row {zone} (counting from 0) adds up to {totals[zone, 0]:g} in margins[0] and to "
            f"{totals[zone, column]:g} in margins[{column}]; give tables that agree, or rescale=True"
        )


def _targets(tables: list[Array], totals: Array, plan: Layout, *, rescale: bool) -> tuple[Array, NDArray[np.bool_]]:
    """The wanted entries (Z, factors), and where a table is empty though the first is not."""
    lacking = (totals[:, 0] > 0) & (totals == 0).any(axis=1)
    target = np.empty((len(totals), plan.offsets[-1]))
    for place, column in enumerate(plan.columns):
        part = target[:, plan.offsets[place] : plan.offsets[place + 1]]
        part[:] = tables[column]
        if rescale and column:
            with np.errstate(invalid="ignore", divide="ignore"):
                part *= np.where(totals[:, column] > 0, totals[:, 0] / totals[:, column], 0.0)[:, np.newaxis]
    target[lacking] = 0.0  # nothing can be fitted there; all of it is put to NaN in the end
    return target, lacking


def _usable(factors: Array) -> Array:
    """Factors to start from: a category that was empty, or a neighbourhood without a fit, starts anew."""
    return np.where(np.isfinite(factors) & (factors > 0), factors, 1.0)


def _without_profile(target: Array, table: Codes, seed: Array, plan: Layout) -> NDArray[np.bool_]:
    """Where a category counts people though each of its profiles has an empty category in another margin."""
    held = table[seed > 0]
    found = np.zeros(len(target), dtype=bool)
    for zone, wanted in enumerate(target):
        possible = np.ones(len(held), dtype=bool)
        for place, column in enumerate(plan.columns):
            possible &= wanted[plan.offsets[place] + held[:, column]] > 0
        reached = np.zeros(target.shape[1], dtype=bool)
        for place, column in enumerate(plan.columns):
            reached[plan.offsets[place] + held[possible, column]] = True
        found[zone] = bool((wanted[~reached] > 0).any())
    return found
