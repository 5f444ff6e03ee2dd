"""From those who answered to those who live there: weights raked to known totals, estimates with their design, and who
is missing.

Formulae, sources and worked examples: `docs/methods/weighting.md`.
"""

from inroads.methods.weighting.estimates import Estimate, estimate
from inroads.methods.weighting.raking import Raked, rake
from inroads.methods.weighting.who_answered import Coverage, coverage

__all__ = ["Coverage", "Estimate", "Raked", "coverage", "estimate", "rake"]
