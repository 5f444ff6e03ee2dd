"""Who has how much help in reach, by neighbourhood, and where there is nothing: the means beside the need."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from inroads.analytics.published import ENGLAND, Published
from inroads.methods import access as methods
from inroads.places.queries.assets import Spot, centres
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Help
from inroads.reference.definitions.conversation import barriers

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
# Access is said for so many people: few enough that one place in reach is not a number with three noughts.
FOR_EACH = 10_000
# Spots are read so far around a place, in metres: what is nearest is known up to there.
FARTHEST = 10_000
DISTANCES = (1000, 2000, 3000, 5000)
# How each spot counts: as one, by the hours it is open in a week, or by its room for more people this month.
EACH, HOURS, ROOM = "each", "hours", "room"


@dataclass(frozen=True, eq=False)
class Access:
    """Of N neighbourhoods in the order of `rows`; NaN where their centre is not known.

    `value` (N,) supply in reach for each 10,000 people who share it, by a two-step floating catchment; `within` (N,)
    number of spots in reach; `metres` (N,) to the nearest, infinite beyond `FARTHEST`; `nearest` (N,) its
    position in `spots`, -1 without any up to `FARTHEST`. `median` of `value` over the neighbourhoods. `people` (N,)
    residents, NaN where not known. `known` of the spots say how much they offer; all others count as `typical`.
    `edge` is False where the neighbours beyond the edge of the place may not be loaded.
    """

    rows: Rows
    spots: tuple[Spot, ...]
    people: Floats
    value: Floats
    within: NDArray[np.int64]
    metres: Floats
    nearest: NDArray[np.int64]
    median: float
    known: int
    typical: float
    edge: bool

    @property
    def nothing(self) -> NDArray[np.bool_]:
        """(N,) whether there is nothing in reach, where that is known."""
        found: NDArray[np.bool_] = np.isfinite(self.value) & (self.within == 0)
        return found


@lru_cache(maxsize=64)
def access(published: Published, code: str, spots: tuple[Spot, ...], catchment: float, count: str = EACH) -> Access:
    """Access of every neighbourhood of a place to these spots; `spots` also up to `FARTHEST` beyond its edge.

    People beyond the edge who share a spot count too: those within twice the catchment of the place.
    Formulae: `docs/methods/access.md`. Raises `ValueError` for a catchment that is not above 0.
    """
    places = published.neighbourhoods
    rows = places.rows(code)
    supply, known, typical = supplies(spots, count)
    points = np.array([(spot.easting, spot.northing) for spot in spots], dtype=float).reshape(-1, 2)
    around = _around(published, code, 2 * catchment)
    origins = centres(published, around)
    value = np.full(len(rows), np.nan)
    within = np.zeros(len(rows), dtype=np.int64)
    metres = np.full(len(rows), np.nan)
    nearest = np.full(len(rows), -1, dtype=np.int64)
    own = np.flatnonzero(np.isfinite(centres(published, rows)).all(axis=1))
    if len(own):
        demand = np.nan_to_num(places.population[around])
        shared = methods.two_step(origins, demand, points, supply, catchment=catchment)
        value[own] = FOR_EACH * shared[np.searchsorted(around, rows[own])]
        found = methods.nearest(centres(published, rows[own]), points)
        known_up_to = found.metres <= FARTHEST
        metres[own] = np.where(known_up_to, found.metres, np.inf)
        nearest[own] = np.where(known_up_to, found.index, -1)
        within[own] = [len(each) for each in in_reach(centres(published, rows[own]), points, catchment)]
    return Access(
        rows=rows,
        spots=spots,
        people=places.population[rows],
        value=value,
        within=within,
        metres=metres,
        nearest=nearest,
        median=float(np.nanmedian(value)) if len(own) else float("nan"),
        known=known,
        typical=typical,
        edge=published.areas[ENGLAND].whole,
    )


def supplies(spots: Sequence[Spot], count: str) -> tuple[Floats, int, float]:
    """What each spot offers, of how many that is known, and what the others count as: the median of those known."""
    if count not in (HOURS, ROOM):
        return np.ones(len(spots)), len(spots), 1.0
    said = [spot.hours if count == HOURS else spot.room for spot in spots]
    given = np.array([np.nan if each is None else float(each) for each in said], dtype=float)
    known = np.isfinite(given)
    typical = float(np.median(given[known])) if known.any() else 1.0
    return np.where(known, given, typical), int(known.sum()), typical


def in_reach(origins: Floats, points: Floats, metres: float) -> list[NDArray[np.int64]]:
    """For each of (n, 2) origins the rows of `points` at most so far away in a straight line, ascending."""
    from scipy.spatial import cKDTree  # slow to import, and most pages do without

    if not len(origins) or not len(points):
        return [np.empty(0, dtype=np.int64) for _ in range(len(origins))]
    found = cKDTree(points).query_ball_point(origins, metres, return_sorted=True)
    return [np.array(each, dtype=np.int64) for each in found]


def _around(published: Published, code: str, metres: float) -> Rows:
    """Rows of the neighbourhoods of a place and of those around it, ascending; without those of unknown centre."""
    places = published.neighbourhoods
    own = centres(published, places.rows(code))
    own = own[np.isfinite(own).all(axis=1)]
    if not len(own):
        return np.empty(0, dtype=np.intp)
    (west, south), (east, north) = own.min(axis=0) - metres, own.max(axis=0) + metres
    x, y = places.easting, places.northing
    return np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))


@dataclass(frozen=True)
class Without:
    """How many neighbourhoods and people have nothing within a distance in metres, as their centre lies."""

    metres: int
    neighbourhoods: int
    people: int


def without(found: Access) -> list[Without]:
    """Where there is nothing, by distance."""
    people = np.nan_to_num(found.people)
    known = ~np.isnan(found.metres)
    gaps = [(limit, known & (found.metres > limit)) for limit in DISTANCES]
    return [Without(limit, int(far.sum()), round(float(people[far].sum()))) for limit, far in gaps]


def not_listed(helps: frozenset[str]) -> list[Help]:
    """Kinds of help for people that are not among these, by title; what is for staff alone stands in no directory."""
    known = barriers()
    for_people = [
        each for each in load(Help).values() if any(known[name].asked_of == "person" for name in each.barriers)
    ]
    return sorted((each for each in for_people if each.id not in helps), key=lambda each: each.title)


def worst_first(found: Access, fifth: NDArray[np.int64]) -> Rows:
    """Positions by risk, highest fifth first, within each the least help in reach first, then the farthest."""
    value = np.where(np.isfinite(found.value), found.value, np.inf)
    metres = np.where(np.isnan(found.metres), -np.inf, found.metres)
    return np.lexsort((-metres, value, -fifth))


def unmet(found: Access, fifth: NDArray[np.int64]) -> tuple[int, int]:
    """How many neighbourhoods at highest risk have nothing in reach, and how many people live there."""
    where = found.nothing & (fifth == 5)
    return int(where.sum()), round(float(np.nan_to_num(found.people)[where].sum()))
