"""What administrators change: permitted, recorded, and never leaving an organisation with nobody."""

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from inroads.accounts import actions, audit
from inroads.accounts.models import AuditEntry, Membership, User

TODAY = timezone.localdate


@pytest.fixture
def administrator(places, somebody):
    return somebody("administrator", places.place)


def add(by, organisation, **changes):
    details = {
        "email": "New@Example.org",
        "full_name": "New Person",
        "role": "practitioner",
        "organisation": organisation,
        "starts_on": TODAY(),
    }
    return actions.add_person(**{**details, **changes}, by=by)


def test_adding_a_person_makes_an_account_a_role_a_link_and_entries(administrator, places):
    invitation = add(administrator, places.team)
    person = User.objects.get(email="new@example.org")
    assert (invitation.person, person.has_usable_password()) == (person, False)
    assert [(m.role, m.organisation) for m in person.memberships.all()] == [("practitioner", places.team)]
    written = AuditEntry.objects.order_by("number").values_list("action", "by_id", "about_id", "organisation_id")
    assert list(written) == [
        ("person_added", administrator.pk, str(person.pk), places.team.pk),
        ("membership_added", administrator.pk, str(person.pk), places.team.pk),
    ]
    assert not any(invitation.key in str(entry.details) for entry in AuditEntry.objects.all())
    assert audit.verify().ok


def test_nobody_is_half_added(administrator, places):
    with pytest.raises(actions.Refused, match="not a role for A team"):
        add(administrator, places.team, role="national_lead")
    assert not User.objects.filter(email="new@example.org").exists()
    assert not AuditEntry.objects.exists()


def test_the_same_address_in_other_capitals_is_refused(administrator, places):
    add(administrator, places.team)
    with pytest.raises(actions.Refused, match="already signs in"):
        add(administrator, places.team, email="nEW@example.org")


@pytest.mark.parametrize("where", ["other_ics", "ics", "region", "england"])
def test_an_administrator_adds_nobody_outside_their_organisation(administrator, places, where):
    with pytest.raises(PermissionDenied):
        add(administrator, getattr(places, where))
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("role", ["auditor", "place_lead", "analyst", "national_lead", "practitioner"])
def test_other_roles_change_nothing(places, somebody, role):
    user, other = somebody(role, places.england), somebody("practitioner", places.team)
    membership = other.memberships.get()
    for change in (
        lambda: add(user, places.team),
        lambda: actions.end_membership(membership=membership, by=user),
        lambda: actions.deactivate_person(person=other, by=user),
        lambda: actions.reactivate_person(person=other, by=user),
        lambda: actions.give_new_link(person=other, by=user),
        lambda: actions.add_membership(
            person=other, role="practitioner", organisation=places.team, starts_on=TODAY(), by=user
        ),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert not AuditEntry.objects.exists()


def test_the_same_role_twice_at_once_is_refused_and_after_it_ended_allowed(administrator, places, somebody):
    person = somebody("practitioner", places.team, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 1))

    def give(starts_on, ends_on=None):
        return actions.add_membership(
            person=person,
            role="practitioner",
            organisation=places.team,
            starts_on=starts_on,
            ends_on=ends_on,
            by=administrator,
        )

    for starts_on, ends_on in (
        (date(2026, 5, 31), None),
        (date(2025, 1, 1), date(2026, 1, 2)),
        (date(2026, 2, 1), date(2026, 3, 1)),
        (date(2025, 1, 1), None),
    ):
        with pytest.raises(actions.Refused, match="already"):
            give(starts_on, ends_on)
    give(date(2025, 6, 1), date(2026, 1, 1))
    give(date(2026, 6, 1))
    assert person.memberships.count() == 3


def test_a_role_that_would_end_before_it_starts_is_refused(administrator, places, somebody):
    with pytest.raises(actions.Refused, match="end before it starts"):
        actions.add_membership(
            person=somebody("practitioner", places.team),
            role="digital_mentor",
            organisation=places.team,
            starts_on=date(2026, 5, 1),
            ends_on=date(2026, 4, 1),
            by=administrator,
        )


