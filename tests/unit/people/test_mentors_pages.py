"""The pages about mentors, sessions and drop-ins: what they show, what they keep, and what bad input gets."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from mentor_factories import add_to_record, make_mentor, make_pairing
from pages import client_of
from people_factories import make_person, make_place, make_team, make_worker

from inroads.accounts.models import AuditEntry
from inroads.people.actions import drop_ins, pairings
from inroads.people.models import Attendance, DropIn, Mentor, Pairing, Session, Supervision
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation


def text(answer):
    return " ".join(answer.content.decode().split())


def date_fields(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


@pytest.fixture
def place(db):
    return make_place()


@pytest.fixture
def worker(place):
    return make_worker(make_team("A team", place))


@pytest.fixture
def person(worker):
    return make_person(worker.memberships.get().organisation, by=worker)


@pytest.fixture
def partner(place):
    return make_worker(add_organisation(kind=Kind.VOLUNTARY, name="A charity", parent=place), "touchpoint_partner")


def new_mentor(**typed):
    today = timezone.localdate()
    words = {"kind": "mentor", "name": "Amina Warsame", "known_as": "Amina", "capacity": "3"}
    return words | date_fields("active_from", today) | typed


def test_a_mentor_is_added_supervised_and_then_suggested(partner, worker, person):
    client = client_of(partner)
    organisation = partner.memberships.get().organisation.pk
    answer = client.post(reverse("people:add_mentor"), new_mentor(organisation=organisation, languages="Somali"))
    mentor = Mentor.objects.get()
    assert answer.url == reverse("people:supervise_mentor", kwargs={"mentor": mentor.pk})
    of_person = reverse("people:person_mentors", kwargs={"person": person.pk})
    assert "One more mentor meets their supervisor first" in text(client_of(worker).get(of_person))
    client.post(answer.url, {"supervisor": "Jo"} | date_fields("next_on", timezone.localdate() + timedelta(days=9)))
    assert Supervision.objects.get().supervisor == "Jo"
    assert "They said yes to Amina" in text(client_of(worker).get(of_person))
    listed = text(client.get(reverse("people:mentors")))
    assert "Has 0 of 3; room for 3 more" in listed
    assert "Supervised by Jo: next on" in listed


@pytest.mark.parametrize(
    "wrong",
    [
        {"capacity": ""},
        {"capacity": "many"},
        {"capacity": "99999999999999999999"},
        {"reach_km": "-1"},
        {"name": ""},
        {"known_as": "x" * 61},
        {"kind": "boss"},
        {"neighbourhood": "E99999999"},
        {"communities": ["nobody"]},
        {"organisation": "not-an-id"},
        {"account": "nobody"},
        {"account": "nobody@tests.example"},
        {"active_from_month": "13"},
        {"active_until_day": "1", "active_until_month": "1", "active_until_year": "2001"},
    ],
    ids=str,
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(partner, wrong):
    organisation = partner.memberships.get().organisation.pk
    answer = client_of(partner).post(
        reverse("people:add_mentor"), new_mentor(organisation=organisation, hours="Tuesdays") | wrong
    )
    assert answer.status_code == 200
    assert "There is a problem" in text(answer)
    assert "Tuesdays" in text(answer)
    assert not Mentor.objects.exists()


def test_a_change_beside_another_shows_both_and_saves_on_the_second_try(partner):
    mentor = make_mentor(partner.memberships.get().organisation, by=partner)
    address = reverse("people:change_mentor", kwargs={"mentor": mentor.pk})
    client = client_of(partner)
    assert 'value="Amina Warsame"' in text(client.get(address))
    assert client.post(address, new_mentor(version=1, hours="Mondays")).status_code == 302
    answer = client.post(address, new_mentor(version=1, hours="Fridays"))
    said = text(answer)
    assert "Somebody else changed this" in said
    assert "When: Mondays" in said
    assert "Fridays" in said
    assert 'name="version" value="2"' in said
    assert client.post(address, new_mentor(version=2, hours="Fridays")).status_code == 302
    assert Mentor.objects.get().hours == "Fridays"


def test_a_mentor_somebody_else_keeps_is_not_found(partner, worker):
    mentor = make_mentor(partner.memberships.get().organisation, by=partner)
    for name in ("change_mentor", "supervise_mentor"):
        assert client_of(worker).get(reverse(f"people:{name}", kwargs={"mentor": mentor.pk})).status_code == 404


def test_a_person_begins_meets_and_stops_on_the_pages(worker, partner, person):
    mentor = make_mentor(partner.memberships.get().organisation, by=partner, contact_words="Ring 01983 000000")
    client = client_of(worker)
    begin = reverse("people:begin_pairing", kwargs={"person": person.pk, "mentor": mentor.pk})
    said = {"channel": "in_person", "said_by": "person"} | date_fields("said_on", timezone.localdate())
    assert "Say how the person agreed" in text(client.post(begin, said))
    assert client.post(begin, said | {"how_agreed": "said yes", "wants": "Write to my sister"}).status_code == 302
    pairing = Pairing.objects.get()
    assert pairing.because == "has room for 3 more"
    where = {"person": person.pk, "pairing": pairing.pk}
    session = reverse("people:log_session", kwargs=where)
    shown = text(client.get(session))
    assert 'value="30"' in shown
    met = {"minutes": "40", "where": "home", "done": "Wrote <b>to her</b>", "task_message": "alone", "task_wifi": ""}
    assert client.post(session, met | date_fields("met_on", timezone.localdate())).status_code == 302
    assert Session.objects.get().tasks == {"message": "alone"}
    assert "Last time: alone" in text(client.get(session))
    page = text(client.get(reverse("people:person_mentors", kwargs={"person": person.pk})))
    assert "Send and read a message: alone since" in page
    assert "Wrote &lt;b&gt;to her&lt;/b&gt;" in page
    assert "Ring 01983 000000" in page
    mistake = reverse("people:take_back_session", kwargs={"person": person.pk, "session": Session.objects.get().pk})
    assert client.get(mistake).status_code == 405
    assert client_of(partner).post(mistake).status_code == 404
    assert "written down by mistake, as" in text(client.post(mistake, follow=True))
    ending = reverse("people:end_pairing", kwargs=where)
    assert "Choose why it ends" in text(client.post(ending, {}))
    assert client.post(ending, {"because": "reached", "words": "I can do it"}).status_code == 302
    assert "They can do what they wanted" in text(
        client.get(reverse("people:person_mentors", kwargs={"person": person.pk}))
    )
    assert AuditEntry.objects.filter(action="record_read", details__part="mentors").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": "0"},
        {"minutes": "1.5"},
        {"where": "moon"},
        {"task_message": "perfect"},
        {"met_on_year": "2999"},
        {"met_on_day": "x"},
    ],
    ids=str,
)
def test_a_session_typed_wrongly_is_said_beside_its_field(worker, partner, person, wrong):
    pairing = make_pairing(person, make_mentor(partner.memberships.get().organisation, by=partner), by=worker)
    address = reverse("people:log_session", kwargs={"person": person.pk, "pairing": pairing.pk})
    met = {"minutes": "40", "where": "home", "done": "Kept words"} | date_fields("met_on", timezone.localdate())
    answer = client_of(worker).post(address, met | wrong)
    assert answer.status_code == 200
    assert "There is a problem" in text(answer)
    assert "Kept words" in text(answer)


def test_somebody_who_does_not_work_with_the_person_finds_nothing(partner, worker, person):
    mentor = make_mentor(partner.memberships.get().organisation, by=partner)
    pairing = make_pairing(person, mentor, by=worker)
    other = make_person(person.organisation, by=worker)
    client = client_of(partner)
    for name, more in (
        ("person_mentors", {}),
        ("begin_pairing", {"mentor": mentor.pk}),
        ("log_session", {"pairing": pairing.pk}),
        ("end_pairing", {"pairing": pairing.pk}),
    ):
        assert client.get(reverse(f"people:{name}", kwargs={"person": person.pk} | more)).status_code == 404
    wrong = reverse("people:log_session", kwargs={"person": other.pk, "pairing": pairing.pk})
    assert client_of(worker).get(wrong).status_code == 404


def test_a_mentor_with_an_account_sees_what_somebody_likes_to_be_called_and_no_more(worker, partner, person):
    mentor = make_mentor(partner.memberships.get().organisation, by=partner, account=partner.email)
    pairing = make_pairing(person, mentor, by=worker, wants="Write to my sister")
    client = client_of(partner)
    shown = text(client.get(reverse("people:own_pairings")))
    assert person.known_as in shown
    assert person.full_name not in shown
    address = reverse("people:log_own_session", kwargs={"own_pairing": pairing.pk})
    # With somebody else they did more, and that is not for this mentor.
    other = make_pairing(person, make_mentor(mentor.organisation, by=partner, known_as="Bo"), by=worker)
    pairings.log_session(pairing=other, minutes=30, where="home", tasks={"message": "alone"}, by=worker)
    shown = text(client.get(address))
    assert person.full_name not in shown
    assert "Last time" not in shown
    met = {"minutes": "30", "where": "phone"} | date_fields("met_on", timezone.localdate())
    assert client.post(address, met).url == reverse("people:own_pairings")
    assert Session.objects.get(pairing=pairing).recorded_by == partner
    Mentor.objects.filter(pk=mentor.pk).update(active_until=timezone.localdate())
    assert client.get(address).status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    Mentor.objects.filter(pk=mentor.pk).update(active_from=yesterday, active_until=yesterday)
    assert client.get(address).status_code == 404
    Mentor.objects.filter(pk=mentor.pk).update(active_until=None)
    assert client_of(worker).get(address).status_code == 404
    pairings.end_pairing(pairing=pairing, because="moved", by=worker)
    assert client.get(address).status_code == 404
    assert AuditEntry.objects.filter(action="own_mentoring_listed", by=partner).exists()


def test_colleagues_find_a_champion_around_and_no_mentor(worker, partner):
    organisation = partner.memberships.get().organisation
    make_mentor(organisation, by=partner, kind="champion", known_as="Champion", contact_words="Ring 123")
    make_mentor(organisation, by=partner, kind="champion", known_as="Waits", supervised=False)
    make_mentor(organisation, by=partner, known_as="Mentor")
    held = {"kind": "sprint", "where": "Room 2", "weekday": 0, "starts": time(12), "ends": time(12, 30), "by": partner}
    drop_ins.add_drop_in(organisation=organisation, for_whom="staff", title="Sprint", **held)
    drop_ins.add_drop_in(organisation=organisation, for_whom="people", title="Tea", **held)
    page = text(client_of(worker).get(reverse("people:champions")))
    assert "Ring 123" in page
    assert "Every Monday, 12:00 to 12:30, Room 2" in page
    assert not any(word in page for word in ("Waits", "Mentor<", "Tea"))


def test_a_drop_in_is_added_counted_shown_to_people_and_ended(worker, partner, person):
    client = client_of(partner)
    organisation = partner.memberships.get().organisation.pk
    typed = {
        "organisation": organisation, "kind": "cafe", "for_whom": "people", "title": "Tablets and tea",
        "where": "The library", "weekday": str(timezone.localdate().weekday()), "days": "", "starts": "2pm",
        "ends": "3.30 pm",
    }  # fmt: skip
    assert client.post(reverse("people:add_drop_in"), typed).status_code == 302
    held = DropIn.objects.get()
    assert (str(held.starts), str(held.ends)) == ("14:00:00", "15:30:00")
    of_person = reverse("people:person_mentors", kwargs={"person": person.pk})
    assert "14:00 to 15:30, The library" in text(client_of(worker).get(of_person))
    count = reverse("people:count_drop_in", kwargs={"drop_in": held.pk})
    came = {"came": "8", "mentors": "2"} | date_fields("held_on", timezone.localdate())
    assert client.post(count, came).status_code == 302
    assert Attendance.objects.get().came == 8
    assert "8 came, 2 helped" in text(client.get(reverse("people:drop_ins")))
    end = reverse("people:end_drop_in", kwargs={"drop_in": held.pk})
    assert client_of(worker).post(end).status_code == 404
    assert client.get(end).status_code == 405
    assert client.post(end).status_code == 302
    assert client.post(end).status_code == 404
    assert "The library" not in text(client_of(worker).get(of_person))


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": "25:00"},
        {"starts": "13pm"},
        {"starts": "noon"},
        {"starts": "٣pm"},
        {"ends": "1pm"},
        {"weekday": "9"},
        {"weekday": "x"},
        {"weekday": "", "days": ""},
        {"weekday": "", "days": "31 2 2027"},
        {"weekday": "", "days": "tomorrow"},
        {"weekday": "", "days": "1 1 2001"},
        {"weekday": "1", "days": "1 12 2026"},
        {"title": ""},
    ],
    ids=str,
)
def test_a_drop_in_typed_wrongly_is_said(partner, wrong):
    typed = {
        "organisation": partner.memberships.get().organisation.pk, "kind": "sprint", "for_whom": "staff", "title": "T",
        "where": "Kept words", "weekday": "1", "days": "", "starts": "14:00", "ends": "14:30",
    }  # fmt: skip
    answer = client_of(partner).post(reverse("people:add_drop_in"), typed | wrong)
    assert answer.status_code == 200
    assert "There is a problem" in text(answer)
    assert "Kept words" in text(answer)
    assert not DropIn.objects.exists()


def test_pages_ask_as_often_with_many_as_with_few(worker, partner, person):
    add_to_record(person, by=worker)
    client, keeper = client_of(worker), client_of(partner)
    make_mentor(partner.memberships.get().organisation, by=partner)
    pages = [
        (client, reverse("people:person_mentors", kwargs={"person": person.pk})),
        (client, reverse("people:own_pairings")),
        (client, reverse("people:drop_ins")),
        (client, reverse("people:champions")),
        (keeper, reverse("people:mentors")),
    ]

    def asked():
        counts = []
        for reader, address in pages:
            reader.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert reader.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    few = asked()
    for number in range(6):
        mentor = make_mentor(partner.memberships.get().organisation, by=partner, known_as=f"M{number}")
        pairing = make_pairing(person, mentor, by=worker)
        pairings.log_session(pairing=pairing, minutes=30, where="home", tasks={"wifi": "alone"}, by=worker)
        add_to_record(make_person(person.organisation, by=worker), by=worker)
    assert asked() == few
    assert max(few) <= 30


@pytest.mark.parametrize("tab", ["referrals", "loans", "person_mentors", "plan", "conversations", "choices", "papers"])
def test_the_page_one_is_on_is_the_one_that_stands_out_in_the_menu_of_a_person(worker, person, tab):
    address = reverse(f"people:{tab}", kwargs={"person": person.pk})
    assert f'<a href="{address}" aria-current="true">' in text(client_of(worker).get(address))
