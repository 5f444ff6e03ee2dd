"""Rates of many kinds of people from published tables that each speak of a few groups."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.arguments import Array, codes, generator, length, numbers, whole
from inroads.methods.logistic import expit, logit
from inroads.methods.needs.published_rates import Key, Table, as_tables, brought_together, certainties
from inroads.methods.weighting.indicators import Indicators, solve


@dataclass(frozen=True, eq=False)
class Calibrated:
    """Rates of P profiles that agree with T published tables.

    rates, se
        (P,) shares of people, 0 to 1, and their standard errors (from those of the tables). NaN where no published
        figure speaks of a profile.
    factor
        (P, K): `factor @ factor.T` is the covariance of the rates, K the number of published figures. Give it to
        `Fit.expected` in place of rates to get (Z, K); the root of the sum of its squares over K is the standard
        error of the expected counts.
    discrepancy
        (T,) the overall rate of each table, divided by that of the first, less 1: how far the tables disagreed before
        they were brought together. NaN for a table with gaps, which has no overall rate.
    residual
        (T,) the largest difference left between a table's rates, brought together, and those of the profiles.
    converged, iterations
        Whether every residual came down to the tolerance, and in how many steps of Newton's method.
    note
        What a reader has to know, in words; empty where there is nothing.
    """

    rates: Array
    se: Array
    factor: Array
    discrepancy: Array
    residual: Array
    converged: bool
    iterations: int
    note: str

    def replicates(self, draws: int, rng: np.random.Generator | int) -> Array:
        """(P, draws) sets of rates as the tables' standard errors let them vary, each between 0 and 1.

        Drawn on the logit scale around `rates`, so that a profile's rates move together as they should. Give them to
        `Fit.expected` to carry the uncertainty through whatever follows.
        """
        source, count = generator(rng), whole(draws, "draws")
        normal = source.standard_normal((self.factor.shape[1], count))
        spread = (self.rates * (1 - self.rates))[:, np.newaxis]
        moved = np.divide(self.factor @ normal, spread, out=np.zeros((self.rates.size, count)), where=spread > 0)
        drawn = expit(logit(self.rates)[:, np.newaxis] + moved)
        drawn[np.isnan(self.rates)] = np.nan
        return drawn


def calibrate(
    profiles: ArrayLike,
    rates_by_group: Mapping[Key, ArrayLike],
    *,
    se: Mapping[Key, ArrayLike] | None = None,
    weights: ArrayLike | None = None,
    tolerance: float = 1e-9,
    max_iterations: int = 100,
) -> Calibrated:
    """Rates (P,) of P profiles that agree with published rates of groups, and say nothing more than those do.

    profiles
        (P, C) whole numbers: the category of each kind of person under each of C characteristics, counted from 0.
    rates_by_group
        Published tables: `{0: [...], (1, 2): [[...], [...]]}` gives the rate of each category of column 0, and of
        each combination of columns 1 and 2 (an array of shape (k1, k2)). Shares from 0 to 1; NaN where none was
        published. The first table is the one the others are brought to.
    se
        Standard errors of published rates, in the same form; a table that is not named is taken as exact.
    weights
        (P,) people that each profile stands for where the tables speak (England, say); 1 each without them.
    tolerance
        The largest difference allowed between a published rate and that of the profiles.
    max_iterations
        Steps of Newton's method at most.

    Formula: logit(rate) = sum of one effect for each published group a profile is in, with effects such that the
    weighted mean rate of every published group is the published one. Of all rates that agree with the tables, these
    have the largest entropy (people of one profile being in or out independently): no pattern is added to what was
    published. They are the fitted rates of a logistic regression with those effects, had there been a file of people.

    Tables of one survey differ in their overall rate because of rounding and of people who did not say. Each table
    without gaps is moved on the logit scale, by one number, until its overall rate is that of the first without gaps;
    `Calibrated.discrepancy` reports it. A rate of 0 or 1 is taken as certain.
    Standard errors by the delta method, the published figures taken as independent of one another.

    Raises `ValueError` naming the argument, the table and the entry. No convergence is no error: `converged` is
    False, `se` and `factor` are NaN, and `note` says which group's rate cannot be met: tables contradict one another.
    Source: Jaynes (1957), Physical Review 106(4), 620-630; Agresti (2013), Categorical Data Analysis, 3rd ed.,
    section 5.3 (likelihood equations of logit models: fitted margins equal those observed).
    """
    table = codes(profiles, "profiles", ndim=2)
    people = np.ones(table.shape[0]) if weights is None else numbers(weights, "weights", what="people", least=0)
    length(people, "weights", table.shape[0], "profiles")
    limit = whole(max_iterations, "max_iterations")
    gap = float(numbers(tolerance, "tolerance", ndim=0, least=0))
    tables = as_tables(table, rates_by_group, se, people)
    together, discrepancy, jacobian = brought_together(tables)

    rows = Indicators([one.group for one in together], [one.size for one in together])
    counts = np.concatenate([one.people for one in together])
    spoken = np.any([one.group < one.size for one in together], axis=0)
    sure = certainties(together)
    free = np.isnan(sure) & spoken
    certain = np.where(np.isnan(sure), 0.0, sure)
    # What is left for the others once the certain ones are counted.
    settled = np.concatenate(rows.totals(np.where(free, 0.0, people * certain)))
    wanted = np.concatenate([one.people * one.rates for one in together]) - settled

    inside = np.where(free, people, 0.0)
    effects, iterations = _newton(rows, inside, wanted, counts, gap=gap, limit=limit)
    rates = np.where(free, expit(rows.spread(effects)), certain)
    reached = [sums / one.people for sums, one in zip(rows.totals(people * rates), together, strict=True)]
    residual = np.array(
        [np.abs(have - one.rates).max(initial=0.0) for have, one in zip(reached, together, strict=True)]
    )
    converged = bool((residual <= gap).all())

    variance = np.where(free, rates * (1 - rates), 0.0)
    errors = np.concatenate([one.se for one in together])
    moves = solve(rows.products(inside * variance), counts[:, np.newaxis] * jacobian * errors)
    factor = variance[:, np.newaxis] * rows.spread(moves)
    # Rates that do not meet the tables have no errors that follow from theirs.
    factor[~spoken if converged else slice(None)] = np.nan
    return Calibrated(
        rates=np.where(spoken, rates, np.nan),
        se=np.sqrt((factor**2).sum(axis=1)),
        factor=factor,
        discrepancy=discrepancy,
        residual=residual,
        converged=converged,
        iterations=iterations,
        note=_note(int((~spoken).sum()), "" if converged else _worst(together, reached, iterations)),
    )


def _newton(
    rows: Indicators, people: Array, wanted: Array, counts: Array, *, gap: float, limit: int
) -> tuple[Array, int]:
    """Effects (K,) that make the rates of the groups add up to `wanted`, and the steps taken.

    They are at the bottom of a bowl, Σ people log(1 + exp(X effects)) - effects · wanted; steps that do not lead
    downwards are halved.
    """
    effects = np.zeros(wanted.size)
    linear = rows.spread(effects)
    height = people @ np.logaddexp(0.0, linear) - effects @ wanted
    for iteration in range(1, limit + 1):
        rates = expit(linear)
        slope = np.concatenate(rows.totals(people * rates)) - wanted
        if np.abs(slope / counts).max(initial=0.0) <= gap / 10:
            return effects, iteration - 1
        step = -solve(rows.products(people * rates * (1 - rates)), slope)
        for _ in range(30):
            tried = rows.spread(effects + step)
            lower = people @ np.logaddexp(0.0, tried) - (effects + step) @ wanted
            if lower <= height + 1e-12 * abs(height):
                break
            step = step / 2
        effects, linear, height = effects + step, tried, lower
    return effects, limit


def _worst(tables: list[Table], reached: list[Array], iterations: int) -> str:
    _, table, cell = max(
        (abs(float(have) - float(rate)), t, g)
        for t, one in enumerate(tables)
        for g, (have, rate) in enumerate(zip(reached[t], one.rates, strict=True))
    )
    one, group = tables[table], tables[table].cells[cell].tolist()
    return (
        f"Not converged after {iterations} steps: in table {one.name!r}, group "
        f"{group[0] if len(group) == 1 else group}, the rate is {reached[table][cell]:.4g} where "
        f"{one.rates[cell]:.4g} is wanted. Look for tables that contradict one another."
    )


def _note(unspoken: int, worst: str) -> str:
    said = [worst] if worst else []
    if unspoken:
        said.append(f"No published rate speaks of {unspoken} profiles: their rate is not known.")
    return " ".join(said)
