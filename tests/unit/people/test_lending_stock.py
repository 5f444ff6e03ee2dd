"""The lending stock: added, wiped with proof, lost sight of and found, and only for those who keep it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from lending_factories import lend, make_item
from people_factories import make_person, make_team, make_worker
from races import TOGETHER

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.people.actions import loans, stock
from inroads.people.models import Item, ItemEvent, ItemState, Loan
from inroads.reference.definitions.lending import bundles, kit

TODAY = timezone.localdate


@pytest.fixture
def worker(db):
    return make_worker(make_team())


@pytest.fixture
def team(worker):
    return worker.memberships.get().organisation


@pytest.fixture
def person(worker, team):
    return make_person(team, by=worker)


def add(team, by, **more):
    said = {"kind": "phone", "labels": ["A 1", " A  2 ", ""], "never_used": True} | more
    return stock.add_items(organisation=team, by=by, **said)


def wipe(item, by, **more):
    said = {"how": "reset", "wiped_on": TODAY(), "wiped_by": "Priya"} | more
    return stock.record_wipe(item=item, by=by, **said)


def test_several_are_added_at_once_by_their_labels(team, worker):
    made = add(team, worker)
    assert [each.label for each in made] == ["A 1", "A 2"]
    assert {each.state for each in made} == {ItemState.IN_STOCK}
    assert [each.what for each in ItemEvent.objects.all()] == ["added", "added"]
    entry = AuditEntry.objects.get(action="items_added")
    assert entry.details == {"kind": "phone", "items": 2}


def test_what_somebody_used_before_is_wiped_before_anybody_has_it(team, worker, person):
    used, _ = add(team, worker, never_used=False)
    assert (used.state, used.must_wipe) == (ItemState.BACK, True)
    for too_soon in (
        lambda: lend(used, person, worker),
        lambda: stock.make_ready(item=used, by=worker),
        lambda: stock.retire(item=used, by=worker),
    ):
        with pytest.raises(Refused):
            too_soon()
    wipe(used, worker, certificate="C-77", words="Twice")
    used.refresh_from_db()
    assert (used.state, used.must_wipe) == (ItemState.IN_STOCK, False)
    proof = used.events.get(what="wiped").wipe
    assert (proof.how, proof.wiped_by, proof.certificate) == ("reset", "Priya", "C-77")
    assert lend(used, person, worker)


def test_a_keyboard_needs_no_wiping(team, worker, person):
    (keyboard, _) = add(team, worker, kind="keyboard", never_used=False)
    loan = lend(keyboard, person, worker)
    loans.give_back(loan=loan, by=worker)
    keyboard.refresh_from_db()
    assert keyboard.must_wipe is False
    stock.make_ready(item=keyboard, by=worker)
    assert lend(keyboard, person, worker)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"labels": []}, "at least one"),
        ({"labels": ["A", "a", "A"]}, "twice"),
        ({"labels": ["x" * 61]}, "60 characters"),
        ({"labels": [str(number) for number in range(201)]}, "200 items"),
        ({"kind": "spaceship"}, "from the list"),
        ({"kind": "sim"}, "data of SIM cards"),
        ({"data_ends_on": timezone.localdate()}, "after today"),
    ],
)
def test_what_cannot_be_added_is_said(team, worker, wrong, words):
    with pytest.raises(Refused, match=words):
        add(team, worker, **wrong)
    assert not Item.objects.exists()


def test_a_label_stands_on_one_item_only(team, worker):
    add(team, worker)
    with pytest.raises(Refused, match="A 2 already"):
        add(team, worker, labels=["A 2"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.create(organisation=team, kind="phone", label="A 1", state="in_stock")


def test_the_database_itself_keeps_what_is_not_wiped_from_being_free(team, worker):
    item, _ = add(team, worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(must_wipe=True)


def test_proof_of_wiping_is_of_a_day_after_it_came_back(team, worker, person):
    item = make_item(team, by=worker)
    loans.give_back(loan=lend(item, person, worker), by=worker)
    for wrong in (
        {"wiped_on": TODAY() - timedelta(days=1)},
        {"wiped_on": TODAY() + timedelta(days=1)},
        {"wiped_by": " "},
    ):
        with pytest.raises(Refused):
            wipe(item, worker, **wrong)
    stock.begin_wipe(item=item, by=worker)
    wipe(item, worker)
    with pytest.raises(Refused, match="free"):
        wipe(item, worker)


def test_what_was_destroyed_is_no_longer_used(team, worker, person):
    item, other = make_item(team, by=worker), make_item(team, by=worker)
    loans.give_back(loan=lend(item, person, worker), by=worker)
    wipe(item, worker, how="destroyed")
    item.refresh_from_db()
    assert item.state == ItemState.RETIRED
    with pytest.raises(Refused, match="No longer used"):
        wipe(other, worker, how="destroyed")
    stock.retire(item=other, by=worker)
    with pytest.raises(Refused):
        lend(other, person, worker)


def test_what_is_gone_may_turn_up_and_is_wiped_then(team, worker):
    item = make_item(team, by=worker)
    stock.not_found(item=item, by=worker)
    with pytest.raises(Refused):
        stock.retire(item=item, by=worker)
    stock.came_back(item=item, words="Behind the printer", by=worker)
    item.refresh_from_db()
    assert (item.state, item.must_wipe) == (ItemState.BACK, True)
    assert [each.what for each in item.events.all()] == ["added", "missing", "came_back"]


def test_only_those_who_keep_a_stock_change_it(team, worker, person):
    item = make_item(team, by=worker)
    loan = lend(item, person, worker)
    stranger = make_worker(make_team("Another", team.parent.parent))
    for change in (
        lambda: add(team, stranger),
        lambda: stock.not_found(item=item, by=stranger),
        lambda: wipe(item, stranger),
        lambda: loans.give_back(loan=loan, by=stranger),
        lambda: loans.extend(loan=loan, by=stranger),
        lambda: lend(make_item(stranger.memberships.get().organisation, by=stranger), person, stranger),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert Loan.objects.get().ended_at is None


def test_definitions_are_plain_and_bundles_are_those_of_the_report():
    assert {each.kind for each in kit().values()} == {"device", "accessory", "sim", "data"}
    assert {each for each, what in kit().items() if what.has_data} == {"sim", "data_gift", "router"}
    assert not any(what.holds_data for what in kit().values() if what.kind in ("accessory", "data"))
    assert (bundles()["phone_data_mentors"].items, bundles()["phone_data_mentors"].mentors) == (
        {"phone": 1, "sim": 1},
        2,
    )
    assert bundles()["tablet_support"].mentors == 1


LEND_AT_ONCE = (
    TOGETHER
    + """
from inroads.people.actions import loans
from inroads.people.models import Item, Person
from inroads.accounts.actions import Refused
try:
    loans.lend(item=Item.objects.get(), person=Person.objects.get(known_as=sys.argv[1]), agreed="yes",
               by=User.objects.get(email="w@race.example"))
    print("lent")
except Refused:
    print("refused")
"""
)
BEFORE_LENDING = """
from inroads.people.actions import records, stock
root = None
for kind in ("england", "region", "ics", "place", "provider"):
    root = add_organisation(kind=kind, name=kind, parent=root, area_code="")
by = User.objects.create_user("w@race.example", "W")
Membership.objects.create(user=by, role="practitioner", organisation=root, starts_on=date(2026, 1, 1))
for name in ("One", "Two"):
    records.add_person(organisation=root, full_name=name, known_as=name, by=by)
stock.add_items(organisation=root, kind="phone", labels=["P"], never_used=True, by=by)
"""


def test_of_two_who_lend_the_same_at_once_one_is_told(race):
    race(BEFORE_LENDING)
    said = race(LEND_AT_ONCE, ["One", "Two"])
    assert sorted(word for (word,) in said) == ["lent", "refused"]
