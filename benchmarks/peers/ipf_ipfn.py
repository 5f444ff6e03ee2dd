"""ipfn on a NumPy table of all combinations, its quicker form."""

import contextlib
import io

import numpy as np
from ipfn import ipfn

from benchmarks.peers.ipf_sample import rounds_needed, run, targets, zones_of
from benchmarks.peers.report import Inputs, report


def work(inputs: Inputs) -> tuple[dict[str, object], Inputs]:
    """Fits 1,000 zones."""
    codes = inputs["profiles"]
    at = tuple(codes.T)
    table = np.zeros([inputs[f"margin_{c}"].shape[1] for c in range(codes.shape[1])])
    table[at] = inputs["seed"]
    columns = [[c] for c in range(codes.shape[1])]

    def fit(zone: int) -> np.ndarray:
        # `max_iteration` is counted from 0; it says on the screen that it stopped there.
        fitting = ipfn.ipfn(
            table.copy(), targets(inputs, zone), columns,
            convergence_rate=0.0, rate_tolerance=0.0, max_iteration=rounds[zone] - 1,
        )  # fmt: skip
        return fitting.iteration()[at]

    zones = zones_of(inputs, 1_000)
    rounds = {int(zone): rounds_needed(inputs, int(zone)) for zone in zones}
    with contextlib.redirect_stdout(io.StringIO()):
        return run(inputs, zones, fit, "one thread")


if __name__ == "__main__":
    report("ipfn", work, package="ipfn")
