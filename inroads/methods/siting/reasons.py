"""Why each site of a plan was chosen, in one sentence."""

from heapq import heapify, heappop, heapreplace

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array

Whole = NDArray[np.int64]


def in_order(sites: Whole, reached_by: "list[Whole]", people: Array, before: NDArray[np.bool_]) -> Whole:
    """`sites` so that each adds as many people as can be to those before it."""
    covered, order = before.copy(), []
    # What a site adds only shrinks, so a site whose gain, counted anew, still leads the others' old gains is the next.
    waiting = [(-float(people[zones[~covered[zones]]].sum()), k) for k, zones in enumerate(reached_by)]
    heapify(waiting)
    while waiting:
        k = waiting[0][1]
        gain = float(people[reached_by[k][~covered[reached_by[k]]]].sum())
        if gain == -waiting[0][0]:
            heappop(waiting)
            order.append(k)
            covered[reached_by[k]] = True
        else:
            heapreplace(waiting, (-gain, k))
    return np.array(order, dtype=np.int64)


def explained(sites: Whole, reached_by: "list[Whole]", people: Array, before: NDArray[np.bool_]) -> tuple[str, ...]:
    """One sentence for each of `sites`, in the order given, where every site takes whoever it reaches."""
    times = before.astype(np.int64)
    for zones in reached_by:
        times[zones] += 1
    covered, sentences = before.copy(), []
    for site, zones in zip(sites, reached_by, strict=True):
        new = people[zones[~covered[zones]]].sum()
        alone = people[zones[times[zones] == 1]].sum()
        covered[zones] = True
        if alone >= new:
            words = f"Site {site} reaches {new:,.0f} people whom no other site of the plan reaches."
        else:
            words = (
                f"Site {site} reaches {new:,.0f} people whom no site before it reaches; without it, {alone:,.0f} "
                "would be left with none."
            )
        sentences.append(words)
    return tuple(sentences)


def explained_by_load(
    sites: Whole, load: Array, capacity: Array, *, reached_by: "list[Whole]", people: Array, before: NDArray[np.bool_]
) -> tuple[str, ...]:
    """One sentence for each of `sites`, where sites serve only as many as they have room for."""
    times = before.astype(np.int64)
    for zones in reached_by:
        times[zones] += 1
    return tuple(
        f"Site {site} serves {load[site]:,.0f} people, with room for {capacity[site]:,.0f}; "
        f"{people[zones[times[zones] == 1]].sum():,.0f} people are in reach of no other site of the plan."
        for site, zones in zip(sites, reached_by, strict=True)
    )
