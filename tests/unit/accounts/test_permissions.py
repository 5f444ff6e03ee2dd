"""Who may do what, where and when; and what that makes visible."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.models import Membership, User
from inroads.accounts.permissions import Permission, asked_once, may, permissions_of, roles
from inroads.accounts.queries import (
    audit_visible_to,
    memberships_visible_to,
    people_visible_to,
    shared_organisation,
)
from inroads.accounts.routes import ANYONE, page
from inroads.reference.definitions import DefinitionError, read
from inroads.reference.definitions.roles import Role

THE_ROLES = {
    "practitioner",
    "digital_mentor",
    "touchpoint_partner",
    "person",
    "trusted_person",
    "place_lead",
    "analyst",
    "assessor",
    "national_lead",
    "administrator",
    "auditor",
    "reviewer",
    "reader",
    "board_member",
}


def test_the_roles_are_defined_with_existing_permissions():
    assert set(roles()) == THE_ROLES
    for role in roles().values():
        assert set(role.permissions) <= set(Permission), role.id
        assert role.may, role.id
        assert role.may_not, role.id


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_is_held_by_a_role_and_has_a_sentence(permission):
    assert any(permission in role.permissions for role in roles().values())
    assert permission.sentence.endswith(".")


def test_a_role_held_in_an_unknown_kind_is_refused_with_its_file(tmp_path):
    path = tmp_path / "juggler.toml"
    path.write_text(
        'title="J"\ndescription="d"\nmay=["a"]\nmay_not=["b"]\npermissions=[]\nheld_in=["circus"]', encoding="utf-8"
    )
    with pytest.raises(DefinitionError, match=r"juggler\.toml.*'circus'"):
        read(path, Role)


def test_a_permission_covers_the_organisation_and_what_lies_below_only(places, somebody):
    administrator = somebody("administrator", places.place)
    manage = Permission.MANAGE_MEMBERSHIPS
    covered = {name for name, place in vars(places).items() if may(administrator, manage, place)}
    assert covered == {"place", "provider", "team", "voluntary"}
    assert may(administrator, manage)
    assert not may(administrator, Permission.SEE_AUDIT_TRAIL)
    assert not may(administrator, Permission.SEE_AUDIT_TRAIL, places.place)


def test_a_membership_holds_from_its_first_day_until_the_start_of_its_last(places, somebody):
    user = somebody("auditor", places.ics, starts_on=date(2026, 3, 1), ends_on=date(2026, 4, 1))
    held = {
        day: Permission.SEE_AUDIT_TRAIL in permissions_of(user, day)
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    }
    assert list(held.values()) == [False, True, True, False]
    assert [user.memberships.get().holds(day) for day in held] == [False, True, True, False]


def _looked_up(asked):
    return sum('FROM "accounts_membership"' in query["sql"] for query in asked.captured_queries)


def test_within_what_is_read_each_persons_memberships_are_asked_for_once(places, somebody):
    lead, auditor = somebody("place_lead", places.place), somebody("auditor", places.ics)
    with CaptureQueriesContext(connection) as asked, asked_once():
        for user in (lead, auditor, lead):
            held = {each for each in Permission if may(user, each, places.team)}
            assert held == permissions_of(user)
        assert not people_visible_to(AnonymousUser()).exists()
    assert _looked_up(asked) == 2
    with CaptureQueriesContext(connection) as asked:
        assert may(lead, Permission.PLAN_STEPS, places.team)
        assert may(lead, Permission.PLAN_STEPS, places.team)
    assert _looked_up(asked) == 2, "outside of it every question is asked anew"


def test_a_role_that_ends_meanwhile_ends_for_what_changes_something(places, somebody):
    lead, found = somebody("place_lead", places.place), []

    def view(request):
        found.append(may(lead, Permission.PLAN_STEPS, places.place))
        Membership.objects.filter(user=lead).update(ends_on=timezone.localdate())
        found.append(may(lead, Permission.PLAN_STEPS, places.place))
        Membership.objects.filter(user=lead).update(ends_on=None)
        return HttpResponse()

    address = page("", view, name="made_here", needs=ANYONE)
    address.callback(RequestFactory().post("/"))
    assert found == [True, False]
    found.clear()
    address.callback(RequestFactory().get("/"))
    assert found == [True, True], "a page that is read has one answer all through"
    Membership.objects.filter(user=lead).update(ends_on=timezone.localdate())
    assert not may(lead, Permission.PLAN_STEPS, places.place), "and the next one asks again"


def test_nobody_and_inactive_people_have_nothing(places, somebody):
    stopped = somebody("administrator", places.england)
    User.objects.filter(pk=stopped.pk).update(is_active=False)
    stopped.refresh_from_db()
    for user in (stopped, AnonymousUser()):
        assert permissions_of(user) == frozenset()
        assert not may(user, Permission.MANAGE_MEMBERSHIPS, places.team)
        assert not people_visible_to(user).exists()
        assert not memberships_visible_to(user).exists()
        assert not audit_visible_to(user).exists()


def test_someone_whose_last_role_has_ended_still_sees_their_own_account_and_no_more(places, somebody):
    yesterday = timezone.localdate() - timedelta(days=1)
    user = somebody("administrator", places.england, ends_on=yesterday)
    assert permissions_of(user) == {Permission.SEE_OWN_ACCOUNT}
    assert not people_visible_to(user).exists()


def test_administrators_see_the_people_below_them_and_nobody_else(places, somebody):
    administrator = somebody("administrator", places.place)
    below = somebody("practitioner", places.team)
    past = somebody("practitioner", places.team, ends_on=date(2026, 2, 1))
    above = somebody("analyst", places.ics)
    elsewhere = somebody("place_lead", places.other_ics)
    without = somebody()
    assert set(people_visible_to(administrator)) == {administrator, below, past}
    for hidden in (above, elsewhere, without):
        assert hidden not in people_visible_to(administrator)
    assert not people_visible_to(below).exists()


def test_that_somebody_needs_a_service_is_seen_only_by_those_who_manage_roles(places, somebody):
    person = somebody("person", places.team)
    colleague = somebody("practitioner", places.team)
    lead, administrator = somebody("place_lead", places.place), somebody("administrator", places.place)
    assert person not in people_visible_to(lead)
    assert colleague in people_visible_to(lead)
    assert {person, colleague} <= set(people_visible_to(administrator))


def test_of_a_person_with_roles_here_and_elsewhere_only_those_here_are_seen(places, somebody):
    administrator = somebody("administrator", places.place)
    both = somebody("practitioner", places.team)
    Membership.objects.create(user=both, role="analyst", organisation=places.other_ics, starts_on=date(2026, 1, 1))
    seen = memberships_visible_to(administrator).filter(user=both)
    assert [membership.role for membership in seen] == ["practitioner"]


def test_auditors_see_the_entries_of_their_organisations_and_national_ones_see_all(places, somebody):
    local, national = somebody("auditor", places.place), somebody("auditor", places.england)
    actions = {}
    for name, organisation in {**vars(places), "none": None}.items():
        actions[name] = audit.record(action=f"test_{name}", by=None, organisation=organisation).action
    seen = set(audit_visible_to(local).values_list("action", flat=True))
    assert seen == {actions[name] for name in ("place", "provider", "team", "voluntary")}
    assert set(audit_visible_to(national).values_list("action", flat=True)) == set(actions.values())


def test_an_account_is_filed_under_the_lowest_organisation_that_covers_all_its_roles(places, somebody):
    user = somebody("practitioner", places.team)
    assert shared_organisation(user) == places.team
    Membership.objects.create(
        user=user, role="digital_mentor", organisation=places.voluntary, starts_on=date(2026, 1, 1)
    )
    assert shared_organisation(user) == places.place
    Membership.objects.create(user=user, role="analyst", organisation=places.other_ics, starts_on=date(2026, 1, 1))
    assert shared_organisation(user) == places.region
    assert shared_organisation(somebody()) is None


def test_the_email_address_is_one_name_in_any_capitals(somebody):
    somebody(email="Pat@Example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="PAT@example.ORG", full_name="Another")
    assert User.objects.get_by_natural_key("pAt@eXample.org").email == "pat@example.org"


def test_the_database_refuses_a_membership_that_ends_before_it_starts_or_is_open_twice(places, somebody):
    user = somebody("analyst", places.ics)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            user=user,
            role="auditor",
            organisation=places.ics,
            starts_on=date(2026, 2, 1),
            ends_on=date(2026, 1, 31),
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, role="analyst", organisation=places.ics, starts_on=date(2026, 5, 1))
