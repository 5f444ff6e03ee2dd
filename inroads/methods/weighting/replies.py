"""What `estimate` is given, checked and brought to one form."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, length, numbers
from inroads.methods.weighting.indicators import Codes
from inroads.methods.weighting.raking import Raked


def as_weights(given: ArrayLike, raked: Raked | None) -> Array:
    """The weights (n,) to use: those of `raked` where there is one, which `weights` must be, or have been."""
    table = numbers(given, "weights", what="a weight", least=0)
    if raked is None:
        return table
    length(table, "weights", raked.weights.size, "raked weights")
    if not (np.allclose(table, raked.weights, rtol=1e-9) or np.allclose(table, raked.before, rtol=1e-9)):
        raise ValueError("weights: are neither those of raked nor those it began with; give one or the other")
    return raked.weights


def as_domains(given: ArrayLike | None, count: int) -> tuple[Codes, int, bool]:
    """Codes (n,), the number of domains (a code of that number: in none), and whether one answer is wanted."""
    if given is None:
        return np.zeros(count, dtype=np.int64), 1, True
    table = np.asarray(given)
    if table.dtype == bool:
        if table.ndim != 1:
            raise ValueError(f"domain: expected one entry for each respondent, found an array of shape {table.shape}")
        length(table, "domain", count, "weights")
        return np.where(table, 0, 1), 1, True
    found = numbers(given, "domain", what="a whole number (a domain's code)", least=0, missing=True)
    length(found, "domain", count, "weights")
    known = ~np.isnan(found)
    wrong = known & (found != np.floor(found))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"domain: row {row} (counting from 0) is {found[row]:g}; give whole numbers of 0 or more")
    domains = int(found[known].max()) + 1 if known.any() else 0
    return np.where(known, found, domains).astype(np.int64), domains, False


def as_values(given: ArrayLike, inside: NDArray[np.bool_], count: int, statistic: str) -> tuple[Array, Array]:
    """Numerator and denominator (n,), the latter 1 but for a ratio; 0 where somebody is outside the domain."""
    table = numbers(given, "values", ndim=2 if statistic == "ratio" else 1, missing=True)
    length(table, "values", count, "weights")
    if statistic == "ratio" and table.shape[1] != 2:
        raise ValueError(f"values: has {table.shape[1]} columns; a ratio takes two, numerator and denominator")
    missing = np.isnan(table if table.ndim == 1 else table.sum(axis=1)) & inside
    if missing.any():
        raise ValueError(
            f"values: row {int(np.flatnonzero(missing)[0])} (counting from 0) is missing; give a number, or leave out "
            "those who did not answer with domain"
        )
    table = np.where(inside if table.ndim == 1 else inside[:, np.newaxis], table, 0.0)
    return (table[:, 0], table[:, 1]) if statistic == "ratio" else (table, np.ones(count))
