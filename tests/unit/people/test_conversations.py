"""Conversations: what is asked, what is kept, what an event opens again, and what nobody else may know."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from people_factories import make_person, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.people.actions.conversations import (
    begin_conversation,
    finish_conversation,
    note_expectations,
    record_answer,
    record_events,
)
from inroads.people.models import Answer, Conversation, Expectation
from inroads.people.queries.conversations import own_expectations
from inroads.people.queries.record import record_of
from inroads.reference.definitions.conversation import barriers, life_events, strengths, triage

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def worker(db):
    return make_worker(make_team())


@pytest.fixture
def person(worker):
    return make_person(worker.memberships.get().organisation, by=worker, known_as="Robin")


@pytest.fixture
def page(worker):
    client = Client()
    client.force_login(worker, backend=BACKEND)
    return client


def begin(person, by, kind="triage", **more):
    return begin_conversation(person=person, kind=kind, channel="in_person", by=by, **more)


def say(talk, topic, answer, by, words=""):
    return record_answer(conversation=talk, topic=topic, answer=answer, words=words, by=by)


def ask_address(talk, topic):
    return reverse("people:ask", kwargs={"person": talk.person_id, "conversation": talk.pk, "topic": topic})


def test_the_short_conversation_begins_with_what_is_good_and_has_five_questions_of_the_full_one(person, worker):
    short, full = begin(person, worker).asked, begin(person, worker, "full").asked
    assert short[0] == strengths()[0].id
    assert short[1:] == [each.id for each in triage()]
    assert len(short) <= 5
    assert set(short) <= set(full)
    assert full[: len(strengths())] == [each.id for each in strengths()]
    assert full[len(strengths()) :] == [each.id for each in barriers().values() if each.asked_of == "person"]


def test_questions_for_somebody_alone_are_left_out_while_others_are_there(person, worker):
    alone = {each.id for each in barriers().values() if each.alone}
    assert alone
    assert alone <= set(begin(person, worker, "full").asked)
    for others in ({"present": ["companion"]}, {"present_words": "Ash"}, {"said_by": "trusted"}, {"said_by": "both"}):
        assert not alone & set(begin(person, worker, "full", **others).asked)


def test_not_asked_is_never_no_and_never_takes_the_place_of_an_answer(person, worker):
    talk = begin(person, worker)
    assert "devices" not in record_of(person).answers
    say(talk, "devices", "not_asked", worker)
    assert "devices" not in record_of(person).answers
    say(talk, "devices", "a_bit", worker, "borrowed")
    say(begin(person, worker), "devices", "not_asked", worker)
    kept = record_of(person).answers["devices"]
    assert (kept.answer, kept.words) == ("a_bit", "borrowed")


def test_prefer_not_to_say_is_an_answer_that_holds(person, worker):
    talk = begin(person, worker)
    say(talk, "trust", "yes", worker)
    say(talk, "trust", "prefer_not", worker)
    assert record_of(person).answers["trust"].answer == "prefer_not"
    assert "trust" not in record_of(person).hard


def test_an_answer_carries_its_source_date_and_channel(person, worker):
    day = timezone.localdate() - timedelta(days=3)
    talk = begin_conversation(
        person=person, kind="triage", channel="phone", said_by="both", said_on=day, present_words="Ash", by=worker
    )
    kept = say(talk, "devices", "yes", worker)
    assert (kept.channel, kept.said_by, kept.said_on, kept.recorded_by) == ("phone", "both", day, worker)
    assert kept.conversation.present_words == "Ash"


def test_saying_the_same_again_adds_nothing_and_something_else_stands_beside_the_first(person, worker):
    talk = begin(person, worker)
    assert say(talk, "devices", "yes", worker, "lost it\r\n ") == say(talk, "devices", "yes", worker, "lost it")
    say(talk, "devices", "no", worker)
    assert list(Answer.objects.values_list("answer", flat=True)) == ["yes", "no"]


@pytest.mark.parametrize("kind", list(life_events()))
def test_an_event_opens_only_what_it_touches(person, worker, kind):
    talk = begin(person, worker, "full")
    for topic in talk.asked:
        if topic in barriers():
            say(talk, topic, "no", worker)
    assert record_of(person).reopened == {}
    record_events(person=person, kinds=[kind], words="", channel="in_person", by=worker)
    assert set(record_of(person).reopened) == set(life_events()[kind].reopens)
    again = begin(person, worker, "reopened")
    assert set(again.asked) == {
        topic for topic in life_events()[kind].reopens if barriers()[topic].asked_of == "person"
    }
    for topic in again.asked:
        say(again, topic, "yes", worker)
    assert record_of(person).reopened == {}


def test_nothing_to_ask_again_is_said(person, worker):
    with pytest.raises(Refused, match="Nothing has changed"):
        begin(person, worker, "reopened")


def test_nobody_from_another_team_talks_or_reads(person, worker):
    stranger = make_worker(make_team("Another", person.organisation.parent.parent))
    talk = begin(person, worker)
    with pytest.raises(PermissionDenied):
        begin(person, stranger)
    with pytest.raises(PermissionDenied):
        say(talk, "devices", "yes", stranger)
    client = Client()
    client.force_login(stranger, backend=BACKEND)
    assert client.get(ask_address(talk, "devices")).status_code == 404
    assert client.post(ask_address(talk, "devices"), {"answer": "yes"}).status_code == 404
    assert not Answer.objects.exists()


def test_a_day_to_come_is_refused(person, worker):
    with pytest.raises(Refused, match="lies in the future"):
        begin(person, worker, said_on=timezone.localdate() + timedelta(days=1))


def test_an_expectation_is_kept_apart_and_seen_by_nobody_else(person, worker):
    team = person.organisation
    note_expectations(person=person, expected={"devices": "no"}, by=worker)
    say(begin(person, worker), "devices", "yes", worker)
    assert own_expectations(worker, person)["devices"].expected == "no"
    readers = [make_worker(team), make_worker(team.parent), make_worker(team.parent.parent, "place_lead")]
    assert all(own_expectations(reader, person) == {} for reader in readers)
    # Neither the words nor the fact stand in the trail, on any page of a colleague, or in the rebuilt record.
    assert not any("expect" in entry.action for entry in AuditEntry.objects.all())
    for reader in readers[:2]:
        client = Client()
        client.force_login(reader, backend=BACKEND)
        for name in ("record", "conversations"):
            shown = client.get(reverse(f"people:{name}", kwargs={"person": person.pk})).content.decode()
            assert "You expected" not in shown
    assert not any(isinstance(each, Expectation) for each in vars(record_of(person)).values())


def test_an_expectation_after_the_answer_is_none(person, worker):
    say(begin(person, worker), "devices", "yes", worker)
    with pytest.raises(Refused, match="asked already"):
        note_expectations(person=person, expected={"devices": "no"}, by=worker)


def test_own_expectations_are_shown_beside_what_was_said(person, worker, page):
    page.post(reverse("people:expect", kwargs={"person": person.pk}), {"devices": "no"})
    talk = begin(person, worker)
    say(talk, "devices", "yes", worker)
    address = reverse("people:conversation", kwargs={"person": person.pk, "conversation": talk.pk})
    assert "you expected no, this is fine; they said yes, this is hard" in page.get(address).content.decode()


def test_each_question_is_saved_before_the_next_shows(person, worker, page):
    talk = begin(person, worker)
    words = {"answer": "yes", "words": "It was pawned.\r\nNobody's fault ", "go": "next"}
    answer = page.post(ask_address(talk, "devices"), words)
    following = talk.asked[talk.asked.index("devices") + 1]
    assert answer.url == ask_address(talk, following)
    assert Answer.objects.get().words == "It was pawned.\nNobody's fault"
    shown = page.get(ask_address(talk, "devices")).content.decode()
    assert "It was pawned." in shown


@pytest.mark.parametrize(("go", "leads_to"), [("skip", "ask"), ("pause", "record")])
def test_skipping_and_pausing_keep_what_was_typed(person, worker, page, go, leads_to):
    talk = begin(person, worker)
    answer = page.post(ask_address(talk, "devices"), {"words": "wants to think", "go": go})
    assert ("/ask/" in answer.url) == (leads_to == "ask")
    kept = Answer.objects.get()
    assert (kept.answer, kept.words) == ("not_asked", "wants to think")


def test_skipping_a_question_that_was_answered_leaves_its_answer(person, worker, page):
    talk = begin(person, worker)
    say(talk, "devices", "yes", worker, "lost")
    page.post(ask_address(talk, "devices"), {"words": "", "go": "skip"})
    assert [each.answer for each in Answer.objects.all()] == ["yes"]


def test_without_an_answer_the_page_says_what_to_do_and_keeps_the_words(person, worker, page):
    talk = begin(person, worker)
    answer = page.post(ask_address(talk, "devices"), {"words": "hard to say", "go": "next"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert shown.count("Choose an answer, or skip this question") == 2
    assert "hard to say" in shown
    assert 'href="#id_answer' in shown


def test_words_too_long_are_said_and_kept(person, worker, page):
    talk = begin(person, worker)
    words = "ä" * 20_001
    shown = page.post(ask_address(talk, "devices"), {"answer": "no", "words": words, "go": "next"}).content.decode()
    assert "20,000 characters at most" in shown
    assert words in shown


def test_a_finished_conversation_can_be_put_right(person, worker):
    talk = begin(person, worker)
    say(talk, "devices", "yes", worker)
    finish_conversation(conversation=talk, by=worker)
    say(Conversation.objects.get(pk=talk.pk), "devices", "no", worker)
    assert record_of(person).answers["devices"].answer == "no"


def test_a_screen_that_was_handed_over_opens_nothing_else(person, worker, page):
    address = reverse("people:begin", kwargs={"person": person.pk})
    said = {"kind": "triage", "hand_over": "on", "channel": "in_person", "said_by": "person"}
    today = timezone.localdate()
    day = {"said_on_day": today.day, "said_on_month": today.month, "said_on_year": today.year}
    first = page.post(address, {**said, **day}).url
    shown = page.get(first)
    assert shown.status_code == 200
    assert "Sign out" not in shown.content.decode()
    taken = reverse("accounts:take_back")
    for closed in (address, reverse("people:list"), reverse("account"), reverse("people:record", args=[person.pk])):
        assert page.get(closed).url == taken
        assert page.post(closed).url == taken
    back = page.post(taken).url
    assert back.startswith(reverse("account_login"))
    assert "/conversations/" in back
    assert page.get(reverse("people:list")).url.startswith(reverse("account_login"))


def test_questions_go_only_to_those_they_are_for(person, worker, page):
    alone, staff = next(each.id for each in barriers().values() if each.alone), "staff_time"
    talk = begin(person, worker, present=["companion"])
    for topic in (alone, staff):
        with pytest.raises(Refused, match="only when nobody else"):
            say(talk, topic, "yes", worker)
        assert page.get(ask_address(talk, topic)).status_code == 404
    assert say(begin(person, worker), alone, "yes", worker).present_words == ""
    assert say(begin(person, worker, "staff"), staff, "yes", worker).said_by == "staff"
    assert say(talk, "devices", "yes", worker).present_words == "Somebody they trust"


def test_the_rest_on_a_later_day_says_anew_who_is_there_and_how(person, worker, page):
    talk = begin(person, worker, "full")
    say(talk, "devices", "yes", worker)
    yesterday = timezone.now() - timedelta(days=1)
    Conversation.objects.filter(pk=talk.pk).update(recorded_at=yesterday, said_on=yesterday.date())
    address = reverse("people:begin", kwargs={"person": person.pk})
    assert "The rest of the last conversation" in page.get(address).content.decode()
    today = timezone.localdate()
    day = {"said_on_day": today.day, "said_on_month": today.month, "said_on_year": today.year}
    said = {"kind": "rest", "channel": "phone", "said_by": "person", "present": ["mentor"], **day}
    first = page.post(address, said).url
    rest = Conversation.objects.latest("recorded_at")
    assert first == ask_address(rest, rest.asked[0])
    assert "devices" not in rest.asked
    assert not {each.id for each in barriers().values() if each.alone} & set(rest.asked)
    kept = say(rest, "data", "no", worker)
    assert (kept.channel, kept.said_on, kept.present_words) == ("phone", today, "A digital mentor")
    talk.refresh_from_db()
    assert talk.finished_at is not None
