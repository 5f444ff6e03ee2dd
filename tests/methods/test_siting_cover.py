"""Maximal covering: worked examples, every plan tried one by one, capacities, equity, bounds, reasons, refusals."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, vstack

from inroads.methods.siting import cover

FEW = settings(max_examples=40, deadline=None)


def plans(sites, fixed, most):
    rest = [s for s in range(sites) if s not in fixed]
    for count in range(min(most, len(rest)) + 1):
        for new in combinations(rest, count):
            yield [*fixed, *new]


def reached(demand, reach, plan):
    return demand[reach[:, list(plan)].any(axis=1)].sum(axis=0)


def served(demand, reach, plan, capacity):
    """The most people a plan with room can serve: a linear programme over single pairs."""
    pairs = [(z, s) for z in range(len(demand)) for s in plan if reach[z, s]]
    if not pairs:
        return 0.0
    limits = np.zeros((len(demand) + len(capacity), len(pairs)))
    for k, (z, s) in enumerate(pairs):
        limits[z, k] = limits[len(demand) + s, k] = 1
    return -linprog(-np.ones(len(pairs)), limits, np.concatenate([demand, capacity])).fun


@st.composite
def places(draw, groups=None, sites=7):
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    z, s = draw(st.integers(1, 12)), draw(st.integers(1, sites))
    shape = z if groups is None else (z, groups)
    demand = rng.integers(0, 10, shape).astype(float)
    reach = rng.random((z, s)) < draw(st.sampled_from([0.1, 0.3, 0.6]))
    fixed = [int(f) for f in rng.choice(s, draw(st.integers(0, min(2, s))), replace=False)]
    return demand, reach, fixed, draw(st.integers(0, 4))


@pytest.mark.parametrize("seed", range(6))
def test_towns_apart_are_chosen_part_by_part_as_well_as_all_at_once(seed):
    """Eight towns that share no site: by brute force in each town, and the best share of sites over the towns."""
    rng = np.random.default_rng(seed)
    demand, reach, best = [], [], [0.0]
    for _ in range(8):
        people, near = rng.integers(1, 100, 14).astype(float), rng.random((14, 5)) < 0.3
        by_count = [max(reached(people, near, plan) for plan in combinations(range(5), k)) for k in range(6)]
        best = [
            max(best[k - own] + by_count[own] for own in range(6) if 0 <= k - own < len(best))
            for k in range(len(best) + 5)
        ]
        demand.append(people)
        reach.append(near)
    found = cover(np.concatenate(demand), block_diag(reach, format="csr"), open_new=11)
    assert found.proven
    assert found.covered == pytest.approx(best[11], rel=1e-4)
    assert best[11] <= found.bound * (1 + 1e-12)
    assert len(found.chosen) <= 11


def test_towns_as_large_as_cities_agree_with_the_solver_alone():
    rng = np.random.default_rng(7)
    middle = rng.uniform(0, 400, (12, 2))
    town = rng.choice(12, 1500, p=rng.dirichlet(np.ones(12)))
    zones = middle[town] + rng.normal(0, 6, (1500, 2))
    sites = zones[rng.choice(1500, 150, replace=False)]
    reach = csr_array(np.hypot(*(zones[:, np.newaxis] - sites).transpose(2, 0, 1)) <= 4)
    demand = rng.integers(500, 3000, 1500).astype(float)
    apart = cover(demand, reach, open_new=20)
    # One zone of nearly nobody that every site reaches joins all parts into one, so they are solved at once.
    joined = cover(np.append(demand, 1e-3), vstack([reach, csr_array(np.ones((1, 150)))]).astype(bool), open_new=20)
    assert apart.proven
    assert joined.proven
    assert apart.covered == pytest.approx(joined.covered, rel=2e-4)
    assert max(apart.covered, joined.covered - 1e-3) <= min(apart.bound, joined.bound) * (1 + 1e-9)


@FEW
@given(places())
def test_equals_trying_every_plan(place):
    demand, reach, fixed, most = place
    best = max(reached(demand, reach, plan) for plan in plans(reach.shape[1], fixed, most))
    found = cover(demand, reach, open_new=most, fixed=fixed)
    assert found.covered == pytest.approx(best)
    assert found.bound == pytest.approx(best, rel=2e-4)
    assert found.bound >= best - 1e-6
    assert found.proven
    assert reached(demand, reach, [*fixed, *found.chosen]) == pytest.approx(found.covered)
    assert len(found.chosen) == len(found.reasons) <= most
    assert not set(found.chosen.tolist()) & set(fixed)
    quick = cover(demand, reach, open_new=most, fixed=fixed, method="greedy")
    assert quick.covered <= best + 1e-9 <= quick.bound + 1e-6
    base = reached(demand, reach, fixed)
    assert quick.covered - base >= (1 - 1 / np.e) * (best - base) - 1e-9


@settings(max_examples=25, deadline=None)
@given(places(sites=5), st.integers(0, 10**6))
def test_with_capacities_equals_trying_every_plan(place, seed):
    demand, reach, fixed, most = place
    capacity = np.random.default_rng(seed).integers(0, 25, reach.shape[1]).astype(float)
    best = max(served(demand, reach, plan, capacity) for plan in plans(reach.shape[1], fixed, most))
    found = cover(demand, reach, open_new=most, fixed=fixed, capacity=capacity)
    assert found.covered == pytest.approx(best, rel=2e-4, abs=1e-6)
    assert found.bound >= best - 1e-6
    assert (found.load <= capacity * (1 + 1e-6) + 1e-6).all()
    assert found.load.sum() == pytest.approx(found.covered, abs=1e-5)
    assert served(demand, reach, [*fixed, *found.chosen], capacity) >= found.covered - 1e-5
    quick = cover(demand, reach, open_new=most, fixed=fixed, capacity=capacity, method="greedy")
    assert quick.covered <= best + 1e-6 <= quick.bound + 2e-6


@FEW
@given(places(groups=3), st.sampled_from([0.1, 1.0, 20.0]))
def test_equity_equals_trying_every_plan_and_takes_nothing_from_the_worst_reached(place, equity):
    demand, reach, fixed, most = place
    everybody = demand.sum(axis=0)
    known = everybody > 0
    plain = cover(demand, reach, open_new=most, fixed=fixed)
    found = cover(demand, reach, open_new=most, fixed=fixed, equity=equity)
    worst = found.share[known].min(initial=1.0)
    assert worst >= found.worst_without_equity
    assert found.worst_without_equity == pytest.approx(plain.share[known].min(initial=1.0))
    assert found.covered <= plain.covered * (1 + 1e-4) + 1e-9
    assert found.bound >= found.covered - 1e-6
    if not known.any():
        return

    def value(people):
        return people.sum() / everybody.sum() + equity * (people[known] / everybody[known]).min()

    outcomes = [reached(demand, reach, plan) for plan in plans(reach.shape[1], fixed, most)]
    allowed = [p for p in outcomes if (p[known] / everybody[known]).min() >= found.worst_without_equity - 1e-12]
    mine = np.where(known, np.nan_to_num(found.share) * everybody, 0.0)
    assert value(mine) >= max(map(value, allowed)) * (1 - 2e-4)


def test_equity_moves_a_site_to_the_group_left_out():
    demand = [[100, 0], [90, 0], [0, 40]]
    reach = np.eye(3, dtype=bool)
    plain = cover(demand, reach, open_new=2)
    fair = cover(demand, reach, open_new=2, equity=1)
    assert (plain.chosen.tolist(), plain.share.tolist()) == ([0, 1], [1.0, 0.0])
    assert (fair.chosen.tolist(), fair.covered, fair.worst_without_equity) == ([0, 2], 140.0, 0.0)
    assert fair.share == pytest.approx([100 / 190, 1])
    assert fair.bound == 190.0


def test_capacities_with_equity_keep_what_the_worst_reached_had():
    rng = np.random.default_rng(5)
    demand, reach = rng.integers(0, 50, (40, 2)).astype(float), rng.random((40, 12)) < 0.2
    capacity = rng.integers(50, 200, 12).astype(float)
    found = cover(demand, reach, open_new=4, capacity=capacity, equity=2)
    assert found.share.min() >= found.worst_without_equity - 1e-9
    assert (found.load <= capacity + 1e-6).all()


def test_greedy_is_not_the_best_where_one_large_site_stands_between_two():
    """The middle site reaches 40 and is taken first; the two others reach 32 each, and together 64."""
    reach = np.array([[1, 0, 0], [1, 0, 1], [1, 0, 1], [0, 1, 1], [0, 1, 1], [0, 1, 0]], dtype=bool)
    demand = [12, 10, 10, 10, 10, 12]
    greedy, best = cover(demand, reach, open_new=2, method="greedy"), cover(demand, reach, open_new=2)
    assert (greedy.chosen.tolist(), greedy.covered) == ([2, 0], 52.0)
    assert (sorted(best.chosen.tolist()), best.covered, best.bound) == ([0, 1], 64.0, 64.0)
    assert greedy.bound >= 64
    assert not greedy.proven


def test_reasons_say_what_each_site_adds():
    reach = np.array([[1, 0], [1, 1], [0, 1]], dtype=bool)
    found = cover([3000, 500, 410], reach, open_new=2)
    assert found.reasons == (
        "Site 0 reaches 3,500 people whom no site before it reaches; without it, 3,000 would be left with none.",
        "Site 1 reaches 410 people whom no other site of the plan reaches.",
    )
    (only,) = cover([9, 9], [[1], [1]], open_new=1, capacity=[12]).reasons
    assert only == "Site 0 serves 12 people, with room for 12; 18 people are in reach of no other site of the plan."


def test_no_site_is_opened_for_nobody():
    found = cover([5, 5], [[True, True, False], [True, False, False]], open_new=3)
    assert found.chosen.tolist() == [0]
    kept = cover([5, 5], [[True, True, False], [True, False, False]], open_new=3, fixed=[0])
    assert (kept.chosen.tolist(), kept.covered, kept.bound, kept.reasons) == ([], 10.0, 10.0, ())
    assert cover([], np.zeros((0, 2), dtype=bool), open_new=1).covered == 0.0


def test_reach_may_be_given_in_three_ways():
    rng = np.random.default_rng(3)
    reach, demand = rng.random((30, 9)) < 0.2, rng.integers(1, 9, 30)
    forms = [reach, csr_array(reach), [np.flatnonzero(column) for column in reach.T], reach.tolist()]
    plans_found = [cover(demand, form, open_new=3) for form in forms]
    assert len({tuple(plan.chosen.tolist()) for plan in plans_found}) == 1


def test_one_more_site_never_reaches_fewer():
    rng = np.random.default_rng(4)
    reach, demand = rng.random((60, 20)) < 0.1, rng.integers(1, 99, 60)
    covered = [cover(demand, reach, open_new=p).covered for p in range(8)]
    assert all(more >= fewer for fewer, more in pairwise(covered))


def test_a_plan_cut_short_still_has_a_true_bound():
    rng = np.random.default_rng(6)
    points, sites = rng.uniform(0, 40, (1200, 2)), rng.uniform(0, 40, (200, 2))
    reach = ((points[:, None] - sites) ** 2).sum(axis=2) <= 9
    demand = rng.integers(100, 999, 1200)
    short = cover(demand, reach, open_new=20, seconds=0.1)
    longer = cover(demand, reach, open_new=20, seconds=3)
    assert short.covered <= longer.bound + 1e-6
    assert longer.covered <= short.bound + 1e-6
    greedy = cover(demand, reach, open_new=20, method="greedy")
    assert greedy.covered <= short.covered
    assert greedy.bound >= longer.covered


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"demand": [1, -2]}, r"demand: row 1 .* is -2"),
        ({"demand": [1, np.nan]}, r"demand: row 1 .* is nan"),
        ({"reach": [[1, 0]]}, "reach: has 1 rows where there are 2 entries of demand"),
        ({"reach": [[1, 0], [0, 3]]}, r"reach: row 1, column 1 .* is 3"),
        ({"reach": csr_array([[1.0, 0], [0, 700]])}, "reach: has entries other than True and False"),
        ({"reach": [np.array([0, 2]), np.array([1])]}, r"reach: entry 0 .* names zone 2"),
        ({"open_new": -1}, "open_new: "),
        ({"open_new": 1.5}, "open_new: "),
        ({"fixed": [2]}, r"fixed: row 0 .* is 2"),
        ({"capacity": [1]}, "capacity: has 1 rows where there are 2 sites"),
        ({"capacity": [1, -1]}, r"capacity: row 1"),
        ({"equity": -1}, "equity: expected a weight"),
        ({"equity": 1}, "equity: needs people by group"),
        ({"demand": [[1, 2], [3, 4]], "equity": 1, "method": "greedy"}, "equity: is only weighed"),
        ({"method": "best"}, "method: "),
        ({"seconds": 0}, "seconds: "),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    arguments = {"demand": [1, 2], "reach": [[1, 0], [0, 1]], "open_new": 1, **changed}
    with pytest.raises(ValueError, match=words):
        cover(arguments.pop("demand"), arguments.pop("reach"), **arguments)
