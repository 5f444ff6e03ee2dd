"""Monday, the place lead: one page that says what changed and what is due, and nothing its reader may not see."""

import re
from datetime import timedelta

import pytest
from directory_factories import make_service, make_touchpoint
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lending_factories import lend, make_item
from pages import client_of
from people_factories import make_person, make_place, make_worker
from places_factories import make_cycle, make_other_system, make_outreach, make_step

from inroads.accounts.models import Membership
from inroads.accounts.permissions import Permission
from inroads.directory.models import Service
from inroads.people.actions import pathways
from inroads.people.models import Loan, Option
from inroads.places.actions import outreach as walks
from inroads.places.models import Outreach, SmallStepVersion
from inroads.reference import around
from inroads.released.actions import ask_to_open, keep_release
from inroads.released.counting import Counted, fit_to_leave
from inroads.web import context
from inroads.web.monday import queries

pytestmark = pytest.mark.django_db


def blocks(user, **more):
    """The page by its headings: the text of each block."""
    answer = client_of(user).get(reverse("monday"), more)
    assert answer.status_code == 200
    parts = re.split(r"<h2[^>]*>(.*?)</h2>", answer.content.decode().split("<main")[1].split("</main")[0], flags=re.S)
    own = [re.sub(r"<p><a .*?</a></p>", "", each) for each in parts]  # without the way to all of it
    texts = [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in own]
    return dict(zip(texts[1::2], texts[2::2], strict=True))


def released(organisation, *, found_at=None):
    """A release that counted 80 people, all left out, in one neighbourhood and nobody anywhere else."""
    heard = [{"neighbourhood": found_at, "digital": False, "found": True, "n": 80}] if found_at else []
    tables, checks = fit_to_leave(
        Counted(heard, [], [], channels=[], ways=[], pathways=[], loans=[], referrals=[], reach=[]),
        published=around.published(),
        area_code="E06000046",
        ages=(),
        communities=(),
        channels=(),
    )
    until = timezone.localdate()
    return keep_release(organisation=organisation, since=None, until=until, tables=tables, checks=checks)


def test_on_an_empty_place_every_block_says_what_would_fill_it(lead):
    page = blocks(lead)
    since = timezone.localdate() - timedelta(days=7)
    assert page["What changed"].startswith("Nothing that you may see was recorded since")
    assert str(since.year) in page["What changed"]
    assert "No figures from conversations are released" in page["Where the risk map is wrong"]
    assert "this says where to listen next" in page["Whom nobody has asked"]
    assert "No walk is planned" in page["Walks"]
    assert "No small step is going on" in page["Small steps"]
    assert page["Pathways that would leave people out"] == "No pathway is published here yet."
    assert page["Full this month"] == "No touchpoint stands in the directory of this place yet."
    assert page["Entries that fade"] == "There is no entry yet."
    assert "Only those who keep a lending stock" in page["Loans whose data ends"]
    assert "None waits for you" in page["Releases that wait for a second person"]
    assert "Surveys and ideas fill this block" in page["What people said and what was done"]


def test_full_and_fading_entries_are_those_this_reader_may_see(place, lead):
    open_one, hidden = make_touchpoint(place, by=lead), make_touchpoint(place, by=lead)
    make_service(open_one, by=lead, name="Tea table", capacity=0)
    make_service(open_one, by=lead, name="Has room", capacity=4)
    make_service(hidden, by=lead, name="Refuge", capacity=0)
    old = make_service(open_one, by=lead, name="Nobody looked")
    full_in_spring = make_service(open_one, by=lead, name="Full once", capacity=0)
    Service.objects.filter(pk=full_in_spring.pk).update(capacity_on=timezone.localdate() - timedelta(days=40))
    Service.objects.filter(pk=old.pk).update(checked_on=timezone.localdate() - timedelta(days=300))
    make_service(make_touchpoint(make_place("Elsewhere")), name="Full elsewhere", capacity=0)
    type(hidden).objects.filter(pk=hidden.pk).update(private=True)
    page = blocks(lead)
    assert page["Full this month"] == "Refuge Tea table 2 of 5 have not said this month"
    assert page["Entries that fade"] == "1 of 5 entries: nobody looked for half a year"
    assert "Directory: 5 new entries, 0 changed" in page["What changed"]
    analyst = blocks(make_worker(place, "analyst"))
    assert analyst["Full this month"] == "Tea table 2 of 4 have not said this month"
    assert "4 new entries" in analyst["What changed"]


