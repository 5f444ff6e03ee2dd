"""A small invented system to count in."""

import pytest
from worlds.ics import make_world
from worlds.published import publish

from inroads.analytics.published import Published, open_published


@pytest.fixture(scope="session")
def made_places(tmp_path_factory) -> Published:
    """Twenty invented neighbourhoods of one system."""
    store = tmp_path_factory.mktemp("places")
    publish(make_world(people=2_000, neighbourhoods=20, seed=3), store)
    found = open_published(store)
    assert found is not None
    return found
