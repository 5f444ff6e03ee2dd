"""Where areas stand on the curve of adoption, how sure that is, whether region matters, and who moved.

Formulae, sources and measured coverage: `docs/methods/adoption.md`.
"""

from inroads.methods.adoption.classify import Adoption, classify
from inroads.methods.adoption.grouping import GROUPS, NOT_SCORED, SHARES
from inroads.methods.adoption.movement import Movement, movement
from inroads.methods.adoption.patterns import (
    Pattern,
    Reached,
    Rogers,
    against_rogers,
    pattern_by_region,
    regions_reached,
)

__all__ = [
    "GROUPS",
    "NOT_SCORED",
    "SHARES",
    "Adoption",
    "Movement",
    "Pattern",
    "Reached",
    "Rogers",
    "against_rogers",
    "classify",
    "movement",
    "pattern_by_region",
    "regions_reached",
]
