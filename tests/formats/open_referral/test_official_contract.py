"""The served directory against the official contract: whatever that allows to be asked, and every object we give."""

import collections
import json
import warnings
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from official import bundle, problems
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from inroads.directory.models import Service, ServiceAtLocation, Tag, Touchpoint
from inroads.interop.open_referral import terms
from inroads.interop.open_referral.contract import contract_of

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::pytest.PytestWarning")]
ROOT = "/api/open-referral-uk"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
PATHS = {
    "/services": "service",
    "/organizations": "organization",
    "/service_at_locations": "service_at_location",
    "/taxonomies": "taxonomy",
    "/taxonomy_terms": "taxonomy_term",
}
EXAMPLES = 60


@pytest.fixture
def ids(real_feeds, whole_service):
    """Ids that there are, by path, from the real feeds and the directory's own screens."""
    own = {
        "/services": Service.objects.filter(touchpoint__feed=None),
        "/organizations": Touchpoint.objects.filter(feed=None),
        "/service_at_locations": ServiceAtLocation.objects.all(),
    }
    found = {path: [str(each.pk) for each in rows] for path, rows in own.items()}
    found["/services"] += [str(each.pk) for each in Service.objects.all()[:5]]
    return found | {"/taxonomies": list(terms.taxonomies()), "/taxonomy_terms": list(terms.terms())[:5]}


def call(case) -> Response:
    """The case through the whole application, in this process."""
    kwargs = case.as_transport_kwargs(base_url=f"http://testserver{ROOT}")
    wanted = ("method", "url", "params", "headers", "cookies")
    sent = requests.Request(**{key: kwargs[key] for key in wanted if key in kwargs}).prepare()
    parts = urlsplit(sent.url)
    ours = Client().generic(sent.method, f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return Response(
        status_code=ours.status_code,
        headers={key.lower(): [str(value)] for key, value in ours.headers.items()},
        content=b"".join(ours.streaming_content) if ours.streaming else ours.content,
        request=sent,
        elapsed=0.0,
        verify=False,
    )


def run(contract: dict) -> collections.Counter:
    """Every operation with many cases; the counter says what was answered how often."""
    counted: collections.Counter = collections.Counter()
    schema = schemathesis.openapi.from_dict(contract)
    for number, result in enumerate(schema.get_all_operations()):
        _many_cases(result.ok(), number, counted)
    return counted


def _many_cases(operation, number: int, counted: collections.Counter) -> None:
    @seed(number)
    @settings(max_examples=EXAMPLES, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def asked(case):
        answer = call(case)
        counted[operation.path, answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    asked()


def test_whatever_the_official_contract_allows_is_answered_as_it_says(ids):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        counted = run(bundle())
    print(dict(counted))
    assert {path for path, _ in counted} == {"/", *PATHS, *(f"{path}/{{id}}" for path in PATHS)}
    assert sum(counted.values()) >= 200


def test_things_that_there_are_are_answered_as_the_official_contract_says(ids):
    contract = bundle()
    for path, known in ids.items():
        contract["paths"][f"{path}/{{id}}"]["parameters"][0]["schema"]["enum"] = known
    # What is asked can be understood, so that lists with something in them are looked at.
    good = {
        "page": {"minimum": 1, "maximum": 3},
        "per_page": {"minimum": 1, "maximum": 500},
        "search": {"enum": ["", "support", "Somali"]},
        "format": {"enum": ["json"]},
        "taxonomy_term_id": {"enum": ids["/taxonomy_terms"]},
        "taxonomy_id": {"enum": ids["/taxonomies"]},
        "organization_id": {"enum": ids["/organizations"]},
        "modified_after": {"enum": ["2020-01-01T00:00:00Z", "2024-01-01"]},
        "postcode": {"enum": ["BS5 0HE"]},
        "proximity": {"enum": ["500", "5000"]},
    }
    for name, limits in good.items():
        contract["components"]["parameters"][name]["schema"] |= limits
    counted = run(contract)
    print(dict(counted))
    assert counted["/services/{id}", 200]
    assert counted["/services", 200]
    # What is still refused: a distance without a postcode, and a term above that is no id.
    assert {path for path, status in counted if status == 400} <= {"/service_at_locations", "/taxonomy_terms"}


def test_our_own_contract_is_kept_as_well(ids):
    contract = contract_of(f"http://testserver{ROOT}")
    contract = json.loads(json.dumps(contract))
    for path, known in ids.items():
        contract["paths"][f"{path}/{{id}}"]["parameters"][0]["schema"]["enum"] = known
    counted = run(contract)
    print(dict(counted))
    assert counted["/services", 200] > EXAMPLES / 4


LISTS = {
    "/": "api_details",
    "/services?per_page=500": "service_list",
    "/services?per_page=500&page=2": "service_list",
    "/services?minimal=true": "service_list",
    "/services?full=true&per_page=500": "service_list",
    "/organizations?per_page=500": "organization_list",
    "/organizations?full=true&full_service=true&per_page=500": "organization_list",
    "/service_at_locations": "service_at_location_list",
    "/service_at_locations?full=true": "service_at_location_list",
    "/taxonomies": "taxonomy_list",
    "/taxonomy_terms?per_page=500": "taxonomy_term_list",
}


def test_every_list_of_the_real_feeds_is_valid(real_feeds, whole_service, client):
    for address, schema in LISTS.items():
        found = client.get(ROOT + address).json()
        assert problems(found, schema) == [], address
        assert "contents" not in found or found["contents"]


def test_every_single_thing_is_valid(ids, client):
    for path, known in ids.items():
        for each in known:
            assert problems(client.get(f"{ROOT}{path}/{each}").json(), PATHS[path]) == []
    whole = [each["id"] for each in client.get(f"{ROOT}/services?minimal=true").json()["contents"]]
    assert len(whole) == Service.objects.count()
    for each in client.get(f"{ROOT}/services?full=true&format=ndjson").getvalue().splitlines()[::20]:
        assert problems(json.loads(each), "service") == []


def test_the_official_schemas_do_find_what_is_wrong():
    assert problems({"id": "x", "name": "A", "status": "open"}, "service")
    assert problems(
        {"id": "00000000-0000-4000-8000-000000000001", "name": "A", "status": "active", "url": ""}, "service"
    )


def test_tags_of_the_real_feeds_are_served_as_terms(real_feeds, client):
    term = terms.by_tag()["community", "dementia"]
    found = client.get(f"{ROOT}/services?taxonomy_term_id={term.id}&full=true&per_page=500").json()
    assert found["total_items"] == Tag.objects.filter(kind="community", value="dementia").count() > 50
    assert all(term.id in {at["taxonomy_term_id"] for at in each["attributes"]} for each in found["contents"])
