"""Worlds with known truth: planted groups, rank intervals, regions with and without a pattern, areas that moved."""

import numpy as np
import pytest

from inroads.methods.adoption import GROUPS, classify, movement, pattern_by_region

NAN = np.nan
SIZES = (6, 16, 12, 8)


def world(rng, true, criteria=40, noise=1.0, missing=0.0):
    scores = true[:, np.newaxis] + rng.normal(0, 0.5, criteria) + rng.normal(0, noise, (true.size, criteria))
    scores[rng.random(scores.shape) < missing] = NAN
    return scores


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_planted_groups_are_found(missing):
    rng, planted, right, sure = np.random.default_rng(1), np.repeat(np.arange(4), SIZES), [], []
    for _ in range(30):
        true = np.array([3.0, 2.0, 1.0, 0.0])[planted] + rng.uniform(-0.1, 0.1, 42)
        found = classify(world(rng, true, missing=missing), draws=200, rng=rng)
        right.append(found.group == np.array(GROUPS)[planted])
        sure.append(~found.between)
    assert np.mean(right) >= 0.97
    assert np.mean(sure) >= 0.9


def test_an_area_half_way_stands_between_groups():
    rng, between, steady = np.random.default_rng(2), [], []
    true = np.repeat([3.0, 2.0, 1.0, 0.0], SIZES)
    true[6] = 2.5
    for _ in range(30):
        found = classify(world(rng, true), draws=200, rng=rng)
        between.append(found.between[6])
        steady.append(found.between[[0, 12, 28, 41]])
    assert np.mean(between) >= 0.4
    assert np.mean(between) > 5 * np.mean(steady)


def test_a_probability_is_about_how_often_the_group_would_be_the_same_with_other_criteria():
    rng, said, same = np.random.default_rng(3), [], []
    for _ in range(40):
        true = np.array([3.0, 2.0, 1.0, 0.0])[np.repeat(np.arange(4), SIZES)] + rng.normal(0, 0.3, 42)
        first = classify(world(rng, true), draws=200, rng=rng)
        other = classify(world(rng, true), draws=2, rng=rng)
        said.append(first.probability.max(axis=1))
        same.append(other.group == np.array(GROUPS)[first.probability.argmax(axis=1)])
    said, same = np.concatenate(said), np.concatenate(same)
    assert same.mean() == pytest.approx(said.mean(), abs=0.05)
    assert same[said > 0.95].mean() > 0.9 > same[said < 0.7].mean()


@pytest.mark.parametrize(
    ("made", "criteria"),
    [("spread", 40), ("close", 40), ("groups", 40), ("spread", 8), ("close", 8)],
)
def test_rank_intervals_hold_the_true_rank_at_least_as_often_as_they_say(made, criteria):
    rng, held = np.random.default_rng(4), []
    for _ in range(40):
        true = {
            "spread": lambda: rng.normal(0, 0.5, 42),
            "close": lambda: rng.normal(0, 0.1, 42),
            "groups": lambda: np.repeat([2.0, 1.0, 0.0, -1.0], SIZES) + rng.normal(0, 0.05, 42),
        }[made]()
        found = classify(world(rng, true, criteria), method="rogers", draws=250, rng=rng)
        rank = (-true).argsort().argsort() + 1
        held.append((found.rank_low <= rank) & (rank <= found.rank_high))
    assert np.mean(held) >= 0.95
    assert np.mean(held, axis=0).min() >= 0.88


def test_ranks_are_told_apart_where_scores_are():
    rng = np.random.default_rng(5)
    found = classify(world(rng, np.repeat([6.0, 4.0, 2.0, 0.0], SIZES)), method="rogers", draws=400, rng=rng)
    assert (found.rank_high[:6] <= 6).all()
    assert (found.rank_low[34:] >= 35).all()


REGIONS = np.repeat(np.arange(7), 6)


def test_without_a_pattern_p_is_uniform():
    rng = np.random.default_rng(6)
    p = np.array([pattern_by_region(rng.normal(0, 1, 42), REGIONS, draws=199, rng=rng).p for _ in range(600)])
    # Kolmogorov-Smirnov: above 1.63 / sqrt(600) in one of a hundred.
    grid = np.sort(p)
    assert np.abs(grid - (np.arange(600) + 0.5) / 600).max() < 0.0665
    assert 0.03 <= (p <= 0.05).mean() <= 0.07


