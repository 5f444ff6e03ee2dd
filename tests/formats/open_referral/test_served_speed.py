"""The open directory among twenty thousand services: every usual question answered at once."""

import statistics
import time
from uuid import UUID

import pytest
from django.db import connection

from inroads.directory.models import Location, Opening, Service, ServiceAtLocation, Tag, Touchpoint
from inroads.interop.open_referral import terms

pytestmark = pytest.mark.django_db
ROOT = "/api/open-referral-uk"
SIZE, HOSTS = 20_000, 5_000


@pytest.fixture
def county(place):
    """Twenty thousand services of five thousand touchpoints, each at a place, with hours and a tag."""
    hosts = [Touchpoint(pk=UUID(int=n + 1), area=place, name=f"Host {n}", sort_name=f"host {n}") for n in range(HOSTS)]
    Touchpoint.objects.bulk_create(hosts)
    services, locations, at, openings, tags = [], [], [], [], []
    for n in range(SIZE):
        host = hosts[n % HOSTS]
        name = f"Service {n * 7919 % SIZE} of {n % 97}"
        text = "Come along for a cup of tea and a chat. " * 8 + ("Debt advice." if n % 40 == 0 else "")
        services.append(Service(pk=UUID(int=n + 1), touchpoint=host, name=name, sort_name=name.casefold(), plain=text))
        east, north = 350_000.0 + n % 200 * 100, 160_000.0 + n // 200 * 100
        locations.append(
            Location(pk=UUID(int=n + 1), touchpoint=host, postcode="BS5 0HE", easting=east, northing=north)
        )
        at.append(ServiceAtLocation(pk=UUID(int=n + 1), service=services[-1], location=locations[-1]))
        openings.append(Opening(pk=UUID(int=n + 1), service=services[-1], weekday=n % 7))
        kind, value = ("help", "money_advice") if n % 40 == 0 else ("community", "older_people")
        tags.append(Tag(service=services[-1], kind=kind, value=value))
    for rows in (services, locations, at, openings, tags):
        type(rows[0]).objects.bulk_create(rows, batch_size=2_000)
    if connection.vendor == "postgresql":
        # As its housekeeping does by itself; without, it takes the tables for empty and walks them row by row.
        connection.cursor().execute("ANALYZE")


def test_the_usual_questions_are_answered_at_once(county, client):
    term = terms.by_tag()["help", "money_advice"]
    asked = {
        "services": SIZE,
        "services?page=390": SIZE,
        "services?full=true": SIZE,
        "services?search=debt": 500,
        f"services?taxonomy_term_id={term.id}": 500,
        f"services?taxonomy_id={next(iter(terms.taxonomies()))}": 500,
        "services?modified_after=2100-01-01": 0,
        f"services/{UUID(int=9)}": None,
        "organizations": HOSTS,
        "organizations?full=true&full_service=true": HOSTS,
        "service_at_locations?full=true": SIZE,
        "service_at_locations?page=390": SIZE,
        "service_at_locations?postcode=BS5+0HE&proximity=2000": None,
    }
    slow = {}
    for query, total in asked.items():
        took = []
        for _ in range(3):
            began = time.process_time()
            found = client.get(f"{ROOT}/{query}").json()
            took.append(time.process_time() - began)
        assert total is None or found["total_items"] == total
        slow[query] = round(1000 * statistics.median(took))
    print(slow)
    # In milliseconds of work, whatever else the machine does; measured: up to 84.
    assert max(slow.values()) <= 300, slow
