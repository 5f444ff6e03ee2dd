"""The service design check: where a pathway is only digital, whom that would leave out, and another way asked for."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from pages import client_of
from people_factories import make_place, make_worker
from pypdf import PdfReader

from inroads.accounts.models import AuditEntry
from inroads.people.actions import pathways
from inroads.people.models import Option, Pathway
from inroads.places.queries.left_out import left_out
from inroads.reference import around
from inroads.reference.definitions.care import ways
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation
from inroads.released.actions import keep_release
from inroads.released.counting import Counted, fit_to_leave
from inroads.web.design_check import queries

DRAFT = {"title": "", "plain": "", "where": "", "when": ""}


@pytest.fixture
def estimated(monkeypatch):
    """An estimate of two neighbourhoods, whatever place is asked for; what was asked is kept."""
    asked = []

    def left_out(published, code, *, user=None):
        asked.append((code, user))
        rows = published.neighbourhoods.rows(code)[:2]
        return SimpleNamespace(
            rows=rows,
            people=np.array([1_000.0, 1_500.0]),
            value=np.array([100.0, 200.0]),
            low=np.array([81.0, 152.0]),
            high=np.array([133.0, 262.0]),
            total=SimpleNamespace(value=300.0, low=251.0, high=352.0, people=2_500.0),
            joint=SimpleNamespace(
                low=12.0,
                high=96.0,
                independent=SimpleNamespace(low=41.0, high=62.5),
                source=_rates("A survey of illness"),
            ),
            asked=None,
            sources=(_rates("A survey of the internet"),),
            notes=("Taken as independent.",),
        )

    monkeypatch.setattr(queries, "left_out", left_out)
    return asked


def _rates(publication):
    return SimpleNamespace(
        publisher="A publisher", publication=publication, year="2021", what="People who are offline."
    )


def drawn(organisation, lead, *, title="Small", stages=(("Review", ("clinic", "video")),)):
    """A pathway with these stages and ways as drafts."""
    made = pathways.add_pathway(template=None, organisation=organisation, title=title, by=lead)
    for name, there in stages:
        stage = pathways.add_stage(pathway=made, title=name, question=f"{name}?", by=lead)
        for way in there:
            pathways.add_option(stage=stage, way=way, **DRAFT, by=lead)
    return made


def seen(client, pathway):
    answer = client.get(reverse("design_check:pathway", args=[pathway.pk]))
    assert answer.status_code == 200
    return words(answer)


def words(answer):
    """The text of the page, tags taken out."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1]).split())


def test_a_stage_that_is_only_digital_is_found_with_the_number_and_its_source(team, lead, estimated):
    made = drawn(team, lead, stages=(("Referral", ("phone", "online_form", "clinic")), ("Crisis", ("app", "video"))))
    page = seen(client_of(lead), made)
    assert "1 of 2 stages would leave people out: Crisis ." in page
    assert "between 250 and 360 of the 2,500 people aged 16 and over who live in Isle of Wight" in page
    assert "As drawn, every way here is digital." in page
    assert "Between 250 and 360 of the 2,500 people" in page
    assert "Sources: A publisher, A survey of the internet (2021); A publisher, A survey of illness (2021)." in page
    assert "Left out here means: People who are offline." in page
    assert "Of them, between 12 and 96 live with mental health illness" in page
    assert "Were the two unrelated, it would be between 41 and 63." in page
    assert "Taken as independent." in page
    assert "150 to 270" in page, "the neighbourhood with most of them"
    assert estimated == [("E06000046", lead)]


def test_a_way_that_leaves_turns_a_stage_before_it_is_published(team, lead, estimated):
    made = drawn(team, lead)
    pathways.publish(pathway=made, by=lead)
    page = seen(client_of(lead), made)
    assert "Every stage has a way that is not digital." in page
    assert "Nobody for want of another way" in page
    clinic = Option.objects.get(way="clinic")
    pathways.mark_leaving(option=clinic, leaving=True, by=lead)
    page = seen(client_of(lead), made)
    assert "1 of 1 stage would leave people out: Review ." in page
    assert f"Once published every way here is digital, because this leaves: {clinic.title}." in page


