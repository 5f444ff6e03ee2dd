"""What changes: who may sign in, and in which roles. Each is one transaction, permitted and recorded.

Every action first waits for its turn (`audit.hold`), so that two administrators who act at the same moment each see
what the other has done.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.models import Membership, MembershipQuerySet, User
from inroads.accounts.permissions import Permission, may, roles, roles_with
from inroads.accounts.queries import memberships_visible_to, shared_organisation
from inroads.accounts.sign_in.one_time_links import one_time_links
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import england

MANAGE = Permission.MANAGE_MEMBERSHIPS
YEARS_AHEAD = 5
# Kinds of characters that nobody sees: controls, direction marks, halves of characters, line ends.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Letters, marks and signs that are drawn as nothing: fillers, variation selectors, the empty Braille pattern.
DRAWN_AS_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U00016fe4\U0001d159\U000e0100-\U000e01ef]"
)


class Refused(ValueError):  # noqa: N818 - said as it is raised
    """Something that cannot be done as asked: one sentence that says why and what to do instead.

    `field` names what was wrong, where a form can say it beside that.
    """

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class AlreadySignsIn(Refused):
    """Somebody has this e-mail address already: `person`, for those who may see them."""

    def __init__(self, person: User) -> None:
        super().__init__(
            "Somebody already signs in with this email address. Open their page under People who sign in and give "
            "them a role; if you cannot see them there, ask an administrator of an organisation above yours"
        )
        self.person = person


@dataclass(frozen=True)
class Invitation:
    """A person and the two halves of their one-time link. The key is kept nowhere: show it once."""

    person: User
    uid: str
    key: str


def add_person(
    *, email: str, full_name: str, role: str, organisation: Organisation, starts_on: date, by: User
) -> Invitation:
    """An account with its first membership, and a one-time link with which the person sets a password.

    Where somebody has the address already, that `by` has learnt it is written after the rest was taken back.
    """
    try:
        return _add_person(
            email=email, full_name=full_name, role=role, organisation=organisation, starts_on=starts_on, by=by
        )
    except AlreadySignsIn as refusal:
        audit.record(
            action="address_found_taken",
            by=by,
            about=refusal.person,
            organisation=shared_organisation(refusal.person),
        )
        raise


@transaction.atomic
def _add_person(
    *, email: str, full_name: str, role: str, organisation: Organisation, starts_on: date, by: User
) -> Invitation:
    audit.hold()
    _require(by, organisation)
    email, full_name = _name_and_address(full_name, email)
    if found := User.objects.filter(email__iexact=email).first():
        raise AlreadySignsIn(found)
    person = User.objects.create_user(email, full_name)
    audit.record(action="person_added", by=by, about=person, organisation=organisation)
    _give(person=person, role=role, organisation=organisation, starts_on=starts_on, ends_on=None, by=by)
    return _invitation(person)


@transaction.atomic
def add_first_administrator(*, email: str, full_name: str) -> Invitation:
    """The administrator of England with whom a new deployment begins. Refused as soon as there is one."""
    audit.hold()
    top = england()
    if Membership.objects.active().filter(role__in=roles_with(MANAGE), organisation=top).exists():
        raise Refused("There is an administrator for England already; ask them to add people")
    email, full_name = _name_and_address(full_name, email)
    if User.objects.filter(email__iexact=email).exists():
        raise Refused("Somebody already signs in with this email address; choose another for the first administrator")
    person = User.objects.create_user(email, full_name)
    audit.record(action="person_added", by=None, about=person, organisation=top)
    _give(person=person, role="administrator", organisation=top, starts_on=timezone.localdate(), ends_on=None, by=None)
    return _invitation(person)


@transaction.atomic
def give_new_link(*, person: User, by: User) -> Invitation:
    """A new one-time link. The old password and every earlier link stop working at once."""
    audit.hold()
    person = _answered_for(person, by)
    if person.pk == by.pk:
        raise Refused("Change your own password under Your account; a link is for somebody who cannot sign in")
    if not person.is_active:
        raise Refused(f"{person.full_name}'s account is stopped. Restart it first, then give a new link")
    person.set_unusable_password()
    person.save(update_fields=("password",))
    audit.record(action="new_link_given", by=by, about=person, organisation=shared_organisation(person))
    return _invitation(person)


@transaction.atomic
def add_membership(
    *,
    person: User,
    role: str,
    organisation: Organisation,
    starts_on: date,
    by: User,
    ends_on: date | None = None,
) -> Membership:
    """A role for a person in an organisation, from the start of one day until the start of another."""
    audit.hold()
    _require(by, organisation)
    if person.pk == by.pk:
        raise Refused("You cannot give yourself a role. Ask another administrator to do it")
    if not memberships_visible_to(by).filter(user=person).exists():
        raise PermissionDenied("This person is in none of the organisations you look after")
    return _give(person=person, role=role, organisation=organisation, starts_on=starts_on, ends_on=ends_on, by=by)


@transaction.atomic
def end_membership(*, membership: Membership, by: User, on: date | None = None) -> Membership:
    """End a membership at the start of a day: today, at once, unless told otherwise. It stays on record."""
    audit.hold()
    membership = Membership.objects.select_related("organisation", "user").get(pk=membership.pk)
    _require(by, membership.organisation)
    day = max(on or timezone.localdate(), membership.starts_on)
    if membership.ends_on is not None and membership.ends_on <= day:
        raise Refused(f"This role ends on {membership.ends_on:%-d %B %Y} already; nothing was changed")
    lasts = membership.user.is_active and membership.ends_on is None and membership.holds()
    if membership.role in roles_with(MANAGE) and (lasts or membership.user_id == by.pk):
        others = Membership.objects.exclude(pk=membership.pk)
        _refuse_to_leave_nobody(others, membership.organisation, person=membership.user, by=by, day=day)
    membership.ends_on = day
    membership.save(update_fields=("ends_on",))
    audit.record(
        action="membership_ended",
        by=by,
        about=membership.user,
        organisation=membership.organisation,
        details={"role": membership.role, "ends_on": day.isoformat()},
    )
    return membership


@transaction.atomic
def deactivate_person(*, person: User, by: User) -> User:
    """Stop an account: the person is signed out everywhere for good and cannot sign in. Their roles stay on record."""
    audit.hold()
    person = _answered_for(person, by)
    if person.pk == by.pk:
        raise Refused("You cannot stop your own account. Ask another administrator to do it")
    if not person.is_active:
        raise Refused(f"{person.full_name}'s account is stopped already; nothing was changed")
    others = Membership.objects.exclude(user=person)
    for held in person.memberships.active().filter(role__in=roles_with(MANAGE), ends_on=None):
        _refuse_to_leave_nobody(others, held.organisation, person=person, by=by, day=timezone.localdate())
    person.is_active = False
    # Sessions carry this number: none from before opens again when the account is restarted.
    person.times_stopped += 1
    person.save(update_fields=("is_active", "times_stopped"))
    audit.record(action="account_stopped", by=by, about=person, organisation=shared_organisation(person))
    return person


@transaction.atomic
def reactivate_person(*, person: User, by: User) -> User:
    """Restart a stopped account, with the roles that still hold."""
    audit.hold()
    person = _answered_for(person, by)
    if person.is_active:
        raise Refused(f"{person.full_name}'s account is not stopped; nothing was changed")
    person.is_active = True
    person.save(update_fields=("is_active",))
    audit.record(action="account_restarted", by=by, about=person, organisation=shared_organisation(person))
    return person


@transaction.atomic
def remove_second_step(*, person: User, by: User) -> User:
    """Remove the app, passkeys and recovery codes of somebody who has lost them; their password stays."""
    audit.hold()
    person = _answered_for(person, by)
    if person.pk == by.pk:
        raise Refused("Remove your own second step under Your account, or ask another administrator to do it")
    theirs = Authenticator.objects.filter(user=person)
    kinds = sorted(set(theirs.values_list("type", flat=True)))
    if not kinds:
        raise Refused(f"{person.full_name} has no second step; nothing was changed")
    theirs.delete()
    audit.record(
        action="second_step_removed_for_them",
        by=by,
        about=person,
        organisation=shared_organisation(person),
        details={"kinds": " ".join(kinds)},
    )
    return person


def may_answer_for(by: User, person: User) -> bool:
    """Whether `by` manages every organisation in which this person has or will have a role, and at least one.

    Less would let the administrator of one team take over the account of somebody with a wider role elsewhere.
    """
    held = list(person.memberships.not_over().select_related("organisation"))
    held = held or list(person.memberships.select_related("organisation"))
    return bool(held) and all(may(by, MANAGE, membership.organisation) for membership in held)


def _answered_for(person: User, by: User) -> User:
    if not may_answer_for(by, person):
        raise PermissionDenied("This person has roles in organisations you do not look after")
    return User.objects.select_for_update().get(pk=person.pk)


def _require(by: User, organisation: Organisation) -> None:
    if not may(by, MANAGE, organisation):
        raise PermissionDenied(f"You do not look after who signs in for {organisation.name}")


def _name_and_address(full_name: str, email: str) -> tuple[str, str]:
    """E-mail address and name as they are kept, without letters that look like others or that nobody sees."""
    email, full_name = email.strip().lower(), full_name.strip()
    if not email or not full_name:
        raise Refused("Enter the person's name and email address")
    if not email.isascii() or not email.isprintable():
        raise Refused("Enter an email address of plain letters from a to z, numbers and signs, without accents")
    if DRAWN_AS_NOTHING.search(full_name) or any(unicodedata.category(letter) in UNSEEN for letter in full_name):
        raise Refused("The full name holds signs that cannot be seen. Type it again instead of pasting it")
    return email, full_name


def _give(
    *, person: User, role: str, organisation: Organisation, starts_on: date, ends_on: date | None, by: User | None
) -> Membership:
    known = roles().get(role)
    if known is None:
        raise Refused(f"'{role}' is not a role. Choose one from the list")
    if not organisation.active:
        raise Refused(f"{organisation.name} is no longer active. Choose another organisation")
    if organisation.kind not in known.held_in:
        places = ", ".join(Kind(kind).label.lower() for kind in known.held_in)
        raise Refused(f"{known.title} is not a role for {organisation.name}. Choose one of these instead: {places}")
    latest = timezone.localdate() + timedelta(days=365 * YEARS_AHEAD)
    if starts_on > latest or (ends_on is not None and ends_on > latest):
        raise Refused(
            f"A role starts and ends at most {YEARS_AHEAD} years from now. Enter an earlier day, or leave the end empty"
        )
    if ends_on is not None and ends_on < starts_on:
        raise Refused("The role would end before it starts. Enter an end date after the start date")
    same = Membership.objects.filter(user=person, role=role, organisation=organisation)
    overlapping = same.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on))
    if ends_on is not None:
        overlapping = overlapping.filter(starts_on__lt=ends_on)
    if other := overlapping.first():
        raise Refused(
            f"{person.full_name} has this role in {organisation.name} already, from {other.starts_on:%-d %B %Y}. "
            "Choose another role or organisation, or dates that do not overlap"
        )
    membership = Membership.objects.create(
        user=person, role=role, organisation=organisation, starts_on=starts_on, ends_on=ends_on
    )
    audit.record(
        action="membership_added",
        by=by,
        about=person,
        organisation=organisation,
        details={
            "role": role,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else None,
        },
    )
    return membership


def _refuse_to_leave_nobody(
    others: MembershipQuerySet, organisation: Organisation, *, person: User, by: User, day: date
) -> None:
    """Among `others`, somebody who manages this organisation on that day, with no end, must be able to sign in."""
    lines = organisation.path.strip("/").split("/")
    without_password = Q(user__password="") | Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    passkeys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
    lasting = others.active(day).filter(role__in=roles_with(MANAGE), organisation__in=lines, ends_on=None)
    if not lasting.filter(~without_password | Q(user__in=passkeys.values("user"))).exists():
        who = "You are" if person.pk == by.pk else f"{person.full_name} is"
        raise Refused(
            f"{who} the last administrator who looks after {organisation.name}. Without them nobody could add or "
            "remove people there. Make somebody else an administrator first, with no end date, and wait until they "
            "have set a password"
        )


def _invitation(person: User) -> Invitation:
    return Invitation(person=person, uid=person.pk.hex, key=one_time_links.make_token(person))
