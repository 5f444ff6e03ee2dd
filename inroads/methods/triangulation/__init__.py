"""A claim beside other voices: how far they differ, and which of three rival explanations the evidence bears out.

Formulae, sources and worked examples: `docs/methods/triangulation.md`.
"""

from inroads.methods.triangulation.differences import Compared, Difference, compare
from inroads.methods.triangulation.explanations import Explained, Explanation, explain
from inroads.methods.triangulation.rivals import CAUSES, Contrast
from inroads.methods.triangulation.voices import Voice

__all__ = ["CAUSES", "Compared", "Contrast", "Difference", "Explained", "Explanation", "Voice", "compare", "explain"]
