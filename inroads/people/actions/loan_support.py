"""What happens when something on loan is lost, stolen, sold, broken or does not suit: help, and another at once.

What happened is written down as the person's own event, opens a step of their plan, and nothing else.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.people.actions.conversations import record_events
from inroads.people.actions.loan_contacts import thing
from inroads.people.actions.loans import end_loan, give_back, lend, lent_now
from inroads.people.actions.plans import add_step
from inroads.people.models import Channel, Happened, Item, Loan, SaidBy

SOON = timedelta(days=7)
# How a loan can end with help after it: what happened to the item, and the event of the person's that fits, if any.
GONE = {
    Loan.Ended.LOST: (Happened.LOST, "lost"),
    Loan.Ended.STOLEN: (Happened.STOLEN, "stolen"),
    Loan.Ended.PAWNED: (Happened.PAWNED, "pawned"),
    Loan.Ended.BROKEN: (Happened.BROKEN, ""),
}


@transaction.atomic
def say_gone(
    *,
    loan: Loan,
    why: str,
    by: User,
    words: str = "",
    channel: str = Channel.IN_PERSON,
    said_by: str = SaidBy.PERSON,
    said_on: date | None = None,
    present_words: str = "",
    also: Sequence[Loan] = (),
) -> Loan:
    """Lost, stolen, sold or broken, with what went with it: an event in the record, and a step of the plan to help.

    The item stays open for it to come back. Another can be lent at once.
    """
    audit.hold()
    why = _why(why)
    what, event = GONE[why]
    kept, item = lent_now(loan, by)
    # What somebody said stands in their own record; with the item, only what is about the item.
    about_the_item = kept.person is None or why == Loan.Ended.BROKEN
    end_loan(kept, item, why, what, by, words=tidy(words) if about_the_item else "")
    for other in also:
        if other.pk != kept.pk:
            beside, its_item = lent_now(other, by)
            if beside.person_id != kept.person_id or beside.place != kept.place:
                raise Refused("Choose only what the same person has")
            end_loan(beside, its_item, why, what, by)
    person = kept.person
    if person is None:
        return kept
    if event:
        record_events(
            person=person,
            kinds=[event],
            words=words,
            channel=channel,
            said_by=said_by,
            said_on=said_on,
            present_words=present_words,
            by=by,
        )
    open_support(kept, why, by)
    return kept


def open_support(loan: Loan, why: str, by: User) -> None:
    """A step of the person's plan: to talk about another, and about what would help now."""
    it = thing(loan)
    add_step(
        person=loan.person,
        what=f"Talk about another instead of {it}, and about what would help now",
        owner=by.full_name[:150],
        due_on=timezone.localdate() + SOON,
        barrier="devices" if why == Loan.Ended.BROKEN else "device_loss",
        help="device_loan",
        # What happened is theirs to tell: nobody they trust with their plan reads it there, and no paper says it.
        private=True,
        by=by,
    )


@transaction.atomic
def swap(*, loan: Loan, item: Item, old: str, by: User, words: str = "", **said: Any) -> Loan:
    """One for another in one action. `old` says what became of the first: it came back, or how it was gone.

    What was agreed, and until when, holds for the new one. `said` is as for `say_gone`.
    """
    audit.hold()
    before, _ = lent_now(loan, by)
    if old == Loan.Ended.RETURNED:
        give_back(loan=before, words=words, by=by)
    else:
        say_gone(loan=before, why=old, words=words, by=by, **said)
    today = timezone.localdate()
    return lend(
        item=item,
        person=before.person,
        place=before.place,
        place_contact=before.place_contact,
        agreed=before.agreed,
        due_on=before.due_on if before.due_on and before.due_on > today else None,
        together=before.together,
        bundle=before.bundle,
        by=by,
    )


def _why(why: str) -> Loan.Ended:
    if why not in set(GONE):
        raise Refused("Choose what happened from the list", field="why")
    return Loan.Ended(why)
