"""What is read about places. Published figures are open to everyone, so nothing here asks who is reading."""

from functools import cache

from django.conf import settings

from inroads.analytics.published import Published, open_published
from inroads.reference.definitions import load
from inroads.reference.definitions.figures import Group, Indicator
from inroads.reference.definitions.indices import Index


def published() -> Published | None:
    """The figures as loaded last, or None when none are."""
    return open_published(settings.PUBLISHED_DIR)


@cache
def risk_index() -> Index:
    """The index these pages show."""
    return load(Index)["digital_exclusion_risk"]


def indicators() -> dict[str, Indicator]:
    """All indicators, by id."""
    return load(Indicator)


def group_definitions() -> dict[str, Group]:
    """The groups of people and households that can be shown, by id: all but those defined after the last load."""
    held = published()
    return (
        load(Group)
        if held is None
        else {id: each for id, each in load(Group).items() if id in held.neighbourhoods.groups}
    )
