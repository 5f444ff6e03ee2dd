"""Things that are lent in an invented world, and what became of them."""

import uuid
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from inroads.people.models import Happened, Item, ItemEvent, ItemState, Loan
from worlds.days import moment, some_day
from worlds.ics import World
from worlds.organisations import Tree
from worlds.people import Codes

KINDS = ("phone", "tablet", "laptop")
# How a loan ended, how likely that is, what happened to the item, and where it is then; the last are still lent.
ENDS = (
    (Loan.Ended.RETURNED, 0.3, Happened.RETURNED, ItemState.BACK),
    (Loan.Ended.LOST, 0.1, Happened.LOST, ItemState.GONE),
    (Loan.Ended.THEIRS, 0.2, Happened.THEIRS, ItemState.THEIRS),
    ("", 0.4, None, ItemState.ON_LOAN),
)


def make_items(tree: Tree, count: int, *, until: date) -> list[Item]:
    """So many things, in the stocks of the places in turn."""
    owners = list(tree.places.values())
    items = [
        Item(
            organisation=owners[number % len(owners)],
            kind=KINDS[number % len(KINDS)],
            label=f"Thing {number + 1}",
            state=ItemState.IN_STOCK,
        )
        for number in range(count)
    ]
    Item.objects.bulk_create(items, batch_size=1000)
    added = moment(until - timedelta(days=400))
    ItemEvent.objects.bulk_create(
        ItemEvent(item=item, version=1, what=Happened.ADDED, state=ItemState.IN_STOCK, at=added, by=tree.lead)
        for item in items
    )
    return items


def lend(world: World, tree: Tree, items: list[Item], person: NDArray[np.str_], rows: Codes, *, until: date) -> None:
    """One thing to each of these people, as far as there is one."""
    rng = np.random.default_rng([world.seed, 9])
    loans, events = [], []
    lent = items[: len(rows)]
    for item, row in zip(lent, rows[: len(items)].tolist(), strict=True):
        worker, day = tree.who_knows(world, row)[1], some_day(until, rng)
        how, _, what, state = ENDS[int(rng.choice(len(ENDS), p=[each[1] for each in ENDS]))]
        ended = moment(min(day + timedelta(days=30), until)) if how else None
        loan = Loan(
            id=uuid.UUID(bytes=rng.bytes(16), version=4),
            item=item,
            person_id=uuid.UUID(person[row]),
            begun_at=moment(day),
            begun_by=worker,
            lent_at=moment(day),
            due_on=until + timedelta(days=60),
            ended_at=ended,
            ended_how=how,
        )
        loans.append(loan)
        happened = [(Happened.LENT, ItemState.ON_LOAN, moment(day)), *([(what, state, ended)] if what else [])]
        item.state, item.version, item.must_wipe = state, 1 + len(happened), True
        events += [
            ItemEvent(item=item, version=version, what=each, state=then, loan=loan, at=at, by=worker)
            for version, (each, then, at) in enumerate(happened, 2)
        ]
    Loan.objects.bulk_create(loans, batch_size=1000)
    Item.objects.bulk_update(lent, ("state", "version", "must_wipe"), batch_size=500)
    ItemEvent.objects.bulk_create(events, batch_size=1000)
