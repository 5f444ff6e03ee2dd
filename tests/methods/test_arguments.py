"""What every method asks of what it is given: odd numbers, masks, dates and places nobody lives at."""

import os
import subprocess
import sys

import numpy as np
import pytest

from inroads.methods import access, inequality, needs, siting
from inroads.methods.arguments import codes, numbers, rows


def test_masked_entries_are_missing_never_the_number_behind_the_mask():
    estimate = np.ma.array([50.0, 60, -999, 80], mask=[0, 0, 1, 0])
    found = inequality.measure("d", estimate, [1, 2, 3, 4])
    assert found.value == 30
    assert "1 of 4 groups left out" in found.note
    with pytest.raises(ValueError, match=r"n: row 1 .* is nan"):
        numbers(np.ma.array([1, 2], mask=[False, True]), "n")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (np.array(["2026-01-01"], dtype="M8[D]"), "n: expected a number in each entry .*datetime64"),
        (np.array([1 + 2j]), "n: expected a number in each entry .*complex"),
        ([10**400], "n: expected a number in each entry"),
        ([[1], [2, 3]], "n: expected a number in each entry"),
        ([None], "n: row 0 .* is nan"),
        ("abc", "n: expected a number in each entry"),
        ([1e300], r"n: row 0 .* is 1e\+300"),
        ([[[1.0]]], "n: expected one row of numbers, found an array of shape"),
    ],
)
def test_what_is_no_figure_is_refused_in_one_sentence(given, words):
    with pytest.raises(ValueError, match=words):
        numbers(given, "n")


def test_codes_beyond_all_bounds_do_not_become_the_first_category():
    with pytest.raises(ValueError, match=r"c: row 0 .* is 1e\+19"):
        codes([1e19], "c")


def test_rows_are_named_by_number_or_by_true_and_false():
    assert rows([2, 0], "r", 3).tolist() == [2, 0]
    assert rows([True, False, True], "r", 3).tolist() == [0, 2]
    assert rows(1, "r", 3).tolist() == [1]
    with pytest.raises(ValueError, match="r: has 2 entries of True and False where there are 3 rows"):
        rows([True, False], "r", 3)
    found = needs.fit([[0], [1]], [1, 1], [[[1, 2], [3, 4], [5, 6]]])
    assert found.weights([False, True, False]).round(6).tolist() == [[3, 4]]
    plan = siting.cover([5.0, 1.0, 9.0], np.eye(3, dtype=bool), open_new=1, fixed=[False, False, True])
    assert plan.chosen.tolist() == [0]


def test_places_off_the_earth_are_refused_rather_than_looked_for_without_end():
    with pytest.raises(ValueError, match=r"assets: row 1 .*easting 1e\+155"):
        access.nearest([[0, 0]], [[1, 1], [1e155, 0]])
    assert access.two_step([[0, 0]], [1.0], [[0, 0]], [1.0], catchment=1e-300).tolist() == [1.0]


def test_distances_worked_out_elsewhere_lie_on_the_edge_they_name():
    rng = np.random.default_rng(0)
    for _ in range(500):
        origin, asset = rng.uniform(0, 6e5, (2, 1, 2))
        for metres in (np.linalg.norm(origin - asset), np.hypot(*(origin - asset)[0])):
            assert access.two_step(origin, [1.0], asset, [1.0], catchment=float(metres)).tolist() == [1.0]


def test_hardly_any_error_at_all_is_no_reason_to_fail():
    found = inequality.measure("bgsd", [50, 60, 70.0], [1, 1, 1], se=[0, 0, 1e-16])
    assert found.low == found.value == found.high


def test_where_compiled_loops_cannot_be_kept_they_are_compiled_anew(tmp_path):
    """As in a container whose folders cannot be written: slower at first, the same figures."""
    command = (
        "from inroads.methods import access; "
        "print(access.two_step([[0, 0]], [2.0], [[3, 4]], [1.0], catchment=5).tolist())"
    )
    nowhere = tmp_path / "file"
    nowhere.write_text("not a folder")
    environment = os.environ | {"NUMBA_CACHE_DIR": str(nowhere / "cache")}
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[0.5]"
