"""People in both of two groups: bounds that always hold, and are reached."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inroads.methods.needs.joint import joint_bounds

SHARES = st.floats(0, 1)


def test_a_worked_example():
    # Of 1,000 people, 20 % are in one group; 90 % or 10 % in the other.
    found = joint_bounds(0.2, [0.9, 0.1], 1000)
    np.testing.assert_allclose(found.independent, [180, 20])
    np.testing.assert_allclose(found.low, [100, 0], atol=1e-9)
    np.testing.assert_allclose(found.high, [200, 100])


@given(SHARES, SHARES, st.floats(0, 1e9))
def test_independence_lies_within_the_bounds_and_the_order_of_groups_does_not_matter(p, q, n):
    found, turned = joint_bounds(p, q, n), joint_bounds(q, p, n)
    assert 0 <= found.low <= found.independent <= found.high <= n
    assert (found.low, found.high) == (turned.low, turned.high)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_bounds_hold_in_every_population_and_are_its_most_extreme_arrangements(people):
    """The slow plain twin: people are listed and counted, as they are and sorted to overlap least and most."""
    n, one, other = len(people), sorted(a for a, _ in people), sorted(b for _, b in people)
    found = joint_bounds(sum(one) / n, sum(other) / n, n)
    both = sum(a and b for a, b in people)
    assert found.low - 1e-9 <= both <= found.high + 1e-9
    assert found.high == pytest.approx(sum(a and b for a, b in zip(one, other, strict=True)), abs=1e-9)
    assert found.low == pytest.approx(sum(a and b for a, b in zip(one, other[::-1], strict=True)), abs=1e-9)


def test_shapes_go_together_and_nobody_gives_nobody():
    assert joint_bounds([0.1, 0.2, 0.3], 0.5, [10, 20, 0]).independent.tolist() == pytest.approx([0.5, 2, 0])
    assert joint_bounds(np.full((3, 2), 0.5), [0.1, 0.9], 10).low.shape == (3, 2)
    assert joint_bounds([], [], []).high.shape == (0,)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((1.2, 0.5, 10), "p: .* 1.2; give a share from 0 to 1"),
        ((0.2, [0.5, -0.1], 10), "q: row 1 .* -0.1"),
        ((0.2, [0.5, np.nan], 10), "q: row 1 .* nan"),
        ((0.2, 0.5, -1), "n: .* -1; give a number of people of 0 or more"),
        (([0.1, 0.2], [0.1, 0.2, 0.3], 10), r"p, q and n: have shapes \(2,\), \(3,\) and \(\)"),
        (("some", 0.5, 1), "p: expected a share"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(given, words):
    with pytest.raises(ValueError, match=words):
        joint_bounds(*given)
