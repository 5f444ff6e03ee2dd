"""What the directory holds is suggested in plans: with its reasons, as far as it reaches, while it is right."""

from datetime import timedelta

import pytest
from directory_factories import make_charity, make_lead, make_service, make_touchpoint
from django.utils import timezone
from library_factories import make_shown_app
from people_factories import make_person, make_place, make_team, make_worker

from inroads.directory.actions.services import end_service, set_capacity
from inroads.directory.models import How, Service, Tag
from inroads.people.actions.conversations import begin_conversation, record_answer
from inroads.people.queries.gathering import suggestions
from inroads.people.queries.record import record_of
from inroads.reference.around import published
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def person(place):
    team = make_team("A team", place)
    worker = make_worker(team)
    found = make_person(team, by=worker)
    talk = begin_conversation(person=found, kind="triage", channel="in_person", by=worker)
    record_answer(conversation=talk, topic="devices", answer="yes", words="", by=worker)
    return found


def offered(place, **more):
    charity = make_charity(place, "A charity")
    touchpoint = make_touchpoint(place, name="A charity", organisation=charity)
    words = {"helps": ("device_loan",), "name": "A phone to borrow"} | more
    return make_service(touchpoint, **words)


def suggested(person):
    return [each for each in suggestions(record_of(person), published()) if each.service is not None]


def test_a_service_nearby_is_suggested_with_its_reasons_and_what_is_not_known(person, place):
    offered(place, capacity=3)
    (found,) = suggested(person)
    said = " ".join(found.because)
    assert "because you said" in said
    assert "3" in said
    assert found.unknown
    assert "A charity" in found.title


def test_one_that_is_full_says_so_and_one_that_ended_is_gone(person, place):
    kept = offered(place, capacity=2)
    set_capacity(service=kept, capacity=0, by=make_lead(place))
    (found,) = suggested(person)
    assert found.full
    end_service(service=kept, by=make_lead(place))
    assert suggested(person) == []


def test_a_service_of_another_place_is_suggested_only_within_the_same_ics(person, place):
    near = offered(make_place("Elsewhere"))
    other_ics = add_organisation(kind=Kind.ICS, name="Another ICS", parent=place.parent.parent)
    offered(add_organisation(kind=Kind.PLACE, name="Far away", parent=other_ics))
    assert [each.service for each in suggested(person)] == [near.pk]


def test_what_was_only_read_in_a_description_is_to_be_asked_first(person, place):
    kept = offered(place)
    Tag.objects.filter(service=kept, kind="help").update(how=How.TEXT)
    (found,) = suggested(person)
    assert "whether they can help with this: ask first" in found.unknown


def test_one_that_nobody_looked_at_for_a_year_stands_behind_and_says_so(person, place):
    old, new = offered(place, name="Old"), offered(place, name="New")
    Service.objects.filter(pk=old.pk).update(checked_on=timezone.localdate() - timedelta(days=400))
    assert [each.service for each in suggested(person)] == [new.pk, old.pk]
    assert "whether this is still so: nobody has looked for a year" in suggested(person)[1].unknown


def test_an_app_is_suggested_only_while_its_review_holds_and_never_instead_of_something_else(person, place):
    app = make_shown_app(place, by=make_lead(place), barriers=["devices"])
    record = record_of(person)
    shown = [each for each in suggestions(record, None) if each.app]
    assert [each.app for each in shown] == [app.slug]
    assert "looked at on" in shown[0].where
    later = timezone.localdate() + timedelta(days=400)
    assert not [each for each in suggestions(record, None, on=later) if each.app]
    assert any(not each.digital and not each.is_nothing_yet for each in suggestions(record, None))
