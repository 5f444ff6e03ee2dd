"""What somebody who tried to break referrals, mentors and the directory found, so that it stays mended."""

from datetime import timedelta

import pytest
from directory_factories import make_lead, make_service, make_touchpoint
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pages import client_of
from people_factories import make_person, make_place, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.codes import hash_of
from inroads.accounts.models import AuditEntry
from inroads.directory.actions.services import end_service
from inroads.people.actions import mentors, pairings, plans, records, referrals
from inroads.people.actions.contacts import hand_over
from inroads.people.actions.conversations import begin_conversation, record_answer
from inroads.people.actions.referrals import Consent
from inroads.people.models import Contact, PaperKind
from inroads.people.presenters.paper import content_of
from inroads.people.queries.gathering import suggestions
from inroads.people.queries.mentors import own_pairings
from inroads.people.queries.record import record_of
from inroads.people.queries.referrals import code_of
from inroads.post.models import Message

TODAY = timezone.localdate


@pytest.fixture
def scene(db):
    """A place, a worker, a person who likes texts, and a charity with an email address."""
    place = make_place()
    team = make_team(place=place)
    worker = make_worker(team)
    person = make_person(team, by=worker, known_as="Abdi")
    like(person, worker)
    return place, worker, person, make_service(make_touchpoint(place, name="Table", email="t@charity.example"))


def like(person, worker, detail="07700 900111", way="text"):
    records.set_preferences(person=person, channel="phone", contact_way=way, contact_detail=detail, by=worker)


def refer(scene, service=None, asked="Help"):
    _, worker, person, usual = scene
    made = referrals.draft_referral(
        person=person, service=service or usual, asked=asked, consent=Consent(("name", "contact"), "yes"), by=worker
    )
    return referrals.send_referral(referral=made, by=worker)


def answer(referral, state, **more):
    return referrals.answer_referral(referral=referral, state=state, through="link", **more)


def test_a_number_that_nothing_can_be_sent_to_goes_by_the_next_way(scene):
    place, *_ = scene
    odd = make_touchpoint(place, phone="07700 900123 ext 4", email="o@charity.example")
    refer(scene, make_service(odd))
    assert [(each.channel, each.to) for each in Message.objects.all()] == [("email", "o@charity.example")]


def test_the_page_says_what_was_done_and_not_what_should_have_been(scene):
    place, worker, person, _ = scene
    service = make_service(make_touchpoint(place, phone="01983 123456"))
    made = referrals.draft_referral(
        person=person, service=service, asked="Help", consent=Consent(("name",), "yes"), by=worker
    )
    url = reverse("people:send_referral", kwargs={"person": person.pk, "referral": made.pk})
    page = client_of(worker).post(url, follow=True).content.decode()
    assert "Nothing can be sent to them" in page
    assert "01983 123456" in page
    assert not Message.objects.exists()


def test_what_was_answered_or_taken_back_is_asked_no_more(scene):
    _, worker, *_ = scene
    kept = refer(scene)
    referrals.withdraw_referral(referral=kept, by=worker)
    assert {each.state for each in Message.objects.filter(key__contains="-ask-")} == {"cancelled"}


def test_somebody_is_told_the_day_that_holds(scene):
    kept = refer(scene)
    days = [TODAY() + timedelta(days=number) for number in (5, 6, 5)]
    for day in days:
        answer(kept, "accepted", meets_on=day)
    planned = Contact.objects.filter(why=Contact.Why.REFERRAL, state=Contact.State.PLANNED)
    assert [f"{days[2]:%A}" in each.words for each in planned] == [True]


def test_nobody_hears_of_a_yes_that_was_taken_back(scene):
    _, worker, *_ = scene
    kept = refer(scene)
    answer(kept, "accepted")
    answer(kept, "declined", reason="full")
    words = [each.words for each in Contact.objects.filter(state=Contact.State.PLANNED)]
    assert len(words) == 1
    assert "cannot help this time" in words[0]
    other = refer(scene)
    answer(other, "accepted")
    referrals.withdraw_referral(referral=other, by=worker)
    assert Contact.objects.filter(state=Contact.State.PLANNED).count() == 1


def test_messages_follow_the_address_that_was_said_last(scene):
    _, worker, person, _ = scene
    answer(refer(scene), "declined", reason="full")
    assert hand_over(contact=Contact.objects.get(), on=TODAY())
    assert Message.objects.get(channel="text").to == "+447700900111"
    like(person, worker, "1 New Road\nVentnor\nPO38 1AA", "letter")
    assert Message.objects.get(channel="text").state == "cancelled"
    assert hand_over(contact=Contact.objects.get(), on=TODAY())
    letter = Message.objects.get(channel="letter")
    assert "1 New Road" in letter.to


def test_an_old_code_has_no_power_after_it_was_taken_back(scene):
    _, worker, *_ = scene
    kept = refer(scene)
    referrals.withdraw_referral(referral=kept, by=worker)
    page = reverse("answers:receiver", kwargs={"code": code_of(kept, "receiver")})
    Client().post(page, {"answer": "room", "capacity": "0"})
    kept.service.refresh_from_db()
    assert kept.service.capacity is None


