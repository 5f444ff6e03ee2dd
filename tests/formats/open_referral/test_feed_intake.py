"""Loading feeds: stable ids, again and again, what is gone, and never over what somebody here said since."""

import dataclasses
import time
from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from people_factories import make_place, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.directory.actions.feeds import load_feed
from inroads.directory.models import Change, Check, Feed, FeedRun, Service, Tag, Touchpoint
from inroads.interop.open_referral import reader

pytestmark = pytest.mark.django_db
A, B, ORG = (f"00000000-0000-4000-8000-{number:012d}" for number in (1, 2, 3))


def service(code=A, **more):
    return {
        "id": code,
        "name": "Tea and tablets",
        "status": "active",
        "description": "<p>Learn to use a computer.</p>",
        "assured_date": "2024-05-01",
        "organization": {"id": ORG, "name": "Easton hub", "description": "A hub"},
        "pc_targetAudience": [{"id": "Carers", "audienceType": "Carers "}],
        "schedules": [{"id": B, "freq": "WEEKLY", "byday": "SA", "opens_at": "10:00", "closes_at": "12:30"}],
        "service_at_locations": [
            {
                "id": B,
                "location": {
                    "id": ORG,
                    "location_type": "physical",
                    "name": "The hub",
                    "latitude": 51.46,
                    "longitude": -2.56,
                    "addresses": [{"address_1": "1 High Street", "city": "Bristol", "postal_code": "bs50he"}],
                },
            }
        ],
        **more,
    }


def test_a_service_comes_in_whole(load):
    run = load([service()])
    kept = Service.objects.get()
    assert kept.pk == UUID(A)
    assert kept.touchpoint.pk == UUID(ORG)
    assert (kept.name, kept.plain, kept.status, kept.free) == (
        "Tea and tablets",
        "Learn to use a computer.",
        "active",
        None,
    )
    assert {(tag.kind, tag.value, tag.how) for tag in kept.tags.all()} == {
        ("community", "carers", "said"),
        ("help", "digital_mentor", "text"),
    }
    opening = kept.openings.get()
    assert (opening.weekday, opening.opens_at.hour, opening.closes_at.minute) == (5, 10, 30)
    location = kept.at_locations.get().location
    assert location.postcode == "BS5 0HE"
    assert (round(location.easting, -3), round(location.northing, -3)) == (361000, 174000)
    assert (kept.checked_on, kept.checked_by) == (date(2024, 5, 1), "A feed")
    assert Check.objects.get().by is None
    assert run.report["added"] == 1
    assert AuditEntry.objects.filter(action="feed_loaded").count() == 1


def test_loading_the_same_again_changes_nothing(load):
    load([service(), service(B, name="Other")])
    before = list(Service.objects.values_list("pk", "modified_at"))
    rows = [model.objects.count() for model in (Tag, Check, Change, Touchpoint)]
    run = load([service(), service(B, name="Other")])
    assert list(Service.objects.values_list("pk", "modified_at")) == before
    assert [model.objects.count() for model in (Tag, Check, Change, Touchpoint)] == rows
    assert (run.report["same"], run.report["changed"], run.report["added"]) == (2, 0, 0)
    assert FeedRun.objects.count() == 2


def test_what_changed_is_taken_over_and_kept_as_a_change(load):
    load([service(), service(B)])
    other = Service.objects.get(pk=B).modified_at
    run = load([service(name="Tea and phones", schedules=[]), service(B)])
    kept = Service.objects.get(pk=A)
    assert kept.name == "Tea and phones"
    assert not kept.openings.exists()
    assert Change.objects.get(service=kept).fields["name"] == ["Tea and tablets", "Tea and phones"]
    assert Service.objects.get(pk=B).modified_at == other < kept.modified_at
    assert run.report["changed"] == 1


def test_what_is_gone_is_marked_and_comes_back(load):
    load([service(), service(B)])
    run = load([service()])
    assert Service.objects.get(pk=B).status == "inactive"
    assert (run.report["gone"], run.report["changed"]) == (1, 0)
    assert load([service()]).report["gone"] == 0
    load([service(), service(B)])
    assert Service.objects.get(pk=B).status == "active"


