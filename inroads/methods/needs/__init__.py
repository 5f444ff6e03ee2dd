"""The risk picture: published indicators of neighbourhoods put together into one index, and how far it can be trusted.

Formulae, sources and worked examples: `docs/methods/needs.md`.
"""

from inroads.methods.needs.index import composite
from inroads.methods.needs.ranking import RankIntervals, rank_intervals, ranks
from inroads.methods.needs.scales import Scale

__all__ = ["RankIntervals", "Scale", "composite", "rank_intervals", "ranks"]
