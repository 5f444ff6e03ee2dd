"""Estimates and their standard errors: R's figures, a slow plain twin, and samples from a population that is known."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.weighting import estimate, rake

NAN = np.nan


@pytest.fixture(scope="module")
def survey():
    """600 people by formula, the same as in R: `i <- 0:599`, `u <- sin(12.9898 * (i + 1)) * 43758.5453`, …"""
    i = np.arange(600)
    u, v = np.sin(12.9898 * (i + 1)) * 43758.5453, np.sin(78.233 * (i + 1)) * 12543.789
    u, v = u - np.floor(u), v - np.floor(v)
    age, tenure, cluster, x = (i * 7 + i // 11) % 3, np.floor(u * 4).astype(int), i % 60, 1.0 + i % 4
    return {
        "categories": np.column_stack([age, tenure]),
        "margins": [[500, 700, 800], [900, 500, 400, 200]],
        "area": (i * i + i // 5) % 6,
        "design": {"strata": cluster % 5, "clusters": cluster},
        "w": 1 + (i % 5) / 2,
        "share": (v < 0.2 + 0.15 * age + 0.08 * tenure).astype(float),
        "y": 2 * x + 3 * v + age,
        "x": x,
        "cluster": cluster,
    }


def values_of(survey, statistic):
    return {"mean": survey["share"], "total": survey["y"], "ratio": np.column_stack([survey["y"], survey["x"]])}[
        statistic
    ]


# R 4.2.2, survey 4.1.1: des <- svydesign(~cluster, strata = ~stratum, weights = ~w, data = d, nest = TRUE)
# r <- calibrate(des, ~factor(age) + factor(tenure), c(2000, 700, 800, 500, 400, 200), calfun = "raking",
#                epsilon = 1e-12, maxit = 200)
# svymean(~share, des); svytotal(~y, des); svyratio(~y, ~x, des); the same of r
IN_R = {
    ("mean", False): (0.445833333333, 0.0224043984679),
    ("total", False): (8904.42307451, 371.278741841),
    ("ratio", False): (2.96814102484, 0.0686210879293),
    ("mean", True): (0.442204411614, 0.023813507289),
    ("total", True): (15367.2934671, 641.041894666),
    ("ratio", True): (3.05263576247, 0.0733424078435),
}

# svyby(~share, ~area, des, svymean); svyby(~y, ~area, des, svytotal); the same of r
BY_AREA_IN_R = {
    ("mean", False): (
        [0.505, 0.35, 0.355, 0.453846153846, 0.4625, 0.55],
        [0.053500212404, 0.0412861411922, 0.0430274753659, 0.0353783450505, 0.0497017025157, 0.0866025403784],
    ),
    ("total", False): (
        [1470.219172011, 901.806556142, 1520.977780899, 1932.814619383, 2353.769045655, 724.835900422],
        [423.7769327, 218.153379382, 317.552535981, 405.930159634, 497.930329711, 329.152984385],
    ),
    ("mean", True): (
        [0.565991571505, 0.311579247967, 0.346027780621, 0.465999998014, 0.426550388353, 0.577990239202],
        [0.0439265717894, 0.0635760431023, 0.0568767958228, 0.035735632064, 0.0452086537957, 0.1185096781533],
    ),
    ("total", True): (
        [2516.30367884, 1789.81790303, 2623.75942044, 3439.74658459, 3836.70853593, 1160.95734428],
        [747.122736790, 420.485794673, 543.536155440, 804.069003317, 839.084678507, 554.934649027],
    ),
}


@pytest.mark.parametrize(("statistic", "with_raking"), IN_R)
def test_estimates_and_errors_are_those_of_r(survey, statistic, with_raking):
    raked = rake(survey["w"], survey["categories"], survey["margins"], tolerance=1e-12) if with_raking else None
    found = estimate(values_of(survey, statistic), survey["w"], raked=raked, statistic=statistic, **survey["design"])
    assert (found.value, found.se) == pytest.approx(IN_R[statistic, with_raking], rel=1e-8)
    assert found.degrees == 55
    assert isinstance(found.value, float)


@pytest.mark.parametrize(("statistic", "with_raking"), BY_AREA_IN_R)
def test_estimates_by_area_are_those_of_r(survey, statistic, with_raking):
    raked = rake(survey["w"], survey["categories"], survey["margins"], tolerance=1e-12) if with_raking else None
    options = {"raked": raked, "statistic": statistic, **survey["design"]}
    found = estimate(values_of(survey, statistic), survey["w"], domain=survey["area"], **options)
    expected = BY_AREA_IN_R[statistic, with_raking]
    np.testing.assert_allclose(found.value, expected[0], rtol=1e-7)
    np.testing.assert_allclose(found.se, expected[1], rtol=1e-7)
    for area in range(6):
        alone = estimate(values_of(survey, statistic), survey["w"], domain=survey["area"] == area, **options)
        for part in ("value", "se", "low", "high", "effective_n", "replies", "degrees"):
            assert getattr(alone, part) == pytest.approx(getattr(found, part)[area], rel=1e-9), part


def test_equal_weights_raked_are_those_of_rake_in_r(survey):
    """f <- rake(svydesign(~1, weights = ~one, data = d), list(~age, ~tenure), …); svymean; svyby; svyratio."""
    raked = rake(np.ones(600), survey["categories"], survey["margins"])
    found = estimate(survey["share"], raked.weights, raked=raked)
    assert (found.value, found.se) == pytest.approx((0.435222450946, 0.0243090745438), rel=1e-8)
    found = estimate(survey["share"], raked.weights, raked=raked, domain=survey["area"])
    expected = [0.0577161209277, 0.0634130161164, 0.0545065818182, 0.0570073207316, 0.0515955599874, 0.0889861870103]
    np.testing.assert_allclose(found.se, expected, rtol=1e-7)
    found = estimate(values_of(survey, "ratio"), raked.weights, raked=raked, statistic="ratio")
    assert (found.value, found.se) == pytest.approx((3.06130258379, 0.0295733901893), rel=1e-8)


def test_a_stratum_with_one_unit_counts_as_in_r_and_is_said(survey):
    """options(survey.lonely.psu = "adjust")"""
    strata = np.where(survey["cluster"] == 0, 99, survey["cluster"] % 5)
    found = estimate(survey["share"], survey["w"], strata=strata, clusters=survey["cluster"])
    assert found.se == pytest.approx(0.0223894507779, rel=1e-9)
    assert "1 of 6 strata" in found.note


def plain_variance(z, strata, clusters):
    """Σ over strata of n / (n - 1) Σ (u - mean u)², from the definition."""
    variance = 0.0
    for stratum in set(strata):
        units = sorted({c for s, c in zip(strata, clusters, strict=True) if s == stratum})
        sums = [
            sum(value for value, s, c in zip(z, strata, clusters, strict=True) if (s, c) == (stratum, u)) for u in units
        ]
        mean = sum(sums) / len(sums)
        variance += len(sums) / (len(sums) - 1) * sum((u - mean) ** 2 for u in sums)
    return variance


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_errors_equal_the_plain_twin(seed):
    rng = np.random.default_rng(seed)
    n = 40
    strata, clusters = np.arange(n) % 3, rng.integers(0, 4, n)
    clusters[:12] = np.repeat([0, 1, 2, 3], 3)  # four units in each stratum
    y, w, categories = rng.normal(size=n), rng.uniform(0.5, 3, n), np.column_stack([np.arange(n) % 2, np.arange(n) % 5])
    margins = [np.bincount(categories[:, c], rng.permutation(w)) for c in (0, 1)]
    margins[1] *= margins[0].sum() / margins[1].sum()
    raked = rake(w, categories, margins, tolerance=1e-12)
    inside = rng.random(n) < 0.6
    found = estimate(y, w, strata=strata, clusters=clusters, raked=raked, domain=inside)
    mean = (raked.weights * y)[inside].sum() / raked.weights[inside].sum()
    z = inside * (y - mean) / raked.weights[inside].sum()
    dummies = np.column_stack([categories[:, c] == k for c, size in ((0, 2), (1, 5)) for k in range(size)]).astype(
        float
    )
    effects = np.linalg.lstsq(np.sqrt(w)[:, np.newaxis] * dummies, np.sqrt(w) * z, rcond=None)[0]
    variance = plain_variance(raked.weights * (z - dummies @ effects), strata.tolist(), clusters.tolist())
    assert found.value == pytest.approx(mean)
    assert found.se == pytest.approx(np.sqrt(variance))


def test_a_simple_random_sample_gives_the_textbook():
    y = np.random.default_rng(0).normal(10, 3, 50)
    found = estimate(y, np.full(50, 7.0))
    assert found.value == pytest.approx(y.mean())
    assert found.se == pytest.approx(y.std(ddof=1) / np.sqrt(50))
    assert found.high - found.value == pytest.approx(2.0095752371 * found.se)  # Student's t, 49 degrees of freedom
    assert found.effective_n == pytest.approx(49)  # n / (n / (n - 1))
    assert (found.degrees, found.replies, found.note) == (49, 50, "")


def test_what_the_margins_know_has_no_error(survey):
    raked = rake(survey["w"], survey["categories"], survey["margins"], tolerance=1e-12)
    found = estimate((survey["categories"][:, 0] == 2).astype(float), survey["w"], raked=raked, **survey["design"])
    assert found.value == pytest.approx(0.4)
    assert found.se < 1e-10


def test_names_and_order_do_not_matter(survey):
    options = survey["design"]
    found = estimate(survey["y"], survey["w"], domain=survey["area"], **options)
    order = np.random.default_rng(0).permutation(600)
    named = [f"sector {c}" for c in survey["cluster"][order]]
    again = estimate(
        survey["y"][order], survey["w"][order] * 5, domain=survey["area"][order], strata=options["strata"][order],
        clusters=named,
    )  # fmt: skip
    np.testing.assert_allclose(again.se, found.se)
    np.testing.assert_allclose(again.value, found.value)
    np.testing.assert_allclose(again.effective_n, found.effective_n)


def test_shares_keep_within_0_and_1_and_do_not_shrink_to_a_point():
    found = estimate([0.0] * 20 + [1.0, 0.0] * 10, np.ones(40), domain=np.repeat([0, 1], 20))
    assert found.se[0] == found.low[0] == 0
    assert 0.1 < found.high[0] < 0.25
    assert found.effective_n[0] == pytest.approx(20)
    plain = estimate([0.0] * 20, np.ones(20), interval="plain")
    assert plain.low == plain.high == 0
    assert "All values are the same in the domain" in plain.note


def test_where_nothing_can_be_said_it_is_said():
    found = estimate([1.0, 2.0, 3.0], np.ones(3), domain=[0, 0, 2])
    assert np.isnan(found.value).tolist() == [False, True, False]
    assert np.isnan(found.low).tolist() == [False, True, True]
    assert "Nobody answered in domains [1]" in found.note
    assert "in domains [2]: no interval" in found.note
    one = estimate([1.0, 2.0], [1, 1], clusters=["a", "a"])
    assert np.isnan(one.se)
    assert np.isnan(one.low)
    assert "no interval" in one.note
    raked = rake(np.ones(3), [[0, 0], [0, 0], [1, 1]], [[60, 40], [40, 60]], max_iterations=5)
    assert "do not meet their margins" in estimate([1.0, 2.0, 3.0], np.ones(3), raked=raked).note


def test_missing_answers_are_left_out_by_a_domain_only():
    found = estimate([1.0, NAN, 3.0, 5.0], np.ones(4), domain=[True, False, True, True])
    assert found.value == 3
    assert found.replies == 3
    by = estimate([1.0, NAN, 3.0, 5.0], np.ones(4), domain=[0, NAN, 0, 1])
    np.testing.assert_allclose(by.value, [2, 5])


POPULATION = 30_000


@pytest.fixture(scope="module")
def population():
    """People by age and tenure; those who answer least are most often excluded."""
    rng = np.random.default_rng(7)
    categories = np.column_stack([rng.integers(0, 4, POPULATION), rng.choice(3, POPULATION, p=[0.5, 0.3, 0.2])])
    answers = 0.02 * np.exp(-0.35 * categories[:, 0] - 0.4 * categories[:, 1])
    excluded = rng.random(POPULATION) < 0.05 + 0.12 * categories[:, 0] + 0.15 * categories[:, 1]
    return categories, answers, excluded.astype(float), rng.integers(0, 6, POPULATION)


def drawn(population, seed, repeats=400):
    categories, answers, excluded, area = population
    margins = [np.bincount(categories[:, c]) for c in (0, 1)]
    rng = np.random.default_rng(seed)
    for _ in range(repeats):
        who = np.flatnonzero(rng.random(POPULATION) < answers)
        yield excluded[who], area[who], rake(np.ones(who.size), categories[who], margins), categories[who], margins


def test_raked_intervals_cover_where_the_raw_share_is_wrong_and_fixed_weights_are_too_wide(population):
    truth, covered, raw, errors, linear, fixed = population[2].mean(), [], [], [], [], []
    for y, _, raked, _, _ in drawn(population, 1):
        found = estimate(y, raked.weights, raked=raked)
        plain = estimate(y, np.ones(y.size))
        covered.append(found.low <= truth <= found.high)
        raw.append(plain.low <= truth <= plain.high)
        errors.append(found.value - truth)
        linear.append(found.se)
        fixed.append(estimate(y, raked.weights).se)
    assert 0.93 <= np.mean(covered) <= 0.97
    assert np.mean(raw) < 0.2
    assert abs(np.mean(errors)) < 0.005
    assert np.mean(linear) == pytest.approx(np.std(errors), rel=0.08)
    assert np.mean(fixed) > 1.08 * np.mean(linear)


def test_raked_intervals_of_areas_cover(population):
    truth = np.array([population[2][population[3] == a].mean() for a in range(6)])
    covered = []
    for y, area, raked, _, _ in drawn(population, 2, repeats=250):
        found = estimate(y, raked.weights, raked=raked, domain=area)
        covered.append((found.low <= truth) & (truth <= found.high))
    assert 0.93 <= np.mean(covered) <= 0.97


def test_intervals_of_trimmed_weights_cover(population):
    truth, covered, held = population[2].mean(), [], []
    for y, _, _, categories, margins in drawn(population, 3, repeats=250):
        raked = rake(np.ones(y.size), categories, margins, trim=2.2)
        found = estimate(y, raked.weights, raked=raked)
        covered.append(found.low <= truth <= found.high)
        held.append(raked.held.mean() if raked.converged else NAN)
    assert np.nanmean(held) > 0.01
    assert 0.9 <= np.mean(covered) <= 0.98


def test_intervals_of_clustered_samples_cover():
    """60 of 600 clusters in three strata; people in a cluster are alike. Fixed at one draw of the population."""
    rng = np.random.default_rng(4)
    level = 0.3 + 0.1 * (np.arange(600) % 3) + rng.normal(0, 0.12, 600)
    members = rng.random((600, 40)) < level[:, np.newaxis]
    truth, covered, naive = members.mean(), [], []
    for _ in range(400):
        cluster = np.concatenate([rng.choice(np.arange(s, 600, 3), 20) for s in range(3)])
        y = members[cluster][:, :12].astype(float).ravel()
        options = {"strata": np.repeat(cluster % 3, 12), "clusters": np.repeat(np.arange(60), 12)}
        found, alone = estimate(y, np.ones(y.size), **options), estimate(y, np.ones(y.size))
        covered.append(found.low <= truth <= found.high)
        naive.append(alone.low <= truth <= alone.high)
    assert 0.92 <= np.mean(covered) <= 0.98
    assert np.mean(naive) < 0.9


def test_8000_people_in_18_domains_are_fast():
    rng, sizes = np.random.default_rng(1), (18, 4, 5, 5, 5)
    categories = np.column_stack([rng.integers(0, k, 8000) for k in sizes])
    margins = [np.bincount(column, rng.gamma(5, 20, 8000)) for column in categories.T]
    raked = rake(np.ones(8000), categories, [margin / margin.sum() for margin in margins])
    y = rng.random(8000).round()
    estimate(y, raked.weights, raked=raked, domain=categories[:, 0])
    start = time.process_time()
    estimate(y, raked.weights, raked=raked, domain=categories[:, 0], clusters=np.arange(8000) // 10)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"values": [1, NAN, 3]}, "values: row 1 .* is missing; give a number, or leave out"),
        ({"values": [1, 2]}, "values: has 2 rows where there are 3 weights"),
        ({"values": [[1, 2]] * 3}, "values: expected one row of numbers"),
        ({"statistic": "ratio"}, "values: expected a table"),
        ({"statistic": "ratio", "values": [[1, 2, 3]] * 3}, "values: has 3 columns; a ratio takes two"),
        ({"statistic": "median"}, "statistic: expected 'mean', 'total' or 'ratio', found 'median'"),
        ({"interval": "wide"}, "interval: "),
        ({"confidence": 95}, "confidence: "),
        ({"weights": [1, -1, 1]}, "weights: row 1"),
        ({"strata": [1, 2]}, "strata: has 2 rows"),
        ({"strata": [[1], [2], [2]]}, "strata: expected one name"),
        ({"clusters": ["a", None, "b"]}, "clusters: row 1 .* has no name"),
        ({"clusters": [1, 2, NAN]}, "clusters: row 2"),
        ({"domain": [0, 1]}, "domain: has 2 rows"),
        ({"domain": [0, 1.5, 1]}, "domain: row 1 .* 1.5"),
        ({"domain": [0, -1, 1]}, "domain: row 1"),
        ({"domain": [True, False]}, "domain: has 2 rows"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    given_ = {"values": [1, 2, 3], "weights": [1, 1, 1], **changed}
    with pytest.raises(ValueError, match=words):
        estimate(given_.pop("values"), given_.pop("weights"), **given_)


def test_weights_of_another_raking_are_refused():
    raked = rake([1, 1, 1], [[0], [1], [1]], [[400, 600]])
    with pytest.raises(ValueError, match="weights: are neither those of raked nor those it began with"):
        estimate([1, 2, 3], [1, 2, 3], raked=raked)
    with pytest.raises(ValueError, match="weights: has 2 rows where there are 3 raked weights"):
        estimate([1, 2], [1, 1], raked=raked)
