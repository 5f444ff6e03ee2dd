"""Releases attacked by linear programmes: one by its totals, two by their difference."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from inroads.methods.disclosure import Protected, audit, protect
from inroads.methods.disclosure.secondary import standing_alone

SUPPRESSED = "suppressed"


def naive(counts):
    """Primary suppression and rounding only, with totals of the rounded true cells."""
    table = np.asarray(counts)
    figures = (table + 2) // 5 * 5
    for axis in range(table.ndim):
        figures = np.concatenate([figures, figures.sum(axis=axis, keepdims=True)], axis=axis)
    state = np.full(figures.shape, "value", dtype="<U10")
    state[(slice(0, -1),) * table.ndim][(table > 0) & (table <= 7)] = SUPPRESSED
    values = np.where(state == "value", figures, np.nan)
    return Protected(values, state, values, values, 7, 5, True, 5)


def witness(release, at, sign, tolerance):
    """The same attack written anew, dense and with SciPy: each line adds up within `tolerance` per published cell."""
    shape = release.values.shape
    names = np.arange(release.values.size).reshape(shape)
    bounds = [
        (max(v - tolerance, 0), v + tolerance) if s == "value" else (0, None)
        for v, s in zip(release.values.flat, release.state.flat, strict=True)
    ]
    rows = []
    for axis in range(len(shape)):
        for line in np.moveaxis(names, axis, -1).reshape(-1, shape[axis]):
            row = np.zeros(names.size)
            row[line[:-1]], row[line[-1]] = 1, -1
            rows.append(row)
    cost = np.zeros(names.size)
    cost[names[at]] = sign
    found = linprog(cost, A_eq=np.array(rows), b_eq=np.zeros(len(rows)), bounds=bounds)
    return np.inf if found.status == 3 else sign * found.fun


def worlds(shape, seed, number):
    rng = np.random.default_rng(seed)
    for _ in range(number):
        mean = rng.choice([0.3, 1, 4, 8, 20])
        yield rng.poisson(rng.gamma(1, mean, shape))


def test_without_company_the_attack_finds_what_it_should():
    found = audit(naive([[3, 20], [30, 40]]))
    assert found.exposed.tolist() == [[True, False, False], [False] * 3, [False] * 3]
    assert found.low[0, 0] == found.high[0, 0] == 5


def test_with_company_it_finds_nothing():
    found = audit(protect([[3, 20], [30, 40]]))
    assert not found.exposed.any()
    assert (found.low[0, 0], found.high[0, 0]) == (0, 25)
    assert np.isnan(found.low[2]).all()


@pytest.mark.parametrize(
    ("shape", "number"),
    [
        ((6,), 40),
        ((2, 2), 60),
        ((4, 5), 60),
        ((8, 8), 25),
        ((12, 3), 25),
        ((3, 3, 3), 25),
        ((4, 4, 4), 8),
        ((2, 3, 2, 3), 8),
    ],
)
def test_no_table_gives_a_small_count_away(shape, number):
    attacked = 0
    for counts in worlds(shape, 17, number):
        release = protect(counts)
        found = audit(release, counts=counts)
        assert not found.exposed.any(), counts.tolist()
        hidden = release.state == SUPPRESSED
        assert (found.high[hidden] - found.low[hidden] >= 2 * release.counted_as - 1e-6).all()
        attacked += hidden.sum()
    assert attacked > 50


@pytest.mark.parametrize("rule", [(5, 5), (10, 5), (7, 1), (9, 20), (4, 3)])
def test_nor_does_it_under_another_rule(rule):
    threshold, base = rule
    for counts in worlds((5, 5), 5, 12):
        assert not audit(protect(counts, threshold=threshold, base=base), counts=counts).exposed.any()


@pytest.mark.parametrize("shape", [(5, 4), (3, 2, 2)])
def test_missing_cells_help_nobody(shape):
    rng = np.random.default_rng(8)
    for counts in worlds(shape, 23, 15):
        holed = np.where(rng.random(shape) < 0.15, np.nan, counts)
        release = protect(holed)
        found = audit(release)
        assert not found.exposed.any()
        small = (holed > 0) & (holed <= 7)
        assert (found.low[(slice(0, -1),) * len(shape)][small] <= 1).all()


@pytest.mark.parametrize("shape", [(4, 4), (3, 2, 3)])
def test_the_attack_equals_another_written_anew(shape):
    for counts in worlds(shape, 4, 4):
        release = protect(counts)
        found = audit(release)
        for at in map(tuple, np.argwhere(release.state == SUPPRESSED)):
            assert found.low[at] == pytest.approx(witness(release, at, 1, 0), abs=1e-6)
            assert found.high[at] == pytest.approx(witness(release, at, -1, 0), abs=1e-6)
            assert witness(release, at, 1, 2.5) <= found.low[at] + 1e-6


def test_cycles_and_programmes_agree_on_what_is_given_away():
    """Gusfield's bridges against the linear programme, on any pattern of hidden cells with room for each to move."""
    rng, given_away = np.random.default_rng(1), 0
    for _ in range(60):
        counts = rng.integers(20, 60, (4, 5))
        release = protect(counts)
        state = np.where(rng.random(release.state.shape) < 0.3, SUPPRESSED, "value").astype("<U10")
        hidden = state == SUPPRESSED
        found = audit(replace(release, values=np.where(hidden, np.nan, release.values), state=state))
        fixed = hidden & (np.abs(found.high - found.low) < 1e-6)
        np.testing.assert_array_equal(fixed, standing_alone(hidden)[0])
        given_away += fixed.sum()
    assert given_away > 50