def test_reading_through_a_link_is_noted_once_a_day(scene):
    kept = refer(scene)
    answer(kept, "accepted")
    page = reverse("answers:receiver", kwargs={"code": code_of(kept, "receiver")})
    for _ in range(5):
        Client().get(page)
    assert AuditEntry.objects.filter(action="referral_read_through_link").count() == 1


def test_a_service_that_ended_is_asked_nothing(scene):
    place, worker, person, service = scene
    made = referrals.draft_referral(
        person=person, service=service, asked="Help", consent=Consent(("name",), "yes"), by=worker
    )
    end_service(service=service, by=make_lead(place))
    with pytest.raises(Refused, match="not running any more"):
        referrals.send_referral(referral=made, by=worker)


def test_a_handed_over_screen_shows_nothing_private(scene):
    place, worker, person, _ = scene
    refuge = make_service(make_touchpoint(place, name="Refuge of Hidden Lane", private=True), name="Hidden House")
    client = client_of(worker)
    assert "Hidden House" in client.get(reverse("directory:find"), {"words": "hidden"}).content.decode()
    begin = reverse("people:begin", kwargs={"person": person.pk})
    sent = {"kind": "triage", "channel": "in_person", "said_by": "person", "hand_over": "on"}
    day = TODAY()
    sent |= {"said_on_day": day.day, "said_on_month": day.month, "said_on_year": day.year}
    client.post(begin, sent)
    assert client.get(reverse("people:list")).status_code == 302, "the screen was not handed over"
    assert "Hidden House" not in client.get(reverse("directory:find"), {"words": "hidden"}).content.decode()
    assert client.get(reverse("directory:service", kwargs={"service": refuge.pk})).status_code == 404


def test_a_private_place_stands_in_no_plan_that_others_read(scene):
    place, worker, person, _ = scene
    plans.add_step(person=person, what="Open step", owner="Us", due_on=TODAY(), barrier="data", by=worker)
    refuge = make_service(make_touchpoint(place, name="Refuge of Hidden Lane", private=True), name="Hidden House")
    refer(scene, refuge, asked="Somewhere safe from the husband")
    husband = make_worker(person.organisation, "trusted_person")
    trusted = records.add_trusted_person(
        person=person,
        name="H",
        relation="husband",
        may_see=True,
        may_change=False,
        agreed_on=None,
        how_agreed="x",
        by=worker,
    )
    trusted.user = husband
    trusted.save(update_fields=("user",))
    page = client_of(husband).get(reverse("people:own_record", kwargs={"person": person.pk})).content.decode()
    assert "Open step" in page
    for words in ("Hidden", "husband</", "place we spoke about", "safe from"):
        assert words not in page
    printed = content_of(PaperKind.PLAN, record_of(person))
    assert len(printed) == 1


def test_a_suggested_private_place_is_written_into_a_plan_without_its_name(scene):
    place, worker, person, _ = scene
    make_service(
        make_touchpoint(place, name="Refuge of Hidden Lane", private=True), name="Hidden House", helps=("data_sim",)
    )

    talk = begin_conversation(person=person, kind="triage", channel="in_person", by=worker)
    record_answer(conversation=talk, topic="data", answer="yes", words="", by=worker)
    found = next(each for each in suggestions(record_of(person), None) if each.private)
    url = reverse(
        "people:add_suggested", kwargs={"person": person.pk, "barrier": found.barrier, "suggested": found.key}
    )
    form = client_of(worker).get(url).content.decode().split("<form")[-1]
    assert "Hidden" not in form
    day = TODAY()
    due = {"due_on_day": day.day, "due_on_month": day.month, "due_on_year": day.year}
    client_of(worker).post(url, {"status": "planned", "what": "Ask there", "owner": "Us", **due})
    assert record_of(person).steps[-1].step.private


def test_a_mentor_who_left_the_team_sees_its_people_no_more(scene):
    _, worker, person, _ = scene
    team = person.organisation
    mentor_user = make_worker(team, "digital_mentor")
    mentor = mentors.add_mentor(
        organisation=team, name="Mo", known_as="Mo", capacity=2, account=mentor_user.email, by=worker
    )
    mentors.record_supervision(mentor=mentor, supervisor="L", next_on=TODAY() + timedelta(days=30), by=worker)
    pairings.pair(person=person, mentor=mentor, how_agreed="yes", channel="phone", by=worker)
    assert own_pairings(mentor_user).count() == 1
    membership = mentor_user.memberships.get()
    membership.organisation = make_team("Another")
    membership.save()
    assert own_pairings(mentor_user).count() == 0


def test_codes_are_kept_only_as_hashes(scene):
    kept = refer(scene)
    assert kept.code_hash == hash_of(code_of(kept, "receiver"))
    assert code_of(kept, "receiver") not in str(kept.__dict__)
