"""How a person is told things, and who is to be rung or seen because nothing goes out by itself."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from inroads.accounts.queries import Somebody
from inroads.people.models import Contact, ContactWay, Person, Preferences
from inroads.people.queries.records import organisations_of
from inroads.reference.definitions.care import formats

BY_POST = {ContactWay.TEXT: "text", ContactWay.EMAIL: "email", ContactWay.LETTER: "letter"}
MOST = 100


@dataclass(frozen=True)
class HowTold:
    """How this person is told things: `channel` of the post and `to`, both "" where somebody rings or sees them."""

    way: str
    channel: str
    to: str
    points: int


def how_told(person: Person) -> HowTold:
    """As they last said; somebody who was never asked how is rung or seen, and never guessed."""
    kept = Preferences.objects.filter(person=person).last()
    if kept is None:
        return HowTold("", "", "", 12)
    liked = formats().get(kept.format)
    channel = BY_POST.get(ContactWay(kept.contact_way), "") if kept.contact_detail else ""
    to = f"{person.full_name}\n{kept.contact_detail}" if channel == "letter" else kept.contact_detail
    return HowTold(kept.contact_way, channel, to if channel else "", (liked.points if liked else 0) or 12)


def to_be_done(user: Somebody, on: date | None = None) -> QuerySet[Contact]:
    """Whom this user's organisations are to ring or see by a day, the longest due first."""
    due = Contact.objects.filter(
        person__organisation__in=organisations_of(user),
        state=Contact.State.PLANNED,
        by_hand=True,
        due_on__lte=on or timezone.localdate(),
    )
    return due.select_related("person__organisation").order_by("due_on", "pk")
