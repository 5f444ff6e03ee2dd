"""Who is reached by whom: an example by hand, Wilson's interval, coverage, planted groups, what cannot be said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.access import reach

NAN = np.nan


def test_an_example_by_hand():
    """100 came: 60, 30 and 10 where those living there are 40, 30 and 30 in a hundred."""
    found = reach([[60, 30, 10]], [4000, 3000, 3000])
    np.testing.assert_allclose(found.share, [[0.6, 0.3, 0.1]])
    np.testing.assert_allclose(found.ratio, [[1.5, 1.0, 1 / 3]])
    assert found.state.tolist() == [["reaches", "too few to say", "does not reach"]]
    assert found.unreached.tolist() == [False, False, True]
    assert found.unknown.tolist() == [False, True, False]


def test_the_interval_is_wilsons_as_published():
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3: 81/263, 15/148, 0/20, 1/29."""
    for count, total, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = reach([[count, total - count]], [1, 1])
        assert (found.low[0, 0], found.high[0, 0]) == pytest.approx((low, high), abs=5e-5)


def test_a_missing_count_is_not_a_zero():
    found = reach([[50, NAN, 50], [50, 0, 50]], [1, 1, 1])
    assert found.state[0].tolist() == ["not recorded"] * 3
    assert np.isnan(found.share[0]).all()
    assert found.state[1].tolist() == ["reaches", "does not reach", "reaches"]
    assert found.unreached.tolist() == [False, False, False], "the first touchpoint may reach the second group"
    assert found.unknown.tolist() == [False, True, False]


def test_few_people_say_little_and_nobody_says_nothing():
    found = reach([[9, 0], [0, 0]], [1, 1])
    assert (found.state == "too few to say").all()
    assert np.isnan(found.share[1]).all()
    assert not found.unreached.any()
    assert found.unknown.all()


def test_a_group_that_lives_elsewhere_is_not_missed():
    found = reach([[100, 0], [50, 50]], [[10, 0], [10, 10]])
    assert found.state.tolist() == [["reaches", "nobody lives there"], ["reaches", "reaches"]]


def test_from_places_the_catchment_is_counted_and_those_outside_named():
    origins, population = [[0, 0], [1000, 0], [5000, 0]], [[100, 0], [100, 50], [0, 70]]
    found = reach([[50, 50]], origins=origins, population=population, touchpoints=[[0, 0]], catchment=1000)
    assert found.living.tolist() == [[200.0, 50.0]]
    assert found.outside.tolist() == [[0, 0], [0, 0], [0, 70]]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 5), st.integers(0, 10**6))
def test_shares_add_up_and_states_agree_with_intervals(touchpoints, groups, seed):
    rng = np.random.default_rng(seed)
    used = rng.integers(0, 60, (touchpoints, groups)).astype(float)
    used[rng.random(used.shape) < 0.1] = NAN
    found = reach(used, rng.integers(0, 90, (touchpoints, groups)))
    known = np.isfinite(found.share)
    assert ((found.low <= found.share + 1e-12) & (found.share <= found.high + 1e-12))[known].all()
    np.testing.assert_allclose(found.share[known.all(axis=1)].sum(axis=1), 1)
    assert (found.ratio_low[found.state == "reaches"] >= 0.8).all()
    assert (found.ratio_high[found.state == "does not reach"] < 0.8).all()
    assert not (found.unreached & found.unknown).any()
    assert not (found.unreached & (found.state == "reaches").any(axis=0)).any()


def test_intervals_cover_and_a_fair_touchpoint_is_rarely_blamed():
    rng = np.random.default_rng(11)
    living = np.array([0.5, 0.3, 0.15, 0.05])
    found = reach(rng.multinomial(150, living, size=20_000), living)
    inside = ((found.low <= living) & (living <= found.high)).mean()
    assert 0.94 <= inside <= 0.97
    assert (found.state == "does not reach").mean() <= 0.025


def test_a_planted_group_that_nobody_reaches_is_found():
    rng = np.random.default_rng(12)
    living, come = np.array([0.4, 0.4, 0.2]), np.array([0.49, 0.49, 0.02])
    found = [reach(rng.multinomial(150, come, size=5), living).unreached.tolist() for _ in range(300)]
    assert np.mean([one == [False, False, True] for one in found]) >= 0.9


@pytest.mark.parametrize(
    ("used", "options", "words"),
    [
        ([[1, -1]], {"living": [1, 1]}, r"used: row 0, column 1 .* is -1"),
        ([[1, 1]], {"living": [1, 1, 1]}, r"living: has shape \(3,\)"),
        ([[1, 1]], {"living": [1, NAN]}, r"living: row 1"),
        ([[1, 1]], {}, "living: give the people of each group, or origins"),
        ([[1, 1]], {"living": [1, 1], "catchment": 5}, "living: give either this"),
        ([[1, 1]], {"living": [1, 1], "fair": 1.2}, "fair: "),
        ([[1, 1]], {"living": [1, 1], "least": 0}, "least: "),
        (
            [[1, 1]],
            {"origins": [[0, 0]], "population": [[1]], "touchpoints": [[0, 0]], "catchment": 9},
            "population: has 1 columns",
        ),
        (
            [[1, 1]],
            {"origins": [[0, 0]], "population": [[1, 1]], "touchpoints": [[0, 0], [1, 1]], "catchment": 9},
            "touchpoints: has 2 rows where there are 1 rows of used",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(used, options, words):
    with pytest.raises(ValueError, match=words):
        reach(used, **options)
