"""Floating catchments: published examples, a slow plain twin, what is shared out, edges, refusals."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array, dia_array

from inroads.methods.access import Gaussian, Steps, three_step, two_step

LUO_QI = Steps(edges=(1000, 2000, 3000), weights=(1, 0.68, 0.22))


def weight_of(distance, catchment, decay):
    if distance > catchment:
        return 0.0
    if decay is None:
        return 1.0
    if isinstance(decay, Gaussian):
        bell = math.exp(-(distance**2) / (2 * decay.bandwidth**2))
        return bell if bell >= 1e-100 else 0.0  # as documented: too faint to divide by
    return next((w for e, w in zip(decay.edges, decay.weights, strict=True) if distance <= e), 0.0)


def twin(origins, demand, assets, supply, catchment, decay, steps):
    w = [
        [weight_of(math.sqrt((o[0] - a[0]) ** 2 + (o[1] - a[1]) ** 2), catchment, decay) for a in assets]
        for o in origins
    ]
    if steps == 3:
        choice = [[one / sum(row) if sum(row) else 0.0 for one in row] for row in w]
    else:
        choice = [[1.0] * len(assets) for _ in origins]
    access = [0.0] * len(origins)
    for a in range(len(assets)):
        wanted = sum(demand[z] * choice[z][a] * w[z][a] for z in range(len(origins)))
        if wanted > 0:
            for z in range(len(origins)):
                access[z] += supply[a] / wanted * choice[z][a] * w[z][a]
    return access


@st.composite
def worlds(draw):
    """Points on a lattice of 250 m, so that many distances fall on an edge exactly; now and then one far away."""
    zones, assets, seed = draw(st.integers(0, 14)), draw(st.integers(0, 10)), draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    places = [rng.integers(0, draw(st.integers(1, 40)), (n, 2)) * 250.0 for n in (zones, assets)]
    if draw(st.booleans()):
        for table in places:
            table[: min(len(table), 1)] += 4e8
    demand, supply = rng.integers(0, 4, zones) * 100.0, rng.integers(0, 4, assets) * 1.0
    decay = draw(st.sampled_from([None, LUO_QI, Steps((500, 4000), (0.5, 0.0)), Steps((250, 500, 750, 1000, 1250, 5000),
                 (1, 0.9, 0.5, 0.4, 0.3, 0.1)), Gaussian(800), Gaussian(10)]))  # fmt: skip
    return places[0], demand, places[1], supply, draw(st.sampled_from([250.0, 1250.0, 2500.0, 9000.0])), decay


@settings(max_examples=150, deadline=None)
@given(worlds(), st.sampled_from([2, 3]))
def test_equals_the_plain_twin_from_coordinates_and_from_costs(world, steps):
    origins, demand, assets, supply, catchment, decay = world
    method = two_step if steps == 2 else three_step
    expected = twin(*world, steps)
    found = method(origins, demand, assets, supply, catchment=catchment, decay=decay)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    rows, columns = (part.ravel() for part in np.indices((len(origins), len(assets))))
    away = origins[rows] - assets[columns]
    cost = coo_array((np.sqrt((away**2).sum(axis=1)), (rows, columns)), shape=(len(origins), len(assets)))
    for given_as in (cost, cost.tocsc(), cost.tocsr()):
        by_cost = method(None, demand, None, supply, catchment=catchment, decay=decay, cost=given_as)
        np.testing.assert_allclose(by_cost, expected, rtol=1e-9, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.sampled_from([two_step, three_step]))
def test_what_is_reached_is_shared_out_and_nothing_else(world, method):
    origins, demand, assets, supply, catchment, decay = world
    found = method(origins, demand, assets, supply, catchment=catchment, decay=decay)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    reached = [
        any(
            weight_of(math.dist(o, a), catchment, decay) > 1e-90 and d > 0 for o, d in zip(origins, demand, strict=True)
        )
        for a in assets
    ]
    assert demand @ found == pytest.approx(supply[np.array(reached, dtype=bool)].sum(), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(worlds(), st.randoms())
def test_the_order_of_rows_does_not_matter(world, random):
    origins, demand, assets, supply, catchment, decay = world
    z, a = (random.sample(range(len(table)), len(table)) for table in (origins, assets))
    straight = two_step(origins, demand, assets, supply, catchment=catchment, decay=decay)
    mixed = two_step(origins[z], demand[z], assets[a], supply[a], catchment=catchment, decay=decay)
    np.testing.assert_allclose(mixed, straight[z], rtol=1e-9)


def test_twice_the_supply_gives_twice_the_access_and_twice_the_demand_half():
    rng = np.random.default_rng(1)
    o, a, d, s = (
        rng.uniform(0, 9e3, (50, 2)),
        rng.uniform(0, 9e3, (20, 2)),
        rng.uniform(1, 9, 50),
        rng.uniform(1, 9, 20),
    )
    base = two_step(o, d, a, s, catchment=3000, decay=LUO_QI)
    np.testing.assert_allclose(two_step(o, d, a, 2 * s, catchment=3000, decay=LUO_QI), 2 * base)
    np.testing.assert_allclose(two_step(o, 2 * d, a, s, catchment=3000, decay=LUO_QI), base / 2)


def test_three_places_in_a_line_as_published():
    """Three places of 100 people and two providers of 10 at the ends: the guide to the package sdc-catchment."""
    line, ends = [[0, 0], [1, 0], [2, 0]], [[0, 0], [2, 0]]
    flat = two_step(line, [100] * 3, ends, [10, 10], catchment=3)
    np.testing.assert_allclose(flat, [0.066667] * 3, atol=5e-7)
    bell = two_step(line, [100] * 3, ends, [10, 10], catchment=3, decay=Gaussian(1))
    np.testing.assert_allclose(bell, [0.065179, 0.069641, 0.065179], atol=5e-7)


def test_three_steps_as_published():
    """Weights 1 … 24 by column, people 1 … 4, supply 1 … 6: the example of the R package fca."""
    weights = np.arange(1, 25).reshape(4, 6) / 24
    steps = Steps(edges=tuple(range(1, 25)), weights=tuple(np.arange(24, 0, -1) / 24))
    cost = csr_array(25 - 24 * weights.round(12))
    cost.data = cost.data.round()
    found = three_step(None, [1, 2, 3, 4], None, [1, 2, 3, 4, 5, 6], catchment=24, decay=steps, cost=cost)
    np.testing.assert_allclose(found, [0.6686168, 1.3565093, 2.0921208, 2.8355005], atol=5e-8)


def test_a_worked_example_by_hand():
    """Two clinics with 2 and 1 staff; the middle place reaches both, the last one neither."""
    places, clinics = [[0, 0], [3000, 0], [6000, 0], [20_000, 0]], [[1000, 0], [5000, 0]]
    found = two_step(places, [1000, 500, 2000, 700], clinics, [2, 1], catchment=2000)
    # 2 / (1000 + 500) and 1 / (500 + 2000)
    np.testing.assert_allclose(found, [2 / 1500, 2 / 1500 + 1 / 2500, 1 / 2500, 0], rtol=1e-12)
    enhanced = two_step(places, [1000, 500, 2000, 700], clinics, [2, 1], catchment=2000, decay=LUO_QI)
    one, two = 2 / (1000 + 0.68 * 500), 1 / (0.68 * 500 + 2000)
    np.testing.assert_allclose(enhanced, [one, 0.68 * (one + two), two, 0], rtol=1e-12)


def test_a_cost_stored_as_0_is_travelled_and_one_not_stored_is_not():
    cost = csr_array((np.array([0.0, 5.0]), (np.array([0, 1]), np.array([0, 0]))), shape=(3, 1))
    assert two_step(None, [1, 1, 1], None, [4], catchment=5, cost=cost).tolist() == [2.0, 2.0, 0.0]
    assert two_step(None, [1, 1, 1], None, [4], catchment=4.9, cost=cost).tolist() == [4.0, 0.0, 0.0]


def test_weights_too_faint_to_divide_by_count_as_0():
    found = two_step([[0, 0], [4000, 0]], [1, 1], [[0, 0], [300, 0]], [1, 1], catchment=9000, decay=Gaussian(10))
    assert found.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"demand": [1, -1]}, r"demand: row 1 .* is -1"),
        ({"demand": [1, np.nan]}, r"demand: row 1 .* is nan"),
        ({"demand": [1]}, "origins: has 2 rows where there are 1 entries of demand"),
        ({"supply": [1, 2]}, "assets: has 1 rows where there are 2 entries of supply"),
        ({"origins": [[0, 0], [np.nan, 1]]}, r"origins: row 1 "),
        ({"origins": None}, "origins: give an easting"),
        ({"catchment": 0}, "catchment: .* found 0"),
        ({"catchment": np.nan}, "catchment: "),
        ({"decay": "steps"}, "decay: expected Steps"),
        ({"cost": np.ones((2, 1))}, "cost: expected a SciPy sparse matrix"),
        ({"cost": dia_array((2, 1))}, "cost: expected a SciPy sparse matrix"),
        ({"cost": csr_array((3, 1))}, r"cost: has shape \(3, 1\)"),
        ({"cost": csr_array([[0.0], [-2.0]])}, r"cost: row 1, column 0 .* is -2"),
        ({"cost": coo_array(([1.0, 2.0], ([0, 0], [0, 0])), shape=(2, 1))}, "cost: some pair is stored twice"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    arguments = {
        "origins": [[0, 0], [1, 1]],
        "demand": [1, 1],
        "assets": [[0, 0]],
        "supply": [1],
        "catchment": 9,
        **changed,
    }
    places = [arguments.pop(name) for name in ("origins", "demand", "assets", "supply")]
    for method in (two_step, three_step):
        with pytest.raises(ValueError, match=words):
            method(*places, **arguments)


@pytest.mark.parametrize(
    ("edges", "weights", "words"),
    [
        ((1000, 900), (1, 0.5), "edges: entry 1"),
        ((0, 900), (1, 0.5), "edges: entry 0"),
        ((1, 2), (0.5, 0.6), "weights: entry 1"),
        ((1, 2), (1.5, 0.6), "weights: entry 0"),
        ((1, 2), (1,), "weights: has 1 entries where there are 2 edges"),
        ((), (), "edges: expected one row"),
        ((1, math.nan), (1, 1), "edges: entry 1"),
    ],
)
def test_steps_that_do_not_fit_are_refused(edges, weights, words):
    with pytest.raises(ValueError, match=words):
        Steps(edges, weights)


def test_decays_are_values():
    assert Steps([1, 2], [1, 0.5]) == Steps((1.0, 2.0), (1.0, 0.5))
    assert hash(Gaussian(1)) == hash(Gaussian(1.0))
    for wrong in (0, -1, math.inf, math.nan, "far", True):
        with pytest.raises(ValueError, match="bandwidth: "):
            Gaussian(wrong)


def test_national_size_stays_within_a_page_s_time():
    import time

    rng = np.random.default_rng(0)
    origins, assets = rng.uniform(0, 5e5, (33_755, 2)), rng.uniform(0, 5e5, (20_000, 2))
    demand, supply, steps = (
        rng.uniform(500, 3000, 33_755),
        rng.uniform(1, 9, 20_000),
        Steps((3e3, 6e3, 1e4), (1, 0.68, 0.22)),
    )
    taken = []
    for _ in range(4):
        start = time.process_time()
        two_step(origins, demand, assets, supply, catchment=1e4, decay=steps)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.15  # seconds of a processor; 0.02 was measured
