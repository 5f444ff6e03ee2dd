"""Loans: lent, kept longer, swapped, given back; data that never ends without a word; help when something is gone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from lending_factories import lend, make_item, make_loans
from people_factories import make_person, make_team, make_worker
from reading import reading_age

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.people.actions import bundles, loan_contacts, loan_support, loans
from inroads.people.actions.loan_contacts import REMINDERS
from inroads.people.jobs_lending import check_data_contacts, check_items, look_after_data, look_after_items
from inroads.people.models import Contact, Event, Item, Loan, PlanStep, Waiting
from inroads.people.queries.loans import data_ending, end_of_next_month, loans_without_contact
from inroads.people.queries.record import record_of
from inroads.people.queries.stock import items_that_do_not_fit

TODAY = timezone.localdate


def ahead(days):
    return TODAY() + timedelta(days=days)


@pytest.fixture
def worker(db):
    return make_worker(make_team())


@pytest.fixture
def team(worker):
    return worker.memberships.get().organisation


@pytest.fixture
def person(worker, team):
    return make_person(team, by=worker)


def planned(key):
    return list(Contact.objects.filter(key__startswith=key, state="planned").order_by("due_on"))


def test_a_loan_is_to_a_person_or_to_a_place(team, worker, person):
    item = make_item(team, by=worker)
    for wrong in ({}, {"person": person, "place": "Ward 3"}, {"place": "Ward 3"}):
        with pytest.raises(Refused):
            loans.lend(item=item, agreed="yes", by=worker, **wrong)
    with pytest.raises(Refused, match="agreed"):
        loans.lend(item=item, person=person, agreed=" ", by=worker)
    made = loans.lend(item=item, place="Ward 3", place_contact="The desk", by=worker)
    assert (made.person, made.place) == (None, "Ward 3")
    with pytest.raises(Refused, match="Only a person"):
        loans.make_theirs(loan=made, by=worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.create(item=item, place="Ward 4", begun_by=worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.create(item=make_item(team, by=worker), begun_by=worker)


def test_a_day_may_be_left_open_and_be_moved(team, worker, person):
    loan = lend(make_item(team, by=worker), person, worker)
    assert loan.due_on is None
    assert planned("loan-due") == []
    assert loans.extend(loan=loan, by=worker).due_on == ahead(28)
    assert loans.extend(loan=loan, by=worker).due_on == ahead(56)
    assert loans.extend(loan=loan, due_on=ahead(10), by=worker).due_on == ahead(10)
    for day in (TODAY(), ahead(-1), ahead(400)):
        with pytest.raises(Refused):
            loans.extend(loan=loan, due_on=day, by=worker)
    assert [each.due_on for each in planned("loan-due")] == [ahead(3), ahead(10), ahead(17)]
    assert loans.extend(loan=loan, open_end=True, by=worker).due_on is None
    assert planned("loan-due") == []


def test_reminders_are_kind_and_stop(team, worker, person):
    lend(make_item(team, by=worker), person, worker, due_on=ahead(30))
    said = planned("loan-due")
    assert [each.due_on for each in said] == [ahead(23), ahead(30), ahead(37)]
    for each in said:
        assert "keep it longer" in each.words
        assert "You will owe nothing. We will help." in each.words
        assert "the smartphone" in each.words
    assert "will not write about this again" in said[-1].words


def test_reminders_come_again_for_a_day_that_was_given_up_and_taken_up(team, worker, person):
    loan = lend(make_item(team, by=worker), person, worker, due_on=ahead(30))
    loans.extend(loan=loan, due_on=ahead(60), by=worker)
    loans.extend(loan=loan, due_on=ahead(30), by=worker)
    assert [each.due_on for each in planned("loan-due")] == [ahead(23), ahead(30), ahead(37)]


@pytest.mark.parametrize(("days", "contact"), [(14, 0), (15, 0), (21, 0), (22, 1), (100, 79)])
def test_somebody_is_told_well_before_data_ends(team, worker, person, days, contact):
    loan = lend(make_item(team, by=worker, kind="sim", data=days), person, worker)
    (made,) = planned(f"data-ends-{loan.pk}-{ahead(days)}")
    assert made.due_on == loan.contact_on == ahead(contact)
    assert made.due_on <= loan.data_ends_on - timedelta(days=14)
    assert "the SIM card with data" in made.words
    assert "owe nothing" in made.words


@pytest.mark.parametrize("days", [1, 13])
def test_data_that_ends_too_soon_is_topped_up_first(team, worker, person, days):
    item = make_item(team, by=worker, kind="sim", data=days)
    with pytest.raises(Refused, match="Top it up first"):
        lend(item, person, worker)
    loans.extend_data(item=item, ends_on=ahead(40), by=worker)
    assert lend(item, person, worker).contact_on == ahead(19)


def test_the_database_itself_refuses_a_contact_that_is_too_late(team, worker, person):
    loan = lend(make_item(team, by=worker, kind="sim", data=60), person, worker)
    for wrong in (
        {"contact_on": loan.data_ends_on - timedelta(days=13)},
        {"contact_on": None},
        {"data_ends_on": None},
        {"data_ends_on": loan.contact_on + timedelta(days=13)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Loan.objects.filter(pk=loan.pk).update(**wrong)


def test_topping_up_plans_anew_and_takes_back_what_was_planned(team, worker, person):
    item = make_item(team, by=worker, kind="sim", data=60)
    loan = lend(item, person, worker)
    for days in (90, 60):
        loans.extend_data(item=item, ends_on=ahead(days), by=worker)
        loan.refresh_from_db()
        (only,) = planned(f"data-ends-{loan.pk}")
        assert (only.key, only.due_on) == (loan.contact_key, ahead(days - 21))
    with pytest.raises(Refused, match="14 days"):
        loans.extend_data(item=item, ends_on=ahead(13), by=worker)
    with pytest.raises(Refused, match="after today"):
        loans.extend_data(item=item, ends_on=TODAY(), by=worker)
    with pytest.raises(Refused, match="five years"):
        loans.extend_data(item=item, ends_on=date(9999, 12, 31), by=worker)


def test_a_phone_that_gets_data_while_it_is_out_is_looked_after_too(team, worker, person):
    item = make_item(team, by=worker)
    loan = lend(item, person, worker)
    assert not loan.has_data
    loans.extend_data(item=item, ends_on=ahead(50), by=worker)
    loan.refresh_from_db()
    assert (loan.has_data, loan.contact_on) == (True, ahead(29))
    assert planned(f"data-ends-{loan.pk}")


def test_nothing_more_is_said_when_a_loan_is_over_but_for_data_that_is_theirs(team, worker, person):
    back, theirs = (lend(make_item(team, by=worker, kind="sim", data=60), person, worker) for _ in range(2))
    loans.extend(loan=back, by=worker)
    loans.give_back(loan=back, by=worker)
    loans.make_theirs(loan=theirs, by=worker)
    assert planned(f"data-ends-{back.pk}") == planned(f"loan-due-{back.pk}") == []
    assert planned(f"data-ends-{theirs.pk}")


def test_a_loan_that_lost_its_contact_is_found_and_mended(team, worker, person):
    loan = lend(make_item(team, by=worker, kind="sim", data=60), person, worker)
    assert loans_without_contact() == []
    Contact.objects.all().delete()
    assert loans_without_contact() == [loan]
    assert check_data_contacts() == []
    assert loans_without_contact() == []
    assert len(planned(f"data-ends-{loan.pk}")) == 1
    Contact.objects.update(state="cancelled")
    check_data_contacts()
    assert len(planned(f"data-ends-{loan.pk}")) == 1


def test_where_it_is_too_late_for_a_contact_somebody_is_to_ring(team, worker, person):
    loan = lend(make_item(team, by=worker, kind="sim", data=60), person, worker)
    Contact.objects.all().delete()
    Loan.objects.filter(pk=loan.pk).update(data_ends_on=ahead(5), contact_on=ahead(-20))
    assert check_data_contacts() == [loan]
    with pytest.raises(RuntimeError, match="1 loans"):
        look_after_data()


def test_an_item_that_is_not_where_its_history_says_is_found(team, worker):
    item = make_item(team, by=worker)
    assert check_items() == 0
    look_after_items()
    look_after_data()
    Item.objects.filter(pk=item.pk).update(state="on_loan")
    assert items_that_do_not_fit() == [item]
    assert check_items() == 1
    with pytest.raises(RuntimeError, match="1 items"):
        look_after_items()


@pytest.mark.parametrize("why", ["lost", "stolen", "pawned", "broken"])
def test_what_is_gone_opens_support_and_the_next_is_lent_at_once(team, worker, person, why):
    item, another = make_item(team, by=worker), make_item(team, by=worker)
    loan = lend(item, person, worker)
    loan_support.say_gone(loan=loan, why=why, words="On the bus", channel="phone", by=worker)
    told = Event.objects.filter(person=person)
    if why == "broken":
        assert not told.exists()
    else:
        assert [(each.kind, each.words, each.channel) for each in told] == [(why, "On the bus", "phone")]
    (step,) = record_of(person).steps
    assert "another instead of the smartphone" in step.now.what
    assert step.step.help == "device_loan"
    assert (step.now.owner, step.now.due_on) == (worker.full_name, ahead(7))
    item.refresh_from_db()
    assert item.state == ("back" if why == "broken" else "gone")
    assert lend(another, person, worker).ended_at is None


def test_what_went_with_it_is_gone_too(team, worker, person):
    phone, sim = make_item(team, by=worker), make_item(team, by=worker, kind="sim", data=90)
    made = bundles.lend_bundle(
        bundle="phone_data_mentors", organisation=team, person=person, agreed="yes", due_on=None, by=worker
    )
    first, second = made.loans
    loan_support.say_gone(loan=first, why="pawned", also=[second], by=worker)
    phone.refresh_from_db()
    sim.refresh_from_db()
    assert (phone.state, sim.state) == ("gone", "gone")
    assert Event.objects.count() == 1
    assert planned("data-ends") == []
    other = lend(make_item(team, by=worker), make_person(team, by=worker), worker)
    again = lend(make_item(team, by=worker), person, worker)
    with pytest.raises(Refused, match="same person"):
        loan_support.say_gone(loan=again, why="lost", also=[other], by=worker)


def test_a_swap_is_one_action(team, worker, person):
    old, new = make_item(team, by=worker), make_item(team, by=worker)
    loan = lend(old, person, worker, due_on=ahead(30))
    made = loan_support.swap(loan=loan, item=new, old="returned", by=worker)
    assert (made.item_id, made.person_id, made.due_on, made.agreed) == (new.pk, person.pk, ahead(30), loan.agreed)
    with pytest.raises(Refused):
        loan_support.swap(loan=made, item=old, old="stolen", by=worker)
    made.refresh_from_db()
    assert made.ended_at is None
    assert not Event.objects.exists()
    third = make_item(team, by=worker)
    loan_support.swap(loan=made, item=third, old="stolen", words="At the station", by=worker)
    assert Event.objects.get().kind == "stolen"


def test_what_is_reserved_is_handed_over_or_freed(team, worker, person):
    item = make_item(team, by=worker)
    kept = loans.reserve(item=item, person=person, for_day=ahead(3), by=worker)
    with pytest.raises(Refused, match="only reserved"):
        loans.give_back(loan=kept, by=worker)
    with pytest.raises(Refused, match="not free"):
        lend(item, person, worker)
    loans.free(loan=kept, by=worker)
    again = loans.reserve(item=item, person=person, for_day=TODAY(), by=worker)
    made = loans.hand_over(loan=again, agreed="yes", due_on=None, by=worker)
    assert made.lent_at is not None
    with pytest.raises(Refused, match="already"):
        loans.hand_over(loan=again, agreed="yes", due_on=None, by=worker)
    with pytest.raises(Refused, match="already"):
        loans.free(loan=again, by=worker)


def test_a_loan_that_has_ended_cannot_end_again(team, worker, person):
    loan = lend(make_item(team, by=worker), person, worker)
    loans.make_theirs(loan=loan, by=worker)
    for change in (loans.give_back, loans.extend, loans.make_theirs):
        with pytest.raises(Refused, match="meanwhile"):
            change(loan=loan, by=worker)


def test_a_bundle_says_what_is_missing_and_never_waits_for_mentors(team, worker, person):
    def give(**more):
        said = {"agreed": "yes", "due_on": None, "person": person} | more
        return bundles.lend_bundle(bundle="phone_data_mentors", organisation=team, by=worker, **said)

    with pytest.raises(Refused, match="none free of: a smartphone"):
        give()
    make_item(team, by=worker)
    make_item(team, by=worker, kind="sim", data=5)
    with pytest.raises(Refused, match="SIM card with data"):
        give()
    made = give(partly=True)
    assert ([each.item.kind for each in made.loans], made.missing, made.mentors_missing) == (["phone"], {"sim": 1}, 2)
    assert Waiting.objects.get(ended_at=None).kind == "sim"
    assert "Find 2 digital mentors" in [each.now.what for each in record_of(person).steps]
    lend(make_item(team, by=worker, kind="sim", data=90), person, worker)
    assert Waiting.objects.get().met


def test_whoever_waits_waits_once_and_may_stop(team, worker, person):
    first = bundles.wait_for(person=person, kind="tablet", organisation=team, by=worker)
    assert bundles.wait_for(person=person, kind="tablet", organisation=team, by=worker) == first
    bundles.end_waiting(waiting=first, by=worker)
    assert bundles.wait_for(person=person, kind="tablet", organisation=team, by=worker) != first
    with pytest.raises(Refused):
        bundles.wait_for(person=person, kind="spaceship", organisation=team, by=worker)
    with pytest.raises(PermissionDenied):
        bundles.wait_for(person=person, kind="tablet", organisation=make_team("B", team.parent.parent), by=worker)


def test_the_end_of_data_is_listed_with_names_only_for_those_who_work_with_them(team, worker, person):
    make_loans(person, by=worker)
    mine = lend(make_item(team, by=worker, kind="sim", data=20), person, worker)
    seen = data_ending(worker, ahead(40))
    assert {(each.loan.place, each.person) for each in seen} == {("Ward 3", None), ("", person)}
    assert next(each.contact for each in seen if each.loan == mine).key == mine.contact_key
    ward = next(each.loan for each in seen if each.loan.place)
    loans.say_place_was_told(loan=ward, by=worker)
    assert next(each.told for each in data_ending(worker, ahead(40)) if each.loan == ward)
    assert data_ending(make_worker(make_team("B", team.parent.parent)), ahead(40)) == []


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 11, 25), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2027, 1, 1), date(2027, 2, 28)),
    ],
)
def test_the_next_month_ends_where_calendars_say(today, last):
    assert end_of_next_month(today) == last


def test_what_is_said_is_short_and_plain(team, worker, person):
    loan = lend(make_item(team, by=worker, kind="sim", data=90), person, worker, due_on=ahead(30))
    said = [loan_contacts.data_words(loan), *(loan_contacts.reminder_words(loan, when) for when, _ in REMINDERS)]
    for each in said:
        assert reading_age(each) <= 9, each
        assert len(each) < 320


def test_a_contact_is_planned_from_the_first_day_that_is_early_enough():
    assert loan_contacts.contact_day(date(2026, 12, 31), date(2026, 12, 17)) == date(2026, 12, 17)
    assert loan_contacts.contact_day(date(2026, 12, 31), date(2026, 12, 18)) is None


def test_steps_are_the_persons_own_words_nowhere(team, worker, person):
    """What was said about a lost phone stands in the record, and not in the trail."""
    loan = lend(make_item(team, by=worker), person, worker)
    loan_support.say_gone(loan=loan, why="lost", words="Secret words", by=worker)
    assert "Secret" not in str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert "Secret" not in str(list(PlanStep.objects.values_list("because", flat=True)))
