"""The audit trail: an append-only table in which every entry carries the hash of the one before.

`record` is called inside the transaction of the change it speaks of, so neither is kept without the other.
`verify` reads the whole chain and says whether an entry was changed, removed, added or moved afterwards. Someone who
can write to the database freely could rewrite the whole chain; noting the count and last hash elsewhere from time to
time (`verify` gives them, and takes them back) shows that too.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from inroads.accounts.audit import triggers as audit_triggers
from inroads.accounts.models import AuditEntry, AuditHead, User
from inroads.reference.models import Organisation

BEFORE_THE_FIRST = "0" * 64
LONGEST_DETAIL = 100
NAME = re.compile(r"[a-z][a-z0-9_]*")
FIELDS = ("number", "at", "action", "by_id", "about_kind", "about_id", "organisation_id", "details")


@dataclass(frozen=True)
class Verification:
    """The outcome of reading the chain: `first_bad` is the number of the first entry that does not fit.

    It is None where every entry fits, and where what is wrong is not in an entry.
    """

    ok: bool
    count: int
    first_bad: int | None
    reason: str
    last_hash: str


@transaction.atomic
def hold() -> AuditHead:
    """Wait for the turn to write, and keep it until the transaction ends. Actions that must not overlap start so."""
    head, _ = AuditHead.objects.select_for_update().get_or_create(
        pk=1, defaults={"count": 0, "last_hash": BEFORE_THE_FIRST}
    )
    return head


@transaction.atomic
def record(
    *,
    action: str,
    by: User | None,
    about: models.Model | None = None,
    organisation: Organisation | None = None,
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry. `action` is a name such as `membership_added`; `by` is None when nobody is signed in.

    `details` holds names, codes, dates and numbers: never a secret, never what somebody wrote. Raises `ValueError`.
    """
    if not NAME.fullmatch(action):
        raise ValueError(f"audit.record: action '{action}': expected a name in small letters with underscores")
    _check_details(details or {})
    head = hold()
    entry = AuditEntry(
        number=head.count + 1,
        at=timezone.now(),
        action=action,
        by=by,
        about_kind=about._meta.label_lower if about is not None else "",
        about_id=str(about.pk) if about is not None else "",
        organisation=organisation,
        details=details or {},
        previous_hash=head.last_hash,
    )
    entry.hash = _hash({name: getattr(entry, name) for name in FIELDS}, head.last_hash)
    entry.save(force_insert=True)
    head.count, head.last_hash = entry.number, entry.hash
    head.save(force_update=True)
    return entry


