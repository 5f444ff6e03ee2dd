"""Weights that add up to several known totals at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, codes, length, numbers, whole
from inroads.methods.weighting.indicators import Codes, Indicators, added

AGREEMENT = 1e-6
"""How far the totals of two margins may differ, as a share, and count as rounding."""


@dataclass(frozen=True, eq=False)
class Raked:
    """The weights (n,) of n respondents after raking, and how well they meet the margins.

    weights
        (n,), in the order given. They add up to the total of the margins.
    iterations
        Times all margins were gone through.
    residual
        The largest gap left between a category's weights and its target, as a share of the target.
    converged
        Whether `residual` came down to the tolerance. Where it did not, `note` says what stands in the way.
    before
        (n,) the weights raking began with.
    categories, sizes
        The codes (n, C), and how many categories each of the C margins has.
    held
        (n,) whether trimming holds this weight at one of its limits.
    note
        What a reader has to know, in words; empty where there is nothing.
    """

    weights: Array
    iterations: int
    residual: float
    converged: bool
    before: Array
    categories: Codes
    sizes: tuple[int, ...]
    held: NDArray[np.bool_]
    note: str


def rake(
    weights: ArrayLike,
    categories: ArrayLike,
    margins: Sequence[ArrayLike],
    *,
    trim: float | tuple[float, float] | None = None,
    tolerance: float = 1e-9,
    max_iterations: int = 1000,
) -> Raked:
    """Weights (n,) changed as little as can be so that each category's weights add up to its known total.

    weights
        (n,) of 0 or more, the weights to begin with: 1 for everybody, or what the design of the sample says.
    categories
        (n, C) whole numbers: each respondent's category under each of C margins, counted from 0.
    margins
        C arrays (k_c,) of totals of 0 or more. All must add up to the same (one part in a million is taken for
        rounding, and the others are rescaled to the first). Shares will do: then the weights add up to 1.
    trim
        Limits of the weights as multiples of their mean (total / n): `trim=(0.2, 5)`, or `trim=5` for an upper limit
        only. The limits are part of the raking, so trimmed weights still meet the margins; where limits and margins
        cannot both be met, the limits are, and the result says so. A weight of 0 stays 0, and a category with the
        target 0 gets 0, whatever the lower limit.
    tolerance
        The `residual` at which raking stops.
    max_iterations
        How often the margins are gone through at most.

    Formula: w = d f1[category 1] … fC[category C], held within the limits, with d the weights given. Margin by margin,
    f is multiplied by target / (what the category's weights add up to), until all targets are met. Of all weights
    that meet the margins (and the limits), these have the smallest Σ w log(w / d) - w + d.

    Raises `ValueError` naming the argument, with row and column: negative or missing weights, a code outside its
    margin, margins that do not add up to the same, a target above 0 in a category where nobody answered.
    Raking that does not converge is no error: see `Raked.converged` and `Raked.note`.
    Source: Deming & Stephan (1940), Annals of Mathematical Statistics 11(4), 427-444; Deville, Särndal & Sautory
    (1993), Journal of the American Statistical Association 88(423), 1013-1020 (raking with limits).
    """
    start = numbers(weights, "weights", what="a weight", least=0)
    targets = _as_margins(margins)
    table = codes(categories, "categories", ndim=2)
    length(table, "categories", start.size, "weights")
    sizes = tuple(target.size for target in targets)
    _check_codes(table, sizes)
    numbers([tolerance], "tolerance", least=0)
    limit = whole(max_iterations, "max_iterations")
    rows = Indicators([np.ascontiguousarray(column) for column in table.T], sizes)
    _check_reached(rows.totals(start), targets)

    low, high = _limits(trim, targets[0].sum() / start.size)
    # What may carry a weight at all: the lower limit must not give one to those who have none, or shall have none.
    alive = start > 0
    for column, target in zip(rows.columns, targets, strict=True):
        alive &= target[column] > 0
    # Brought to the size of the targets first, so that limits hold back what raking asks for and nothing else.
    free = np.where(alive, start, 0.0)
    free *= targets[0].sum() / free.sum() if free.sum() > 0 else 1.0
    iterations = 0
    with np.errstate(over="ignore"):  # where limits and margins contradict one another, a factor grows for ever
        while True:
            iterations += 1
            for column, target, size in zip(rows.columns, targets, sizes, strict=True):
                fitted = _within(free, alive, low, high)
                reached = added(column, fitted, size)
                free = free * np.divide(target, reached, out=np.ones(size), where=reached > 0)[column]
            fitted = _within(free, alive, low, high)
            residual = _gap(rows.totals(fitted), targets)
            if residual <= tolerance or iterations == limit:
                break
    converged = bool(residual <= tolerance)
    held = alive & ((fitted <= low) | (fitted >= high)) if trim is not None else np.zeros(start.size, dtype=bool)
    return Raked(
        weights=fitted,
        iterations=iterations,
        residual=float(residual),
        converged=converged,
        before=start.copy(),
        categories=table,
        sizes=sizes,
        held=held,
        note="" if converged else _why(rows.totals(fitted), targets, iterations, trimmed=trim is not None),
    )


def _as_margins(margins: Sequence[ArrayLike]) -> list[Array]:
    """The margins as arrays that all add up to the total of the first."""
    targets = [numbers(margin, f"margins[{place}]", what="a total", least=0) for place, margin in enumerate(margins)]
    if not targets:
        raise ValueError("margins: is empty; give one array of totals for each column of categories")
    totals = [float(target.sum()) for target in targets]
    if totals[0] <= 0:
        raise ValueError("margins[0]: adds up to 0; give the number of people (or the share) in each category")
    for place, total in enumerate(totals):
        if abs(total / totals[0] - 1) > AGREEMENT:
            raise ValueError(
                f"margins[{place}]: adds up to {total:.10g} where margins[0] adds up to {totals[0]:.10g}; give totals "
                "of the same people, or multiply one of them so that both add up to the same"
            )
    return [target * (totals[0] / total) for target, total in zip(targets, totals, strict=True)]


def _check_codes(table: Codes, sizes: tuple[int, ...]) -> None:
    if table.shape[1] != len(sizes):
        raise ValueError(
            f"categories: has {table.shape[1]} columns where there are {len(sizes)} margins; give one for each"
        )
    wrong = table >= np.array(sizes)
    if wrong.any():
        row, column = (int(p) for p in np.argwhere(wrong)[0])
        raise ValueError(
            f"categories: row {row}, column {column} (counting from 0) is {table[row, column]}; margins[{column}] has "
            f"{sizes[column]} totals, so give whole numbers from 0 to {sizes[column] - 1}"
        )


def _check_reached(reached: list[Array], targets: list[Array]) -> None:
    for place, (sums, target) in enumerate(zip(reached, targets, strict=True)):
        empty = np.flatnonzero((sums <= 0) & (target > 0))
        if empty.size:
            raise ValueError(
                f"margins[{place}]: category {empty[0]} has the total {target[empty[0]]:.10g} and nobody with a weight "
                "above 0 in it; nobody can stand for them, so join it to another category"
            )


def _limits(trim: float | tuple[float, float] | None, mean: float) -> tuple[float, float]:
    """The lowest and the highest weight allowed, `trim` being multiples of the `mean` weight."""
    if trim is None:
        return 0.0, np.inf
    ends = numbers(trim, "trim", ndim=(0, 1), what="a multiple of the mean weight", least=0).ravel().tolist()
    low, high = [0.0, *ends] if len(ends) == 1 else ends if len(ends) == 2 else (0.0, 0.0)
    if not low < 1 < high:
        raise ValueError(
            f"trim: found {trim!r}; give an upper limit above 1, or (lower, upper) with 1 between them, as multiples "
            "of the mean weight"
        )
    return low * mean, high * mean


def _within(free: Array, alive: NDArray[np.bool_], low: float, high: float) -> Array:
    if low == 0.0 and np.isinf(high):
        return free
    held: Array = np.where(alive, np.clip(free, low, high), 0.0)
    return held


def _gap(reached: list[Array], targets: list[Array]) -> float:
    """The largest gap as a share of its target. A category with the target 0 carries no weight at all."""
    return max(
        float(np.abs(sums[target > 0] / target[target > 0] - 1).max())
        for sums, target in zip(reached, targets, strict=True)
    )


def _why(reached: list[Array], targets: list[Array], iterations: int, *, trimmed: bool) -> str:
    """What stands in the way: the category that is furthest from its target."""
    _, place, category, have, want = max(
        (abs(have / want - 1), place, category, have, want)
        for place, (sums, target) in enumerate(zip(reached, targets, strict=True))
        for category, (have, want) in enumerate(zip(sums, target, strict=True))
        if want > 0
    )
    remedy = "Try wider limits, or join" if trimmed else "Join"
    return (
        f"Not converged after {iterations} rounds: in category {category} of margin {place} the weights add up to "
        f"{have:.6g} where the target is {want:.6g}. {remedy} categories in which few people answered."
    )
