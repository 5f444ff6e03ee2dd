"""Compiled: which suppressed cells of a two-way table stand alone, and the cheapest company for those that do.

A cell's price is 0 where it is hidden already, infinite where it is a known zero, else what hiding it would cost.
"""

import numpy as np
from numpy.typing import NDArray

from inroads.methods.compiled import compiled

Ints = NDArray[np.int64]
Prices = NDArray[np.float64]


@compiled
def bridges(start: Ints, end: Ints, nodes: int) -> NDArray[np.bool_]:
    """Which edges of a graph lie on no cycle (Tarjan's low points, without recursion)."""
    edges = start.size
    first = np.zeros(nodes + 1, dtype=np.int64)
    for e in range(edges):
        first[start[e] + 1] += 1
        first[end[e] + 1] += 1
    for v in range(nodes):
        first[v + 1] += first[v]
    fill = first[:-1].copy()
    incident = np.empty(2 * edges, dtype=np.int64)
    for e in range(edges):
        incident[fill[start[e]]] = e
        fill[start[e]] += 1
        incident[fill[end[e]]] = e
        fill[end[e]] += 1
    seen = np.full(nodes, -1, dtype=np.int64)
    low = np.empty(nodes, dtype=np.int64)
    came_by = np.full(nodes, -1, dtype=np.int64)
    at = first[:-1].copy()
    stack = np.empty(nodes, dtype=np.int64)
    alone = np.zeros(edges, dtype=np.bool_)
    clock = 0
    for root in range(nodes):
        if seen[root] >= 0:
            continue
        height = 1
        stack[0] = root
        seen[root] = clock
        low[root] = clock
        clock += 1
        while height:
            v = stack[height - 1]
            if at[v] < first[v + 1]:
                e = incident[at[v]]
                at[v] += 1
                if e == came_by[v]:
                    continue
                w = start[e] + end[e] - v
                if seen[w] < 0:
                    seen[w] = clock
                    low[w] = clock
                    clock += 1
                    came_by[w] = e
                    stack[height] = w
                    height += 1
                else:
                    low[v] = min(low[v], seen[w])
            else:
                height -= 1
                if height:
                    parent = stack[height - 1]
                    low[parent] = min(low[parent], low[v])
                    if low[v] > seen[parent]:
                        alone[came_by[v]] = True
    return alone


@compiled
def joined(start: Ints, end: Ints, leave_out: NDArray[np.bool_], nodes: int) -> Ints:
    """The block of each node: nodes joined by edges that are not left out share one number."""
    root = np.arange(nodes)
    for e in range(start.size):
        if leave_out[e]:
            continue
        a, b = start[e], end[e]
        while root[a] != a:
            root[a] = root[root[a]]
            a = root[a]
        while root[b] != b:
            root[b] = root[root[b]]
            b = root[b]
        root[max(a, b)] = min(a, b)
    for v in range(nodes):  # a root has the smallest number of its block, so it is settled before its members
        root[v] = root[root[v]]
    return root


