"""Who can reach what. Formulae, sources and worked examples: `docs/methods/access.md`."""

from inroads.methods.access.catchment_areas import three_step, two_step
from inroads.methods.access.decay import Gaussian, Steps
from inroads.methods.access.nearest_asset import Nearest, nearest
from inroads.methods.access.touchpoints import Reach, reach

__all__ = ["Gaussian", "Nearest", "Reach", "Steps", "nearest", "reach", "three_step", "two_step"]
