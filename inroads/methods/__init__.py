"""Arrays in, results out. Knows neither Django nor a database; works in a notebook."""

from inroads.methods import access, needs

__all__ = ["access", "needs"]
