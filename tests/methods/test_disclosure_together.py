"""Several tables of the same people leave together: their combination narrows no small count."""

from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.disclosure import protect, protect_parts
from inroads.methods.disclosure.programme import Programme

NAN = np.nan
FIELDS = ("values", "state", "company", "low", "high")


def splits(people, cells):
    if cells == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in splits(people - first, cells - 1):
            yield first, *rest


def all_worlds(shape, most):
    """Every row of parts with `shape` cells and 0 to `most` people, as parts."""
    rows = []
    for people in range(most + 1):
        rows += product(*(list(splits(people, cells)) for cells in shape))
    return [np.array([row[k] for row in rows]) for k in range(len(shape))]


def small_and_big(seed, rows, sizes, scale=8):
    """Parts of `rows` rows: the first of some cells, the others of two."""
    rng = np.random.default_rng(seed)
    first = rng.poisson(rng.gamma(1, scale, (rows, sizes[0])))
    people = first.sum(axis=1)
    parts = [first]
    for cells in sizes[1:]:
        shares = rng.dirichlet(np.full(cells, 0.4), rows)
        parts.append(np.array([rng.multinomial(n, share) for n, share in zip(people, shares, strict=True)]))
    return parts


def own_ends(release, part, row):
    """What each figure of one row of a part says by itself, written anew."""
    for value, company in zip(release.values[part][row], release.company[part][row], strict=True):
        if np.isnan(value):
            yield 1, np.inf if company else release.threshold
        else:
            yield ends_of(int(value), release.threshold, release.base)


@cache
def ends_of(figure, threshold, base):
    """The least and the most count that is shown as this figure, tried one by one."""
    counts = np.arange(figure + base + 1)
    fit = np.flatnonzero(protect(counts, threshold=threshold, base=base, margins=False).values == figure)
    return fit.min(), fit.max()


def joined(programme, release, row):
    """The counts of one row as variables of a programme, held by figures and by the total they share."""
    total, names = programme.variables(1), []
    for part in range(len(release.values)):
        ends = list(own_ends(release, part, row))
        cells = programme.variables(len(ends))
        for cell, (low, high) in zip(cells, ends, strict=True):
            programme.bound(int(cell), low, high)
        programme.row(np.append(cells, total), np.append(np.ones(len(ends)), -1.0), 0.0, 0.0)
        names.append(cells)
    return names


def test_one_area_by_neighbourhood_and_two_groups():
    parts = [[[12, 30, 3, 26, 17]], [[2, 86]], [[40, 48]]]
    found = protect_parts(parts)
    np.testing.assert_array_equal(found.values[0], [[10, 30, NAN, 25, 15]])
    np.testing.assert_array_equal(found.values[1], [[NAN, NAN]])
    np.testing.assert_array_equal(found.values[2], [[40, 50]])
    assert found.company[1].tolist() == [[False, True]]
    assert (found.total_low.item(), found.total_high.item()) == (86, 94)
    assert (found.low[0][0, 2], found.high[0][0, 2]) == (1, 7)
    assert (found.low[1][0, 1], found.high[1][0, 1]) == (79, 93)


def test_where_nothing_is_small_nothing_is_hidden_and_cells_are_as_by_themselves():
    parts = [[[12, 30, 0], [0, 0, 0]], [[21, 21], [0, 0]]]
    found = protect_parts(parts)
    for part, values in zip(parts, found.values, strict=True):
        np.testing.assert_array_equal(values, protect(part, margins=False).values)
    assert found.total_low.tolist() == [36, 0]
    assert found.total_high.tolist() == [44, 0]


@pytest.mark.parametrize(("shape", "most"), [((2, 2), 44), ((3, 2), 34), ((2, 2, 2), 18), ((6, 2), 13)])
def test_published_ranges_hold_every_small_value_in_every_table(shape, most):
    """All tables of up to `most` people. Only zeros say more: a cell alone is everybody who is counted elsewhere."""
    parts = all_worlds(shape, most)
    found = protect_parts(parts)
    least_people = np.max([np.count_nonzero(part, axis=1) for part in parts], axis=0)
    tried = 0
    for part, state, low, high in zip(parts, found.state, found.low, found.high, strict=True):
        assert (low <= part).all()
        assert (part <= high).all()
        everybody = (np.count_nonzero(part, axis=1) == 1)[:, np.newaxis] & (part > 0)
        floor = np.where(everybody, np.maximum(least_people[:, np.newaxis], 1), 1)
        hidden = (state == "suppressed") & (part <= 7)
        assert (low[hidden] <= floor[hidden]).all()
        assert (high[hidden] >= 7).all()
        tried += hidden.sum()
    assert tried > 1000


