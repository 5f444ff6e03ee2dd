"""How memberships and audit entries are said on a page."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.models import AuditEntry, Membership, User
from inroads.accounts.permissions import Permission, private_roles, roles
from inroads.accounts.queries import Somebody, highest_where, seen_in_private_only
from inroads.reference.definitions.roles import Role
from inroads.reference.models import Organisation
from inroads.reference.organisations import covers

# Names of actions that would read oddly with their underscores simply taken out.
WORDS = {
    "record_read": "Read the record",
    "people_listed": "Read the list of people who sign in",
    "audit_trail_read": "Read the audit trail",
    "second_step_added": "Added a second step",
    "second_step_removed": "Removed a second step",
    "second_step_removed_for_them": "Removed the second step of somebody who had lost it",
    "second_step_passed": "Passed the second step",
    "second_step_failed": "Gave a wrong code at the second step",
    "recovery_codes_renewed": "Made new recovery codes",
    "sign_in_failed": "Tried to sign in and failed",
    "locked_out": "Was locked out after too many wrong passwords",
    "password_set_with_link": "A password was set with a one-time link",
    "new_link_given": "Gave a new one-time link",
    "membership_added": "Gave a role",
    "membership_ended": "Ended a role",
    "person_added": "Added a person",
    "address_found_taken": "Tried to add somebody and learnt that they sign in already",
    "account_stopped": "Stopped the account",
    "account_restarted": "Restarted the account",
    "record_begun": "Added a person they work with",
    "people_we_work_with_listed": "Read the list of people they work with",
    "people_looked_for": "Looked for a person",
    "plans_due_listed": "Read the list of plans to look at again",
    "step_helped_recorded": "Wrote down whether a step helped",
    "own_code_given": "Gave a code for a person's own page",
    "own_code_used": "Tied an account to a record with a code",
    "stage_reached": "Wrote down the stage that a person is at",
    "option_marked": "Marked a way to leave or to stay",
}
# Kinds of second step.
KINDS = {"totp": "app", "webauthn": "passkey", "recovery_codes": "recovery codes"}


def membership_words(membership: Membership) -> dict[str, Any]:
    """One membership as a row: role, organisation, when, and whether it holds today."""
    role = roles().get(membership.role)
    return {
        "membership": membership,
        "title": role.title if role else membership.role,
        "organisation": membership.organisation.name,
        "kind": membership.organisation.get_kind_display(),
        "when": _period(membership),
        "holds": membership.holds(),
        "over": membership.ends_on is not None and membership.ends_on <= timezone.localdate(),
        "role": role,
    }


def _period(membership: Membership) -> str:
    start = f"{membership.starts_on:%-d %B %Y}"
    if membership.ends_on is None:
        return f"from {start}"
    if membership.ends_on == membership.starts_on:
        return f"ended on {membership.ends_on:%-d %B %Y} before it began"
    return f"from {start} until the start of {membership.ends_on:%-d %B %Y}"


def role_words(memberships: Iterable[Membership]) -> list[Role]:
    """The roles among memberships that hold today, each once."""
    known = roles()
    held = sorted({membership.role for membership in memberships if membership.holds()})
    return [known[role] for role in held if role in known]


def permission_words(permissions: Iterable[Permission]) -> list[str]:
    """Sentences for permissions, in the order in which they are defined."""
    held = set(permissions)
    return [permission.sentence for permission in Permission if permission in held]


def audit_rows(entries: Iterable[AuditEntry], *, viewer: Somebody) -> list[dict[str, Any]]:
    """Audit entries as rows of a table; people are named with one query for all of them.

    Who holds a private role is said only to those who manage roles there, as in the lists. To others an entry about
    such a role names nobody, and somebody with no other roles is "a person" with the trail's own short code. Only what
    is shown differs: the entries stay as they are.
    """
    entries = list(entries)
    about = {entry.about_id for entry in entries if entry.about_kind == "accounts.user"}
    managed = highest_where(viewer, Permission.MANAGE_MEMBERSHIPS)
    people = User.objects.in_bulk(about)
    hidden = seen_in_private_only(about | {str(entry.by_id) for entry in entries if entry.by_id}, managed)

    def name(person: User) -> str:
        return f"A person ({audit.pseudonym(person.email)})" if str(person.pk) in hidden else person.full_name

    names = {str(identifier): name(person) for identifier, person in people.items()}
    return [_row(entry, names, name(entry.by) if entry.by else "Nobody signed in", managed) for entry in entries]


def _row(entry: AuditEntry, names: dict[str, str], by: str, managed: list[Organisation]) -> dict[str, Any]:
    about = names.get(entry.about_id, entry.about_kind.rpartition(".")[2])
    details = dict(entry.details)
    if details.get("role") in private_roles() and not _is_within(entry.organisation, managed):
        # Without the short code: it would lead from here to the name of somebody who has other roles as well.
        details["role"], about = "a private role", "A person"
    return {
        "number": entry.number,
        "at": entry.at,
        "what": WORDS.get(entry.action) or entry.action.replace("_", " ").capitalize(),
        "by": by,
        "about": about,
        "organisation": entry.organisation.name if entry.organisation else "",
        "details": ", ".join(_detail(name, value) for name, value in details.items() if value is not None),
    }


def _is_within(organisation: Organisation | None, places: list[Organisation]) -> bool:
    return organisation is not None and any(covers(place, organisation) for place in places)


def _detail(name: str, value: Any) -> str:
    known = roles()
    if name in ("kind", "kinds"):
        return ", ".join(KINDS.get(kind, kind) for kind in str(value).split())
    if name == "role" and value in known:
        value = known[value].title
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return f"{name.replace('_', ' ')}: {value}"