def test_an_earlier_time_that_was_only_digital_is_said(team, lead, estimated):
    made = drawn(team, lead, stages=(("Review", ("video", "clinic")),))
    pathways.publish(pathway=made, by=lead)
    Option.objects.filter(way="video").update(offered_at=timezone.now() - timedelta(days=40))
    assert "only digital ways were offered here." in seen(client_of(lead), made)


def test_without_an_estimate_the_page_says_so_and_invents_none(team, lead, monkeypatch, settings, tmp_path):
    made = drawn(team, lead, stages=(("Crisis", ("app",)),))
    monkeypatch.setattr(queries, "left_out", lambda *_, **__: None)
    page = seen(client_of(lead), made)
    assert "there is no estimate for Isle of Wight yet" in page
    assert "No estimate" in page
    assert "What the number is" not in page
    settings.PUBLISHED_DIR = tmp_path
    assert "the figures for the area of this service are not loaded" in seen(client_of(lead), made)


def test_an_area_of_which_only_a_part_is_loaded_has_no_number(team, place, lead):
    ics = place.parent
    ics.area_code = "E54000042"
    ics.save(update_fields=("area_code",))
    whole = make_worker(ics, "place_lead")
    made = drawn(ics, whole, stages=(("Crisis", ("app",)),))
    page = client_of(whole).get(reverse("design_check:pathway", args=[made.pk])).content.decode()
    assert "How many people that is cannot be said" in page
    assert "/places/E54000042/" not in page


def test_the_form_adds_a_draft_and_the_check_turns(team, lead, estimated):
    made = drawn(team, lead, stages=(("Crisis", ("app",)),))
    stage, client = made.stages.get(), client_of(lead)
    address = reverse("design_check:another_way", args=[made.pk, stage.pk])
    form = client.get(address).content.decode()
    offered = set(re.findall(r'name="way"[^>]*value="(\w+)"', form))
    assert offered == {each.id for each in ways().values() if not each.digital}
    answer = client.post(address, {"way": "drop_in", "where": "Ryde library", "when": "Any day"}, follow=True)
    page = words(answer)
    assert "Added to Crisis as a draft." in page
    added = stage.options.get(way="drop_in")
    assert (added.offered_at, added.digital, added.title, added.where) == (None, False, "Drop in", "Ryde library")
    assert AuditEntry.objects.filter(action="option_added", by=lead).count() == 2
    assert "Every stage has a way that is not digital." in page
    assert "What is not digital is at one place only: Ryde library." in page
    assert "What is not digital is at one time only: Any day." in page
    assert pathways.publish(pathway=made, by=lead).published_at


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"way": "", "where": "Café “Ünder” <b>"}, "Choose a way that is not digital"),
        ({"way": "video", "where": "Café “Ünder” <b>"}, "Each of them is not digital"),
        ({"way": "pigeon", "where": "Café “Ünder” <b>"}, "Each of them is not digital"),
        (
            {"way": "phone", "where": "Café “Ünder” <b>", "title": "x" * 101},
            "“What you call it” may have at most 100 characters",
        ),
        ({"way": "phone", "where": "Café “Ünder” <b>", "plain": "x" * 1001}, "at most 1,000 characters"),
    ],
)
def test_odd_input_is_refused_with_what_was_typed_kept(team, lead, sent, said):
    made = drawn(team, lead, stages=(("Crisis", ("app",)),))
    address = reverse("design_check:another_way", args=[made.pk, made.stages.get().pk])
    answer = client_of(lead).post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" in page
    assert said in page
    assert "Café “Ünder” &lt;b&gt;" in page
    assert Option.objects.count() == 1


