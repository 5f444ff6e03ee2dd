"""Compiled loops over which sites reach which zones: greedy choice, swaps, and a bound from prices."""

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.compiled import compiled

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@compiled
def _reached(sites: int, zone_of: Whole, starts: Whole, chosen: Flags, zones: int) -> Whole:
    """How many chosen sites reach each zone."""
    times = np.zeros(zones, dtype=np.int64)
    for s in range(sites):
        if chosen[s]:
            for at in range(starts[s], starts[s + 1]):
                times[zone_of[at]] += 1
    return times


@compiled
def greedy(
    demand: Array, zone_of: Whole, starts: Whole, site_of: Whole, site_starts: Whole, most: int
) -> tuple[Whole, float, float]:
    """Site after site, each the one that reaches most people not reached yet: the sites, what they reach, a bound.

    Whatever was chosen so far, no plan of `most` sites reaches more than that and the `most` largest gains that are
    left; the least such sum over the course of the choice is the bound.
    """
    sites = starts.size - 1
    gain = np.zeros(sites)
    for s in range(sites):
        for at in range(starts[s], starts[s + 1]):
            gain[s] += demand[zone_of[at]]
    covered = np.zeros(demand.size, dtype=np.bool_)
    order = np.empty(most, dtype=np.int64)
    total, bound, count = 0.0, np.inf, 0
    for k in range(most + 1):
        if k % 8 == 0 or k == most:
            bound = min(bound, total + np.sort(gain)[max(sites - most, 0) :].sum())
        if k == most:
            break
        best = np.argmax(gain)
        if gain[best] <= 0.0:
            break
        order[count] = best
        count += 1
        for at in range(starts[best], starts[best + 1]):
            z = zone_of[at]
            if not covered[z]:
                covered[z] = True
                total += demand[z]
                for back in range(site_starts[z], site_starts[z + 1]):
                    gain[site_of[back]] -= demand[z]
        gain[best] = 0.0
    return order[:count], total, bound


@compiled
def swap_until_no_better(
    demand: Array, zone_of: Whole, starts: Whole, site_of: Whole, site_starts: Whole, chosen: Flags, most: int
) -> int:
    """Exchanges one chosen site for another while that reaches more people, the best exchange first; how many.

    Exchanging `out` for `into` gains what `into` reaches and nobody does, and loses what `out` alone reaches, save
    for what both reach.
    """
    sites, zones = starts.size - 1, demand.size
    times = _reached(sites, zone_of, starts, chosen, zones)
    least = 1e-12 * demand.sum()
    both = np.zeros(sites)
    met = np.empty(sites, dtype=np.int64)
    done = 0
    while done < most:
        gain = np.zeros(sites)
        for s in range(sites):
            if not chosen[s]:
                for at in range(starts[s], starts[s + 1]):
                    if times[zone_of[at]] == 0:
                        gain[s] += demand[zone_of[at]]
            else:
                gain[s] = -np.inf
        first = int(np.argmax(gain))
        best, out, into = least, -1, -1
        for k in range(sites):
            if not chosen[k]:
                continue
            loss, count = 0.0, 0
            for at in range(starts[k], starts[k + 1]):
                z = zone_of[at]
                if times[z] == 1:
                    loss += demand[z]
                    for back in range(site_starts[z], site_starts[z + 1]):
                        s = site_of[back]
                        if both[s] == 0.0:
                            met[count] = s
                            count += 1
                        both[s] += demand[z]
            if gain[first] - loss > best:
                best, out, into = gain[first] - loss, k, first
            for at in range(count):
                s = met[at]
                if gain[s] + both[s] - loss > best:
                    best, out, into = gain[s] + both[s] - loss, k, s
                both[s] = 0.0
        if out < 0:
            break
        chosen[out], chosen[into] = False, True
        for at in range(starts[out], starts[out + 1]):
            times[zone_of[at]] -= 1
        for at in range(starts[into], starts[into + 1]):
            times[zone_of[at]] += 1
        done += 1
    return done


