"""The picture from released figures: intervals hold the truth, and little is lost by suppressing and rounding."""

import numpy as np
import pytest
from scipy.special import gammaln
from test_picture_worlds import error, made

from inroads.methods.disclosure import protect
from inroads.methods.logistic import expit, logit
from inroads.methods.picture import revise, revise_released, where_to_listen
from inroads.methods.picture.imputation import Ranged, numbers_asked
from inroads.methods.picture.released_kernels import sweep

NAN = np.nan
WORLDS = 6


def ranges(counts):
    """Between what and what counts lie once they are released: 1 to 7 where suppressed."""
    release = protect(counts, margins=False)
    hidden = release.state == "suppressed"
    return np.where(hidden, 1, release.low), np.where(hidden, 7, release.high)


def released(risk, asked, found, **options):
    return revise_released(risk, *ranges(found), *ranges(asked - found), rng=1, **options)


def world(kind, seed, people):
    """One of the worlds of `test_picture_worlds` with about `people` asked in each neighbourhood."""
    risk, truth, _, _, groups = made(kind, seed)
    rng = np.random.default_rng(seed + 1000)
    asked = rng.poisson(people, risk.size)
    return risk, truth, asked, rng.binomial(asked, truth), groups


def test_where_all_counts_are_known_it_is_the_same_picture():
    risk, _, asked, found, groups = world("groups that differ", 1, 25)
    exact = revise(risk, asked, found, groups=groups)
    same = revise_released(risk, found, found, asked - found, asked - found, groups=groups, rng=1)
    for name in ("mean", "low", "high", "evidence", "concentration", "prior", "sd"):
        np.testing.assert_allclose(getattr(same, name), getattr(exact, name), rtol=1e-6)
    assert same.label.tolist() == exact.label.tolist()
    assert same.notes == exact.notes


@pytest.mark.parametrize("people", [60, 20])
@pytest.mark.parametrize("kind", ["good index", "useless index", "index too low", "groups that differ", "not a beta"])
def test_intervals_hold_the_truth_and_it_is_nearer_than_risk_alone(kind, people):
    held, errors = [], []
    for seed in range(WORLDS):
        risk, truth, asked, found, groups = world(kind, seed, people)
        picture = released(risk, asked, found, groups=groups)
        counts = revise(risk, asked, found, groups=groups)
        held.append(((picture.low <= truth) & (truth <= picture.high)).mean())
        errors.append([error(picture.mean, truth), error(counts.mean, truth), error(risk, truth)])
    ours, exact, risk_alone = np.mean(errors, axis=0)
    print(f"{kind}, {people}: covers {np.mean(held):.3f}, error {ours:.3f}, counts {exact:.3f}, risk {risk_alone:.3f}")
    assert 0.85 <= np.mean(held) <= 0.95
    assert ours < risk_alone


@pytest.mark.parametrize(("people", "least"), [(60, 0.7), (20, 0.4)])
def test_hidden_pockets_are_found_again(people, least):
    recall, recall_of_counts, held = [], [], []
    for seed in range(WORLDS):
        risk, truth, asked, found, _ = world("hidden pockets", seed, people)
        pockets = np.argsort(risk - truth)[:10]
        picture, counts = released(risk, asked, found), revise(risk, asked, found)
        recall.append(np.isin(np.argsort(risk - picture.mean)[:10], pockets).mean())
        recall_of_counts.append(np.isin(np.argsort(risk - counts.mean)[:10], pockets).mean())
        held.append(((picture.low <= truth) & (truth <= picture.high)).mean())
    print(f"{people}: recall {np.mean(recall):.2f}, counts {np.mean(recall_of_counts):.2f}, covers {np.mean(held):.3f}")
    assert np.mean(recall) >= least
    assert 0.85 <= np.mean(held) <= 0.95


