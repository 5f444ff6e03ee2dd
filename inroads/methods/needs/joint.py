"""What can be said of people who are in both of two groups when only each group is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from inroads.methods.arguments import Array, numbers


@dataclass(frozen=True, eq=False)
class JointBounds:
    """How many people are in both groups, in people; each of the shape that p, q and n have together.

    `low` and `high` hold whatever the truth is. `independent` is one point between them: right only where being in
    one group makes the other neither more nor less likely.
    """

    independent: Array
    low: Array
    high: Array


def joint_bounds(p: ArrayLike, q: ArrayLike, n: ArrayLike) -> JointBounds:
    """The number of people in both groups, such as digitally excluded *and* living with mental health illness.

    p, q
        The share of people in each group, 0 to 1: one number, or (Z,), or a table.
    n
        People, 0 or more. p, q and n must have shapes that go together (one number goes with anything).

    Formula: independent = n p q; low = n max(0, p + q - 1); high = n min(p, q). The bounds are the narrowest that
    hold for every way the two groups may overlap; no data on one group alone can narrow them. The true number lies
    above `independent` where being in one group makes being in the other more likely.
    The shares are taken as exact.

    Raises `ValueError` naming the argument and the entry.
    Source: Fréchet (1951), Annales de l'Université de Lyon A 14, 53-77.
    """
    first, second = (
        numbers(given, name, ndim=(0, 1, 2), what="a share", least=0, most=1) for given, name in ((p, "p"), (q, "q"))
    )
    people = numbers(n, "n", ndim=(0, 1, 2), what="a number of people", least=0)
    try:
        first, second, people = np.broadcast_arrays(first, second, people)
    except ValueError as error:
        raise ValueError(
            f"p, q and n: have shapes {first.shape}, {second.shape} and {people.shape}, which do not go together; give "
            "one entry of each for each neighbourhood, or one number for all"
        ) from error
    # Within the bounds whatever the rounding: 0.1 × 0.3 may come out a hair above what it is.
    high = people * np.minimum(first, second)
    low = np.minimum(people * np.maximum(0.0, first + second - 1), high)
    return JointBounds(np.clip(people * first * second, low, high), low, high)