def test_the_same_way_by_the_same_name_is_added_once(team, lead):
    made = drawn(team, lead, stages=(("Crisis", ("app",)), ("Review", ("drop_in",))))
    stage, client = made.stages.first(), client_of(lead)
    address = reverse("design_check:another_way", args=[made.pk, stage.pk])
    assert client.post(address, {"way": "drop_in", "where": "Ryde"}).status_code == 302
    for title in ("", " Drop  in ", "drop in"):
        page = client.post(address, {"way": "drop_in", "title": title, "where": "Cowes"}).content.decode()
        assert "stands at this stage already" in page
        assert 'value="Cowes"' in page
    assert stage.options.filter(way="drop_in").count() == 1
    assert client.post(address, {"way": "drop_in", "title": "Evenings", "where": "Cowes"}).status_code == 302
    Option.objects.filter(title="Drop in", stage=stage).update(offered_at=timezone.now(), withdrawn_at=timezone.now())
    assert client.post(address, {"way": "drop_in"}).status_code == 302, "what was withdrawn can be offered anew"


def test_who_may_see_which_pathway(team, place, lead, estimated):
    region = place.parent.parent
    other_ics = add_organisation(kind=Kind.ICS, name="Another ICS", parent=region)
    other_place = add_organisation(kind=Kind.PLACE, name="Elsewhere", parent=other_ics)
    public = drawn(team, lead, title="Published")
    pathways.publish(pathway=public, by=lead)
    draft = drawn(team, lead, title="Draft")
    analyst, national = make_worker(place, "analyst"), make_worker(region.parent, "national_lead")
    others = [make_worker(other_place, "place_lead"), make_worker(other_ics, "analyst")]
    assert set(queries.pathways_to_check(lead)) == {public, draft}
    for reader in (analyst, national):
        assert list(queries.pathways_to_check(reader)) == [public]
    for reader in others:
        assert not queries.pathways_to_check(reader).exists()
        for made in (public, draft):
            for name in ("pathway", "paper_file"):
                assert client_of(reader).get(reverse(f"design_check:{name}", args=[made.pk])).status_code == 404
    assert client_of(analyst).get(reverse("design_check:pathway", args=[draft.pk])).status_code == 404
    worker = client_of(make_worker(team))
    assert worker.get(reverse("design_check:pathways")).status_code == 403
    assert worker.get(reverse("design_check:pathway", args=[public.pk])).status_code == 403


def test_somebody_else_reads_whom_to_ask_and_changes_nothing(team, place, lead, estimated):
    made = drawn(team, lead)
    pathways.publish(pathway=made, by=lead)
    video, clinic = Option.objects.get(way="video"), Option.objects.get(way="clinic")
    Option.objects.filter(pk=clinic.pk).update(withdrawn_at=timezone.now())
    pathways.add_option(stage=made.stages.get(), way="letter", **DRAFT, by=lead)
    analyst = make_worker(place, "analyst")
    page = seen(client_of(analyst), made)
    assert "Ask the place lead of Isle of Wight to add one." in page
    assert "Digital only" in page
    assert video.title in page
    assert ways()["letter"].title not in page, "drafts are for those who draw"
    assert "Change Small" not in page
    address = reverse("design_check:another_way", args=[made.pk, made.stages.get().pk])
    assert client_of(analyst).post(address, {"way": "phone"}).status_code == 403
    elsewhere = make_worker(make_place("Elsewhere"), "place_lead")
    assert client_of(elsewhere).post(address, {"way": "phone"}).status_code == 404
    with pytest.raises(PermissionDenied):
        pathways.add_option(stage=made.stages.get(), way="phone", **DRAFT, by=analyst)
    assert not Option.objects.filter(way="phone").exists()


def test_the_list_says_of_each_pathway_how_many_stages_have_no_other_way(team, place, lead):
    drawn(team, lead, title="Whole")
    drawn(place, lead, title="Mixed", stages=(("A", ("app",)), ("B", ("clinic",)), ("C", ())))
    client, address = client_of(lead), reverse("design_check:pathways")
    page = words(client.get(address))
    assert "Whole (not published) All stages have another way." in page
    assert "Mixed (not published) Digital only: 1 of 3 stages. No way yet: 1 of 3 stages." in page
    few = _asked(client, address)
    for number in range(10):
        drawn(team, lead, title=f"More {number}")
    assert _asked(client, address) == few
    assert "Mixed" in words(client.get(address, {"q": "mix wight"}))
    assert "Whole" not in words(client.get(address, {"q": "mix"}))
    odd = client.get(address, {"q": "\0<script>%_'\""})
    assert odd.status_code == 200
    assert "None has these words" in words(odd)


