"""The one door: counts about people leave as figures that hide small numbers, and every release can be attacked first.

Rule, proofs, sources and worked examples: `docs/methods/disclosure.md`.
"""

from inroads.methods.disclosure.attack import Audit, audit
from inroads.methods.disclosure.counting import count
from inroads.methods.disclosure.pairs import Pairs, protect_pairs
from inroads.methods.disclosure.release import Protected, protect
from inroads.methods.disclosure.together import Parts, protect_parts

__all__ = ["Audit", "Pairs", "Parts", "Protected", "audit", "count", "protect", "protect_pairs", "protect_parts"]
