"""Fitting to margins: a published example, a slow plain twin, properties, and what it says where it cannot fit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.needs import fit

# "SimpleWorld" of Lovelace & Dumont (2016), Spatial Microsimulation with R, chapters 4 and 5: five people, by age
# (under 50, 50 and over) and sex (men, women), fitted to three zones.
PEOPLE = [[1, 0], [1, 0], [0, 0], [1, 1], [0, 1]]
BY_AGE = [[8, 4], [2, 8], [7, 4]]
BY_SEX = [[6, 6], [4, 6], [3, 8]]
PUBLISHED = [
    [1.227998, 1.227998, 3.544004, 1.544004, 4.455996],
    [1.7250828, 1.7250828, 0.5498344, 4.5498344, 1.4501656],
    [0.7250828, 0.7250828, 1.5498344, 2.5498344, 5.4501656],
]


def plain_fit(profiles, seed, margins, rounds=400):
    """Weights (Z, P), one neighbourhood, margin and category after another."""
    out = []
    for zone in range(len(margins[0])):
        weights = [float(s) for s in seed]
        for _ in range(rounds):
            for c, margin in enumerate(margins):
                for k, wanted in enumerate(margin[zone]):
                    held = [p for p in range(len(weights)) if profiles[p][c] == k]
                    total = sum(weights[p] for p in held)
                    for p in held:
                        weights[p] *= wanted / total if total > 0 else 1.0
        out.append(weights)
    return np.array(out)


@st.composite
def worlds(draw):
    """Profiles, seeds, and margins of a truth that some weights meet, so that they can be fitted."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, zones = draw(st.integers(1, 30)), draw(st.integers(1, 5))
    profiles = np.column_stack([rng.integers(0, k, count) for k in sizes])
    truth = rng.gamma(2, 50, (zones, count))
    margins = [np.stack([truth[:, profiles[:, c] == k].sum(1) for k in range(n)], 1) for c, n in enumerate(sizes)]
    return profiles, rng.gamma(2, 1, count) + 0.01, margins


def random_world(zones=300, count=120, sizes=(6, 2, 4, 3), seed=5):
    rng = np.random.default_rng(seed)
    profiles = np.column_stack([rng.integers(0, k, count) for k in sizes])
    truth = rng.gamma(2, 10, (zones, count))
    margins = [np.stack([truth[:, profiles[:, c] == k].sum(1) for k in range(n)], 1) for c, n in enumerate(sizes)]
    return profiles, rng.gamma(2, 1, count), margins


def test_the_published_example_of_three_zones():
    found = fit(PEOPLE, np.ones(5), [BY_AGE, BY_SEX])
    np.testing.assert_allclose(found.weights([0, 1, 2]), PUBLISHED, atol=5e-7)
    assert found.state.tolist() == ["fitted"] * 3
    assert found.discrepancy.tolist() == [0, 0, 0]
    women = found.expected([0, 0, 0, 1, 1])
    np.testing.assert_allclose(women, [6, 6, 8], atol=1e-6)


@settings(max_examples=60)
@given(worlds())
def test_equals_the_plain_twin_and_meets_every_margin(world):
    profiles, seed, margins = world
    found = fit(profiles, seed, margins, max_iterations=3000)
    assert (found.residual <= 1e-6).all()
    weights = found.weights(range(len(margins[0])))
    for c, margin in enumerate(margins):
        for k in range(margin.shape[1]):
            np.testing.assert_allclose(weights[:, profiles[:, c] == k].sum(1), margin[:, k], atol=2e-6)
    np.testing.assert_allclose(weights, plain_fit(profiles, seed, margins), rtol=1e-4, atol=1e-3)


@given(worlds(), st.randoms())
def test_expected_is_the_weighted_sum_of_rates(world, random):
    profiles, seed, margins = world
    rates = np.array([[random.random() for _ in range(3)] for _ in seed])
    found = fit(profiles, seed, margins)
    weights = found.weights(range(len(margins[0])))
    np.testing.assert_allclose(found.expected(rates), weights @ rates, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.expected(rates[:, 1]), found.expected(rates)[:, 1], rtol=1e-12, atol=1e-12)


def test_residual_is_the_largest_margin_error_of_the_weights_given():
    profiles, seed, margins = random_world()
    for rounds in (1, 2, 5):
        found = fit(profiles, seed, margins, max_iterations=rounds, tolerance=1e-9)
        weights = found.weights(range(300))
        errors = [
            np.abs(weights[:, profiles[:, c] == k].sum(1) - margin[:, k])
            for c, margin in enumerate(margins)
            for k in range(margin.shape[1])
        ]
        np.testing.assert_allclose(found.residual, np.max(errors, axis=0), rtol=1e-6, atol=1e-9)
        assert (found.iterations == rounds).all()
        assert (found.state == "not converged").all()


