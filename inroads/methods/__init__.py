"""Arrays in, results out. Knows neither Django nor a database; works in a notebook."""

from inroads.methods import access, agreement, disclosure, inequality, needs, picture, siting, stock, weighting

__all__ = ["access", "agreement", "disclosure", "inequality", "needs", "picture", "siting", "stock", "weighting"]
