"""A place with somebody who keeps its directory, and the two real feeds."""

import pytest
from people_factories import make_place, make_worker

from inroads.directory.actions.feeds import load_feed
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
