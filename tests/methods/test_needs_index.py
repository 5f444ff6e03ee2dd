"""The composite index: worked examples, a slow plain twin, properties, refusals."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inroads.methods.needs import composite

NAN = np.nan


def plain_composite(table, weights, direction, groups, group_weights, scale):
    """What `composite` promises, one number at a time."""
    columns = []
    for values, sign in zip(zip(*table, strict=True), direction, strict=True):
        known = [v for v in values if not math.isnan(v)]
        columns.append([_plain_score(v, known, sign, scale) for v in values])
    names = list(dict.fromkeys(groups))
    index = []
    for row in zip(*columns, strict=True):
        numerator = denominator = 0.0
        for name in names:
            members = [(row[k], weights[k]) for k, g in enumerate(groups) if g == name and weights[k] > 0]
            if members and group_weights[name] > 0:
                mean = sum(score * weight for score, weight in members) / sum(weight for _, weight in members)
                numerator += group_weights[name] * mean
                denominator += group_weights[name]
        index.append(numerator / denominator)
    return index


def _plain_score(value, known, sign, scale):
    if math.isnan(value):
        return math.nan
    if scale == "z":
        mean = sum(known) / len(known)
        deviation = math.sqrt(sum((v - mean) ** 2 for v in known) / len(known))
        return sign * (value - mean) / deviation if max(known) > min(known) else 0.0
    if scale is None:
        score = value
    elif max(known) == min(known):
        score = 5.0
    elif scale == "minmax":
        score = 10 * (value - min(known)) / (max(known) - min(known))
    else:
        below, equal = sum(v < value for v in known), sum(v == value for v in known)
        score = 10 * (below + (equal - 1) / 2) / (len(known) - 1)
    return score if sign > 0 else 10 - score


@st.composite
def tables(draw, *, most_rows=12, missing=True):
    rows, count = draw(st.integers(1, most_rows)), draw(st.integers(1, 6))
    values = st.floats(0, 10).map(lambda v: round(v, 3))
    table = draw(arrays.arrays(float, (rows, count), elements=values | st.just(NAN) if missing else values))
    weights = draw(st.lists(st.sampled_from([0, 0.5, 1, 2, 7.25]), min_size=count, max_size=count).filter(any))
    direction = draw(st.lists(st.sampled_from([1, -1]), min_size=count, max_size=count))
    groups = draw(st.lists(st.sampled_from("abc"), min_size=count, max_size=count))
    return table, weights, direction, groups


SCALES = st.sampled_from(["minmax", "rank", "z", None])


def test_a_worked_example_by_hand():
    indicators = [[10, 80], [20, 50], [30, 30]]  # percent aged 75 and over, megabits a second
    index = composite(indicators, weights=[1, 3], direction=[1, -1])
    assert index == pytest.approx([0.0, (5 + 3 * 6) / 4, 10.0])


def test_components_count_the_same_however_many_indicators_they_have():
    indicators = [[9, 9, 9, 0]]
    deprivation_and_broadband = ["deprivation"] * 3 + ["broadband"]
    options = {"weights": [1, 1, 1, 1], "direction": [1, 1, 1, 1], "scale": None}
    assert composite(indicators, **options) == pytest.approx([27 / 4])
    assert composite(indicators, **options, groups=deprivation_and_broadband) == pytest.approx([4.5])
    reweighted = composite(
        indicators, **options, groups=deprivation_and_broadband, group_weights={"broadband": 2, "deprivation": 1}
    )
    assert reweighted == pytest.approx([3.0])


def test_a_component_without_weight_is_left_out():
    index = composite(
        [[2, 8, 5]], weights=[1, 1, 0], direction=[1, 1, 1], groups=["age", "age", "broadband"], scale=None
    )
    assert index == pytest.approx([5.0])


def test_missing_is_missing_and_leaves_the_others_alone():
    with_gap = composite([[0, 1], [5, NAN], [10, 3]], weights=[1, 1], direction=[1, 1])
    assert np.isnan(with_gap[1])
    assert with_gap[[0, 2]] == pytest.approx([0, 10])


def test_an_indicator_of_weight_0_may_be_missing():
    assert composite([[4.0, NAN]], weights=[1, 0], direction=[1, 1], scale=None) == pytest.approx([4.0])


@pytest.mark.parametrize(("scale", "middle"), [("minmax", 5), ("rank", 5), ("z", 0)])
@pytest.mark.parametrize("sign", [1, -1])
def test_an_indicator_that_does_not_vary_is_put_in_the_middle(scale, middle, sign):
    constant = [[0.1], [0.1], [0.1], [NAN]]
    index = composite(constant, weights=[1], direction=[sign], scale=scale)
    assert index[:3].tolist() == [middle] * 3
    assert np.isnan(index[3])


@pytest.mark.parametrize("scale", ["minmax", "rank", "z", None])
def test_no_neighbourhoods_give_an_empty_index(scale):
    assert composite(np.empty((0, 2)), weights=[1, 1], direction=[1, -1], scale=scale).shape == (0,)


@given(tables(), SCALES)
def test_equals_the_plain_twin(case, scale):
    table, weights, direction, groups = case
    importance = {name: i + 1.0 for i, name in enumerate(dict.fromkeys(groups))}
    for name in importance:
        if not any(w for w, g in zip(weights, groups, strict=True) if g == name):
            importance[name] = 0.0
    index = composite(table, weights=weights, direction=direction, groups=groups, group_weights=importance, scale=scale)
    expected = plain_composite(table.tolist(), weights, direction, groups, importance, scale)
    np.testing.assert_allclose(index, expected, rtol=1e-9, atol=1e-9)


@given(tables(), SCALES.filter(lambda scale: scale != "z"))
def test_lies_between_0_and_10(case, scale):
    table, weights, direction, groups = case
    index = composite(table, weights=weights, direction=direction, groups=groups, scale=scale)
    known = index[~np.isnan(index)]
    assert ((known >= 0) & (known <= 10)).all()


@pytest.mark.parametrize("count", [3, 6, 11, 13])
def test_rounding_never_leaves_the_range_of_what_is_averaged(count):
    index = composite(np.full((2, count), 10.0), weights=[1] * count, direction=[1] * count, scale=None)
    assert index.tolist() == [10.0, 10.0]


@given(tables(missing=False), st.data())
def test_more_of_a_harmful_indicator_never_lowers_the_index(case, data):
    table, weights, _, groups = case
    row, column = data.draw(st.integers(0, table.shape[0] - 1)), data.draw(st.integers(0, table.shape[1] - 1))
    raised = table.copy()
    raised[row, column] += data.draw(st.floats(0, 5))
    options = {"weights": weights, "direction": [1] * len(weights), "groups": groups, "scale": None}
    before, after = composite(table, **options), composite(raised, **options)
    assert after[row] >= before[row]
    np.testing.assert_array_equal(np.delete(after, row), np.delete(before, row))


@given(tables(), SCALES, st.randoms())
def test_the_order_of_neighbourhoods_does_not_matter(case, scale, random):
    table, weights, direction, groups = case
    order = random.sample(range(len(table)), len(table))
    options = {"weights": weights, "direction": direction, "groups": groups, "scale": scale}
    shuffled, index = composite(table[order], **options), composite(table, **options)[order]
    if scale == "z":  # sums over the rows round differently in another order
        np.testing.assert_allclose(shuffled, index, atol=1e-9)
    else:
        np.testing.assert_array_equal(shuffled, index)


@given(tables(), SCALES, st.floats(1e-6, 1e6))
def test_only_proportions_of_weights_matter(case, scale, factor):
    table, weights, direction, _ = case
    index = composite(table, weights=weights, direction=direction, scale=scale)
    multiplied = composite(table, weights=np.multiply(weights, factor), direction=direction, scale=scale)
    np.testing.assert_allclose(multiplied, index, rtol=1e-9, atol=1e-9)


@given(tables(), SCALES)
def test_reversing_every_direction_mirrors_the_index(case, scale):
    table, weights, direction, groups = case
    index = composite(table, weights=weights, direction=direction, groups=groups, scale=scale)
    mirror = composite(table, weights=weights, direction=np.negative(direction), groups=groups, scale=scale)
    np.testing.assert_allclose(mirror, -index if scale == "z" else 10 - index, rtol=1e-9, atol=1e-9)


@given(tables(missing=False), st.floats(0.1, 10), st.floats(-50, 50))
def test_min_max_and_z_do_not_depend_on_units(case, factor, shift):
    table, weights, direction, _ = case
    assume((np.ptp(table, axis=0) > 0.01).all())
    for scale in ("minmax", "z"):
        index = composite(table, weights=weights, direction=direction, scale=scale)
        converted = composite(table * factor + shift, weights=weights, direction=direction, scale=scale)
        np.testing.assert_allclose(converted, index, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"indicators": [1, 2]}, r"indicators: .*shape \(2,\)"),
        ({"indicators": np.empty((3, 0)), "weights": [], "direction": []}, "indicators: .*one column per indicator"),
        ({"indicators": [[1, 2], [3, np.inf]]}, r"indicators: row 1, column 1 \(counting from 0\) is inf"),
        ({"indicators": [[1, 1e200], [3, 4]]}, "indicators: row 0, column 1"),
        ({"indicators": [["high", 2]]}, "indicators: expected a number, with NaN"),
        ({"weights": [1, 1, 1]}, r"weights: expected 2 numbers.*shape \(3,\)"),
        ({"weights": [1, -1]}, r"weights: entry 1 \(counting from 0\) is -1"),
        ({"weights": [NAN, 1]}, "weights: entry 0"),
        ({"weights": [np.inf, 1]}, "weights: entry 0"),
        ({"weights": [0, 0]}, "weights: all are 0"),
        ({"weights": ["a", "b"]}, "weights: expected a number"),
        ({"weights": [0, 0], "groups": ["a", "b"]}, "weights: nothing is left"),
        ({"direction": [1]}, "direction: expected 2 entries"),
        ({"direction": [1, 0]}, "direction: entry 1"),
        ({"direction": [1, NAN]}, "direction: entry 1"),
        ({"direction": ["up", "down"]}, "direction: expected"),
        ({"groups": ["a"]}, "groups: expected a list of 2"),
        ({"groups": "ab"}, "groups: expected a list of 2"),
        ({"group_weights": {"a": 1}}, "group_weights: give groups"),
        ({"groups": ["a", "b"], "group_weights": {"a": 1}}, "group_weights: the weight of component 'b' is missing"),
        ({"groups": ["a", "a"], "group_weights": {"a": 1, "c": 1}}, "group_weights: no indicator .* 'c'"),
        ({"groups": ["a", "b"], "group_weights": {"a": 0, "b": 0}}, "group_weights: all are 0"),
        ({"groups": ["a", "b"], "group_weights": {"a": 1, "b": -1}}, "group_weights: component 'b' has -1"),
        ({"groups": ["a", "b"], "group_weights": {"a": 1, "b": "x"}}, "group_weights: component 'b' has 'x'"),
        ({"groups": ["a", "b"], "group_weights": [1, 1]}, "group_weights: expected a weight for each component"),
        (
            {"groups": ["a", "b"], "weights": [0, 1], "group_weights": {"a": 1, "b": 1}},
            "group_weights: component 'a' has weight 1.0, but all its indicators have weight 0",
        ),
        ({"scale": "percent"}, "scale: expected .* found 'percent'"),
        ({"scale": None, "direction": [1, -1], "indicators": [[1, 2], [3, 40]]}, "indicators: row 1, column 1 .* 40"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    arguments = {"indicators": [[1, 2], [3, 4]], "weights": [1, 1], "direction": [1, 1], **changed}
    with pytest.raises(ValueError, match=words):
        composite(arguments.pop("indicators"), **arguments)


def test_a_refusal_names_the_column_the_caller_knows():
    with pytest.raises(ValueError, match="row 0, column 2"):
        composite([[1, 2, 30]], weights=[1, 0, 1], direction=[1, 1, -1], scale=None)
