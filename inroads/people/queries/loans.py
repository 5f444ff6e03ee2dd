"""What is read about loans: who has what, whose data ends, who waits, and whether anybody was forgotten."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody
from inroads.people.models import Contact, Happened, ItemEvent, Loan, Person, Waiting
from inroads.people.models.lending import LEAST_NOTICE
from inroads.people.queries.records import organisations_of
from inroads.people.queries.stock import people_who_have

MOST_ENDING = 200


def loans_of(person: Person) -> list[Loan]:
    """All loans of a person, what is open first, the latest first."""
    found = Loan.objects.filter(person=person).select_related("item__organisation")
    return list(found.order_by(F("ended_at").desc(nulls_first=True), "-begun_at", "pk"))


def loan_of(person: Person, loan: UUID) -> Loan | None:
    """A loan of this person, or None."""
    return Loan.objects.filter(person=person, pk=loan).select_related("item__organisation", "person").first()


def beside(loan: Loan) -> list[Loan]:
    """What else the same person or place has that was handed over at the same time."""
    found = Loan.objects.filter(together=loan.together, ended_at=None).exclude(pk=loan.pk).exclude(lent_at=None)
    return list(found.filter(person=loan.person_id, place=loan.place).select_related("item"))


def waits_of(person: Person) -> list[Waiting]:
    """What a person would like to borrow and there was none of."""
    return list(Waiting.objects.filter(person=person, ended_at=None))


def waiting_of(person: Person, number: int) -> Waiting | None:
    """One thing a person waits for, or None."""
    return Waiting.objects.filter(person=person, pk=number).first()


def loan_visible_to(user: Somebody, loan: UUID) -> Loan | None:
    """A loan to a ward or other place from a stock that this user keeps, or None."""
    found = Loan.objects.filter(pk=loan, person=None, item__organisation__in=_inside(user))
    return found.select_related("item__organisation").first()


@dataclass(frozen=True)
class Ending:
    """A loan whose data ends. `person` where the reader works with them; `contact` is what they are told, if anything.

    `told` says whether a ward or other place was told of this day.
    """

    loan: Loan
    person: Person | None
    contact: Contact | None
    told: bool


def data_ending(user: Somebody, until: date) -> list[Ending]:
    """Open loans whose data ends up to a day, or has ended, the soonest first."""
    told = ItemEvent.objects.filter(loan=OuterRef("pk"), what=Happened.TOLD, day=OuterRef("data_ends_on"))
    found = _with_data().filter(item__organisation__in=_inside(user), data_ends_on__lte=until)
    loans = list(found.annotate(told=Exists(told)).order_by("data_ends_on", "pk")[:MOST_ENDING])
    people = people_who_have(user, loans)
    # What somebody is told is part of their record: only for those who work with them.
    keys = [each.contact_key for each in loans if each.person_id in people]
    contacts = {each.key: each for each in Contact.objects.filter(key__in=keys)}
    return [
        Ending(each, people.get(each.person_id), contacts.get(each.contact_key), each.told)  # type: ignore[attr-defined]
        for each in loans
    ]


@dataclass(frozen=True)
class ComingUp:
    """Loans on whose day somebody talks about them, what is reserved, and who waits for what, the earliest first.

    `people` are those of them with whom the reader works, by id.
    """

    due: list[Loan]
    reserved: list[Loan]
    waits: list[Waiting]
    people: dict[UUID, Person]


def coming_up(user: Somebody, until: date) -> ComingUp:
    """What comes up until a day in the stocks that this user keeps, and what has come up."""
    inside = _inside(user)
    found = Loan.objects.filter(ended_at=None, item__organisation__in=inside).select_related("item")
    due = list(found.exclude(lent_at=None).filter(due_on__lte=until).order_by("due_on", "pk")[:MOST_ENDING])
    reserved = list(found.filter(lent_at=None, reserved_for__lte=until).order_by("reserved_for", "pk")[:MOST_ENDING])
    waits = list(Waiting.objects.filter(organisation__in=inside, ended_at=None).order_by("pk")[:MOST_ENDING])
    return ComingUp(due, reserved, waits, people_who_have(user, [*due, *reserved, *waits]))


def end_of_next_month(today: date | None = None) -> date:
    """The last day of the month after this one."""
    first = (today or timezone.localdate()).replace(day=1)
    after = ((first + timedelta(days=32)).replace(day=1) + timedelta(days=32)).replace(day=1)
    return after - timedelta(days=1)


def loans_without_contact() -> list[Loan]:
    """Open loans with data of which nobody is told at least 14 days before it ends. There should be none."""
    planned = Contact.objects.filter(
        key=OuterRef("contact_key"), person=OuterRef("person"), why=Contact.Why.DATA_ENDS
    ).exclude(state=Contact.State.CANCELLED)
    late = Q(contact_on=None) | Q(contact_on__gt=F("data_ends_on") - LEAST_NOTICE)
    return list(_with_data().filter(late | (Q(person__isnull=False) & ~Exists(planned))))


def _with_data() -> QuerySet[Loan]:
    out = Loan.objects.filter(ended_at=None, has_data=True).exclude(lent_at=None)
    return out.select_related("item__organisation", "person")


def _inside(user: Somebody) -> list[UUID]:
    return organisations_of(user, Permission.LEND)
