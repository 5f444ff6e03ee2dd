"""A touchpoint keeps its own page: signed in or through its link, and nobody else does."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from directory_factories import make_charity, make_lead, make_service, make_touchpoint
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pages import client_of
from people_factories import make_place, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.directory.actions import services, touchpoints
from inroads.directory.actions.services import Details, Hours, details_of
from inroads.directory.forms.services import ServiceForm, hours_as_shown, hours_as_typed
from inroads.directory.models import How, Service, Status, Tag
from inroads.directory.permissions import ByLink
from inroads.directory.queries.links import touchpoint_by_token


@pytest.fixture
def place(db):
    return make_place()


@pytest.fixture
def charity(place):
    return make_charity(place, "Kitchen Table")


@pytest.fixture
def partner(charity):
    return make_worker(charity, "touchpoint_partner")


@pytest.fixture
def table(charity, partner):
    return touchpoints.own_touchpoint(organisation=charity, by=partner)


def test_an_organisation_begins_under_its_own_name_once(charity, partner, place):
    first = touchpoints.own_touchpoint(organisation=charity, by=partner)
    assert (first.name, first.area) == ("Kitchen Table", place)
    assert touchpoints.own_touchpoint(organisation=charity, by=partner) == first
    with pytest.raises(PermissionDenied):
        touchpoints.own_touchpoint(organisation=charity, by=make_worker(make_charity(place), "touchpoint_partner"))


def test_only_the_organisation_its_lead_and_its_link_change_it(table, place):
    kept = make_service(table)
    other = make_worker(make_charity(place), "touchpoint_partner")
    elsewhere = make_lead(make_place("Elsewhere"))
    stranger = ByLink(make_touchpoint(place))
    for by in (other, elsewhere, stranger, make_worker(make_team(place=place))):
        with pytest.raises(PermissionDenied):
            services.set_capacity(service=kept, capacity=1, by=by)
    for by in (make_lead(place), ByLink(table)):
        assert services.set_capacity(service=kept, capacity=1, by=by).capacity == 1
    page = reverse("directory:set_capacity", kwargs={"touchpoint": table.pk, "service": kept.pk})
    assert client_of(other).post(page, {"capacity": "9"}).status_code == 404


def test_the_link_works_without_an_account_until_a_new_one_is_given(table, partner):
    kept = make_service(table, name="Tea")
    old = touchpoints.give_link(touchpoint=table, by=partner)
    client = Client()
    page = reverse("directory:linked_touchpoint", kwargs={"token": old})
    assert "Tea" in client.get(page).content.decode()
    room = reverse("directory:linked_set_capacity", kwargs={"token": old, "service": kept.pk})
    assert client.post(room, {"capacity": "0"}).status_code == 302
    kept.refresh_from_db()
    assert kept.capacity == 0
    assert AuditEntry.objects.filter(action="service_capacity_set", by=None).get().details["through"] == "link"
    table.refresh_from_db()
    new = touchpoints.give_link(touchpoint=table, by=partner)
    assert client.get(page).status_code == 404
    assert client.post(room, {"capacity": "5"}).status_code == 404
    assert client.get(reverse("directory:linked_touchpoint", kwargs={"token": new})).status_code == 200


def test_a_link_opens_nothing_of_another_touchpoint_and_a_changed_one_opens_nothing(table, place):
    other = make_service(make_touchpoint(place))
    token = touchpoints.give_link(touchpoint=table, by=make_lead(place))
    page = reverse("directory:linked_change_service", kwargs={"token": token, "service": other.pk})
    assert Client().get(page).status_code == 404
    assert touchpoint_by_token(token[:-1] + ("a" if token[-1] != "a" else "b")) is None
    assert touchpoint_by_token("") is None


def test_what_is_typed_comes_back_as_it_was(table, partner):
    page = reverse("directory:add_service", kwargs={"touchpoint": table.pk})
    typed = {
        "name": "Tuesday tablet table",
        "helps": ["digital_mentor", "device_loan"],
        "status": "active",
        "hours_1": "10 to 12, 6pm to 8pm",
        "languages": "Polish; English",
        "communities": ["carers"],
        "free": "yes",
        "postcode": "po38 1aa",
        "website": "example.org",
        "minimum_age": "16",
    }
    assert client_of(partner).post(page, typed).status_code == 302
    kept = Service.objects.get(name="Tuesday tablet table")
    found = details_of(kept)
    assert set(found.helps) == {"digital_mentor", "device_loan"}
    assert found.hours == (Hours(1, time(10), time(12)), Hours(1, time(18), time(20)))
    assert found.languages == "English, Polish"
    assert (found.postcode, found.website, found.free, found.minimum_age) == (
        "PO38 1AA",
        "https://example.org",
        True,
        16,
    )
    assert kept.checked_on == timezone.localdate()
    assert kept.checked_by == "The touchpoint itself"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Enter a name by which people know it"),
        ("postcode", "PO38", "This is not a whole postcode"),
        ("hours_3", "morning", "We cannot read “morning” on Thursday"),
        ("hours_3", "16 to 10:00:00", "We cannot read"),
        ("website", "not an address", "Check this address"),
        ("email", "nobody", "Check this address"),
        ("maximum_age", "10", "The youngest age is above the oldest"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(table, partner, field, typed, sentence):
    page = reverse("directory:add_service", kwargs={"touchpoint": table.pk})
    sent = {"name": "Tea", "helps": ["digital_mentor"], "status": "active", "minimum_age": "60", "plain": "Own words"}
    answer = client_of(partner).post(page, sent | {field: typed})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert "Own words" in answer.content.decode()
    assert not Service.objects.exists()


def test_a_change_keeps_what_stood_there_and_saving_the_same_changes_nothing(table, partner):
    kept = make_service(table, name="Tea", languages="Polish")
    same = services.change_service(service=kept, read_at=kept.modified_at, details=details_of(kept), by=partner)
    assert not same.changes.exists()
    assert same.modified_at == kept.modified_at
    from dataclasses import replace

    new = replace(details_of(kept), languages="Polish, Urdu", phone="01983 1")
    changed = services.change_service(service=same, read_at=same.modified_at, details=new, by=ByLink(table))
    change = changed.changes.get()
    assert change.fields == {"languages": ["Polish", "Polish, Urdu"], "phone": ["", "01983 1"]}
    assert (change.by, change.by_words) == (None, "The touchpoint itself")


def test_two_tabs_that_change_the_same_service(table, partner):
    kept = make_service(table, name="Tea")
    services.set_capacity(service=kept, capacity=1, by=partner)
    with pytest.raises(Refused, match="Somebody else changed this"):
        services.change_service(service=kept, read_at=kept.modified_at, details=details_of(kept), by=partner)
    page = reverse("directory:change_service", kwargs={"touchpoint": table.pk, "service": kept.pk})
    answer = client_of(partner).post(page, {"name": "Mine", "helps": ["data_sim"], "status": "active", "read_at": "?"})
    assert "Somebody else changed this" in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()


def test_what_was_read_in_a_description_becomes_their_word_only_when_they_say_so(table, partner):
    kept = make_service(table, helps=("data_sim",))
    Tag.objects.create(service=kept, kind="help", value="device_loan", how=How.TEXT)
    kept = services.change_service(service=kept, read_at=kept.modified_at, details=details_of(kept), by=partner)
    assert kept.tags.get(value="device_loan").how == How.TEXT
    from dataclasses import replace

    new = replace(details_of(kept), helps=("data_sim", "device_loan"))
    kept = services.change_service(service=kept, read_at=kept.modified_at, details=new, by=partner)
    assert kept.tags.get(value="device_loan").how == How.SAID


@pytest.mark.parametrize(
    ("typed", "status"), [("", 302), ("0", 302), ("12", 302), ("-1", 200), ("1e9", 200), ("10001", 200)]
)
def test_room_is_a_number_of_people_or_unknown(table, partner, typed, status):
    kept = make_service(table)
    page = reverse("directory:set_capacity", kwargs={"touchpoint": table.pk, "service": kept.pk})
    answer = client_of(partner).post(page, {"capacity": typed})
    assert answer.status_code == status
    if status == 200:
        assert "There is a problem" in answer.content.decode()


def test_old_entries_ask_to_be_looked_at_and_one_tap_says_it_is_right(table, partner):
    kept = make_service(table, name="Old tea")
    Service.objects.filter(pk=kept.pk).update(checked_on=timezone.localdate() - timedelta(days=200))
    client = client_of(partner)
    assert "Old tea" in client.get(reverse("directory:own")).content.decode()
    client.post(reverse("directory:check", kwargs={"touchpoint": table.pk, "service": kept.pk}))
    kept.refresh_from_db()
    assert kept.checked_on == timezone.localdate()
    assert "Old tea" not in client.get(reverse("directory:own")).content.decode()


@given(
    weekday=st.integers(0, 6),
    spans=st.lists(
        st.tuples(st.integers(0, 1438), st.integers(1, 1439)).filter(lambda each: each[0] != each[1]), max_size=3
    ),
)
def test_hours_read_back_as_they_are_shown(weekday, spans):
    hours = tuple(Hours(weekday, time(*divmod(opens, 60)), time(*divmod(closes, 60))) for opens, closes in spans)
    assert tuple(hours_as_typed(hours_as_shown(hours, weekday), weekday)) == hours


@pytest.mark.parametrize(
    ("typed", "opens", "closes"),
    [
        ("10 to 4", time(10), time(16)),
        ("9-5", time(9), time(17)),
        ("9:30am – 12.15pm", time(9, 30), time(12, 15)),
        ("12pm to 1pm", time(12), time(13)),
        ("6pm until 8pm", time(18), time(20)),
        ("6pm to 12am", time(18), time(0)),
        ("10pm to 2", time(22), time(2)),
        ("18:00 to 20:00", time(18), time(20)),
    ],
)
def test_hours_are_read_as_people_write_them(typed, opens, closes):
    assert hours_as_typed(typed, 2) == [Hours(2, opens, closes)]


def test_what_was_ended_by_mistake_runs_again(table, partner):
    kept = make_service(table, name="Tea")
    client = client_of(partner)
    parts = {"touchpoint": table.pk, "service": kept.pk}
    client.post(reverse("directory:end", kwargs=parts))
    assert "Ended (1)" in client.get(reverse("directory:touchpoint", kwargs={"touchpoint": table.pk})).content.decode()
    client.post(reverse("directory:restart", kwargs=parts))
    kept.refresh_from_db()
    assert kept.status == "active"
    assert [list(each.fields["status"]) for each in kept.changes.all()] == [
        ["defunct", "active"],
        ["active", "defunct"],
    ]


def test_details_that_were_never_typed_are_unknown():
    assert Details(name="x").free is None


def test_what_its_feed_lists_no_more_stands_among_what_is_over_and_runs_only_when_somebody_says_so(table, partner):
    kept = make_service(table, name="Gone")
    Service.objects.filter(pk=kept.pk).update(status=Status.INACTIVE, checked_on=None)
    client = client_of(partner)
    assert "Gone" not in client.get(reverse("directory:own")).content.decode()
    page = reverse("directory:touchpoint", kwargs={"touchpoint": table.pk})
    assert reverse("directory:restart", kwargs={"touchpoint": table.pk, "service": kept.pk}) in (
        client.get(page).content.decode()
    )
    address = reverse("directory:change_service", kwargs={"touchpoint": table.pk, "service": kept.pk})
    assert "It is not running" in client.get(address).content.decode()
    form = ServiceForm(neighbourhoods=[], kept=details_of(kept_now(kept)))
    assert form["status"].initial == Status.INACTIVE
    assert Status.INACTIVE in dict(form.fields["status"].choices)
    services.restart_service(service=kept, by=partner)
    assert kept_now(kept).status == Status.ACTIVE


def kept_now(service):
    return Service.objects.get(pk=service.pk)


def test_two_seasons_with_the_same_hours_are_shown_once_and_taken_out_together(table, partner):
    kept = make_service(table)
    for first, last in ((date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 9, 1), date(2026, 12, 31))):
        kept.openings.create(weekday=0, opens_at=time(10), closes_at=time(16), valid_from=first, valid_to=last)
    typed = details_of(kept)
    assert [each for each in typed.hours if each.weekday == 0] == [Hours(0, time(10), time(16))]
    left = replace(typed, hours=tuple(each for each in typed.hours if each.weekday != 0))
    services.change_service(service=kept, read_at=kept.modified_at, details=left, by=partner)
    assert not kept.openings.filter(weekday=0).exists()


def test_hours_of_two_seasons_stay_when_something_else_is_changed(table, partner):
    kept = make_service(table)
    for first, last in ((date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 9, 1), date(2026, 12, 31))):
        kept.openings.create(weekday=0, opens_at=time(10), closes_at=time(16), valid_from=first, valid_to=last)
    typed = details_of(kept)
    services.change_service(service=kept, read_at=kept.modified_at, details=replace(typed, cost="A pound"), by=partner)
    assert kept.openings.filter(weekday=0).count() == 2