def test_what_somebody_here_changed_stays_and_the_report_says_so(load, lead):
    load([service(), service(B)])
    kept = Service.objects.get(pk=A)
    Service.objects.filter(pk=A).update(name="As we call it")
    fields = {"name": ["Tea and tablets", "As we call it"], "hours": [[], []], "communities": [[], []]}
    Change.objects.create(service=kept, by=None, by_words="The touchpoint itself", fields=fields)
    Change.objects.create(service_id=B, by=lead, by_words="Lead", fields={"status": ["active", "temporarily closed"]})
    Service.objects.filter(pk=B).update(status="temporarily closed")
    run = load([service(name="New name", cost_options=[{"amount": 0}], schedules=[], pc_targetAudience=[])])
    kept.refresh_from_db()
    assert kept.name == "As we call it"
    assert kept.free is True
    assert kept.openings.count() == 1
    assert kept.tags.filter(value="carers").exists()
    assert Service.objects.get(pk=B).status == "temporarily closed"
    assert run.report["kept_theirs"] == 1
    assert [line["was"] for line in run.report["lines"] if line["kind"] == "kept_theirs"] == ["name: New name"]


def test_a_private_touchpoint_stays_private(load):
    load([service()])
    Touchpoint.objects.update(private=True)
    load([service(name="Changed")])
    assert Touchpoint.objects.get().private


def test_two_feeds_with_the_same_ids_meet_in_nothing(load):
    load([service()], name="One")
    load([service()], name="Two")
    first, second = Service.objects.order_by("touchpoint__feed__name")
    assert first.pk == UUID(A) != second.pk
    assert first.touchpoint.pk != second.touchpoint.pk
    assert load([service()], name="Two").report["same"] == 1


def test_ids_that_are_none_stay_the_same_in_every_loading(load):
    load([service("HSC-1"), service("hsc-1")])
    before = set(Service.objects.values_list("code_in_feed", "pk"))
    load([service("hsc-1"), service("HSC-1")])
    assert set(Service.objects.values_list("code_in_feed", "pk")) == before
    assert len(before) == 2


def test_signs_that_no_database_takes_come_nowhere(load):
    bad = "a\0b\ud800c\u202ed"
    odd = service(name=bad, description=f"<p>{bad}</p>", url=bad, email=bad, status=bad, fees=bad, minimum_age=bad)
    run = load([odd | {"languages": [{"name": bad}], "pc_targetAudience": [{"audienceType": f" {bad}>"}]}])
    kept = Service.objects.get()
    assert (kept.name, kept.plain, kept.cost, kept.status) == ("abcd", "abcd", "abcd", "inactive")
    said = str(run.report)
    assert not any(sign in said for sign in ("\0", "\\x00", "\ud800", "\u202e"))


def test_nothing_is_loaded_by_whoever_does_not_keep_the_directory(load, place):
    elsewhere = make_worker(make_place("Elsewhere"), "place_lead")
    for by in (elsewhere, make_worker(place, "analyst")):
        with pytest.raises(PermissionDenied):
            load([service()], by=by)
    assert not Feed.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"licence": "", "publish": True}, {"entries": ()}, {"name": "x" * 201}]
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_changes(wrong, place, lead):
    reading = reader.read([service()])
    asked = {
        "area": place,
        "name": "A feed",
        "entries": reading.entries,
        "filename": "f",
        "report": reading.report,
        "licence": "OGL",
        "publish": True,
        "by": lead,
    }
    with pytest.raises(Refused):
        load_feed(**{**asked, **wrong})
    assert not Service.objects.exists()
    with pytest.raises(Refused):
        load_feed(**{**asked, "area": place.parent.parent, "by": None})


def test_both_real_feeds_come_in_and_again_without_a_change(real_feeds, real_readings, place, lead):
    assert Service.objects.count() == 817 + 738
    assert real_feeds["Bristol"].report["refused"] == {"no_name": 1}
    assert real_feeds["Bristol"].report["mended"]["listed_twice"] == 1
    assert real_feeds["North Lincolnshire"].report["refused"] == {}
    for kept in Service.objects.all():
        kept.full_clean(exclude=["touchpoint", "same_as"])
        assert "<p" not in kept.plain
        assert "&nbsp;" not in kept.plain
        assert kept.name.strip()
    before = list(Service.objects.order_by("pk").values_list("pk", "modified_at"))
    began = time.perf_counter()
    for title, reading in real_readings.items():
        again = load_feed(
            area=place,
            name=title,
            entries=reading.entries,
            filename="again",
            report=dataclasses.replace(reading.report),
            licence="Only for this test",
            publish=True,
            by=lead,
        )
        assert again.report["same"] == len(reading.entries)
    assert time.perf_counter() - began < 20
    assert list(Service.objects.order_by("pk").values_list("pk", "modified_at")) == before