def test_nobody_gives_themselves_a_role(administrator, places):
    with pytest.raises(actions.Refused, match="yourself"):
        actions.add_membership(
            person=administrator, role="auditor", organisation=places.place, starts_on=TODAY(), by=administrator
        )


def test_a_person_the_administrator_cannot_see_is_given_nothing(administrator, places, somebody):
    with pytest.raises(PermissionDenied):
        actions.add_membership(
            person=somebody("analyst", places.other_ics),
            role="practitioner",
            organisation=places.team,
            starts_on=TODAY(),
            by=administrator,
        )


def test_ending_a_role_ends_it_at_once_and_keeps_it_on_record(administrator, places, somebody):
    person = somebody("practitioner", places.team)
    actions.end_membership(membership=person.memberships.get(), by=administrator)
    kept = person.memberships.get()
    assert (kept.ends_on, kept.holds()) == (TODAY(), False)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.details["role"]) == ("membership_ended", "practitioner")


def test_the_second_of_two_administrators_who_end_the_same_role_is_told(administrator, places, somebody):
    membership = somebody("practitioner", places.team).memberships.get()
    stale = Membership.objects.get(pk=membership.pk)
    actions.end_membership(membership=membership, by=administrator)
    with pytest.raises(actions.Refused, match="already; nothing was changed"):
        actions.end_membership(membership=stale, by=somebody("administrator", places.england))


def test_a_role_that_has_not_begun_ends_without_ever_holding(administrator, places, somebody):
    begins = TODAY() + timedelta(days=30)
    membership = somebody("practitioner", places.team, starts_on=begins).memberships.get()
    ended = actions.end_membership(membership=membership, by=administrator)
    assert ended.ends_on == begins
    assert not ended.holds(begins)


def test_the_last_administrator_cannot_end_their_own_role_and_is_told_why(administrator):
    with pytest.raises(actions.Refused, match="last administrator who looks after Isle of Wight"):
        actions.end_membership(membership=administrator.memberships.get(), by=administrator)
    assert administrator.memberships.get().ends_on is None


@pytest.mark.parametrize(
    ("where", "changes", "allowed"),
    [
        ("place", {}, True),
        ("england", {}, True),
        ("other_ics", {}, False),
        ("provider", {}, False),
        ("place", {"starts_on": date(2099, 1, 1)}, False),
        ("place", {"ends_on": date(2099, 1, 1)}, False),
    ],
)
def test_an_administrator_may_go_when_another_remains_for_good(
    administrator, places, somebody, where, changes, allowed
):
    somebody("administrator", getattr(places, where), **changes)
    membership = administrator.memberships.get()
    if allowed:
        assert actions.end_membership(membership=membership, by=administrator).ends_on == TODAY()
    else:
        with pytest.raises(actions.Refused, match="last administrator"):
            actions.end_membership(membership=membership, by=administrator)


def test_a_stopped_administrator_does_not_count_as_one_who_remains(administrator, places, somebody):
    other = somebody("administrator", places.place)
    actions.deactivate_person(person=other, by=administrator)
    with pytest.raises(actions.Refused, match="last administrator"):
        actions.end_membership(membership=administrator.memberships.get(), by=administrator)


@pytest.fixture
def temporary(places, somebody):
    """Somebody who looks after England, but not for good."""
    return somebody("administrator", places.england, ends_on=date(2099, 1, 1))


