"""Named questions about a user and a person's record."""

from inroads.accounts.permissions import Permission, may
from inroads.accounts.queries import Somebody
from inroads.people.models import Person, TrustedPerson


def may_work_with(user: Somebody, person: Person) -> bool:
    """Whether this user works with this person: sees the whole record and writes in it."""
    return may(user, Permission.WORK_WITH_PEOPLE, person.organisation)


def is_own(user: Somebody, person: Person) -> bool:
    """Whether this record is the user's own."""
    return user.is_authenticated and user.is_active and person.user_id == user.pk


def trust_in(user: Somebody, person: Person) -> TrustedPerson | None:
    """What the person agreed that this user may do for them, or None; nothing once it has ended."""
    if not user.is_authenticated or not user.is_active:
        return None
    return person.trusted_people.filter(user=user, ended_at=None, may_see=True).order_by("-pk").first()


def may_change_choices(user: Somebody, person: Person) -> bool:
    """Whether this user may change this person's choices: as themself, as somebody they trust with it, or as staff."""
    if is_own(user, person):
        return True
    trusted = trust_in(user, person)
    return (trusted is not None and trusted.may_change) or may_work_with(user, person)
