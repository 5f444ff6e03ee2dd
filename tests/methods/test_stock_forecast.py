"""The stock forecast: by hand, beside a slow plain twin, and what must hold whatever is given."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.stock import forecast
from inroads.methods.stock.demand import future_requests
from inroads.methods.stock.returns import hazards, losses, seen_of

USUAL = {
    "requests": [2, 3, 1, 4, 2, 2, 3, 1, 2, 3],
    "loan_lengths": [3, 5, 8, 8, 10, 12, 4, 6],
    "ended": [1, 1, 1, 1, 1, 1, 0, 0],
    "in_stock": 6,
    "on_loan_ages": [1, 2, 2, 5, 7, 9],
    "rng": 1,
}


def whole(values):
    return np.array(values, dtype=np.int64)


def marks(values):
    return np.array(values, dtype=bool)


def test_numbers_at_risk_by_hand():
    # Ended in their weeks 0 and 2; last seen in week 1, so through week 0; out now for two weeks, so through 0 and 1.
    seen = seen_of(whole([0, 2, 1]), marks([1, 1, 0]), marks([1, 0, 0]), whole([2]))
    assert seen.reached.tolist() == [4, 2, 1]
    assert seen.ended.tolist() == [1, 0, 1]
    assert (seen.exits, seen.lost) == (2, 1)


def test_kaplan_and_meier_as_in_their_method():
    """Six loans: ended in weeks 1, 2, 2, 4; last seen at 3 and 5. S by hand: 5/6, 5/6 x 3/5, the same x 1/2."""
    seen = seen_of(whole([1, 2, 2, 4, 3, 5]), marks([1, 1, 1, 1, 0, 0]), marks([0] * 6), whole([]))
    # One more at risk for each week gone through: 6 of week 0, 6 of 1, 5 of 2, 2 of 3, 2 of 4.
    assert seen.reached.tolist() == [6, 6, 5, 2, 2, 0]
    surviving = np.cumprod(1 - seen.ended[:5] / seen.reached[:5])
    assert surviving.tolist() == pytest.approx([1, 5 / 6, 5 / 6 * 3 / 5, 5 / 6 * 3 / 5, 5 / 6 * 3 / 5 / 2])


def test_requests_are_a_negative_binomial_where_weeks_are_alike():
    """With the same number each week a posterior predictive by hand: Gamma(1/2 + 80, 20), then Poisson."""
    drawn = future_requests(np.full(20, 4.0), 1, 40_000, np.random.default_rng(3))[:, 0]
    rate = 80.5 / 20
    # Weeks that are this alike leave next to nothing beyond chance, though not nothing.
    assert drawn.mean() == pytest.approx(rate, rel=0.02)
    assert rate + 80.5 / 400 < drawn.var() < 1.35 * (rate + 80.5 / 400)


def test_weeks_that_differ_much_widen_the_forecast():
    rng = np.random.default_rng(4)
    alike = future_requests(np.tile([4.0, 4.0], 20), 1, 20_000, rng)
    bursts = future_requests(np.tile([0.0, 8.0], 20), 1, 20_000, rng)
    assert bursts.var() > 2 * alike.var()
    assert bursts.mean() == pytest.approx(alike.mean(), rel=0.1)


def test_a_case_by_hand():
    """Nobody asks for a year, and everything out ends in its third week: four come back, readied in a week."""
    found = forecast(
        requests=[0] * 520,
        loan_lengths=[2] * 4000,
        ended=[1] * 4000,
        in_stock=1,
        on_loan_ages=[2, 2, 1, 1],
        horizon=4,
        rng=5,
    )
    # Free in week 0: 1. The two of age 2 come back in week 0 and are free in week 1; the two of age 1, in week 2.
    assert found.mean == pytest.approx([1, 3, 5, 5], abs=0.05)
    assert found.low.tolist() == found.high.tolist() == [1, 3, 5, 5]
    assert (found.need, found.missing_high, found.notes) == (0, 0, ())


def test_what_is_lost_does_not_come_back():
    given_ = {
        "requests": [0] * 520,
        "loan_lengths": [2] * 4000,
        "ended": [1] * 4000,
        "in_stock": 0,
        "on_loan_ages": [2] * 10,
        "horizon": 3,
        "rng": 5,
    }
    assert forecast(lost=[1] * 4000, **given_).mean[-1] == pytest.approx(0, abs=0.05)
    assert forecast(lost=[1] * 2000 + [0] * 2000, **given_).mean[-1] == pytest.approx(5, abs=0.3)


def plain_twin(*, requests, loan_lengths, ended, lost, in_stock, on_loan_ages, horizon, waiting, draws, rng):
    """The same model, one draw, one week and one thing at a time."""
    seen = seen_of(whole(loan_lengths), marks(ended), marks(lost), whole(on_loan_ages))
    chance = hazards(seen, 100, draws, rng)
    never = losses(seen, draws, rng)
    coming = future_requests(np.array(requests, dtype=float), horizon, draws, rng)
    balances, needs = [], []
    for draw in range(draws):
        for bought in (0, 10_000):
            out = [{"age": age, "back": None} for age in on_loan_ages]
            free, queue, path = in_stock + bought, waiting, []
            for week in range(horizon):
                for each in out:
                    if each["back"] == week:
                        free += 1
                queue += coming[draw, week]
                handed = 0
                while queue and free:
                    queue, free, handed = queue - 1, free - 1, handed + 1
                for each in out:
                    if each["back"] is None and rng.random() < chance[draw, each["age"]]:
                        each["back"] = 10_000 if rng.random() < never[draw] else week + 1
                    each["age"] += 1
                out += [{"age": 0, "back": None} for _ in range(handed)]
                path.append(free - queue - bought)
            if bought:
                needs.append(max(0, -min(path)))
            else:
                balances.append(path)
    return np.array(balances), np.array(needs)


@pytest.mark.parametrize("stock", [0, 6, 30])
def test_the_plain_twin_says_the_same(stock):
    more = {"lost": [1, 0, 0, 0, 0, 0, 0, 0], "in_stock": stock, "horizon": 6, "waiting": 2, "draws": 3000}
    found = forecast(**(USUAL | more))
    balances, needs = plain_twin(**(USUAL | more | {"rng": np.random.default_rng(8)}))
    assert found.mean == pytest.approx(balances.mean(axis=0), abs=0.25)
    assert found.low == pytest.approx(np.quantile(balances, 0.05, axis=0), abs=1.01)
    assert found.high == pytest.approx(np.quantile(balances, 0.95, axis=0), abs=1.01)
    assert found.need == pytest.approx(np.quantile(needs, 0.9), abs=1.01)


histories = st.fixed_dictionaries(
    {
        "requests": st.lists(st.integers(0, 6), min_size=8, max_size=20),
        "on_loan_ages": st.lists(st.integers(0, 30), max_size=12),
        "in_stock": st.integers(0, 20),
        "waiting": st.integers(0, 5),
        "readied_in": st.integers(0, 3),
    }
)
loans = st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.booleans()), max_size=20)


def asked(history, lent, **more):
    columns = {
        "loan_lengths": [each[0] for each in lent],
        "ended": [each[1] for each in lent],
        "lost": [each[2] for each in lent],
    }
    return forecast(**(history | columns | {"draws": 200, "rng": 7} | more))


@settings(max_examples=40)
@given(history=histories, lent=loans, more=st.integers(1, 5))
def test_more_in_stock_never_means_less_free(history, lent, more):
    few, many = asked(history, lent), asked(history, lent, in_stock=history["in_stock"] + more)
    assert (many.mean >= few.mean - 1e-9).all()
    assert (many.low >= few.low).all()
    assert (many.high >= few.high).all()
    assert many.need <= few.need


@settings(max_examples=40)
@given(history=histories, lent=loans)
def test_intervals_are_in_order_and_need_is_enough(history, lent):
    found = asked(history, lent)
    assert (found.low <= found.high).all()
    assert 0 <= found.missing_low <= found.missing_high
    enough = asked(history, lent, in_stock=history["in_stock"] + found.need, interval=0.8)
    # With `need` more, nobody waits in nine draws of ten: the lower end of 80% is not below nothing.
    assert (enough.low >= 0).all()


@settings(max_examples=20)
@given(history=histories, lent=loans)
def test_where_nobody_asks_nothing_runs_out(history, lent):
    quiet = history | {"requests": [0] * 200, "waiting": 0}
    found = asked(quiet, lent)
    assert (found.mean >= quiet["in_stock"] - 0.2).all()
    assert (found.low >= quiet["in_stock"] - 1).all()
    assert asked(history, lent).mean[-1] <= asked(history, lent, waiting=0).mean[-1] + 1e-9


def test_the_same_seed_gives_the_same_forecast():
    assert (forecast(**USUAL).mean == forecast(**USUAL).mean).all()


def test_too_little_history_is_said():
    found = forecast(**(USUAL | {"requests": [1, 2, 3]}))
    assert np.isnan(found.mean).all()
    assert np.isnan(found.high).all()
    assert found.need is None
    assert "3 weeks" in found.notes[0]
    few = forecast(**(USUAL | {"ended": [1, 0, 0, 0, 0, 0, 0, 0]}))
    assert "Only 1 loan has ended" in few.notes[0]
    assert "No loan has ended" in forecast(**(USUAL | {"ended": [0] * 8})).notes[0]
    assert "Only 3 loans have ended" in forecast(**(USUAL | {"ended": [1, 1, 1, 0, 0, 0, 0, 0]})).notes[0]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"requests": [1, -1] * 5}, "requests: row 1"),
        ({"loan_lengths": [1.5] * 8}, "loan_lengths"),
        ({"ended": [1, 0]}, "ended: has 2 rows"),
        ({"ended": [0.5] * 8}, "ended: expected True or False"),
        ({"lost": [2] * 8}, "lost"),
        ({"in_stock": -1}, "in_stock"),
        ({"interval": 1}, "interval"),
        ({"certainty": 0}, "certainty"),
        ({"horizon": 0}, "horizon"),
        ({"rng": "x"}, "rng"),
        ({"on_loan_ages": [np.nan]}, "on_loan_ages"),
    ],
)
def test_a_wrong_argument_is_named(wrong, words):
    with pytest.raises(ValueError, match=words):
        forecast(**(USUAL | wrong))
