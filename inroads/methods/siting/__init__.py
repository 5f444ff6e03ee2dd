"""Where the next one goes. Formulae, sources and worked examples: `docs/methods/siting.md`."""

from inroads.methods.siting.plan import Siting, cover

__all__ = ["Siting", "cover"]
