"""Touchpoints near a neighbourhood: the list of where to listen and the page of a walk go by one rule."""

from datetime import date

import pytest
from directory_factories import make_service, make_touchpoint
from django.contrib.auth.models import AnonymousUser
from places_factories import NEIGHBOURHOOD

from inroads.directory.models import Reach, Service, Status
from inroads.directory.queries.places import point_of
from inroads.places.queries.listening import _trusted
from inroads.places.queries.near import NEAR, near
from inroads.places.queries.outreach import touchpoints_near

pytestmark = pytest.mark.django_db


def at(metres):
    """So many metres east of the middle of the neighbourhood."""
    easting, northing = point_of(postcode="", neighbourhood=NEIGHBOURHOOD)
    return easting + metres, northing


@pytest.fixture
def offered(place, lead):
    """Makes a touchpoint with a service at each of these distances in metres."""

    def make(name, *metres, **options):
        made = make_touchpoint(place, by=lead, name=name, **options)
        return made, [make_service(made, by=lead, at=at(each)) for each in metres]

    return make


def test_near_is_what_runs_within_reach_and_the_reader_may_see(lead, offered):
    offered("The Hub", 900, 300, NEAR + 1)
    offered("On the edge", NEAR)
    offered("Beyond", NEAR + 1)
    offered("The safe house", 100, private=True)
    _, (closed,) = offered("Closed", 200)
    Service.objects.filter(pk=closed.pk).update(status=Status.INACTIVE)
    found = near(AnonymousUser(), [NEIGHBOURHOOD, "E01999999"])
    assert [(each.name, round(each.metres), len(each.services)) for each in found[NEIGHBOURHOOD]] == [
        ("The Hub", 300, 2),
        ("On the edge", NEAR, 1),
    ]
    assert found["E01999999"] == []
    assert near(lead, [NEIGHBOURHOOD])[NEIGHBOURHOOD][0].name == "The safe house"


def test_both_pages_name_the_same_touchpoints_each_in_its_order(lead, offered):
    offered("Nearest", 100)
    told_of, _ = offered("People told us", 1_500)
    Reach.objects.create(touchpoint=told_of, community="refugees", helped=25, state="value", until=date(2026, 1, 31))
    listed = near(lead, [NEIGHBOURHOOD])[NEIGHBOURHOOD]
    assert [(each.name, each.told) for each in _trusted(listed)] == [("People told us", True), ("Nearest", False)]
    walk = touchpoints_near(lead, [NEIGHBOURHOOD])[NEIGHBOURHOOD]
    assert [each.touchpoint.name for each in walk] == ["Nearest", "People told us"]
    assert [[reach.helped for reach in each.told] for each in walk] == [[], [25]]
