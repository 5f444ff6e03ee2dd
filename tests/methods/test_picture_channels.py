"""How people were asked: labels, what digital channels hide, and the correction where their reach is known."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.picture import revise
from inroads.methods.picture.likelihoods import Alike, Reached

NAN = np.nan
NAMES = {"channels": ("web", "paper"), "digital": ("web",)}


def collected(seed, *, zones=120, people=40, web=(0.0, 0.8), paper=(0.5, 0.15)):
    """A world in which a person answers by web, else by paper, else not at all: (who is excluded, everybody else)."""
    rng = np.random.default_rng(seed)
    risk = rng.beta(5, 8, zones)
    truth = rng.beta(25 * risk, 25 * (1 - risk))
    excluded = rng.binomial(people, truth)
    counts = []
    for number, by_web, by_paper in ((excluded, web[0], paper[0]), (people - excluded, web[1], paper[1])):
        online = rng.binomial(number, by_web)
        counts.append((online, rng.binomial(number - online, by_paper / (1 - by_web))))
    found = np.column_stack(counts[0])
    return risk, truth, found + np.column_stack(counts[1]), found, {"web": web, "paper": paper}


@pytest.mark.parametrize(
    ("options", "naive_hides"),
    [
        ({}, 0.10),
        ({"paper": (0.2, 0.05)}, 0.10),
        ({"people": 15}, 0.10),
        ({"web": (0.1, 0.8)}, 0.05),
        ({"web": (0.0, 0.6), "paper": (0.5, 0.02)}, 0.02),
    ],
)
def test_where_excluded_people_answer_off_line_the_corrected_interval_holds_the_truth(options, naive_hides):
    held, corrected, naive, hidden, above = [], [], [], [], []
    for seed in range(20):
        risk, truth, asked, found, reach = collected(seed, **options)
        right = revise(risk, asked, found, **NAMES, reach=reach, interval=0.95)
        plain = revise(risk, asked, found, **NAMES, interval=0.95)
        held.append(((right.low <= truth) & (truth <= right.high)).mean())
        corrected.append((right.mean - truth).mean())
        naive.append((plain.mean - truth).mean())
        hidden.append(right.hidden.mean())
        above.append((truth.mean() - plain.mean.mean()) <= np.nanmean(plain.hidden))
    print(f"{options}: covers {np.mean(held):.3f}, off by {np.mean(corrected):+.3f}, naive {np.mean(naive):+.3f}")
    assert np.mean(held) >= 0.9
    assert abs(np.mean(corrected)) < 0.01
    assert np.mean(naive) <= -naive_hides
    assert np.mean(hidden) == pytest.approx(np.mean(corrected) - np.mean(naive), abs=1e-9)
    assert all(above)  # without reach, `hidden` is an upper end


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_digital_only_is_labelled_risk_always(seed, corrected):
    risk, _, asked, found, reach = collected(seed, zones=12, people=400, web=(0.2, 0.8))
    asked[:, 1] = found[:, 1] = 0
    picture = revise(risk, asked, found, **NAMES, reach=reach if corrected else None)
    assert picture.label.tolist() == ["risk"] * 12
    assert any("All conversations were digital" in note for note in picture.notes)
    if not corrected:
        np.testing.assert_array_equal(picture.prior, risk)
        assert np.isnan(picture.hidden).all()
    alone = revise(risk, asked[:, 0], found[:, 0], channels="web", digital="web")
    assert alone.label.tolist() == ["risk"] * 12


def test_labels_by_share_and_by_evidence():
    risk = np.full(40, 0.3)
    asked = np.tile([20, 20], (40, 1))
    found = np.random.default_rng(1).binomial(asked, 0.3)
    asked[:6], found[:6] = [[0, 0], [400, 100], [76, 24], [74, 26], [0, 1], [0, 900]], 0
    picture = revise(risk, asked, found, **NAMES)
    assert picture.label[[0, 1, 2, 4, 5]].tolist() == ["risk", "risk", "risk", "mixed", "real"]
    assert picture.label[3] == ("real" if picture.concentration[3] <= 26 else "mixed")
    assert revise(risk, asked, found, **NAMES, least_non_digital=0.15).label[1] in {"mixed", "real"}
    nothing_digital = revise(risk, asked, found, channels=("letter", "paper"), digital=())
    assert nothing_digital.label[1] == "real"
    assert (nothing_digital.hidden == 0).all()
    for options in ({}, {"channels": ("web", "paper")}):
        unknown = revise(risk, asked, found, **options)
        assert set(unknown.label) == {"risk", "mixed"}
        assert np.isnan(unknown.hidden).all()
        assert any("not known which conversations were digital" in note for note in unknown.notes)


def test_without_reach_the_picture_says_what_digital_channels_may_hide():
    risk, _, asked, found, _ = collected(3)
    picture = revise(risk, asked, found, **NAMES)
    assert any("were digital and found 0% excluded" in note for note in picture.notes)
    on_paper = revise(risk, asked[:, 1], found[:, 1])
    np.testing.assert_allclose(picture.other_channels.mean, on_paper.mean)
    told = asked[:, 1] > 0
    np.testing.assert_allclose(picture.hidden[told], (on_paper.mean - picture.mean)[told])


def test_equal_reach_changes_nothing_and_a_channel_that_cannot_reach_says_nothing():
    risk, _, asked, found, _ = collected(5)
    plain = revise(risk, asked, found, **NAMES)
    equal = revise(risk, asked, found, **NAMES, reach={"web": (0.4, 0.4), "paper": (0.1, 0.1)})
    np.testing.assert_array_equal(equal.mean, plain.mean)
    assert (equal.hidden == 0).all()
    nearly = revise(risk, asked, found, **NAMES, reach={"web": (0.4, 0.4 + 1e-9), "paper": (0.1, 0.1)})
    np.testing.assert_allclose(nearly.mean, plain.mean, atol=3e-3)
    blind = revise(risk, asked, found, **NAMES, reach=[[0, 0.8], [0.5, 0.5]])
    paper = revise(risk, asked[:, 1], found[:, 1])
    np.testing.assert_allclose(blind.mean, paper.mean, atol=1e-9)
    np.testing.assert_allclose(blind.evidence, paper.evidence, atol=1e-9)


@pytest.mark.parametrize("strength", [1.5, 12.0, 300.0])
def test_the_corrected_posterior_equals_the_slow_plain_twin(strength):
    rng = np.random.default_rng(4)
    asked = rng.integers(0, 40, (25, 2))
    found = rng.binomial(asked, 0.4)
    risk, ratios = rng.uniform(0.1, 0.8, 25), np.log([0.3, 2.5])
    likelihood = Reached(asked, found, ratios)
    column = np.full((25, 1), strength)
    evidence, (mean, variance) = likelihood.log_evidence(column, risk), likelihood.moments(column, risk)
    logits = np.linspace(-60, 30, 40_000)
    shares = 1 / (1 + np.exp(-logits))
    for zone in range(25):
        # Beta density on the logit scale, times the chance of the answers in each channel.
        logs = strength * risk[zone] * logits - strength * np.logaddexp(0, logits)
        prior = np.exp(logs)
        joint = prior.copy()
        for c in range(2):
            chance = 1 / (1 + np.exp(-logits - ratios[c]))
            joint *= chance ** found[zone, c] * (1 - chance) ** (asked[zone, c] - found[zone, c])
        centre = (joint * shares).sum() / joint.sum()
        assert mean[zone, 0] == pytest.approx(centre, abs=2e-3)
        assert variance[zone, 0] == pytest.approx((joint * (shares - centre) ** 2).sum() / joint.sum(), rel=0.02)
        assert evidence[zone, 0] == pytest.approx(np.log(joint.sum() / prior.sum()), abs=0.02)


def test_without_bias_the_two_likelihoods_agree():
    rng = np.random.default_rng(6)
    asked = rng.integers(0, 60, 40)
    found, risk = rng.binomial(asked, 0.3), rng.uniform(0.1, 0.6, 40)
    strengths = np.tile([4.0, 25.0, 900.0], (40, 1))
    plain = Alike(asked, found)
    summed = Reached(asked[:, np.newaxis], found[:, np.newaxis], np.zeros(1))
    np.testing.assert_allclose(summed.moments(strengths, risk), plain.moments(strengths, risk), rtol=0.01)
    np.testing.assert_allclose(summed.log_evidence(strengths, risk), plain.log_evidence(strengths, risk), atol=0.01)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reach": {"web": (0.1, 0.8)}}, r"reach: has nothing for channel 'paper'"),
        ({"reach": {"web": (0.1, 0.8), "fax": (1, 1)}}, r"reach: 'fax' is not one of channels"),
        ({"reach": {"web": 0.8, "paper": 0.5}}, r"reach: expected"),
        ({"reach": [[0.1, 0.8]]}, r"reach: expected two shares for each of 2 channels"),
        ({"reach": [[0.1, 0.8], [0.1, 1.8]]}, r"reach: row 1, column 1 .* is 1.8"),
        ({"reach": [[0.1, 0.8], [0, 0]]}, r"reach: row 1 .* reaches nobody"),
        ({"reach": [[0, 0.8], [0.5, 0.5]]}, r"reach: a share of 0 .* excluded, but row 1, column 0"),
        ({"reach": [[0.1, 0.8], [0.5, 0]]}, r"reach: a share of 0 .* not excluded, but row 0, column 1"),
        ({"reach": {"web": (0.1, 0.8)}, "channels": None, "digital": None}, r"reach: .* give channels too"),
        ({"channels": ("web", "web")}, r"channels: a name occurs twice"),
        ({"found": [[0, 0], [9, 0]]}, r"found: row 1, column 0 .* is 9 where 5 were asked"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(changed, words):
    arguments = {"risk": [0.2, 0.3], "asked": [[5, 5], [5, 5]], "found": [[0, 1], [1, 0]], **NAMES, **changed}
    with pytest.raises(ValueError, match=words):
        revise(**arguments)


def test_the_correction_of_all_england_is_fast():
    risk, _, asked, found, reach = collected(0, zones=33_755, people=20)
    start = time.process_time()
    revise(risk, asked, found, **NAMES, reach=reach)
    assert time.process_time() - start < 3.0
