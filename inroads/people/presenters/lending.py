"""How items, loans and the end of data are said on pages and on paper: plainly, and without a word of blame."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from inroads.design.wording import day, in_sentence
from inroads.people.models import Contact, Happened, Item, ItemState, Loan, Person
from inroads.people.models.lending import MOVES
from inroads.people.queries.loans import Ending
from inroads.people.queries.stock import holds_data
from inroads.reference.definitions.lending import bundles, kit
from inroads.reference.models import Organisation

STATES = list(ItemState)
TOLD = {
    Contact.State.PLANNED: "They are told from {day}",
    Contact.State.SENT: "A message is on its way to them",
    Contact.State.DONE: "They were told",
    Contact.State.NOT_REACHED: "Nobody has reached them so far. Ring or see them",
    Contact.State.CANCELLED: "Nothing is planned. Ring or see them",
}


def kind_title(kind: str) -> str:
    """The title of a kind of kit; its id where it is not defined any more."""
    known = kit().get(kind)
    return known.title if known else kind


def bundle_title(bundle: str) -> str:
    """The title of a bundle, "" for none."""
    known = bundles().get(bundle)
    return known.title if known else bundle


@dataclass(frozen=True)
class KindLine:
    """A kind of kit in the stock, and how many items of it there are in each state, in the order of the states."""

    kind: str
    title: str
    numbers: list[tuple[str, str, int]]
    total: int


def kind_lines(counted: Mapping[str, Counter[str]]) -> list[KindLine]:
    """The stock in numbers, one line a kind, in the order in which kinds are offered."""
    order = [*kit(), *sorted(set(counted) - set(kit()))]
    return [
        KindLine(
            kind,
            kind_title(kind),
            [(str(state), ItemState(state).label, counted[kind][state]) for state in STATES],
            sum(counted[kind].values()),
        )
        for kind in order
        if kind in counted
    ]


@dataclass(frozen=True)
class ItemLine:
    """An item in the list. `who` is the person where the reader works with them, `with_whom` says the rest in words."""

    item: Item
    title: str
    state: str
    who: Person | None
    with_whom: str


def item_line(item: Item, loan: Loan | None, people: Mapping[Any, Person]) -> ItemLine:
    """An item with who has it, as far as the reader may know."""
    who = people.get(loan.person_id) if loan is not None and loan.person_id else None
    with_whom = ""
    if loan is not None and who is None:
        with_whom = loan.place or "Somebody you do not work with"
    return ItemLine(item, kind_title(item.kind), ItemState(item.state).label, who, with_whom)


def can_happen(item: Item) -> set[str]:
    """What can happen to an item as it is now: names of `Happened`."""
    able = {str(what) for what, (before, _) in MOVES.items() if item.state in before}
    if item.must_wipe:
        able -= {str(Happened.READY), str(Happened.RETIRED)}
    return able


@dataclass(frozen=True)
class LoanLine:
    """A loan as its person's page shows it. `ended` says in words what became of it, "" while it is open."""

    loan: Loan
    title: str
    label: str
    bundle: str
    reserved: bool
    late: bool
    data_soon: bool
    ended: str


def loan_line(loan: Loan, today: date | None = None) -> LoanLine:
    """A loan in words."""
    today = today or timezone.localdate()
    return LoanLine(
        loan=loan,
        title=kind_title(loan.item.kind),
        label=loan.item.label,
        bundle=bundle_title(loan.bundle),
        reserved=loan.lent_at is None,
        late=loan.due_on is not None and loan.due_on < today,
        data_soon=loan.contact_on is not None and loan.contact_on <= today,
        ended=_ended(loan),
    )


def _ended(loan: Loan) -> str:
    """How a loan ended, as the page says it from which one lends: what was lost stands against nobody there."""
    if not loan.ended_how:
        return ""
    told = (Loan.Ended.RETURNED, Loan.Ended.THEIRS, Loan.Ended.FREED)
    return Loan.Ended(loan.ended_how).label if loan.ended_how in told else "It is not with them any more"


def choices_of(free: Iterable[Item], *, with_bundles: bool = False) -> list[tuple[str, str]]:
    """What can be lent, as values and words: kinds with how many are free, then bundles, by organisation."""
    counted: dict[Organisation, Counter[str]] = {}
    for item in free:
        counted.setdefault(item.organisation, Counter())[item.kind] += 1
    found = []
    for organisation in sorted(counted, key=lambda each: each.name):
        here = counted[organisation]
        whose = f", {organisation.name}" if len(counted) > 1 else ""
        found += [
            (f"kit:{organisation.pk}:{kind}", f"{each.title} ({here[kind]} free{whose})")
            for kind, each in kit().items()
            if here[kind]
        ]
        if with_bundles:
            found += [
                (f"bundle:{organisation.pk}:{each.id}", f"Together: {each.title}{_missing(each.items, here)}{whose}")
                for each in bundles().values()
                if any(here[kind] for kind in each.items)
            ]
    return found


def none_free(free: Iterable[Item], lending: Sequence[Organisation], stocked: Iterable[tuple[Any, str]]) -> list[Any]:
    """Kinds of a stock of which none is free, as (organisation, kind, words)."""
    there = {(item.organisation_id, item.kind) for item in free}
    by_id = {each.pk: each for each in lending}
    return [
        (by_id[organisation], kind, kind_title(kind))
        for organisation, kind in sorted(stocked, key=lambda each: (str(each[0]), each[1]))
        if organisation in by_id and (organisation, kind) not in there
    ]


def _missing(wanted: Mapping[str, int], here: Counter[str]) -> str:
    short = [kit()[kind].title for kind, number in wanted.items() if here[kind] < number]
    return f" (missing: {', '.join(map(in_sentence, short))})" if short else ""


@dataclass(frozen=True)
class EndingLine:
    """A loan whose data ends: what, who has it as far as the reader may know, when, and what they are told."""

    ending: Ending
    title: str
    with_whom: str
    over: bool
    told: str


def ending_line(ending: Ending, today: date | None = None) -> EndingLine:
    """The end of data in words."""
    today = today or timezone.localdate()
    loan = ending.loan
    if ending.contact is not None:
        told = TOLD[Contact.State(ending.contact.state)].format(day=day(ending.contact.due_on))
    elif loan.place:
        told = "They were told" if ending.told else f"Ring {loan.place_contact}"
    else:
        told = "A contact is planned by those who work with them"
    with_whom = "" if ending.person else (loan.place or "Somebody you do not work with")
    over = loan.data_ends_on is not None and loan.data_ends_on < today
    return EndingLine(ending, kind_title(loan.item.kind), with_whom, over, told)


def slip(person: Person, loans: Sequence[Loan], points: int) -> dict[str, Any]:
    """What stands on a printed slip about what somebody has on loan."""
    return {
        "document": {
            "title": "What you have from us",
            "code": loans[0].pk.hex[:8].upper(),
            "printed_on": timezone.localdate(),
            "known_as": person.known_as,
            "organisation": loans[0].item.organisation.name,
            "contact": settings.CONTACT,
            "points": points,
        },
        # Only where there is something on it that could be seen.
        "wiped": any(holds_data(each.item) for each in loans),
        "things": [
            {
                "title": kind_title(each.item.kind),
                "label": each.item.label,
                "plain": kit()[each.item.kind].plain if each.item.kind in kit() else "",
                "due_on": each.due_on,
                "data_ends_on": each.data_ends_on,
                "agreed": each.agreed,
            }
            for each in loans
        ],
    }
