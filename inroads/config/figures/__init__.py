"""`inroads needs …` and `inroads equity …`: the methods on anybody's own tables, without a database or settings."""

from inroads.config.figures.equity import equity
from inroads.config.figures.needs import needs

__all__ = ["equity", "needs"]
