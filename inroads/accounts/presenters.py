"""How memberships and audit entries are said on a page."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from inroads.accounts.models import AuditEntry, Membership, User
from inroads.accounts.permissions import Permission, roles
from inroads.reference.definitions.roles import Role

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
    "account_stopped": "Stopped the account",
    "account_restarted": "Restarted the account",
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


def audit_rows(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Audit entries as rows of a table; people are named with one query for all of them."""
    entries = list(entries)
    people = User.objects.in_bulk({entry.about_id for entry in entries if entry.about_kind == "accounts.user"})
    names = {str(identifier): person.full_name for identifier, person in people.items()}
    return [
        {
            "number": entry.number,
            "at": entry.at,
            "what": WORDS.get(entry.action) or entry.action.replace("_", " ").capitalize(),
            "by": entry.by.full_name if entry.by else "Nobody signed in",
            "about": names.get(entry.about_id, entry.about_kind.rpartition(".")[2]),
            "organisation": entry.organisation.name if entry.organisation else "",
            "details": ", ".join(_detail(name, value) for name, value in entry.details.items() if value is not None),
        }
        for entry in entries
    ]


def _detail(name: str, value: Any) -> str:
    known = roles()
    if name in ("kind", "kinds"):
        return ", ".join(KINDS.get(kind, kind) for kind in str(value).split())
    if name == "role" and value in known:
        value = known[value].title
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return f"{name.replace('_', ' ')}: {value}"
