"""What an attacker tried and once got through: each stays shut."""

import re
import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pages import client_of
from people_factories import make_person, make_place, make_record, make_team, make_worker

from inroads.accounts.demonstration import load_demonstration
from inroads.accounts.models import AuditEntry, Draft
from inroads.people.actions import plans
from inroads.people.actions.conversations import begin_conversation, record_answer
from inroads.people.demonstration import load_demonstration_people
from inroads.people.models import Answer, Event, Person
from inroads.reference.definitions.conversation import barriers

pytestmark = pytest.mark.django_db
ALONE = "taken_advantage"


@pytest.fixture
def worker():
    return make_worker(make_team())


@pytest.fixture
def person(worker):
    return make_person(worker.memberships.get().organisation, by=worker)


def today_fields():
    today = timezone.localdate()
    return {"said_on_day": today.day, "said_on_month": today.month, "said_on_year": today.year}


def test_a_handed_over_screen_opens_no_other_question_and_tells_no_earlier_answer(worker, person):
    talk = begin_conversation(person=person, kind="full", channel="in_person", by=worker)
    for topic in (ALONE, "devices"):
        record_answer(conversation=talk, topic=topic, answer="yes", words="", by=worker)
    client = client_of(worker)
    said = {"kind": "full", "present": "companion", "hand_over": "on", "channel": "in_person", "said_by": "person"}
    first = client.post(reverse("people:begin", kwargs={"person": person.pk}), {**said, **today_fields()}).url
    place = first.rpartition("/ask/")[0]
    for topic in (ALONE, "staff_assumptions"):
        assert client.get(f"{place}/ask/{topic}/").status_code == 404
        assert client.post(f"{place}/ask/{topic}/", {"answer": "no", "go": "next"}).status_code == 404
    assert Answer.objects.filter(topic=ALONE).get().answer == "yes"
    assert "the answer was" not in client.get(f"{place}/ask/devices/").content.decode()


def test_somebody_trusted_sees_no_step_that_follows_from_what_was_told_alone():
    place = make_place()
    team = make_team("One", place)
    worker, helper = make_worker(team), make_worker(team, "trusted_person")
    record = make_record(team, by=worker, lead=make_worker(place, "place_lead"))
    record.user = make_worker(team, "person")
    record.save(update_fields=("user",))
    record.trusted_people.update(user=helper)
    due = timezone.localdate()
    plans.add_step(person=record, what="A quiet word", owner="P", due_on=due, barrier=ALONE, by=worker)
    address = reverse("people:own_record", kwargs={"person": record.pk})
    assert "A quiet word" in client_of(record.user).get(address).content.decode()
    shown = client_of(helper).get(address)
    assert shown.status_code == 200
    assert "A quiet word" not in shown.content.decode()
    # Nor does the page propose words that would give it away.
    talk = begin_conversation(person=record, kind="full", channel="in_person", by=worker)
    record_answer(conversation=talk, topic=ALONE, answer="yes", words="", by=worker)
    client = client_of(worker)
    plan = client.get(reverse("people:plan", kwargs={"person": record.pk})).content.decode()
    for link in set(re.findall(rf'/people/[^"]+/plan/add/{ALONE}/[^"]+', plan)):
        typed = re.search(r"<textarea[^>]*>(.*?)</textarea>", client.get(link).content.decode(), re.S)
        assert typed.group(1).strip() == "", link


def test_messages_end_with_the_session(worker, person):
    client = client_of(worker)
    client.post(reverse("people:event", kwargs={"person": person.pk}), {"kinds": "lost", "channel": "phone",
        "said_by": "person", **today_fields()})  # fmt: skip
    assert Event.objects.exists()
    client.post(reverse("account_logout"))
    assert "Saved." not in client.get("/").content.decode()
    assert "messages" not in client.cookies


def test_reading_a_question_with_its_earlier_answer_is_in_the_trail(worker, person):
    talk = begin_conversation(person=person, kind="triage", channel="in_person", by=worker)
    before = AuditEntry.objects.filter(action="record_read").count()
    where = {"person": person.pk, "conversation": talk.pk, "topic": "devices"}
    client_of(worker).get(reverse("people:ask", kwargs=where))
    assert AuditEntry.objects.filter(action="record_read").count() == before + 1


def test_the_demonstration_starts_again_after_somebody_was_given_another_name():
    load_demonstration()
    load_demonstration_people()
    count = Person.objects.count()
    Person.objects.filter(full_name="Robin Hale").update(full_name="Robin Somebody")
    load_demonstration_people()
    assert Person.objects.count() == count


def test_a_word_without_an_end_is_laid_out_in_time(worker, person):
    step = {"owner": "P", "due_on": timezone.localdate(), "by": worker}
    plans.add_step(person=person, what="x" * 20_000, **step)
    client = client_of(worker)
    papers = reverse("people:papers", kwargs={"person": person.pk})
    client.post(papers, {"kind": "plan", "points": "12"}, follow=True)  # WeasyPrint is loaded
    began = time.process_time()
    answer = client.post(papers, {"kind": "plan", "points": "24"}, follow=True)
    assert answer["Content-Type"] == "application/pdf"
    assert time.process_time() - began < 5


@pytest.mark.parametrize("charset", ["base64", "rot13", "zlib", "undefined", "raw_unicode_escape", "utf-16"])
def test_a_form_in_another_alphabet_is_refused_whoever_sends_it(worker, charset):
    body = b'--BB\r\nContent-Disposition: form-data; name="a"\r\n\r\n\\ud800\r\n--BB--\r\n'
    for client in (Client(), client_of(worker)):
        for path in ("/", "/accounts/typed/", "/accounts/sign-in/"):
            answer = client.generic("POST", path, body, f"multipart/form-data; boundary=BB; charset={charset}")
            assert answer.status_code == 400


def test_an_address_that_is_too_long_keeps_no_draft_and_breaks_nothing(worker, person):
    client = client_of(worker)
    long = f"/people/{person.pk}/plan/add/devices/{'x' * 400}/"
    assert 'name="typed_by" value=""' in client.get(long).content.decode()
    assert client.post(long, {"what": "typed", "typed_by": ""}).status_code == 200
    assert not Draft.objects.exists()


def test_the_same_page_sent_twice_saves_once(worker):
    client = client_of(worker)
    address = reverse("people:add")
    mark = re.search(r'name="typed_by" value="([^"]+)"', client.get(address).content.decode()).group(1)
    team = worker.memberships.get().organisation.pk
    sent = {"full_name": "Jo Marsh", "organisation": str(team), "typed_by": mark}
    assert client.post(address, sent).status_code == 302
    again = client.post(address, sent).content.decode()
    assert "This form was saved already" in again
    assert Person.objects.count() == 1


def test_questions_for_somebody_alone_exist():
    assert barriers()[ALONE].alone
