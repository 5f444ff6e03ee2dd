"""What is read, always "visible to whom". Nobody and nothing is visible unless a role says so."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from inroads.accounts.models import AuditEntry, Membership, MembershipQuerySet, User
from inroads.accounts.permissions import Permission, held_in, private_roles
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import covers, within

Somebody = User | AnonymousUser


def organisations_where(user: Somebody, permission: Permission) -> QuerySet[Organisation]:
    """The organisations in which this user holds this permission today, with everything below them."""
    return within(held_in(user, permission))


def highest_where(user: Somebody, permission: Permission) -> list[Organisation]:
    """The organisations of the roles that hold this permission, without those that lie below another of them."""
    places = {place.pk: place for place in held_in(user, permission)}.values()
    return [place for place in places if not any(covers(other, place) for other in places if other != place)]


def memberships_visible_to(user: Somebody) -> MembershipQuerySet:
    """Memberships, past ones included, in organisations where this user may see who signs in.

    Private roles are seen only by those who manage roles there: that somebody needs a mental health service is nothing
    that colleagues learn from a list.
    """
    inside = organisations_where(user, Permission.SEE_PEOPLE_WHO_SIGN_IN)
    managed = organisations_where(user, Permission.MANAGE_MEMBERSHIPS)
    seen = Q(organisation__in=inside) & (~Q(role__in=private_roles()) | Q(organisation__in=managed))
    return Membership.objects.filter(seen).select_related("organisation", "user")


def people_visible_to(user: Somebody) -> QuerySet[User]:
    """People who have, or had, a membership that this user may see."""
    return User.objects.filter(pk__in=memberships_visible_to(user).values("user_id"))


def seen_in_private_only(people: Iterable[str], managed: list[Organisation]) -> set[str]:
    """Of these people, by id, those of whom somebody who manages roles in `managed` may see no role at all.

    All of their roles, past ones included, are private ones elsewhere. Who never had a role is not among them.
    """
    hidden, seen = set(), set()
    private = private_roles()
    for membership in Membership.objects.filter(user__in=people).select_related("organisation"):
        is_seen = membership.role not in private or any(covers(place, membership.organisation) for place in managed)
        (seen if is_seen else hidden).add(str(membership.user_id))
    return hidden - seen


def audit_visible_to(user: Somebody) -> QuerySet[AuditEntry]:
    """Entries of the organisations whose audit trail this user may see, newest first.

    Entries of no organisation (somebody unknown tried to sign in) are seen by those who see all of England.
    """
    places = held_in(user, Permission.SEE_AUDIT_TRAIL)
    entries = AuditEntry.objects.select_related("by", "organisation")
    if any(place.kind == Kind.ENGLAND for place in places):
        return entries
    return entries.filter(organisation__in=within(places))


def shared_organisation(user: User) -> Organisation | None:
    """The lowest organisation that covers every membership of this user; None without memberships.

    What is recorded about somebody's account is filed there, so that whoever audits all of their organisations sees it.
    """
    memberships = list(Membership.objects.active().filter(user=user).select_related("organisation"))
    memberships = memberships or list(Membership.objects.filter(user=user).select_related("organisation"))
    if not memberships:
        return None
    lines = [membership.organisation.path.strip("/").split("/") for membership in memberships]
    shared = [step[0] for step in zip(*lines, strict=False) if len(set(step)) == 1]
    return Organisation.objects.get(pk=shared[-1])
