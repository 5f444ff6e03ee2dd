"""Worlds with known truth, simulated one thing at a time: do the intervals hold what really comes."""

import numpy as np
import pytest

from inroads.methods.stock import forecast

WORLDS, HISTORY, HORIZON = 150, 40, 8


def length_of(kind, rng):
    """In which week of a loan it ends."""
    if kind == "any week alike":
        return rng.geometric(0.08) - 1
    if kind == "as agreed":
        return max(0, int(rng.normal(12, 3)))
    return (rng.geometric(0.3) if rng.random() < 0.3 else rng.geometric(0.03)) - 1


def world(seed, *, kind, rate, stock, spread=0.0):
    """What was seen up to now, as `forecast` takes it, and what is free less who waits in the weeks after."""
    rng = np.random.default_rng(seed)
    rate, never = rate * rng.gamma(20, 1 / 20), rng.beta(3, 17)
    free, queue, requests, path, loans = stock, 0, [], [], []
    for week in range(HISTORY + HORIZON):
        free += sum(each["over"] == week - 1 and not each["lost"] for each in loans)
        if week == HISTORY:
            now = {"in_stock": free, "waiting": queue}
        for each in loans:
            if each["over"] is None and week - each["week"] - 1 == each["length"]:
                each["over"] = week
        asked = rng.poisson(rate * (rng.gamma(1 / spread, spread) if spread else 1.0))
        requests.append(asked)
        queue += asked
        while queue and free:
            queue, free = queue - 1, free - 1
            loans.append({"week": week, "length": length_of(kind, rng), "lost": rng.random() < never, "over": None})
        if week < HISTORY and queue > 3:
            free += 5  # some are bought, as long as it is history
        path.append(free - queue)
    begun = [each for each in loans if each["week"] < HISTORY]
    over = [each for each in begun if each["over"] is not None and each["over"] < HISTORY]
    seen = {
        "requests": requests[:HISTORY],
        "loan_lengths": [each["length"] for each in over],
        "ended": [1] * len(over),
        "lost": [each["lost"] for each in over],
        "on_loan_ages": [HISTORY - 1 - each["week"] for each in begun if each not in over],
    }
    return seen | now, np.array(path[HISTORY:])


@pytest.mark.parametrize(
    "made",
    [
        {"kind": "any week alike", "rate": 3, "stock": 40},
        {"kind": "as agreed", "rate": 3, "stock": 40},
        {"kind": "two sorts of loans", "rate": 4, "stock": 40},
        {"kind": "any week alike", "rate": 3, "stock": 10},
        {"kind": "any week alike", "rate": 5, "stock": 80, "spread": 0.3},
        {"kind": "as agreed", "rate": 8, "stock": 100, "spread": 0.1},
    ],
    ids=["alike", "agreed", "two sorts", "never enough", "weeks that differ", "a large stock"],
)
def test_nine_times_in_ten_the_interval_holds_what_comes(made):
    held = []
    for seed in range(WORLDS):
        seen, truth = world(seed, **made)
        found = forecast(**seen, horizon=HORIZON, draws=500, rng=seed)
        held.append((found.low <= truth) & (truth <= found.high))
    # Whole numbers: an interval that holds at least 90% holds somewhat more.
    assert 0.85 <= np.mean(held) <= 0.96
    assert np.mean(held, axis=0).min() >= 0.84


def test_with_what_is_needed_few_worlds_let_anybody_wait():
    waited = []
    for seed in range(WORLDS):
        seen, truth = world(seed, kind="any week alike", rate=3, stock=25)
        needed = forecast(**seen, horizon=HORIZON, draws=500, rng=seed).need
        waited.append((truth + needed).min() < 0)
    # Had they been there, nobody would have waited in about nine of ten worlds.
    assert np.mean(waited) <= 0.17
