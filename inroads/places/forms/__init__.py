"""What a reader can type on the pages of a place."""

from inroads.places.forms.risk import FindForm, WeightsForm

__all__ = ["FindForm", "WeightsForm"]
