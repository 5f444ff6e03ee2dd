"""Which further cells to suppress, so that totals do not give away the small ones."""

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Figures = NDArray[np.int64]

WIDTH = {1: 8, 2: 12, 3: 6, 4: 4}
"""Partners weighed along each axis, by the number of axes; 3 beyond. Boxes tried per cell are their product."""

WINDOW = 64
"""Places looked at along an axis before choosing partners; the total is always among them."""


FAR = 512
"""The same for totals that need company part by part, which is rarer."""


def company(figures: Figures, hidden: Mask, parts: Figures) -> Mask:
    """`hidden` and what has to be hidden with it. All are tables with totals at the end of each axis.

    `parts` is how many small counts a cell or total suppressed at first is made of, and 0 elsewhere. `hidden` also
    has the missing, which need no company but give some.
    No decision looks at a small count: `figures` holds the same number for each of them. Zeros are never hidden.
    """
    if not hidden.any():
        return hidden.copy()
    table = _Table(figures, hidden)
    if figures.ndim == 2:
        while (alone := standing_alone(table.hidden()))[0].any():
            targets = np.flatnonzero(alone[0])
            # A few at a time: company for one is often company for others, and the next look sees it.
            table.cover(targets[: max(1, targets.size // 4)], blocks=alone[1])
    else:
        table.cover(np.flatnonzero((parts == 1) & (totalled(parts.shape) == 0)))
    # One box lets a figure fall by one small count; a total of several has to be able to lose them all.
    table.cover(*_part_by_part(parts, least=2 if figures.ndim == 2 else 1), window=FAR)
    return table.hidden()


def totalled(shape: tuple[int, ...]) -> Figures:
    """Over how many axes each entry is a total."""
    over = np.zeros(shape, dtype=np.int64)
    for axis in range(len(shape)):
        over[(slice(None),) * axis + (-1,)] += 1
    return over


class _Table:
    """The price of hiding each cell, as the loops want it, and what has been hidden so far."""

    def __init__(self, figures: Figures, hidden: Mask) -> None:
        self.shape = figures.shape
        self.strides = np.array([int(np.prod(self.shape[axis + 1 :])) for axis in range(figures.ndim)], dtype=np.int64)
        price = np.log1p(figures.astype(np.float64)) * 2.0 ** totalled(self.shape)
        price[figures == 0] = np.inf
        price[hidden] = 0.0
        self.price = np.ascontiguousarray(price).ravel()

    def hidden(self) -> Mask:
        mask: Mask = (self.price == 0).reshape(self.shape)
        return mask

    def cover(
        self,
        targets: Figures,
        given: Figures | None = None,
        *,
        blocks: Figures | None = None,
        window: int = WINDOW,
    ) -> None:
        from inroads.methods.disclosure.secondary_kernels import cover

        axes = len(self.shape)
        offsets = np.zeros((targets.size, axes), dtype=np.int64) if given is None else given
        whole = np.empty(0, dtype=np.int64) if blocks is None else blocks
        lengths = np.array(self.shape, dtype=np.int64)
        cover(targets, offsets, lengths, self.strides, self.price, WIDTH.get(axes, 3), window, whole)


def _part_by_part(parts: Figures, *, least: int) -> tuple[Figures, Figures]:
    """Each total of `least` small counts or more with each of those: its place, and the offsets to the count."""
    axes = parts.ndim
    strides = np.array([int(np.prod(parts.shape[axis + 1 :])) for axis in range(axes)], dtype=np.int64)
    small = parts[(slice(0, -1),) * axes] == 1
    cells = np.argwhere(small)
    targets, offsets = [], []
    for subset in range(1, 1 << axes):
        over = np.array([bool(subset >> axis & 1) for axis in range(axes)])
        places = np.where(over, np.array(parts.shape) - 1, cells)
        total = places @ strides
        several = parts.ravel()[total] >= least
        targets.append(total[several])
        offsets.append(((cells - places) * strides)[several])
    return np.concatenate(targets), np.concatenate(offsets)


def standing_alone(hidden: Mask) -> tuple[Mask, NDArray[np.int64]]:
    """The hidden cells of a two-way table with totals that its sums give away exactly, and the blocks of its lines.

    Rows and columns are the nodes of a graph and hidden cells its edges; a cell is given away if and only if its
    edge lies on no cycle (Gusfield 1988). The blocks are what remains joined without such edges, rows first.
    """
    from inroads.methods.disclosure.secondary_kernels import bridges, joined

    rows, columns = hidden.shape
    row, column = np.nonzero(hidden)
    column += rows
    found = bridges(row, column, rows + columns)
    alone = np.zeros(hidden.shape, dtype=bool)
    alone[row[found], column[found] - rows] = True
    return alone, joined(row, column, found, rows + columns)
