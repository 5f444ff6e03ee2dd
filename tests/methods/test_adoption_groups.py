"""Areas on the curve: natural breaks against a plain twin, Rogers' shares, ties, gaps, and the report's own counts."""

import time
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from inroads.methods.adoption import (
    GROUPS,
    NOT_SCORED,
    against_rogers,
    classify,
    movement,
    pattern_by_region,
    regions_reached,
)

NAN = np.nan


def squares(values):
    middle = sum(values) / len(values)
    return sum((value - middle) ** 2 for value in values)


def plain_breaks(values, groups=4):
    """Every division of the different values into groups: the least sum of squares, and the divisions that have it."""
    different = sorted(set(values), reverse=True)
    found = []
    for cuts in combinations(range(1, len(different)), groups - 1):
        edges = (0, *cuts, len(different))
        parts = [different[a:b] for a, b in pairwise(edges)]
        loss = sum(squares([v for v in values if v in part]) for part in parts)
        found.append((loss, [next(g for g, part in enumerate(parts) if v in part) for v in values]))
    least = min(loss for loss, _ in found)
    return least, [codes for loss, codes in found if loss <= least + 1e-9]


def codes_of(found):
    return [GROUPS.index(name) for name in found.group]


@settings(max_examples=120, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=4, max_size=11).filter(lambda values: len(set(values)) >= 4))
def test_natural_breaks_equal_the_plain_twin(values):
    found = classify(np.array(values, dtype=float)[:, np.newaxis], rng=1)
    assert codes_of(found) in plain_breaks(values)[1]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(4, 9), st.integers(2, 6))
def test_breaks_of_means_equal_the_plain_twin_and_draws_are_drawn_again(seed, areas, criteria):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 5, (areas, criteria)).astype(float)
    means = [round(value, 9) for value in scores.mean(axis=1)]
    found = classify(scores, draws=50, rng=seed)
    if len(set(means)) >= 4:
        assert codes_of(found) in plain_breaks(means)[1]
    np.testing.assert_allclose(found.score, scores.mean(axis=1))
    np.testing.assert_allclose(found.probability.sum(axis=1), 1)
    again = classify(scores, draws=50, rng=seed)
    np.testing.assert_array_equal(again.probability, found.probability)


def test_memberships_equal_a_plain_loop_over_draws():
    rng = np.random.default_rng(3)
    scores = rng.normal(0, 1, (9, 1)) + rng.normal(0, 1, (9, 7))
    found = classify(scores, draws=300, rng=11)
    drawn, held = np.random.default_rng(11), np.zeros((9, 4))
    for times in drawn.multinomial(7, np.full(7, 1 / 7), size=300):
        (codes,) = plain_breaks((scores @ times / 7).tolist())[1]
        held[np.arange(9), codes] += 1
    np.testing.assert_allclose(found.probability, held / 300)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(("breaks", "rogers")), st.integers(1, 15), st.integers(1, 5))
def test_equals_stay_together_and_order_does_not_matter(seed, method, areas, criteria):
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 3, (areas, criteria)).astype(float)
    found = classify(scores, method=method, draws=30, rng=0)
    codes = np.array(codes_of(found))
    for score in set(np.round(found.score, 9)):
        same = np.round(found.score, 9) == score
        assert len(set(codes[same])) == 1
        assert len(set(found.rank[same])) == 1
    assert (np.diff(codes[np.argsort(-found.score, kind="stable")]) >= 0).all()
    assert found.counts.sum() == areas
    if criteria > 1:
        assert (found.rank_low <= found.rank).all()
        assert (found.rank <= found.rank_high).all()
    order = rng.permutation(areas)
    other = classify(scores[order], method=method, draws=30, rng=0)
    assert codes_of(other) == codes[order].tolist()
    np.testing.assert_allclose(other.probability, found.probability[order])
    moved = classify(scores * 2 + 7, method=method, draws=30, rng=0)
    assert codes_of(moved) == codes.tolist()


def test_42_areas_by_rogers_shares():
    found = classify(np.arange(42.0)[:, np.newaxis] + np.zeros((1, 3)), method="rogers", rng=0)
    assert found.counts.tolist() == [7, 14, 14, 7]
    assert found.group[41] == "innovators and early adopters"
    assert found.rank[41] == found.rank_low[41] == found.rank_high[41] == 1
    tied = classify(np.repeat([3.0, 2.0, 1.0], [8, 20, 14])[:, np.newaxis], method="rogers", rng=0)
    # Eight equal areas at the top: their middle place is 4.0 of 42, so all are in the first group.
    assert tied.counts.tolist() == [8, 20, 14, 0]


def test_the_reports_counts_come_from_scores_with_such_gaps_and_do_not_differ_from_rogers():
    scores = np.repeat([3.4, 2.5, 1.9, 1.0], [6, 16, 12, 8])[:, np.newaxis] + np.linspace(0, 0.1, 42)[:, np.newaxis]
    counts = classify(scores, rng=0).counts
    assert counts.tolist() == [6, 16, 12, 8]
    assert [round(100 * n / 42) for n in (*counts, 16 + 12)] == [14, 38, 29, 19, 67]
    chi2, df, p = against_rogers(counts)
    assert chi2 == pytest.approx(0.892, abs=5e-4)
    assert df == 3
    assert p == pytest.approx(0.827, abs=5e-4)
    assert against_rogers([25, 135, 340, 340, 160]) == (0, 4, 1)


def test_rogers_statistic_equals_scipys():
    expected = chisquare([10, 11, 12, 13], np.array([0.16, 0.34, 0.34, 0.16]) * 46)
    found = against_rogers([10, 11, 12, 13])
    assert (found.chi2, found.p) == pytest.approx((expected.statistic, expected.pvalue))


