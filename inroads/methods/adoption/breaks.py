"""Natural breaks: the best division of a row of numbers into groups, exactly, for many rows at once."""

import numpy as np

from inroads.methods.arguments import Array, Codes


def natural(ordered: Array, tied: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], groups: int) -> Codes:
    """Where each group begins, (D, `groups`), in D rows of A numbers each, in descending order.

    `tied` (D, A) says which numbers equal the one before; a group never begins with one, so that equals stay together.
    Of all divisions into `groups` groups, the one with the least sum of squares around the means of the groups: Fisher
    (1958), Journal of the American Statistical Association 53(284), 789-798, by dynamic programming over the last
    place where a group begins; A² / 2 steps for each group. Of divisions equally good, the one whose last groups begin
    first. Rows with fewer different numbers than groups have -1.
    """
    rows, count = ordered.shape
    centred = ordered - ordered.mean(axis=1, keepdims=True)
    none = np.zeros((rows, 1))
    sums = np.hstack([none, np.cumsum(centred, axis=1)])
    squares = np.hstack([none, np.cumsum(centred**2, axis=1)])
    alike = 1e-9 * squares[:, -1:]
    # best[g, :, j]: the least sum of squares of the first j numbers in g + 1 groups; inf where it cannot be.
    best = np.full((groups, rows, count + 1), np.inf)
    begins = np.zeros((groups, rows, count + 1), dtype=np.int64)
    for j in range(1, count + 1):
        of = np.arange(j)
        within = squares[:, [j]] - squares[:, :j] - (sums[:, [j]] - sums[:, :j]) ** 2 / (j - of)
        np.maximum(within, 0.0, out=within)
        closed = tied[:, j] if j < count else np.zeros(rows, dtype=bool)
        best[0, :, j] = np.where(closed, np.inf, within[:, 0])
        for g in range(1, groups):
            added = best[g - 1, :, :j] + within
            # The first of those equally good: rounding is not to choose between them.
            first = (added <= added.min(axis=1, keepdims=True) + alike).argmax(axis=1)
            begins[g, :, j] = first
            best[g, :, j] = np.where(closed, np.inf, np.take_along_axis(added, first[:, np.newaxis], axis=1)[:, 0])
    starts = np.zeros((rows, groups), dtype=np.int64)
    end = np.full(rows, count)
    for g in range(groups - 1, 0, -1):
        end = np.take_along_axis(begins[g], end[:, np.newaxis], axis=1)[:, 0]
        starts[:, g] = end
    starts[np.isinf(best[groups - 1, :, count])] = -1
    return starts