@pytest.mark.parametrize("people", [60, 20])
def test_two_channels_with_levels_of_their_own(people):
    """Half of those asked answer digitally and are less often excluded: drawn counts keep each channel's level."""
    held, bias, labels = [], [], []
    for seed in range(WORLDS):
        rng = np.random.default_rng(seed)
        risk, truth, *_ = world("good index", seed, people)
        apart = expit(logit(truth)[:, np.newaxis] + np.array([-0.7, 0.7]))
        asked = rng.poisson(people / 2, (300, 2))
        found = rng.binomial(asked, apart)
        options = {"channels": ("web", "in person"), "digital": ("web",)}
        picture, counts = released(risk, asked, found, **options), revise(risk, asked, found, **options)
        held.append([((one.low <= truth) & (truth <= one.high)).mean() for one in (picture, counts)])
        bias.append([np.mean(picture.mean - counts.mean), np.nanmean(picture.hidden - counts.hidden)])
        labels.append(np.mean(picture.label == counts.label))
    ours, exact = np.mean(held, axis=0)
    off, off_hidden = np.mean(bias, axis=0)
    print(
        f"{people}: covers {ours:.3f}, counts {exact:.3f}, off {off:.4f} {off_hidden:.4f}, labels {np.mean(labels):.2f}"
    )
    assert abs(ours - exact) < 0.05
    assert abs(off) < 0.01
    assert abs(off_hidden) < 0.03
    assert np.mean(labels) > 0.7


@pytest.mark.parametrize("silence", [0, NAN])
def test_where_all_were_asked_digitally_it_is_a_risk_picture_whatever_was_found(silence):
    risk, _, asked, found, _ = world("useless index", 3, 30)
    low, high = ranges(np.column_stack([found, asked - found]))
    other = np.full(300, silence, dtype=float)
    ends = [np.column_stack([part, other]) for part in (low[:, 0], high[:, 0], low[:, 1], high[:, 1])]
    picture = revise_released(risk, *ends, channels=("web", "in person"), digital=("web",), rng=5)
    assert set(picture.label) == {"risk"}
    assert any("All conversations were digital" in note for note in picture.notes)
    np.testing.assert_allclose(picture.other_channels.mean, risk)


def test_reach_corrects_released_counts_as_it_corrects_counts():
    rng = np.random.default_rng(2)
    risk, truth, *_ = world("good index", 2, 40)
    apart = expit(logit(truth)[:, np.newaxis] + np.log([0.1 / 0.8, 0.5 / 0.2]))
    asked = rng.poisson(25, (300, 2))
    found = rng.binomial(asked, apart)
    options = {"channels": ("web", "paper"), "digital": ("web",), "reach": {"web": (0.1, 0.8), "paper": (0.5, 0.2)}}
    picture, counts = released(risk, asked, found, **options), revise(risk, asked, found, **options)
    assert abs(np.mean(picture.mean - truth)) < 0.03
    assert np.corrcoef(picture.mean, counts.mean)[0, 1] > 0.8
    assert np.corrcoef(picture.hidden, counts.hidden)[0, 1] > 0.8
    assert 0.8 <= ((picture.low <= truth) & (truth <= picture.high)).mean() <= 0.98


def test_what_is_not_known_makes_the_interval_wider():
    risk, _, asked, found, _ = world("useless index", 4, 20)
    picture, counts = released(risk, asked, found), revise(risk, asked, found)
    assert np.mean(picture.sd / counts.sd) > 1.05
    assert picture.notes[-1].endswith("are ranges; what that leaves open is in the intervals.")