def test_gaps_leave_nobody_better_or_worse_off():
    rng = np.random.default_rng(0)
    scores = np.linspace(3, 0, 12)[:, np.newaxis] + np.linspace(-1, 1, 9)  # exactly area + criterion
    gaps = scores.copy()
    gaps[rng.random(gaps.shape) < 0.3] = NAN
    gaps[0, :8] = NAN  # the best area was scored on the easiest criterion only
    found = classify(gaps, draws=20, rng=0)
    np.testing.assert_allclose(found.score, scores.mean(axis=1), atol=1e-6)
    gaps[4] = NAN
    gone = classify(gaps, draws=20, rng=0)
    assert gone.group[4] == NOT_SCORED
    assert np.isnan([gone.score[4], gone.rank[4], gone.rank_low[4], *gone.probability[4]]).all()
    assert gone.counts.sum() == 11
    assert "1 of 12 areas have no score" in gone.note
    assert "9 criteria are few" in gone.note


def test_where_there_are_no_four_groups_it_is_said():
    flat = classify(np.ones((5, 12)), rng=0)
    assert set(flat.group) == {"early majority"}
    assert flat.rank.tolist() == [3] * 5
    assert (flat.rank_low.tolist(), flat.rank_high.tolist()) == ([1] * 5, [5] * 5)
    assert "There are 1 different scores" in flat.note
    one = classify([[1], [2], [3], [4]], rng=0)
    assert np.isnan(one.probability).all()
    assert not one.between.any()
    assert "One criterion only" in one.note
    hasty = classify([[1, 2], [2, 3], [3, 4], [4, 6]], draws=1, rng=0)
    assert np.isnan(hasty.rank_low).all()
    assert "1 draws are few" in hasty.note


def test_42_areas_on_40_criteria_take_half_a_second_of_processor():
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 0.5, (42, 1)) + rng.normal(0, 1, (42, 40))
    classify(scores, draws=10, rng=0)
    start = time.process_time()
    classify(scores, draws=2000, rng=0)
    assert time.process_time() - start < 1.0  # measured 0.3; others may be at work


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: classify([1, 2], rng=0), "scores: expected a table"),
        (lambda: classify([[1, np.inf]], rng=0), "scores: row 0, column 1"),
        (lambda: classify([[NAN, NAN]], rng=0), "scores: no area has a score"),
        (lambda: classify([[1, 2]], method="jenks", rng=0), "method: expected one of breaks, rogers, found 'jenks'"),
        (lambda: classify([[1, 2]], draws=0, rng=0), "draws: "),
        (lambda: classify([[1, 2]], rng=None), "rng: "),
        (lambda: against_rogers([1, 2, 3]), "counts: has 3 entries; give 4 groups"),
        (lambda: against_rogers([0, 0, 0, 0]), "counts: adds up to 0"),
        (lambda: against_rogers([1, -1, 2, 3]), "counts: row 1"),
        (lambda: pattern_by_region([1, 2, 3], ["a", "b"], rng=0), "regions: has 2 rows where there are 3 scores"),
        (lambda: pattern_by_region([1, 2], [["a", "b"]], rng=0), "regions: expected one for each area"),
        (lambda: movement([[1, 2]], [[1, 2, 3]], rng=0), "after: has the shape"),
        (lambda: movement([[1, 2]], [[1, 2]], false_share=2, rng=0), "false_share: "),
    ],
)
def test_what_does_not_fit_is_refused_in_words(made, words):
    with pytest.raises(ValueError, match=words):
        made()


def plain_reached(sizes, drawn, reached):
    """Every set of that many areas, one by one: how often it stands in as many regions or fewer, or more."""
    regions = [number for number, size in enumerate(sizes) for _ in range(size)]
    found = [len(set(chosen)) for chosen in combinations(regions, drawn)]
    return [sum(test(each) for each in found) / len(found) for test in (lambda n: n <= reached, lambda n: n >= reached)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=5).filter(lambda sizes: 0 < sum(sizes) < 15), st.data())
def test_regions_reached_equal_the_plain_twin(sizes, data):
    drawn = data.draw(st.integers(1, sum(sizes)))
    reached = data.draw(st.integers(1, min(drawn, len(sizes))))
    found = regions_reached(sizes, drawn, reached)
    assert [found.fewer, found.more] == pytest.approx(plain_reached(sizes, drawn, reached))
    assert found.chances.sum() == pytest.approx(1)


def test_the_reports_six_pioneers_are_as_spread_as_six_can_be():
    sizes, rng = [5, 7, 6, 11, 6, 3, 4], np.random.default_rng(0)
    found = regions_reached(sizes, 6, 6)
    assert found.fewer == 1.0
    regions = np.repeat(np.arange(7), sizes)
    drawn = [len(set(rng.permutation(regions)[:6].tolist())) for _ in range(20_000)]
    assert found.more == pytest.approx(np.mean([each >= 6 for each in drawn]), abs=0.006)
    assert found.chances == pytest.approx(np.bincount(drawn, minlength=8) / len(drawn), abs=0.015)
    assert regions_reached(sizes, 6, 2).fewer < 0.02, "six in two regions would be a pattern"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([3, -1], 1, 1), "sizes: row 1"),
        (([3, 2], 6, 1), "drawn: is 6 where the regions have 5 areas"),
        (([3, 2], 0, 1), "drawn: expected a whole number"),
        (([3, 2], 2, 3), "reached: is 3, but 2 areas cannot stand in more than 2 of 2 regions"),
    ],
)
def test_regions_that_cannot_be_reached_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        regions_reached(*arguments)
