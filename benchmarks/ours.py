"""What of Inroads' own is measured, one function a task: inputs in, something to time out.

Run as a process of its own, so that one task's memory is not counted with another's:

    python -m benchmarks.ours TASK inputs.npz small-inputs.npz answers.npz
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.inputs import Inputs, margins
from benchmarks.memory import forget_peak, peak_mb

ENOUGH = 1.5
"""Seconds spent on repeating a quick task."""


@dataclass(frozen=True)
class Ours:
    """`run()` is timed and gives the answers; `also` are further things to time, by what they are.

    `after` turns the times of `run` and `also` into that of the whole task, where `run` is a part of it.
    """

    run: Callable[[], Inputs]
    also: dict[str, Callable[[], Any]] = field(default_factory=dict)
    after: Callable[[float, dict[str, float]], float] | None = None
    note: str = ""
    facts: Callable[[Inputs], dict[str, float]] = lambda answers: {}


def ipf(inputs: Inputs) -> Ours:
    """Fits, and again on one thread."""
    from inroads.methods.needs import fit

    given = inputs["profiles"], inputs["seed"], margins(inputs)
    kept = {}

    def run() -> Inputs:
        kept["fit"] = fit(*given, tolerance=1e-6)
        return {"residual": kept["fit"].residual}

    def facts(answers: Inputs) -> dict[str, float]:
        answers["expected"] = kept["fit"].expected(inputs["rates"])
        return {"error": float(answers["residual"].max())}

    return Ours(run, {"one thread": lambda: fit(*given, tolerance=1e-6, threads=1)}, facts=facts)


def replicates(inputs: Inputs) -> Ours:
    """200 bootstrap replicates, each starting where the first fit ended: 20 of them, and the first fit, scaled."""
    from inroads.methods.needs import fit, small_areas

    given = inputs["profiles"], inputs["seed"], margins(inputs)
    some = 20

    def run() -> Inputs:
        found = small_areas(*given, inputs["rates"][:, 0], replicates=some, rng=1)
        return {"value": found.value, "low": found.low, "high": found.high}

    def whole(taken: float, also: dict[str, float]) -> float:
        return also["first fit"] + 200 / some * (taken - also["first fit"])

    return Ours(run, {"first fit": lambda: fit(*given)}, whole, note=f"{some} replicates measured, scaled to 200")


def catchment(inputs: Inputs) -> Ours:
    """From raw coordinates."""
    from inroads.methods.access import Steps, two_step

    decay = Steps(edges=tuple(inputs["edges"].tolist()), weights=tuple(inputs["weights"].tolist()))
    given = (inputs[name] for name in ("origins", "demand", "assets", "supply"))
    origins, demand, assets, supply = given
    reach = float(inputs["catchment"])
    return Ours(
        lambda: {"score": two_step(origins, demand, assets, supply, catchment=reach, decay=decay)},
        note="from raw coordinates",
    )


def nearest(inputs: Inputs) -> Ours:
    """From raw coordinates."""
    from inroads.methods.access import nearest as find

    return Ours(lambda: {"metres": find(inputs["origins"], inputs["assets"]).metres})


def covering(inputs: Inputs) -> Ours:
    """The best plan and its bound; the greedy one at once."""
    from scipy.sparse import csc_array

    from inroads.methods.siting import cover

    shape = len(inputs["demand"]), int(inputs["sites"])
    reach = csc_array((np.ones(len(inputs["zone"]), dtype=bool), (inputs["zone"], inputs["site"])), shape=shape)
    choose, demand = int(inputs["choose"]), inputs["demand"]

    def run() -> Inputs:
        found = cover(demand, reach, open_new=choose, seconds=29.0)
        return {"covered": np.array(found.covered), "bound": np.array(found.bound)}

    def facts(answers: Inputs) -> dict[str, float]:
        plan = cover(demand, reach, open_new=choose, method="greedy")
        covered, bound = float(answers["covered"]), float(answers["bound"])
        return {"gap": (bound - covered) / covered, "greedy below best": 1 - plan.covered / covered}

    return Ours(run, {"greedy": lambda: cover(demand, reach, open_new=choose, method="greedy")}, facts=facts)


def slopes(inputs: Inputs) -> Ours:
    """Slope and relative index of every area, with limits from draws of rates; those of means need no draws."""
    from inroads.methods.inequality import slope_index

    given, draws = (inputs["value"], inputs["population"], inputs["se"]), int(inputs["draws"])

    def run() -> Inputs:
        found = slope_index(*given, transform="log", draws=draws, rng=1)
        return {"slopes": np.column_stack([found.sii, found.sii_low, found.sii_high])}

    return Ours(run, {"without a transform": lambda: slope_index(*given, draws=draws, rng=1)})


def who(inputs: Inputs) -> Ours:
    """The weighted index of disparity, which has no formula for its limits."""
    from inroads.methods.inequality import measure

    given, draws = (inputs["estimate"], inputs["population"]), int(inputs["draws"])

    def run() -> Inputs:
        found = measure("idisw", *given, se=inputs["se"], draws=draws, rng=1)
        return {"value": np.array(found.value), "limits": np.array([found.low, found.high])}

    return Ours(run)


def survey(inputs: Inputs) -> Ours:
    """Raking, then domain means with the raking in their errors."""
    from inroads.methods.weighting import estimate, rake

    weights, asked = inputs["weights"], inputs["categories"]
    totals = [inputs[f"margin_{c}"] for c in range(asked.shape[1])]
    design = {name: inputs[name] for name in ("strata", "clusters", "domain")}

    def run() -> Inputs:
        raked = rake(weights, asked, totals, tolerance=1e-9)
        found = estimate(inputs["value"], weights, raked=raked, **design)
        return {"weights": raked.weights, "mean": found.value, "se": found.se}

    return Ours(run, {"raking alone": lambda: rake(weights, asked, totals, tolerance=1e-9)})


def records(inputs: Inputs) -> Ours:
    """Counts, small ones suppressed and the others rounded."""
    from inroads.methods.disclosure import count, protect

    codes, shape = tuple(inputs[name] for name in ("neighbourhood", "age", "sex")), tuple(inputs["shape"].tolist())
    return Ours(
        lambda: {"people": protect(count(codes, shape), margins=False).values},
        {"counting alone": lambda: count(codes, shape)},
    )


def linked(inputs: Inputs) -> Ours:
    """The same with totals of every kind, and what must be suppressed so that they give nothing away."""
    from inroads.methods.disclosure import count, protect

    codes, shape = tuple(inputs[name] for name in ("neighbourhood", "age", "sex")), tuple(inputs["shape"].tolist())
    return Ours(lambda: {"suppressed": np.array((protect(count(codes, shape)).state == "suppressed").sum())})


OURS = {f.__name__: f for f in (ipf, replicates, catchment, nearest, covering, slopes, who, survey, records, linked)}


def times_of(work: Callable[[], Any]) -> tuple[list[float], Any]:
    """Seconds of each run, and what the last gave; a task of seconds is run once, a quick one many times."""
    times: list[float] = []
    while not times or (sum(times) < ENOUGH and len(times) < 50):
        begun = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - begun)
    return times, found


def main() -> None:
    """Warms up on the small inputs, which compiles; then measures. Prints one line of JSON."""
    task, whole, small, kept = sys.argv[1:5]
    with np.load(small) as stored:
        trial = OURS[task](dict(stored))
    for work in (trial.run, *trial.also.values()):
        work()
    with np.load(whole) as stored:
        asked = OURS[task](dict(stored))
    forget_peak()
    times, answers = times_of(asked.run)
    peak = peak_mb()
    also = {what: min(times_of(work)[0]) for what, work in asked.also.items()}
    after = asked.after or (lambda taken, _: taken)
    facts = asked.facts(answers)
    np.savez(kept, **answers)
    line = {
        "seconds": after(min(times), also),
        "median": after(statistics.median(times), also),
        "runs": len(times),
        "peak_mb": round(peak),
        "also": also,
        "facts": facts,
        "note": asked.note,
    }
    print(json.dumps(line))


if __name__ == "__main__":
    main()
