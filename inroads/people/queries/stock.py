"""What is read about the lending stock: what there is, where it is, and what happened to each item."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody, organisations_where
from inroads.people.models import Item, ItemEvent, ItemState, Loan, Person, Waiting
from inroads.people.queries.records import organisations_of, people_visible_to
from inroads.reference.definitions.lending import kit
from inroads.reference.models import Organisation

PAGE = 50


def lenders(user: Somebody) -> list[Organisation]:
    """The organisations whose stock this user keeps, by name."""
    return list(organisations_where(user, Permission.LEND).order_by("name", "pk"))


def items_visible_to(user: Somebody) -> QuerySet[Item]:
    """Items of the stocks that this user keeps."""
    inside = organisations_of(user, Permission.LEND)
    return Item.objects.filter(organisation__in=inside).select_related("organisation")


@dataclass(frozen=True)
class StockPage:
    """Some items in order of kind and label; `more` is the last one's id where others follow."""

    items: list[Item]
    more: int | None


def list_items(user: Somebody, *, kind: str = "", state: str = "", after: int | None = None) -> StockPage:
    """A page of items, all or of one kind or state, from behind the item `after`."""
    found = items_visible_to(user)
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
    last = items_visible_to(user).filter(pk=after).first() if after else None
    if last is not None:
        found = found.filter(
            Q(kind__gt=last.kind)
            | Q(kind=last.kind, label__gt=last.label)
            | Q(kind=last.kind, label=last.label, pk__gt=last.pk)
        )
    items = list(found.order_by("kind", "label", "pk")[: PAGE + 1])
    return StockPage(items[:PAGE], items[PAGE - 1].pk if len(items) > PAGE else None)


def counts(user: Somebody) -> Mapping[str, Counter[str]]:
    """How many items there are of each kind, by state."""
    rows = items_visible_to(user).order_by().values_list("kind", "state").annotate(items=Count("pk"))
    found: dict[str, Counter[str]] = {}
    for kind, state, number in rows:
        found.setdefault(kind, Counter())[state] += number
    return found


def holds_data(item: Item) -> bool:
    """Whether somebody's own things can be on an item; yes where its kind is not known any more."""
    known = kit().get(item.kind)
    return known is None or known.holds_data


def history_of(item: Item) -> list[ItemEvent]:
    """Everything that happened to an item, the latest first."""
    return list(item.events.select_related("by", "loan", "wipe").order_by("-version"))


def open_loans_of(items: Iterable[Item]) -> dict[int, Loan]:
    """The loan that is open for each item, by the item's id."""
    found = Loan.objects.filter(item__in=list(items), ended_at=None)
    return {each.item_id: each for each in found}


def people_who_have(user: Somebody, loans: Iterable[Loan | Waiting]) -> dict[UUID, Person]:
    """Those with these loans, or waiting, whom this user works with, by id. Of others a reader learns nothing."""
    ids = {each.person_id for each in loans if each.person_id is not None}
    return {each.pk: each for each in people_visible_to(user).filter(pk__in=ids)} if ids else {}


def free_items(user: Somebody, *, kind: str = "") -> QuerySet[Item]:
    """What this user can lend now; what has data that ends soonest stands last of its kind."""
    found = items_visible_to(user).filter(state=ItemState.IN_STOCK)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("kind", F("data_ends_on").desc(nulls_first=True), "label", "pk")


def items_that_do_not_fit() -> list[Item]:
    """Items whose state is not that of their last event, or that are out without a loan. There should be none."""
    last = ItemEvent.objects.filter(item=F("item_id"), version=F("item__version"))
    fitting = last.filter(state=F("item__state")).values("item_id")
    has_loan = Q(state__in=(ItemState.ON_LOAN, ItemState.RESERVED))
    open_loans = Loan.objects.filter(ended_at=None).values("item_id")
    wrong = ~Q(pk__in=fitting) | (has_loan & ~Q(pk__in=open_loans)) | (~has_loan & Q(pk__in=open_loans))
    return list(Item.objects.filter(wrong))
