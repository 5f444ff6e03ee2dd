"""Raking: worked by hand and in R, a slow plain twin, what trimming keeps, and what is said when it cannot be done."""

import time

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from inroads.methods.weighting import rake

NAN = np.nan


def plain_twin(weights, categories, margins, rounds=2000):
    found = list(map(float, weights))
    for _ in range(rounds):
        for column, margin in enumerate(margins):
            for category, target in enumerate(margin):
                inside = [i for i, row in enumerate(categories) if row[column] == category]
                total = sum(found[i] for i in inside)
                for i in inside:
                    found[i] *= target / total if total else 0
    return found


def world(seed, n=60, sizes=(3, 2, 4)):
    """Margins that can be met: those of other weights for the same people."""
    rng = np.random.default_rng(seed)
    categories = np.column_stack([rng.integers(0, k, n) for k in sizes])
    weights, others = rng.uniform(0.5, 2, n), rng.gamma(2, 10, n)
    margins = [np.bincount(categories[:, c], others, minlength=k) for c, k in enumerate(sizes)]
    return weights, categories, margins


def gap(found, categories, margins):
    return max(
        np.abs(np.bincount(categories[:, c], found.weights, minlength=len(m)) - m).max() for c, m in enumerate(margins)
    )


def test_a_table_worked_by_hand():
    # One person in each cell of a 2 × 2 table. The products of the shares keep the odds ratio of 1.
    found = rake([1, 1, 1, 1], [[0, 0], [0, 1], [1, 0], [1, 1]], [[30, 70], [20, 80]])
    np.testing.assert_allclose(found.weights, [6, 24, 14, 56])
    assert (found.iterations, found.converged, found.note) == (1, True, "")
    assert found.residual < 1e-12


