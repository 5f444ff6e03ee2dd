"""The steps of PHEindicatormethods, which only CRAN has, in NumPy: draw the tenths' values, one regression a draw.

It stands for the way of working, not for the package, whose own time is quoted beside it.
"""

import time

import numpy as np

from benchmarks.peers.report import Inputs, report


def slope(value: np.ndarray, rank: np.ndarray, root: np.ndarray) -> tuple[float, float]:
    """The fitted value at the least less that at the most deprived end, and what stands in for their ratio."""
    line = np.linalg.lstsq(root[:, None] * np.column_stack([np.ones_like(rank), rank]), root * value, rcond=None)[0]
    return line[1], (line[0] + line[1]) / line[0]


def work(inputs: Inputs) -> tuple[dict[str, object], Inputs]:
    """Three areas with a tenth of the draws, scaled to all areas and draws."""
    areas, draws = len(inputs["value"]), int(inputs["draws"])
    some, fewer = min(3, areas), max(draws // 10, 1_000)
    rng = np.random.default_rng(0)
    answers = np.empty((some, 3))
    begun = time.perf_counter()
    for area in range(some):
        value, people, se = (inputs[name][area] for name in ("value", "population", "se"))
        share = people / people.sum()
        rank, root = np.cumsum(share) - share / 2, np.sqrt(share)
        drawn = np.exp(rng.normal(np.log(value), se, (fewer, value.size)))
        slopes = [slope(row, rank, root)[0] for row in drawn]
        answers[area] = slope(value, rank, root)[0], *np.quantile(slopes, [0.025, 0.975])
    taken = time.perf_counter() - begun
    scaled = areas / some * draws / fewer
    note = f"{some} areas, {fewer:,} draws, scaled; the same steps in NumPy, not the package"
    return {"seconds": taken * scaled, "scaled": round(scaled, 1), "note": note}, {"slopes": answers}


if __name__ == "__main__":
    report("one regression a draw", work, package="numpy")
