"""Who is missing: the replies of the 2022 report, textbook intervals, a slow plain twin, and coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inroads.methods.weighting import coverage

NAN = np.nan


def test_the_93_replies_of_2022():
    """Adopting inclusive digital transformation in mental health (2022), section 3.3: 93 people, around half of 42
    areas, four of which gave 11, 12, 16 and 21 %, together 61 %. No whole numbers out of 93 give these; 10, 11, 14 and
    19 out of 89 do, as if 4 had not said where they work. The other 35 are spread here over 17 areas."""
    replies = [10, 11, 14, 19, *[2] * 16, 3]
    where = np.concatenate([np.repeat(np.arange(21), replies), [NAN] * 4])
    found = coverage(where, np.ones(42))
    assert where.size == 93
    assert [round(100 * found.share[a]) for a in range(4)] == [11, 12, 16, 21]
    assert round(100 * found.held_by(4)) == 61
    assert found.holding(0.5) == 4
    assert found.reached == 0.5
    assert found.unknown == 4
    assert found.state.count("missing") == 21
    assert {found.state[a] for a in range(4)} == {"over"}
    assert found.even < 11  # as concentrated as if fewer than 11 areas had answered
    assert "4 of 93 replies do not say" in found.note


def test_no_whole_numbers_out_of_93_give_the_published_percentages():
    def fits(n):
        counts = [[k for k in range(n) if int(100 * k / n + 0.5) == share] for share in (11, 12, 16, 21)]
        sums = {a + b + c + d for a in counts[0] for b in counts[1] for c in counts[2] for d in counts[3]}
        return any(int(100 * total / n + 0.5) == 61 for total in sums)

    assert [n for n in range(40, 94) if fits(n)] == [89]


def test_wilson_as_in_the_textbook():
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives
    # 0 to 0.1611.
    found = coverage(np.repeat([0, 1], [81, 182]), [1, 1])
    assert (found.low[0], found.high[0]) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    found = coverage(np.full(20, 1), [1, 1])
    assert (found.low[0], found.high[0]) == pytest.approx((0, 0.1611), abs=5e-5)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.lists(st.integers(1, 100), min_size=5, max_size=5))
def test_shares_equal_the_plain_twin(categories, population):
    found = coverage(categories, population)
    for k in range(5):
        share = categories.count(k) / len(categories)
        assert found.replies[k] == categories.count(k)
        assert found.share[k] == pytest.approx(share)
        assert found.ratio[k] == pytest.approx(share * sum(population) / population[k])
        assert 0 <= found.low[k] <= found.share[k] <= found.high[k] <= 1
        assert found.ratio_low[k] <= found.ratio[k] <= found.ratio_high[k]
        assert (found.state[k] == "missing") == (k not in categories)
    assert found.share.sum() == pytest.approx(1)
    assert found.reached == len(set(categories)) / 5
    assert 1 - 1e-9 <= found.even <= len(set(categories)) + 1e-9
    assert found.held_by(5) == pytest.approx(1)
    assert found.held_by(0) == 0
    assert found.held_by(found.holding(0.5)) >= 0.5 - 1e-9
    scaled = coverage(categories, np.array(population) / 7, weights=np.full(len(categories), 3.0))
    np.testing.assert_allclose([scaled.ratio, scaled.low], [found.ratio, found.low], atol=1e-12)


def test_weights_that_restore_the_population_are_seen_to():
    where = np.repeat([0, 1], [80, 20])
    raw, mended = coverage(where, [1, 1]), coverage(where, [1, 1], weights=np.where(where == 0, 0.625, 2.5))
    assert raw.state == ("over", "under")
    np.testing.assert_allclose(mended.ratio, 1)
    assert mended.state == ("in proportion", "in proportion")
    assert mended.high[0] - mended.low[0] > raw.high[0] - raw.low[0]  # weighting costs precision


def test_where_nobody_lives_and_where_nobody_says():
    found = coverage([0, 0, 1], [5, 0, 5])
    assert found.state == ("over" if found.ratio_low[0] > 1 else "in proportion", "nobody there", "missing")
    assert np.isnan(found.ratio[1])
    assert "1 replies come from categories with a population of 0" in found.note
    empty = coverage([NAN, NAN], [1, 1])
    assert np.isnan(empty.share).all()
    assert np.isnan(empty.held_by(1))
    assert empty.state == ("missing", "missing")
    assert "No reply says where it comes from" in empty.note


def test_intervals_cover():
    rng, target, covered = np.random.default_rng(3), np.array([0.02, 0.08, 0.2, 0.3, 0.4]), []
    for _ in range(600):
        found = coverage(rng.choice(5, 93, p=target), target)
        covered.append((found.low <= target) & (target <= found.high))
    assert 0.93 <= np.mean(covered) <= 0.975


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"categories": [0, 2]}, "categories: row 1 .* is 2"),
        ({"categories": [0, 0.5]}, "categories: row 1 .* 0.5; give whole numbers from 0 to 1"),
        ({"categories": [[0]]}, "categories: expected one row"),
        ({"population": [1, -1]}, "population: row 1"),
        ({"population": [0, 0]}, "population: adds up to 0"),
        ({"population": [1, NAN]}, "population: row 1"),
        ({"weights": [1]}, "weights: has 1 rows where there are 2 replies"),
        ({"weights": [1, -2]}, "weights: row 1"),
        ({"confidence": 1}, "confidence: "),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    given_ = {"categories": [0, 1], "population": [1, 1], **changed}
    with pytest.raises(ValueError, match=words):
        coverage(given_.pop("categories"), given_.pop("population"), **given_)


def test_questions_that_make_no_sense_are_refused():
    found = coverage([0, 1], [1, 1])
    for largest in (3, -1, 1.5):
        with pytest.raises(ValueError, match="largest: "):
            found.held_by(largest)
    with pytest.raises(ValueError, match="part: "):
        found.holding(0)
