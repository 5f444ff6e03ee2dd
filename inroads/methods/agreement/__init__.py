"""Whether people who sort or score the same things come to the same answer: Krippendorff's alpha with its interval.

Formulae, sources and worked examples: `docs/methods/agreement.md`.
"""

from inroads.methods.agreement.reliability import Agreement, Level, alpha

__all__ = ["Agreement", "Level", "alpha"]
