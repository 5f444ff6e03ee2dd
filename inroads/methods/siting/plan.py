"""Where the next sites go so that they reach as many people as can be."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, length, numbers, rows, whole
from inroads.methods.siting.parts import by_parts
from inroads.methods.siting.programme import GAP, Solution, Task, solve
from inroads.methods.siting.reaching import as_reach, merged
from inroads.methods.siting.reasons import explained, explained_by_load, in_order
from inroads.methods.siting.shortcuts import first_plan, quick_bound, served_by_hand, shaken

if TYPE_CHECKING:
    from scipy.sparse import csc_array, sparray, spmatrix

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Siting:
    """A plan: which sites to open, whom it reaches, and what no plan could exceed.

    chosen
        (k,) columns of `reach` to open, k at most `open_new`, each adding most to those before it. Fewer are named
        where another site would reach nobody new.
    covered, bound
        People reached by the plan and the sites kept, and a proven bound: no plan under the same limits reaches more.
    reasons
        One sentence for each chosen site.
    share
        (G,) share of each group's people who are reached; NaN for a group of nobody.
    worst_without_equity
        The share of the worst-reached group in the plan without an equity weight; NaN where none was asked for.
    load
        (S,) people served by each site, where capacities are given; else None.
    proven
        Whether the search ended: nothing beats the plan by more than 1 in 10,000 of what it was to maximise. If not,
        time ran out (or only the greedy plan was asked for); `bound` holds all the same.
    """

    chosen: Whole
    covered: float
    bound: float
    reasons: tuple[str, ...]
    share: Array
    worst_without_equity: float
    load: Array | None
    proven: bool


def cover(
    demand: ArrayLike,
    reach: "ArrayLike | sparray | spmatrix | Sequence[NDArray[np.integer]]",
    *,
    open_new: int,
    fixed: ArrayLike | None = (),
    capacity: ArrayLike | None = None,
    equity: float | None = None,
    method: Literal["optimal", "greedy"] = "optimal",
    seconds: float = 30.0,
) -> Siting:
    """At most `open_new` of S sites that, with those kept, reach as many people of Z zones as can be.

        maximise  Σ over zones z of demand[z] reached[z]
        where     reached[z] ≤ Σ over open sites s of reach[z, s],  reached[z] ≤ 1

    demand
        (Z,) people, or (Z, G) people of G groups.
    reach
        (Z, S), True where the site reaches the zone: a SciPy sparse matrix, a table, or a list of S integer arrays,
        each with the rows of the zones that the site reaches.
    fixed
        Columns of sites that exist and are kept, or True for each of them and False for the others. They do not count
        against `open_new`.
    capacity
        (S,) people each site has room for. Zones are then shared out between the open sites that reach them, in parts
        where need be; without it, a site serves whoever it reaches.
    equity
        A weight of 0 or more, with `demand` by group: maximises the share of all people reached, plus `equity` times
        the share reached in the worst-reached group. That group's share is never less than in the plan without it.
    method, seconds
        `"optimal"` searches until nothing can be better by more than 1 in 10,000, or `seconds` are over, and then
        gives the best plan found with its bound. `"greedy"` gives a plan at once: site after site, each the one that
        adds most.

    Raises `ValueError` naming the argument and the row, counted from 0.
    Source: Church & ReVelle (1974), Papers of the Regional Science Association 32(1), 101-118; with capacities,
    Current & Storbeck (1988), Environment and Planning B 15(2), 153-163. The greedy plan reaches at least 63 % of the
    best: Nemhauser, Wolsey & Fisher (1978), Mathematical Programming 14, 265-294.
    """
    began = time.monotonic()
    people = numbers(demand, "demand", ndim=(1, 2), what="the number of people", least=0)
    people = people[:, np.newaxis] if people.ndim == 1 else people
    matrix = as_reach(reach, len(people))
    kept = np.zeros(matrix.shape[1], dtype=bool)
    kept[rows(() if fixed is None else fixed, "fixed", matrix.shape[1])] = True
    most = min(whole(open_new, "open_new", least=0), int((~kept).sum()))
    room = None
    if capacity is not None:
        room = numbers(capacity, "capacity", what="the number of people the site has room for", least=0)
        length(room, "capacity", matrix.shape[1], "sites")
    weight = _equity(equity, people.shape[1])
    if method not in ("optimal", "greedy"):
        raise ValueError(f'method: expected "optimal" or "greedy", found {method!r}')
    if method == "greedy" and weight:
        raise ValueError('equity: is only weighed by method "optimal"; leave it out, or choose that method')
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | np.number) or not 0 < seconds < np.inf:
        raise ValueError(f"seconds: expected a number above 0, such as 30, found {seconds!r}")

    task = _task(people, matrix, kept, most, room)
    plan, bound = _unweighted(task, method == "optimal", float(seconds))
    worst = np.nan
    if weight:
        worst = _worst(task, plan)
        left = float(seconds) - (time.monotonic() - began)
        fairer = _weighted(replace(task, equity=weight, floor=worst), plan, left)
        plan = replace(plan, finished=False) if fairer is None else fairer
    return _told(task, plan, bound, people=people, matrix=matrix, worst=worst)


def _equity(given: float | None, groups: int) -> float:
    if given is None:
        return 0.0
    if isinstance(given, bool) or not isinstance(given, int | float | np.number) or not 0 <= given < np.inf:
        raise ValueError(f"equity: expected a weight of 0 or more, found {given!r}")
    if groups < 2:
        raise ValueError("equity: needs people by group; give demand as a table with a column for each group")
    return float(given)


def _task(people: Array, matrix: "csc_array", kept: Flags, most: int, room: Array | None) -> Task:
    """Without capacities, zones that a kept site reaches are settled and kept sites out of the question."""
    everybody = people.sum(axis=0)
    if room is not None:
        return Task(merged(people, matrix, merge=people.shape[1] == 1), kept, most, 0 * everybody, everybody, room)
    settled = _reached(matrix, kept)
    reaching = merged(np.where(settled[:, np.newaxis], 0.0, people), matrix, merge=True)
    return Task(reaching, kept, most, people[settled].sum(axis=0), everybody)


def _reached(matrix: "csc_array", sites: Flags) -> Flags:
    return np.asarray(matrix.astype(np.int64) @ sites.astype(np.int64)) > 0


def _plan(task: Task, sites: Flags, bound: float, finished: bool) -> Solution:
    if task.capacity is None:
        return Solution(
            sites, _reached(task.reaching.by_site, sites).astype(float), np.zeros(len(sites)), bound, finished
        )
    served, load = served_by_hand(task.reaching, sites, task.capacity)
    return Solution(sites, served, load, bound, finished)


def _people(task: Task, plan: Solution) -> Array:
    groups: Array = task.before + plan.served @ task.reaching.people
    return groups


def _worst(task: Task, plan: Solution) -> float:
    known = task.everybody > 0
    return float((_people(task, plan)[known] / task.everybody[known]).min(initial=1.0))


def _unweighted(task: Task, exact: bool, seconds: float) -> tuple[Solution, float]:
    """The plan that reaches most, and a bound on what any reaches."""
    began = time.monotonic()
    start = first_plan(task, swaps=exact)
    plan = _plan(task, start, np.inf, False)
    found = float(_people(task, plan).sum())
    bound = max(quick_bound(task, found), found)
    if not exact or bound <= found * (1 + GAP / 10):
        return replace(plan, finished=bound <= found * (1 + GAP)), bound
    better = by_parts(task, start, seconds - (time.monotonic() - began)) if task.capacity is None else None
    if better is None:
        if task.capacity is None:
            start = shaken(task, start, seconds / 5)
            plan = _plan(task, start, bound, False)
            found = float(_people(task, plan).sum())
        better = solve(task, start, seconds - (time.monotonic() - began))
    if better is not None:
        bound = min(bound, better.bound)
        if task.capacity is None:
            better = _plan(task, better.sites, bound, better.finished)
        if float(_people(task, better).sum()) >= found:
            plan = better
    found = float(_people(task, plan).sum())
    return replace(plan, finished=bound <= found * (1 + GAP) + 1e-9), max(bound, found)


def _weighted(task: Task, plain: Solution, seconds: float) -> Solution | None:
    """The plan with an equity weight; None where none was found that keeps what the worst-reached group had."""
    fairer = solve(task, plain.sites, seconds)
    if fairer is None:
        return None
    if task.capacity is None:
        fairer = _plan(task, fairer.sites, fairer.bound, fairer.finished)
    return fairer if _worst(task, fairer) >= task.floor else None


def _told(task: Task, plan: Solution, bound: float, *, people: Array, matrix: "csc_array", worst: float) -> Siting:
    groups, everybody = _people(task, plan), task.everybody
    share = np.divide(groups, everybody, out=np.full_like(groups, np.nan), where=everybody > 0)
    total = people.sum(axis=1)
    new = np.flatnonzero(plan.sites & ~task.kept)
    settled, load = _reached(matrix, task.kept), None
    if task.capacity is not None:
        new = new[plan.load[new] > 1e-9]
        chosen, load = new[np.argsort(-plan.load[new], kind="stable")], plan.load
        zones = [matrix.indices[matrix.indptr[s] : matrix.indptr[s + 1]] for s in chosen]
        reasons = explained_by_load(chosen, plan.load, task.capacity, reached_by=zones, people=total, before=settled)
    else:
        zones = [matrix.indices[matrix.indptr[s] : matrix.indptr[s + 1]] for s in new]
        order = in_order(new, zones, total, settled)
        chosen, zones = new[order], [zones[k] for k in order]
        covered, adds = settled.copy(), np.zeros(len(chosen), dtype=bool)
        for k, reached in enumerate(zones):
            adds[k] = total[reached[~covered[reached]]].sum() > 0
            covered[reached] = True
        chosen, zones = chosen[adds], [reached for reached, kept in zip(zones, adds, strict=True) if kept]
        reasons = explained(chosen, zones, total, settled)
    return Siting(chosen, float(groups.sum()), float(bound), reasons, share, worst, load, plan.finished)
