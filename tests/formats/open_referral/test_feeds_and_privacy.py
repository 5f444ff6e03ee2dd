"""What somebody here keeps private stays so, whatever a feed says next."""

import pytest
from people_factories import make_place, make_worker

from inroads.directory.actions.feeds import load_feed
from inroads.directory.actions.touchpoints import set_private
from inroads.directory.models import Service, Touchpoint
from inroads.interop.open_referral import reader, shared

SERVICE = {"id": "0d0c4c0e-6a0c-4e8e-9d0a-1a2b3c4d5e6f", "name": "A quiet place", "description": "", "status": "active"}


def organisation(identifier, name="Quiet House"):
    return {"id": identifier, "name": name, "description": "d"}


FIRST, SECOND = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def lead(db):
    return make_worker(make_place(), "place_lead")


def load(lead, services, name="Feed"):
    found = reader.read(services)
    area = lead.memberships.get().organisation
    return load_feed(
        area=area,
        name=name,
        entries=found.entries,
        filename="f.json",
        report=found.report,
        licence="OGL",
        publish=True,
        by=lead,
    )


def test_a_service_that_moves_to_another_organisation_stays_private(lead):
    load(lead, [SERVICE | {"organization": organisation(FIRST)}])
    set_private(touchpoint=Touchpoint.objects.get(), private=True, by=lead)
    load(lead, [SERVICE | {"organization": organisation(SECOND, "Another name")}])
    assert Service.objects.get().touchpoint.private
    assert not shared.services().exists()


def test_a_second_feed_does_not_make_it_public(lead):
    load(lead, [SERVICE | {"organization": organisation(FIRST)}])
    set_private(touchpoint=Touchpoint.objects.get(), private=True, by=lead)
    load(lead, [SERVICE | {"organization": organisation(SECOND)}], name="Second")
    assert Touchpoint.objects.filter(private=False).count() == 0
    assert not shared.services().exists()
