"""Every measure on the list meets the same battery, by what it declares of itself."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.inequality import measure, measures

CODES = list(measures())
WHO = {
    *("d", "r", "aci", "rci", "sii", "rii", "bgv", "bgsd", "covar", "mdmu", "mdmw", "mdbu", "mdbw", "mdru", "mdrw"),
    *("idisu", "idisw", "ti", "mld", "parisk", "paf"),
}
ESTIMATE = [31.0, 44.0, 40.5, 62.0, 58.0, 71.0]
PEOPLE = [1200.0, 800.0, 950.0, 400.0, 1500.0, 700.0]
SE = [2.0, 1.5, 3.0, 2.5, 1.0, 2.0]
ORDER = [1, 2, 3, 4, 5, 6]

some_groups = st.lists(
    st.tuples(st.floats(1, 99), st.integers(1, 5000), st.floats(0.1, 5)), min_size=2, max_size=9
).map(lambda rows: tuple(np.array(column, float) for column in zip(*rows, strict=True)))


def options(code, count, *, ordered=None):
    """What `code` needs for `count` groups; with order also where it only may have one, if `ordered`."""
    declared = measures()[code]
    asked = {}
    if declared.ordered or ordered:
        asked["order"] = np.arange(1, count + 1)
    if declared.reference:
        asked["reference"] = count - 1
    return asked


def value(code, estimate, people, **extra):
    found = measure(code, estimate, people, **{**options(code, len(estimate)), **extra})
    return found.value


def same(one, other, **tolerance):
    assert one == pytest.approx(other, nan_ok=True, **{"rel": 1e-9, "abs": 1e-9, **tolerance})


def test_the_list_is_that_of_the_who():
    assert set(CODES) == WHO
    for code, declared in measures().items():
        assert declared.code == code
        assert declared.name
    with pytest.raises(TypeError):
        measures()["mine"] = measures()["d"]


@pytest.mark.parametrize("code", CODES)
@settings(max_examples=25)
@given(world=some_groups, favourable=st.booleans())
def test_bounds_and_interval(code, world, favourable):
    estimate, people, se = world
    declared = measures()[code]
    found = measure(code, estimate, people, se=se, favourable=favourable, rng=3, draws=100, **options(code, len(se)))
    if math.isnan(found.value):
        assert code == "rii"  # a straight line may fall to 0 at one end
        assert "line" in found.note
        return
    if declared.low is not None:
        assert found.value >= declared.low
    if declared.high is not None:
        assert found.value <= declared.high
    if declared.one_sided:
        assert found.value >= 0 if favourable else found.value <= 0
    if math.isnan(found.low):
        assert "no interval" in found.note
        return
    assert found.low <= found.value <= found.high
    assert found.se >= 0
    if declared.low is not None:
        assert found.low >= declared.low
    if declared.one_sided:
        assert found.low >= 0 if favourable else found.high <= 0


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("favourable", [True, False])
@pytest.mark.parametrize("ordered", [True, False])
def test_the_order_of_rows_does_not_matter(code, favourable, ordered):
    asked = options(code, 6, ordered=ordered)
    straight = measure(code, ESTIMATE, PEOPLE, se=SE, favourable=favourable, **asked)
    rows = np.array([4, 2, 0, 5, 1, 3])
    if "order" in asked:
        asked["order"] = asked["order"][rows]
    if "reference" in asked:
        asked["reference"] = int(np.flatnonzero(rows == 5)[0])
    turned = measure(
        code, np.take(ESTIMATE, rows), np.take(PEOPLE, rows), se=np.take(SE, rows), favourable=favourable, **asked
    )
    for field in ("value", "se", "low", "high"):
        same(getattr(turned, field), getattr(straight, field))
    assert turned.note == straight.note


@pytest.mark.parametrize("code", CODES)
@settings(max_examples=25)
@given(world=some_groups, row=st.integers(0, 8))
def test_weights_equal_repetition(code, world, row):
    """A group split in two with its estimate and half its people changes a weighted measure by nothing."""
    declared = measures()[code]
    if not declared.weighted:
        return
    estimate, people, _ = world
    row %= estimate.size
    asked = options(code, estimate.size)
    more = dict(asked)
    if "order" in asked:
        more["order"] = np.append(asked["order"], asked["order"][row])
    halves = np.append(people, people[row] / 2)
    halves[row] /= 2
    same(
        measure(code, np.append(estimate, estimate[row]), halves, **more).value,
        measure(code, estimate, people, **asked).value,
    )


@pytest.mark.parametrize("code", [c for c in CODES if not measures()[c].weighted])
def test_an_unweighted_measure_is_changed_by_people_at_most_through_the_mean(code):
    others = [90.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    if measures()[code].population:
        assert value(code, ESTIMATE, PEOPLE) != pytest.approx(value(code, ESTIMATE, others))
    else:
        same(value(code, ESTIMATE, PEOPLE), value(code, ESTIMATE, others))
        same(value(code, ESTIMATE, PEOPLE), value(code, ESTIMATE, None))


@pytest.mark.parametrize("code", CODES)
@settings(max_examples=25)
@given(world=some_groups, times=st.floats(0.01, 50), favourable=st.booleans())
def test_scale(code, world, times, favourable):
    estimate, people, _ = world
    asked = {"favourable": favourable, "scale": None}
    power = {"invariant": 0, "proportional": 1, "squared": 2}[measures()[code].under_scale]
    same(
        value(code, times * estimate, people, **asked), times**power * value(code, estimate, people, **asked), abs=1e-6
    )


@pytest.mark.parametrize("code", CODES)
@settings(max_examples=25)
@given(world=some_groups, shift=st.floats(0, 100), favourable=st.booleans())
def test_shift(code, world, shift, favourable):
    estimate, people, _ = world
    asked = {"favourable": favourable, "scale": None}
    if measures()[code].under_shift == "invariant":
        same(value(code, estimate + shift, people, **asked), value(code, estimate, people, **asked), abs=1e-7)
    else:
        one, other = value(code, [20.0, 30.0, 60.0], [1, 2, 3]), value(code, [30.0, 40.0, 70.0], [1, 2, 3])
        assert one != pytest.approx(other, rel=1e-3)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("level", [0.3, 41.7, 100.0])
@pytest.mark.parametrize("favourable", [True, False])
@pytest.mark.parametrize("ordered", [True, False])
def test_equal_groups_give_no_inequality(code, level, favourable, ordered):
    asked = options(code, 6, ordered=ordered)
    found = measure(code, [level] * 6, PEOPLE, se=SE, favourable=favourable, rng=1, **asked)
    same(found.value, measures()[code].equal, abs=1e-6)
    assert found.low - 1e-6 <= measures()[code].equal <= found.high + 1e-6


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("scale", [1, 100, 1000])
def test_units(code, scale):
    """Percent and thousandths do not hang on what the estimates count in; the others are in the indicator's unit."""
    found, base = value(code, np.array(ESTIMATE) / 100 * scale, PEOPLE, scale=scale), value(code, ESTIMATE, PEOPLE)
    unit = measures()[code].unit
    same(found, base * {"indicator": scale / 100, "indicator squared": (scale / 100) ** 2}.get(unit, 1))


