"""Where to go and ask next."""

import heapq
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.arguments import Array, length, numbers, whole
from inroads.methods.picture.revision import Picture


class Visits(NamedTuple):
    """Where to go, in order, and what each visit is expected to gain; each (V,).

    `order`: places in the rows of the picture; a place comes again where a second visit there is worth more than
    a first elsewhere. `expected_gain`: by how much each visit lowers the expected loss, in people squared.
    """

    order: NDArray[np.int64]
    expected_gain: Array


def where_to_listen(picture: Picture, *, visits: int, per_visit: int, population: ArrayLike) -> Visits:
    """The next `visits` places to go and ask `per_visit` people each, by expected reduction of expected loss.

    The loss is the squared error of the number of people who are excluded, added up over neighbourhoods:
    population² × variance of the share. With C = mean (1 - mean) / variance - 1, the conversations that the picture is
    worth, asking n more people lowers the expected variance to C / (C + n) of what it is, whatever they will say:

        gain of n people = population² variance n / (n + C)

    Each visit gains less than the one before at the same place, so taking the largest gain each time is the best plan.
    These visits ask nobody twice: no more than `population` people in a place, and fewer visits than `visits` once
    everybody would have been asked. Who was asked before they do not know.

    picture
        From `revise`. Where digital and other channels were told apart without `reach`, only what the others say
        counts as known: a place heard only digitally is a place not yet heard. Places without a risk figure are left
        out.
    visits, per_visit
        Whole numbers of 1 or more.
    population
        (Z,) numbers of people, 0 or more.

    Does not count what a conversation in one place says of others through the index. Ties: the earlier row first.
    Raises `ValueError` naming the argument. Source: preposterior analysis, Raiffa & Schlaifer (1961), Applied
    statistical decision theory, chapter 5.
    """
    count, people = whole(visits, "visits"), whole(per_visit, "per_visit")
    size = numbers(population, "population", what="a number of people", least=0)
    if not isinstance(picture, Picture):
        raise ValueError(f"picture: expected what revise gives, found {type(picture).__name__}; give revise(...)")
    length(size, "population", picture.mean.size, "neighbourhoods in picture")
    heard = picture.other_channels or picture
    variance = heard.sd**2
    known = heard.mean * (1.0 - heard.mean) / variance - 1.0
    loss = size**2 * variance

    def gained(place: int, times: int) -> float:
        asked = min(times * people, float(size[place]))
        return float(loss[place] * asked / (asked + known[place])) if asked else 0.0

    heap = [(-gained(int(place), 1), int(place), 1) for place in np.flatnonzero(~np.isnan(loss) & (loss > 0))]
    heapq.heapify(heap)
    order: list[int] = []
    gains: list[float] = []
    while heap and len(order) < count:
        gain, place, times = heap[0]
        order.append(place)
        gains.append(-gain)
        after = gained(place, times + 1) - gained(place, times)
        if after > 0:
            heapq.heapreplace(heap, (-after, place, times + 1))
        else:
            heapq.heappop(heap)
    return Visits(np.array(order, dtype=np.int64), np.array(gains, dtype=np.float64))
