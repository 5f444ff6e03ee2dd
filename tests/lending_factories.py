"""A small lending stock and loans for tests, made by the actions that pages use; and arguments of their addresses."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from inroads.accounts.models import User
from inroads.people.actions import bundles, loans, stock
from inroads.people.models import Item, Loan, Person, Waiting
from inroads.reference.models import Organisation

_number = itertools.count(1)


def make_item(organisation: Organisation, *, by: User, kind: str = "phone", data: int | None = None) -> Item:
    """Something new of this kind, with data for so many days where it comes with data."""
    ends_on = None if data is None else timezone.localdate() + timedelta(days=data)
    (made,) = stock.add_items(
        organisation=organisation,
        kind=kind,
        labels=[f"{kind} {next(_number)}"],
        never_used=True,
        data_ends_on=ends_on,
        by=by,
    )
    return made


def lend(item: Item, person: Person, by: User, **more: Any) -> Loan:
    """Lent to this person."""
    return loans.lend(item=item, person=person, agreed="To tell us if it breaks", by=by, **more)


def make_loans(person: Person, *, by: User) -> Loan:
    """A phone on loan, a SIM card on a ward, something to wait for, and things that are free."""
    organisation = person.organisation
    first = lend(make_item(organisation, by=by), person, by)
    sim = make_item(organisation, by=by, kind="sim", data=20)
    loans.lend(item=sim, place="Ward 3", place_contact="The desk, 0100", by=by)
    make_item(organisation, by=by)
    make_item(organisation, by=by, kind="sim", data=90)
    bundles.wait_for(person=person, kind="tablet", organisation=organisation, by=by)
    return first


def of_lending(person: Any) -> dict[str, Any]:
    """Arguments for addresses about lending: of this person's latest open loan and what is in the same stock."""
    loan = Loan.objects.filter(person=person, ended_at=None).order_by("begun_at").first()
    waiting = Waiting.objects.filter(person=person).order_by("pk").first()
    return {
        "item": loan.item_id if loan else 1,
        "loan": loan.pk if loan else "00000000-0000-0000-0000-000000000001",
        "organisation": loan.item.organisation_id if loan else "00000000-0000-0000-0000-000000000001",
        "waiting": waiting.pk if waiting else 1,
        "kind": "phone",
        "points": 12,
        "change": "longer",
    }
