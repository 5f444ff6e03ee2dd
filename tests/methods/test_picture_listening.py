"""Where to listen next: the best plan on small cases, the gain it foresees, and whether it beats going anywhere."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inroads.methods.picture import revise, where_to_listen


def world(seed, zones=150, same_size=False):
    rng = np.random.default_rng(seed)
    risk = rng.beta(4, 6, zones) * 0.8 + 0.05
    truth = rng.beta(12 * risk, 12 * (1 - risk))
    asked = np.floor(rng.gamma(0.5, 30, zones)).astype(int)
    population = np.full(zones, 1500.0) if same_size else np.round(rng.lognormal(7, 0.6, zones))
    return risk, truth, asked, rng.binomial(asked, truth), population


def gain_of(picture, population, per_visit, places):
    """Plainly: how much a set of visits lowers the expected loss."""
    total = 0.0
    for place in set(places):
        variance = picture.sd[place] ** 2
        known = picture.mean[place] * (1 - picture.mean[place]) / variance - 1
        asked = min(per_visit * places.count(place), population[place])
        total += population[place] ** 2 * variance * asked / (asked + known)
    return total


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5), st.integers(1, 4), st.integers(1, 30), st.integers(0, 5_000))
def test_no_other_plan_gains_more(zones, visits, per_visit, seed):
    risk, _, asked, found, population = world(seed, zones=zones)
    picture = revise(risk, asked, found)
    order, gains = where_to_listen(picture, visits=visits, per_visit=per_visit, population=population)
    plans = itertools.combinations_with_replacement(range(zones), visits)
    best = max(gain_of(picture, population, per_visit, list(plan)) for plan in plans)
    assert gains.sum() == pytest.approx(best)
    assert gain_of(picture, population, per_visit, order.tolist()) == pytest.approx(best)
    assert (np.diff(gains) <= 1e-9 * gains[0]).all()
    assert (gains > 0).all()


def test_the_expected_variance_after_a_visit_is_the_closed_form():
    mean, known, people = 0.3, 17.0, 9
    rng = np.random.default_rng(0)
    truth = rng.beta(mean * known, (1 - mean) * known, 400_000)
    after = (known * mean + rng.binomial(people, truth)) / (known + people)
    lowered = truth.var() - np.mean((after - truth) ** 2)
    assert lowered == pytest.approx(mean * (1 - mean) / (known + 1) * people / (people + known), rel=0.02)


@pytest.mark.parametrize(("same_size", "at_most"), [(False, 0.75), (True, 0.95)])
def test_it_beats_going_anywhere_and_gains_what_it_foresees(same_size, at_most):
    visits, per_visit = 30, 20
    ours, anywhere, before, foreseen = [], [], [], []
    for seed in range(12):
        risk, truth, asked, found, population = world(seed, same_size=same_size)
        rng = np.random.default_rng(1000 + seed)
        picture = revise(risk, asked, found)
        order, gains = where_to_listen(picture, visits=visits, per_visit=per_visit, population=population)

        def loss_after(places, rng=rng, risk=risk, truth=truth, asked=asked, found=found, population=population):
            more = np.bincount(places, minlength=risk.size) * per_visit
            revised = revise(risk, asked + more, found + rng.binomial(more, truth))
            return (population**2 * (revised.mean - truth) ** 2).sum()

        ours.append(np.mean([loss_after(order) for _ in range(3)]))
        anywhere.append(np.mean([loss_after(rng.permutation(risk.size)[:visits]) for _ in range(6)]))
        before.append((population**2 * (picture.mean - truth) ** 2).sum())
        foreseen.append(gains.sum())
    left, gained = np.mean(np.divide(ours, anywhere)), np.sum(before) - np.sum(ours)
    times = gained / (np.sum(before) - np.sum(anywhere))
    print(f"loss left {left:.2f} of that after random visits; gains {times:.1f} times as much; ")
    print(f"gained over foreseen {gained / np.sum(foreseen):.2f}")
    assert left <= at_most
    assert times >= 1.25
    assert gained == pytest.approx(np.sum(foreseen), rel=0.3)


def test_a_place_heard_only_digitally_is_a_place_to_listen():
    risk, asked = np.full(30, 0.3), np.tile([[10, 30]], (30, 1))
    asked[7] = [400, 0]
    found = np.random.default_rng(3).binomial(asked, 0.3)
    picture = revise(risk, asked, found, channels=("web", "paper"), digital="web")
    order, _ = where_to_listen(picture, visits=1, per_visit=10, population=np.full(30, 1000))
    assert order.tolist() == [7]


def test_a_place_comes_again_where_that_is_worth_more():
    picture = revise([0.4, 0.4], [5, 5], [2, 2])
    visits = where_to_listen(picture, visits=5, per_visit=3, population=[5000, 50])
    assert visits.order.tolist() == [0] * 5
    assert (np.diff(visits.expected_gain) < 0).all()


def test_nobody_is_asked_twice_and_places_without_risk_are_left_out():
    picture = revise([0.4, np.nan, 0.2, 0.3], [0, 0, 0, 0], [0, 0, 0, 0])
    visits = where_to_listen(picture, visits=50, per_visit=4, population=[10, 500, 4, 0])
    assert sorted(visits.order.tolist()) == [0, 0, 0, 2]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"visits": 0}, "visits: "),
        ({"per_visit": 2.5}, "per_visit: "),
        ({"population": [1, 2, 3]}, "population: has 3 rows"),
        ({"population": [1, -2]}, "population: row 1 .* is -2"),
        ({"population": [1, np.nan]}, "population: row 1"),
        ({"picture": [0.1, 0.2]}, "picture: expected what revise gives"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(changed, words):
    arguments = {"picture": revise([0.2, 0.3], [5, 5], [1, 1]), "visits": 2, "per_visit": 5, "population": [10, 10]}
    arguments.update(changed)
    with pytest.raises(ValueError, match=words):
        where_to_listen(arguments.pop("picture"), **arguments)


def test_all_of_england_is_fast():
    risk, _, asked, found, population = world(1, zones=33_755)
    picture = revise(risk, asked, found)
    start = time.process_time()
    where_to_listen(picture, visits=5_000, per_visit=10, population=population)
    assert time.process_time() - start < 1.0
