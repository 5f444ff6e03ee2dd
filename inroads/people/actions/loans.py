"""What changes in loans: reserve, lend, keep longer, give back, become the person's own.

Nobody's loans are read before another is made.
"""

import uuid
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.people.actions.checks import ahead_or_refuse, note, require_work_with
from inroads.people.actions.loan_contacts import (
    cancel_data_contact,
    cancel_reminders,
    plan_data_contact,
    plan_reminders,
    refuse_short_data,
)
from inroads.people.actions.stock import happen, locked, note_item, refuse_odd_data_day
from inroads.people.models import Happened, Item, ItemState, Loan, Person, Waiting
from inroads.people.models.facts import LONGEST_AHEAD
from inroads.people.queries.stock import holds_data
from inroads.reference.definitions.lending import kit

ONE_CLICK = timedelta(days=28)


@transaction.atomic
def reserve(
    *, item: Item, for_day: date, by: User, person: Person | None = None, place: str = "", place_contact: str = ""
) -> Loan:
    """Keep an item for a person, or for a ward or other place, until a day."""
    audit.hold()
    kept, to = _free(item, by), _to(by, person, place, place_contact)
    if for_day < timezone.localdate():
        raise Refused("The day it is kept for lies in the past. Enter today or a later day", field="for_day")
    if for_day > timezone.localdate():
        ahead_or_refuse(for_day, "The day it is kept for", field="for_day")
    loan = Loan.objects.create(item=kept, reserved_for=for_day, begun_by=by, **to)
    happen(kept, Happened.RESERVED, by=by, loan=loan, day=for_day)
    _note("loan_reserved", loan, by)
    return loan


@transaction.atomic
def lend(
    *,
    item: Item,
    by: User,
    agreed: str = "",
    due_on: date | None = None,
    person: Person | None = None,
    place: str = "",
    place_contact: str = "",
    together: uuid.UUID | None = None,
    bundle: str = "",
) -> Loan:
    """Lend an item to a person, or to a ward or other place. `due_on` may be left open; `agreed` in a few words."""
    audit.hold()
    kept, to = _free(item, by), _to(by, person, place, place_contact)
    loan = Loan.objects.create(item=kept, begun_by=by, bundle=bundle, together=together or uuid.uuid4(), **to)
    return _hand_over(loan, kept, agreed, due_on, by)


@transaction.atomic
def hand_over(*, loan: Loan, agreed: str, due_on: date | None, by: User) -> Loan:
    """What was reserved is lent now."""
    audit.hold()
    kept, item = _open(loan, by)
    if kept.lent_at is not None:
        raise Refused("This was handed over already. Look at the list again")
    return _hand_over(kept, item, agreed, due_on, by)


@transaction.atomic
def free(*, loan: Loan, by: User) -> Loan:
    """What was reserved is not needed, and free for somebody else."""
    audit.hold()
    kept, item = _open(loan, by)
    if kept.lent_at is not None:
        raise Refused("This was handed over already. Look at the list again")
    return end_loan(kept, item, Loan.Ended.FREED, Happened.FREED, by)


@transaction.atomic
def extend(*, loan: Loan, by: User, due_on: date | None = None, open_end: bool = False) -> Loan:
    """Keep it longer: until `due_on`, four weeks more where no day is given, or with `open_end` as long as it helps."""
    audit.hold()
    kept, item = lent_now(loan, by)
    if open_end:
        day = None
    elif due_on is None:
        today = timezone.localdate()
        day = min(max(kept.due_on or today, today) + ONE_CLICK, today + LONGEST_AHEAD)
    else:
        day = ahead_or_refuse(due_on, "The day until which it is kept", field="due_on")
    kept.due_on = day
    plan_reminders(kept)
    happen(item, Happened.EXTENDED, by=by, loan=kept, day=day)
    _note("loan_extended", kept, by)
    return kept


@transaction.atomic
def extend_data(*, item: Item, ends_on: date, by: User) -> Item:
    """Data ends on another day, for instance after it was topped up. Whoever has it hears of the new day in time."""
    audit.hold()
    kept = locked(item, by)
    refuse_odd_data_day(ends_on, field="ends_on")
    loan = Loan.objects.filter(item=kept, ended_at=None).exclude(lent_at=None).select_related("person").first()
    if loan is not None:
        if loan.person is not None:
            require_work_with(by, loan.person)
        loan.item, loan.has_data, loan.data_ends_on = kept, True, ends_on
        plan_data_contact(loan)
    happen(kept, Happened.DATA, by=by, loan=loan, day=ends_on, changes={"data_ends_on": ends_on})
    note_item("data_extended", kept, by, ends_on=ends_on.isoformat())
    return kept


@transaction.atomic
def give_back(*, loan: Loan, by: User, words: str = "") -> Loan:
    """It came back. It is looked at, and wiped where it can hold data, before anybody else has it."""
    audit.hold()
    kept, item = lent_now(loan, by)
    return end_loan(kept, item, Loan.Ended.RETURNED, Happened.RETURNED, by, words=tidy(words))


