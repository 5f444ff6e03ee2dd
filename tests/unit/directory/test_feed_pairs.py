"""What somebody who keeps a directory says about services that look like one, and takes back."""

import pytest
from django.core.exceptions import PermissionDenied
from people_factories import make_place, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.directory.actions.pairs import find_pairs, settle_pair
from inroads.directory.actions.services import Details, add_service
from inroads.directory.actions.touchpoints import add_touchpoint
from inroads.directory.models import Pair, Service, Touchpoint
from inroads.directory.queries.pairs import areas_kept_by, open_pairs, settled_pairs

pytestmark = pytest.mark.django_db
PLAIN = "Learn to use a tablet or a phone over a cup of tea. Volunteers sit with you. Every Saturday morning."


@pytest.fixture
def place(db):
    return make_place("A place")


@pytest.fixture
def lead(place):
    return make_worker(place, "place_lead")


@pytest.fixture
def twins(place, lead):
    """One service listed twice, the second with more in it, among others."""
    made = []
    for more in ({}, {"phone": "0117 496 0001", "access": "A ramp"}):
        touchpoint = add_touchpoint(area=place, name="Easton Community Centre", by=lead)
        made.append(
            add_service(touchpoint=touchpoint, details=Details(name="Tea and tablets", plain=PLAIN, **more), by=lead)
        )
    for number, name in enumerate(("Chair yoga", "Debt advice", "Book group", "Job club", "Allotment")):
        touchpoint = add_touchpoint(area=place, name=f"Host {number}", by=lead)
        add_service(touchpoint=touchpoint, details=Details(name=name, plain=f"All about {name} here"), by=lead)
    return made


def test_the_pair_is_found_once_and_not_again_after_it_was_settled(place, lead, twins):
    assert find_pairs(area=place, by=lead) == 1
    pair = Pair.objects.get()
    assert pair.one_id < pair.other_id
    assert {pair.one_id, pair.other_id} == {each.pk for each in twins}
    assert "the same name" in pair.because
    assert find_pairs(area=place, by=lead) == 0
    settle_pair(pair=pair, answer="different", by=lead)
    assert find_pairs(area=place, by=lead) == 0
    assert Pair.objects.get().answer == "different"
    assert not open_pairs(lead).exists()


def test_the_one_with_less_in_it_points_to_the_other_until_that_is_taken_back(place, lead, twins):
    find_pairs(area=place, by=lead)
    before = twins[0].modified_at
    settle_pair(pair=Pair.objects.get(), answer="same", by=lead)
    less, more = (Service.objects.get(pk=each.pk) for each in twins)
    assert (less.same_as_id, more.same_as_id) == (more.pk, None)
    assert less.modified_at > before
    assert settled_pairs(lead).get().answered_by == lead
    settle_pair(pair=Pair.objects.get(), answer="open", by=lead)
    assert not Service.objects.exclude(same_as=None).exists()
    assert open_pairs(lead).exists()
    assert AuditEntry.objects.filter(action="pair_settled").count() == 2


def test_a_pair_that_looks_alike_no_more_goes(place, lead, twins):
    find_pairs(area=place, by=lead)
    Service.objects.filter(pk=twins[0].pk).update(name="Sight loss clinic", plain="Ring for a time at the clinic")
    assert find_pairs(area=place, by=lead) == 0
    assert not Pair.objects.exists()


def test_two_who_settle_at_once_do_not_both_win(place, lead, twins):
    find_pairs(area=place, by=lead)
    seen_by_both = Pair.objects.get()
    settle_pair(pair=seen_by_both, answer="different", by=lead)
    with pytest.raises(Refused, match="meanwhile"):
        settle_pair(pair=seen_by_both, answer="same", by=make_worker(place, "place_lead"))
    assert not Service.objects.exclude(same_as=None).exists()


def test_there_is_no_circle_of_services_that_are_the_same(place, lead, twins):
    find_pairs(area=place, by=lead)
    settle_pair(pair=Pair.objects.get(), answer="same", by=lead)
    third = Service.objects.get(name="Job club")
    one, other = sorted((twins[0], third), key=lambda each: each.pk)
    pair = Pair.objects.create(one=one, other=other, likeness=0.9)
    with pytest.raises(Refused, match="already"):
        settle_pair(pair=pair, answer="same", by=lead)


def test_a_private_one_stays_so_that_nothing_of_it_is_passed_on(place, lead, twins):
    find_pairs(area=place, by=lead)
    Touchpoint.objects.filter(services=twins[0]).update(private=True)
    # Joined, one of the two would point to the other for everybody to see, or hide it.
    with pytest.raises(Refused, match="private"):
        settle_pair(pair=Pair.objects.get(), answer="same", by=lead)
    assert not Service.objects.exclude(same_as=None).exists()


def test_only_those_who_keep_both_directories_see_and_settle(place, lead, twins):
    find_pairs(area=place, by=lead)
    elsewhere = make_worker(make_place("Elsewhere"), "place_lead")
    for other in (elsewhere, make_worker(place, "analyst")):
        assert not open_pairs(other).exists()
        with pytest.raises(PermissionDenied):
            settle_pair(pair=Pair.objects.get(), answer="same", by=other)
        with pytest.raises(PermissionDenied):
            find_pairs(area=place, by=other)
    assert open_pairs(make_worker(place.parent, "place_lead")).count() == 1
    assert list(areas_kept_by(lead)) == [place]
