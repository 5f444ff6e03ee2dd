"""Records to counts, and what national size costs."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inroads.methods.disclosure import count, protect
from inroads.methods.disclosure.secondary import standing_alone


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 1)), max_size=40))
def test_counting_equals_the_plain_twin(records):
    plain = np.zeros((3, 4, 2), dtype=int)
    for record in records:
        plain[record] += 1
    table = np.array(records, dtype=np.int16).reshape(-1, 3)
    np.testing.assert_array_equal(count(table, (3, 4, 2)), plain)
    np.testing.assert_array_equal(count([table[:, 0], table[:, 1], table[:, 2]], (3, 4, 2)), plain)


def test_blocks_and_threads_lose_nobody():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 11, (300_001, 2))
    np.testing.assert_array_equal(
        count(codes, (11, 11)).ravel(), np.bincount(codes[:, 0] * 11 + codes[:, 1], minlength=121)
    )
    assert count(np.array([0.0, 1.0, 1.0]), (2,)).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("codes", "shape", "message"),
    [
        (np.array([[0, 1], [2, 5]]), (3, 3), r"codes: record 1, axis 1 .* is 5; give whole numbers from 0 to 2"),
        (np.array([[0, -1]]), (3, 3), r"codes: record 0, axis 1 .* is -1"),
        (np.array([[0.0, np.nan]]), (3, 3), r"codes, axis 1: row 0 .* is nan"),
        (np.array([[0, 1]]), (3,), r"codes: has 2 axes where shape has 1"),
        ([np.array([0, 1]), np.array([0])], (2, 2), r"codes: axis 1 has 1 records where axis 0 has 2"),
        (np.zeros((1, 1, 1), dtype=int), (2,), r"codes: expected one row per record"),
        (np.array([[0]]), (), r"shape: has no axis"),
        (np.array([[0]]), (0,), r"shape\[0\]: expected a whole number of 1 or more, found 0"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_one_sentence(codes, shape, message):
    with pytest.raises(ValueError, match=message):
        count(codes, shape)


def seconds(function):
    start = time.process_time()
    result = function()
    return result, time.process_time() - start


def test_a_million_records_of_all_england_are_counted_and_protected_fast():
    rng, shape = np.random.default_rng(0), (33_755, 36)
    codes = [rng.integers(0, size, 1_000_000, dtype=np.int32) for size in shape]
    count([codes[0][:9], codes[1][:9]], shape)
    protect([[3, 20], [30, 40]])
    counts, taken = seconds(lambda: count(codes, shape))
    assert taken < 0.3
    assert counts.sum() == 1_000_000
    counts *= 9
    counts -= rng.integers(0, 4, shape) * (counts > 0)
    release, taken = seconds(lambda: protect(counts))
    assert taken < 6
    hidden = release.state == "suppressed"
    assert not standing_alone(hidden)[0].any()
    small = (counts > 0) & (counts <= 7)
    assert hidden[:-1, :-1][small].all()
    assert release.state[-1, -1] == "value"


def test_tables_beyond_all_bounds_are_refused_and_other_byte_orders_read():
    with pytest.raises(ValueError, match="shape: 18,446,744,073,709,551,616 cells are more than can be held"):
        count(np.full((4, 8), 3, np.uint8), (256,) * 8)
    assert count([np.array([0, 1, 1], dtype=">i4")], (2,)).tolist() == [1, 2]