@pytest.mark.parametrize("code", CODES)
def test_no_group_or_one_group_has_no_value_and_says_so(code):
    none = measure(code, [], [], **({"reference": 0} if measures()[code].reference else {}), **only_order(code, 0))
    one = measure(code, [50.0], [10], se=[2.0], rng=1, **options(code, 1))
    most = measure(code, [np.nan, np.nan, 50.0], [10, 10, 10], **options(code, 3))
    for found, words in ((none, "no group to compare"), (one, "only 1 group"), (most, "2 of 3 groups left out")):
        assert np.isnan([found.value, found.se, found.low, found.high]).all()
        assert words in found.note
        assert f"{code} has no value" in found.note


def only_order(code, count):
    return {"order": np.arange(1, count + 1)} if measures()[code].ordered else {}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("ordered", [True, False])
def test_a_missing_estimate_leaves_its_group_out_and_is_no_zero(code, ordered):
    asked = options(code, 6, ordered=ordered)
    gap = np.array(ESTIMATE)
    gap[1] = np.nan
    found = measure(code, gap, PEOPLE, se=SE, rng=2, **asked)
    rows = [0, 2, 3, 4, 5]
    if "order" in asked:
        asked["order"] = asked["order"][rows]
    if "reference" in asked:
        asked["reference"] -= 1
    without = measure(code, np.take(ESTIMATE, rows), np.take(PEOPLE, rows), se=np.take(SE, rows), rng=2, **asked)
    assert (found.value, found.se, found.low, found.high) == (without.value, without.se, without.low, without.high)
    assert found.note.startswith("1 of 6 groups left out: no estimate")
    zero = np.array(ESTIMATE)
    zero[1] = 0.0
    other = measure(code, zero, PEOPLE, **options(code, 6, ordered=ordered)).value
    assert math.isnan(other) or other != pytest.approx(found.value) or (ordered and code in {"d", "r"})


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("extreme", [0.5, 99.0])
def test_a_group_without_people_counts_nothing_where_people_count(code, ordered, extreme):
    declared = measures()[code]
    asked = options(code, 7, ordered=ordered)
    rows = [0, 1, 2, 3, 4, 6]
    less = dict(asked)
    if "order" in asked:
        less["order"] = asked["order"][rows]
    if "reference" in asked:
        less["reference"] = 5
    estimate, people = np.insert(ESTIMATE, 5, extreme), np.insert(PEOPLE, 5, 0.0)
    found, without = measure(code, estimate, people, **asked), measure(code, ESTIMATE, PEOPLE, **less)
    if declared.weighted:
        same(found.value, without.value)
    else:
        assert np.isfinite(found.value)


