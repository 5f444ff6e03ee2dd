"""The steps of healthequal, which only CRAN has, written in NumPy: draw the groups' values, one measure a draw.

It stands for the way of working, not for the package, whose own time is quoted beside it.
"""

import time

import numpy as np

from benchmarks.peers.report import Inputs, report


def index(estimate: np.ndarray, population: np.ndarray) -> float:
    """Index of disparity, weighted: 100 Σ p |y - m| / m."""
    share = population / population.sum()
    mean = (share * estimate).sum()
    return 100 * (share * np.abs(estimate - mean)).sum() / mean


def work(inputs: Inputs) -> tuple[dict[str, object], Inputs]:
    """The best of three runs."""
    estimate, population = inputs["estimate"], inputs["population"]
    times = []
    for _ in range(3):
        rng = np.random.default_rng(0)
        begun = time.perf_counter()
        drawn = [index(rng.normal(estimate, inputs["se"]), population) for _ in range(int(inputs["draws"]))]
        limits = np.quantile(drawn, [0.025, 0.975])
        value = index(estimate, population)
        times.append(time.perf_counter() - begun)
    note = "the same steps in NumPy, not the package"
    return {"seconds": min(times), "note": note}, {"value": np.array(value), "limits": limits}


if __name__ == "__main__":
    report("one measure a draw", work, package="numpy")
