"""Whether regions differ, and whether the groups are as large as Rogers found them."""

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.adoption.grouping import SHARES
from inroads.methods.arguments import Array, codes, generator, length, numbers, whole

FIVE = (0.025, 0.135, *SHARES[1:])
"""Rogers' shares with innovators and early adopters apart."""

BLOCK = 1 << 20
"""Scores shuffled at a time."""


@dataclass(frozen=True)
class Pattern:
    """How far regions explain where areas stand.

    statistic
        The share of the variance of scores that lies between regions, 0 to 1 (eta squared). Regions of few areas have
        some of it by chance: read it with `p`.
    p
        How often shuffled scores give as much or more. NaN where nothing can differ.
    note
        What a reader has to know, in words; empty where there is nothing.
    """

    statistic: float
    p: float
    note: str


@dataclass(frozen=True, eq=False)
class Reached:
    """In how many regions a few areas stand, against as many drawn at random.

    chances
        (R + 1,): how often draws at random stand in exactly 0, 1, … R regions.
    fewer
        How often they stand in as many regions or fewer: small where the areas are bunched in few regions.
    more
        How often they stand in as many regions or more: small where they are spread wider than chance would have it.
    """

    chances: Array
    fewer: float
    more: float


class Rogers(NamedTuple):
    """Pearson's chi squared of counts against Rogers' shares, its degrees of freedom and its p."""

    chi2: float
    df: int
    p: float


def pattern_by_region(
    scores: ArrayLike, regions: ArrayLike, *, draws: int = 5000, rng: np.random.Generator | int
) -> Pattern:
    """Whether areas of the same region stand together, by permutation.

    scores
        (A,), NaN where an area has none; it is left out.
    regions
        (A,) codes or names.
    draws
        Shufflings of the scores over the areas. p = (1 + shufflings with as much or more) / (1 + draws), which is
        never below its level too often, however few areas there are.

    Statistic: Σ over regions n (mean - overall mean)² / Σ over areas (score - overall mean)².
    Raises `ValueError` naming the argument and the entry.
    Source: Fisher (1935), The Design of Experiments; Phipson & Smyth (2010), Statistical Applications in Genetics and
    Molecular Biology 9(1), 39, for the 1 that is added.
    """
    values, count, source = numbers(scores, "scores", missing=True), whole(draws, "draws"), generator(rng)
    places = np.asarray(regions)
    if places.ndim != 1:
        raise ValueError(f"regions: expected one for each area, found an array of shape {places.shape}")
    length(places, "regions", values.size, "scores")
    known = ~np.isnan(values)
    values, places = values[known], places[known].astype(str)
    names, code = np.unique(places, return_inverse=True)
    if names.size < 2 or names.size == values.size:
        return Pattern(np.nan, np.nan, "There have to be two regions, one of them with two areas, to see a pattern.")
    values = values - values.mean()
    total = float((values**2).sum())
    if total <= 0 or np.ptp(values) == 0:
        return Pattern(np.nan, np.nan, "All scores are the same: there is no pattern to see.")
    member = (code[:, np.newaxis] == np.arange(names.size)).astype(np.float64)
    member /= np.sqrt(member.sum(axis=0))
    found = float(((values @ member) ** 2).sum()) / total
    as_much, height = 0, max(1, BLOCK // values.size)
    for start in range(0, count, height):
        shuffled = source.permuted(np.tile(values, (min(height, count - start), 1)), axis=1)
        # Shufflings that change nothing may differ in the last digit.
        as_much += int(np.count_nonzero(((shuffled @ member) ** 2).sum(axis=1) / total >= found - 1e-12))
    return Pattern(found, (1 + as_much) / (1 + count), "")


def against_rogers(counts: ArrayLike) -> Rogers:
    """Pearson's chi squared of how many areas are in each group against Rogers' shares 16 / 34 / 34 / 16 %.

    `counts` (4,) from the first to the last; or (5,), with innovators (2.5 %) and early adopters (13.5 %) apart.
    Degrees of freedom are the groups less 1, as the shares are not estimated. A large p does not show that the curve
    holds: with few areas much would pass. Below 32 areas a group expects fewer than 5, and p is rough.

    Raises `ValueError` naming the argument and the entry.
    Source: Pearson (1900), Philosophical Magazine 50, 157-175; shares of Rogers (1962), Diffusion of Innovations.
    """
    from scipy.special import chdtrc

    found = numbers(counts, "counts", what="a number of areas", least=0)
    if found.size not in (len(SHARES), len(FIVE)):
        raise ValueError(f"counts: has {found.size} entries; give 4 groups, or 5 with the innovators apart")
    if found.sum() <= 0:
        raise ValueError("counts: adds up to 0; give the number of areas in each group")
    expected = np.array(SHARES if found.size == len(SHARES) else FIVE) * found.sum()
    chi2, df = float(((found - expected) ** 2 / expected).sum()), found.size - 1
    return Rogers(chi2, df, float(chdtrc(df, chi2)))


def regions_reached(sizes: ArrayLike, drawn: int, reached: int) -> Reached:
    """How likely it is that `drawn` areas, each set of them as likely as another, stand in `reached` regions.

    sizes
        (R,) areas in each region.
    drawn
        Areas in the group, such as the first on the curve.
    reached
        Regions in which at least one of them stands.

    Exact, by counting sets (the multivariate hypergeometric distribution): of the sets of n areas that reach k regions
    there are as many as the coefficient of x^n y^k in the product over regions of 1 + y ((1 + x)^size - 1).
    It looks at one group only, and says nothing of the areas outside of it. Where as many regions are reached as there
    are areas drawn, `fewer` is 1 whatever the world is like: fewer could have been seen, more could not.

    Raises `ValueError` naming the argument.
    Source: Johnson, Kotz and Balakrishnan (1997), Discrete Multivariate Distributions, Wiley, chapter 39.
    """
    areas = [int(size) for size in codes(sizes, "sizes")]
    count, seen = whole(drawn, "drawn"), whole(reached, "reached")
    if count > sum(areas):
        raise ValueError(f"drawn: is {count} where the regions have {sum(areas)} areas; draw no more than there are")
    if seen > min(count, len(areas)):
        raise ValueError(
            f"reached: is {seen}, but {count} areas cannot stand in more than {min(count, len(areas))} of "
            f"{len(areas)} regions"
        )
    # ways[k][n]: sets of n areas of the regions so far that stand in k of them.
    ways = [[int(k == n == 0) for n in range(count + 1)] for k in range(len(areas) + 1)]
    for size in areas:
        added = [[0] * (count + 1) for _ in ways]
        for k, row in enumerate(ways):
            for n, sets in enumerate(row):
                for more in range(min(size, count - n) + 1) if sets else ():
                    added[k + (more > 0)][n + more] += sets * comb(size, more)
        ways = added
    exact = [Fraction(row[count], comb(sum(areas), count)) for row in ways]
    return Reached(np.array([float(each) for each in exact]), float(sum(exact[: seen + 1])), float(sum(exact[seen:])))
