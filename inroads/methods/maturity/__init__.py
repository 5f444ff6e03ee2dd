"""How far a criterion is met, with three needles: what is claimed, what is evidenced, what people experience.

Rules, reasons and examples: `docs/methods/maturity.md`.
"""

from inroads.methods.maturity.criteria import Criterion, Element
from inroads.methods.maturity.evidence import Claim, Evidence, Voice
from inroads.methods.maturity.missing import Missing
from inroads.methods.maturity.needles import Level, level

__all__ = ["Claim", "Criterion", "Element", "Evidence", "Level", "Missing", "Voice", "level"]
