"""Krippendorff's alpha: his own examples, a slow plain twin, a witness, and how often the interval holds the truth."""

import time

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.agreement import alpha
from inroads.methods.agreement import reliability as reliability_module

NAN = np.nan
LEVELS = ("nominal", "ordinal", "interval", "ratio")

# Krippendorff (2011), section C: four observers, twelve units, some not seen by all.
FOUR_OBSERVERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
)


def difference(level, c, k, counts):
    if level == "nominal":
        return float(c != k)
    if level == "interval":
        return (c - k) ** 2
    if level == "ratio":
        return ((c - k) / (c + k)) ** 2 if c + k else 0.0
    between = sum(n for value, n in counts.items() if min(c, k) <= value <= max(c, k))
    return 0.0 if c == k else (between - (counts[c] + counts[k]) / 2) ** 2


def plain_twin(ratings, level):
    units = [[x for x in unit if x == x] for unit in np.asarray(ratings, dtype=float).T.tolist()]
    units = [unit for unit in units if len(unit) > 1]
    everything = [x for unit in units for x in unit]
    counts = {x: everything.count(x) for x in everything}
    n = len(everything)
    observed = sum(
        difference(level, c, k, counts) / (len(unit) - 1)
        for unit in units
        for i, c in enumerate(unit)
        for j, k in enumerate(unit)
        if i != j
    )
    expected = sum(
        difference(level, c, k, counts) for i, c in enumerate(everything) for j, k in enumerate(everything) if i != j
    )
    return 1 - (n - 1) * observed / expected if expected else NAN


@pytest.mark.parametrize(
    ("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_published_example_of_four_observers(level, expected):
    found = alpha(FOUR_OBSERVERS, level=level, rng=1)
    assert found.value == pytest.approx(expected, abs=5e-4)
    assert (found.values, found.units) == (40, 11)  # the twelfth unit was seen by one observer only
    assert found.pairs == 55
    assert found.low < found.value < found.high


def test_the_published_example_of_two_observers_and_two_values():
    # Krippendorff (2011), section A: alpha = 0.095.
    ratings = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
    for level in LEVELS:
        assert alpha(ratings, level=level, rng=1).value == pytest.approx(0.095, abs=5e-4)


def test_the_published_example_of_two_observers_and_five_words():
    # Krippendorff (2011), section B: alpha = 0.692.
    found = alpha([list("aabbdcccedda"), list("babbbccceddd")], rng=1)
    assert found.value == pytest.approx(0.692, abs=5e-4)
    assert found.pairs == 12


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 12), st.sampled_from(LEVELS))
def test_alpha_equals_the_plain_twin(seed, raters, units, level):
    rng = np.random.default_rng(seed)
    ratings = rng.integers(0, 4, (raters, units)).astype(float) * 1.5
    ratings[rng.random(ratings.shape) < 0.3] = NAN
    found = alpha(ratings, level=level, draws=5, rng=0)
    assert found.value == pytest.approx(plain_twin(ratings, level), nan_ok=True, abs=1e-12)
    assert np.isnan(found.value) == bool(found.note and np.isnan(plain_twin(ratings, level)))


@pytest.mark.parametrize("level", LEVELS)
def test_a_witness_agrees(level):
    rng = np.random.default_rng(4)
    for _ in range(20):
        ratings = rng.integers(1, 6, (4, 30)).astype(float)
        ratings[rng.random(ratings.shape) < 0.2] = NAN
        expected = krippendorff.alpha(ratings, level_of_measurement=level)
        assert alpha(ratings, level=level, draws=2, rng=0).value == pytest.approx(expected)


@pytest.mark.parametrize("level", LEVELS)
def test_order_of_raters_and_units_does_not_matter_and_lone_ratings_say_nothing(level):
    expected = alpha(FOUR_OBSERVERS, level=level, rng=0).value
    rng = np.random.default_rng(2)
    assert alpha(FOUR_OBSERVERS[::-1, rng.permutation(12)], level=level, rng=0).value == pytest.approx(expected)
    mixed = np.array([rng.permutation(unit) for unit in FOUR_OBSERVERS.T]).T  # who said it does not matter either
    assert alpha(mixed, level=level, rng=0).value == pytest.approx(expected)
    lone = np.column_stack([FOUR_OBSERVERS, [9, NAN, NAN, NAN], [NAN] * 4])
    assert alpha(lone, level=level, rng=0).value == pytest.approx(expected)


def test_what_each_level_does_not_change_with():
    value = {level: alpha(FOUR_OBSERVERS, level=level, rng=0).value for level in LEVELS}
    assert alpha(np.array([0, 30, 10, 50, 20, 40.0])[np.nan_to_num(FOUR_OBSERVERS).astype(int)]
                 + 0 * FOUR_OBSERVERS, rng=0).value == pytest.approx(value["nominal"])  # fmt: skip
    assert alpha(FOUR_OBSERVERS**3, level="ordinal", rng=0).value == pytest.approx(value["ordinal"])
    assert alpha(7 * FOUR_OBSERVERS + 1e6, level="interval", rng=0).value == pytest.approx(value["interval"])
    assert alpha(7 * FOUR_OBSERVERS, level="ratio", rng=0).value == pytest.approx(value["ratio"])


