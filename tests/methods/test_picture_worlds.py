"""Worlds with known truth: is the picture nearer to it than risk or answers alone, and do its intervals hold it."""

import numpy as np
import pytest

from inroads.methods.picture import revise

WORLDS = 25


def expit(values):
    return 1 / (1 + np.exp(-values))


def shares(rng, mean, concentration):
    return rng.beta(concentration * mean, concentration * (1 - mean))


def made(kind, seed):
    """Risk, truth, asked and groups of one world of 300 neighbourhoods."""
    rng = np.random.default_rng(seed)
    risk, groups = rng.beta(4, 8, 300) * 0.8 + 0.05, None
    logits = np.log(risk / (1 - risk))
    asked = rng.poisson(20, 300)
    truth = shares(rng, risk, 20)
    if kind == "good index":
        truth = shares(rng, risk, 40)
    elif kind == "useless index":
        truth = rng.beta(3, 6, 300)
    elif kind == "index too low":
        truth = shares(rng, expit(logits + 0.8), 25)
    elif kind == "index a little too low":
        truth = shares(rng, expit(logits + 0.12), 25)
    elif kind == "few asked":
        asked = np.where(rng.random(300) < 0.1, rng.poisson(8, 300), 0)
    elif kind == "asked unevenly":
        asked = np.floor(rng.gamma(0.4, 40, 300)).astype(int)
    elif kind == "25 neighbourhoods":
        risk, truth, asked = risk[:25], truth[:25], asked[:25]
    elif kind == "not a beta":
        truth = expit(logits + rng.normal(0, 0.5, 300))
    elif kind == "index is truth with noise":
        truth, risk = risk, np.clip(risk + rng.normal(0, 0.12, 300), 0.01, 0.99)
    elif kind == "groups that differ":
        groups = rng.integers(0, 4, 300)
        moved = expit(logits + np.array([0, 0, 0.7, -0.5])[groups])
        truth = shares(rng, moved, np.array([8, 20, 60, 150])[groups])
    elif kind == "40 groups":
        groups = rng.integers(0, 40, 300)
        truth = shares(rng, risk, np.exp(rng.normal(3, 0.5, 40))[groups])
    elif kind == "hidden pockets":
        truth = shares(rng, risk, 40)
        pockets = rng.choice(300, 10, replace=False)
        truth[pockets] = np.clip(risk[pockets] + 0.35, 0, 0.97)
        asked = rng.poisson(30, 300)
    return risk, truth, asked, rng.binomial(asked, truth), groups


def error(estimate, truth):
    return np.sqrt(np.mean((estimate - truth) ** 2))


@pytest.mark.parametrize(
    "kind",
    [
        "good index",
        "useless index",
        "index too low",
        "index a little too low",
        "few asked",
        "asked unevenly",
        "25 neighbourhoods",
        "not a beta",
        "index is truth with noise",
        "groups that differ",
        "40 groups",
        "hidden pockets",
    ],
)
def test_nearer_to_the_truth_than_either_alone_and_intervals_hold_it(kind):
    held, errors = [], []
    for seed in range(WORLDS):
        risk, truth, asked, found, groups = made(kind, seed)
        picture = revise(risk, asked, found, groups=groups)
        held.append(((picture.low <= truth) & (truth <= picture.high)).mean())
        raw = np.divide(found, asked, out=np.full(risk.size, found.sum() / asked.sum()), where=asked > 0)
        errors.append([error(picture.mean, truth), error(risk, truth), error(raw, truth)])
    ours, risk_alone, raw_alone = np.mean(errors, axis=0)
    print(f"{kind}: covers {np.mean(held):.3f} (single worlds {min(held):.2f} to {max(held):.2f})")
    print(f"error {ours:.3f}, risk alone {risk_alone:.3f}, raw {raw_alone:.3f}")
    assert 0.85 <= np.mean(held) <= 0.95
    assert ours < risk_alone
    assert ours < raw_alone


def test_hidden_pockets_are_found():
    found_again, heard, listed, wrong = [], [], [], []
    for seed in range(WORLDS):
        risk, truth, asked, found, _ = made("hidden pockets", seed)
        picture = revise(risk, asked, found)
        pockets = np.argsort(risk - truth)[:10]
        top = np.argsort(risk - picture.mean)[:10]
        found_again.append(np.isin(top, pockets).mean())
        heard.append(((picture.low <= truth) & (truth <= picture.high))[pockets].mean())
        above = picture.low > risk
        listed.append(above[pockets].mean())
        wrong.append((truth <= risk)[above].mean())
    print(f"recall {np.mean(found_again):.3f}, intervals at pockets hold {np.mean(heard):.3f}")
    print(f"listed {np.mean(listed):.3f}, listed though not above risk {np.mean(wrong):.3f}")
    assert np.mean(found_again) >= 0.7
    assert np.mean(listed) >= 0.7
    assert np.mean(wrong) <= 0.05


def test_an_index_that_is_right_is_left_alone():
    moved = [any("contradict" in note for note in revise(*_asked("good index", seed)).notes) for seed in range(60)]
    assert np.mean(moved) <= 0.05


def _asked(kind, seed):
    risk, _, asked, found, _ = made(kind, seed)
    return risk, asked, found