def _asked(client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_the_sheet_has_every_stage_the_number_and_room_to_write(team, lead, estimated):
    made = drawn(team, lead, stages=(("Referral", ("phone",)), ("Crisis", ("app", "video"))))
    client, address = client_of(lead), reverse("design_check:paper_file", args=[made.pk])
    answer = client.get(address, {"points": 18})
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    for said in (
        "Referral",
        "Crisis",
        "Digital only",
        "between 250 and 360 of the 2,500",
        "What would work for you here?",
    ):
        assert said in text
    wrong = client.get(address, {"points": "17"})
    assert wrong.status_code == 400
    assert "The address asked for “17”" in words(wrong)
    assert client.get(address).status_code == 200


def test_the_real_estimate_of_the_place_stands_on_the_page(team, lead):
    made = drawn(team, lead, stages=(("Crisis", ("app",)),))
    real = left_out(around.published(), "E06000046").total
    said = re.search(r"between ([\d,]+) and ([\d,]+) of the ([\d,]+) people aged 16", seen(client_of(lead), made))
    low, high, people = (int(each.replace(",", "")) for each in said.groups())
    assert low <= real.low < real.value < real.high <= high < people == round(real.people)


def test_a_stage_that_leaves_people_out_can_begin_a_small_step(team, lead):
    made = drawn(team, lead, stages=(("Crisis", ("app",)), ("Review", ("clinic",))))
    client = client_of(lead)
    page = client.get(reverse("design_check:pathway", args=[made.pk])).content.decode()
    (found,) = re.findall(r'href="(/places/[^"]*steps/new/[^"]*)"', page)
    new = client.get(unescape(found))
    assert new.status_code == 200
    real = left_out(around.published(), "E06000046").total
    typed = new.content.decode()
    stage = made.stages.first()
    for expected in (f"{stage.pk}: {stage.title}", round(real.value), round(real.low), round(real.high)):
        assert f'value="{expected}"' in typed


def test_what_people_chose_is_said_only_as_it_was_released(team, place, lead, estimated):
    made = drawn(team, lead)
    pathways.publish(pathway=made, by=lead)
    stage, ics = made.stages.get(), place.parent
    assert "What people chose" not in seen(client_of(lead), made)
    chosen = [("video", 4), ("clinic", 26)]
    rows = [{"pathway": str(made.pk), "stage": stage.pk, "way": way, "n": n} for way, n in chosen]
    rows.append({"pathway": "another", "stage": stage.pk, "way": "phone", "n": 90})
    people = [{"pathway": each, "n": 200} for each in (str(made.pk), "another")]
    tables, checks = fit_to_leave(
        Counted([], [], [], channels=[], ways=rows, pathways=people, loans=[], referrals=[], reach=[]),
        published=around.published(),
        area_code="E06000046",
        ages=(),
        communities=(),
        channels=(),
    )
    keep_release(organisation=ics, since=None, until=date(2026, 5, 3), tables=tables, checks=checks)
    whole = make_worker(ics, "place_lead")
    expected = "What people chose up to 3 May 2026, as released: At the clinic about 25, Video call 1 to 7."
    assert expected in seen(client_of(whole), made)
    assert "What people chose" not in seen(client_of(lead), made), (
        "it is of the whole system, which is not theirs to see"
    )


def test_the_pathway_page_leads_here_and_back(team, lead, estimated):
    made = drawn(team, lead)
    check = reverse("design_check:pathway", args=[made.pk])
    page = reverse("people:pathway", kwargs={"pathway": made.pk})
    client = client_of(lead)
    assert f'href="{check}"' in client.get(page).content.decode()
    assert f'href="{page}"' in client.get(check).content.decode()


def test_a_template_of_ours_is_whole(team, lead, estimated):
    """What a service begins from has another way at every stage."""
    for template in ("community_mental_health", "talking_therapies"):
        made = pathways.add_pathway(template=template, organisation=team, title="", by=lead)
        assert not any(verdict.leaves_people_out for _, verdict in queries.checked_pathway(lead, made.pk).stages)
    assert Pathway.objects.count() == 2
