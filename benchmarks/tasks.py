"""What is measured: inputs, whom it is measured beside, what was promised, and how far answers may differ."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.inputs import Inputs

Agree = Callable[[Inputs, Inputs], tuple[float, float]]
"""Our answers and a peer's: the largest difference, and how much is allowed."""


@dataclass(frozen=True)
class Goal:
    """Seconds at most; times as fast as the fastest peer at least; and what else must hold of our facts."""

    seconds: float | None = None
    ratio: float | None = None
    facts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """One row of the table, or one for each peer."""

    name: str
    title: str
    inputs: str
    goal: Goal
    ours: str = ""
    peers: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    """Not packages but their steps in NumPy: shown, not counted for a ratio."""
    quoted: tuple[tuple[str, float], ...] = ()
    """Packages that only CRAN has, with the seconds measured earlier on two such cores."""
    agree: Agree | None = None
    options: dict[str, Any] = field(default_factory=dict)


def _zones(ours: Inputs, theirs: Inputs) -> tuple[float, float]:
    """Expected people of the zones fitted: weights may differ a little where margins agree to 1e-6 people."""
    return float(np.abs(ours["expected"][theirs["zones"]] - theirs["expected"]).max()), 1e-4


def _same(name: str, allowed: float) -> Agree:
    """Everywhere the same to within `allowed`; NaN in the same places."""

    def agree(ours: Inputs, theirs: Inputs) -> tuple[float, float]:
        if (np.isnan(ours[name]) != np.isnan(theirs[name])).any():
            return np.inf, allowed
        return float(np.nanmax(np.abs(ours[name] - theirs[name]), initial=0.0)), allowed

    return agree


def _relative(name: str, allowed: float) -> Agree:
    """The same to within a share of the largest."""

    def agree(ours: Inputs, theirs: Inputs) -> tuple[float, float]:
        return float(np.abs(ours[name] - theirs[name]).max() / np.abs(theirs[name]).max()), allowed

    return agree


def _plans(ours: Inputs, theirs: Inputs) -> tuple[float, float]:
    """Neither plan reaches more people than the other's bound allows, as a share."""
    if "covered" not in theirs:
        return np.nan, 0.0
    beyond = max(ours["covered"] - theirs["bound"], theirs["covered"] - ours["bound"], 0.0)
    return float(beyond / ours["covered"]), 1e-6


def _slopes(ours: Inputs, theirs: Inputs) -> tuple[float, float]:
    """Slopes and limits of the areas done, in widths of the interval: limits are simulated by both."""
    found, other = ours["slopes"][: len(theirs["slopes"])], theirs["slopes"]
    return float((np.abs(found - other) / (other[:, 2:] - other[:, 1:2])).max()), 0.1


def _errors(ours: Inputs, theirs: Inputs) -> tuple[float, float]:
    """Weights and means alike; standard errors to 1 %, since packages regress on the margins with other weights."""
    allowed = 0.01 if len(ours["weights"]) > 2_000 else 0.03
    if not np.allclose(ours["weights"], theirs["weights"], rtol=1e-7) or not np.allclose(ours["mean"], theirs["mean"]):
        return np.inf, allowed
    return float(np.abs(ours["se"] / theirs["se"] - 1).max()), allowed


FITTING = ("ipf_populationsim", "ipf_ipfn", "ipf_humanleague")
TASKS = (
    Task(
        "ipf", "Proportional fitting, 33,755 zones × 1,873 profiles × 5 margins, to 1e-6 people", "ipf",
        Goal(seconds=0.5, ratio=190, facts={"error": 1e-6}),
        peers=FITTING, quoted=(("R ipfp", 95.0),), agree=_zones,
    ),
    Task(
        "replicates", "The same with 200 bootstrap replicates", "ipf", Goal(seconds=80), quoted=(("R ipfp", 18_720.0),)
    ),
    Task(
        "catchment", "Enhanced two-step catchment, 33,755 × 20,000 points spread evenly, 10 km", "catchment",
        Goal(seconds=0.030), peers=("catchment_access",), agree=_relative("score", 1e-9),
    ),
    Task(
        "towns", "The same where people live in towns: ten times as many pairs", "catchment",
        # The peer's time follows the pairs, ours hardly does. The published centroids have this many, so the ratio is
        # promised here: 6.9 million pairs with assets placed like people, 0.7 million where all is spread evenly.
        Goal(seconds=0.030, ratio=150), ours="catchment", peers=("catchment_access",), agree=_relative("score", 1e-9),
        options={"clustered": True},
    ),
    Task(
        "nearest", "Nearest asset of the same evenly spread points", "catchment", Goal(seconds=0.030),
        peers=("nearest_scipy",), agree=_same("metres", 1e-6),
    ),
    Task(
        "covering", "Maximal covering, 33,755 zones × 2,000 sites spread evenly, 200 chosen, to 1e-4", "covering",
        Goal(seconds=30, facts={"gap": 1e-4}), peers=("covering_spopt", "covering_scipy"), agree=_plans,
    ),
    Task(
        # Harder than what was promised: shown with the gap that half a minute leaves, not judged by it.
        "covering_towns", "The same where people live in towns: ten times as many pairs; what half a minute leaves",
        "covering", Goal(seconds=30), ours="covering", peers=("covering_scipy",), agree=_plans,
        options={"clustered": True},
    ),
    Task(
        "slopes", "Slope indices of rates, 317 areas × 10 tenths, 100,000 draws", "slopes", Goal(seconds=2),
        stand_ins=("slopes_numpy",), quoted=(("PHEindicatormethods", 145.0),), agree=_slopes,
    ),
    Task(
        "who", "One WHO measure of 12 groups with simulated limits, 1,000 draws", "who", Goal(seconds=0.005),
        stand_ins=("who_numpy",), quoted=(("healthequal", 0.6),), agree=_same("value", 1e-9),
    ),
    Task(
        # Level: as fast, within the fifth by which times on a shared machine differ.
        "survey", "Raking 8,000 people to 5 margins, 18 domain means with design errors", "survey", Goal(ratio=0.8),
        peers=("survey_svy", "survey_r"), agree=_errors,
    ),
    Task(
        "records", "10 million records to counts by neighbourhood, age and sex, suppressed and rounded", "records",
        Goal(seconds=1), peers=("records_duckdb",), agree=_same("people", 0.0),
    ),
    Task("linked", "The same with all totals and linked suppression", "records", Goal(seconds=10)),
)  # fmt: skip
