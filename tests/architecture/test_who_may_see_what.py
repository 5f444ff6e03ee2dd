"""Every address of the product, opened by every role and by nobody.

Addresses are discovered from the resolver, so a new one is met here by itself. One that was not made with
`inroads.accounts.routes.page` fails, and so does one with arguments for which `tests/addresses.py` has no example.
"""

from datetime import date

import pytest
from addresses import ALL, Route, address_of, routes
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from pages import in_session, session_of
from people_factories import make_record, make_worker
from systems_everything import make_everything
from systems_factories import make_member

from inroads.accounts.models import Membership, User
from inroads.accounts.permissions import permissions_of, roles
from inroads.accounts.routes import Access
from inroads.accounts.sign_in.second_step import GUARDED, SecondStep
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import add_organisation

NOBODY = "nobody"
# Somebody whose account holds no role at all.
WITHOUT_ROLE = "without a role"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "three unlikely words"
METHODS = ("get", "post")
# What a page may answer to somebody who may open it: it exists, it sends on, it found nothing, it refuses the input or
# the method. Never a refusal, never an error of ours.
OPENED = {200, 204, 302, 303, 304, 400, 404, 405, 429}
# Before published figures are loaded the service is right to say that it is not ready.
ALSO_OPENED = {"health_ready": {503}, "health_work": {503}}
READERS = [NOBODY, WITHOUT_ROLE, *roles()]


@pytest.fixture(scope="module")
def everybody(rows_for_all):
    """One person for every role, and where each is signed in."""
    people = _one_for_every_role()
    return people, {role: session_of(user) for role, user in people.items()}


@pytest.fixture
def walkers(everybody, db) -> dict[str, User]:
    """One person for every role, as read anew for each test."""
    return {role: User.objects.get(pk=user.pk) for role, user in everybody[0].items()}


@pytest.fixture
def client_of(everybody, db):
    """A browser in which this reader is signed in, new each time: what a page says to one is not remembered."""

    def client_of(reader: str, **options) -> Client:
        return Client(**options) if reader == NOBODY else in_session(everybody[1][reader], **options)

    return client_of


def _one_for_every_role() -> dict[str, User]:
    """Each in an organisation where the role makes sense, and one with no role."""
    england = add_organisation(kind=Kind.ENGLAND, name="England", parent=None)
    region = add_organisation(kind=Kind.REGION, name="A region", parent=england)
    ics = add_organisation(kind=Kind.ICS, name="An ICS", parent=region)
    place = add_organisation(kind=Kind.PLACE, name="A place", parent=ics)
    provider = add_organisation(kind=Kind.PROVIDER, name="A provider", parent=place)
    add_organisation(kind=Kind.TEAM, name="A team", parent=provider)
    add_organisation(kind=Kind.VOLUNTARY, name="A community organisation", parent=place)
    people = {WITHOUT_ROLE: User.objects.create_user("without@walk.example", "Without Role", PASSWORD)}
    for role in roles().values():
        user = people[role.id] = User.objects.create_user(f"{role.id}@walk.example", role.title, PASSWORD)
        where = Organisation.objects.get(kind=role.held_in[0])
        Membership.objects.create(user=user, role=role.id, organisation=where, starts_on=date(2026, 1, 1))
    record = make_record(
        provider,
        by=people["practitioner"],
        lead=make_worker(place, "place_lead"),
        partner=people["touchpoint_partner"],
    )
    # The record is the person's own, and they trust somebody with it, so that their pages really open.
    record.user = people["person"]
    record.save(update_fields=("user",))
    record.trusted_people.update(user=people["trusted_person"])
    make_everything(
        ics,
        place,
        lead=make_member(ics, "place_lead"),
        national=people["national_lead"],
        readers=(people["reader"], make_member(england, "reader", "A second reader")),
        reviewer=people["reviewer"],
    )
    return people


def asks_to_sign_in(answer, address: str) -> bool:
    """Whether the answer sends to the sign-in page and back to this address afterwards."""
    return answer.status_code == 302 and answer.url == f"{reverse(settings.LOGIN_URL)}?next={address}"


def test_the_walk_meets_every_room():
    names = {route.name for route in ALL}
    assert {"home", "account", "account_login", "accounts:people", "accounts:audit", "mfa_index"} <= names
    assert len(names) == len(ALL), "two addresses share a name, or one has none"


def test_every_page_about_people_and_systems_opens_for_somebody(walkers, client_of):
    """A page that answers "not found" to everybody would pass all other walks."""
    clients, closed = {role: client_of(role) for role in walkers}, []
    for route in ALL:
        if not route.name.startswith(("people:", "systems:")):
            continue
        address = address_of(route, walkers["practitioner"])
        answers = [
            client.get(address).status_code for role, client in clients.items() if route.access.allows(walkers[role])
        ]
        if not set(answers) & {200, 302, 405}:
            closed.append(f"{address} ({route.name}) opens for nobody: {answers}")
    assert not closed, "\n".join(closed)