@transaction.atomic
def receive(*, item: Item, by: User) -> Loan:
    """It was brought back to somebody who keeps the stock, whoever had it: they need not work with that person."""
    audit.hold()
    kept = locked(item, by)
    loan = Loan.objects.select_for_update(of=("self",)).filter(item=kept, ended_at=None).exclude(lent_at=None).first()
    if loan is None:
        raise Refused("This is not on loan any more. Look at it again")
    loan.item = kept
    return end_loan(loan, kept, Loan.Ended.RETURNED, Happened.RETURNED, by)


@transaction.atomic
def make_theirs(*, loan: Loan, by: User) -> Loan:
    """It is the person's own from now on. That its data ends is still said to them."""
    audit.hold()
    kept, item = lent_now(loan, by)
    if kept.person is None:
        raise Refused("Only a person can have it for good. Record that it came back, and then lend it to them")
    return end_loan(kept, item, Loan.Ended.THEIRS, Happened.THEIRS, by)


@transaction.atomic
def say_place_was_told(*, loan: Loan, by: User) -> Loan:
    """A ward or other place was told that data ends."""
    audit.hold()
    kept, item = lent_now(loan, by)
    happen(item, Happened.TOLD, by=by, loan=kept, day=kept.data_ends_on)
    _note("place_told", kept, by)
    return kept


def _hand_over(loan: Loan, item: Item, agreed: str, due_on: date | None, by: User) -> Loan:
    """Raises `Refused` where its data ends before anybody could be told in time."""
    if loan.person is not None and not tidy(agreed):
        raise Refused("Say in a few words what they agreed to", field="agreed")
    if due_on is not None:
        ahead_or_refuse(due_on, "The day until which it is lent", field="due_on")
    known = kit().get(item.kind)
    has_data = item.data_ends_on is not None or (known is not None and known.has_data)
    if has_data:
        if item.data_ends_on is None:
            raise Refused("Enter first when its data ends, under “Data ends on another day”")
        refuse_short_data(item.data_ends_on, timezone.localdate())
    loan.item, loan.agreed, loan.due_on = item, tidy(agreed)[:300], due_on
    loan.has_data, loan.data_ends_on = has_data, item.data_ends_on
    loan.save(update_fields=("agreed", "due_on", "has_data", "data_ends_on"))
    plan_data_contact(loan)
    loan.lent_at = timezone.now()
    loan.save(update_fields=("lent_at",))
    plan_reminders(loan)
    happen(item, Happened.LENT, by=by, loan=loan, day=due_on, changes={"must_wipe": holds_data(item)})
    if loan.person is not None:
        waited = Waiting.objects.filter(person=loan.person, kind=item.kind, ended_at=None)
        waited.update(ended_at=timezone.now(), met=True)
    _note("loan_made", loan, by)
    return loan


def _free(item: Item, by: User) -> Item:
    kept = locked(item, by)
    if kept.state != ItemState.IN_STOCK:
        raise Refused(
            f"This is not free. It is now: {ItemState(kept.state).label.lower()}. Choose another from the list",
            field="item",
        )
    return kept


def _to(by: User, person: Person | None, place: str, place_contact: str) -> dict[str, Any]:
    """Who gets it. Raises `Refused` unless it is either a person or a place."""
    place = tidy(place)[:150]
    if (person is None) == (not place):
        raise Refused("Lend it either to a person or to a ward or other place", field="place")
    if person is not None:
        require_work_with(by, person)
        return {"person": person}
    if not tidy(place_contact):
        raise Refused("Enter whom to ring there", field="place_contact")
    return {"place": place, "place_contact": tidy(place_contact)[:150]}


def _open(loan: Loan, by: User) -> tuple[Loan, Item]:
    """The loan and its item as they are now. Raises `Refused` where the loan has ended."""
    kept = Loan.objects.select_for_update(of=("self",)).select_related("person__organisation").get(pk=loan.pk)
    item = locked(Item(pk=kept.item_id), by)
    if kept.person is not None:
        require_work_with(by, kept.person)
    if kept.ended_at is not None:
        raise Refused("Somebody else has recorded the end of this loan meanwhile. Look at the list again")
    kept.item = item
    return kept, item


def lent_now(loan: Loan, by: User) -> tuple[Loan, Item]:
    """The loan and its item as they are now. Raises `Refused` where it is only reserved, or has ended."""
    kept, item = _open(loan, by)
    if kept.lent_at is None:
        raise Refused("This is only reserved. Hand it over first, or free it")
    return kept, item


def end_loan(loan: Loan, item: Item, how: str, what: Happened, by: User, **said: Any) -> Loan:
    """The loan is over, and with it what was still to be said about it. `said` is as for `happen`."""
    cancel_reminders(loan)
    if how != Loan.Ended.THEIRS:
        cancel_data_contact(loan)
    happen(item, what, by=by, loan=loan, **said)
    loan.ended_at, loan.ended_how = timezone.now(), how
    loan.save(update_fields=("ended_at", "ended_how"))
    # How it ended is nothing that a trail about a person holds.
    _note("loan_ended", loan, by)
    return loan


def _note(action: str, loan: Loan, by: User, **details: Any) -> None:
    """In the trail of the person where there is one, else of the item."""
    if loan.person is not None:
        note(action, loan.person, by, loan=str(loan.pk), kind=loan.item.kind, **details)
    else:
        note_item(action, loan.item, by, loan=str(loan.pk), **details)
