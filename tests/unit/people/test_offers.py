"""What organisations can help with: who may say so, room that changes, and what is suggested from it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from people_factories import make_person, make_place, make_team, make_worker

from inroads.accounts.actions import Refused
from inroads.people.actions import plans
from inroads.people.actions.conversations import begin_conversation, record_answer
from inroads.people.models import Offer
from inroads.people.queries.matching import suggestions
from inroads.people.queries.record import record_of
from inroads.reference.around import published
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def partner(place):
    charity = add_organisation(kind=Kind.VOLUNTARY, name="A charity", parent=place)
    return make_worker(charity, "touchpoint_partner")


@pytest.fixture
def person(place):
    team = make_team("A team", place)
    worker = make_worker(team)
    found = make_person(team, by=worker)
    talk = begin_conversation(person=found, kind="triage", channel="in_person", by=worker)
    record_answer(conversation=talk, topic="devices", answer="yes", words="", by=worker)
    return found


def offer(partner, **more):
    words = {"help": "device_loan", "title": "A phone to borrow"} | more
    return plans.add_offer(organisation=partner.memberships.get().organisation, by=partner, **words)


def suggested(person):
    return [each for each in suggestions(record_of(person), published()) if each.offer is not None]


def test_an_offer_nearby_is_suggested_with_its_reasons_and_what_is_not_known(person, partner):
    offer(partner, capacity=3)
    (found,) = suggested(person)
    said = " ".join(found.because)
    assert "because you said" in said
    assert "3" in said
    assert found.unknown
    assert "A charity" in f"{found.title} {found.where}"


def test_one_that_is_full_says_so_and_one_that_ended_is_gone(person, partner):
    kept = offer(partner, capacity=2)
    kept = plans.change_capacity(offer=kept, capacity=0, by=partner)
    (found,) = suggested(person)
    assert found.full
    plans.end_offer(offer=kept, by=partner)
    assert suggested(person) == []
    assert [each.ended_at is None for each in Offer.objects.order_by("pk")] == [False, False]


def test_an_offer_of_another_place_is_suggested_only_within_the_same_ics(person, place):
    charity = add_organisation(kind=Kind.VOLUNTARY, name="Next door", parent=make_place("Elsewhere"))
    near = offer(make_worker(charity, "touchpoint_partner"))
    other_ics = add_organisation(kind=Kind.ICS, name="Another ICS", parent=place.parent.parent)
    charity = add_organisation(kind=Kind.VOLUNTARY, name="Far away", parent=other_ics)
    offer(make_worker(charity, "touchpoint_partner"))
    assert [each.offer for each in suggested(person)] == [near.pk]


def test_only_the_organisation_itself_says_what_it_offers(place, partner):
    kept = offer(partner)
    other = make_worker(add_organisation(kind=Kind.VOLUNTARY, name="Another", parent=place), "touchpoint_partner")
    for act in (
        lambda: plans.change_capacity(offer=kept, capacity=1, by=other),
        lambda: plans.end_offer(offer=kept, by=other),
        lambda: plans.add_offer(organisation=kept.organisation, help="device_loan", title="X", by=other),
    ):
        with pytest.raises(PermissionDenied):
            act()
    client = Client()
    client.force_login(other, backend=BACKEND)
    for name in ("set_capacity", "end_offer"):
        assert client.post(reverse(f"people:{name}", kwargs={"offer": kept.pk}), {"capacity": "9"}).status_code == 404
    kept.refresh_from_db()
    assert (kept.capacity, kept.ended_at) == (None, None)


def test_two_tabs_that_change_the_same_offer(partner):
    kept = offer(partner, capacity=2)
    plans.change_capacity(offer=kept, capacity=1, by=partner)
    with pytest.raises(Refused, match="Somebody else changed or ended this"):
        plans.change_capacity(offer=kept, capacity=5, by=partner)
    assert Offer.objects.filter(ended_at=None).get().capacity == 1


@pytest.mark.parametrize(
    ("typed", "status"), [("", 302), ("0", 302), ("12", 302), ("-1", 200), ("1e9", 200), ("10001", 200)]
)
def test_room_is_a_number_of_people_or_unknown(partner, typed, status):
    kept = offer(partner)
    client = Client()
    client.force_login(partner, backend=BACKEND)
    answer = client.post(reverse("people:set_capacity", kwargs={"offer": kept.pk}), {"capacity": typed})
    assert answer.status_code == status
    if status == 200:
        assert "There is a problem" in answer.content.decode()