def record_read(
    *,
    by: User,
    about: models.Model,
    organisation: Organisation | None = None,
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write that somebody read a person's record."""
    return record(action="record_read", by=by, about=about, organisation=organisation, details=details)


@transaction.atomic
def record_list_read(
    *, action: str, by: User, organisations: Iterable[Organisation], details: dict[str, Any]
) -> list[AuditEntry]:
    """Write that somebody read a list: once for each organisation it reached down from, where its auditors look."""
    return [record(action=action, by=by, organisation=each, details=details) for each in organisations]


def pseudonym(email: str) -> str:
    """The same short code for the same e-mail address in this deployment, from which the address cannot be read."""
    return salted_hmac("inroads.accounts.audit", email.strip().lower(), algorithm="sha256").hexdigest()[:16]


def inspect(*, noted_count: int | None = None, noted_hash: str | None = None) -> Verification:
    """`verify`, and whether the database still protects the trail and the trail was begun at all."""
    found = verify(noted_count=noted_count, noted_hash=noted_hash)
    if not found.ok:
        return found
    reason = ""
    if missing := audit_triggers.missing():
        reason = f"The database no longer refuses to change the trail. Missing or changed: {', '.join(missing)}."
    elif found.count == 0 and (people := User.objects.count()):
        reason = f"The trail is empty, but there are {people} accounts: it was removed, or never written."
    return Verification(False, found.count, None, reason, found.last_hash) if reason else found


def verify(*, noted_count: int | None = None, noted_hash: str | None = None) -> Verification:
    """Read the whole chain, oldest first, in little memory.

    With a count and hash noted from an earlier run it also checks that the entry of that number still has that hash.
    """
    last_number = AuditEntry.objects.aggregate(last=models.Max("number"))["last"] or 0
    head = AuditHead.objects.filter(pk=1).first()
    # Read in this order, entries being written meanwhile cannot look like entries added behind the head.
    count, last_hash = (head.count, head.last_hash) if head else (0, BEFORE_THE_FIRST)

    def bad(number: int, reason: str) -> Verification:
        return Verification(False, count, number, reason, last_hash)

    if not isinstance(count, int):
        return Verification(False, 0, 1, "The head of the trail cannot be read: it was changed.", "")
    if not isinstance(last_number, int) or last_number > count:
        return bad(count + 1, f"Entry {count + 1} was added without being counted.")
    expected, previous = 1, BEFORE_THE_FIRST
    entries = _entries(count)
    while True:
        try:
            values, previous_hash, stored_hash = next(entries)
            hashed = _hash(values, previous)
        except StopIteration:
            break
        except (ValueError, TypeError, AttributeError, OverflowError):
            # A value that no longer has the form of its column, as a database without strict types allows.
            return bad(expected, f"Entry {expected} cannot be read: it was changed.")
        number = values["number"]
        if number != expected:
            which = f"Entry {expected} was" if number == expected + 1 else f"Entries {expected} to {number - 1} were"
            return bad(expected, f"{which} removed.")
        if previous_hash != previous:
            return bad(number, f"Entry {number} does not follow entry {number - 1}: one was replaced or moved.")
        if hashed != stored_hash:
            return bad(number, f"Entry {number} was changed after it was written.")
        if number == noted_count and noted_hash is not None and stored_hash != noted_hash:
            return bad(number, f"Entry {number} is not the one that was noted: the trail up to it was rewritten.")
        expected, previous = number + 1, stored_hash
    if expected != count + 1:
        return bad(expected, f"The trail ends at entry {expected - 1}, but {count} were written: the end was removed.")
    if previous != last_hash:
        return bad(count, f"Entry {count} is not the one that was written last: it was replaced.")
    if noted_count == 0 and noted_hash not in (None, BEFORE_THE_FIRST):
        return bad(1, "The note does not fit: a trail without entries does not have that hash.")
    if noted_count is not None and noted_count > count:
        return bad(count + 1, f"{noted_count} entries were noted, but there are only {count}: the end was removed.")
    return Verification(True, count, None, "Every entry is as it was written.", last_hash)


def _entries(count: int) -> Iterator[tuple[dict[str, Any], str, str]]:
    stored = AuditEntry.objects.filter(number__lte=count).order_by("number")
    for row in stored.values(*FIELDS, "previous_hash", "hash").iterator(chunk_size=2000):
        previous_hash, stored_hash = row.pop("previous_hash"), row.pop("hash")
        yield row, previous_hash, stored_hash


def _hash(values: dict[str, Any], previous_hash: str) -> str:
    """sha256 over one fixed way of writing the entry: JSON with sorted keys and no spaces, times in UTC."""
    moment: datetime = values["at"]
    canonical = {
        **values,
        "at": moment.astimezone(UTC).isoformat(timespec="microseconds"),
        "by_id": str(values["by_id"]) if values["by_id"] else None,
        "organisation_id": str(values["organisation_id"]) if values["organisation_id"] else None,
        "previous_hash": previous_hash,
    }
    written = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _check_details(details: dict[str, Any]) -> None:
    for name, value in details.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise ValueError(f"audit.record: details: '{name}': expected a name in small letters with underscores")
        # Numbers with a point are written differently by different databases, which would break the chain.
        if not isinstance(value, str | int | None):
            raise ValueError(f"audit.record: details '{name}': expected text, a whole number, yes/no or nothing")
        if isinstance(value, str) and (len(value) > LONGEST_DETAIL or "\0" in value):
            raise ValueError(
                f"audit.record: details '{name}': {len(value)} characters; keep names, codes and dates of at most "
                f"{LONGEST_DETAIL} characters, never what somebody wrote"
            )
