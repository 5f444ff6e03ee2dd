"""The inputs of the benchmarks are the same each time and of the stated sizes, and every task can be asked for."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import inputs
from benchmarks.ours import OURS
from benchmarks.table import promise
from benchmarks.tasks import TASKS

PEERS = Path(__file__).resolve().parents[2] / "benchmarks" / "peers"


@pytest.mark.parametrize("name", sorted(inputs.MAKERS))
def test_inputs_of_benchmarks_are_the_same_each_time(name):
    first, second = (inputs.MAKERS[name](small=True) for _ in range(2))
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[part], second[part]) for part in first)


def test_national_inputs_have_the_stated_sizes():
    # Making fewer zones than there are leaves the profiles what they are.
    fitting = inputs.ipf(zones=50)
    assert fitting["profiles"].shape == (1_873, 5)
    assert [margin.shape for margin in inputs.margins(fitting)] == [(50, k) for k in (18, 4, 5, 5, 5)]
    points = inputs.catchment()
    assert (points["origins"].shape, points["assets"].shape) == ((33_755, 2), (20_000, 2))
    assert inputs.slopes()["value"].shape == (317, 10)
    asked = inputs.survey()
    assert asked["categories"].shape == (8_000, 5)
    assert set(asked["domain"]) == set(range(18))
    assert inputs.ZONES == 33_755


def test_profiles_differ_and_margins_of_a_zone_count_the_same_people():
    given = inputs.ipf(small=True)
    assert len(np.unique(given["profiles"], axis=0)) == len(given["profiles"])
    margins = inputs.margins(given)
    assert all(column.max() == margin.shape[1] - 1 for column, margin in zip(given["profiles"].T, margins, strict=True))
    totals = np.array([margin.sum(axis=1) for margin in margins])
    assert (totals == totals[0]).all()
    assert min(margin.min() for margin in margins) >= 1
    assert all((margin == np.round(margin)).all() for margin in margins)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_every_task_is_measured_on_small_inputs_and_its_peers_have_scripts(task):
    asked = OURS[task.ours or task.name](inputs.MAKERS[task.inputs](small=True, **task.options))
    answers = asked.run()
    facts = asked.facts(answers)
    assert answers
    assert set(task.goal.facts) <= set(facts)
    assert all((PEERS / f"{peer}.py").is_file() for peer in (*task.peers, *task.stand_ins))


def test_a_promise_is_judged_by_the_fastest_peer_and_small_inputs_are_not_judged():
    task = next(task for task in TASKS if task.name == "ipf")
    quick = {"seconds": 0.4, "facts": {"error": 1e-7}}
    assert promise(task, quick, [400.0, 191.0], judged=True)[1]
    assert not promise(task, quick, [400.0, 189.0], judged=True)[1]
    assert not promise(task, {**quick, "seconds": 0.6}, [400.0], judged=True)[1]
    assert promise(task, {**quick, "seconds": 0.6}, [400.0], judged=False)[1]
    assert "not measured" in promise(task, quick, [], judged=True)[0]
