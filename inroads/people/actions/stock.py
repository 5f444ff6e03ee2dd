"""What changes in the lending stock: adding, looking at, wiping with proof, losing sight of and finding again."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.accounts.permissions import Permission, may
from inroads.accounts.words import tidy
from inroads.people.models import Happened, Item, ItemEvent, ItemState, Loan, Wipe
from inroads.people.models.lending import MOVES
from inroads.people.queries.stock import holds_data
from inroads.reference.definitions.lending import kit
from inroads.reference.models import Organisation

MOST_AT_ONCE = 200
LONGEST_DATA = timedelta(days=5 * 366)
LONGEST_LABEL = 60
# After these, what was wiped before no longer counts.
CAME_INTO_HANDS = (Happened.LENT, Happened.RETURNED, Happened.BROKEN, Happened.CAME_BACK)
NOT_WIPED = "Something of somebody may still be on it. Record how it was wiped; then it can be lent again"


def require_lending(by: User, organisation: Organisation) -> None:
    """Raises `PermissionDenied` unless this user keeps the stock of this organisation."""
    if not may(by, Permission.LEND, organisation):
        raise PermissionDenied("You do not keep the lending stock of this organisation")


def locked(item: Item, by: User) -> Item:
    """The item as it is now, kept until the transaction ends, for somebody who keeps its stock."""
    kept = Item.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=item.pk)
    require_lending(by, kept.organisation)
    return kept


def happen(item: Item, what: Happened, *, by: User, loan: Loan | None = None, **said: Any) -> ItemEvent:
    """Add an event and take its state over into the item. Raises `Refused` where it cannot happen from where it is.

    `said` are `words` and `day`; `changes` are fields of the item that change with it.
    """
    before, after = MOVES[what]
    if item.state not in before:
        raise Refused(
            f"Somebody changed this while you had it open. It is now: {ItemState(item.state).label.lower()}. Look at "
            "it again"
        )
    after = ItemState(item.state) if after is None else after
    changes = said.pop("changes", {})
    for name, value in changes.items():
        setattr(item, name, value)
    if item.must_wipe and after in (ItemState.IN_STOCK, ItemState.RESERVED):
        raise Refused(NOT_WIPED)
    item.state, item.version = after, item.version + 1
    item.save(update_fields=("state", "version", *changes))
    return _add_event(item, what, by, loan, **said)


def refuse_odd_data_day(ends_on: date, *, field: str) -> None:
    """Raises `Refused` for a day on which data cannot end: today or before, or further off than any plan runs."""
    today = timezone.localdate()
    if not today < ends_on <= today + LONGEST_DATA:
        raise Refused("The day on which data ends must be after today and within five years", field=field)


def note_item(action: str, item: Item, by: User, **details: Any) -> None:
    """Write to the audit trail what happened to an item."""
    audit.record(
        action=action, by=by, about=item, organisation=item.organisation, details={"kind": item.kind} | details
    )


@transaction.atomic
def add_items(
    *,
    organisation: Organisation,
    kind: str,
    labels: Sequence[str],
    by: User,
    never_used: bool = False,
    condition: str = "",
    data_ends_on: date | None = None,
) -> list[Item]:
    """Several items of one kind. What somebody has used before, and may hold data, has to be wiped first."""
    audit.hold()
    require_lending(by, organisation)
    known = kit().get(kind)
    if known is None:
        raise Refused("Choose what it is from the list", field="kind")
    wanted = _labels(organisation, labels)
    if data_ends_on is not None:
        refuse_odd_data_day(data_ends_on, field="data_ends_on")
    if known.has_data and data_ends_on is None:
        raise Refused(f"Enter the day on which the data of {known.many} ends", field="data_ends_on")
    must_wipe = known.holds_data and not never_used
    made = []
    for label in wanted:
        item = Item.objects.create(
            organisation=organisation,
            kind=kind,
            label=label,
            state=ItemState.BACK if must_wipe else ItemState.IN_STOCK,
            must_wipe=must_wipe,
            condition=tidy(condition)[:300],
            data_ends_on=data_ends_on,
        )
        _add_event(item, Happened.ADDED, by, None, day=data_ends_on)
        made.append(item)
    audit.record(action="items_added", by=by, organisation=organisation, details={"kind": kind, "items": len(made)})
    return made


@transaction.atomic
def begin_wipe(*, item: Item, by: User) -> Item:
    """Somebody has begun to wipe it."""
    return _simply(item, Happened.WIPING, by, "wiping_begun")


@transaction.atomic
def record_wipe(
    *, item: Item, how: str, wiped_on: date, wiped_by: str, by: User, words: str = "", certificate: str = ""
) -> Wipe:
    """Proof that nothing is left on it. Then it is free; where its storage was destroyed, it is no longer used."""
    audit.hold()
    kept = locked(item, by)
    how = Wipe.How(how)
    if not tidy(wiped_by):
        raise Refused("Enter who wiped it", field="wiped_by")
    if wiped_on > timezone.localdate():
        raise Refused("The day it was wiped lies in the future. Enter today or an earlier day", field="wiped_on")
    last = kept.events.filter(what__in=CAME_INTO_HANDS).last()
    if last is not None and wiped_on < timezone.localdate(last.at):
        raise Refused("It was wiped before it came back. Wipe it again, then enter that day", field="wiped_on")
    what = Happened.RETIRED if how == Wipe.How.DESTROYED else Happened.WIPED
    if what == Happened.RETIRED and kept.state == ItemState.IN_STOCK:
        raise Refused("It is free to be lent. Use “No longer used” instead", field="how")
    event = happen(kept, what, by=by, words=tidy(words), changes={"must_wipe": False})
    made = Wipe.objects.create(
        event=event,
        how=how,
        wiped_on=wiped_on,
        wiped_by=tidy(wiped_by)[:150],
        certificate=tidy(certificate)[:60],
    )
    note_item("item_wiped", kept, by, how=str(how), wiped_on=wiped_on.isoformat())
    return made


@transaction.atomic
def make_ready(*, item: Item, by: User) -> Item:
    """It was looked at and can be lent again; refused for what has to be wiped first."""
    return _simply(item, Happened.READY, by, "item_ready")


@transaction.atomic
def describe(*, item: Item, condition: str, by: User) -> Item:
    """In what condition it is now, in words; what was written before stays in its history."""
    words = tidy(condition)[:300]
    return _simply(item, Happened.SEEN, by, "item_described", words=words, changes={"condition": words})


@transaction.atomic
def not_found(*, item: Item, by: User, words: str = "") -> Item:
    """It is not where it should be. It stays open for it to turn up."""
    return _simply(item, Happened.MISSING, by, "item_not_found", words=tidy(words))


@transaction.atomic
def came_back(*, item: Item, by: User, words: str = "") -> Item:
    """Something that was gone turned up: whatever was on it is wiped before anybody else has it."""
    audit.hold()
    kept = locked(item, by)
    happen(kept, Happened.CAME_BACK, by=by, words=tidy(words), changes={"must_wipe": holds_data(kept)})
    note_item("item_came_back", kept, by)
    return kept


@transaction.atomic
def retire(*, item: Item, by: User, words: str = "") -> Item:
    """It is no longer used; refused while something of somebody may be on it."""
    audit.hold()
    kept = locked(item, by)
    if kept.must_wipe:
        raise Refused("Something of somebody may still be on it. Wipe it, or record that its storage was destroyed")
    happen(kept, Happened.RETIRED, by=by, words=tidy(words))
    note_item("item_retired", kept, by)
    return kept


def _simply(item: Item, what: Happened, by: User, action: str, **said: Any) -> Item:
    audit.hold()
    kept = locked(item, by)
    happen(kept, what, by=by, **said)
    note_item(action, kept, by)
    return kept


def _add_event(item: Item, what: Happened, by: User, loan: Loan | None, **said: Any) -> ItemEvent:
    return ItemEvent.objects.create(
        item=item, version=item.version, what=what, state=item.state, loan=loan, by=by, **said
    )


def _labels(organisation: Organisation, labels: Sequence[str]) -> list[str]:
    """The labels, each once and new to this stock. Raises `Refused`."""
    found = [" ".join(tidy(label).split()) for label in labels]
    found = [label for label in found if label]
    if not found:
        raise Refused("Enter at least one label", field="labels")
    if len(found) > MOST_AT_ONCE:
        raise Refused(f"Add {MOST_AT_ONCE} items at most at once", field="labels")
    for label in found:
        if len(label) > LONGEST_LABEL:
            raise Refused(f"Use {LONGEST_LABEL} characters at most for a label, each on a line", field="labels")
        if found.count(label) > 1:
            raise Refused(f"The label {label} stands there twice. Give each item its own", field="labels")
    there = Item.objects.filter(organisation=organisation, label__in=found).values_list("label", flat=True).first()
    if there is not None:
        raise Refused(f"There is an item with the label {there} already. Choose another label", field="labels")
    return found
