"""A small England: one region with two ICSs, and everything that can lie below one of them."""

import itertools
from datetime import date
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp

from inroads.accounts.models import Membership, User
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation

PASSWORD = "three unlikely words"


class StandingClock:
    """The clock by which codes are made and checked; `now`, in seconds, moves only where a test moves it."""

    now = 1_800_000_000.0

    def time(self):
        return self.now

    def code(self, secret):
        """What an authenticator app with this secret shows now."""
        return totp.format_hotp_value(totp.hotp_value(secret, int(self.now) // 30))


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """It stands still, so that no test straddles the change of a code."""
    standing = StandingClock()
    monkeypatch.setattr(totp, "time", standing)
    return standing


@pytest.fixture
def places(db):
    england = add_organisation(kind=Kind.ENGLAND, name="England", parent=None, ons_code="E92000001")
    region = add_organisation(kind=Kind.REGION, name="South East", parent=england, ods_code="Y59")
    ics = add_organisation(kind=Kind.ICS, name="Hampshire and Isle of Wight", parent=region, ons_code="E54000042")
    other_ics = add_organisation(kind=Kind.ICS, name="Kent and Medway", parent=region, ons_code="E54000032")
    place = add_organisation(kind=Kind.PLACE, name="Isle of Wight", parent=ics, ons_code="E06000046")
    provider = add_organisation(kind=Kind.PROVIDER, name="A provider", parent=place)
    team = add_organisation(kind=Kind.TEAM, name="A team", parent=provider)
    voluntary = add_organisation(kind=Kind.VOLUNTARY, name="A kitchen table", parent=place)
    return SimpleNamespace(
        england=england,
        region=region,
        ics=ics,
        other_ics=other_ics,
        place=place,
        provider=provider,
        team=team,
        voluntary=voluntary,
    )


@pytest.fixture
def somebody(db):
    """`somebody("auditor", organisation)` signs in with PASSWORD; without a role they have no membership."""
    numbers = itertools.count(1)

    def make(role=None, organisation=None, *, starts_on=date(2026, 1, 1), ends_on=None, name=None, email=None):
        number = next(numbers)
        full_name = name or f"Somebody {number}"
        user = User.objects.create_user(email or f"somebody{number}@example.org", full_name, PASSWORD)
        if role:
            Membership.objects.create(
                user=user, role=role, organisation=organisation, starts_on=starts_on, ends_on=ends_on
            )
        return user

    return make


@pytest.fixture
def password():
    return PASSWORD


@pytest.fixture
def person(places, somebody):
    return somebody("place_lead", places.place, email="pat@example.org", name="Pat Example")


@pytest.fixture
def sign_in(client, password):
    def post(email="pat@example.org", given=password, using=client, address="192.0.2.1", **more):
        return using.post("/accounts/sign-in/", {"login": email, "password": given, **more}, REMOTE_ADDR=address)

    return post