@pytest.mark.parametrize("route", ALL, ids=lambda route: route.example_key)
def test_every_address_says_who_may_open_it(route):
    assert isinstance(route.access, Access), (
        f"The address '{route.pattern}' ({route.name}) does not say who may open it. Make it with "
        "inroads.accounts.routes.page and name a permission, SIGNED_IN or ANYONE."
    )


@pytest.mark.parametrize("route", [route for route in ALL if route.access], ids=lambda route: route.example_key)
def test_every_role_gets_what_the_address_promises_and_nothing_else(route, walkers, client_of):
    address = address_of(route, walkers["practitioner"])
    for reader in READERS:
        for method in METHODS:
            # What one reader changes is taken back before the next one comes.
            with transaction.atomic():
                _check(route, address, reader, walkers.get(reader), getattr(client_of(reader), method)(address), method)
                transaction.set_rollback(True)


def _check(route: Route, address: str, reader: str, user: User | None, answer, method: str) -> None:
    who = f"{method.upper()} {address} ({route.name}), which is for {route.access}: {reader} got"
    if user is None and route.access.signed_in:
        assert asks_to_sign_in(answer, address), f"{who} {answer.status_code} instead of the sign-in page"
    elif route.access.signed_in and not route.access.allows(user):
        assert answer.status_code == 403, f"{who} {answer.status_code} instead of 403"
    else:
        opened = OPENED | ALSO_OPENED.get(route.name, set())
        assert answer.status_code in opened, f"{who} {answer.status_code}"
        assert not asks_to_sign_in(answer, address), f"{who} sent to sign in"


@pytest.mark.parametrize("route", [route for route in ALL if route.access], ids=lambda route: route.example_key)
def test_nothing_is_changed_from_another_site(route, walkers, client_of):
    """A form without our token is refused before the page is reached, whoever sends it; some pages take no form."""
    client = client_of("administrator", enforce_csrf_checks=True)
    answer = client.post(address_of(route, walkers["practitioner"]))
    refused = answer.status_code == 403 or (answer.status_code == 405 and not route.access.signed_in)
    assert refused, f"POST {route.pattern} ({route.name}) without a token got {answer.status_code}"


def test_pages_that_need_signing_in_are_not_kept_by_browsers_or_proxies(walkers, client_of):
    kept, looked_at = [], 0
    clients = {role: client_of(role) for role in walkers}
    for route in ALL:
        if not route.access or not route.access.signed_in:
            continue
        allowed = next(role for role, user in walkers.items() if route.access.allows(user))
        answer = clients[allowed].get(address_of(route, walkers["practitioner"]))
        looked_at += answer.status_code == 200
        if answer.status_code == 200 and "no-store" not in answer["Cache-Control"]:
            kept.append(route.name)
    assert not kept, f"these pages may be kept after signing out: {', '.join(kept)}"
    assert looked_at > 10


def test_where_a_second_step_is_required_guarded_roles_open_only_their_own_account_without_it(
    walkers, client_of, settings
):
    settings.SECOND_STEP_REQUIRED = True
    needed = reverse("accounts:second_step_needed")
    clients = {role: client_of(role) for role in walkers}
    for route in ALL:
        if not route.access or not route.access.signed_in:
            continue
        address = address_of(route, walkers["practitioner"])
        for role, user in walkers.items():
            if not route.access.allows(user):
                continue
            guarded = bool(GUARDED & permissions_of(user)) and route.access.second_step is SecondStep.IF_ROLES_ASK
            for method in METHODS:
                with transaction.atomic():
                    answer = getattr(clients[role], method)(address)
                    transaction.set_rollback(True)
                sent = answer.status_code == 302 and answer.url.startswith(f"{needed}?")
                assert sent == guarded, f"{method.upper()} {address} ({route.name}): {role} got {answer.status_code}"
    own = {route.name for route in ALL if route.access and route.access.second_step is not SecondStep.IF_ROLES_ASK}
    assert own == {
        "account",
        "account_reauthenticate",
        "account_change_password",
        "accounts:second_step_needed",
        *(route.name for route in ALL if route.name.startswith("mfa_") and route.access.signed_in),
    }, "a page beyond one's own account stays open without the second step that a role asks for"


def test_an_address_that_does_not_say_who_may_open_it_is_found():
    """The test of the test: a plain Django path carries no classification."""
    from django.urls import path

    (plain,) = routes(URLResolver(get_resolver().pattern, [path("plain/", lambda request: None, name="plain")]))
    assert plain.access is None
    with pytest.raises(AssertionError, match="does not say who may open it"):
        test_every_address_says_who_may_open_it(plain)


def test_an_address_with_arguments_and_no_example_is_found(walkers):
    with pytest.raises(pytest.fail.Exception, match="no example"):
        address_of(Route("x:y", "x/<int:unheard>/", ("unheard",), None), walkers["practitioner"])
