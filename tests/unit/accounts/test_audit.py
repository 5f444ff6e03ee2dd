"""The audit trail: append-only in the database, and a chain that shows every later change."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from inroads.accounts import audit
from inroads.accounts.audit import triggers as audit_triggers
from inroads.accounts.models import AuditEntry, AuditHead

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(places, somebody):
    user = somebody("auditor", places.england)
    for number in range(1, 8):
        audit.record(
            action=f"step_{number}", by=user, about=user, organisation=places.team, details={"n": number, "word": "é"}
        )
    return AuditEntry.objects.order_by("number")


@pytest.fixture
def tampering(entries):
    """Somebody who can take the triggers away: what the chain is there to show."""
    with connection.cursor() as cursor:
        for statement in audit_triggers.drop(connection.vendor):
            cursor.execute(statement)
    return entries


def test_entries_are_numbered_and_each_carries_the_hash_of_the_one_before(entries):
    rows = list(entries)
    assert [row.number for row in rows] == list(range(1, 8))
    assert rows[0].previous_hash == audit.BEFORE_THE_FIRST
    assert [row.previous_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]
    head = AuditHead.objects.get()
    assert (head.count, head.last_hash) == (7, rows[-1].hash)


def test_an_untouched_chain_verifies_and_an_empty_one_too(db):
    assert audit.verify().ok
    audit.record(action="first", by=None)
    outcome = audit.verify()
    assert (outcome.ok, outcome.count, outcome.first_bad) == (True, 1, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.filter(number=3).update(action="something_else"),
        lambda rows: rows.filter(number=3).delete(),
        lambda rows: AuditHead.objects.update(count=3),
        lambda rows: AuditHead.objects.all().delete(),
    ],
    ids=["change", "remove", "head back", "head removed"],
)
def test_the_database_refuses_to_change_or_remove(entries, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        change(entries)
    assert audit.verify().ok
    assert entries.count() == 7


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


ENTRY = "number, at, action, by_id, about_kind, about_id, organisation_id, details, previous_hash, hash"
OTHER_HASH = "'" + "d" * 64 + "'"


def copied(number, hash_, of=3, more="", first=""):
    """The rest of a statement that writes entry `of` again, under another number and hash."""
    columns = ENTRY.replace("number", str(number), 1).removesuffix(" hash") + f" {hash_}"
    return (
        f"INTO accounts_auditentry ({first}{ENTRY}) SELECT {more}{columns} FROM accounts_auditentry WHERE number={of}"
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows no REPLACE")
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE " + copied(3, OTHER_HASH),
        "REPLACE " + copied(8, "hash"),
        "INSERT OR REPLACE " + copied(8, OTHER_HASH, first="rowid, ", more="5, "),
        "UPDATE OR REPLACE accounts_auditentry SET number = 4 WHERE number = 3",
        "INSERT OR REPLACE INTO accounts_audithead (id, count, last_hash) VALUES (1, 3, 'x')",
        "INSERT OR REPLACE INTO accounts_audithead (id, count, last_hash) VALUES (1, 0, 'x')",
        "INSERT OR REPLACE INTO accounts_audithead (rowid, id, count, last_hash) SELECT rowid, 1, 0, 'x' "
        "FROM accounts_audithead",
    ],
)
def test_sqlite_refuses_to_replace(entries, statement):
    before = list(AuditEntry.objects.values()), list(AuditHead.objects.values())
    with pytest.raises(DatabaseError, match="audit trail"), transaction.atomic():
        sql(statement)
    assert (list(AuditEntry.objects.values()), list(AuditHead.objects.values())) == before
    assert audit.inspect().ok


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT " + copied(8, "hash"),
        "INSERT " + copied(0, OTHER_HASH),
        "INSERT " + copied(9, OTHER_HASH),
        "INSERT " + copied(3, OTHER_HASH) + " ON CONFLICT (number) DO UPDATE SET action = 'x'",
        "INSERT " + copied(8, "hash") + " ON CONFLICT (hash) DO UPDATE SET number = 8",
        "INSERT INTO accounts_audithead (id, count, last_hash) VALUES (1, 3, 'x') "
        "ON CONFLICT (id) DO UPDATE SET count = 3",
        "INSERT INTO accounts_audithead (id, count, last_hash) VALUES (2, 0, 'x')",
    ],
    ids=["same hash", "before the first", "after the next", "upsert number", "upsert hash", "upsert head", "two heads"],
)
def test_nothing_comes_twice_or_out_of_turn(entries, statement):
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)
    assert entries.count() == 7
    assert audit.inspect().ok


def test_a_head_cannot_begin_where_entries_are(tampering):
    for statement in audit_triggers.create(connection.vendor):
        sql(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        sql("INSERT INTO accounts_audithead (id, count, last_hash) VALUES (1, 7, 'x')")


def test_a_database_from_before_gets_what_it_lacks(entries):
    """What the migration does, where only the first protections are there and where all are."""
    for _ in range(2):
        for statement in audit_triggers.drop(connection.vendor):
            if "next_only" in statement or "head_once" in statement:
                sql(statement)
        assert audit_triggers.missing() == ["audit_entry_next_only", "audit_head_once"]
        for statement in [*audit_triggers.drop(connection.vendor), *audit_triggers.create(connection.vendor)]:
            sql(statement)
        assert audit_triggers.missing() == []
    audit.record(action="goes_on", by=None)
    assert audit.inspect().ok


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "step_30"),
        ("by_id", None),
        ("about_id", "somebody else"),
        ("about_kind", "accounts.membership"),
        ("organisation_id", None),
        ("details", {"n": 4, "word": "é"}),
        ("hash", "f" * 64),
        ("previous_hash", "f" * 64),
    ],
)
def test_a_changed_field_is_found(tampering, field, value):
    tampering.filter(number=3).update(**{field: value})
    outcome = audit.verify()
    assert (outcome.ok, outcome.first_bad) == (False, 3)


def test_a_changed_time_is_found(tampering):
    third = tampering.get(number=3)
    tampering.filter(number=3).update(at=third.at + timedelta(microseconds=1))
    assert audit.verify().first_bad == 3


def test_an_entry_removed_from_the_middle_is_found(tampering):
    tampering.filter(number__in=(4, 5)).delete()
    outcome = audit.verify()
    assert (outcome.ok, outcome.first_bad) == (False, 4)
    assert outcome.reason == "Entries 4 to 5 were removed."


@pytest.mark.parametrize("kept", [0, 5, 6])
def test_entries_removed_from_the_end_are_found(tampering, kept):
    tampering.filter(number__gt=kept).delete()
    outcome = audit.verify()
    assert (outcome.ok, outcome.first_bad) == (False, kept + 1)
    assert "the end was removed" in outcome.reason


def test_an_entry_added_behind_the_head_is_found(tampering):
    last = tampering.get(number=7)
    last.number, last.previous_hash, last.hash = 8, last.hash, "a" * 64
    last.save(force_insert=True)
    outcome = audit.verify()
    assert (outcome.ok, outcome.first_bad) == (False, 8)


def test_an_entry_slipped_into_the_middle_is_found(tampering):
    for number in range(7, 3, -1):
        tampering.filter(number=number).update(number=number + 1)
    extra = tampering.get(number=3)
    extra.number, extra.action, extra.hash = 4, "slipped_in", "b" * 64
    extra.save(force_insert=True)
    AuditHead.objects.update(count=8)
    outcome = audit.verify()
    assert (outcome.ok, outcome.first_bad) == (False, 4)


def test_two_entries_that_changed_places_are_found(tampering):
    tampering.filter(number=3).update(number=100)
    tampering.filter(number=4).update(number=3)
    tampering.filter(number=100).update(number=4)
    outcome = audit.verify()
    assert (outcome.ok, outcome.first_bad) == (False, 3)


def test_a_trail_rewritten_from_the_start_is_found_with_a_noted_hash(tampering, places):
    noted = audit.verify()
    tampering.all().delete()
    AuditHead.objects.all().delete()
    for number in range(1, 9):
        audit.record(action=f"invented_{number}", by=None)
    assert audit.verify().ok, "the rewritten chain fits in itself"
    outcome = audit.verify(noted_count=noted.count, noted_hash=noted.last_hash)
    assert (outcome.ok, outcome.first_bad) == (False, 7)


def test_a_trail_that_became_shorter_than_noted_is_found(entries):
    outcome = audit.verify(noted_count=9, noted_hash="c" * 64)
    assert (outcome.ok, outcome.first_bad) == (False, 8)


def test_a_change_that_fails_leaves_no_entry(entries):
    @transaction.atomic
    def half():
        audit.record(action="half_done", by=None)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert not AuditEntry.objects.filter(action="half_done").exists()
    assert audit.verify().ok


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"action": "Free text!"}, "action 'Free text!'"),
        ({"action": "ok", "details": {"note": "x" * 101}}, "never what somebody wrote"),
        ({"action": "ok", "details": {"share": 0.5}}, "whole number"),
        ({"action": "ok", "details": {"list": ["a"]}}, "'list'"),
        ({"action": "ok", "details": {"A B": 1}}, "'A B'"),
    ],
)
def test_what_does_not_belong_in_the_trail_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        audit.record(by=None, **arguments)
    assert not AuditEntry.objects.exists()


def test_the_pseudonym_is_steady_and_does_not_hold_the_address():
    assert audit.pseudonym("Pat@example.org ") == audit.pseudonym("pat@example.org")
    assert audit.pseudonym("pat@example.org") != audit.pseudonym("sam@example.org")
    assert "pat" not in audit.pseudonym("pat@example.org")
