"""An invented lending stock for the demonstration: half a year of loans, enough to look ahead from."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from inroads.accounts.demonstration import TEAM
from inroads.accounts.models import User
from inroads.people.actions import bundles, loans, stock
from inroads.people.models import Item, ItemEvent, Loan, Person
from inroads.reference.models import Kind, Organisation

# How many of each kind there are, and for how many days from now they have data.
STOCK = (
    ("phone", "Phone", 9, None),
    ("sim", "SIM", 4, 200),
    ("tablet", "Tablet", 3, None),
    ("headphones", "Headphones", 4, None),
)
WEEKS = 26
# Phones lent so many weeks ago, and for how many weeks: to a drop-in, so that the list of people stays short.
PAST = ((25, 8), (24, 5), (22, 12), (20, 9), (19, 3), (17, 10), (15, 6), (13, 4), (12, 9), (10, 5), (8, 3), (6, 4))
DROP_IN = "The Tuesday drop-in (invented)"


@transaction.atomic
def load_demonstration_lending() -> None:
    """Put it in place, into a team without a stock; doing it again changes nothing."""
    team = Organisation.objects.get(name=TEAM, kind=Kind.TEAM)
    if Item.objects.filter(organisation=team).exists():
        return
    by = User.objects.get(email="practitioner@demonstration.example")
    today = timezone.localdate()
    for kind, label, number, days in STOCK:
        stock.add_items(
            organisation=team,
            kind=kind,
            labels=[f"{label} {each}" for each in range(1, number + 1)],
            never_used=True,
            data_ends_on=None if days is None else today + timedelta(days=days),
            by=by,
        )
    _began(team, timezone.now() - timedelta(weeks=WEEKS))
    phones = list(Item.objects.filter(organisation=team, kind="phone"))
    for number, (ago, length) in enumerate(PAST):
        _past_loan(phones[number % 4], ago, length, by)
    # The first of two cards ends soon: whoever has it is told.
    ends_soon = Item.objects.get(organisation=team, label="SIM 1")
    loans.extend_data(item=ends_soon, ends_on=today + timedelta(days=25), by=by)
    ward = Item.objects.get(organisation=team, label="Tablet 1")
    loans.lend(item=ward, place="Ward 3 (invented)", place_contact="The desk, 01632 960003", by=by)
    robin = Person.objects.filter(organisation=team, full_name="Robin Hale").first()
    if robin is not None:
        phone = Item.objects.get(organisation=team, label="Phone 9")
        agreed = "To tell us if it breaks or goes missing"
        loans.lend(item=phone, person=robin, agreed=agreed, due_on=today + timedelta(days=40), by=by)
        loans.lend(item=ends_soon, person=robin, agreed=agreed, by=by)
    halina = Person.objects.filter(organisation=team, full_name="Halina Kowalska").first()
    if halina is not None:
        bundles.wait_for(person=halina, kind="tablet", organisation=team, by=by)


def _past_loan(item: Item, ago: int, length: int, by: User) -> None:
    """One loan as it was, a while ago: lent, given back, wiped. Its days are set back afterwards."""
    loan = loans.lend(item=item, place=DROP_IN, place_contact="Sal, 01632 960004", by=by)
    loans.give_back(loan=loan, by=by)
    stock.record_wipe(item=item, how="reset", wiped_on=timezone.localdate(), wiped_by=by.full_name, by=by)
    begun = timezone.now() - timedelta(weeks=ago)
    over = begun + timedelta(weeks=min(length, ago))
    Loan.objects.filter(pk=loan.pk).update(begun_at=begun, lent_at=begun, ended_at=over)
    ItemEvent.objects.filter(loan=loan, what="lent").update(at=begun)
    ItemEvent.objects.filter(loan=loan, what="returned").update(at=over)
    wiped = ItemEvent.objects.filter(item=item, what="wiped").last()
    ItemEvent.objects.filter(pk=wiped.pk).update(at=over)
    wiped.wipe.wiped_on = timezone.localdate(over)
    wiped.wipe.save(update_fields=("wiped_on",))


def _began(team: Organisation, moment) -> None:
    ItemEvent.objects.filter(item__organisation=team, what="added").update(at=moment)