def test_one_person_more_shows_only_where_a_count_leaves_the_small_ones():
    """A seventh person and an eighth: the second release says what the first hid, and the attack says so."""
    before, after = np.array([[7, 20], [30, 40]]), np.array([[8, 20], [30, 40]])
    found = audit(protect(before), protect(after), moved=1, counts=before)
    assert found.exposed[0, 0]
    assert found.low[0, 0] == 7


@pytest.mark.parametrize("shape", [(3, 3), (2, 2, 2)])
def test_one_person_more_among_the_small_ones_changes_nothing(shape):
    rng, tried = np.random.default_rng(2), 0
    for counts in worlds(shape, 6, 25):
        growing = np.argwhere((counts > 0) & (counts < 7))
        if not len(growing):
            continue
        after = counts.copy()
        after[tuple(rng.choice(growing))] += 1
        one, other = protect(counts), protect(after)
        assert np.array_equal(one.state, other.state)
        np.testing.assert_array_equal(one.values, other.values)
        found = audit(one, other, moved=1, counts=counts)
        inner = found.exposed[(slice(0, -1),) * len(shape)]
        small = (counts > 0) & (counts <= 7)
        assert not inner[small].any()
        tried += 1
    assert tried > 10


def test_two_groupings_of_one_axis():
    """Grouped from the counts, 3 + 20 rounds apart from its parts; the attack weighs both tables together."""
    counts = np.array([[3, 20], [30, 40], [5, 50]])
    grouped = np.array([counts[0], counts[1] + counts[2]])
    safe = audit(protect(counts), protect(grouped), groups=[[0, 1, 1], None], counts=counts)
    assert not safe.exposed.any()
    # 1 + 18 is shown as 20, and 18 as 20: the small one is at most 4.
    fine, coarse = [1, 18, 30, 2], [19, 30, 2]
    found = audit(protect(fine, margins=False), protect(coarse, margins=False), groups=[[0, 0, 1, 2]], counts=fine)
    assert found.exposed.tolist() == [True, False, False, False]
    assert found.high[0] == 4


def test_the_truth_is_always_inside():
    rng = np.random.default_rng(12)
    for counts in worlds((4, 3), 9, 15):
        groups = rng.integers(0, 2, 4)
        grouped = np.array([counts[groups == g].sum(axis=0) for g in range(2)])
        one = protect(counts)
        found = audit(one, protect(grouped), groups=[groups, None])
        truth = counts
        for axis in range(2):
            truth = np.concatenate([truth, truth.sum(axis=axis, keepdims=True)], axis=axis)
        hidden = one.state == SUPPRESSED
        assert (found.low[hidden] <= truth[hidden]).all()
        assert (truth[hidden] <= found.high[hidden]).all()