def test_steps_and_outreach_that_are_due_stand_there_with_the_way_to_them(place, lead):
    today = timezone.localdate()
    soon = make_step(place, by=lead, title="Tablets", review_on=today + timedelta(days=3))
    late = make_step(place, by=lead, title="Bus fares")
    make_step(place, by=lead, title="Later", review_on=today + timedelta(days=60))
    SmallStepVersion.objects.filter(step=late).update(review_on=today - timedelta(days=2))
    make_cycle(soon, by=lead)
    ahead = make_outreach(place, by=lead)
    over = make_outreach(place, by=lead, day=walks.usual_day() + timedelta(days=7))
    over.versions.update(day=today - timedelta(days=1))
    elsewhere = make_place("Elsewhere")
    make_step(elsewhere, by=make_worker(elsewhere, "place_lead"), title="Of others", review_on=today)
    page = blocks(lead)
    assert page["Small steps"].startswith("Bus fares: review was due ")
    assert "Tablets: review due " in page["Small steps"]
    assert "Later" not in page["Small steps"]
    assert "Of others" not in page["Small steps"]
    assert page["Walks"].startswith("Was on ")
    assert "Nobody has said yet what became of it" in page["Walks"]
    assert "7 notes on small steps" in page["What changed"], "three were begun, and one cycle has four parts"
    text = client_of(lead).get(reverse("monday")).content.decode()
    for name, made in (("step", soon), ("step", late), ("outreach", ahead), ("outreach", over)):
        assert f'href="{reverse(f"places:{name}", args=[made.pk])}"' in text


def test_a_walk_that_was_done_is_what_changed(place, lead):
    walk = make_outreach(place, by=lead)
    today = timezone.localdate()
    walk.versions.update(day=today - timedelta(days=1))
    walks.outreach_done(
        outreach=walk, seen=0, on=today, went="Pat", conversations=9, learnt="Many had no phone", by=lead
    )
    page = blocks(lead)
    assert "9 conversations" in page["What changed"]
    assert "Was on" not in page["Walks"]


def test_the_real_picture_says_where_the_map_is_wrong_and_where_to_listen(place, lead):
    released(place, found_at="E01017363")
    page = blocks(lead)
    assert "1 neighbourhood where more people are left out than the map expects" in page["Where the risk map is wrong"]
    rows = len(around.published().neighbourhoods.rows("E06000046"))
    assert f"{rows - 1} neighbourhoods of {rows} where nobody was asked" in page["Whom nobody has asked"]
    assert "Listen next: " in page["Whom nobody has asked"]
    assert "What people said was counted up to" in page["What changed"]
    elsewhere = make_other_system()
    other = blocks(make_worker(elsewhere, "place_lead"))
    assert "No figures from conversations are released" in other["Where the risk map is wrong"]


def test_a_release_waits_only_for_a_second_person_who_may_agree(place, lead):
    release = released(place)
    second = make_worker(place, "analyst")
    ask_to_open(release=release, why="For the board", version=release.version, by=lead)
    title = "Releases that wait for a second person"
    assert "counted up to" in blocks(second)[title]
    assert "None waits for you" in blocks(lead)[title]


