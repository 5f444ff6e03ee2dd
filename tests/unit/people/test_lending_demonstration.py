"""The invented stock: loaded once, whole, and enough to look ahead from."""

import pytest

from inroads.accounts.demonstration import load_demonstration
from inroads.accounts.models import User
from inroads.people.demonstration import load_demonstration_people
from inroads.people.demonstration_lending import load_demonstration_lending
from inroads.people.models import Item, ItemEvent, Loan
from inroads.people.presenters.stock_forecast import forecast_line
from inroads.people.queries.loans import loans_without_contact
from inroads.people.queries.stock import items_that_do_not_fit
from inroads.people.queries.stock_history import history_in

pytestmark = pytest.mark.django_db


def test_the_invented_stock_is_whole_and_loaded_once():
    load_demonstration()
    load_demonstration_people()
    load_demonstration_lending()
    counts = [each.objects.count() for each in (Item, Loan, ItemEvent)]
    load_demonstration_lending()
    assert [each.objects.count() for each in (Item, Loan, ItemEvent)] == counts
    assert items_that_do_not_fit() == []
    assert loans_without_contact() == []
    robin = Loan.objects.filter(person__full_name="Robin Hale", ended_at=None)
    assert {each.item.kind for each in robin} == {"phone", "sim"}


def test_it_is_enough_to_look_ahead_from():
    load_demonstration()
    load_demonstration_people()
    load_demonstration_lending()
    worker = User.objects.get(email="practitioner@demonstration.example")
    line = forecast_line(history_in([worker.memberships.get().organisation_id])["phone"])
    assert line.sentence.startswith("In eight weeks")
    assert line.notes == ()