def test_weights_are_those_of_r():
    """R 4.2.2, survey 4.1.1: `rake(svydesign(~1, weights = ~one, data = d), list(~age, ~tenure), list(age, tenure),
    control = list(maxit = 200, epsilon = 1e-9))` and `calibrate(…, calfun = "raking", epsilon = 1e-12)` on d made by
    the same formulae."""
    i = np.arange(600)
    u = np.sin(12.9898 * (i + 1)) * 43758.5453
    categories = np.column_stack([(i * 7 + i // 11) % 3, np.floor((u - np.floor(u)) * 4)])
    margins = [[500, 700, 800], [900, 500, 400, 200]]
    found = rake(np.ones(600), categories, margins)
    expected = [0.915932545453, 6.881169971697, 4.013257397694, 2.066624399021, 2.678623414858]
    np.testing.assert_allclose(found.weights[:5], expected, rtol=1e-9)
    found = rake(1 + (i % 5) / 2, categories, margins)
    expected = [0.460881047535, 5.444854547400, 4.030610954842, 2.461721632845, 3.827536826446]
    np.testing.assert_allclose(found.weights[:5], expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_weights_equal_the_plain_twin(seed):
    weights, categories, margins = world(seed, n=25, sizes=(3, 2))
    found = rake(weights, categories, margins, tolerance=1e-12)
    np.testing.assert_allclose(found.weights, plain_twin(weights, categories, margins), rtol=1e-8)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.lists(st.integers(1, 5), min_size=1, max_size=4), st.floats(1e-3, 1e6))
def test_margins_are_met_and_only_proportions_of_the_weights_matter(seed, sizes, scale):
    weights, categories, margins = world(seed, sizes=sizes)
    assume(all((np.bincount(categories[:, c], minlength=k) > 0).all() for c, k in enumerate(sizes)))
    found = rake(weights, categories, margins, max_iterations=20_000)
    assert found.converged
    assert gap(found, categories, margins) <= 1e-8 * sum(margins[0])
    assert (found.weights > 0).all()
    np.testing.assert_allclose(rake(weights * scale, categories, margins, max_iterations=20_000).weights, found.weights)
    shares = [m / m.sum() for m in margins]
    again = rake(weights, categories, shares, max_iterations=20_000)
    np.testing.assert_allclose(again.weights * margins[0].sum(), found.weights, rtol=1e-7)


def test_raking_what_was_raked_changes_nothing():
    weights, categories, margins = world(5)
    found = rake(weights, categories, margins)
    again = rake(found.weights, categories, margins)
    assert again.iterations == 1
    np.testing.assert_allclose(again.weights, found.weights, rtol=1e-8)


def test_a_weight_of_0_and_a_target_of_0_give_0():
    found = rake([1, 0, 2, 1], [[0], [0], [1], [2]], [[3, 5, 0]], trim=(0.5, 3))
    np.testing.assert_allclose(found.weights, [3, 0, 5, 0])
    assert found.converged


@pytest.mark.parametrize("trim", [1.5, (0.0, 1.6), (0.5, 1.6)])
def test_trimmed_weights_keep_their_limits_and_the_margins(trim):
    weights, categories, margins = world(7, n=200)
    found, mean = rake(weights, categories, margins, trim=trim), margins[0].sum() / 200
    low, high = (0, trim) if np.ndim(trim) == 0 else trim
    assert found.converged
    assert gap(found, categories, margins) < 1e-9 * margins[0].sum()
    assert found.weights.min() >= low * mean * (1 - 1e-12)
    assert found.weights.max() <= high * mean * (1 + 1e-12)
    assert 0 < found.held.sum() < 100
    assert rake(weights, categories, margins).weights.max() > high * mean


def test_trimmed_weights_are_the_nearest_within_the_limits():
    """The slow plain twin: a general solver, from the definition."""
    weights, categories, margins = world(2, n=20, sizes=(2, 2))
    found, mean = rake(weights, categories, margins, trim=(0.5, 1.6)), margins[0].sum() / 20
    rows = np.array([categories[:, 0] == 0, categories[:, 0] == 1, categories[:, 1] == 0], dtype=float)
    wanted = np.array([*margins[0], margins[1][0]])
    base = weights * margins[0].sum() / weights.sum()
    nearest = minimize(
        lambda w: (w * np.log(w / base) - w).sum() / mean,
        np.full(20, mean),
        jac=lambda w: np.log(w / base) / mean,
        bounds=[(0.5 * mean, 1.6 * mean)] * 20,
        constraints={"type": "eq", "fun": lambda w: (rows @ w - wanted) / mean, "jac": lambda w: rows / mean},
        method="SLSQP",
        options={"maxiter": 1000, "ftol": 1e-15},
    )
    assert nearest.success
    assert found.held.any()
    np.testing.assert_allclose(found.weights, nearest.x, rtol=1e-4)


def test_limits_that_cannot_be_kept_are_said():
    found = rake(np.ones(10), np.array([[0]] + [[1]] * 9), [[50, 50]], trim=2)
    assert not found.converged
    assert found.residual == pytest.approx(0.6)  # 2 × the mean of 10 is 20 where 50 is wanted
    assert "category 0 of margin 0 the weights add up to 20 where the target is 50" in found.note
    assert "wider limits" in found.note


def test_margins_that_cannot_be_met_together_are_said():
    # Everybody in category 0 of the first is in category 0 of the second, which should be smaller.
    found = rake(np.ones(3), [[0, 0], [0, 0], [1, 1]], [[60, 40], [40, 60]], max_iterations=50)
    assert (found.converged, found.iterations) == (False, 50)
    assert found.residual > 0.4
    assert "Not converged after 50 rounds" in found.note


def test_a_margin_that_differs_by_rounding_is_rescaled():
    found = rake(np.ones(4), [[0, 0], [0, 1], [1, 0], [1, 1]], [[30, 70], [20.00001, 80]])
    assert found.converged
    assert found.weights.sum() == pytest.approx(100, abs=1e-9)


def test_8000_people_and_5_margins_are_fast():
    rng, sizes = np.random.default_rng(1), (18, 4, 5, 5, 5)
    categories = np.column_stack([rng.integers(0, k, 8000) for k in sizes])
    weights, others = rng.uniform(0.5, 2, 8000), rng.gamma(5, 20, 8000)
    margins = [np.bincount(categories[:, c], others) for c in range(5)]
    start = time.process_time()
    assert rake(weights, categories, margins).converged
    assert time.process_time() - start < 0.05


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"weights": [1, -1, 1]}, "weights: row 1 .* -1; give a weight of 0 or more"),
        ({"weights": [1, NAN, 1]}, "weights: row 1"),
        ({"categories": [[0], [1]]}, "categories: has 2 rows where there are 3 weights"),
        ({"categories": [0, 1, 1]}, "categories: expected a table"),
        ({"categories": [[0], [1], [2]]}, r"categories: row 2, column 0 .* is 2; margins\[0\] has 2 totals"),
        ({"categories": [[0], [NAN], [1]]}, "categories: row 1, column 0"),
        ({"categories": [[0, 0], [1, 0], [1, 0]]}, "categories: has 2 columns where there are 1 margins"),
        ({"margins": []}, "margins: is empty"),
        ({"margins": [[1, -2]]}, r"margins\[0\]: row 1"),
        ({"margins": [[0, 0]]}, r"margins\[0\]: adds up to 0"),
        (
            {"categories": [[0, 0], [1, 0], [1, 1]], "margins": [[400, 600], [500, 490]]},
            r"margins\[1\]: adds up to 990 where margins\[0\] adds up to 1000; give totals of the same people",
        ),
        ({"margins": [[400, 600, 5]]}, r"margins\[0\]: category 2 has the total 5 and nobody .* join it"),
        ({"weights": [1, 0, 0]}, r"margins\[0\]: category 1 has the total 600 and nobody"),
        ({"trim": 0.5}, r"trim: found 0.5; give an upper limit above 1"),
        ({"trim": (2, 3)}, "trim: "),
        ({"trim": (0.1, 2, 3)}, "trim: "),
        ({"tolerance": -1}, "tolerance: "),
        ({"max_iterations": 0}, "max_iterations: "),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    given_ = {"weights": [1, 1, 1], "categories": [[0], [1], [1]], "margins": [[400, 600]], **changed}
    with pytest.raises(ValueError, match=words):
        rake(given_.pop("weights"), given_.pop("categories"), given_.pop("margins"), **given_)
