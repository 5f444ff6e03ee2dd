"""How an offer of help is said on a page: what is not known is said to be unknown."""

from dataclasses import dataclass

from django.utils import timezone

from inroads.people.models import Offer
from inroads.reference.around import neighbourhood_name
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help


@dataclass(frozen=True)
class OfferLine:
    """One offer with its facts as pairs of what and how."""

    offer: Offer
    help: str
    room: str
    facts: list[tuple[str, str]]


def offer_line(offer: Offer) -> OfferLine:
    """The offer in words."""
    helps, communities = load(Help), load(Community)
    named = ", ".join(communities[each].title for each in offer.communities if each in communities)
    return OfferLine(
        offer=offer,
        help=helps[offer.help].title if offer.help in helps else offer.help.replace("_", " ").capitalize(),
        room=room(offer),
        facts=[
            ("Where", offer.where or "Not known"),
            ("Neighbourhood", neighbourhood_name(offer.neighbourhood) or "Not known"),
            ("Open", offer.open_when or "Not known"),
            ("Phone", offer.phone or "Not known"),
            ("Languages", offer.languages or "Not known"),
            ("Reaches", named or "Not said"),
        ],
    )


def room(offer: Offer) -> str:
    """How many more people this month, in words; what was said in an earlier month is not known any more."""
    said, today = timezone.localtime(offer.recorded_at), timezone.localdate()
    if offer.capacity is None:
        return "Room not known"
    if (said.year, said.month) != (today.year, today.month):
        return f"Room not said this month (in {said:%B} it was {offer.capacity})"
    return "Full this month" if offer.capacity == 0 else f"Room for {offer.capacity} more this month"