@pytest.mark.parametrize(
    ("shape", "most", "rule"), [((2, 2), 44, (7, 5)), ((2, 2, 2), 22, (3, 3)), ((2, 2), 30, (4, 2))]
)
def test_even_who_knows_this_program_finds_every_value_among_tables_of_one_release(shape, most, rule):
    """Parts of two cells: among all tables with the same release, each small count takes every value."""
    threshold, base = rule
    parts = all_worlds(shape, most)
    found = protect_parts(parts, threshold=threshold, base=base)
    published = np.hstack([2 * np.nan_to_num(v, nan=-1) + c for v, c in zip(found.values, found.company, strict=True)])
    releases, which = np.unique(published, axis=0, return_inverse=True)
    which, counts = which.ravel(), np.hstack(parts)
    hidden = np.hstack([state == "suppressed" for state in found.state])
    taken = np.zeros((len(releases), counts.shape[1], most + 1), dtype=bool)
    for cell in range(counts.shape[1]):
        taken[which, cell, counts[:, cell]] = True
    least = np.max([np.count_nonzero(part, axis=1) for part in parts], axis=0)
    alone = np.hstack([np.repeat((np.count_nonzero(p, axis=1) == 1)[:, np.newaxis], p.shape[1], axis=1) for p in parts])
    # The largest tables lack those beyond `most` that look the same.
    rows = counts[:, : shape[0]].sum(axis=1) <= most - threshold - base
    for value in range(1, threshold + 1):
        told_by_zeros = alone & (least > value)[:, np.newaxis]
        asked = hidden & (counts <= threshold) & rows[:, np.newaxis] & ~told_by_zeros
        seen = taken[which, :, value]
        assert seen[asked].all(), counts[(asked & ~seen).any(axis=1)][:3]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.lists(st.integers(1, 6), min_size=1, max_size=4),
    st.sampled_from([(7, 5), (3, 3), (10, 5), (7, 1), (4, 20), (0, 5)]),
    st.sampled_from([2, 8, 25]),
)
def test_ranges_are_those_of_a_programme_and_small_counts_keep_theirs(seed, sizes, rule, scale):
    parts = small_and_big(seed, 2, sizes, scale)
    found = protect_parts(parts, threshold=rule[0], base=rule[1])
    for row in range(2):
        programme = Programme()
        names = joined(programme, found, row)
        alone = [np.count_nonzero(part[row]) == 1 for part in parts]
        for part, cells in enumerate(names):
            for cell, name in enumerate(cells):
                low, high = programme.ends(np.array([name]))
                assert found.low[part][row, cell] == pytest.approx(low)
                assert found.high[part][row, cell] == pytest.approx(high)
                if 0 < parts[part][row, cell] <= rule[0] and not alone[part]:
                    assert low <= 1 + 1e-6
                    assert high >= rule[0] - 1e-6


def test_who_knows_the_number_of_people_of_each_row_narrows_no_small_count():
    parts = small_and_big(4, 400, (5, 2, 3))
    found = protect_parts(parts)
    people = parts[0].sum(axis=1)
    tried = 0
    for row in range(400):
        for part in range(3):
            low, high = np.array(list(own_ends(found, part, row))).T
            for cell in np.flatnonzero((found.state[part][row] == "suppressed") & ~found.company[part][row]):
                others = np.arange(low.size) != cell
                assert people[row] - high[others].sum() <= 1
                assert people[row] - low[others].sum() >= 7
                tried += 1
    assert tried > 300


def test_many_rows_and_many_columns_are_protected_at_once():
    parts = small_and_big(9, 317, (1000, *[2] * 20), scale=2)
    found = protect_parts(parts)
    again = [protect_parts([part[[row]] for part in parts]) for row in (0, 100, 316)]
    for row, alone in zip((0, 100, 316), again, strict=True):
        for field in FIELDS:
            for one, other in zip(getattr(found, field), getattr(alone, field), strict=True):
                np.testing.assert_array_equal(one[row], other[0])


def test_what_is_not_the_same_people_is_refused():
    with pytest.raises(ValueError, match=r"parts: there is none"):
        protect_parts([])
    with pytest.raises(ValueError, match=r"parts\[1\]: row 1 .* adds up to 4 where parts\[0\] has 5"):
        protect_parts([[[1, 2], [2, 3]], [[3], [4]]])
    with pytest.raises(ValueError, match=r"parts\[1\]: has 1 rows where parts\[0\] has 2"):
        protect_parts([[[1, 2], [2, 3]], [[3]]])
    with pytest.raises(ValueError, match=r"parts\[0\]: row 0, column 1 .* is 2.5; give whole numbers"):
        protect_parts([[[1, 2.5]]])
    with pytest.raises(ValueError, match=r"parts\[0\]: row 0, column 1 .* is nan"):
        protect_parts([[[1, NAN]]])
    with pytest.raises(ValueError, match=r"threshold: "):
        protect_parts([[[1]]], threshold=-1)
