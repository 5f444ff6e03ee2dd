"""Rates from published tables: worked examples, a slow plain twin, and a world in which the truth is known."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from inroads.methods.needs.calibration import calibrate

NAN = np.nan
FOUR = [[0, 0], [0, 1], [1, 0], [1, 1]]

# Admissions to six departments at Berkeley in 1973 (Bickel, Hammel & O'Connell 1975, Science 187, 398-404), men and
# women in turn.
ADMITTED = np.array([512, 89, 353, 17, 120, 202, 138, 131, 53, 94, 22, 24])
REJECTED = np.array([313, 19, 207, 8, 205, 391, 279, 244, 138, 299, 351, 317])


def logit(rates):
    return np.log(rates / (1 - rates))


def group_rates(codes, rates, weights):
    return np.bincount(codes, rates * weights) / np.bincount(codes, weights)


def world(seed, sizes=(5, 2, 3), profiles=None):
    rng = np.random.default_rng(seed)
    if profiles is None:
        table = np.stack(np.meshgrid(*[np.arange(k) for k in sizes], indexing="ij"), axis=-1).reshape(-1, len(sizes))
    else:
        table = np.column_stack([rng.integers(0, k, profiles) for k in sizes])
    weights = rng.gamma(2.0, 500.0, table.shape[0])
    linear = -1.2 + sum(rng.normal(0, 0.8, k)[table[:, c]] for c, k in enumerate(sizes))
    return table, weights, 1 / (1 + np.exp(-linear)), rng


def test_four_profiles_by_hand():
    # b = 0.6 - a and d = 0.8 + a from the tables; logit a + logit d = 2 logit b from the main effects: a = 0.1.
    found = calibrate(FOUR, {0: [0.3, 0.7], 1: [0.3, 0.7]})
    assert found.converged
    np.testing.assert_allclose(found.rates, [0.1, 0.5, 0.5, 0.9], atol=1e-9)
    assert found.se.tolist() == [0, 0, 0, 0]


def test_admissions_at_berkeley_give_the_logit_model_that_was_published():
    """From two tables alone, the fit of the logistic regression on all 4,526 applicants. Figures by R 4.2.2 from its
    UCBAdmissions: glm(cbind(admitted, rejected) ~ gender + dept, family = binomial)."""
    profiles, people = np.array([[i % 2, i // 2] for i in range(12)]), ADMITTED + REJECTED
    tables = {c: group_rates(profiles[:, c], ADMITTED / people, people) for c in (0, 1)}
    found = calibrate(profiles, tables, weights=people)
    effects = logit(found.rates)
    assert effects[1] - effects[0] == pytest.approx(0.09987008816, abs=1e-8)
    assert effects[0] == pytest.approx(0.58205139528, abs=1e-8)
    expected = [-0.04339793121, -1.26259802238, -1.29460646875, -1.73930573782, -3.30648005589]
    np.testing.assert_allclose(effects[2::2] - effects[0], expected, atol=1e-8)
    fitted = found.rates * people
    deviance = 2 * (ADMITTED * np.log(ADMITTED / fitted) + REJECTED * np.log(REJECTED / (people - fitted))).sum()
    assert deviance == pytest.approx(20.20427533, abs=1e-7)


def plain_twin(profiles, tables, weights):
    """The rates with the largest entropy under the tables, found by a general solver from the definition."""
    rows, wanted = [], []
    for column, rates in tables.items():
        # The last group follows from the overall rate, which the first table gives.
        for code, rate in enumerate(rates if column == 0 else rates[:-1]):
            inside = (profiles[:, column] == code) * weights
            rows.append(inside / weights.sum())
            wanted.append(rate * inside.sum() / weights.sum())
    rows, wanted = np.array(rows), np.array(wanted)
    start = np.full(weights.size, 0.4)
    return minimize(
        lambda r: (weights * (r * np.log(r) + (1 - r) * np.log(1 - r))).sum() / weights.sum(),
        start,
        jac=lambda r: weights * logit(r) / weights.sum(),
        bounds=[(1e-9, 1 - 1e-9)] * weights.size,
        constraints={"type": "eq", "fun": lambda r: rows @ r - wanted, "jac": lambda r: rows},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-14},
    ).x


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_rates_equal_the_plain_twin_even_where_the_truth_has_interactions(seed):
    table, weights, _, rng = world(seed, sizes=(3, 2, 2))
    truth = rng.uniform(0.05, 0.9, weights.size)
    tables = {c: group_rates(table[:, c], truth, weights) for c in range(3)}
    found = calibrate(table, tables, weights=weights)
    np.testing.assert_allclose(found.rates, plain_twin(table, tables, weights), atol=2e-5)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 4))
def test_every_published_rate_is_met(seed, first, second):
    table, weights, _, rng = world(seed, sizes=(first, second, 2))
    truth = rng.beta(1, 2, weights.size)
    tables = {c: group_rates(table[:, c], truth, weights) for c in (0, 1)}
    tables[(1, 2)] = group_rates(table[:, 1] * 2 + table[:, 2], truth, weights).reshape(second, 2)
    found = calibrate(table, tables, weights=weights)
    assert found.converged
    np.testing.assert_allclose(found.discrepancy, 0, atol=1e-9)
    assert ((found.rates > 0) & (found.rates < 1)).all()
    for column in (0, 1):
        np.testing.assert_allclose(group_rates(table[:, column], found.rates, weights), tables[column], atol=1e-8)
    assert (found.residual <= 1e-9).all()


def test_main_effects_are_recovered_exactly_and_neither_order_nor_size_matters():
    table, weights, truth, rng = world(3)
    tables = {c: group_rates(table[:, c], truth, weights) for c in range(3)}
    found = calibrate(table, tables, weights=weights)
    np.testing.assert_allclose(found.rates, truth, atol=1e-8)
    order = rng.permutation(weights.size)
    again = calibrate(table[order], dict(reversed(tables.items())), weights=weights[order] * 7)
    np.testing.assert_allclose(again.rates, truth[order], atol=1e-8)


def test_tables_that_disagree_are_brought_to_the_first_and_the_discrepancy_is_reported():
    found = calibrate(FOUR, {0: [0.2, 0.4], 1: [0.3, 0.42]})
    assert found.converged
    np.testing.assert_allclose(found.discrepancy, [0, 0.2])
    assert found.rates.mean() == pytest.approx(0.3)
    # The odds between the groups stay those published.
    second = np.array([found.rates[[0, 2]].mean(), found.rates[[1, 3]].mean()])
    assert np.diff(logit(second)) == pytest.approx(np.diff(logit(np.array([0.3, 0.42]))))


def test_a_gap_is_no_constraint_and_no_zero():
    table, weights, truth, _ = world(5)
    tables = {c: group_rates(table[:, c], truth, weights) for c in range(3)}
    tables[0][4] = NAN  # follows from the others: the overall rate is known from the second table
    found = calibrate(table, tables, weights=weights)
    np.testing.assert_allclose(found.rates, truth, atol=1e-8)
    assert np.isnan(found.discrepancy).tolist() == [True, False, False]
    unspoken = calibrate(FOUR, {0: [0.3, NAN]})
    np.testing.assert_allclose(unspoken.rates, [0.3, 0.3, NAN, NAN])
    assert np.isnan(unspoken.se[2:]).all()
    assert "No published rate speaks of 2 profiles" in unspoken.note


def test_rates_of_0_and_1_are_certain_and_the_others_make_up_for_them():
    found = calibrate(FOUR, {0: [0.0, 0.7], 1: [0.25, 0.45]}, se={0: [0.1, 0.02]})
    assert found.converged
    np.testing.assert_allclose(found.rates, [0, 0, 0.5, 0.9], atol=1e-8)
    assert found.se[:2].tolist() == [0, 0]
    assert found.se[2] > 0
    np.testing.assert_allclose(calibrate(FOUR, {0: [1.0, 0.2], 1: [0.55, 0.65]}).rates, [1, 1, 0.1, 0.3], atol=1e-8)


def test_tables_that_contradict_one_another_are_said_not_to_converge():
    # Nobody in group 0 of the first column, but more people than there are in the only other group.
    found = calibrate([[0, 0], [0, 1], [1, 0]], {0: [0.0, 0.4], 1: [0.1, 0.3]})
    assert not found.converged
    assert "Not converged" in found.note
    assert "contradict" in found.note
    assert np.isnan(found.se).all()
    assert found.residual.max() > 0.01


def test_standard_errors_equal_those_from_small_changes():
    """The slow plain twin of the delta method: every published figure is moved and all is worked out again."""
    table, weights, truth, rng = world(8)
    tables = {c: group_rates(table[:, c], truth, weights) for c in range(3)}
    tables[1] = tables[1] * 1.02  # so that bringing together is in it too
    tables[2][1] = NAN
    errors = {c: rng.uniform(0.005, 0.03, rates.size) for c, rates in tables.items()}
    found = calibrate(table, tables, se=errors, weights=weights, tolerance=1e-12)
    variance = np.zeros(weights.size)
    for c, rates in tables.items():
        for g in np.flatnonzero(~np.isnan(rates)):
            moved = []
            for sign in (1, -1):
                changed = {k: r.copy() for k, r in tables.items()}
                changed[c][g] += sign * 1e-5
                moved.append(calibrate(table, changed, weights=weights, tolerance=1e-12).rates)
            variance += ((moved[0] - moved[1]) / 2e-5 * errors[c][g]) ** 2
    np.testing.assert_allclose(found.se, np.sqrt(variance), rtol=1e-4)


def test_replicates_spread_as_the_standard_errors_say_and_stay_shares():
    table, weights, truth, _ = world(9)
    tables = {c: group_rates(table[:, c], truth, weights) for c in range(3)}
    found = calibrate(table, tables, se={c: np.full(r.size, 0.01) for c, r in tables.items()}, weights=weights)
    drawn = found.replicates(4000, 1)
    assert drawn.shape == (weights.size, 4000)
    assert ((drawn > 0) & (drawn < 1)).all()
    np.testing.assert_allclose(drawn.std(axis=1), found.se, rtol=0.08)
    np.testing.assert_array_equal(drawn, found.replicates(4000, np.random.default_rng(1)))


@pytest.mark.parametrize("same_survey", [False, True])
def test_neighbourhoods_are_recovered_with_intervals_that_cover(same_survey):
    """Tables of three surveys of 4,000 people each, or three tables of one survey; 40 neighbourhoods, 600 worlds."""
    table, weights, truth, rng = world(12, sizes=(6, 2, 4))
    zones = rng.dirichlet(np.full(weights.size, 0.5), 40) * 1500
    expected = zones @ truth
    covered, errors = [], []
    for _ in range(600):
        tables, se = {}, {}
        for c in range(3):
            if c == 0 or not same_survey:
                asked = rng.multinomial(4000, weights / weights.sum())
                found = rng.binomial(asked, truth)
            counts = np.bincount(table[:, c], asked)
            rate = np.bincount(table[:, c], found) / counts
            tables[c], se[c] = rate, np.sqrt(rate * (1 - rate) / counts)
        result = calibrate(table, tables, se=se, weights=weights)
        estimate, spread = zones @ result.rates, np.sqrt(((zones @ result.factor) ** 2).sum(axis=1))
        covered.append(np.abs(estimate - expected) <= 1.96 * spread)
        errors.append((estimate - expected) / expected)
    assert 0.92 <= np.mean(covered) <= 0.98
    assert abs(np.mean(errors)) < 0.01
    assert np.sqrt(np.mean(np.square(errors))) < 0.08


def test_national_size_is_fast_enough_for_a_page():
    table, weights, truth, _ = world(1, sizes=(18, 4, 5, 5, 5), profiles=1873)
    tables = {c: group_rates(table[:, c], truth, weights) for c in range(5)}
    start = time.process_time()
    found = calibrate(table, tables, weights=weights)
    assert time.process_time() - start < 0.3
    np.testing.assert_allclose(found.rates, truth, atol=1e-7)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"profiles": [[0, 0], [0, 2]]}, r"profiles: row 1, column 1 .* is 2; rates_by_group\[1\] has 2 categories"),
        ({"profiles": [[0, 0.5], [0, 1]]}, "profiles: row 0, column 1"),
        ({"profiles": [0, 1]}, "profiles: expected a table"),
        ({"rates_by_group": {}}, "rates_by_group: expected at least one table"),
        ({"rates_by_group": {2: [0.1]}}, "rates_by_group: found the key 2; give a column"),
        ({"rates_by_group": {(0, 0): [[0.1]]}}, r"found the key \(0, 0\)"),
        ({"rates_by_group": {0: [10, 30]}}, r"rates_by_group\[0\]: row 0 .* is 10; give a share from 0 to 1"),
        ({"rates_by_group": {(0, 1): [0.1, 0.2]}}, r"rates_by_group\[\(0, 1\)\]: expected a table"),
        ({"se": {0: [0.1, 0.1]}}, r"se: has a table 0 that"),
        ({"se": {1: [0.1]}}, r"se\[1\]: has the shape \(1,\)"),
        ({"se": {1: [0.1, NAN]}}, r"se\[1\]: entry \(1,\) is missing"),
        ({"se": {1: [0.1, -1]}}, r"se\[1\]: row 1"),
        ({"weights": [1.0]}, "weights: has 1 rows"),
        ({"weights": [1.0, -1]}, "weights: row 1 .* -1"),
        ({"tolerance": -1}, "tolerance: "),
        ({"max_iterations": 0}, "max_iterations: "),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    arguments = {"profiles": [[0, 0], [0, 1]], "rates_by_group": {1: [0.1, 0.2]}, **changed}
    with pytest.raises(ValueError, match=words):
        calibrate(arguments.pop("profiles"), arguments.pop("rates_by_group"), **arguments)
