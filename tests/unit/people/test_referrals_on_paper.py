"""Referrals without a screen: by letter and code, on a printed script, by phone; and on the person's own page."""

from datetime import timedelta
from io import BytesIO

import pytest
from directory_factories import make_service, make_touchpoint
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pages import client_of
from people_factories import make_person, make_place, make_team, make_worker
from pypdf import PdfReader

from inroads.accounts.codes import as_written
from inroads.people.actions import paper, plans, records, referrals
from inroads.people.actions.contacts import hand_over
from inroads.people.actions.paper import Filled, Written
from inroads.people.actions.referrals import Consent
from inroads.people.models import Answer, Contact, Referral
from inroads.people.models import ReferralState as State
from inroads.people.presenters.paper import content_of
from inroads.people.queries.record import record_of
from inroads.people.queries.referrals import code_of
from inroads.people.queries.timeline import timeline
from inroads.post.models import Message


@pytest.fixture
def scene(db):
    """A worker, a person, and a service of a touchpoint that has only an address."""
    place = make_place()
    team = make_team(place=place)
    worker = make_worker(team)
    table = make_touchpoint(place, name="Kitchen Table")
    service = make_service(
        table, helps=("digital_mentor",), address="4 High Street", town="Ventnor", postcode="PO38 1AA"
    )
    return worker, make_person(team, by=worker, known_as="Abdi"), service


def refer(scene, service=None):
    worker, person, usual = scene
    consent = Consent(("name",), "said yes")
    made = referrals.draft_referral(
        person=person, service=service or usual, asked="A first e-mail", consent=consent, by=worker
    )
    return referrals.send_referral(referral=made, by=worker)


def test_a_touchpoint_with_only_an_address_gets_a_letter_with_a_code(scene):
    kept = refer(scene)
    letter = Message.objects.get()
    assert letter.channel == "letter"
    assert letter.to.splitlines() == ["Kitchen Table", "4 High Street", "Ventnor", "PO38 1AA"]
    code = as_written(code_of(kept, "receiver"))
    assert code in letter.body
    assert "Abdi" not in letter.body
    answer = Client().post(reverse("answers:enter"), {"code": code.lower()})
    assert answer.status_code == 302
    assert "A first e-mail" in Client().get(answer.url).content.decode()


def test_a_wrong_code_says_what_to_check(db):
    page = Client().post(reverse("answers:enter"), {"code": "ABCD"}).content.decode()
    assert "This is not a code of ours" in page
    assert 'value="ABCD"' in page


def test_the_printed_question_names_nobody_and_staff_key_in_the_answer_by_its_code(scene):
    worker, person, _ = scene
    kept = refer(scene)
    client = client_of(worker)
    url = reverse("people:referral_letter", kwargs={"person": person.pk, "referral": kept.pk})
    for points in (12, 18, 24):
        answer = client.get(url, {"points": points})
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
        assert code_of(kept, "receiver") in "".join(letter for letter in text if letter.isalnum())
        assert "Abdi" not in text
    found = client.post(reverse("people:key_paper"), {"code": as_written(code_of(kept, "receiver"))})
    assert found.url == reverse("people:heard", kwargs={"person": person.pk, "referral": kept.pk})
    client.post(found.url, {"state": "declined", "reason": "too_far", "through": "paper"})
    kept.refresh_from_db()
    assert (kept.state, kept.events.last().through, kept.events.last().by) == (State.DECLINED, "paper", worker)


def test_the_code_of_a_letter_opens_nothing_for_staff_of_another_team(scene):
    kept = refer(scene)
    stranger = client_of(make_worker(make_team("Another")))
    page = stranger.post(reverse("people:key_paper"), {"code": code_of(kept, "receiver")}).content.decode()
    assert "No paper of the people you work with has this code" in page


def test_no_without_a_reason_is_asked_again_and_the_words_stay(scene):
    worker, person, _ = scene
    kept = refer(scene)
    url = reverse("people:heard", kwargs={"person": person.pk, "referral": kept.pk})
    page = client_of(worker).post(url, {"state": "declined", "words": "Not now", "through": "phone"}).content.decode()
    assert "Choose why not" in page
    assert "Not now" in page


