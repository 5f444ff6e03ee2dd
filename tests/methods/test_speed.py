"""What national size may cost, in seconds of a processor: a clock on the wall also counts what else the machine does.

Limits are several times what was measured.
"""

import subprocess
import sys
import time
import tracemalloc

import numpy as np

from inroads.methods.access import nearest
from inroads.methods.needs import fit, rank_intervals


def best_of(times, function):
    durations = []
    for _ in range(times):
        start = time.process_time()
        function()
        durations.append(time.process_time() - start)
    return min(durations)


def test_rank_intervals_of_a_large_place_are_fast_enough_for_a_page():
    table = np.random.default_rng(0).random((1_702, 8))
    taken = best_of(3, lambda: rank_intervals(table, weights=[1] * 8, direction=[1] * 8, draws=500, rng=1))
    assert taken < 0.3


def test_nearest_of_all_england_is_fast():
    rng = np.random.default_rng(0)
    origins, assets = rng.uniform(0, 5e5, (33_755, 2)), rng.uniform(0, 5e5, (20_000, 2))
    assert best_of(3, lambda: nearest(origins, assets)) < 0.5


def test_fitting_all_of_england_is_fast_and_holds_no_table_of_zones_by_profiles():
    """Measured: 0.28 s of one processor, and 40 MB where a table of all weights would take 500."""
    rng, sizes = np.random.default_rng(0), (18, 4, 5, 5, 5)
    profiles = np.column_stack([rng.integers(0, k, 1_873) for k in sizes])
    people = rng.gamma(12, 140, 33_755)
    margins = [people[:, np.newaxis] * rng.dirichlet(np.full(k, 20), 33_755) for k in sizes]
    assert best_of(2, lambda: fit(profiles, np.ones(1_873), margins)) < 2.0
    tracemalloc.start()
    found = fit(profiles, np.ones(1_873), margins)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found.state == "fitted").all()
    assert peak < 100e6


def test_rank_intervals_of_all_england_hold_two_bytes_per_draw_and_a_block():
    table, draws = np.random.default_rng(0).random((33_755, 3)), 100
    tracemalloc.start()
    rank_intervals(table, weights=[1] * 3, direction=[1] * 3, draws=draws, rng=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * 33_755 * draws + 10e6


def test_importing_methods_leaves_compiler_and_solvers_for_those_who_need_them():
    command = "import sys, inroads.methods; print({'scipy', 'numba', 'highspy', 'django'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_importing_methods_is_quick():
    command = "import time; start = time.process_time(); import inroads.methods; print(time.process_time() - start)"
    found = [
        subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True) for _ in range(3)
    ]
    assert min(float(one.stdout) for one in found) < 0.5  # measured: 0.13
