"""The compiled loops of `needs.fit`: many neighbourhoods side by side, none of their weights stored.

The weight of a profile u in a neighbourhood is seed[u] × fA[a(u)] × fB[b(u)]: the columns are split in two blocks, a(u)
and b(u) are the profile's combinations of codes in each, and fA and fB hold the products of the factors of the block's
columns. A round of fitting is then two passes over the profiles and an estimate is one, the neighbourhoods lying side
by side in `LANES` lanes. A lane takes up the next neighbourhood as soon as its own is fitted, so no neighbourhood's
result depends on which others are fitted with it.
"""

import numpy as np
from numpy.typing import NDArray

from inroads.methods.arguments import Array
from inroads.methods.compiled import compiled, compiled_loosely
from inroads.methods.needs.blocks import Block

LANES = 64
"""Neighbourhoods side by side: long enough for wide registers, short enough for the tables to stay in a near cache."""

FURTHEST = 1e50
"""A factor beyond this has run away; products of a few of them are still numbers."""

Places = NDArray[np.int32]


@compiled_loosely
def pass_over(out: Array, table: Array, starts: Places, other: Places, seed: Array) -> None:
    """out[a] = sum over the profiles u of combination a of seed[u] × table[other[u]], in every lane."""
    for a in range(starts.size - 1):
        for lane in range(LANES):
            out[a, lane] = 0.0
        u, stop = starts[a], starts[a + 1]
        while u + 4 <= stop:  # four at a time: the sum is fetched and put back a quarter as often
            b0, b1, b2, b3 = other[u], other[u + 1], other[u + 2], other[u + 3]
            s0, s1, s2, s3 = seed[u], seed[u + 1], seed[u + 2], seed[u + 3]
            for lane in range(LANES):
                out[a, lane] += (s0 * table[b0, lane] + s1 * table[b1, lane]) + (
                    s2 * table[b2, lane] + s3 * table[b3, lane]
                )
            u += 4
        while u < stop:
            b0, s0 = other[u], seed[u]
            for lane in range(LANES):
                out[a, lane] += s0 * table[b0, lane]
            u += 1


@compiled
def margin_sums(sums: Array, current: Array, codes: Places, begins: Places, c: int) -> None:
    """The margin of column `c`: `current` (combinations, lanes) added up by its codes into `sums` (factors, lanes)."""
    for k in range(begins[c], begins[c + 1]):
        for lane in range(LANES):
            sums[k, lane] = 0.0
    for a in range(codes.shape[1]):
        k = codes[c, a]
        for lane in range(LANES):
            sums[k, lane] += current[a, lane]


@compiled
def raise_error(error: Array, current: Array, codes: Places, begins: Places, target: Array, sums: Array) -> None:
    """Raises `error` (lanes) to the largest difference of the block's margins from `target`."""
    for c in range(codes.shape[0]):
        margin_sums(sums, current, codes, begins, c)
        for k in range(begins[c], begins[c + 1]):
            for lane in range(LANES):
                off = abs(sums[k, lane] - target[k, lane])
                if not (off <= error[lane]):  # so that what is not a number is not passed over
                    error[lane] = off


@compiled
def scale_to(
    target: Array, current: Array, products: Array, factors: Array, codes: Places, begins: Places, sums: Array
) -> None:
    """Scales `current` to each margin of the block in turn; `factors` and their `products` keep the score.

    A category that is wanted but empty keeps its factor: there is nothing to scale.
    """
    for c in range(codes.shape[0]):
        margin_sums(sums, current, codes, begins, c)
        for k in range(begins[c], begins[c + 1]):
            for lane in range(LANES):
                ratio = target[k, lane] / sums[k, lane] if sums[k, lane] > 0.0 else 1.0
                sums[k, lane] = ratio
                factors[k, lane] *= ratio
        for a in range(codes.shape[1]):
            k = codes[c, a]
            for lane in range(LANES):
                current[a, lane] *= sums[k, lane]
                products[a, lane] *= sums[k, lane]


@compiled
def multiply(current: Array, products: Array) -> None:
    """current × products, in place."""
    for a in range(current.shape[0]):
        for lane in range(LANES):
            current[a, lane] *= products[a, lane]


@compiled
def put_products(products: Array, factors: Array, codes: Places, lane: int) -> None:
    """The product of the factors of each combination of a block, in one lane."""
    for a in range(codes.shape[1]):
        product = 1.0
        for c in range(codes.shape[0]):
            product *= factors[codes[c, a], lane]
        products[a, lane] = product


