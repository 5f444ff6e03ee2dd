"""Protected tables: the rule cell by cell, totals, and the promise that no small count shows in a release."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inroads.methods.disclosure import protect
from inroads.methods.disclosure.secondary import standing_alone

NAN = np.nan
COUNTS = st.one_of(st.integers(0, 9), st.sampled_from([0, 0, 11, 12, 13, 20, 47, 300]))
SHAPES = st.one_of(
    st.tuples(st.integers(1, 8)),
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
    st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 4)),
)
TABLES = SHAPES.flatmap(lambda shape: arrays.arrays(np.int64, shape, elements=COUNTS))


def inner(table):
    return table[(slice(0, -1),) * table.ndim]


def with_totals(table):
    for axis in range(table.ndim):
        table = np.concatenate([table, table.sum(axis=axis, keepdims=True)], axis=axis)
    return table


def same(one, other):
    figures = all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in ("values", "low", "high")
    )
    return figures and np.array_equal(one.state, other.state)


def test_the_rule_of_hospital_statistics():
    """NHS Digital since September 2018: 0 is shown, 1 to 7 are hidden, the rest is rounded to the nearest 5."""
    counts = [0, 1, 7, 8, 12, 13, 22, 23, 1002]
    found = protect(counts, margins=False)
    np.testing.assert_array_equal(found.values, [0, NAN, NAN, 10, 10, 15, 20, 25, 1000])
    assert found.state.tolist() == ["value", "suppressed", "suppressed", *["value"] * 6]


def test_a_single_small_count_takes_company_in_its_row_and_column():
    found = protect([[3, 20], [30, 40]])
    np.testing.assert_array_equal(found.values, [[NAN, NAN, 25], [NAN, NAN, 70], [35, 60, 95]])
    assert (found.threshold, found.base, found.margins, found.counted_as) == (7, 5, True, 5)


def test_where_all_others_are_zero_the_totals_are_the_company():
    found = protect([[3, 0, 0], [0, 20, 30], [0, 11, 9]])
    np.testing.assert_array_equal(found.values[0, 1:3], [0, 0])
    assert found.state[0, 3] == found.state[3, 0] == "suppressed"
    assert not standing_alone(found.state == "suppressed")[0].any()


def test_a_cycle_of_six_needs_no_more_as_in_gusfield():
    """Three rows and three columns with two hidden cells each: a cycle, so sums fix none of them."""
    counts = [[3, 4, 50, 60], [70, 5, 2, 80], [6, 90, 4, 30], [40, 50, 60, 70]]
    found = protect(counts)
    assert (found.state == "suppressed").sum() == 6


def test_seven_cells_of_one_person_each():
    """Were the total hidden only where it is small, hiding it would say that each of the seven is 1."""
    assert same(protect([1] * 7 + [0]), protect([7] * 7 + [0]))
    assert protect([1] * 7 + [0]).state[-1] == "suppressed"
    assert protect([1] * 8).values[-1] == 40  # eight small counts are above 7 in any case


def test_missing_suppressed_and_zero_are_three_things():
    found = protect([[NAN, 3, 0], [20, 30, 0]])
    missing = np.array([[1, 0, 0, 1], [0, 0, 0, 0], [1, 0, 0, 1]], dtype=bool)
    np.testing.assert_array_equal(found.state == "missing", missing)
    assert found.state[0, 1] == "suppressed"
    assert set(found.state[[0, 1, 2], 2]) == {"value"}
    assert found.values[0, 2] == found.values[2, 2] == 0
    assert np.isnan(found.values[found.state != "value"]).all()


@settings(max_examples=150, deadline=None)
@given(TABLES, st.sampled_from([(7, 5), (5, 5), (10, 5), (4, 3), (2, 1), (0, 5), (7, 1), (9, 20)]), st.randoms())
def test_every_table_keeps_the_rule(counts, rule, random):
    threshold, base = rule
    found, plain = (
        protect(counts, threshold=threshold, base=base),
        protect(counts, threshold=threshold, base=base, margins=False),
    )
    small = (counts > 0) & (counts <= threshold)
    hidden, shown = found.state == "suppressed", found.state == "value"
    assert found.values.shape == tuple(n + 1 for n in counts.shape)
    assert plain.values.shape == counts.shape
    assert np.array_equal(plain.state == "suppressed", small)
    assert (inner(hidden) >= small).all()
    assert np.isnan(found.values[hidden]).all()
    assert (found.values[shown] % base == 0).all()
    np.testing.assert_array_equal(inner(found.values)[counts == 0], 0)
    # Totals that are small are hidden too, and nobody reads a total of 1 to threshold that is none.
    truth = with_totals(counts)
    assert hidden[(truth > 0) & (truth <= threshold)].all()
    assert (
        np.abs(inner(found.values)[inner(shown)] - counts[inner(shown)]) <= max(base / 2, base - 1 - threshold)
    ).all()
    # Every line that is shown in full adds up exactly.
    for axis in range(counts.ndim):
        lines = np.moveaxis(found.values, axis, -1)
        full = ~np.isnan(lines).any(axis=-1)
        np.testing.assert_array_equal(lines[..., :-1].sum(axis=-1)[full], lines[..., -1][full])
        alone = (~np.moveaxis(shown, axis, -1)).sum(axis=-1) == 1
        assert not alone.any()
    # The promise: other small counts, the same release.
    if small.any():
        other = counts.copy()
        other[small] = [random.randint(1, threshold) for _ in range(small.sum())]
        assert same(protect(other, threshold=threshold, base=base), found)


def test_every_small_count_takes_every_value_among_all_tables_with_the_same_release():
    """The plain twin: all 8 ** 4 tables of these counts, sorted by what is released of them."""
    values = [0, 1, 2, 3, 8, 9, 12, 13]
    seen: dict = {}
    for cells in product(values, repeat=4):
        found = protect(np.reshape(cells, (2, 2)), threshold=3, base=5)
        seen.setdefault((found.values.tobytes(), found.state.tobytes()), []).append(cells)
    checked = 0
    for tables in seen.values():
        known = np.array(tables)
        for cell in range(4):
            small = known[:, cell][(known[:, cell] > 0) & (known[:, cell] <= 3)]
            if small.size:
                assert set(small) == {1, 2, 3}
                checked += 1
    assert checked > 100


def test_a_reordered_table_is_protected_alike_in_what_must_be_hidden():
    counts = np.random.default_rng(3).poisson(8, (6, 5))
    one, other = protect(counts), protect(counts[::-1])
    must = (counts > 0) & (counts <= 7)
    assert (inner(one.state)[must] == "suppressed").all()
    assert (inner(other.state)[::-1][must] == "suppressed").all()


@pytest.mark.parametrize(
    ("counts", "options", "message"),
    [
        ([[1, -2]], {}, r"counts: row 0, column 1 .* is -2; give a number of people from 0"),
        ([1, 2.5], {}, r"counts: row 1 .* is 2.5; give whole numbers of people, or NaN where missing"),
        ([np.inf], {}, r"counts: row 0 .* is inf"),
        (["a"], {}, r"counts: expected a number of people"),
        (5, {}, r"counts: expected"),
        ([1], {"threshold": -1}, r"threshold: expected a whole number of 0 or more, found -1"),
        ([1], {"threshold": 2.5}, r"threshold: expected a whole number"),
        ([1], {"base": 0}, r"base: expected a whole number of 1 or more, found 0"),
        ([1], {"margins": "yes"}, r"margins: expected True or False, found 'yes'"),
    ],
)
def test_what_cannot_be_protected_is_refused_in_one_sentence(counts, options, message):
    with pytest.raises(ValueError, match=message):
        protect(counts, **options)


def test_empty_tables_have_empty_totals():
    assert protect(np.empty((0, 2))).values.tolist() == [[0, 0, 0]]
    assert protect([]).values.tolist() == [0]


@given(TABLES, st.sampled_from([(7, 5), (5, 10), (1, 10), (0, 5), (9, 3)]))
def test_the_count_behind_a_cell_lies_between_low_and_high(counts, rule):
    threshold, base = rule
    found = protect(counts, threshold=threshold, base=base)
    cells, shown = inner(found.state) == "value", found.state == "value"
    assert ((inner(found.low) <= counts) & (counts <= inner(found.high)))[cells].all()
    assert ((found.low <= found.values) & (found.values <= found.high))[shown].all()
    assert np.isnan(found.low[~shown]).all()
    assert np.isnan(found.high[~shown]).all()


def test_true_totals_lie_between_low_and_high_where_many_counts_are_small():
    rng, inside, shown = np.random.default_rng(0), 0, 0
    for people in (0.3, 2, 8, 30):
        for shape in ((6,), (8, 5), (40, 12), (5, 4, 3)):
            for _ in range(20):
                counts = rng.poisson(rng.gamma(2, people / 2, shape))
                found = protect(counts)
                known = found.state == "value"
                truth = with_totals(counts)
                inside += ((found.low <= truth) & (truth <= found.high))[known].sum()
                shown += known.sum()
    assert inside / shown > 0.999  # measured in 60 tables of each kind: 0.99999
