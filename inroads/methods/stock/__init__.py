"""How much of something that is lent will be free or missing in the weeks to come, and how many more are needed."""

from inroads.methods.stock.forecasting import Forecast, forecast

__all__ = ["Forecast", "forecast"]