def test_a_planted_pattern_is_found():
    rng, found = np.random.default_rng(7), []
    for _ in range(120):
        scores = rng.normal(0, 1, 42) + rng.normal(0, 1, 7)[REGIONS]
        found.append(pattern_by_region(scores, REGIONS, draws=199, rng=rng))
    # A third to a half of the variance between regions, as the draws of the regions fall.
    assert np.mean([each.p <= 0.05 for each in found]) >= 0.8


def test_the_pattern_equals_a_plain_enumeration():
    from itertools import permutations

    scores, regions = np.array([1.0, 2.0, 4.0, 7.0, 3.0, 3.0]), ["a", "a", "b", "b", "c", "c"]

    def eta(values):
        parts = [values[0:2], values[2:4], values[4:6]]
        return sum(2 * (np.mean(p) - np.mean(values)) ** 2 for p in parts) / sum((values - np.mean(values)) ** 2)

    every = [eta(np.array(order)) for order in permutations(scores)]
    found = pattern_by_region(scores, regions, draws=20_000, rng=1)
    assert found.statistic == pytest.approx(eta(scores))
    assert found.p == pytest.approx(np.mean([each >= eta(scores) - 1e-12 for each in every]), abs=0.012)
    gaps = pattern_by_region([*scores, NAN], [*regions, "a"], draws=10, rng=1)
    assert gaps.statistic == pytest.approx(found.statistic)


@pytest.mark.parametrize(
    ("scores", "regions", "words"), [([1, 1, 1], [0, 0, 1], "the same"), ([1, 2, 3], [0, 0, 0], "two regions")]
)
def test_where_no_pattern_can_be_seen_it_is_said(scores, regions, words):
    found = pattern_by_region(scores, regions, rng=0)
    assert np.isnan([found.statistic, found.p]).all()
    assert words in found.note


def test_areas_that_moved_are_found_and_few_others():
    rng, found, wrong, any_wrong, higher = np.random.default_rng(8), [], [], [], []
    for _ in range(40):
        true = np.repeat([3.0, 2.0, 1.0, 0.0], SIZES)
        later = true.copy()
        later[30:34] += 1.0
        later[7] -= 1.0
        both = [np.random.default_rng(rng.integers(1 << 30)) for _ in range(2)]
        seen = movement(world(both[0], true), world(both[1], later), draws=100, rng=rng)
        still = np.setdiff1d(np.arange(42), [7, 30, 31, 32, 33])
        found.append([*(seen.moved[30:34] == "up"), seen.moved[7] == "down"])
        wrong.append((seen.moved[still] != "no sign").sum() / max(1, (seen.moved != "no sign").sum()))
        higher.append(seen.higher[30:34])
        same = movement(world(both[0], true), world(both[1], true), draws=2, rng=rng)
        any_wrong.append((same.moved != "no sign").any())
    assert np.mean(found) >= 0.8
    assert np.mean(higher) >= 0.8
    assert np.mean(wrong) <= 0.08
    assert np.mean(any_wrong) <= 0.15


def test_intervals_of_change_hold_the_change():
    rng, held = np.random.default_rng(9), []
    for _ in range(40):
        true, by = rng.normal(0, 1, 42), rng.normal(0, 0.3, 42)
        wave = true[:, np.newaxis] + rng.normal(0, 0.5, 15)
        seen = movement(
            wave + rng.normal(0, 1, (42, 15)), wave + by[:, np.newaxis] + rng.normal(0, 1, (42, 15)), draws=2, rng=rng
        )
        held.append((seen.low <= by) & (by <= seen.high))
    assert 0.935 <= np.mean(held) <= 0.965


def test_an_area_scored_once_is_not_known_to_have_moved():
    before = np.random.default_rng(0).normal(0, 1, (6, 12))
    after = before + 1
    after[2] = NAN
    after[3, 1:] = NAN
    seen = movement(before, after, draws=20, rng=0)
    assert seen.before[2] == seen.after[2] == "not scored"
    assert seen.moved.tolist() == ["up", "up", "not known", "not known", "up", "up"]
    assert np.isnan([seen.change[2], seen.higher[2], seen.low[3], seen.p[3]]).all()
    np.testing.assert_allclose(seen.change[[0, 1, 3, 4, 5]], 1)
