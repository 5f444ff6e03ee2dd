"""Where the next places would reach most people: candidates, what stays, whom a plan reaches, what none exceeds."""

import hashlib
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inroads.analytics.published import Published
from inroads.methods.siting import Siting, cover
from inroads.places.queries.access import FARTHEST, in_reach
from inroads.places.queries.assets import LIBRARY, Spot, centres, offered, offering
from inroads.places.queries.left_out import left_out
from inroads.places.queries.picture import Weights, picture

Floats = NDArray[np.float64]
CENTRES, LIBRARIES, COMMUNITY = "centres", "libraries", "community"
OFFERING, NONE = "offering", "none"
ALIKE, TWICE, LEAST = "alike", "twice", "least"
PEOPLE, LEFT_OUT = "people", "left_out"
# A search goes on for so long while the reader waits. With room or fairness to weigh and more pairs of a place and a
# neighbourhood than this, it does not end in time: then the plan is that of taking the best place again and again.
SECONDS, MOST_PAIRS = 0.5, 100_000
HIGHEST = 5


@dataclass(frozen=True)
class Asked:
    """A question: `open_new` more places among `candidates`, where those of `keep` stay.

    `help` is "" for any, "library" or the id of a help; `metres` how far is in reach; `room` how many people each
    place has room for, None for all; `fair` whether people count alike, those in the fifth at highest risk twice, or
    the fifth that is reached least gets a weight of its own. `demand` says who counts: everybody who lives there, or
    the estimated number of people who would be left out of digital-only care.
    """

    open_new: int
    candidates: str
    keep: str
    help: str
    metres: float
    room: int | None = None
    fair: str = ALIKE
    demand: str = PEOPLE


class Site(NamedTuple):
    """Where a place could be, or is. `neighbourhood` is the code of the one it is the centre of, else ""."""

    key: str
    name: str
    easting: float
    northing: float
    neighbourhood: str
    service: str


@dataclass(frozen=True)
class Question:
    """Everything a plan depends on besides the published figures: equal questions have equal answers.

    `estimates` are the numbers by neighbourhood as bytes, where these count instead of all people; else empty.
    """

    code: str
    weights: Weights
    asked: Asked
    candidates: tuple[Site, ...]
    kept: tuple[Site, ...]
    estimates: bytes = b""

    def mark(self, published: Published) -> str:
        """A short text that is the same for the same question of the same figures only."""
        told = (published.generation, self.code, self.weights, sorted(asdict(self.asked).items()))
        whole = repr((*told, self.candidates, self.kept, self.estimates))
        return hashlib.sha256(whole.encode()).hexdigest()


@dataclass(frozen=True)
class Pick:
    """A place to open: `adds` people whom neither a kept place nor a pick before it reaches, `alone` whom no other.

    `at_risk` of those added live in the fifth at highest risk. Where places have room for so many only, `serves` is
    how many it serves, else None.
    """

    site: Site
    adds: float
    at_risk: float
    alone: float
    serves: float | None


@dataclass(frozen=True)
class Fifth:
    """People of one fifth of risk (0: no figure): how many, how many are reached by what is kept, and by the plan."""

    fifth: int
    people: float
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class Plan:
    """`picks` in order; `people` there are, reached `before` and `after`.

    `bound`: no plan under the same limits reaches more; where people at highest risk count twice, they do so in
    `scored` and in `bound`. `proven`: nothing beats it by more than 1 in 10,000. `quick`: there was no time to weigh
    room or fairness, so the plan is the quick one. `zones` (N,) 0 not reached, 1 by what is kept, 2 by the plan, -1
    not known, in the order of the picture's rows; with room for so many only, whether a place is in reach.
    """

    picks: tuple[Pick, ...]
    people: float
    before: float
    after: float
    scored: float
    bound: float
    proven: bool
    quick: bool
    fifths: tuple[Fifth, ...]
    zones: NDArray[np.int64]
    least_alike: float


@dataclass(frozen=True, eq=False)
class _Problem:
    """`zones` positions with a known centre, `demand` (Z, 6) by fifth, `weight` (6,), `reach` by site, kept last."""

    zones: NDArray[np.intp]
    count: int
    demand: Floats
    weight: Floats
    reach: list[NDArray[np.int64]]
    fixed: NDArray[np.intp]


def question(published: Published, code: str, weights: Weights, asked: Asked) -> Question:
    """What is asked, with the candidates and the places kept as they are open to everybody today."""
    spots = offered(published, code, margin=FARTHEST).spots
    kept = {OFFERING: offering(spots, asked.help), LIBRARIES: offering(spots, LIBRARY), NONE: ()}[asked.keep]
    names = {spot.key for spot in kept}
    if asked.candidates == CENTRES:
        candidates = _middles(published, code)
    else:
        library = asked.candidates == LIBRARIES
        listed = [spot for spot in spots if spot.here and (spot.kind == LIBRARY) == library and spot.key not in names]
        candidates = tuple(_site(spot) for spot in listed)
    estimates = left_out(published, code) if asked.demand == LEFT_OUT else None
    counts = np.nan_to_num(estimates.value).tobytes() if estimates is not None else b""
    return Question(code, weights, asked, candidates, tuple(_site(spot) for spot in kept), counts)


def _site(spot: Spot) -> Site:
    return Site(spot.key, spot.name, spot.easting, spot.northing, "", spot.service)


@lru_cache(maxsize=64)
def _middles(published: Published, code: str) -> tuple[Site, ...]:
    places = published.neighbourhoods
    rows = places.rows(code)
    points = centres(published, rows)
    found = []
    for row, (x, y) in zip(rows.tolist(), points.tolist(), strict=True):
        if np.isfinite(x) and np.isfinite(y):
            own, ward = str(places.code[row]), str(places.ward[row])
            name = f"{places.name[row]}, {ward}" if ward else str(places.name[row])
            found.append(Site(own, name, x, y, own, ""))
    return tuple(found)


