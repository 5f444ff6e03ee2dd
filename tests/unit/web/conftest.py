"""A team, the place it works in, and whoever leads that."""

import pytest
from people_factories import make_team, make_worker


@pytest.fixture
def team(db):
    return make_team()


@pytest.fixture
def place(team):
    return team.parent.parent


@pytest.fixture
def lead(place):
    return make_worker(place, "place_lead")