@compiled
def _shortlist(
    cell: int, axis: int, lengths: Ints, strides: Ints, price: Prices, window: int, offsets: Ints, worth: Prices
) -> int:
    """Partners of `cell` along `axis`: the total (from a cell that is none), then the cheapest seen in the window."""
    length, stride = lengths[axis], strides[axis]
    here = (cell // stride) % length
    kept = 0
    if here != length - 1:
        offsets[0] = (length - 1 - here) * stride
        worth[0] = price[cell + offsets[0]]
        kept = 1
    fixed = kept
    for step in range(1, min(length, window + 1)):
        other = (here + step) % length
        if other == length - 1 and fixed:
            continue
        offset = (other - here) * stride
        value = price[cell + offset]
        if not np.isfinite(value) or (kept == offsets.size and value >= worth[kept - 1]):
            continue
        if kept < offsets.size:
            kept += 1
        k = kept - 1
        while k > fixed and worth[k - 1] > value:
            worth[k] = worth[k - 1]
            offsets[k] = offsets[k - 1]
            k -= 1
        worth[k] = value
        offsets[k] = offset
    return kept


@compiled
def _certain(cell: int, given: Ints, lengths: Ints, strides: Ints, price: Prices, best: Ints) -> None:
    """A box that always exists: a counted cell that is part of `cell`, and the totals above it."""
    inner = cell
    for axis in range(lengths.size):
        length, stride = lengths[axis], strides[axis]
        here = (cell // stride) % length
        best[axis] = given[axis] if given[axis] else (length - 1 - here) * stride
        if here == length - 1 and not given[axis]:
            for other in range(length - 1):
                offset = (other - here) * stride
                if np.isfinite(price[inner + offset]):
                    best[axis] = offset
                    inner += offset
                    break


@compiled
def cover(
    targets: Ints,
    given: Ints,
    lengths: Ints,
    strides: Ints,
    price: Prices,
    width: int,
    window: int,
    blocks: Ints,
) -> None:
    """Hides what `targets` need for company, by setting prices to 0.

    Each target becomes the corner of a box (one partner along each axis) whose corners are all hidden and none of
    them a known zero. `given` (targets, axes) says where the partner is given, as an offset, and is 0 elsewhere. In a
    two-way table `blocks` (rows first, then columns; empty elsewhere) says which rows and columns hang together
    without bridges: one cell that leads back into the target's own block is enough.
    """
    axes = lengths.size
    corners = 1 << axes
    offsets = np.empty((axes, width), dtype=np.int64)
    worth = np.empty((axes, width))
    kept = np.empty(axes, dtype=np.int64)
    chosen = np.zeros(axes, dtype=np.int64)
    best = np.zeros(axes, dtype=np.int64)
    for t in range(targets.size):
        cell = targets[t]
        inner = cell + given[t].sum()
        for axis in range(axes):
            if given[t, axis]:
                offsets[axis, 0] = given[t, axis]
                kept[axis] = 1
            else:
                kept[axis] = _shortlist(inner, axis, lengths, strides, price, window, offsets[axis], worth[axis])
        least = np.inf
        if kept.min() > 0:
            chosen[:] = 0
            while True:
                cost = 0.0
                for corner in range(1, corners):
                    place = cell
                    for axis in range(axes):
                        if corner >> axis & 1:
                            place += offsets[axis, chosen[axis]]
                    cost += price[place]
                    if cost >= least:
                        break
                if cost < least:
                    least = cost
                    for axis in range(axes):
                        best[axis] = offsets[axis, chosen[axis]]
                    if least == 0:
                        break
                axis = 0
                while axis < axes and chosen[axis] == kept[axis] - 1:
                    chosen[axis] = 0
                    axis += 1
                if axis == axes:
                    break
                chosen[axis] += 1
        if not np.isfinite(least):
            _certain(cell, given[t], lengths, strides, price, best)
        closing = -1
        if blocks.size and least > 0:
            closing, least = _closing(cell, lengths, price, blocks, window, least)
        if closing >= 0:
            price[closing] = 0.0
            continue
        for corner in range(1, corners):
            place = cell
            for axis in range(axes):
                if corner >> axis & 1:
                    place += best[axis]
            price[place] = 0.0


@compiled
def _closing(cell: int, lengths: Ints, price: Prices, blocks: Ints, window: int, least: float) -> tuple[int, float]:
    """The cheapest single cell in the target's row or column that closes a cycle, where cheaper than `least`."""
    rows, columns = lengths[0], lengths[1]
    row, column = cell // columns, cell % columns
    found = -1
    for step in range(1, min(columns, window + 1)):
        other = (column + step) % columns
        if blocks[rows + other] == blocks[rows + column]:
            value = price[row * columns + other]
            if value < least:
                least = value
                found = row * columns + other
    for step in range(1, min(rows, window + 1)):
        other = (row + step) % rows
        if blocks[other] == blocks[row]:
            value = price[other * columns + column]
            if value < least:
                least = value
                found = other * columns + column
    return found, least