def test_loans_are_counted_only_for_those_who_lend(place, team, lead):
    worker = make_worker(team)
    today = timezone.localdate()
    item = make_item(team, by=worker, kind="sim", data=20)
    loan = lend(item, make_person(team, by=worker), worker)
    Loan.objects.filter(pk=loan.pk).update(data_ends_on=today, contact_on=today - timedelta(days=14))
    assert "Only those who keep a lending stock" in blocks(lead)["Loans whose data ends"]
    Membership.objects.create(user=worker, role="analyst", organisation=place, starts_on=today - timedelta(days=9))
    assert blocks(worker)["Loans whose data ends"].startswith("1 loan up to ")


def test_a_pathway_that_would_leave_people_out_is_named(team, lead):
    made = pathways.add_pathway(template="talking_therapies", organisation=team, title="Talking", by=lead)
    pathways.publish(pathway=made, by=lead)
    page = blocks(lead)
    assert page["Pathways that would leave people out"] == "Every stage has a way that is not digital, in 1 pathway."
    assert "1 pathway changed what is offered" in page["What changed"]
    Option.objects.filter(stage=made.stages.first(), digital=False).update(leaving=True)
    said = blocks(lead)["Pathways that would leave people out"]
    assert said == "Talking: 1 stage only digital or without a way"


def test_whose_monday_somebody_may_have(place, team, lead):
    other = make_other_system()
    national = make_worker(place.parent.parent.parent, "national_lead")
    assert queries.places_of(lead) == [place]
    assert queries.places_of(national) == sorted([place.parent, other], key=lambda each: each.name)
    answer = client_of(national).get(reverse("monday"))
    assert f'href="/monday/?place={other.pk}"' in answer.content.decode()
    assert blocks(national, place=str(other.pk))
    for wrong in (str(other.pk), "nonsense", "' OR 1=1", str(place.parent.pk)):
        assert client_of(lead).get(reverse("monday"), {"place": wrong}).status_code == 404
    assert client_of(make_worker(team)).get(reverse("monday")).status_code == 403
    assert client_of(lead).post(reverse("monday")).status_code == 405


def test_monday_is_in_the_menu_of_whoever_may_open_it(place, team, lead):
    national = make_worker(place.parent.parent.parent, "national_lead")
    home = reverse("home")
    link = f'href="{reverse("monday")}"'
    analyst, worker = make_worker(place, "analyst"), make_worker(team)
    for user, there in ((lead, True), (national, True), (analyst, True), (worker, False)):
        client = client_of(user)
        assert (link in client.get(home).content.decode()) == there
        assert (client.get(reverse("monday")).status_code == 200) == there


def test_plans_alone_put_monday_in_the_menu(lead):
    request = RequestFactory().get("/")
    request.user, request.permissions = lead, frozenset({Permission.PLAN_STEPS})
    assert "Monday" in [each["text"] for each in context._navigation(request, lead)]


def test_the_page_asks_as_often_with_much_in_it_as_with_little(place, team, lead):
    released(place, found_at="E01017363")
    touchpoint, worker = make_touchpoint(place, by=lead), client_of(lead)
    _more(place, team, lead, touchpoint)
    worker.get(reverse("monday"))
    few = _asked(worker)
    for _ in range(4):
        _more(place, team, lead, touchpoint)
    assert len(_asked(worker)) <= len(few)
    assert len(few) <= 30
    assert sum('FROM "accounts_membership"' in each["sql"] for each in few) == 1


def _more(place, team, lead, touchpoint):
    make_step(place, by=lead, review_on=timezone.localdate())
    make_cycle(make_step(place, by=lead), by=lead)
    make_outreach(place, by=lead, day=walks.usual_day() + timedelta(days=Outreach.objects.count()))
    make_service(touchpoint, by=lead, capacity=0)
    made = pathways.add_pathway(template="talking_therapies", organisation=team, title="", by=lead)
    pathways.publish(pathway=made, by=lead)


def _asked(client):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("monday")).status_code == 200
    return asked.captured_queries
