"""The picture from one column of conversations: a published example, a slow plain twin, properties, refusals."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.picture import revise
from inroads.methods.picture.fitting import fitted
from inroads.methods.picture.likelihoods import Alike
from inroads.methods.picture.prior import APART, concentrations, vague

NAN = np.nan
FIELDS = ("mean", "low", "high", "evidence", "concentration", "prior", "sd", "hidden")

# Tarone (1982): tumours in 70 historical control groups of laboratory rats, as found / asked.
TUMOURS = """
0/20 0/20 0/20 0/20 0/20 0/20 0/20 0/19 0/19 0/19 0/19 0/18 0/18 0/17 1/20 1/20 1/20 1/20 1/19 1/19 1/18 1/18 3/27
2/25 2/24 2/23 2/20 2/20 2/20 2/20 2/20 2/20 1/10 5/49 2/19 5/46 2/17 7/49 7/47 3/20 3/20 2/13 9/48 10/50 4/20 4/20
4/20 4/20 4/20 4/20 4/20 10/48 4/19 4/19 4/19 5/22 11/46 12/49 5/20 5/20 6/23 5/19 6/22 6/20 6/20 6/20 16/52 15/46
15/47 9/24
"""
FOUND, ASKED = np.array([pair.split("/") for pair in TUMOURS.split()], dtype=float).T
# Their maximum likelihood prior, as published: Beta(2.304768, 14.079707).
PUBLISHED_MEAN, PUBLISHED_CONCENTRATION = 2.304768 / (2.304768 + 14.079707), 2.304768 + 14.079707


def world(seed, zones=60, concentration=20.0, asked=15):
    rng = np.random.default_rng(seed)
    risk = rng.beta(4, 8, zones) * 0.8 + 0.05
    truth = rng.beta(concentration * risk, concentration * (1 - risk))
    people = rng.poisson(asked, zones)
    return risk, truth, people, rng.binomial(people, truth)


def test_the_published_prior_is_where_the_marginal_likelihood_is_highest():
    likelihood, ones = Alike(ASKED, FOUND), np.ones(ASKED.size)

    def evidence(mean, concentration):
        return likelihood.log_evidence(np.full((ASKED.size, 1), concentration), mean * ones).sum()

    best = evidence(PUBLISHED_MEAN, PUBLISHED_CONCENTRATION)
    for near in (0.999, 1.001):
        assert evidence(PUBLISHED_MEAN * near, PUBLISHED_CONCENTRATION) < best
        assert evidence(PUBLISHED_MEAN, PUBLISHED_CONCENTRATION * near) < best
    slope = evidence(PUBLISHED_MEAN, PUBLISHED_CONCENTRATION + 1e-3)
    slope -= evidence(PUBLISHED_MEAN, PUBLISHED_CONCENTRATION - 1e-3)
    assert abs(slope / 2e-3) < 1e-4


def test_a_new_group_is_drawn_to_the_published_prior():
    asked, found = np.append(ASKED, 14), np.append(FOUND, 4)
    picture = revise(np.full(71, PUBLISHED_MEAN), asked, found)
    # 4 of 14 under Beta(2.304768, 14.079707): (2.304768 + 4) / (16.384475 + 14) = 0.2075
    assert picture.mean[-1] == pytest.approx(0.2075, abs=0.006)
    assert picture.concentration[:-1].mean() == pytest.approx(PUBLISHED_CONCENTRATION, rel=0.15)
    np.testing.assert_array_equal(picture.prior, np.full(71, PUBLISHED_MEAN))
    # An index that says the wrong thing throughout is moved to where the groups are.
    moved = revise(np.full(71, 0.4), asked, found)
    assert moved.prior[0] == pytest.approx(PUBLISHED_MEAN, abs=0.015)
    assert any("contradict" in note for note in moved.notes)


def test_mean_is_the_weighing_of_risk_and_answers_that_is_documented():
    risk, _, asked, found = world(3)
    picture = revise(risk, asked, found)
    strength = picture.concentration
    assert picture.mean == pytest.approx((strength * picture.prior + found) / (strength + asked), abs=1e-12)
    assert picture.evidence == pytest.approx(asked / (asked + strength), abs=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_picture_equals_the_slow_plain_twin(seed):
    risk, _, asked, found = world(seed, zones=30)
    picture = revise(risk, asked, found, calibrate=False)
    rows = (asked[:, np.newaxis], found[:, np.newaxis], np.zeros(1))
    all_of_them = np.zeros(30, dtype=np.int64)
    fit = fitted(Alike(asked, found), risk, rows=rows, group=all_of_them, groups=1, calibrate=False)
    # Everything added up on plain grids of concentrations and shares, without a closed form.
    strengths, shares = np.exp(np.linspace(np.log(0.3), np.log(5000), 300)), (np.arange(3000) + 0.5) / 3000
    log_share, log_rest = np.log(shares), np.log1p(-shares)

    def added_up(zone, strength):
        yes, no = strength * risk[zone], strength * (1 - risk[zone])
        logs = (yes - 1) * log_share + (no - 1) * log_rest
        prior = np.exp(logs - logs.max())
        prior /= prior.sum()
        joint = prior * shares ** found[zone] * (1 - shares) ** (asked[zone] - found[zone])
        return joint.sum(), (joint * shares).sum(), (joint * shares**2).sum()

    sums = np.array([[added_up(zone, strength) for strength in strengths] for zone in range(30)])
    alone = np.array([added_up(zone, APART) for zone in range(30)])
    mixed = (1 - fit.apart) * sums[..., 0] + fit.apart * alone[:, :1]
    weights = np.exp(np.log(mixed).sum(axis=0) + vague(np.log(strengths)))
    weights /= weights.sum()
    nodes, three, _ = concentrations(
        Alike(asked, found), risk, group=all_of_them, count=1, log_prior=vague, apart=fit.apart
    )
    assert (three[0] * np.log(nodes[0])).sum() == pytest.approx((weights * np.log(strengths)).sum(), abs=0.03)
    for zone in range(30):
        each = (1 - fit.apart) * sums[zone] + fit.apart * alone[zone]
        first, second = (weights * each[:, 1] / each[:, 0]).sum(), (weights * each[:, 2] / each[:, 0]).sum()
        assert picture.mean[zone] == pytest.approx(first, abs=0.006)
        assert picture.sd[zone] == pytest.approx(np.sqrt(second - first**2), rel=0.06)


def test_the_interval_is_that_of_the_posterior_and_holds_less_where_less_is_asked_of_it():
    from scipy.stats import beta

    risk, _, asked, found = world(5)
    picture = revise(risk, asked, found, interval=0.8)
    strength = picture.mean * (1 - picture.mean) / picture.sd**2 - 1
    curve = beta(strength * picture.mean, strength * (1 - picture.mean))
    assert picture.low == pytest.approx(curve.ppf(0.1), abs=1e-9)
    assert picture.high == pytest.approx(curve.ppf(0.9), abs=1e-9)
    wider = revise(risk, asked, found, interval=0.95)
    assert (wider.low < picture.low).all()
    assert (wider.high > picture.high).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 25), st.integers(0, 10_000), st.booleans(), st.sampled_from([0, 1, 4, 30]))
def test_a_picture_lies_where_it_can(zones, seed, calibrate, asked):
    risk, _, people, found = world(seed, zones=zones, asked=asked)
    picture = revise(risk, people, found, calibrate=calibrate)
    for field in ("mean", "low", "high", "evidence", "prior"):
        assert ((getattr(picture, field) >= 0) & (getattr(picture, field) <= 1)).all()
    assert ((picture.low <= picture.mean) & (picture.mean <= picture.high)).all()
    raw = np.divide(found, people, out=picture.prior.copy(), where=people > 0)
    assert (picture.mean >= np.minimum(raw, picture.prior) - 1e-12).all()
    assert (picture.mean <= np.maximum(raw, picture.prior) + 1e-12).all()
    assert (picture.evidence[people == 0] == 0).all()
    assert (picture.mean[people == 0] == picture.prior[people == 0]).all()
    assert (picture.label == np.where(people > 0, "mixed", "risk")).all()
    if not calibrate:
        np.testing.assert_array_equal(picture.prior, risk)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 40), st.integers(0, 10_000), st.booleans())
def test_the_order_of_neighbourhoods_does_not_matter(zones, seed, grouped):
    risk, _, asked, found = world(seed, zones=zones)
    rng = np.random.default_rng(seed)
    order, groups = rng.permutation(zones), rng.integers(0, 3, zones)
    straight = revise(risk, asked, found, groups=groups if grouped else None)
    shuffled = revise(risk[order], asked[order], found[order], groups=groups[order] if grouped else None)
    for field in FIELDS:
        one, other = getattr(straight, field)[order], getattr(shuffled, field)
        np.testing.assert_allclose(other, one, rtol=1e-6, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 30), st.integers(0, 10_000))
def test_conversations_without_named_channels_add_up(zones, seed):
    risk, _, asked, found = world(seed, zones=zones)
    first = np.random.default_rng(seed).hypergeometric(found, asked - found, asked // 3)
    split = (np.column_stack([asked // 3, asked - asked // 3]), np.column_stack([first, found - first]))
    one, other = revise(risk, asked, found), revise(risk, *split)
    for field in FIELDS:
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field))


def test_more_conversations_that_say_the_same_narrow_the_interval():
    risk, _, asked, found = world(8)
    asked, found = asked.astype(float), found.astype(float)
    place = int(np.argmin(np.abs(risk - 0.4)))
    widths = []
    for people in (0, 5, 20, 80, 320):
        asked[place], found[place] = people, 0.4 * people
        picture = revise(risk, asked, found)
        widths.append(picture.high[place] - picture.low[place])
    assert (np.diff(widths) < 0).all()


def test_nobody_asked_is_the_risk_picture():
    risk = np.array([0.1, 0.5, 0.9])
    for nobody in (np.zeros(3), np.full(3, NAN)):
        picture = revise(risk, nobody, nobody)
        np.testing.assert_array_equal(picture.mean, risk)
        assert picture.label.tolist() == ["risk"] * 3
        assert (picture.evidence == 0).all()
        assert (picture.high - picture.low > 0.1).all()
        assert "Nobody was asked" in picture.notes[-1]


def test_missing_is_not_zero():
    risk, _, asked, found = world(4)
    asked, found, risk = asked.astype(float), found.astype(float), risk.copy()
    asked[:3] = [0, NAN, 12]
    found[:3] = [0, NAN, NAN]
    risk[3] = NAN
    asked[4], found[4] = 12, 0
    picture = revise(risk, asked, found)
    np.testing.assert_array_equal(picture.mean[:3], picture.prior[:3])
    assert picture.label[:5].tolist() == ["risk", "risk", "risk", "missing", "mixed"]
    assert picture.mean[4] < picture.prior[4]
    for field in ("mean", "low", "high", "evidence", "concentration", "sd"):
        assert np.isnan(getattr(picture, field)).nonzero()[0].tolist() == [3]
    assert "1 neighbourhoods that have no risk figure" in picture.notes[0]
    rest = np.arange(risk.size) != 3
    np.testing.assert_allclose(picture.mean[rest], revise(risk[rest], asked[rest], found[rest]).mean, rtol=1e-12)


def test_risk_of_0_or_1_is_revised_and_no_neighbourhoods_give_an_empty_picture():
    picture = revise([0.0, 1.0, 0.3], [20, 20, 20], [20, 0, 6])
    assert picture.mean[0] > 0.2
    assert picture.mean[1] < 0.8
    empty = revise([], [], [])
    assert empty.mean.shape == empty.label.shape == (0,)


def test_a_neighbourhood_that_the_index_gets_wrong_is_heard_more():
    risk, _, asked, found = world(6, zones=200, concentration=60, asked=20)
    asked[0], found[0], risk[0] = 20, 18, 0.2
    picture = revise(risk, asked, found)
    others = np.abs(asked - 20) < 3
    assert picture.concentration[0] < 0.3 * np.median(picture.concentration[others])
    assert picture.mean[0] > 0.7
    assert picture.low[0] > 0.2


def test_concentration_is_that_of_the_group_and_a_group_with_few_keeps_that_of_all():
    rng = np.random.default_rng(2)
    groups = np.array(["close"] * 150 + ["far"] * 150 + ["silent"] * 3)
    risk = rng.beta(4, 8, 303) * 0.8 + 0.05
    strength = np.where(groups == "close", 100.0, 6.0)
    truth = rng.beta(strength * risk, strength * (1 - risk))
    asked = np.where(groups == "silent", 0, rng.poisson(30, 303))
    picture = revise(risk, asked, rng.binomial(asked, truth), groups=groups)
    close, far, silent = (np.median(picture.concentration[groups == name]) for name in ("close", "far", "silent"))
    assert 40 < close < 200
    assert 4 < far < 9
    assert far < silent < close
    assert any("in: silent" in note for note in picture.notes)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"risk": [0.2, 1.2, 0.3]}, r"risk: row 1 .* is 1.2; give a share of people from 0 to 1"),
        ({"risk": [[0.2, 0.3, 0.4]]}, r"risk: expected one row"),
        ({"asked": [10, -1, 10]}, r"asked: row 1 .* is -1; give a number of people"),
        ({"asked": [10, 10]}, r"asked: has 2 rows where there are 3 neighbourhoods"),
        ({"asked": ["a", 1, 2]}, r"asked: expected a number of people"),
        ({"found": [1, 2, 11]}, r"found: row 2 .* is 11 where 10 were asked; give at most"),
        ({"found": [1, 2, np.inf]}, r"found: row 2"),
        ({"asked": [10, NAN, 10]}, r"found: row 1 .* counts people where asked is NaN"),
        ({"found": [[1, 2], [1, 2], [1, 2]]}, r"found: has shape \(3, 2\) where asked has \(3, 1\)"),
        ({"groups": ["a", "b"]}, r"groups: has 2 rows"),
        ({"groups": ["a", None, "b"]}, r"groups: row 1 .* has no group"),
        ({"groups": [1.0, 2.0, NAN]}, r"groups: row 2 .* has no group"),
        ({"interval": 90}, r"interval: expected a share"),
        ({"least_non_digital": 0}, r"least_non_digital: "),
        ({"digital": ("web",)}, r"digital: .* give channels too"),
        ({"channels": ("web", "phone")}, r"channels: has 2 names where asked has 1"),
        ({"channels": ("web",), "digital": ("app",)}, r"digital: 'app' is not one of channels"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(changed, words):
    arguments = {"risk": [0.2, 0.3, 0.4], "asked": [10, 10, 10], "found": [1, 2, 3], **changed}
    with pytest.raises(ValueError, match=words) as caught:
        revise(**arguments)
    assert "\n" not in str(caught.value)


def test_all_of_england_is_fast():
    risk, _, asked, found = world(1, zones=33_755)
    groups = np.arange(33_755) % 317
    for options, limit in (({}, 1.0), ({"groups": groups}, 2.0)):
        start = time.process_time()
        revise(risk, asked, found, **options)
        assert time.process_time() - start < limit
