"""Profiles laid out for fitting: equal ones put together, and their columns in two blocks."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array, Codes

Places = NDArray[np.int32]


class Block(NamedTuple):
    """Some of the columns, with the profiles in order of their combination of codes in these.

    codes
        (columns, combinations) places of the combination's codes among all factors.
    begins
        (columns + 1,) where each column's factors begin.
    starts
        (combinations + 1,) where each combination's profiles begin in `other` and `seed`.
    other, seed
        (profiles,) the profile's combination in the other block, and its seed.
    """

    codes: Places
    begins: Places
    starts: Places
    other: Places
    seed: Array


@dataclass(frozen=True, eq=False)
class Layout:
    """Profiles with equal codes put together into kinds, and their columns in two blocks: see `fitting_kernels`.

    `member` (P,) is the kind that each profile is of, `seed` (kinds,) their seeds added up. `columns` lists the margins
    in the order of the factors, those of block one first; `offsets` (C + 1,) is where each one's categories begin.
    `order` (kinds,) are the kinds as block one has them.
    """

    member: Codes
    seed: Array
    columns: tuple[int, ...]
    offsets: Places
    order: Codes
    one: Block
    two: Block


def laid_out(table: Codes, seed: Array, sizes: list[int]) -> Layout:
    """Profiles (P, C) with seeds (P,) and margins of `sizes` categories, laid out for fitting."""
    kinds, member = np.unique(table, axis=0, return_inverse=True)
    first, second = _two_blocks(sizes)
    offsets = np.concatenate([[0], np.cumsum([sizes[column] for column in first + second])]).astype(np.int32)
    merged: Array = np.bincount(member.ravel(), seed, len(kinds)).astype(np.float64)
    begins = offsets[: len(first) + 1], offsets[len(first) :]
    found = [np.unique(kinds[:, columns], axis=0, return_inverse=True) for columns in (first, second)]
    of = [inverse.ravel() for _, inverse in found]
    orders = [np.argsort(own, kind="stable") for own in of]
    one, two = (
        Block(
            np.ascontiguousarray((found[k][0] + begins[k][:-1]).T, dtype=np.int32),
            begins[k],
            np.searchsorted(of[k][orders[k]], np.arange(len(found[k][0]) + 1)).astype(np.int32),
            of[1 - k][orders[k]].astype(np.int32),
            merged[orders[k]],
        )
        for k in (0, 1)
    )
    return Layout(member.ravel(), merged, (*first, *second), offsets, orders[0], one, two)


def _two_blocks(sizes: list[int]) -> tuple[list[int], list[int]]:
    """Columns in two blocks with about as many combinations each: the largest first, each to the smaller block."""
    blocks: tuple[list[int], list[int]] = ([], [])
    combinations = [1, 1]
    for column in sorted(range(len(sizes)), key=lambda c: -sizes[c]):
        smaller = int(combinations[1] < combinations[0])
        blocks[smaller].append(column)
        combinations[smaller] *= sizes[column]
    return sorted(blocks[0]), sorted(blocks[1])
