"""What is looked at by itself in lending: nobody's data ends without a word, and nothing is lost sight of."""

import logging

from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.people.actions.loan_contacts import plan_data_contact
from inroads.people.models import Loan
from inroads.people.queries.loans import loans_without_contact
from inroads.people.queries.stock import items_that_do_not_fit

logger = logging.getLogger(__name__)


def check_data_contacts() -> list[Loan]:
    """Plan the contact of every loan that has none. Gives back those for which it is too late, for somebody to ring.

    There should be none of either: lending plans the contact in the same transaction. Doing it again changes nothing.
    """
    left = []
    for found in loans_without_contact():
        with transaction.atomic():
            audit.hold()
            loan = Loan.objects.select_for_update(of=("self",)).select_related("item", "person").get(pk=found.pk)
            if loan.ended_at is not None:
                continue
            try:
                with transaction.atomic():
                    plan_data_contact(loan)
            except Refused:
                left.append(loan)
                continue
        logger.warning("loan %s had no contact about the end of its data; it has one now", loan.pk)
    for loan in left:
        logger.error("loan %s: its data ends too soon for a contact 14 days before; ring them", loan.pk)
    return left


def check_items() -> int:
    """How many items are not where their history says they are. There should be none."""
    wrong = items_that_do_not_fit()
    for item in wrong:
        logger.error("item %s is not where its history says it is", item.pk)
    return len(wrong)


def look_after_data() -> None:
    """Proves that whoever has data is told before it ends; where it is too late, the job fails and is seen to."""
    left = check_data_contacts()
    if left:
        raise RuntimeError(f"{len(left)} loans have data that ends too soon for a contact 14 days before: ring them")


def look_after_items() -> None:
    """Proves that every item is where its history says; where one is not, the job fails and is seen to."""
    wrong = check_items()
    if wrong:
        raise RuntimeError(f"{wrong} items are not where their history says they are")
