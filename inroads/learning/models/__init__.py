"""What the learning room stores: trusted apps and platforms, each text they had, and each review of them."""

from inroads.learning.models.apps import AppReview, AppText, Cost, Result, TrustedApp

__all__ = ["AppReview", "AppText", "Cost", "Result", "TrustedApp"]
