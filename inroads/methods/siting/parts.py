"""A large plan, part by part: sites that share no zone are chosen on their own, and only how many go where is common.

For each part c, f_c(k) is what its best k sites reach. Nobody knows it, but prices give an upper end for every k at
once, and any k sites give a lower one. The best shares of all sites over the parts, by the upper ends and by the lower
ones, are a bound and a plan (Bellman's recursion). Where they differ too much the solver brings the ends of a part
together: at first with a toll on each site instead of a fixed k, which lowers the upper ends of all k at once.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.siting.programme import GAP, Solution, Task, prices, solve
from inroads.methods.siting.reaching import Reaching
from inroads.methods.siting.shortcuts import first_plan, shaken
from inroads.methods.threads import in_blocks

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

LARGEST = 0.5
"""A part with more than this share of all sites makes taking parts pointless."""


@dataclass(eq=False)
class Part:
    """Sites that share zones with one another only: `high[k]` and `low[k]` hold what the best k of them reach.

    `plans[k]` are sites of the part that reach `low[k]`, and `start` is how many the plan had that all began with.
    `priced[k]` says whether the upper end is the best that prices give, `tried[k]` how close it was last to come, and
    `tolled` whether the solver has been asked with a toll.
    """

    task: Task
    sites: Whole
    high: Array
    low: Array
    plans: list[Flags]
    start: int
    priced: Flags
    tried: Array
    tolled: bool = False

    def keep(self, plan: Flags) -> None:
        """Takes a plan up where it is better than what is known."""
        reached = _reach(self.task, plan)
        for k in range(int(plan.sum()), len(self.low)):
            if reached > self.low[k]:
                self.low[k], self.plans[k] = reached, plan.copy()

    def lower_to(self, ends: Array) -> None:
        """Takes upper ends up where they are lower than what is known."""
        self.high = np.maximum(np.minimum(self.high, ends), self.low)


def by_parts(task: Task, start: Flags, seconds: float) -> Solution | None:
    """The best plan found within `seconds`, from the plan `start`; None where one part has most of the sites."""
    ends = time.monotonic() + seconds
    which = _joined(task)
    sizes = np.bincount(which)
    if len(sizes) < 2 or sizes.max() > LARGEST * len(which):
        return None
    parts = _split(task, start, which, seconds)
    allowed = GAP * float(task.before.sum() + sum(part.low[int(part.start)] for part in parts))
    while True:
        bound, wanted = _shared_out([part.high for part in parts], task.most)
        found, held = _shared_out([part.low for part in parts], task.most)
        toll = bound - _shared_out([part.high for part in parts], task.most - 1)[0]
        asked = [Asked(part, int(k), allowed, toll) for part, k in zip(parts, wanted, strict=True)]
        asked = [one for one in asked if one.gap > 1e-9 * allowed]
        if bound - found <= allowed or not asked or time.monotonic() > ends:
            break
        if coarse := [one for one in asked if not one.part.priced[one.k]]:
            _side_by_side([partial(one.price, ends) for one in coarse])
            continue
        asked.sort(key=lambda one: len(one.part.sites))  # the hardest last: they take longest and hold nobody up
        gaps = [one.gap for one in asked]  # as they are now, whatever the other threads do meanwhile
        _side_by_side([partial(one.come_closer, sum(gaps) - gap, ends) for one, gap in zip(asked, gaps, strict=True)])
    sites = task.kept.copy()
    for part, k in zip(parts, held, strict=True):
        sites[part.sites[part.plans[k]]] = True
    return Solution(sites, np.empty(0), np.empty(0), bound + float(task.before.sum()), False)


@dataclass(eq=False)
class Asked:
    """That the ends of one part for one k come closer.

    `allowed` is the gap, in people, that all parts together may keep; `toll` is what one site more is worth to all.
    """

    part: Part
    k: int
    allowed: float
    toll: float

    @property
    def gap(self) -> float:
        """How far the ends lie apart, in people."""
        return float(self.part.high[self.k] - self.part.low[self.k])

    def price(self, ends: float) -> None:
        """The upper ends by prices that are the best for this k."""
        price = prices(replace(self.part.task, most=self.k), ends - time.monotonic())
        self.part.lower_to(_by_prices(self.part.task, price))
        self.part.priced[self.k] = True

    def come_closer(self, others: float, ends: float) -> None:
        """Solves this k to within what the gaps of others leave, or its share; asked again, to a quarter of that."""
        own_share = 0.8 * self.allowed * self.gap / (self.gap + others)
        within = min(max(0.9 * self.allowed - others, own_share), self.part.tried[self.k] / 4)
        left = ends - time.monotonic()
        if self.gap <= within or left <= 0:
            return
        own = replace(self.part.task, most=self.k)
        if self.part.tried[self.k] == np.inf:
            self.part.keep(shaken(own, first_plan(own, swaps=True), left / 10))
        self.part.tried[self.k] = within
        if not self.part.tolled:
            self.part.tolled = True
            free = replace(own, most=self.part.task.most, toll=self.toll)
            found = solve(free, self.part.plans[self.k], ends - time.monotonic(), within=within)
            if found is not None:
                self.part.keep(found.sites)
                self.part.lower_to(found.bound + self.toll * np.arange(len(self.part.high), dtype=np.float64))
            return
        found = solve(own, self.part.plans[self.k], ends - time.monotonic(), within=within)
        if found is not None:
            self.part.keep(found.sites)
            self.part.lower_to(np.where(np.arange(len(self.part.high)) <= self.k, found.bound, np.inf))


def _side_by_side(tasks: list[Callable[[], None]]) -> None:
    """All of them, as many at a time as there are processors."""
    in_blocks(lambda at, _: tasks[at](), len(tasks), block=1)


def _joined(task: Task) -> Whole:
    """(S,) the part of each site."""
    from scipy.sparse.csgraph import connected_components

    sites = task.reaching.by_site.astype(np.float64)
    return np.asarray(connected_components(sites.T @ sites, directed=False)[1], dtype=np.int64)


def _split(task: Task, start: Flags, which: Whole, seconds: float) -> list[Part]:
    price = prices(task, seconds)
    of_zone = which[task.reaching.by_zone.indices[task.reaching.by_zone.indptr[:-1]]]
    parts = []
    for part in np.unique(of_zone):
        sites, zones = np.flatnonzero(which == part), np.flatnonzero(of_zone == part)
        inside = task.reaching.by_zone[zones][:, sites].tocsr()
        people = task.reaching.people[zones].sum(axis=1, keepdims=True)
        nobody = np.zeros(len(sites), dtype=bool)
        own = Task(
            Reaching(people, inside, inside.tocsc()),
            nobody,
            min(task.most, len(sites)),
            np.zeros(1),
            people.sum(axis=0),
        )
        parts.append(_begun(own, sites, start[sites], _by_prices(own, price[zones])))
    return parts


def _by_prices(own: Task, price: Array) -> Array:
    """(most + 1,) what no k sites exceed: all demand less all prices, plus what the k best paid sites are offered."""
    offered = np.sort(own.reaching.by_site.T.astype(np.float64) @ price)[::-1][: own.most]
    ends: Array = (own.reaching.total - price).sum() + np.concatenate([[0.0], np.cumsum(offered)])
    return ends


def _begun(own: Task, sites: Whole, start: Flags, high: Array) -> Part:
    """A part with what greedy choice reaches for every k, and the plan that the whole began with."""
    from inroads.methods.siting.cover_kernels import greedy

    order = greedy(*own.reaching.loops(), own.most)[0]
    nobody = np.zeros(len(sites), dtype=bool)
    part = Part(
        own,
        sites,
        np.minimum(high, own.reaching.total.sum()),
        np.zeros(len(high)),
        [nobody] * len(high),
        int(start.sum()),
        np.zeros(len(high), dtype=bool),
        np.full(len(high), np.inf),
    )
    part.high[0] = 0.0
    for k in range(1, len(order) + 1):
        part.keep(np.isin(np.arange(len(sites)), order[:k]))
    part.keep(start)
    part.lower_to(part.high)
    return part


def _reach(own: Task, plan: Flags) -> float:
    reached = own.reaching.by_zone.astype(np.int64) @ plan.astype(np.int64) > 0
    return float(own.reaching.total[reached].sum())


def _shared_out(worth: list[Array], most: int) -> tuple[float, Whole]:
    """The largest sum of one entry of each list, their places adding up to `most` at most; and the places."""
    best = np.zeros(most + 1)
    taken = np.zeros((len(worth), most + 1), dtype=np.int64)
    for at, values in enumerate(worth):
        more = best.copy() + values[0]
        for k in range(1, len(values)):
            with_k = best[: most + 1 - k] + values[k]
            better = with_k > more[k:]
            more[k:][better] = with_k[better]
            taken[at, k:][better] = k
        best = more
    places = np.zeros(len(worth), dtype=np.int64)
    left = int(np.argmax(best))
    for at in range(len(worth) - 1, -1, -1):
        places[at] = taken[at, left]
        left -= places[at]
    return float(best.max()), places
