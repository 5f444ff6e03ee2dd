"""Plans and bounds to be had at once, without the solver."""

import time

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.siting.programme import Task
from inroads.methods.siting.reaching import Reaching

Flags = NDArray[np.bool_]

ROUNDS = 100
"""Steps of the bound by prices; the later ones gain little."""

SHAKES = 600
"""Disturbances of a plan before the solver takes it; in towns they find what the solver's own search does not."""


def first_plan(task: Task, *, swaps: bool) -> Flags:
    """A plan (S,) that keeps what is kept: greedy, and improved by exchanges where `swaps`."""
    if task.capacity is not None:
        return _greedy_with_room(task, task.capacity)
    from inroads.methods.siting.cover_kernels import greedy, swap_until_no_better

    loops = task.reaching.loops()
    plan = np.zeros(len(task.kept), dtype=bool)
    plan[greedy(*loops, task.most)[0]] = True
    if swaps:
        swap_until_no_better(*loops, plan, 10 * task.most)
    return plan | task.kept


def shaken(task: Task, plan: Flags, seconds: float) -> Flags:
    """`plan` after many small disturbances, each kept if it reaches more people: for `seconds` or `SHAKES`."""
    from inroads.methods.siting.cover_kernels import shake

    loops, better = task.reaching.loops(), plan & ~task.kept
    rng, ends = np.random.default_rng(0), time.monotonic() + seconds
    for _ in range(SHAKES // 10):
        shake(*loops, better, rng.random((10, 2 + len(plan))))
        if time.monotonic() > ends:
            break
    return better | task.kept


def quick_bound(task: Task, found: float) -> float:
    """What no plan can exceed, knowing one that reaches `found` people."""
    from inroads.methods.siting.cover_kernels import bound_by_prices, greedy

    reaching, kept, before = task.reaching, task.kept, float(task.before.sum())
    if not len(reaching.people):
        return before
    if task.capacity is None:
        loops = reaching.loops()
        by_gains = greedy(*loops, task.most)[2]
        return before + min(by_gains, bound_by_prices(*loops, task.most, found - before, ROUNDS))
    takes = np.minimum(task.capacity, reaching.by_site.T.astype(np.float64) @ reaching.total)
    new = np.sort(takes[~kept])[::-1][: task.most]
    return float(min(takes[kept].sum() + new.sum(), reaching.total.sum()))


def served_by_hand(reaching: Reaching, sites: Flags, capacity: Array) -> tuple[Array, Array]:
    """Shares (n,) of zones served and loads (S,), each site in turn filled with whom fewest others reach."""
    left, load = reaching.total.copy(), np.zeros(len(sites))
    for site in np.flatnonzero(sites):
        load[site] = _fill(reaching, int(site), capacity[site], left)
    return 1 - left / reaching.total, load


def _fill(reaching: Reaching, site: int, room: float, left: Array) -> float:
    zones = reaching.by_site.indices[reaching.by_site.indptr[site] : reaching.by_site.indptr[site + 1]]
    choice = np.diff(reaching.by_zone.indptr)[zones]
    zones = zones[np.argsort(choice, kind="stable")]
    sums = np.minimum(np.cumsum(left[zones]), room)
    taken = np.diff(sums, prepend=0.0)
    left[zones] = np.maximum(left[zones] - taken, 0.0)
    return float(taken.sum())


def _greedy_with_room(task: Task, capacity: Array) -> Flags:
    plan, left = task.kept.copy(), task.reaching.total.copy()
    for site in np.flatnonzero(plan):
        _fill(task.reaching, int(site), capacity[site], left)
    sites = task.reaching.by_site.T.astype(np.float64)
    for _ in range(task.most):
        gain = np.where(plan, 0.0, np.minimum(capacity, sites @ left))
        best = int(np.argmax(gain))
        if gain[best] <= 0:
            break
        plan[best] = True
        _fill(task.reaching, best, capacity[best], left)
    return plan
