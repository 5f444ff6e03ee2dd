"""A place and whoever leads it."""

import pytest
from people_factories import make_place, make_worker


@pytest.fixture
def place(db):
    return make_place()


@pytest.fixture
def lead(place):
    return make_worker(place, "place_lead")
