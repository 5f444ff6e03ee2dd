"""PopulationSim's list balancer, its compiled loop called straight: none of its tables and reports are counted.

Its limits on the weights and its softening of the margins are put out of action, so that it fits as the others do. It
runs in an environment of its own, since it needs NumPy before 2.
"""

import os
import tempfile

import numpy as np

from benchmarks.peers.ipf_sample import rounds_needed, run, targets, zones_of
from benchmarks.peers.report import Inputs, report

FORGOTTEN = tempfile.TemporaryDirectory()
"""What is compiled here goes with the process."""
CERTAIN = 1e15
"""How important a margin is, in PopulationSim's terms: so much that none is softened."""


def work(inputs: Inputs) -> tuple[dict[str, object], Inputs]:
    """Fits 1,500 zones."""
    # Its signs of having arrived are constants of its own, stopping short of 1e-6 people; what is compiled with other
    # constants must not be kept for others.
    os.environ["NUMBA_CACHE_DIR"] = FORGOTTEN.name
    from populationsim.balancing import balancers_numba

    balancers_numba.MAX_DELTA32 = balancers_numba.MAX_GAMMA = balancers_numba.ALT_MAX_DELTA = 0.0

    codes = inputs["profiles"]
    columns = [np.arange(inputs[f"margin_{c}"].shape[1])[:, None] == codes[:, c] for c in range(codes.shape[1])]
    incidence = np.ascontiguousarray(np.concatenate(columns).astype(float))
    controls, profiles = incidence.shape
    lowest, highest, importance = np.zeros(profiles), np.full(profiles, 2.0**31), np.full(controls, CERTAIN)

    def fit(zone: int) -> np.ndarray:
        wanted = np.concatenate(targets(inputs, zone))
        weights, *_ = balancers_numba.np_balancer_numba(
            profiles, controls, -1, incidence, inputs["seed"], lowest, highest, wanted, importance, rounds[zone]
        )
        return weights

    zones = zones_of(inputs, 1_500)
    rounds = {int(zone): rounds_needed(inputs, int(zone)) for zone in zones}
    fit(int(zones[0]))  # compiles
    return run(inputs, zones, fit, "compiled loop only, one thread")


if __name__ == "__main__":
    report("PopulationSim", work, package="populationsim")
