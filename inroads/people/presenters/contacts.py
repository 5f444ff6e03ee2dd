"""How somebody is to be told or asked something: what to say, and how to reach them."""

from dataclasses import dataclass

from inroads.people.models import Contact, Preferences, Referral


@dataclass(frozen=True)
class ContactLine:
    """One line of the list: `reach` is how they like to be reached; `referral` where their answer is written down."""

    contact: Contact
    reach: str
    referral: Referral | None
    tried: str


def contact_line(contact: Contact) -> ContactLine:
    """The contact in words."""
    kept = Preferences.objects.filter(person=contact.person_id).last()
    reach = "Nobody has asked how they like to be reached"
    if kept and kept.contact_way:
        parts = [kept.get_contact_way_display(), kept.contact_detail, kept.contact_times]
        reach = ". ".join(part for part in parts if part)
    referral = None
    if contact.why == Contact.Why.HELPED and contact.key.startswith("helped-"):
        referral = contact.person.referrals.filter(pk=contact.key.removeprefix("helped-")[:36]).first()
    tried = f"Tried {contact.tries} {'time' if contact.tries == 1 else 'times'}" if contact.tries else ""
    return ContactLine(contact, reach, referral, tried)
