"""What the peers that fit one zone at a time share: which zones, how many rounds, what the answer is measured by.

Packages stop at different signs of having arrived. Here each stops after the round in which the largest difference
of any margin falls to 1e-6 people, worked out beforehand outside the clock, or by its own sign where it takes no other.
"""

import time
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.peers.report import Inputs

TOLERANCE = 1e-6
Fit = Callable[[int], np.ndarray]


def zones_of(inputs: Inputs, count: int) -> np.ndarray:
    """A seeded sample of zones; all of them where there are not more. A smaller sample is part of a larger one."""
    return np.random.default_rng(0).permutation(len(inputs["margin_0"]))[:count]


def targets(inputs: Inputs, zone: int) -> list[np.ndarray]:
    """The margins of one zone."""
    return [np.ascontiguousarray(inputs[f"margin_{c}"][zone]) for c in range(inputs["profiles"].shape[1])]


def margin_error(weights: np.ndarray, codes: np.ndarray, wanted: Sequence[np.ndarray]) -> float:
    """The largest difference of any margin in people."""
    found = (np.bincount(codes[:, c], weights, len(k)) for c, k in enumerate(wanted))
    return max(float(np.abs(f - k).max()) for f, k in zip(found, wanted, strict=True))


def rounds_needed(inputs: Inputs, zone: int) -> int:
    """Rounds of plain proportional fitting until the margin error is within `TOLERANCE`."""
    codes, weights, wanted = inputs["profiles"], inputs["seed"].copy(), targets(inputs, zone)
    for rounds in range(1, 1_000):
        for c, k in enumerate(wanted):
            weights *= (k / np.bincount(codes[:, c], weights, len(k)))[codes[:, c]]
        if margin_error(weights, codes, wanted) <= TOLERANCE:
            return rounds
    raise RuntimeError(f"zone {zone} does not arrive")


def run(inputs: Inputs, zones: np.ndarray, fit: Fit, note: str) -> tuple[dict[str, object], Inputs]:
    """Times `fit(zone)`, which gives the weights of the profiles, over the sample; half of it again as a check.

    Scaled to all zones, since each zone is a problem of its own. Answers: expected counts of the zones.
    """
    everything = len(inputs["margin_0"])
    begun = time.perf_counter()
    weights = [fit(int(zone)) for zone in zones]
    taken = time.perf_counter() - begun
    half = zones[: len(zones) // 2]
    begun = time.perf_counter()
    for zone in half:
        fit(int(zone))
    half_taken = time.perf_counter() - begun
    error = max(
        margin_error(w, inputs["profiles"], targets(inputs, int(z))) for w, z in zip(weights, zones, strict=True)
    )
    measured = {
        "seconds": taken * everything / len(zones),
        "scaled": round(everything / len(zones), 2),
        "error": error,
        "linearity": round(taken / len(zones) / (half_taken / len(half)), 2),
        "note": f"{len(zones)} of {everything} zones, scaled; {note}",
    }
    return measured, {"zones": zones, "expected": np.array(weights) @ inputs["rates"]}
