"""What the directory stores: touchpoints, their services, where and when, for whom, and where each fact comes from."""

from inroads.directory.models.feeds import Feed, FeedRun, Pair
from inroads.directory.models.places import Location, Opening, ServiceAtLocation
from inroads.directory.models.services import (
    OVER,
    RUNNING,
    Change,
    Check,
    How,
    Reach,
    Service,
    Status,
    Tag,
    TagKind,
    Touchpoint,
)

__all__ = [
    "OVER",
    "RUNNING",
    "Change",
    "Check",
    "Feed",
    "FeedRun",
    "How",
    "Location",
    "Opening",
    "Pair",
    "Reach",
    "Service",
    "ServiceAtLocation",
    "Status",
    "Tag",
    "TagKind",
    "Touchpoint",
]
