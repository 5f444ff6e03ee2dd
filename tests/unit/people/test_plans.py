"""Plans: steps with owners and days, reviews that are always there, help by the hour, and two people at one step."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from people_factories import make_person, make_team, make_worker
from races import TOGETHER

from inroads.accounts.actions import Refused
from inroads.people.actions import plans
from inroads.people.actions.conversations import begin_conversation, record_answer
from inroads.people.models import HelpAtTime, Person, PlanStep, StepVersion
from inroads.people.queries.record import record_of
from inroads.people.queries.records import today

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = timezone.localdate


@pytest.fixture
def worker(db):
    return make_worker(make_team())


@pytest.fixture
def person(worker):
    return make_person(worker.memberships.get().organisation, by=worker)


@pytest.fixture
def page(worker):
    client = Client()
    client.force_login(worker, backend=BACKEND)
    return client


def add(person, by, **more):
    words = {"what": "Ask for a phone", "owner": "Priya", "due_on": TODAY() + timedelta(days=7)} | more
    return plans.add_step(person=person, by=by, **words)


def change(step, by, version, **more):
    words = {"what": "Ask for a phone", "owner": "Priya", "due_on": TODAY() + timedelta(days=7)}
    return plans.change_step(step=step, version=version, by=by, **(words | {"status": "planned", "words": ""} | more))


def date_fields(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def test_a_step_has_an_owner_and_a_day_and_every_version_stays(person, worker):
    step = add(person, worker)
    change(step, worker, 1, status="done", words="Got one")
    (kept,) = record_of(person).steps
    assert (kept.now.version, kept.now.status, kept.now.words) == (2, "done", "Got one")
    assert [each.status for each in step.versions.all()] == ["planned", "done"]
    with pytest.raises(Refused, match="who does"):
        add(person, worker, owner=" ")
    with pytest.raises(Refused):
        add(person, worker, what="")


def test_saving_the_same_again_adds_no_version(person, worker):
    step = add(person, worker)
    change(step, worker, 1)
    assert step.versions.count() == 1


def test_nothing_yet_counts(person, worker):
    add(person, worker, status="nothing_yet", barrier="devices", due_on=None)
    (kept,) = record_of(person).steps
    assert (kept.now.status, kept.step.barrier) == ("nothing_yet", "devices")


def test_an_overdue_step_and_an_overdue_review_are_seen(person, worker, page):
    # As they stand some days later.
    step = add(person, worker)
    assert Person.objects.get(pk=person.pk).due_on == TODAY() + timedelta(days=7)
    StepVersion.objects.filter(step=step).update(due_on=TODAY() - timedelta(days=2))
    Person.objects.filter(pk=person.pk).update(due_on=TODAY() - timedelta(days=2))
    assert record_of(person).review.review_on > TODAY()
    assert record_of(person).steps[0].is_overdue(TODAY())
    assert today(worker).due == [person]
    for name in ("record", "plan"):
        shown = page.get(reverse(f"people:{name}", kwargs={"person": person.pk})).content.decode().lower()
        assert "overdue" in shown, name
    for name in ("due", "list"):
        assert person.known_as in page.get(reverse(f"people:{name}")).content.decode()


def test_there_is_always_a_review_ahead_of_today_and_within_a_year(person, worker):
    plans.set_review(person=person, review_on=TODAY() + timedelta(days=10), by=worker)
    for days in (0, -1, 400):
        with pytest.raises(Refused):
            plans.set_review(person=person, review_on=TODAY() + timedelta(days=days), by=worker)
    person.refresh_from_db()
    assert person.due_on == record_of(person).review.review_on == TODAY() + timedelta(days=10)


def test_nobody_from_another_team_touches_a_plan(person, worker):
    step = add(person, worker)
    stranger = make_worker(make_team("Another", person.organisation.parent.parent))
    for act in (
        lambda: add(person, stranger),
        lambda: change(step, stranger, 1, what="Mine"),
        lambda: plans.set_review(person=person, review_on=TODAY() + timedelta(days=9), by=stranger),
        lambda: plans.add_help_at_time(person=person, part="night", what="Music", by=stranger),
        lambda: plans.record_helped(step=step, answer="yes", words="", channel="phone", by=stranger),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert step.versions.count() == 1
    assert not HelpAtTime.objects.exists()


def test_help_at_an_hour_can_end_and_stays_in_the_past(person, worker):
    kept = plans.add_help_at_time(person=person, part="small", what="The night line", by=worker)
    moment = timezone.now()
    plans.end_help_at_time(help_at_time=kept, by=worker)
    assert record_of(person).help_at_times == []
    assert record_of(person, moment).help_at_times == [kept]


def test_a_suggestion_becomes_a_step_that_says_why(person, worker, page):
    talk = begin_conversation(person=person, kind="triage", channel="in_person", by=worker)
    record_answer(conversation=talk, topic="devices", answer="yes", words="pawned", by=worker)
    shown = page.get(reverse("people:plan", kwargs={"person": person.pk})).content.decode()
    assert "because you said" in shown
    address = reverse(
        "people:add_suggested", kwargs={"person": person.pk, "barrier": "devices", "suggested": "device_loan"}
    )
    assert address in shown or "/plan/add/devices/" in shown
    first = shown[shown.index("/plan/add/devices/") :].split('"')[0]
    answer = page.post(
        f"/people/{person.pk}{first}",
        {"status": "planned", "what": "Ask", "owner": "Priya"} | date_fields("due_on", TODAY() + timedelta(days=3)),
    )
    assert answer.status_code == 302
    step = PlanStep.objects.get()
    assert step.barrier == "devices"
    assert "devices" in step.because or "phone" in step.because.lower()


# Two people, one plan


def test_two_people_editing_one_step_both_see_both_and_lose_nothing(person, worker, page):
    step = add(person, worker)
    colleague = make_worker(person.organisation)
    other = Client()
    other.force_login(colleague, backend=BACKEND)
    address = reverse("people:change_step", kwargs={"person": person.pk, "step": step.pk})
    day = date_fields("due_on", TODAY() + timedelta(days=5))
    mine = {
        "version": "1",
        "status": "planned",
        "what": "Mine: a quiet room",
        "owner": "Me",
        "words": "long\nwords",
    } | day
    assert other.post(address, {**mine, "what": "Theirs: a phone first", "words": ""}).status_code == 302
    answer = page.post(address, mine)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Somebody else changed this step" in shown
    assert "Theirs: a phone first" in shown
    assert "Mine: a quiet room" in shown
    assert "long\nwords" in shown
    assert 'name="version" value="2"' in shown
    assert page.post(address, {**mine, "version": "2"}).status_code == 302
    assert [each.what for each in step.versions.order_by("version")] == [
        "Ask for a phone",
        "Theirs: a phone first",
        "Mine: a quiet room",
    ]


PREPARE = """
sys.path.insert(0, "tests")
from people_factories import make_person, make_team, make_worker
from races import TOGETHER
from inroads.people.actions import plans
worker = make_worker(make_team())
person = make_person(worker.memberships.get().organisation, by=worker)
plans.add_step(person=person, what="begun", owner="P", due_on=timezone.localdate(), by=worker)
"""
WRITE = """
from inroads.people.actions import plans
from inroads.people.models import PlanStep
worker, step, version = User.objects.get(), PlanStep.objects.get(), 1
while True:
    try:
        plans.change_step(
            step=step, version=version, what="begun", owner="P", due_on=timezone.localdate(), status="planned",
            words=sys.argv[1], by=worker,
        )
        break
    except plans.ChangedMeanwhile as changed:
        assert changed.yours["words"] == sys.argv[1]
        version = changed.theirs.version
"""


def test_many_writers_at_the_same_moment_each_keep_their_words(race):
    race(PREPARE)
    said = [f"words{number}" for number in range(6)]
    race(TOGETHER + WRITE, said)
    (kept,) = race(
        "from inroads.people.models import StepVersion\n"
        "print(*(f'{each.version}:{each.words}' for each in StepVersion.objects.order_by('version')))"
    )
    versions = dict(each.split(":") for each in kept)
    assert list(versions) == [str(number) for number in range(1, len(said) + 2)]
    assert sorted(words for words in versions.values() if words) == said
