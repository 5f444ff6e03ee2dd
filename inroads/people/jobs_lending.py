"""What is looked at by itself in lending: nobody's data ends without a word, and nothing is lost sight of."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.people.actions.loan_contacts import plan_data_contact
from inroads.people.models import ItemEvent, Loan
from inroads.people.models.lending import Happened
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


def look_after_places() -> None:
    """Proves that wards and other places hear in time that data ends; where one has not, the job fails."""
    day = timezone.localdate() - timedelta(days=3)
    told = ItemEvent.objects.filter(loan=OuterRef("pk"), what=Happened.TOLD)
    late = Loan.objects.filter(person=None, ended_at=None, has_data=True, contact_on__lte=day).exclude(Exists(told))
    if number := late.count():
        raise RuntimeError(f"{number} wards or places were not told that data ends: ring them, from Whose data ends")


def look_after_items() -> None:
    """Proves that every item is where its history says; where one is not, the job fails and is seen to."""
    wrong = check_items()
    if wrong:
        raise RuntimeError(f"{wrong} items are not where their history says they are")