def test_what_cannot_be_compared_is_refused():
    one, other = protect([3, 20, 30]), protect([3, 20])
    with pytest.raises(ValueError, match=r"second: has 2 categories on axis 0 where first has 3; say in groups"):
        audit(one, other)
    with pytest.raises(ValueError, match=r"groups: has 2 entries where there are 1 axes"):
        audit(one, other, groups=[[0, 1, 1], None])
    with pytest.raises(ValueError, match=r"groups\[0\]: has 2 rows where there are 3 categories"):
        audit(one, other, groups=[[0, 1]])
    with pytest.raises(ValueError, match=r"groups\[0\]: row 2 .* is 7"):
        audit(one, other, groups=[[0, 1, 7]])
    with pytest.raises(ValueError, match=r"second: has 2 axes where first has 1"):
        audit(one, protect([[3, 20]]))
    with pytest.raises(ValueError, match=r"second: contradicts the first release"):
        audit(one, protect([3, 90, 30]))
    with pytest.raises(ValueError, match=r"counts: has shape \(2,\)"):
        audit(one, counts=[1, 2])
    with pytest.raises(ValueError, match=r"moved: .*-1"):
        audit(one, one, moved=-1)


def test_a_reader_who_knows_which_cells_are_small_narrows_none_of_them():
    """Totals taken as honest within the rounding of what they are made of; small cells known to be 1 to 7."""
    tried = 0
    for counts in worlds((4, 5), 31, 10):
        release = protect(counts)
        small = np.zeros(release.values.shape, dtype=bool)
        small[:-1, :-1] = (counts > 0) & (counts <= 7)
        names = np.arange(small.size).reshape(small.shape)
        cells = zip(release.values.flat, release.state.flat, small.flat, strict=True)
        bounds = [
            (max(v - 2.5, 0), v + 2.5) if state == "value" else (1, 7) if tiny else (0, None)
            for v, state, tiny in cells
        ]
        sums = []
        for axis in range(2):
            for line in np.moveaxis(names, axis, -1).reshape(-1, small.shape[axis]):
                sums.append(np.zeros(small.size))
                sums[-1][line[:-1]], sums[-1][line[-1]] = 1, -1
        for at in names[small]:
            cost = np.eye(small.size)[at]
            low, high = (
                linprog(c, A_eq=np.array(sums), b_eq=np.zeros(len(sums)), bounds=bounds) for c in (cost, -cost)
            )
            assert low.fun <= 1 + 1e-6
            assert -high.fun >= 7 - 1e-6
            tried += 1
    assert tried > 30


def test_what_was_suppressed_stays_suppressed_so_two_dates_give_nobody_away():
    """The same table month after month, a few people coming each time: pooled, no small count is pinned."""
    rng, exposed, alone = np.random.default_rng(3), 0, 0
    for _ in range(25):
        before = rng.choice([2, 4, 7, 20, 35, 50], size=(4, 4), p=[0.2, 0.1, 0.1, 0.2, 0.2, 0.2])
        after = before.copy()
        grows = tuple(rng.integers(0, 4, 2))
        after[grows] += rng.integers(1, 8)
        first = protect(before)
        hidden = first.state == "suppressed"
        second = protect(after, previous=first)
        assert (second.state[hidden] == "suppressed").all()
        # A reader who fills the holes of one release from the other finds none to fill.
        exposed += int((hidden & (second.state == "value")).sum())
        alone += int((hidden & (protect(after).state == "value")).sum())
    assert exposed == 0
    assert alone > 0, "without the release before, some would have come to light"


def test_nobody_left_in_a_cell_is_shown_and_another_shape_is_refused():
    first = protect([[3, 20], [30, 40]])
    assert protect([[0, 20], [30, 40]], previous=first).values[0, 0] == 0
    with pytest.raises(ValueError, match=r"previous: has shape \(3, 3\) where this release has \(2, 2\)"):
        protect([[3, 20], [30, 40]], margins=False, previous=first)
