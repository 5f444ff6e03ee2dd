"""The risk picture: published figures about neighbourhoods put together, and how far they can be trusted.

An index out of indicators (`composite`, `rank_intervals`); estimates for neighbourhoods out of surveys and published
rates (`fit`, `small_areas`, `calibrate`, `joint_bounds`). Formulae, sources, worked examples: `docs/methods/needs.md`.
"""

from inroads.methods.needs.calibration import Calibrated, calibrate
from inroads.methods.needs.fitting import Fit, fit
from inroads.methods.needs.index import composite
from inroads.methods.needs.joint import JointBounds, joint_bounds
from inroads.methods.needs.ranking import RankIntervals, rank_intervals, ranks
from inroads.methods.needs.scales import Scale
from inroads.methods.needs.small_areas import SmallAreas, small_areas

__all__ = [
    "Calibrated",
    "Fit",
    "JointBounds",
    "RankIntervals",
    "Scale",
    "SmallAreas",
    "calibrate",
    "composite",
    "fit",
    "joint_bounds",
    "rank_intervals",
    "ranks",
    "small_areas",
]