@lru_cache(maxsize=256)
def plan(published: Published, asked: Question) -> Plan:
    """The best plan that can be found while a reader waits, with a bound that holds for every plan."""
    problem = _problem(published, asked)
    pairs = sum(len(each) for each in problem.reach)
    quick = pairs > MOST_PAIRS and (asked.asked.room is not None or asked.asked.fair == LEAST)
    found = _solved(problem, asked, quick=quick, seconds=SECONDS)
    return _told(problem, asked, found, quick=quick)


def plan_within(published: Published, asked: Question, seconds: float) -> tuple[list[int], Plan]:
    """A plan by a longer search, and the columns of the candidates it chose."""
    problem = _problem(published, asked)
    found = _solved(problem, asked, quick=False, seconds=seconds)
    return [int(each) for each in found.chosen], _told(problem, asked, found, quick=False)


@lru_cache(maxsize=64)
def plan_of(published: Published, asked: Question, chosen: tuple[int, ...], bound: float, proven: bool) -> Plan:
    """The plan that opens these candidates, as one found before; `bound` and `proven` are from that search."""
    problem = _problem(published, asked)
    opened = replace(problem, fixed=np.concatenate((np.array(chosen, dtype=np.intp), problem.fixed)))
    found = _solved(opened, asked, quick=False, seconds=SECONDS, open_new=0)
    found = replace(found, chosen=np.array(chosen, dtype=np.int64), bound=bound, proven=proven)
    return _told(problem, asked, found, quick=False)


def better(one: Plan, other: Plan, asked: Question) -> bool:
    """Whether the first plan comes nearer to what was asked for than the second."""
    return _aim(one, asked) > _aim(other, asked)


def _aim(plan: Plan, asked: Question) -> float:
    if asked.asked.fair != LEAST or not plan.people:
        return plan.scored
    return plan.after / plan.people + min(each.after / each.people for each in plan.fifths)


def _problem(published: Published, asked: Question) -> _Problem:
    seen = picture(published, asked.code, asked.weights)
    points = centres(published, seen.rows)
    people = np.nan_to_num(published.neighbourhoods.population[seen.rows])
    if asked.estimates:
        people = np.frombuffer(asked.estimates, dtype=np.float64)
    zones = np.flatnonzero(np.isfinite(points).all(axis=1))
    demand = np.zeros((len(zones), HIGHEST + 1))
    demand[np.arange(len(zones)), seen.fifth[zones]] = people[zones]
    sites = (*asked.candidates, *asked.kept)
    where = np.array([(site.easting, site.northing) for site in sites], dtype=float).reshape(-1, 2)
    weight = np.ones(HIGHEST + 1)
    if asked.asked.fair == TWICE:
        weight[HIGHEST] = 2.0
    return _Problem(
        zones=zones,
        count=len(seen.rows),
        demand=demand,
        weight=weight,
        reach=in_reach(where, points[zones], asked.asked.metres),
        fixed=np.arange(len(asked.candidates), len(sites)),
    )


def _solved(problem: _Problem, asked: Question, *, quick: bool, seconds: float, open_new: int | None = None) -> Siting:
    room = asked.asked.room
    return cover(
        problem.demand * problem.weight,
        problem.reach if problem.reach else np.zeros((len(problem.demand), 0), dtype=bool),
        open_new=asked.asked.open_new if open_new is None else open_new,
        fixed=problem.fixed,
        capacity=None if room is None else np.full(len(problem.reach), float(room)),
        equity=1.0 if asked.asked.fair == LEAST and not quick and open_new is None else None,
        method="greedy" if quick else "optimal",
        seconds=seconds,
    )


def _told(problem: _Problem, asked: Question, found: Siting, *, quick: bool) -> Plan:
    totals = problem.demand.sum(axis=0)
    # Shares are the same whether a group counts once or twice, so people are counted from them.
    before = totals * np.nan_to_num(_solved(problem, asked, quick=True, seconds=SECONDS, open_new=0).share)
    after = totals * np.nan_to_num(found.share)
    people = problem.demand.sum(axis=1)
    covered = np.zeros(len(people), dtype=bool)
    for each in problem.fixed:
        covered[problem.reach[each]] = True
    times = covered.astype(np.int64)
    zones = np.full(problem.count, -1, dtype=np.int64)
    zones[problem.zones] = times
    chosen = [int(each) for each in found.chosen]
    for each in chosen:
        times[problem.reach[each]] += 1
    picks = []
    for each in chosen:
        own = problem.reach[each]
        new = own[~covered[own]]
        covered[new] = True
        zones[problem.zones[new]] = 2
        picks.append(
            Pick(
                site=asked.candidates[each],
                adds=float(people[new].sum()),
                at_risk=float(problem.demand[new, HIGHEST].sum()),
                alone=float(people[own[times[own] == 1]].sum()),
                serves=None if found.load is None else float(found.load[each]),
            )
        )
    return Plan(
        picks=tuple(picks),
        people=float(totals.sum()),
        before=float(before.sum()),
        after=float(after.sum()),
        scored=float((after * problem.weight).sum()),
        bound=found.bound,
        proven=found.proven and not quick,
        quick=quick,
        fifths=tuple(
            Fifth(fifth, float(totals[fifth]), float(before[fifth]), float(after[fifth]))
            for fifth in range(HIGHEST, -1, -1)
            if totals[fifth] > 0
        ),
        zones=zones,
        least_alike=found.worst_without_equity,
    )
