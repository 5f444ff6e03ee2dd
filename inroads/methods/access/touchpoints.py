"""Which groups each trusted touchpoint truly reaches, and which groups nobody reaches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inroads.methods.access.decay import above_zero
from inroads.methods.access.pairs import ByCoordinates
from inroads.methods.access.points import as_points
from inroads.methods.arguments import Array, length, numbers, share, whole
from inroads.methods.inequality.rates_limits import share_limits

REACHES, MISSES, TOO_FEW, NOT_RECORDED, NOBODY = (
    "reaches", "does not reach", "too few to say", "not recorded", "nobody lives there",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Reach:
    """What T touchpoints reach of G groups.

    state
        (T, G) one of `"reaches"`, `"does not reach"`, `"too few to say"`, `"not recorded"` and `"nobody lives there"`.
    share, low, high
        (T, G) the group's share of the people who came, with its Wilson interval; NaN where not recorded or nobody
        came.
    ratio, ratio_low, ratio_high
        (T, G) that share over the group's share of the people who live in the catchment: 1 where both are alike,
        NaN where either is not known.
    living
        (T, G) people of each group in the catchment of each touchpoint.
    unreached
        (G,) True for a group that no touchpoint reaches although every touchpoint in whose catchment it lives could
        tell; `unknown` (G,) True for a group that none is shown to reach while some could not tell.
    outside
        (Z, G) people of each zone with no touchpoint within the catchment, where zones were given; else None.
    """

    state: NDArray[np.str_]
    share: Array
    low: Array
    high: Array
    ratio: Array
    ratio_low: Array
    ratio_high: Array
    living: Array
    unreached: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    outside: Array | None


def reach(
    used: ArrayLike,
    living: ArrayLike | None = None,
    *,
    origins: ArrayLike | None = None,
    population: ArrayLike | None = None,
    touchpoints: ArrayLike | None = None,
    catchment: float | None = None,
    least: int = 10,
    fair: float = 0.8,
    confidence: float = 0.95,
) -> Reach:
    """Compares who came to each of T touchpoints with who lives in its catchment, for G groups.

        share = used[t, g] / Σ used[t, :]        ratio = share / (living[t, g] / Σ living[t, :])

    used
        (T, G) people of each group who really came. Groups do not overlap and together are everybody. NaN where the
        group was not recorded: then no share of that touchpoint is known, as its total is not.
    living
        (T, G) people of each group in the catchment of each touchpoint, or (G,) the same for all. Instead, `origins`
        (Z, 2), `population` (Z, G), `touchpoints` (T, 2) and `catchment` in metres, from which it is counted:
        everybody of a zone whose point is at most `catchment` away in a straight line.
    least
        With fewer people than this at a touchpoint in all, it is too few to say of any group.
    fair
        A touchpoint reaches a group whose ratio is at least this. `"reaches"` needs the interval's lower end to be
        there, `"does not reach"` its upper end to be below; in between it is too few to say. Four fifths is the
        convention of the adverse-impact rule (US Uniform Guidelines 1978); set it in advance.
    confidence
        Of Wilson's interval (1927) on the share. Who lives in the catchment is taken as known.

    Raises `ValueError` naming the argument and the row, counted from 0.
    """
    came = numbers(used, "used", ndim=2, what="the number of people who came", least=0, missing=True)
    smallest, threshold, level = (
        whole(least, "least"),
        share(fair, "fair", example=0.8),
        share(confidence, "confidence"),
    )
    there, outside = _living(
        came.shape,
        living=living,
        origins=origins,
        population=population,
        touchpoints=touchpoints,
        catchment=catchment,
    )
    total, everybody = came.sum(axis=1, keepdims=True), there.sum(axis=1, keepdims=True)
    part, low, high = share_limits(came, total, level)
    expected = np.divide(there, everybody, out=np.full_like(there, np.nan), where=everybody > 0)
    known = np.where(expected > 0, expected, np.nan)
    ratio, ratio_low, ratio_high = part / known, low / known, high / known
    state = np.full(came.shape, TOO_FEW, dtype="<U20")
    enough = total >= smallest
    state[enough & (ratio_low >= threshold)] = REACHES
    state[enough & (ratio_high < threshold)] = MISSES
    state[there == 0] = NOBODY
    state[np.isnan(came) | (np.isnan(total) & (there > 0))] = NOT_RECORDED
    shown = (state == REACHES).any(axis=0)
    unclear = ((state == TOO_FEW) | (state == NOT_RECORDED)).any(axis=0)
    lives = (there > 0).any(axis=0)
    return Reach(
        state, part, low, high, ratio, ratio_low, ratio_high, there,
        ~shown & ~unclear & lives, ~shown & unclear, outside,
    )  # fmt: skip


def _living(
    shape: tuple[int, ...],
    *,
    living: ArrayLike | None,
    origins: ArrayLike | None,
    population: ArrayLike | None,
    touchpoints: ArrayLike | None,
    catchment: float | None,
) -> tuple[Array, Array | None]:
    """(T, G) people in each catchment, and (Z, G) people in none."""
    if living is not None:
        if any(one is not None for one in (origins, population, touchpoints, catchment)):
            raise ValueError("living: give either this or origins, population, touchpoints and catchment")
        there = numbers(living, "living", ndim=(1, 2), what="the number of people living there", least=0)
        if there.shape not in (shape, shape[1:]):
            raise ValueError(f"living: has shape {there.shape} where used has {shape}; give a number for each group")
        return np.array(np.broadcast_to(there, shape)), None
    if origins is None or population is None or touchpoints is None or catchment is None:
        raise ValueError("living: give the people of each group, or origins, population, touchpoints and catchment")
    zones, places = as_points(origins, "origins"), as_points(touchpoints, "touchpoints")
    people = numbers(population, "population", ndim=2, what="the number of people", least=0)
    length(people, "population", len(zones), "origins")
    length(places, "touchpoints", shape[0], "rows of used")
    if people.shape[1] != shape[1]:
        raise ValueError(
            f"population: has {people.shape[1]} columns where used has {shape[1]}; give one for each group"
        )
    pairs = ByCoordinates.of(zones, places, above_zero(catchment, "catchment", "3000"), None)
    there = np.stack([pairs.to_assets(column) for column in people.T], axis=1)
    nobody = pairs.to_origins(np.ones(shape[0])) == 0
    return there, np.where(nobody[:, np.newaxis], people, 0.0)