def test_nothing_hangs_on_threads_on_neighbours_or_on_the_order_of_rows():
    profiles, seed, margins = random_world(zones=5000)
    found = fit(profiles, seed, margins, threads=1)
    again = fit(profiles, seed, margins, threads=3)
    np.testing.assert_array_equal(found._factors, again._factors)
    some = np.arange(4999, 0, -7)
    alone = fit(profiles, seed, [margin[some] for margin in margins])
    np.testing.assert_array_equal(alone._factors, found._factors[some])
    np.testing.assert_array_equal(alone.iterations, found.iterations[some])
    order = np.random.default_rng(1).permutation(len(seed))
    shuffled = fit(profiles[order], seed[order], margins)
    np.testing.assert_allclose(shuffled.weights(some), found.weights(some)[:, order], rtol=1e-9)


def test_one_profile_or_two_halves_of_it_are_the_same():
    profiles, seed, margins = random_world()
    whole = fit(profiles, seed, margins)
    halves = fit(np.vstack([profiles, profiles[:10]]), np.concatenate([seed, seed[:10]]) * 0.5, margins)
    joined = halves.weights([0, 7])
    joined[:, :10] += joined[:, len(seed) :]
    assert not np.allclose(joined[:, : len(seed)], whole.weights([0, 7])), "ten profiles now count double"
    seed_of_halves = np.concatenate([seed[:10] * 0.5, seed[10:], seed[:10] * 0.5])
    halves = fit(np.vstack([profiles, profiles[:10]]), seed_of_halves, margins)
    joined = halves.weights([0, 7])
    joined[:, :10] += joined[:, len(seed) :]
    np.testing.assert_allclose(joined[:, : len(seed)], whole.weights([0, 7]), rtol=1e-9)


def test_a_fit_of_other_seeds_is_a_head_start_to_the_same_weights():
    profiles, seed, margins = random_world()
    near = seed * np.random.default_rng(2).uniform(0.99, 1.01, len(seed))
    before = fit(profiles, seed, margins)
    cold, warm = fit(profiles, near, margins), fit(profiles, near, margins, start=before)
    assert warm.iterations.sum() < cold.iterations.sum()
    np.testing.assert_allclose(warm.weights([3]), cold.weights([3]), rtol=1e-4)


def test_tables_that_disagree_are_scaled_to_the_first_and_it_is_said_how_far():
    found = fit(PEOPLE, np.ones(5), [BY_AGE, [[3, 3], [4, 6], [3, 8.5]]])
    np.testing.assert_allclose(found.discrepancy, [6, 0, 0.5])
    np.testing.assert_allclose(found.weights([0]), [PUBLISHED[0]], atol=5e-7)
    assert (found.state == "fitted").all()


def test_zero_cells_empty_zones_and_what_cannot_be_fitted_are_said_zone_by_zone():
    by_age = [[8, 4], [0, 0], [12, 0], [0, 12], [8, 4], [8, 4]]
    by_sex = [[6, 6], [0, 0], [6, 6], [6, 6], [0, 0], [12, 0]]
    profiles, seed = [[0, 0], [0, 1], [1, 1]], [1, 1, 1]  # no man of 50 and over
    found = fit(profiles, seed, [by_age, by_sex], max_iterations=200)
    assert found.state.tolist() == ["fitted", "empty", "fitted", "no profile", "empty table", "no profile"]
    weights = found.weights(range(6))
    np.testing.assert_allclose(weights[0], [6, 2, 4], atol=1e-5)
    assert weights[1].tolist() == [0, 0, 0]
    np.testing.assert_allclose(weights[2], [6, 6, 0], atol=1e-5)
    assert found.residual[3] > 1
    assert np.isnan(weights[4]).all()
    assert np.isnan(found.expected([1, 1, 1])[4])
    assert found.residual[5] > 1


def test_slow_convergence_is_said_and_not_hidden():
    # The only weights that meet these margins are on the edge: the first profile's must go to 0, ever more slowly.
    profiles, by_one, by_two = [[0, 0], [0, 1], [1, 0]], [[1.0, 1.0]], [[1.0, 1.0]]
    found = fit(profiles, np.ones(3), [by_one, by_two], max_iterations=50)
    assert found.state.tolist() == ["not converged"]
    assert found.iterations.tolist() == [50]
    assert 1e-6 < found.residual[0] < 0.1


