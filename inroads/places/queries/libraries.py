"""How far it is to the nearest open library from each neighbourhood of a place, and what may be nearer."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from inroads.analytics.published import Published
from inroads.methods.access import nearest

# Within this distance, in metres, nobody is listed as far from a library.
FAR = 1000
Unlocated = tuple[str, str]  # name and postcode, as listed


@dataclass(frozen=True)
class NearestLibraries:
    """For each neighbourhood in `rows`: `asset` (N,) row in `Published.assets`, -1 where none is known; `metres` (N,).

    Straight-line distance from where people live (population-weighted centre), not the way along roads. `may_be_nearer`
    (N,) is true where an open library of the same local authority could not be put on the map. `located` counts the
    open libraries of all that is loaded that could, `unlocated` names those of this place that could not.
    """

    rows: NDArray[np.intp]
    asset: NDArray[np.int64]
    metres: NDArray[np.float64]
    may_be_nearer: NDArray[np.bool_]
    located: int
    unlocated: tuple[Unlocated, ...]

    @property
    def far(self) -> int:
        """How many neighbourhoods have their nearest library more than `FAR` metres away."""
        return int((self.metres > FAR).sum())


@lru_cache(maxsize=256)
def nearest_libraries(published: Published, code: str) -> NearestLibraries:
    """For one place, or one neighbourhood by its own code."""
    places = published.neighbourhoods
    rows = _rows(published, code)
    offered = published.assets.offered("library")
    asset = np.full(len(rows), -1, dtype=np.int64)
    metres = np.full(len(rows), np.nan)
    placed = np.isfinite(places.easting[rows])
    if len(offered) and placed.any():
        origins = np.column_stack((places.easting[rows][placed], places.northing[rows][placed]))
        points = np.column_stack((published.assets.easting[offered], published.assets.northing[offered]))
        found = nearest(origins, points)
        asset[placed] = offered[found.index]
        metres[placed] = found.metres
    authorities = places.local_authority[rows]
    waiting = [code for code in np.unique(authorities).tolist() if code in _unlocated(published)]
    return NearestLibraries(
        rows, asset, metres, np.isin(authorities, waiting), len(offered), tuple(unlocated_in(published, code))
    )


def unlocated_in(published: Published, area_code: str) -> list[Unlocated]:
    """Open libraries of a place's local authorities that could not be put on the map: name and postcode, by name.

    Where a county runs its libraries, each of its districts has all of them: which one they lie in is not known.
    `area_code` may be that of a neighbourhood, which stands for its local authority.
    """
    authorities = published.neighbourhoods.local_authority[_rows(published, area_code)]
    waiting = _unlocated(published)
    return sorted({site for code in np.unique(authorities).tolist() for site in waiting.get(code, ())})


def _rows(published: Published, code: str) -> NDArray[np.intp]:
    row = published.neighbourhoods.row(code)
    return published.neighbourhoods.rows(code) if row is None else np.array([row])


@lru_cache(maxsize=4)
def _unlocated(published: Published) -> dict[str, list[Unlocated]]:
    """Open libraries without a place on the map, by each local authority they may lie in."""
    assets = published.assets
    found: dict[str, list[Unlocated]] = {}
    lost = (assets.kind == "library") & (assets.status == "open") & ~np.isfinite(assets.easting)
    for at in np.flatnonzero(lost).tolist():
        for authority in assets.local_authorities[at].split():
            found.setdefault(authority, []).append((str(assets.name[at]), str(assets.postcode[at])))
    return found


def within(published: Published, near: NearestLibraries, distances: tuple[int, ...]) -> list[tuple[int, float]]:
    """For each distance in metres: the share of people whose neighbourhood centre is that near to a library.

    At least so many where `near.unlocated` names any library.
    """
    people = published.neighbourhoods.population[near.rows]
    known = np.isfinite(near.metres) & np.isfinite(people)
    total = people[known].sum()
    if not total:
        return []
    return [(limit, float(people[known & (near.metres <= limit)].sum() / total)) for limit in distances]


@dataclass(frozen=True)
class Distance:
    """One neighbourhood and its nearest library, and whether another that is not on the map may be nearer."""

    code: str
    name: str
    library: str
    postcode: str
    kilometres: float
    may_be_nearer: bool


def farthest(published: Published, near: NearestLibraries, most: int) -> list[Distance]:
    """The neighbourhoods more than `FAR` metres from a library, farthest first, `most` of them at most."""
    metres = np.nan_to_num(near.metres)
    order = np.argsort(-metres, kind="stable")[:most]
    return [distance(published, near, position) for position in order.tolist() if metres[position] > FAR]


def distance(published: Published, near: NearestLibraries, position: int) -> Distance:
    """The neighbourhood at this position of `near`; it must have a library."""
    places, assets = published.neighbourhoods, published.assets
    row, asset = near.rows[position], near.asset[position]
    return Distance(
        code=str(places.code[row]),
        name=str(places.name[row]),
        library=str(assets.name[asset]),
        postcode=str(assets.postcode[asset]),
        kilometres=float(near.metres[position]) / 1000,
        may_be_nearer=bool(near.may_be_nearer[position]),
    )
