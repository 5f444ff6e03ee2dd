"""Touchpoints whose entry fades are asked, each once in half a year, and none is forgotten behind the others."""

from datetime import date, timedelta

import pytest
from directory_factories import make_lead, make_service, make_touchpoint
from people_factories import make_place

from inroads.directory.actions import asking
from inroads.directory.actions.touchpoints import give_link
from inroads.directory.models import Service, Touchpoint
from inroads.post.models import Message

TODAY = date(2026, 11, 25)


@pytest.fixture
def place(db):
    return make_place()


def faded(place, *, days=200, link=True, **options):
    touchpoint = make_touchpoint(place, **options)
    service = make_service(touchpoint, address="1 High Street", town="Ryde", postcode="PO33 2AA")
    Service.objects.filter(pk=service.pk).update(checked_on=TODAY - timedelta(days=days) if days else None)
    if link:
        give_link(touchpoint=touchpoint, by=make_lead(place))
    return touchpoint


def test_each_is_asked_once_and_none_starves(place, monkeypatch):
    monkeypatch.setattr(asking, "MOST_A_DAY", 2)
    for number in range(5):
        faded(place, email=f"t{number}@charity.example")
    asked = [asking.ask_to_check(on=TODAY + timedelta(days=day)) for day in range(5)]
    assert asked == [2, 2, 1, 0, 0]
    assert Message.objects.values_list("to", flat=True).distinct().count() == 5


def test_in_the_next_half_year_they_are_asked_again(place):
    faded(place, email="t@charity.example")
    assert asking.ask_to_check(on=TODAY) == 1
    assert asking.ask_to_check(on=date(2027, 2, 1)) == 1


def test_never_checked_counts_and_without_email_a_letter_goes(place):
    faded(place, days=None)
    assert asking.ask_to_check(on=TODAY) == 1
    letter = Message.objects.get()
    assert letter.channel == "letter"
    assert letter.to.endswith("PO33 2AA")
    assert "/directory/link/" in letter.body


def test_fresh_ones_and_strangers_are_left_in_peace(place):
    faded(place, days=100, email="fresh@charity.example")
    faded(place, link=False, email="stranger@charity.example")
    assert asking.ask_to_check(on=TODAY) == 0
    assert Touchpoint.objects.count() == 2
