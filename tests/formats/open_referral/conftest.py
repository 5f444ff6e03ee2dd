"""A place with somebody who keeps its directory, and the two real feeds."""

from datetime import time

import pytest
from people_factories import make_place, make_worker
from served import MANY, listed

from inroads.directory.actions.feeds import load_feed
from inroads.directory.actions.services import Details, Hours, add_service
from inroads.directory.actions.touchpoints import add_touchpoint
from inroads.interop.open_referral import reader

REAL = {
    "Bristol": "oruk_v2_services_bristol_2024_12.json.gz",
    "North Lincolnshire": "oruk_v2_services_north_lincolnshire_2024_12.json.gz",
}


@pytest.fixture
def place(db):
    return make_place("A place")


@pytest.fixture
def lead(place):
    return make_worker(place, "place_lead")


@pytest.fixture
def load(place, lead):
    """Loads services as JSON gives them: `load([{...}], name="A feed")`."""

    def loaded(services, *, name="A feed", publish=True, by=lead):
        reading = reader.read(services)
        return load_feed(
            area=place,
            name=name,
            entries=reading.entries,
            filename="feed.json",
            report=reading.report,
            licence="OGL v3.0" if publish else "",
            publish=publish,
            by=by,
        )

    return loaded


@pytest.fixture(scope="session")
def real_readings(published_data):
    """Both real feeds as read; skips where they are not at hand."""
    folder = published_data / "licence_unverified"
    if not all((folder / name).is_file() for name in REAL.values()):
        pytest.skip("needs the two feeds in licence_unverified/")
    return {title: reader.read_paths([folder / name]) for title, name in REAL.items()}


@pytest.fixture
def real_feeds(real_readings, place, lead):
    """Both real feeds in the directory, allowed to be passed on so that the served feed has much in it."""
    return {
        title: load_feed(
            area=place,
            name=title,
            entries=reading.entries,
            filename=REAL[title],
            report=reading.report,
            licence="Only for this test",
            publish=True,
            by=lead,
        )
        for title, reading in real_readings.items()
    }


@pytest.fixture
def whole_service(place, lead):
    """A service with something in every part, made as on the directory's own pages."""
    touchpoint = add_touchpoint(
        area=place, name="Easton hub", by=lead, website="https://hub.example", phone="0117 496 0001"
    )
    details = Details(
        name="Tea and tablets",
        helps=("digital_cafe", "free_wifi"),
        plain="Come for tea.",
        website="https://hub.example/tea",
        email="hub@hub.example",
        free=True,
        cost="Free, tea included",
        open_when="Saturdays, and the second Tuesday of a month",
        hours=(Hours(5, time(10), time(12, 30)), Hours(1, time(18), time(20), nth=2)),
        languages="Somali, Arabic",
        communities=("refugees", "young_people"),
        address="1 High Street",
        town="Bristol",
        postcode="BS5 0HE",
        minimum_age=16,
        maximum_age=30,
    )
    service = add_service(touchpoint=touchpoint, details=details, by=lead, capacity=3)
    service.at_locations.get().location.__class__.objects.filter(touchpoint=touchpoint).update(
        easting=361000.0, northing=174000.0, access="A ramp and a lift"
    )
    every_other = {"every": 2, "week": 1, "opens_at": time(9)}
    service.openings.create(weekday=3, **every_other)
    service.openings.create(day=15, opens_at=time(9))
    return service


@pytest.fixture
def many(load):
    """A feed with many services, each at a place."""
    return load([listed(number) for number in range(MANY)])
