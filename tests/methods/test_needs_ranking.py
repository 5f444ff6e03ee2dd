"""Ranks and their intervals: a slow plain twin, equal results for equal seeds, what the interval should do."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inroads.methods.needs import composite, rank_intervals, ranks
from inroads.methods.needs import ranking as ranking_module
from inroads.methods.needs.weights import weighting

NAN = np.nan


def plain_ranks(index):
    return [sum(other > value for other in index) + 1 for value in index]


def world(zones, indicators, seed):
    return np.random.default_rng(seed).gamma(2.0, size=(zones, indicators))


def same(one, other):
    return all(np.array_equal(getattr(one, f), getattr(other, f), equal_nan=True) for f in ("low", "mid", "high"))


def test_ranks_start_at_the_highest_risk_and_equal_values_share_the_smaller():
    np.testing.assert_array_equal(ranks([3.0, 9.0, NAN, 7.0, 7.0, 1.0]), [4, 1, NAN, 2, 2, 5])
    assert ranks([]).shape == (0,)


@given(arrays.arrays(float, st.integers(0, 30), elements=st.sampled_from([-1.5, 0.0, -0.0, 2.0, 3.0, 1e9])))
def test_ranks_equal_the_plain_twin(index):
    assert ranks(index).tolist() == plain_ranks(index.tolist())


def test_ranks_refuse_a_table():
    with pytest.raises(ValueError, match=r"index: .*shape \(1, 2\)"):
        ranks([[1.0, 2.0]])


@pytest.mark.parametrize("draws", [1, 2, 19, 100])
@pytest.mark.parametrize("interval", [0.5, 0.9])
def test_intervals_equal_the_plain_twin(draws, interval):
    table, weights, direction, groups = world(23, 4, 5), [1, 2, 0, 3], [1, -1, 1, 1], ["a", "a", "b", "c"]
    found = rank_intervals(
        table, weights=weights, direction=direction, groups=groups, draws=draws, interval=interval, rng=11
    )
    chosen = weighting(weights, 4, groups=groups)
    drawn = chosen.draw(draws, concentration=30.0, rng=np.random.default_rng(11))
    columns = chosen.columns
    each = np.sort(
        [
            plain_ranks(composite(table[:, columns], weights=row, direction=np.take(direction, columns)).tolist())
            for row in drawn
        ],
        axis=0,
    )
    tail = (1 - interval) / 2
    np.testing.assert_array_equal(found.low, np.quantile(each, tail, axis=0, method="lower"))
    np.testing.assert_array_equal(found.mid, np.quantile(each, 0.5, axis=0, method="lower"))
    np.testing.assert_array_equal(found.high, np.quantile(each, 1 - tail, axis=0, method="higher"))


def test_equal_seeds_give_equal_results_whatever_the_block(monkeypatch):
    table = world(57, 5, 1)
    table[[4, 9]] = table[20]  # the same figures must share their rank in every block

    def run():
        return rank_intervals(table, weights=[1] * 5, direction=[1, 1, -1, 1, 1], draws=101, rng=3)

    expected = run()
    for size in (1, 57, 64, 570, 10**7):
        monkeypatch.setattr(ranking_module, "BLOCK", size)
        assert same(run(), expected)
    assert expected.low[4] == expected.low[9] == expected.low[20]
    assert expected.high[4] == expected.high[9] == expected.high[20]
    generator = rank_intervals(
        table, weights=[1] * 5, direction=[1, 1, -1, 1, 1], draws=101, rng=np.random.default_rng(3)
    )
    assert same(generator, expected)
    other = rank_intervals(table, weights=[1] * 5, direction=[1, 1, -1, 1, 1], draws=101, rng=4)
    assert not same(other, expected)


def test_the_order_of_neighbourhoods_does_not_matter():
    table, order = world(40, 3, 2), np.random.default_rng(0).permutation(40)
    options = {"weights": [1, 1, 2], "direction": [1, -1, 1], "draws": 60, "rng": 8}
    straight, shuffled = rank_intervals(table, **options), rank_intervals(table[order], **options)
    np.testing.assert_array_equal(shuffled.low, straight.low[order])
    np.testing.assert_array_equal(shuffled.high, straight.high[order])


def test_intervals_widen_as_weights_are_known_less_well():
    table = world(200, 6, 3)
    widths = []
    for concentration in (1000.0, 100.0, 30.0, 10.0, 3.0):
        found = rank_intervals(table, weights=[1] * 6, direction=[1] * 6, draws=400, concentration=concentration, rng=5)
        widths.append((found.high - found.low).mean())
    assert all(wider > narrower for narrower, wider in pairwise(widths))
    assert widths[0] < 20 < 80 < widths[-1]


def test_weights_known_almost_exactly_give_the_rank_of_the_index():
    table = world(50, 4, 7)
    found = rank_intervals(table, weights=[1, 2, 3, 4], direction=[1] * 4, draws=50, concentration=1e14, rng=0)
    expected = ranks(composite(table, weights=[1, 2, 3, 4], direction=[1] * 4))
    for part in (found.low, found.mid, found.high):
        np.testing.assert_array_equal(part, expected)


def test_a_weight_of_0_stays_0():
    table = world(30, 3, 9)
    without = rank_intervals(table[:, :2], weights=[1, 2], direction=[1, 1], draws=50, rng=1)
    table[3, 2] = NAN
    assert same(rank_intervals(table, weights=[1, 2, 0], direction=[1, 1, 1], draws=50, rng=1), without)


def test_drawn_shares_spread_as_documented():
    chosen = weighting([1, 1, 1], 3)
    for concentration, low, high in ((10, 0.12, 0.59), (30, 0.20, 0.48), (100, 0.26, 0.41)):
        drawn = chosen.draw(20_000, concentration=concentration, rng=np.random.default_rng(2))[:, 0]
        assert np.quantile(drawn, [0.05, 0.95]) == pytest.approx([low, high], abs=0.01)
        assert drawn.std() == pytest.approx(np.sqrt(2 / 9 / (concentration + 1)), rel=0.03)


def test_drawn_shares_of_components_keep_their_nesting():
    chosen = weighting([1, 3, 1], 3, groups=["a", "a", "b"], group_weights={"a": 1, "b": 1})
    drawn = chosen.draw(5_000, concentration=30, rng=np.random.default_rng(4))
    assert drawn.sum(axis=1) == pytest.approx(np.ones(5_000))
    assert drawn.mean(axis=0) == pytest.approx([0.125, 0.375, 0.5], abs=0.01)
    assert chosen.shares == pytest.approx([0.125, 0.375, 0.5])


def test_a_neighbourhood_with_a_gap_has_no_rank_and_takes_no_place():
    table = world(12, 3, 4)
    gap = np.insert(table, 5, [NAN, 1.0, 2.0], axis=0)
    options = {"weights": [1, 1, 1], "direction": [1, 1, 1], "scale": None, "draws": 40, "rng": 2}
    whole, found = rank_intervals(table, **options), rank_intervals(gap, **options)
    assert np.isnan([found.low[5], found.mid[5], found.high[5]]).all()
    np.testing.assert_array_equal(np.delete(found.mid, 5), whole.mid)


@settings(max_examples=40)
@given(st.integers(0, 15), st.integers(1, 4), st.integers(1, 30), st.integers(0, 99))
def test_low_mid_and_high_are_ranks_in_order(zones, indicators, draws, seed):
    found = rank_intervals(
        world(zones, indicators, seed), weights=[1] * indicators, direction=[1] * indicators, draws=draws, rng=seed
    )
    assert found.low.shape == found.mid.shape == found.high.shape == (zones,)
    assert ((found.low >= 1) & (found.low <= found.mid) & (found.mid <= found.high) & (found.high <= zones)).all()
    if indicators == 1:
        np.testing.assert_array_equal(found.low, found.high)


def test_a_single_neighbourhood_is_first():
    found = rank_intervals([[3.0, 4.0]], weights=[1, 1], direction=[1, -1], rng=0)
    assert (found.low.tolist(), found.mid.tolist(), found.high.tolist()) == ([1], [1], [1])


def test_a_neighbourhood_worse_on_everything_is_first_whatever_the_weights():
    table = world(60, 4, 6)
    table[17] = table.max(axis=0) + 1
    found = rank_intervals(table, weights=[1] * 4, direction=[1] * 4, concentration=2, draws=300, rng=0)
    assert (found.low[17], found.high[17]) == (1, 1)
    assert found.high.max() > 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"draws": 0}, "draws: .* found 0"),
        ({"draws": 10.5}, "draws: "),
        ({"draws": True}, "draws: "),
        ({"concentration": 0}, "concentration: "),
        ({"concentration": np.inf}, "concentration: "),
        ({"interval": 1.0}, "interval: "),
        ({"interval": NAN}, "interval: "),
        ({"rng": None}, "rng: .* found None"),
        ({"rng": -1}, "rng: "),
        ({"rng": "seed"}, "rng: "),
        ({"weights": [1, -1]}, "weights: entry 1"),
        ({"scale": "other"}, "scale: "),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    arguments = {"weights": [1, 1], "direction": [1, 1], "rng": 0, **changed}
    with pytest.raises(ValueError, match=words):
        rank_intervals([[1, 2], [3, 4]], **arguments)


def test_randomness_has_to_be_asked_for():
    with pytest.raises(TypeError, match="rng"):
        rank_intervals([[1, 2]], weights=[1, 1], direction=[1, 1])
