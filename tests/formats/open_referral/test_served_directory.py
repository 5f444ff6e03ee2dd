"""The open directory as somebody's program meets it: pages, ids, caches, errors, and nothing that is private."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from served import LISTS, MANY, ROOT, get

from inroads.directory.models import Location, Service
from inroads.interop.open_referral import terms

pytestmark = pytest.mark.django_db


def walk(client, path, per_page, **parameters):
    """Every id of a list, page by page, with what each envelope says held against its neighbours."""
    ids, page = [], 1
    while True:
        found = get(client, path, page=page, per_page=per_page, **parameters)
        assert found["page_number"] == page
        assert found["size"] == len(found["contents"]) <= per_page
        assert found["first_page"] is (page == 1)
        assert found["empty"] is (not found["contents"])
        assert found["total_pages"] == -(-found["total_items"] // per_page)
        ids += [each["id"] for each in found["contents"]]
        assert found["last_page"] is (page >= found["total_pages"])
        if found["last_page"]:
            return ids, found["total_items"]
        page += 1


@pytest.mark.parametrize("per_page", [1, 7, 50, 123, 500])
def test_walking_the_pages_meets_every_service_once(client, many, per_page):
    ids, total = walk(client, "services", per_page)
    assert len(ids) == len(set(ids)) == total == MANY
    assert set(ids) == {str(each) for each in Service.objects.values_list("pk", flat=True)}


@pytest.mark.parametrize("path", LISTS)
def test_every_other_list_is_walked_as_well(client, many, path):
    ids, total = walk(client, path, 5)
    assert len(ids) == len(set(ids)) == total > 0
    for own in ids[:3]:
        assert get(client, f"{path}/{own}")["id"] == own
    assert [json.loads(line)["id"] for line in lines(client, path)] == ids


def lines(client, path, **parameters):
    answer = client.get(f"{ROOT}/{path}", {"format": "ndjson", **parameters})
    assert answer["Content-Type"].startswith("application/x-ndjson")
    return answer.getvalue().splitlines()


def test_pages_before_the_first_and_behind_the_last(client, many):
    beyond = get(client, "services", page=9, per_page=50)
    assert (beyond["empty"], beyond["total_items"], beyond["last_page"], beyond["contents"]) == (True, MANY, True, [])
    assert client.get(f"{ROOT}/services?page=0").status_code == 400


def test_nothing_at_all_is_a_page_too(client, db):
    found = get(client, "services")
    assert (found["empty"], found["total_items"], found["total_pages"], found["first_page"], found["last_page"]) == (
        True,
        0,
        0,
        True,
        True,
    )


def test_what_is_asked_for_narrows_the_list(client, many):
    term = terms.by_tag()["community", "dementia"]
    taxonomy = term_taxonomy(term)
    assert get(client, "services", taxonomy_term_id=term.id)["total_items"] == MANY // 2
    assert get(client, "services", taxonomy_id=taxonomy)["total_items"] == MANY // 2
    assert get(client, "services", taxonomy_term_id=uuid4())["total_items"] == 0
    assert get(client, "services", organization_id=UUID(int=1000))["total_items"] == 10
    assert get(client, "services", search="service 001")["total_items"] == 3
    assert get(client, "services", search="DEBT 'org")["total_items"] == 0
    assert get(client, "services", search="debt org")["total_items"] == MANY - MANY // 2
    later = (timezone.now() + timedelta(seconds=1)).isoformat()
    assert get(client, "services", modified_after=later)["total_items"] == 0
    assert get(client, "services", modified_after="2020-01-01")["total_items"] == MANY
    assert get(client, "service_at_locations", taxonomy_term_id=term.id)["total_items"] == MANY // 2
    assert get(client, "taxonomy_terms", taxonomy_id=taxonomy)["total_items"] == 16
    assert get(client, "taxonomy_terms", parent_id=uuid4())["total_items"] == 0
    assert get(client, "organizations", search="org 12")["total_items"] == 1


def term_taxonomy(term):
    return next(each.id for each in terms.taxonomies().values() if each.kind == term.kind)


def test_only_what_changed_since_is_given_to_whoever_keeps_a_copy(client, many):
    since = get(client, "services", minimal="true")["contents"]
    assert len(since) == MANY
    assert set(since[0]) == {"id", "name", "status", "modified_date", "last_modified"}
    Service.objects.filter(pk=UUID(int=7)).update(modified_at=timezone.now() + timedelta(minutes=1))
    newest = max(each["modified_date"] for each in since)
    found = get(client, "services", modified_after=newest)["contents"]
    assert str(UUID(int=7)) in {each["id"] for each in found}


def test_near_a_postcode_is_as_the_crow_flies(client, many):
    everywhere = Location.objects.values_list("easting", "northing")
    middle = [sum(each) / MANY for each in zip(*everywhere, strict=True)]
    for metres in (50, 300, 5000):
        near = sum((east - middle[0]) ** 2 + (north - middle[1]) ** 2 <= metres**2 for east, north in everywhere)
        found = get(client, "service_at_locations", postcode="bs50he", proximity=metres)
        assert found["total_items"] == near
    assert get(client, "service_at_locations", postcode="BS5 0HE")["total_items"] == MANY


@pytest.mark.parametrize(
    "query",
    [
        *("page=x", "page=-1", "page=99999999999", "per_page=501", "per_page=0", "per_page=1e3", "full=perhaps"),
        *("format=xml", "modified_after=yesterday", "modified_after=0001-01-01T00:00:00%2B14:00"),
        *(
            "taxonomy_term_id=debt",
            "organization_id=1",
            "search=%00",
            "search=" + "x" * 201,
            "search=a+b+c+d+e+f+g+h+i",
        ),
    ],
)
def test_what_cannot_be_understood_is_said(client, many, query):
    answer = client.get(f"{ROOT}/services?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "expected" in answer.json()["error"]


@pytest.mark.parametrize(
    "query", ["proximity=5", "postcode=nowhere", "postcode=ZZ99+9ZZ&proximity=9", "postcode=BS5+0HE&proximity=-1"]
)
def test_a_place_that_cannot_be_understood_is_said(client, many, query):
    assert client.get(f"{ROOT}/service_at_locations?{query}").status_code == 400


@pytest.mark.parametrize("own", ["00000000-0000-4000-8000-000000000001", "1", "x/y", "%00", "services"])
@pytest.mark.parametrize("path", LISTS)
def test_unknown_ids_are_not_here(client, db, path, own):
    answer = client.get(f"{ROOT}/{path}/{own}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_any_website_may_read_and_nobody_may_write(db):
    strict = Client(enforce_csrf_checks=True)
    for name in ("", *LISTS, f"services/{uuid4()}"):
        address = f"{ROOT}/{name}"
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(strict, method)(address)
            assert answer.status_code == 405
            assert answer["Allow"] == "GET, HEAD, OPTIONS"
        before = strict.options(address, headers={"origin": "https://elsewhere.example"})
        assert (before.status_code, before["Access-Control-Allow-Origin"]) == (204, "*")
    answer = strict.get(f"{ROOT}/services", headers={"origin": "https://elsewhere.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer
    assert strict.head(f"{ROOT}/services").status_code == 200


def test_who_has_a_copy_is_told_that_it_is_still_right(client, many):
    first = client.get(f"{ROOT}/services")
    assert first["Cache-Control"] == "public, max-age=300"
    again = client.get(f"{ROOT}/services", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    Service.objects.filter(pk=UUID(int=1)).update(name="Other", modified_at=timezone.now())
    assert client.get(f"{ROOT}/services", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_the_first_page_says_which_standard_and_where_the_contract_lies(client, db):
    found = get(client, "")
    assert found["version"] == "HSDS-UK-3.0"
    assert found["openapi_url"] == f"http://testserver{reverse('open_referral:contract')}"
    assert client.get(found["openapi_url"]).json()["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    "query",
    ["services?full=true", "services", "organizations?full=true&full_service=true", "service_at_locations?full=true"],
)
def test_as_many_questions_for_fifty_as_for_five(client, many, query):
    join = "&" if "?" in query else "?"
    asked = {}
    for per_page in (5, 50):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{ROOT}/{query}{join}per_page={per_page}")
        asked[per_page] = len(captured)
    assert asked[5] == asked[50] <= 10


def test_a_whole_service_says_when_it_opens_what_it_costs_and_who_looked(client, whole_service):
    found = get(client, f"services/{whole_service.pk}")
    rules = {(each.get("byday"), each.get("bymonthday"), each["freq"], each["interval"]) for each in found["schedules"]}
    assert rules == {
        ("SA", None, "WEEKLY", 1),
        ("2TU", None, "MONTHLY", 1),
        ("TH", None, "WEEKLY", 2),
        (None, "15", "MONTHLY", 1),
    }
    assert found["cost_options"][0]["amount"] == 0
    assert found["assured_date"] == timezone.localdate().isoformat()
    assert found["alert"].startswith("Room for 3 more people in ")
    assert {each["name"] for each in found["languages"]} == {"Somali", "Arabic"}
    assert {each["taxonomy_term"]["name"] for each in found["attributes"]} >= {
        "A digital café",
        "Somali",
        "Young people",
    }
    location = found["service_at_locations"][0]["location"]
    assert location["addresses"][0]["postal_code"] == "BS5 0HE"
    assert (round(location["latitude"], 2), round(location["longitude"], 2)) == (51.46, -2.56)
    assert location["accessibility"][0]["description"] == "A ramp and a lift"
    assert found["contacts"][0]["phones"][0]["number"] == "0117 496 0001"


def test_what_we_serve_can_be_read_again(client, whole_service, many, load, tmp_path):
    from inroads.interop.open_referral import reader

    for page in (1, 2, 3):
        answer = client.get(f"{ROOT}/services?full=true&per_page=50&page={page}")
        (tmp_path / f"page{page}.json").write_bytes(answer.content)
    reading = reader.read_paths([tmp_path])
    assert len(reading.entries) == MANY + 1
    assert reading.report.mended == {}
    own = next(each for each in reading.entries if each.code == str(whole_service.pk))
    assert {(each.weekday, each.nth, each.day, each.every, each.week, each.opens_at) for each in own.openings} == {
        (each.weekday, each.nth, each.day, each.every, each.week, each.opens_at)
        for each in whole_service.openings.all()
    }
    assert (own.free, own.minimum_age, own.phone) == (True, 16, "0117 496 0001")
    assert set(own.languages) == {"somali", "arabic"}
