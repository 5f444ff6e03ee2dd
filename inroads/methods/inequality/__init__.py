"""Is the gap widening? Summary measures of inequality between groups, rates with intervals, and a guard over time.

Formulae, sources and worked examples: `docs/methods/inequality.md` and `docs/methods/inequality-rates-and-slopes.md`.
"""

# The first seven put their measures on the list, in this order.
from inroads.methods.inequality import gaps, concentration, fitted_line, variance, mean_differences, entropy, impact  # noqa: F401, I001
from inroads.methods.inequality.guard import Guard, PlannedSample, guard, planned_sample
from inroads.methods.inequality.measure import Measure, measure
from inroads.methods.inequality.rates import (
    Figures,
    Ratios,
    mean,
    proportion,
    rate,
    standardised_rate,
    standardised_ratio,
)
from inroads.methods.inequality.registry import Declared, measures
from inroads.methods.inequality.slope import SlopeIndex, se_from_limits, slope_index

__all__ = [
    "Declared",
    "Figures",
    "Guard",
    "Measure",
    "PlannedSample",
    "Ratios",
    "SlopeIndex",
    "guard",
    "mean",
    "measure",
    "measures",
    "planned_sample",
    "proportion",
    "rate",
    "se_from_limits",
    "slope_index",
    "standardised_rate",
    "standardised_ratio",
]
