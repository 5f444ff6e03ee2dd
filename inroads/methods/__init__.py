"""Arrays in, results out. Knows neither Django nor a database; works in a notebook."""

from inroads.methods import access, disclosure, inequality, needs, picture, siting

__all__ = ["access", "disclosure", "inequality", "needs", "picture", "siting"]
