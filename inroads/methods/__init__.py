"""Arrays in, results out. Knows neither Django nor a database; works in a notebook."""

from inroads.methods import (
    access,
    adoption,
    agreement,
    disclosure,
    inequality,
    maturity,
    needs,
    picture,
    siting,
    stock,
    triangulation,
    weighting,
)

__all__ = [
    "access",
    "adoption",
    "agreement",
    "disclosure",
    "inequality",
    "maturity",
    "needs",
    "picture",
    "siting",
    "stock",
    "triangulation",
    "weighting",
]
