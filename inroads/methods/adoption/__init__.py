"""Where areas stand on the curve of adoption, how sure that is, whether region matters, and who moved.

Formulae, sources and measured coverage: `docs/methods/adoption.md`.
"""

from inroads.methods.adoption.classify import Adoption, classify
from inroads.methods.adoption.grouping import GROUPS, NOT_SCORED
from inroads.methods.adoption.movement import Movement, movement
from inroads.methods.adoption.patterns import Pattern, Rogers, against_rogers, pattern_by_region

__all__ = [
    "GROUPS",
    "NOT_SCORED",
    "Adoption",
    "Movement",
    "Pattern",
    "Rogers",
    "against_rogers",
    "classify",
    "movement",
    "pattern_by_region",
]
