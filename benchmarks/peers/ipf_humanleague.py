"""humanleague, compiled, on a table of all combinations. It stops by its own sign, which cannot be chosen."""

import humanleague
import numpy as np

from benchmarks.peers.ipf_sample import run, targets, zones_of
from benchmarks.peers.report import Inputs, report


def work(inputs: Inputs) -> tuple[dict[str, object], Inputs]:
    """Fits 300 zones."""
    codes = inputs["profiles"]
    at = tuple(codes.T)
    table = np.zeros([inputs[f"margin_{c}"].shape[1] for c in range(codes.shape[1])])
    table[at] = inputs["seed"]
    indices = [np.array([c]) for c in range(codes.shape[1])]

    def fit(zone: int) -> np.ndarray:
        fitted, _ = humanleague.ipf(table, indices, targets(inputs, zone))
        return fitted[at]

    return run(inputs, zones_of(inputs, 300), fit, "one thread, its own stopping rule")


if __name__ == "__main__":
    report("humanleague", work, package="humanleague")
