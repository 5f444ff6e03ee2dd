"""Slope and relative index: published inputs, plain twins, properties, and how often limits cover."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from inroads.methods import threads as threads_module
from inroads.methods.inequality.slope import se_from_limits, slope_index
from inroads.methods.inequality.slope_kernels import transformed_lines

NAN = np.nan
PARTS = ("sii", "sii_low", "sii_high", "rii", "rii_low", "rii_high")

# The example of the manual page of phe_sii (package PHEindicatormethods): life expectancy of two areas by decile.
PEOPLE = [
    [7291, 7997, 6105, 7666, 5790, 6934, 5918, 5974, 7147, 7534],
    [21675, 20065, 19750, 24713, 20112, 19618, 22408, 19752, 18939, 19312],
]
YEARS = [
    [75.9, 78.3, 83.8, 83.6, 80.5, 81.1, 81.7, 84.2, 80.6, 86.3],
    [70.5, 71.6, 72.5, 73.5, 73.1, 76.2, 78.7, 80.6, 80.9, 80],
]
ERRORS = [
    [1.64, 1.58, 1.51, 1.78, 1.7, 1.56, 1.37, 1.4, 2.43, 1.57],
    [0.23, 0.26, 0.3, 0.16, 0.79, 0.78, 0.4, 0.28, 0.23, 0.35],
]

# Its example data by quintile: directly standardised rates of 2010 with their 95 % limits.
RATE_PEOPLE = [1434002, 1450590, 1453827, 1440980, 1457780]
RATES = [150.2200205, 131.0221747, 127.4954973, 130.494241, 135.4664241]
RATE_LOW = [147.3194185, 128.3676972, 125.0421198, 128.2469515, 133.2469515]
RATE_HIGH = [153.1498241, 133.7051129, 129.975513, 132.7657553, 137.8657553]

# Its example data by decile: children measured and with excess weight, England, 2006/07, year 6.
MEASURED = np.array([34353, 32112, 27715, 25372, 23889, 23260, 23180, 24193, 23609, 24488])
COUNTED = np.array([7287, 6881, 5656, 4868, 4176, 3876, 3617, 3546, 3314, 2960])


def all_parts(found):
    return np.array([getattr(found, part) for part in PARTS])


def weights_of(people):
    shares = np.asarray(people, dtype=float) / np.sum(people)
    return shares, np.cumsum(shares) - shares / 2


def plain_line(value, people):
    """The published form: value * sqrt(a) on sqrt(a) and b * sqrt(a), without a constant."""
    a, b = weights_of(people)
    design = np.column_stack([np.sqrt(a), b * np.sqrt(a)])
    return np.linalg.lstsq(design, np.asarray(value) * np.sqrt(a), rcond=None)[0]


def plain_simulation(value, people, se, transform, draws, seed, *, inverse=False, confidence=0.95):
    """Limits by drawing every quantile, one line at a time."""
    forward, back = {
        "log": (np.log, np.exp),
        "logit": (lambda p: np.log(p / (1 - p)), lambda x: 1 / (1 + np.exp(-x))),
        None: (np.asarray, np.asarray),
    }[transform]
    normals = np.random.default_rng(seed).standard_normal((len(value), draws))
    slopes, ratios = [], []
    for draw in range(draws):
        intercept, slope = plain_line(back(forward(np.asarray(value)) + np.asarray(se) * normals[:, draw]), people)
        slopes.append(slope)
        ratios.append(intercept / (intercept + slope) if inverse else (intercept + slope) / intercept)
    low, high = round(draws * (1 - confidence) / 2) - 1, round(draws * (1 + confidence) / 2) - 1
    return [np.sort(part)[place] for part in (slopes, ratios) for place in (low, high)]


def test_life_expectancy_of_two_areas():
    # Worked out in R with lm() on the published form, and 400,000 draws for the limits.
    found = slope_index(YEARS, PEOPLE, ERRORS, rng=1)
    assert found.sii.tolist() == pytest.approx([7.0002348, 12.6227386], abs=1e-6)
    assert found.rii.tolist() == pytest.approx([1.0897097, 1.1820343], abs=1e-6)
    assert [found.sii_low[0], found.sii_high[0]] == pytest.approx([3.15138, 10.84216], abs=0.01)
    assert [found.sii_low[1], found.sii_high[1]] == pytest.approx([12.01351, 13.23507], abs=0.003)
    assert [found.rii_low[0], found.rii_high[0]] == pytest.approx([1.039449, 1.142372], abs=2e-4)
    assert [found.rii_low[1], found.rii_high[1]] == pytest.approx([1.172559, 1.191623], abs=5e-5)
    for area in range(2):
        intercept, slope = plain_line(YEARS[area], PEOPLE[area])
        assert [found.sii[area], found.rii[area]] == pytest.approx([slope, (intercept + slope) / intercept])


def test_rates_by_quintile():
    # R: lm() on the published form, 400,000 draws of the logarithms.
    se = se_from_limits(RATE_LOW, RATE_HIGH, transform="log")
    found = slope_index(RATES, RATE_PEOPLE, se, transform="log", rng=1)
    assert [found.sii, found.rii] == pytest.approx([-14.84868258, 0.89567579])
    assert [found.sii_low, found.sii_high] == pytest.approx([-18.96652, -10.75330], abs=0.06)
    assert [found.rii_low, found.rii_high] == pytest.approx([0.868834, 0.923233], abs=4e-4)


def test_proportions_by_decile_with_a_negative_multiplier():
    # R: lm() on the published form, 400,000 draws of the logits, times -100.
    from inroads.methods.inequality.rates import proportion

    shares = proportion(COUNTED, MEASURED)
    # The published limits: 20.7830 to 21.6476 % in the first decile, 11.6852 to 12.5018 % in the last.
    assert 100 * shares.low[[0, -1]] == pytest.approx([20.7830499225555, 11.6852009907382])
    assert 100 * shares.high[[0, -1]] == pytest.approx([21.6476300812899, 12.5017980504761])
    se = se_from_limits(shares.low, shares.high, transform="logit")
    found = slope_index(shares.value, MEASURED, se, transform="logit", multiplier=-100, rng=1)
    assert [found.sii, found.rii] == pytest.approx([10.7200323, 1.8747603])
    assert [found.sii_low, found.sii_high] == pytest.approx([10.21863, 11.22068], abs=0.008)
    assert [found.rii_low, found.rii_high] == pytest.approx([1.817618, 1.933959], abs=1e-3)


@pytest.mark.parametrize("transform", ["log", "logit"])
@pytest.mark.parametrize("inverse", [False, True])
def test_simulated_limits_equal_the_plain_twin(transform, inverse):
    value, people, se = [0.31, 0.22, 0.25, 0.12], [900, 1100, 700, 1500], [0.1, 0.15, 0.08, 0.2]
    found = slope_index(value, people, se, transform=transform, draws=1000, rng=5, multiplier=-1 if inverse else 1)
    low, high, ratio_low, ratio_high = plain_simulation(value, people, se, transform, 1000, 5, inverse=inverse)
    if inverse:
        low, high = -high, -low
    assert [found.sii_low, found.sii_high] == pytest.approx([low, high], rel=1e-9)
    assert [found.rii_low, found.rii_high] == pytest.approx([ratio_low, ratio_high], rel=1e-9)


@pytest.mark.parametrize("inverse", [False, True])
def test_limits_without_transform_are_those_draws_tend_to(inverse):
    value, people, se = [9.0, 8.0, 6.0, 7.0, 4.0], [900, 1100, 700, 1500, 800], [0.9, 0.4, 0.7, 0.5, 0.6]
    found = slope_index(value, people, se, rng=0, multiplier=-1 if inverse else 1)
    low, high, ratio_low, ratio_high = plain_simulation(value, people, se, None, 20_000, 3, inverse=inverse)
    if inverse:
        low, high = -high, -low
    assert [found.sii_low, found.sii_high] == pytest.approx([low, high], abs=0.06)
    assert [found.rii_low, found.rii_high] == pytest.approx([ratio_low, ratio_high], rel=0.02)


@pytest.mark.parametrize("transform", ["log", "logit"])
def test_lines_through_transformed_values_equal_the_plain_twin(transform):
    value, people, se = np.array([0.31, 0.22, 0.25, 0.12]), [900, 1100, 700, 1500], np.array([0.1, 0.15, 0.08, 0.2])
    forward, back = {
        "log": (np.log, np.exp),
        "logit": (lambda p: np.log(p / (1 - p)), lambda x: 1 / (1 + np.exp(-x))),
    }[transform]
    found = slope_index(value, people, se, transform=transform, fit="transformed", rng=5)
    intercept, slope = plain_line(forward(value), people)
    assert [found.sii, found.rii] == pytest.approx(
        [back(intercept + slope) - back(intercept), back(intercept + slope) / back(intercept)]
    )
    normals = np.random.default_rng(1).standard_normal((20_000, 4))
    lines = np.array([plain_line(forward(value) + se * row, people) for row in normals])
    ends = back(lines[:, 0]), back(lines.sum(axis=1))
    expected = [np.quantile(part, q) for part in (ends[1] - ends[0], ends[1] / ends[0]) for q in (0.025, 0.975)]
    assert [found.sii_low, found.sii_high, found.rii_low, found.rii_high] == pytest.approx(expected, rel=0.04)


def test_weights_by_precision_are_those_of_a_weighted_regression():
    for transform, spread in ((None, ERRORS[0]), ("log", np.array(ERRORS[0]) * YEARS[0])):
        found = slope_index(YEARS[0], PEOPLE[0], ERRORS[0], weights="precision", transform=transform, draws=1000, rng=0)
        _, rank = weights_of(PEOPLE[0])
        slope, intercept = np.polyfit(rank, YEARS[0], 1, w=1 / np.asarray(spread))
        assert [found.sii, found.rii] == pytest.approx([slope, (intercept + slope) / intercept])


def test_the_exponential_of_the_kernel_is_exact_to_a_few_units():
    points = np.concatenate([np.linspace(-700, 700, 4001), np.linspace(-1, 1, 2001), [0.0]])
    first, second = np.empty(points.size), np.empty(points.size)
    one = np.ones(1)
    transformed_lines(np.zeros(1), one, one, one, points[np.newaxis], False, first, second)
    assert np.abs(first / np.exp(points) - 1).max() < 1e-15
    transformed_lines(np.zeros(1), one, one, one, points[np.newaxis], True, first, second)
    np.testing.assert_allclose(first, 1 / (1 + np.exp(-points)), rtol=1e-15)


def world(areas, quantiles, seed):
    rng = np.random.default_rng(seed)
    people = rng.integers(500, 5000, (areas, quantiles)).astype(float)
    return rng.uniform(0.05, 0.4, (areas, quantiles)), people, rng.uniform(0.02, 0.15, (areas, quantiles))


@pytest.mark.parametrize("transform", [None, "log", "logit"])
@pytest.mark.parametrize("fit", ["value", "transformed"])
def test_equal_seeds_give_equal_results_whatever_the_processors_and_the_company(transform, fit, monkeypatch):
    value, people, se = world(7, 5, 2)
    options = {"transform": transform, "fit": fit, "draws": 1500}
    expected = all_parts(slope_index(value, people, se, rng=3, **options))
    for processors in (1, 2, 5):
        monkeypatch.setattr(threads_module, "processors", lambda count=processors: count)
        np.testing.assert_array_equal(all_parts(slope_index(value, people, se, rng=3, **options)), expected)
    generator = slope_index(value, people, se, rng=np.random.default_rng(3), **options)
    np.testing.assert_array_equal(all_parts(generator), expected)
    alone = all_parts(slope_index(value[4], people[4], se[4], rng=3, **options))
    np.testing.assert_allclose(alone, expected[:, 4], rtol=1e-14)
    if transform:
        other = all_parts(slope_index(value, people, se, rng=4, **options))
        assert not np.array_equal(other[1], expected[1])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 999), st.integers(3, 12), st.floats(-50, 50), st.floats(0.1, 20))
def test_the_slope_moves_with_the_scale_and_not_with_the_level(seed, quantiles, level, scale):
    value, people, se = world(3, quantiles, seed)
    plain = slope_index(value, people, se, rng=0)
    moved = slope_index(value * scale + level, people, se * scale, rng=0)
    for part in ("sii", "sii_low", "sii_high"):
        np.testing.assert_allclose(getattr(moved, part), getattr(plain, part) * scale, rtol=1e-7, atol=1e-9)
    scaled = slope_index(value * scale, people * 3, se * scale, rng=0)
    np.testing.assert_allclose(scaled.rii_high, plain.rii_high, rtol=1e-9)
    flipped = slope_index(value, people, se, multiplier=-scale, rng=0)
    np.testing.assert_allclose(flipped.sii_low, -scale * plain.sii_high)
    np.testing.assert_allclose(flipped.rii, 1 / plain.rii)
    reverse = slope_index(value[:, ::-1], people[:, ::-1], se[:, ::-1], rng=0)
    np.testing.assert_allclose(reverse.sii, -plain.sii, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(reverse.rii, 1 / plain.rii, rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 999), st.integers(3, 12), st.sampled_from([None, "log", "logit"]))
def test_limits_hold_the_figure_and_a_straight_line_is_found(seed, quantiles, transform):
    value, people, se = world(2, quantiles, seed)
    found = slope_index(value, people, se, transform=transform, draws=1000, rng=seed)
    assert ((found.sii_low < found.sii) & (found.sii < found.sii_high)).all()
    known = ~np.isnan(found.rii_low)
    assert ((found.rii_low < found.rii) & (found.rii < found.rii_high))[known].all()
    _, rank = weights_of(people[0])
    straight = slope_index(0.3 - 0.2 * rank, people[0], se[0], transform=transform, draws=1000, rng=seed)
    assert [straight.sii, straight.rii] == pytest.approx([-0.2, 1 / 3])


def test_where_it_cannot_speak_it_says_so():
    value = np.tile([9.0, 7.0, 5.0, 4.0], (7, 1))
    people, se = np.full((7, 4), 100.0), np.full((7, 4), 0.2)
    value[1, 2], people[2, 0], people[3, 1], se[4, 3], se[5, 0] = NAN, NAN, 0, NAN, 0
    value[6] = [0.1, 3, 6, 9.0]
    found = slope_index(value, people, se, rng=0)
    assert [note[:30] for note in found.note] == [
        "",
        "value or population missing in",
        "value or population missing in",
        "a quantile with a population o",
        "standard error missing in at l",
        "a standard error of 0: no limi",
        "the level at one end is at or ",
    ]
    np.testing.assert_array_equal(np.isnan(found.sii), [False, True, True, True, False, False, False])
    np.testing.assert_array_equal(np.isnan(found.sii_low), [False, True, True, True, True, True, False])
    np.testing.assert_array_equal(np.isnan(found.rii), [False, True, True, True, False, False, True])
    np.testing.assert_array_equal(np.isnan(found.rii_low), [False, True, True, True, True, True, True])
    precise = slope_index(value, people, se, weights="precision", rng=0)
    assert np.isnan(precise.sii[[4, 5]]).all()


@pytest.mark.parametrize(("transform", "wrong"), [("log", 0.0), ("log", -1.0), ("logit", 0.0), ("logit", 1.0)])
def test_values_without_a_transform_give_nothing_for_their_area_alone(transform, wrong):
    value, people, se = world(3, 5, 8)
    value[1, 4] = wrong
    found = slope_index(value, people, se, transform=transform, draws=1000, rng=0)
    assert found.note.tolist() == ["", f"a value that has no {transform}", ""]
    assert np.isnan(all_parts(found)).all(axis=0).tolist() == [False, True, False]


def test_two_quantiles_are_too_few():
    found = slope_index([1.0, 2.0], [1, 1], [0.1, 0.1], rng=0)
    assert found.note == "fewer than 3 quantiles"
    assert np.isnan(all_parts(found)).all()


def test_a_ratio_to_almost_nothing_has_no_limits_but_a_slope_has():
    value, people, se = [0.02, 0.1, 0.2, 0.3], [1, 1, 1, 1], [0.05, 0.05, 0.05, 0.05]
    for transform, errors in ((None, se), ("log", [1.0, 0.5, 0.5, 0.5])):
        found = slope_index(value, people, errors, transform=transform, rng=0)
        assert found.sii_low < found.sii < found.sii_high
        assert np.isnan(found.rii_low)
        assert "no ratio" in str(found.note)


def covered(found, sii, rii):
    return (
        ((found.sii_low <= sii) & (sii <= found.sii_high)).mean(),
        ((found.rii_low <= rii) & (rii <= found.rii_high)).mean(),
    )


def test_limits_cover_in_worlds_with_known_truth():
    # 4,000 areas of 10 deciles each: measured values with normal error, counted events, counted shares.
    # Measured, slope and ratio: 94.6 and 94.6 %, 95.1 and 95.1 %, 94.7 and 94.7 %.
    rng = np.random.default_rng(11)
    people = rng.integers(2000, 6000, (4000, 10)).astype(float)
    rank = np.cumsum(people, axis=1) - people / 2
    rank /= people.sum(axis=1, keepdims=True)
    se = rng.uniform(0.5, 2.0, people.shape)
    years = slope_index(75 + 7 * rank + se * rng.standard_normal(people.shape), people, se, rng=1)
    events = rng.poisson(people * (0.020 - 0.012 * rank))
    rates = slope_index(events / people, people, 1 / np.sqrt(events), transform="log", draws=2000, rng=1)
    shares = rng.binomial(people.astype(int), 0.25 - 0.15 * rank) / people
    error = 1 / np.sqrt(people * shares * (1 - shares))
    parts = slope_index(shares, people, error, transform="logit", draws=2000, rng=1)
    results = {
        "years": covered(years, 7.0, 82 / 75),
        "rates": covered(rates, -0.012, 0.4),
        "shares": covered(parts, -0.15, 0.4),
    }
    for world_name, (of_slope, of_ratio) in results.items():
        assert 0.935 < of_slope < 0.965, (world_name, results)
        assert 0.935 < of_ratio < 0.965, (world_name, results)


def test_standard_errors_out_of_limits():
    z = stats.norm.ppf(0.975)
    assert se_from_limits(2.0, 6.0) == pytest.approx(2 / z)
    assert se_from_limits([1.0], [np.e], transform="log") == pytest.approx([0.5 / z])
    assert se_from_limits(0.5, 0.75, transform="logit", confidence=0.9) == pytest.approx(
        np.log(3) / 2 / stats.norm.ppf(0.95)
    )
    assert np.isnan(se_from_limits([0.0, NAN], [0.3, 0.4], transform="logit")).all()


def test_all_authorities_of_england_are_fast():
    value, people, se = world(317, 10, 0)
    slope_index(value[:1], people[:1], se[:1], transform="logit", rng=1)
    start = time.process_time()
    slope_index(value, people, se, transform="logit", rng=1)
    assert time.process_time() - start < 4  # measured: 0.8


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value": [[[1.0]]]}, r"value: .*shape \(1, 1, 1\)"),
        ({"population": [1, 2]}, r"population: has shape \(2,\) where value has \(3,\)"),
        ({"population": [1, -2, 3]}, "population: row 1 .* is -2"),
        ({"se": [0.1, -0.1, 0.1]}, "se: row 1 .* is -0.1"),
        ({"se": [[0.1, 0.1, 0.1]]}, r"se: has shape \(1, 3\)"),
        ({"value": [0.1, np.inf, 0.3]}, "value: row 1 .* is inf"),
        ({"transform": "sqrt"}, "transform: .*'sqrt'"),
        ({"value": [12.0, 30.0, 40.0], "transform": "logit"}, "value: row 0, column 0 .*divide percentages"),
        ({"multiplier": 0}, "multiplier: "),
        ({"confidence": 95}, "confidence: "),
        ({"draws": 999}, "draws: .* found 999"),
        ({"rng": None}, "rng: "),
        ({"weights": "se"}, "weights: "),
        ({"fit": "log"}, "fit: "),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    arguments = {"value": [0.1, 0.2, 0.3], "population": [1, 2, 3], "se": [0.1, 0.1, 0.1], "rng": 0, **changed}
    with pytest.raises(ValueError, match=words):
        slope_index(arguments.pop("value"), arguments.pop("population"), arguments.pop("se"), **arguments)


def test_limits_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"low: .* above its upper limit"):
        se_from_limits([1.0, 3.0], [2.0, 2.0])
    with pytest.raises(ValueError, match="high: has shape"):
        se_from_limits([1.0], [2.0, 2.0])
    with pytest.raises(ValueError, match="transform: "):
        se_from_limits(1.0, 2.0, transform="sqrt")
