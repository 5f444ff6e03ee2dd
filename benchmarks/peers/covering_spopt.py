"""spopt with PuLP: the time to build the model alone, for a sample of zones; its size grows with zones × sites."""

import time

import numpy as np
from spopt.locate import MCLP

from benchmarks.peers.report import Inputs, report


def build(inputs: Inputs, zones: np.ndarray) -> float:
    """Seconds to build the model of these zones and all sites."""
    place = np.full(len(inputs["demand"]), -1)
    place[zones] = np.arange(len(zones))
    inside = place[inputs["zone"]] >= 0
    apart = np.full((len(zones), int(inputs["sites"])), 2.0)
    apart[place[inputs["zone"][inside]], inputs["site"][inside]] = 1.0
    begun = time.perf_counter()
    MCLP.from_cost_matrix(apart, inputs["demand"][zones], service_radius=1.0, p_facilities=int(inputs["choose"]))
    return time.perf_counter() - begun


def work(inputs: Inputs) -> tuple[dict[str, object], Inputs]:
    """Builds for 1,500 zones, and for half as many as a check that time grows with zones."""
    zones = np.random.default_rng(0).permutation(len(inputs["demand"]))[:1_500]
    half, whole = build(inputs, zones[: len(zones) // 2]), build(inputs, zones)
    scaled = len(inputs["demand"]) / len(zones)
    measured = {
        "seconds": whole * scaled,
        "scaled": round(scaled, 2),
        "linearity": round(whole / len(zones) / (half / (len(zones) // 2)), 2),
        "note": f"building the model only, {len(zones)} of {len(inputs['demand'])} zones, scaled; solving not counted",
    }
    return measured, {}


if __name__ == "__main__":
    report("spopt + PuLP", work, package="spopt")