def test_full_agreement_is_1_and_chance_is_near_0():
    same = np.tile(np.arange(30) % 3, (3, 1))
    assert alpha(same, rng=0).value == 1
    assert "interval says nothing" in alpha(same, rng=0).note
    chance = alpha(np.random.default_rng(0).integers(0, 3, (3, 2000)), rng=0)
    assert abs(chance.value) < 0.03
    assert chance.low < 0 < chance.high


def test_words_count_as_categories():
    words = np.array([["yes", "no", None, "no"], ["yes", "yes", "no", "no"], ["", "no", "no", "no"]], dtype=object)
    numbers = np.array([[1, 0, NAN, 0], [1, 1, 0, 0], [NAN, 0, 0, 0]])
    found, expected = alpha(words, rng=3), alpha(numbers, rng=3)
    assert (found.value, found.pairs) == (expected.value, expected.pairs)


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_is_not_defined_where_all_is_alike(level):
    found = alpha([[1, 1, 1], [1, 1, NAN]], level=level, rng=0)
    assert np.isnan([found.value, found.low, found.high]).all()
    assert "not defined" in found.note
    assert found.pairs == 2
    nothing = alpha([[1, NAN], [NAN, 2]], level=level, rng=0)
    assert np.isnan(nothing.value)
    assert (nothing.pairs, nothing.units) == (0, 0)
    assert "No unit has two ratings" in nothing.note
    single = alpha([[1], [2]], level=level, rng=0)
    assert single.value == 0
    assert "One unit only" in single.note


def test_equal_seeds_give_equal_results_whatever_the_block(monkeypatch):
    def ends(seed=5):
        return [(f.low, f.high) for f in (alpha(FOUR_OBSERVERS, level=level, draws=99, rng=seed) for level in LEVELS)]

    expected = ends()
    assert ends(6) != expected
    for size in (1, 100, 777):
        monkeypatch.setattr(reliability_module, "BLOCK", size)
        np.testing.assert_allclose(ends(), expected, rtol=1e-9)


def test_draws_of_units_equal_a_plain_repetition():
    """Alpha of units drawn with replacement, worked out set by set."""
    ratings = FOUR_OBSERVERS[:, :11]
    for level in LEVELS:
        tally = reliability_module._tally(ratings)
        drawn = reliability_module._resampled(20, 11, np.random.default_rng(1))
        found = reliability_module._alpha(tally, drawn, level)
        expected = [plain_twin(np.repeat(ratings, row.astype(int), axis=1), level) for row in drawn]
        np.testing.assert_allclose(found, expected, atol=1e-12)


def simulated(rng, units, wrong):
    """Four raters see the true category or, with probability `wrong`, one drawn at random; one in ten is missing."""
    shares = [0.3, 0.25, 0.2, 0.15, 0.1]
    true = rng.choice(5, units, p=shares)
    ratings = np.where(rng.random((4, units)) < wrong, rng.choice(5, (4, units), p=shares), true) + 1.0
    ratings[rng.random(ratings.shape) < 0.1] = NAN
    return ratings


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("wrong", [0.1, 0.4])
def test_intervals_cover(level, wrong):
    truth = (1 - wrong) ** 2  # two raters agree beyond chance when both saw the truth, whatever the level
    large = alpha(simulated(np.random.default_rng(9), 20_000, wrong), level=level, draws=1, rng=0)
    assert large.value == pytest.approx(truth, abs=0.015)
    rng, covered = np.random.default_rng(5), []
    for _ in range(300):
        found = alpha(simulated(rng, 50, wrong), level=level, draws=400, rng=rng)
        covered.append(found.low <= truth <= found.high)
    assert 0.91 <= np.mean(covered) <= 0.985


def test_2000_units_are_fast():
    ratings = np.random.default_rng(0).integers(1, 6, (4, 2000)).astype(float)
    start = time.process_time()
    alpha(ratings, level="ordinal", rng=1)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ratings": [1, 2]}, "ratings: expected a table"),
        ({"ratings": [["a", "b"], ["a", "c"]], "level": "ordinal"}, "ratings: expected a rating"),
        ({"ratings": [[1, np.inf], [1, 2]]}, "ratings: row 0, column 1"),
        ({"ratings": [[1, -2], [1, 2]], "level": "ratio"}, "ratings: row 0, column 1 .* is -2; give a rating of 0"),
        ({"level": "other"}, "level: expected one of nominal, ordinal, interval, ratio, found 'other'"),
        ({"draws": 0}, "draws: "),
        ({"confidence": 2}, "confidence: "),
        ({"rng": None}, "rng: "),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    given_ = {"ratings": [[1, 2], [1, 2]], "rng": 0, **changed}
    with pytest.raises(ValueError, match=words):
        alpha(given_.pop("ratings"), **given_)


def test_randomness_has_to_be_asked_for():
    with pytest.raises(TypeError, match="rng"):
        alpha([[1, 2], [1, 2]])
