"""People, teams and workers for tests, made by the actions that pages use."""

import itertools
from datetime import date

from inroads.accounts.models import Membership, User
from inroads.people.actions import records
from inroads.people.models import Person
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import add_organisation

_number = itertools.count(1)


def make_place(name: str = "Isle of Wight") -> Organisation:
    """A place with the tree above it, one tree for all."""
    england = Organisation.objects.filter(kind=Kind.ENGLAND).first() or add_organisation(
        kind=Kind.ENGLAND, name="England", parent=None
    )
    region = england.children.first() or add_organisation(kind=Kind.REGION, name="A region", parent=england)
    ics = region.children.first() or add_organisation(kind=Kind.ICS, name="An ICS", parent=region)
    return add_organisation(kind=Kind.PLACE, name=name, parent=ics, area_code="E06000046")


def make_team(name: str = "A team", place: Organisation | None = None) -> Organisation:
    """A team of a provider of its own."""
    provider = add_organisation(kind=Kind.PROVIDER, name=f"Provider of {name}", parent=place or make_place())
    return add_organisation(kind=Kind.TEAM, name=name, parent=provider)


def make_worker(organisation: Organisation, role: str = "practitioner") -> User:
    """Somebody with this role in the organisation."""
    number = next(_number)
    user = User.objects.create_user(f"worker{number}@tests.example", f"Worker {number}")
    Membership.objects.create(user=user, role=role, organisation=organisation, starts_on=date(2026, 1, 1))
    return user


def make_person(organisation: Organisation, *, by: User | None = None, **details) -> Person:
    """A person of the organisation."""
    number = next(_number)
    names = {"full_name": f"Person {number}", "known_as": f"P{number}"} | details
    return records.add_person(organisation=organisation, by=by or make_worker(organisation), **names)
