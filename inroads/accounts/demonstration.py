"""Invented people for the demonstration: one or two for every role, around the Isle of Wight."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.models import Membership, User
from inroads.accounts.permissions import roles
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import add_organisation, england, load_organisations

ICS_CODE = "E54000042"
PLACE_CODE = "E06000046"
# A system of another region, for whoever comes from outside to review.
OTHER_ICS_CODE = "E54000060"
BEGAN = date(2026, 4, 1)

PROVIDER = "Sandown Bay Mental Health Trust (invented)"
TEAM = "Sandown Bay Community Team (invented)"
VOLUNTARY = "Ventnor Kitchen Table (invented)"

# Role, invented name, and which of the organisations below it is held in; what their address begins with, where it is
# not the role: some roles are held by two.
PEOPLE: tuple[tuple[str, str, str] | tuple[str, str, str, str], ...] = (
    ("practitioner", "Priya Nair", "team"),
    ("digital_mentor", "Dele Martins", "voluntary"),
    ("touchpoint_partner", "Tamsin Wheeler", "voluntary"),
    ("person", "Robin Hale", "team"),
    ("trusted_person", "Kit Hale", "team"),
    ("place_lead", "Pat Lindqvist", "place"),
    ("analyst", "Amir Soltani", "ics"),
    ("place_lead", "Lena Fox", "ics", "system.lead"),
    ("assessor", "Alys Morgan", "ics"),
    ("assessor", "Asif Rahman", "ics", "second.assessor"),
    ("board_member", "Bea Thornton", "ics"),
    ("reviewer", "Ruth Adeyemi", "other_ics"),
    ("reader", "Rosa Lund", "england"),
    ("reader", "Ravi Menon", "england", "second.reader"),
    ("national_lead", "Naomi Clarke", "england"),
    ("administrator", "Ada Brennan", "england"),
    ("auditor", "Audrey Okafor", "england"),
)


@dataclass(frozen=True)
class DemonstrationPerson:
    """What is printed so that somebody can sign in: the role, the e-mail address and the invented name.

    `usual_password`: whether the demonstration's password still opens the account.
    """

    title: str
    email: str
    full_name: str
    usual_password: bool


@transaction.atomic
def load_demonstration() -> list[DemonstrationPerson]:
    """Put the invented organisations and people in place; doing it again changes nothing.

    Everybody begins with `settings.DEMONSTRATION_PASSWORD`; one that was changed stays changed. Raises
    `ImproperlyConfigured` outside a demonstration.
    """
    if not settings.DEMONSTRATION or not settings.DEMONSTRATION_PASSWORD:
        raise ImproperlyConfigured(
            "Demonstration people are loaded only where DEMONSTRATION is True and DEMONSTRATION_PASSWORD is set; "
            "this deployment is not a demonstration, so add people under People who sign in"
        )
    places = _organisations()
    known = roles()
    stored = _stored_password()
    changed, told = 0, []
    for role, full_name, where, *mail in PEOPLE:
        email = f"{mail[0] if mail else role.replace('_', '.')}@demonstration.example"
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, full_name)
            user.password = stored
            user.save(update_fields=("password",))
            changed += 1
        if not user.memberships.filter(role=role, organisation=places[where]).exists():
            Membership.objects.create(user=user, role=role, organisation=places[where], starts_on=BEGAN)
            changed += 1
        told.append(
            DemonstrationPerson(
                title=known[role].title,
                email=email,
                full_name=full_name,
                usual_password=user.password == stored,
            )
        )
    if changed:
        audit.record(action="demonstration_loaded", by=None, organisation=places["ics"], details={"people": len(told)})
    return told


def _organisations() -> dict[str, Organisation]:
    load_organisations()
    ics = Organisation.objects.get(kind=Kind.ICS, ons_code=ICS_CODE)
    place = _organisation(Kind.PLACE, "Isle of Wight", ics, ons_code=PLACE_CODE, area_code=PLACE_CODE)
    provider = _organisation(Kind.PROVIDER, PROVIDER, place, area_code=PLACE_CODE)
    team = _organisation(Kind.TEAM, TEAM, provider, area_code=PLACE_CODE)
    voluntary = _organisation(Kind.VOLUNTARY, VOLUNTARY, place, area_code=PLACE_CODE)
    return {
        "england": england(),
        "ics": ics,
        "other_ics": Organisation.objects.get(kind=Kind.ICS, ons_code=OTHER_ICS_CODE),
        "place": place,
        "provider": provider,
        "team": team,
        "voluntary": voluntary,
    }


def _organisation(kind: str, name: str, parent: Organisation, **codes: str) -> Organisation:
    found = Organisation.objects.filter(kind=kind, name=name, parent=parent).first()
    return found or add_organisation(kind=kind, name=name, parent=parent, **codes)


def _stored_password() -> str:
    """One stored form of the one password, kept from the last time where it still fits: hashing is slow on purpose."""
    password = settings.DEMONSTRATION_PASSWORD
    people = User.objects.filter(email__endswith="@demonstration.example").exclude(password="")
    # What most of them have comes first, so that as a rule one is checked.
    for stored, _ in Counter(people.values_list("password", flat=True)).most_common():
        if check_password(password, stored):
            return stored
    return make_password(password)