@pytest.mark.parametrize("where", ["place", "england"])
@pytest.mark.parametrize(
    "change",
    [
        lambda person, by: actions.end_membership(membership=person.memberships.get(), by=by),
        lambda person, by: actions.end_membership(
            membership=person.memberships.get(), by=by, on=TODAY() + timedelta(days=30)
        ),
        lambda person, by: actions.deactivate_person(person=person, by=by),
    ],
    ids=["ended", "ended later", "stopped"],
)
def test_nobody_removes_the_last_administrator_who_stays(places, somebody, temporary, where, change):
    last = somebody("administrator", getattr(places, where), name="Last One")
    invited = somebody("administrator", places.england)
    User.objects.filter(pk=invited.pk).update(password="!never-set")
    with pytest.raises(actions.Refused, match="Last One is the last administrator"):
        change(last, temporary)
    actions.give_new_link(person=last, by=temporary)
    with pytest.raises(actions.Refused, match="Last One is the last administrator"):
        change(last, temporary)
    last.refresh_from_db()
    assert (last.is_active, last.memberships.get().ends_on) == (True, None)
    somebody("administrator", places.england)
    change(last, temporary)


def test_a_passkey_counts_as_a_way_to_sign_in(places, somebody, temporary):
    last, other = somebody("administrator", places.england), somebody("administrator", places.england)
    User.objects.filter(pk=other.pk).update(password="!passkey-alone")
    with pytest.raises(actions.Refused, match="last administrator"):
        actions.deactivate_person(person=last, by=temporary)
    Authenticator.objects.create(user=other, type=Authenticator.Type.WEBAUTHN, data={})
    assert not actions.deactivate_person(person=last, by=temporary).is_active


def test_stopping_and_restarting_an_account(administrator, places, somebody, client):
    person = somebody("practitioner", places.team)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/accounts/").status_code == 200
    actions.deactivate_person(person=person, by=administrator)
    assert client.get("/accounts/").status_code == 302, "the session they had ends at once"
    with pytest.raises(actions.Refused, match="stopped already"):
        actions.deactivate_person(person=person, by=administrator)
    assert actions.reactivate_person(person=person, by=administrator).is_active
    with pytest.raises(actions.Refused, match="not stopped"):
        actions.reactivate_person(person=person, by=administrator)


def test_nobody_stops_their_own_account(administrator):
    with pytest.raises(actions.Refused, match="your own account"):
        actions.deactivate_person(person=administrator, by=administrator)


def test_the_administrator_of_a_place_cannot_take_over_someone_with_a_wider_role(administrator, places, somebody):
    wide = somebody("practitioner", places.team)
    Membership.objects.create(user=wide, role="administrator", organisation=places.england, starts_on=date(2026, 1, 1))
    for change in (actions.give_new_link, actions.deactivate_person, actions.reactivate_person):
        with pytest.raises(PermissionDenied):
            change(person=wide, by=administrator)
    assert actions.give_new_link(person=wide, by=somebody("administrator", places.england)).key


def test_a_new_link_makes_the_old_password_and_the_old_link_useless(administrator, places, client, password):
    first = add(administrator, places.team)
    second = actions.give_new_link(person=first.person, by=administrator)

    def shows_form(invitation):
        page = client.get(f"/accounts/password/set/{invitation.uid}-{invitation.key}/", follow=True)
        return 'name="password1"' in page.content.decode()

    assert not shows_form(first)
    assert shows_form(second)
    second.person.set_password(password)
    second.person.save()
    actions.give_new_link(person=second.person, by=administrator)
    second.person.refresh_from_db()
    assert not second.person.check_password(password)


def test_a_link_from_before_an_account_was_stopped_never_works_again(administrator, places, client):
    first = add(administrator, places.team)
    actions.deactivate_person(person=first.person, by=administrator)
    actions.reactivate_person(person=first.person, by=administrator)
    page = client.get(f"/accounts/password/set/{first.uid}-{first.key}/", follow=True)
    assert 'name="password1"' not in page.content.decode()


def test_the_first_administrator_is_made_once(places):
    invitation = actions.add_first_administrator(email="first@example.org", full_name="First Person")
    assert invitation.person.memberships.get().organisation == places.england
    with pytest.raises(actions.Refused, match="already"):
        actions.add_first_administrator(email="second@example.org", full_name="Second Person")