def test_no_neighbourhood_and_one_margin():
    assert fit([[0], [1]], [1, 1], [np.empty((0, 2))]).expected([1, 1]).shape == (0,)
    found = fit([[0], [1], [1]], [1, 1, 3], [[[10, 8]]])
    assert found.weights([0]).tolist() == [[10, 2, 6]]


def test_results_cannot_be_changed():
    found = fit([[0]], [1], [[[1.0]]])
    with pytest.raises(AttributeError):
        found.residual = 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"profiles": [[1, 0], [2, 0]]}, r"profiles: row 1, column 0 \(counting from 0\) is 2, .* code from 0 to 1"),
        ({"profiles": [[1, 0], [-1, 0]]}, r"profiles: row 1, column 0 .* is -1"),
        ({"profiles": [[1, 0], [0.5, 0]]}, r"profiles: row 1, column 0 .* is 0.5; give whole numbers"),
        ({"profiles": [[1], [0]]}, "profiles: has 1 columns where there are 2 margins"),
        ({"profiles": [1, 0]}, "profiles: expected a table"),
        ({"seed": [1, -1]}, r"seed: row 1 \(counting from 0\) is -1; give a weight of 0 or more"),
        ({"seed": [1, np.nan]}, "seed: row 1 .* is nan"),
        ({"seed": [0, 0]}, "seed: all are 0"),
        ({"seed": [1]}, "seed: has 1 rows where there are 2 profiles"),
        ({"margins": [[[1, 2]], [[np.nan, 3]]]}, r"margins\[1\]: row 0, column 0 .* is nan"),
        ({"margins": [[[1, -2]], [[2, 3]]]}, r"margins\[0\]: row 0, column 1 .* is -2"),
        ({"margins": [[[1, 2]], [[2, 1], [2, 1]]]}, r"margins\[1\]: has 2 rows where there are 1 neighbourhoods"),
        ({"margins": []}, "margins: give at least one table"),
        ({"margins": [[[1, 2]], [[2, 2]]], "rescale": False}, r"margins: row 0 .* 3 in margins\[0\] and to 4 in"),
        ({"tolerance": -1}, "tolerance: the number is -1"),
        ({"max_iterations": 0}, "max_iterations: expected a whole number of 1 or more, found 0"),
        ({"start": fit([[0]], [1], [[[1.0]]])}, "start: is a fit of other profiles or margins"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(change, words):
    given_ = {"profiles": [[1, 0], [0, 1]], "seed": [1, 1], "margins": [[[1, 2]], [[2, 1]]]} | change
    with pytest.raises(ValueError, match=words):
        fit(**given_)


@pytest.mark.parametrize(("rates", "words"), [([1, np.nan], "rates: row 1 .* is nan"), ([1], "rates: has 1 rows")])
def test_rates_that_do_not_fit_are_refused_in_words(rates, words):
    found = fit([[1, 0], [0, 1]], [1, 1], [[[1, 2]], [[2, 1]]])
    with pytest.raises(ValueError, match=words):
        found.expected(rates)
    with pytest.raises(ValueError, match=r"zones: row 0 .* is 1; give whole numbers from 0 to 0"):
        found.weights([1])


@pytest.mark.parametrize("margins", [([[5, 95]], [[90, 10]]), ([[1, 20]], [[20, 1]]), ([[10, 20]], [[29, 1]])])
@pytest.mark.parametrize("profiles", [[[0, 0], [1, 1], [0, 1]], [[0, 0], [1, 1]]])
def test_factors_that_run_away_end_in_figures_and_not_in_a_fit(margins, profiles):
    found = fit(profiles, np.ones(len(profiles)), margins, max_iterations=5000)
    assert found.state.tolist() == ["not converged"]
    assert found.residual[0] > 1
    assert np.isfinite(found.weights([0])).all()


def test_masked_entries_are_missing_and_so_refused_and_codes_beyond_all_bounds_too():
    with pytest.raises(ValueError, match=r"seed: row 1 .* is nan"):
        fit([[0], [0]], np.ma.array([1.0, 2.0], mask=[False, True]), [[[1.0]]])
    with pytest.raises(ValueError, match=r"profiles: row 0, column 0 .* is 1e\+20"):
        fit([[1e20], [0]], [1, 1], [[[1.0]]])
    seed = np.ones(2)
    found = fit([[0], [0]], seed, [[[1.0]]])
    seed[0] = 9
    assert found.expected([1, 0]).tolist() == [0.5], "what is done to the seed afterwards changes nothing"
    with pytest.raises(ValueError, match="threads: expected a whole number of 1 or more, found 0"):
        fit([[0]], [1], [[[1.0]]], threads=0)
