"""SciPy's `milp`, which is HiGHS, on a sparse model by somebody who knows how to write one; stopped after a minute."""

import time

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.peers.report import Inputs, report

PATIENCE = 60.0


def work(inputs: Inputs) -> tuple[dict[str, object], Inputs]:
    """Model and solution to a gap of 1e-4."""
    zones, sites = len(inputs["demand"]), int(inputs["sites"])
    begun = time.perf_counter()
    # Columns: the sites, then the zones; a zone counts as covered where a site in its reach is open.
    reach = sparse.csr_array((np.ones(len(inputs["zone"])), (inputs["zone"], inputs["site"])), shape=(zones, sites))
    rows = sparse.vstack([
        sparse.hstack([-reach, sparse.eye_array(zones)]),
        sparse.csr_array(np.concatenate([np.ones(sites), np.zeros(zones)])[None, :]),
    ], format="csc")  # fmt: skip
    worth = np.concatenate([np.zeros(sites), inputs["demand"]])
    found = milp(
        -worth,
        integrality=np.concatenate([np.ones(sites), np.zeros(zones)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, ub=np.concatenate([np.zeros(zones), [float(inputs["choose"])]])),
        options={"mip_rel_gap": 1e-4, "time_limit": PATIENCE},
    )
    taken = time.perf_counter() - begun
    covered, bound = (-found.fun if found.x is not None else np.nan), -found.mip_dual_bound
    note = "sparse model" + (f", stopped at {PATIENCE:.0f} s" if taken >= PATIENCE else "")
    gap = (bound - covered) / covered
    return {"seconds": taken, "gap": gap, "note": f"{note}, gap {gap:.1e}"}, {
        "covered": np.array(covered),
        "bound": np.array(bound),
    }


if __name__ == "__main__":
    report("SciPy milp (HiGHS)", work, package="scipy")
