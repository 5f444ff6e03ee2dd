"""The invented library and mentors of the demonstration: they say that they are invented, and load once."""

import pytest
from django.utils import timezone

from inroads.accounts.demonstration import load_demonstration
from inroads.learning.demonstration import load_demonstration_library
from inroads.learning.models import AppReview, TrustedApp
from inroads.learning.queries.apps import Wanted, ending, every_entry, shown, suggested_for
from inroads.people.demonstration import load_demonstration_people
from inroads.people.demonstration_mentors import load_demonstration_mentors
from inroads.people.models import Attendance, Mentor, Person, Session
from inroads.people.queries.mentors import last_tasks, matched
from inroads.reference.around import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(db):
    load_demonstration()
    load_demonstration_people()
    load_demonstration_mentors()
    load_demonstration_library()


def test_every_app_says_that_it_is_invented_and_one_of_each_state_is_there(demonstration):
    assert all("invented" in each.what for each in TrustedApp.objects.all())
    assert all("invented" in each.looked_at for each in AppReview.objects.all())
    in_date, again = shown(Wanted())
    assert [each.app.slug for each in in_date] == ["example-diary", "example-quiet-room"]
    assert [each.app.slug for each in again] == ["example-peer-board"]
    assert [each.app.slug for each in ending(every_entry())] == ["example-peer-board", "example-quiet-room"]
    barriers = {barrier for each in TrustedApp.objects.all() for barrier in each.barriers}
    found = [each.slug for each in suggested_for(barriers, timezone.localdate())]
    assert found == ["example-diary", "example-quiet-room"]


def test_mentors_are_matched_and_one_waits(demonstration):
    people = {each.known_as: each for each in Person.objects.all()}
    robin = matched(people["Robin"], published())
    ((dele, _), *_) = robin.suggestions
    assert dele.name == "Dele"
    assert {"speaks English", "likes music, and you spoke of it"} <= set(dele.because)
    assert robin.waiting == 1
    assert last_tasks(people["Halina"])["message"] == "alone"


def test_loading_again_changes_nothing(demonstration):
    def counts():
        return [model.objects.count() for model in (TrustedApp, AppReview, Mentor, Session, Attendance)]

    before = counts()
    load_demonstration_mentors()
    load_demonstration_library()
    assert counts() == before == [4, 3, 4, 3, 4]