@compiled
def bound_by_prices(
    demand: Array,
    zone_of: Whole,
    starts: Whole,
    site_of: Whole,
    site_starts: Whole,
    most: int,
    known: float,
    rounds: int,
) -> float:
    """A number of people that no plan of `most` sites can exceed, by Lagrangian relaxation.

    Each zone offers a price, at most its demand, to every site that reaches it. Whatever the prices, no plan reaches
    more than all demand less all prices, plus what the `most` best paid sites are offered. Prices rise where nobody
    comes and fall where several do (subgradient steps; `known` is what some plan reaches); the least sum met counts.
    """
    zones, sites = demand.size, starts.size - 1
    price, best_price = np.zeros(zones), np.zeros(zones)
    for z in range(zones):
        price[z] = demand[z] / max(site_starts[z + 1] - site_starts[z], 1)
    offered = np.empty(sites)
    best, stride, since = np.inf, 1.0, 0
    for _ in range(rounds):
        for s in range(sites):
            offered[s] = 0.0
            for at in range(starts[s], starts[s + 1]):
                offered[s] += price[zone_of[at]]
        order = np.argsort(-offered)[: min(most, sites)]
        total = (demand - price).sum() + offered[order].sum()
        since += 1
        if total < best * (1 - 1e-7):
            since = 0
        if total < best:
            best = total
            best_price[:] = price
        if since >= 20:
            stride, since = stride * 0.7, 0
            price[:] = best_price
        times = np.zeros(zones, dtype=np.int64)
        for s in order:
            for at in range(starts[s], starts[s + 1]):
                times[zone_of[at]] += 1
        size = 0.0
        for z in range(zones):
            away = times[z] - 1.0
            if not ((price[z] <= 0 and away > 0) or (price[z] >= demand[z] and away < 0)):
                size += away * away
        if size == 0.0 or total <= known:
            break
        step = stride * (total - known) / size
        for z in range(zones):
            price[z] = min(max(price[z] - step * (times[z] - 1.0), 0.0), demand[z])
    return best


@compiled
def shake(
    demand: Array, zone_of: Whole, starts: Whole, site_of: Whole, site_starts: Whole, chosen: Flags, draws: Array
) -> int:
    """Closes a handful of neighbouring sites, opens as many others, exchanges, and keeps that if more are reached.

    One round for each row of `draws`, numbers from 0 to 1: the first picks where, the second how many, the others
    blur the gains by a fifth either way so that each round ends elsewhere. Returns how often that helped.
    """
    sites, zones, helped = starts.size - 1, demand.size, 0
    best = _total(demand, _reached(sites, zone_of, starts, chosen, zones))
    for row in range(draws.shape[0]):
        trial = chosen.copy()
        queue, seen = np.empty(sites, dtype=np.int64), np.zeros(sites, dtype=np.bool_)
        queue[0] = int(draws[row, 0] * sites)
        seen[queue[0]] = True
        head, tail, closed, wanted = 0, 1, 0, 2 + int(draws[row, 1] * 6)
        while head < tail and closed < wanted:
            here = queue[head]
            head += 1
            if trial[here]:
                trial[here] = False
                closed += 1
            for at in range(starts[here], starts[here + 1]):
                for back in range(site_starts[zone_of[at]], site_starts[zone_of[at] + 1]):
                    if not seen[site_of[back]]:
                        seen[site_of[back]] = True
                        queue[tail] = site_of[back]
                        tail += 1
        times = _reached(sites, zone_of, starts, trial, zones)
        for _ in range(closed):
            top, into = -1.0, -1
            for s in range(sites):
                if not trial[s]:
                    gain = 0.0
                    for at in range(starts[s], starts[s + 1]):
                        if times[zone_of[at]] == 0:
                            gain += demand[zone_of[at]]
                    gain *= 0.8 + 0.4 * draws[row, 2 + s]
                    if gain > top:
                        top, into = gain, s
            trial[into] = True
            for at in range(starts[into], starts[into + 1]):
                times[zone_of[at]] += 1
        swap_until_no_better(demand, zone_of, starts, site_of, site_starts, trial, 100)
        reached = _total(demand, _reached(sites, zone_of, starts, trial, zones))
        if reached > best:
            best, helped = reached, helped + 1
            chosen[:] = trial
    return helped


@compiled
def _total(demand: Array, times: Whole) -> float:
    total = 0.0
    for z in range(demand.size):
        if times[z] > 0:
            total += demand[z]
    return total
