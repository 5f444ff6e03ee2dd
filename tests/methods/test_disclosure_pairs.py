"""All pairs of topics leave together: a programme that joins them through the people of each answer narrows nobody."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from inroads.methods.disclosure import Pairs, protect_pairs
from inroads.methods.disclosure.pair_play import exposed
from inroads.methods.disclosure.programme import Programme

NAN = np.nan


def answers(rng, people, topics):
    """Codes (people, topics) of needs that go together: 0 hard, 1 not hard, 2 not known."""
    lean = rng.normal(size=(people, 1)) * 0.7 + rng.normal(size=(people, topics)) + 1.2 * rng.normal(size=topics)
    code = np.where(lean > 1, 0, np.where(lean < 0.5, 1, 2))
    return np.where(rng.random((people, topics)) < rng.choice([0, 0.05, 0.3], topics), 2, code)


def tables(code):
    of = (code[:, :, np.newaxis] == np.arange(3)).astype(np.int64)
    return np.einsum("nia,njb->ijab", of, of)


def joined(programme, release):
    """Every cell as a variable, held by its ends and by the people of each answer, whom the reader does not know."""
    topics = len(release.values)
    people, cells = programme.variables(3 * topics).reshape(topics, 3), {}
    everybody = programme.variables(1)
    for topic in people:
        programme.row(np.append(topic, everybody), np.array([1.0, 1.0, 1.0, -1.0]), 0.0, 0.0)
    for i, j in zip(*np.triu_indices(topics, 1), strict=True):
        cells[i, j] = names = programme.variables(9).reshape(3, 3)
        for a, b in product(range(3), repeat=2):
            programme.bound(int(names[a, b]), release.low[i, j, a, b], release.high[i, j, a, b])
        for a in range(3):
            programme.row(np.append(names[a], people[i, a]), np.array([1.0, 1.0, 1.0, -1.0]), 0.0, 0.0)
            programme.row(np.append(names[:, a], people[j, a]), np.array([1.0, 1.0, 1.0, -1.0]), 0.0, 0.0)
    return cells


def narrowed(counts, release, programme, cells):
    """Small counts that the programme narrows, and how many were attacked."""
    found, tried = [], 0
    for (i, j), names in cells.items():
        for a, b in product(range(3), repeat=2):
            if 1 <= counts[i, j, a, b] <= release.threshold:
                low, high = programme.ends(names[a, b : b + 1])
                tried += 1
                if low > 1 + 1e-6 or high < release.threshold - 1e-6:
                    found.append((i, j, a, b, low, high))
    return found, tried


def held(counts, release):
    inside = (release.low <= counts) & (counts <= release.high)
    return inside[~np.eye(len(counts), dtype=bool)].all()


@pytest.mark.parametrize("rule", [(7, 5), (3, 3), (10, 5), (7, 1)])
def test_no_programme_narrows_a_small_count(rule):
    rng, tried = np.random.default_rng(rule[0]), 0
    for _ in range(10):
        counts = tables(answers(rng, int(rng.choice([8, 20, 60, 150, 400])), int(rng.integers(2, 5))))
        release = protect_pairs(counts, threshold=rule[0], base=rule[1])
        assert held(counts, release)
        programme = Programme()
        found, attacked = narrowed(counts, release, programme, joined(programme, release))
        assert not found
        tried += attacked
    assert tried > 30


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 90), st.integers(2, 4))
def test_nor_in_any_world_and_the_truth_is_inside(seed, people, topics):
    counts = tables(answers(np.random.default_rng(seed), people, topics))
    release = protect_pairs(counts)
    assert held(counts, release)
    programme = Programme()
    assert not narrowed(counts, release, programme, joined(programme, release))[0]


def test_by_itself_each_cell_would_have_given_many_away():
    rng, naive, kept = np.random.default_rng(2), 0, 0
    for _ in range(6):
        counts = tables(answers(rng, 150, 4))
        release = protect_pairs(counts)
        kept += (release.state == "value").sum()
        small = (counts > 0) & (counts <= 7)
        figures = np.where(counts > 0, np.maximum(5, (counts + 2) // 5 * 5), 0)
        low = np.where(small, 1, np.where(figures > 0, np.maximum(8, figures - 2), 0))
        high = np.where(small, 7, np.where(figures > 0, figures + 2, 0))
        alone = Pairs(figures, release.state, low, high, release.topics, release.hiding, 7, 5)
        programme = Programme()
        naive += len(narrowed(counts, alone, programme, joined(programme, alone))[0])
    assert naive > 20
    assert kept > 60


def test_what_is_left_to_a_cell_is_what_a_programme_finds_with_known_sums():
    rng, seen = np.random.default_rng(7), [0, 0]
    for _ in range(120):
        cells = rng.poisson(rng.choice([2, 8, 20], (3, 3)))
        low = np.where(rng.random((3, 3)) < 0.4, 0, np.maximum(cells - rng.integers(0, 4, (3, 3)), 0))
        high = np.where(rng.random((3, 3)) < 0.3, np.inf, cells + rng.integers(0, 6, (3, 3)))
        needing = np.zeros((3, 3), dtype=bool)
        at = tuple(rng.integers(0, 3, 2))
        needing[at] = True
        low[at], high[at] = 0, np.inf
        merged = rng.random(2) < 0.3
        sums = [np.kron(np.eye(3)[a], np.ones(3)) for a in range(3)] + [np.tile(np.eye(3)[b], 3) for b in range(3)]
        rows, columns = sums[:3], sums[3:]
        kept = ([rows[0], rows[1] + rows[2]] if merged[0] else rows) + (
            [columns[0], columns[1] + columns[2]] if merged[1] else columns
        )
        bounds = list(zip(low.ravel(), [None if np.isinf(h) else h for h in high.ravel()], strict=True))
        ends = []
        for sign in (1, -1):
            cost = sign * np.eye(9)[3 * at[0] + at[1]]
            answer = linprog(cost, A_eq=np.array(kept), b_eq=np.array(kept) @ cells.ravel(), bounds=bounds)
            ends.append(-sign * np.inf if answer.status == 3 else sign * answer.fun)
        expected = ends[0] > 1 + 1e-6 or ends[1] < 7 - 1e-6
        both = tuple(np.array([flag]) for flag in merged)
        given_away = exposed(
            cells[np.newaxis] * 1.0,
            low[np.newaxis] * 1.0,
            high[np.newaxis],
            needing=needing[np.newaxis],
            merged=both,
            limit=7,
        )
        assert given_away[0] == expected
        seen[int(expected)] += 1
    assert min(seen) > 15


def test_pairs_are_turned_over_and_what_is_hidden_is_said():
    counts = tables(answers(np.random.default_rng(4), 120, 5))
    release = protect_pairs(counts)
    turned = release.values.transpose(1, 0, 3, 2)
    np.testing.assert_array_equal(release.values, turned)
    assert set(release.state[np.eye(5, dtype=bool)].ravel()) == {"missing"}
    for i, j in zip(*np.triu_indices(5, 1), strict=True):
        if release.hiding[i, j] == 3:
            assert np.isnan(release.values[i, j]).all()
        if max(release.topics[i], release.topics[j]) == 0 and release.hiding[i, j] < 3:
            assert (release.values[i, j][counts[i, j] == 0] == 0).all()


def test_all_pairs_of_many_topics_at_once():
    counts = tables(answers(np.random.default_rng(4), 3000, 45))
    release = protect_pairs(counts)
    upper = np.triu_indices(45, 1)
    assert (release.state[upper][:, 0, 0] == "value").mean() > 0.7


def test_what_is_not_the_same_people_is_refused():
    counts = tables(answers(np.random.default_rng(1), 30, 3))
    with pytest.raises(ValueError, match=r"counts: expected \(B, B, 3, 3\)"):
        protect_pairs(counts[:2])
    wrong = counts.copy()
    wrong[0, 1, 0, 0] += 1
    with pytest.raises(ValueError, match=r"counts: entry \[0, 1, 0, 0\] .* differs from \[j, i\] turned over"):
        protect_pairs(wrong)
    wrong[1, 0, 0, 0] += 1
    with pytest.raises(ValueError, match=r"counts: topic 0 .* has not the same people in each of its pairs"):
        protect_pairs(wrong)
    broken = counts.astype(float)
    broken[0, 1, 0, 0] = NAN
    with pytest.raises(ValueError, match=r"counts: entry \[0, 1, 0, 0\] .* is missing"):
        protect_pairs(broken)
    with pytest.raises(ValueError, match=r"counts: entry \[0, 1, 0, 0\] .* is no whole number"):
        protect_pairs(counts + 0.5)
