"""What is private, or may not be passed on, is in no answer of the open directory: byte for byte."""

import json
from datetime import date
from uuid import UUID

import pytest
from served import LISTS, ROOT, get, listed

from inroads.directory.actions.services import Details, add_service
from inroads.directory.actions.touchpoints import add_touchpoint, set_private
from inroads.directory.models import Feed, Location, Reach, Service, ServiceAtLocation, Tag, Touchpoint
from inroads.interop.open_referral import terms

pytestmark = pytest.mark.django_db


def everything(client, ids):
    """Every answer of every address, byte for byte, with what caches see."""
    found = {}
    queries = ["", "?full=true&per_page=500", "?minimal=true", "?search=secret", "?search=refuge", "?per_page=2&page=2"]
    queries += [f"?taxonomy_id={each}" for each in terms.taxonomies()]
    queries += [f"?taxonomy_term_id={each}&per_page=1" for each in terms.terms()]
    queries += [f"?organization_id={each}" for each in ids]
    queries += ["?postcode=BS5+0HE&proximity=5000", "?postcode=PO30+1AA&proximity=9000", "?format=ndjson&full=true"]
    queries += ["?full=true&full_service=true", "?modified_after=2020-01-01"]
    for path in ("", "openapi.json", *LISTS):
        for query in queries:
            answer = client.get(f"{ROOT}/{path}{query}")
            content = answer.getvalue() if answer.streaming else answer.content
            found[path, query] = (answer.status_code, answer.get("ETag"), content)
    for path in LISTS:
        for own in ids:
            answer = client.get(f"{ROOT}/{path}/{own}")
            found[path, own] = (answer.status_code, answer.get("ETag"), answer.content)
    return found


def hidden(place, lead) -> list:
    """A touchpoint with services, a place and terms that nothing else has; and the ids of all of it."""
    touchpoint = add_touchpoint(area=place, name="Secret refuge", by=lead, phone="0117 496 0999")
    details = Details(
        name="Secret refuge",
        helps=("post_kept_for_you",),
        languages="Tigrinya",
        communities=("gypsy_roma_traveller",),
        postcode="PO30 1AA",
        address="9 Hidden Lane",
    )
    service = add_service(touchpoint=touchpoint, details=details, by=lead)
    Location.objects.filter(touchpoint=touchpoint).update(easting=450000.0, northing=89000.0)
    Tag.objects.create(service=service, kind="help", value="medicine_review", how="text")
    double = Service.objects.get(pk=UUID(int=4))
    Service.objects.filter(pk=service.pk).update(name="Secret refuge " + double.name)
    at = ServiceAtLocation.objects.get(service=service)
    return [touchpoint.pk, service.pk, at.pk, at.location_id]


def test_what_is_private_is_nowhere_byte_for_byte(client, many, place, lead):
    ids = hidden(place, lead)
    opened = everything(client, ids)
    assert opened["services", f"?organization_id={ids[0]}"][2].count(b"Secret refuge") > 0
    set_private(touchpoint=Touchpoint.objects.get(pk=ids[0]), private=True, by=lead)
    with_it = everything(client, ids)
    ServiceAtLocation.objects.filter(pk=ids[2]).delete()
    Service.objects.filter(pk=ids[1]).delete()
    Touchpoint.objects.filter(pk=ids[0]).delete()
    assert not Location.objects.filter(pk=ids[3]).exists()
    without = everything(client, ids)
    assert with_it == without
    assert not [key for key, (_, _, content) in with_it.items() if b"Secret" in content or b"Hidden" in content]
    assert all(with_it[path, own][0] == 404 for path in LISTS for own in ids)


def test_a_private_place_of_an_open_service_stays_out(client, many, place, lead):
    ids = hidden(place, lead)
    set_private(touchpoint=Touchpoint.objects.get(pk=ids[0]), private=True, by=lead)
    without = everything(client, ids)
    ServiceAtLocation.objects.create(service_id=UUID(int=1), location_id=ids[3])
    assert everything(client, ids) == without


def test_what_we_may_not_pass_on_or_is_listed_twice_stays_out(client, many, load):
    before = get(client, "services")["total_items"]
    load([listed(500)], name="Not ours to give", publish=False)
    assert get(client, "services")["total_items"] == before
    Feed.objects.filter(name="Not ours to give").update(publish=True)
    assert get(client, "services")["total_items"] == before + 1
    Service.objects.filter(pk=UUID(int=501)).update(same_as=UUID(int=1))
    assert get(client, "services")["total_items"] == before
    assert client.get(f"{ROOT}/services/{UUID(int=501)}").status_code == 404
    assert client.get(f"{ROOT}/organizations/{UUID(int=1050)}").status_code == 404


def test_what_people_told_us_is_in_no_filter(client, many):
    term = terms.by_tag()["community", "refugees"]
    touchpoint = Service.objects.get(pk=UUID(int=1)).touchpoint
    Reach.objects.create(touchpoint=touchpoint, community="refugees", helped=25, state="value", until=date(2026, 1, 3))
    assert get(client, "services", taxonomy_term_id=term.id)["total_items"] == 0
    assert "attributes" in get(client, f"services/{UUID(int=2)}")
    assert term.id not in json.dumps(get(client, f"services/{UUID(int=1)}"))