def test_places_without_figures_and_places_without_risk():
    risk, _, asked, found, _ = world("good index", 5, 40)
    low, high = ranges(found)
    other_low, other_high = ranges(asked - found)
    risk[0], low[1] = NAN, NAN
    picture = revise_released(risk, low, high, other_low, other_high, rng=np.random.default_rng(1))
    assert picture.label[:2].tolist() == ["missing", "risk"]
    assert np.isnan(picture.mean[0])
    assert picture.evidence[1] == 0
    assert picture.mean[1] == picture.prior[1]
    assert where_to_listen(picture, visits=3, per_visit=10, population=np.full(300, 1000)).order.size == 3
    again = revise_released(risk, low, high, other_low, other_high, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(picture.mean, again.mean)


def test_drawn_counts_follow_their_weights():
    """One neighbourhood over and over, against all pairs of counts weighed one by one."""
    ends = np.tile(np.array([2, 6, 8, 12]).reshape(4, 1, 1), (1, 4000, 1))
    found, other = np.full((4000, 1), 4), np.full((4000, 1), 10)
    yes, no, size, rate = 3.0, 6.0, 4.0, 0.7
    rng, logits = np.random.default_rng(1), np.full(4000, logit(0.3))
    random = rng.random((40, 4000, 4))
    random[..., 0] = rng.standard_normal((40, 4000))
    prior = np.full(4000, yes), np.full(4000, no)
    sweep(ends, found, other, logits, *prior, np.zeros(1), np.array([size]), np.array([rate]), random)
    y, o = np.meshgrid(np.arange(2, 7), np.arange(8, 13), indexing="ij")
    weights = np.exp(beta_binomial(y, o, yes, no) + gammaln(y + o + size) - gammaln(y + o + 1) + (y + o) * np.log(rate))
    weights /= weights.sum()
    share = np.zeros((5, 5))
    np.add.at(share, (found[:, 0] - 2, other[:, 0] - 8), 1 / 4000)
    assert np.abs(share - weights).max() < 0.02
    expected = (weights * (yes + y) / (yes + no + y + o)).sum()
    assert expit(logits).mean() == pytest.approx(expected, abs=0.01)


def beta_binomial(y, o, yes, no):
    ways = gammaln(y + o + 1) - gammaln(y + 1) - gammaln(o + 1)
    above = gammaln(yes + y) + gammaln(no + o) - gammaln(yes + no + y + o)
    return ways + above - gammaln(yes) - gammaln(no) + gammaln(yes + no)


@pytest.mark.parametrize("ends", [(1, 7, 13, 17), (0, 0, 8, 12), (3, 3, 4, 4), (1, 7, 1, 7), (1, 90, 20, 160)])
def test_ranges_are_added_up_over_all_pairs_of_counts(ends):
    size, rate, strengths = 5.0, 0.8, np.array([[0.5, 4.0, 60.0]])
    low, high, least, most = ends
    y, o = np.meshgrid(np.arange(low, high + 1), np.arange(least, most + 1), indexing="ij")
    slow = []
    for strength in strengths[0]:
        log = beta_binomial(y, o, strength * 0.3, strength * 0.7)
        slow.append(np.log(np.exp(log + gammaln(y + o + size) - gammaln(y + o + 1) + (y + o) * np.log(rate)).sum()))
    boxes = Ranged(np.array(ends).reshape(4, 1, 1), np.zeros(1), np.array([size]), np.array([rate]))
    quick = boxes.log_evidence(strengths, np.array([0.3]))[0]
    np.testing.assert_allclose(np.diff(quick), np.diff(slow), atol=0.25 if high - low > 15 else 1e-9)


def test_how_many_were_asked_is_told_by_moments():
    asked = np.random.default_rng(1).negative_binomial(3, 0.2, (20_000, 1)).astype(float)
    size, rate = numbers_asked(asked, np.ones(asked.shape, dtype=bool))
    assert size[0] == pytest.approx(3, rel=0.1)
    assert rate[0] == pytest.approx(0.8, rel=0.02)


def test_what_cannot_be_read_is_refused():
    risk = [0.2, 0.3]
    for ends, message in (
        (([1, 2], [7, 1], [8, 8], [12, 12]), r"found_high: row 1 .* is 1 where found_low has 2: it is below the least"),
        (([1, 2], [7, 3], [8, 8], [12, 7]), r"other_high: row 1 .* is 7 where other_low has 8"),
        (([1, 2.5], [7, 3], [8, 8], [12, 9]), r"found_low: row 1 .* is 2.5; give whole numbers"),
        (([1, 2], [7, 3], [8], [12, 9]), r"other_low: has 1 rows where there are 2 neighbourhoods"),
        (([1, 2], [7, 3], [[8], [9]], [12, 9]), r"other_low: has shape \(2, 1\)"),
        (([1, 2], [7, np.inf], [8, 8], [12, 9]), r"found_high: row 1 .* is inf"),
        (([1, 2], [7, 1e6], [8, 8], [12, 9]), r"found_high: row 1 .* it leaves more than it says"),
    ):
        with pytest.raises(ValueError, match=message):
            revise_released(risk, *ends, rng=1)
    fine = [1, 2], [7, 7], [8, 8], [12, 12]
    with pytest.raises(ValueError, match=r"draws: expected a whole number of 2 or more"):
        revise_released(risk, *fine, draws=1, rng=1)
    with pytest.raises(ValueError, match=r"rng: "):
        revise_released(risk, *fine, rng=-1)
    with pytest.raises(ValueError, match=r"digital: names channels"):
        revise_released(risk, *fine, digital=("web",), rng=1)