@compiled
def within(factors: Array, lane: int) -> bool:
    """Whether the factors of a lane have not run away, as they do where no weights meet the margins."""
    for k in range(factors.shape[0]):
        if factors[k, lane] > FURTHEST or 0.0 < factors[k, lane] < 1.0 / FURTHEST:
            return False
    return True


@compiled
def fit_zones(
    target: Array,
    starting: Array,
    one: Block,
    two: Block,
    tolerance: float,
    rounds: int,
    factors_out: Array,
    residual_out: Array,
    iterations_out: Places,
) -> None:
    """Fits each row of `target` (Z, factors) in turn, from the factors in `starting` (Z or 1, factors).

    Writes the factors (Z, factors), the largest margin error in people (Z,) and the rounds taken (Z,).
    """
    zones, width = target.shape
    wanted, sums, factors = np.zeros((width, LANES)), np.zeros((width, LANES)), np.ones((width, LANES))
    products_1, current_1 = np.ones((one.codes.shape[1], LANES)), np.zeros((one.codes.shape[1], LANES))
    products_2, current_2 = np.ones((two.codes.shape[1], LANES)), np.zeros((two.codes.shape[1], LANES))
    error, error_2 = np.zeros(LANES), np.zeros(LANES)
    zone_of, taken = np.full(LANES, -1), np.zeros(LANES, dtype=np.int32)
    following, busy = 0, LANES
    while True:
        pass_over(current_1, products_2, one.starts, one.other, one.seed)
        multiply(current_1, products_1)
        error[:] = error_2
        raise_error(error, current_1, one.codes, one.begins, wanted, sums)
        busy = 0
        for lane in range(LANES):
            zone = zone_of[lane]
            if zone >= 0 and not (error[lane] <= tolerance) and taken[lane] < rounds and within(factors, lane):
                busy += 1
                continue
            if zone >= 0:
                residual_out[zone], iterations_out[zone] = error[lane], taken[lane]
                factors_out[zone] = factors[:, lane]
                zone_of[lane] = -1
            if following < zones:
                zone_of[lane], taken[lane] = following, 0
                wanted[:, lane] = target[following]
                factors[:, lane] = starting[following if starting.shape[0] > 1 else 0]
                put_products(products_1, factors, one.codes, lane)
                put_products(products_2, factors, two.codes, lane)
                for a in range(one.codes.shape[1]):  # the pass that this lane has missed
                    total = 0.0
                    for u in range(one.starts[a], one.starts[a + 1]):
                        total += one.seed[u] * products_2[one.other[u], lane]
                    current_1[a, lane] = total * products_1[a, lane]
                following += 1
                busy += 1
        if busy == 0:
            return
        scale_to(wanted, current_1, products_1, factors, one.codes, one.begins, sums)
        pass_over(current_2, products_1, two.starts, two.other, two.seed)
        multiply(current_2, products_2)
        scale_to(wanted, current_2, products_2, factors, two.codes, two.begins, sums)
        error_2[:] = 0.0
        raise_error(error_2, current_2, two.codes, two.begins, wanted, sums)
        for lane in range(LANES):
            taken[lane] += 1


@compiled
def expect_zones(factors: Array, rates: Array, one: Block, two: Block, out: Array) -> None:
    """out[z, m] = the sum over profiles of weight × rate, for factors (Z, factors) and `rates` (M, profiles).

    `rates` have the seed in them and are in the order of block one's profiles.
    """
    zones, width = factors.shape
    lanes, total = np.zeros((width, LANES)), np.zeros(LANES)
    products_1, current_1 = np.zeros((one.codes.shape[1], LANES)), np.zeros((one.codes.shape[1], LANES))
    products_2 = np.zeros((two.codes.shape[1], LANES))
    for first in range(0, zones, LANES):
        count = min(LANES, zones - first)
        for lane in range(count):
            lanes[:, lane] = factors[first + lane]
            put_products(products_1, lanes, one.codes, lane)
            put_products(products_2, lanes, two.codes, lane)
        for m in range(rates.shape[0]):
            pass_over(current_1, products_2, one.starts, one.other, rates[m])
            multiply(current_1, products_1)
            total[:] = 0.0
            for a in range(current_1.shape[0]):
                for lane in range(LANES):
                    total[lane] += current_1[a, lane]
            out[first : first + count, m] = total[:count]