@pytest.mark.parametrize("code", CODES)
def test_nobody_at_all(code):
    found = measure(code, ESTIMATE, [0] * 6, **options(code, 6))
    if measures()[code].population:
        assert math.isnan(found.value)
        assert "people in it" in found.note
    else:
        same(found.value, value(code, ESTIMATE, PEOPLE))


@pytest.mark.parametrize("code", CODES)
def test_without_errors_there_is_a_value_and_no_interval_and_the_note_says_why(code):
    found = measure(code, ESTIMATE, PEOPLE, rng=1, **options(code, 6))
    assert np.isfinite(found.value)
    assert np.isnan([found.se, found.low, found.high]).all()
    assert "standard errors" in found.note
    holes = np.array(SE)
    holes[[0, 2, 5]] = np.nan
    part = measure(code, ESTIMATE, PEOPLE, se=holes, rng=1, **options(code, 6))
    assert np.isnan([part.se, part.low, part.high]).all()
    assert "a group has no standard error" in part.note


@pytest.mark.parametrize("code", CODES)
def test_without_random_numbers_what_is_simulated_has_no_limits_and_says_so(code):
    assert math.isfinite(measure(code, ESTIMATE, PEOPLE, se=SE, **options(code, 6)).low), "a seed is set beforehand"
    found = measure(code, ESTIMATE, PEOPLE, se=SE, rng=None, **options(code, 6))
    assert math.isnan(found.low) == measures()[code].simulated
    assert ("no rng was given" in found.note) == measures()[code].simulated


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("mean", [0.0])
def test_a_mean_of_0_cannot_be_divided_by(code, mean):
    found = measure(code, [mean] * 4, [1, 2, 3, 4], se=[1.0] * 4, rng=0, **options(code, 4))
    if measures()[code].positive:
        assert math.isnan(found.value)
        assert "no value" in found.note
    else:
        same(found.value, 0.0)


@pytest.mark.parametrize("code", CODES)
def test_errors_of_0_give_the_value_alone(code):
    found = measure(code, ESTIMATE, PEOPLE, se=[0.0] * 6, rng=0, **options(code, 6))
    same(found.se, 0.0)
    same(found.low, found.value)
    same(found.high, found.value)


@pytest.mark.parametrize("code", CODES)
def test_wider_confidence_wider_interval_and_equal_seeds_equal_results(code):
    def run(**changed):
        return measure(code, ESTIMATE, PEOPLE, se=SE, **{"rng": 5, **options(code, 6), **changed})

    narrow, wide = run(confidence=0.8), run(confidence=0.99)
    assert wide.low <= narrow.low <= narrow.high <= wide.high
    assert wide.high - wide.low > narrow.high - narrow.low
    again = run(confidence=0.8, rng=np.random.default_rng(5))
    assert (again.low, again.high) == (narrow.low, narrow.high)
    if measures()[code].simulated:
        assert run(confidence=0.8, rng=6).high != narrow.high