def test_a_tick_on_a_printed_script_closes_the_referral_it_belongs_to(scene):
    worker, person, _ = scene
    kept = refer(scene)
    referrals.answer_referral(referral=kept, state="accepted", through="phone", by=worker)
    content = content_of("script", record_of(person))
    script = paper.print_paper(person=person, kind="script", points=18, content=content, by=worker)
    assert kept.step_id in script.content
    paper.key_helped(
        paper=script,
        written={kept.step_id: Written("a_bit", "Slowly")},
        filled=Filled(kept.agreed_on, "person", "phone", "Volunteer Jo"),
        by=worker,
    )
    kept.refresh_from_db()
    assert (kept.state, kept.due_on) == (State.TOLD_BACK, None)
    assert (kept.events.last().answer, kept.events.last().through) == ("a_bit", "phone")
    said = Answer.objects.get(kind="helped")
    assert (said.channel, said.present_words) == ("phone", "Volunteer Jo")


def test_not_asked_on_a_script_closes_nothing(scene):
    worker, _, _ = scene
    kept = refer(scene)
    referrals.answer_referral(referral=kept, state="accepted", through="phone", by=worker)
    plans.record_helped(step=kept.step, answer="not_asked", words="", channel="phone", by=worker)
    kept.refresh_from_db()
    assert kept.state == State.ACCEPTED


def test_everything_that_happened_stands_in_the_timeline(scene):
    kept = refer(scene)
    referrals.answer_referral(referral=kept, state="accepted", through="link")
    referrals.tell_back(referral=kept, answer="yes", words="Good", channel="message", through="link")
    kinds = [entry.kind for day in timeline(scene[1]).days for entry in day.entries]
    assert kinds.count("referral") == 4
    page = client_of(scene[0]).get(reverse("people:timeline", kwargs={"person": scene[1].pk})).content.decode()
    assert "Referral to Kitchen Table" in page
    assert "They said yes. Through the link" in page


def test_the_person_takes_it_back_on_their_own_page_and_nobody_else_does(scene):
    _, person, _ = scene
    kept = refer(scene)
    own, other = make_worker(person.organisation, "person"), make_worker(person.organisation, "person")
    person.user = own
    person.save(update_fields=("user",))
    page = client_of(own).get(reverse("people:own_record", kwargs={"person": person.pk})).content.decode()
    assert "A first e-mail" in page
    url = reverse("people:own_take_back", kwargs={"person": person.pk, "referral": kept.pk})
    assert client_of(other).post(url).status_code == 404
    assert client_of(own).post(url).status_code == 302
    assert Referral.objects.get(pk=kept.pk).state == State.WITHDRAWN


def test_a_private_place_is_named_in_no_plan_that_others_may_read(scene):
    worker, person, _ = scene
    place = worker.memberships.get().organisation.parent.parent
    refuge = make_service(make_touchpoint(place, name="Hidden House", private=True), helps=("safe_contact",))
    refer(scene, refuge)
    now = record_of(person).steps[0].now
    assert "Hidden" not in f"{now.what} {now.owner}"


def test_a_letter_that_asks_whether_it_helped_is_ticked_sent_back_and_keyed_in(scene):
    worker, person, _ = scene
    kept = refer(scene)
    address = "1 Low Road\nVentnor\nPO38 2BB"
    records.set_preferences(
        person=person, channel="phone", contact_way="letter", contact_detail=address, format="large_18", by=worker
    )
    referrals.answer_referral(referral=kept, state="accepted", through="phone", by=worker)
    referrals.answer_referral(referral=kept, state="seen", through="phone", by=worker)
    referrals.go_on(referral=kept, on=timezone.localdate() + timedelta(days=7))
    assert hand_over(contact=Contact.objects.get(why="helped"), on=timezone.localdate())
    letter = Message.objects.get(body__contains="Has it helped")
    assert (letter.channel, letter.points, letter.to.splitlines()[0]) == ("letter", 18, person.full_name)
    code = as_written(code_of(kept, "person"))
    assert code in letter.body
    assert "A bit" in letter.body
    found = client_of(worker).post(reverse("people:key_paper"), {"code": code})
    assert found.url == reverse("people:told_back", kwargs={"person": person.pk, "referral": kept.pk})
