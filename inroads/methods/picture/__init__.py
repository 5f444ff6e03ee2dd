"""From risk to real: what a risk index says, revised by what conversations found, and where to listen next."""

from inroads.methods.picture.listening import Visits, where_to_listen
from inroads.methods.picture.released import revise_released
from inroads.methods.picture.revision import Picture, revise
from inroads.methods.picture.shares import risk_from_index

__all__ = ["Picture", "Visits", "revise", "revise_released", "risk_from_index", "where_to_listen"]
