"""How the cost of fitting and of catchments grows with neighbourhoods, profiles and processors, as pictures.

python -m benchmarks.growth [--output docs/methods/pictures]
"""

import argparse
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks import inputs
from benchmarks.drawing import Line, drawn, spoken

ROOT = Path(__file__).resolve().parents[1]
ZONES = (1_000, 2_000, 4_000, 8_000, 16_000, inputs.ZONES)
PROFILES = (100, 200, 500, 1_000, 2_000, 5_000)
PLACES = 8_000
"""Neighbourhoods where profiles grow."""


def best(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the quickest of some runs after one that is not counted."""
    work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def power(line: Line) -> float:
    """By which power the time grows over the whole line: 1 is in proportion."""
    return math.log(line.up[-1] / line.up[0]) / math.log(line.across[-1] / line.across[0])


def told(lines: list[Line], unit: str) -> str:
    """What the picture shows, in words."""
    parts = [
        f"{line.name}: from {spoken(round_to_two(line.up[0]))} for {line.across[0]:,} {unit} "
        f"to {spoken(round_to_two(line.up[-1]))} for {line.across[-1]:,}"
        for line in lines
    ]
    return f"{'; '.join(parts)}."


def round_to_two(value: float) -> float:
    """Two figures that count."""
    return float(f"{value:.2g}")


def fitting_by_zones() -> list[Line]:
    """Fitting 1,873 profiles, on one thread and on two."""
    from inroads.methods.needs import fit

    given = inputs.ipf()
    margins = inputs.margins(given)

    def cost(zones: int, threads: int) -> float:
        some = [margin[:zones] for margin in margins]
        return best(lambda: fit(given["profiles"], given["seed"], some, threads=threads))

    return [Line(name, ZONES, [cost(zones, threads) for zones in ZONES]) for name, threads in THREADS]


def fitting_by_profiles() -> list[Line]:
    """Fitting `PLACES` neighbourhoods, on one thread and on two."""
    from inroads.methods.needs import fit

    made = {profiles: inputs.ipf(zones=PLACES, profiles=profiles) for profiles in PROFILES}

    def cost(profiles: int, threads: int) -> float:
        given = made[profiles]
        return best(lambda: fit(given["profiles"], given["seed"], inputs.margins(given), threads=threads), 2)

    return [Line(name, PROFILES, [cost(profiles, threads) for profiles in PROFILES]) for name, threads in THREADS]


def catchments() -> list[Line]:
    """Two-step catchments of 20,000 assets, for neighbourhoods spread evenly and in towns."""
    from inroads.methods.access import Steps, two_step

    def cost(zones: int, *, clustered: bool) -> float:
        given = inputs.catchment(clustered=clustered)
        some = np.random.default_rng(0).permutation(inputs.ZONES)[:zones]
        decay = Steps(edges=tuple(given["edges"].tolist()), weights=tuple(given["weights"].tolist()))
        origins, demand = given["origins"][some], given["demand"][some]
        reach = float(given["catchment"])
        asked = (origins, demand, given["assets"], given["supply"])
        return best(lambda: two_step(*asked, catchment=reach, decay=decay), 5)

    kinds = (("in towns", True), ("spread evenly", False))
    return [Line(name, ZONES, [cost(zones, clustered=kind) for zones in ZONES]) for name, kind in kinds]


THREADS = (("one thread", 1), ("two threads", 2))
PICTURES = (
    ("growth-fitting-zones", "Time to fit, by neighbourhoods (1,873 profiles)", "neighbourhoods", fitting_by_zones),
    ("growth-fitting-profiles", f"Time to fit {PLACES:,} neighbourhoods, by profiles", "profiles", fitting_by_profiles),
    ("growth-catchment", "Time of a two-step catchment, by neighbourhoods", "neighbourhoods", catchments),
)


def main() -> None:
    """Measures, prints the figures, draws the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "methods" / "pictures")
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    for name, title, unit, measured in PICTURES:
        lines = measured()
        for line in lines:
            figures = ", ".join(f"{a:,} {b:.4g} s" for a, b in zip(line.across, line.up, strict=True))
            print(f"{title}, {line.name}: {figures}; grows by the power {power(line):.2f}", flush=True)
        ticks = PROFILES if unit == "profiles" else ZONES
        (folder / f"{name}.svg").write_text(drawn(title, told(lines, unit), unit, lines, ticks=ticks))


if __name__ == "__main__":
    main()
