"""Who can reach what. Formulae, sources and worked examples: `docs/methods/access.md`."""

from inroads.methods.access.nearest_asset import Nearest, nearest

__all__ = ["Nearest", "nearest"]
