"""What the places loop stores: plans and what became of them. Facts are added, never changed."""

from inroads.places.models.outreach import Outreach, OutreachReport, OutreachStop, OutreachVersion
from inroads.places.models.siting import SitingRun
from inroads.places.models.steps import (
    Cycle,
    CycleEntry,
    Decision,
    GapKind,
    GroupsKnown,
    Money,
    Paid,
    Part,
    SmallStep,
    SmallStepVersion,
    WhyEnded,
)

__all__ = [
    "Cycle",
    "CycleEntry",
    "Decision",
    "GapKind",
    "GroupsKnown",
    "Money",
    "Outreach",
    "OutreachReport",
    "OutreachStop",
    "OutreachVersion",
    "Paid",
    "Part",
    "SitingRun",
    "SmallStep",
    "SmallStepVersion",
    "WhyEnded",
]
