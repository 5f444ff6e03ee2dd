"""A deployment that had offers finds them again as services of the directory."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from people_factories import make_place, make_worker

from inroads.directory.models import Service
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation

BEFORE = [("people", "0003_support"), ("directory", "0001_initial")]


@pytest.mark.django_db(transaction=True)
def test_offers_are_carried_over_once_each_with_all_that_was_said():
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    try:
        charity = add_organisation(kind=Kind.VOLUNTARY, name="A charity", parent=make_place())
        partner = make_worker(charity, "touchpoint_partner")
        offers = executor.loader.project_state(BEFORE).apps.get_model("people", "Offer").objects
        said = {"organisation_id": charity.pk, "help": "device_loan", "title": "A phone", "recorded_by_id": partner.pk}
        offers.create(**said, capacity=3, ended_at=timezone.now())
        offers.create(
            **said, capacity=1, languages="English, Polish", communities=["carers"], where="High Street", phone="01983"
        )
        offers.create(**said | {"title": "Gone"}, ended_at=timezone.now())
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    kept, gone = Service.objects.get(name="A phone"), Service.objects.get(name="Gone")
    assert (kept.status, gone.status) == ("active", "defunct")
    assert (kept.capacity, kept.phone, kept.checked_by) == (1, "01983", partner.full_name)
    assert (kept.touchpoint.name, kept.touchpoint.organisation, kept.touchpoint.area) == (
        "A charity",
        charity,
        charity.parent,
    )
    marks = set(kept.tags.values_list("kind", "value"))
    assert marks == {("help", "device_loan"), ("community", "carers"), ("language", "english"), ("language", "polish")}
    assert kept.at_locations.get().location.address == "High Street"
