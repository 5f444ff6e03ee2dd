"""`inroads audit verify`: what it prints, what it compares, and what it refuses to call whole."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from inroads.accounts import audit
from inroads.accounts.audit import triggers as audit_triggers
from inroads.accounts.models import AuditEntry
from inroads.config.command_line import main

pytestmark = pytest.mark.django_db


def verify(*arguments):
    return CliRunner().invoke(main, ["audit", "verify", *arguments])


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def three(places, somebody):
    user = somebody("auditor", places.england)
    for number in range(3):
        audit.record(action=f"step_{number}", by=user, about=user)
    return AuditEntry.objects.order_by("number")


@pytest.fixture
def unprotected(three):
    for statement in audit_triggers.drop(connection.vendor):
        sql(statement)
    return three


def test_it_says_what_it_read_and_prints_a_note_that_fits_later(three):
    first = verify()
    assert first.exit_code == 0, first.output
    assert str(connection.settings_dict["NAME"]) in first.output
    note = first.output.split("--noted: ")[1].strip()
    assert note == f"3:{three.last().hash}"
    audit.record(action="later", by=None)
    assert verify("--noted", note).exit_code == 0


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("2:" + "a" * 64, "broken at entry 2: Entry 2 is not the one that was noted"),
        ("9:" + "a" * 64, "9 entries were noted, but there are only 3"),
        ("0:" + "a" * 64, "The note does not fit"),
    ],
)
def test_a_note_that_does_not_fit_fails(three, note, said):
    done = verify("--noted", note)
    assert done.exit_code == 1
    assert said in done.output


@pytest.mark.parametrize("note", ["", "3", "3:abc", "x:" + "a" * 64, "-1:" + "a" * 64])
def test_what_is_not_a_note_is_refused(three, note):
    done = verify("--noted", note)
    assert done.exit_code == 2
    assert "expected COUNT:HASH" in done.output


@pytest.mark.parametrize("statement", range(len(audit_triggers.POSTGRESQL)))
def test_each_protection_that_is_missing_fails(three, statement):
    dropped = dict(enumerate(audit_triggers.drop(connection.vendor))).get(statement, "FUNCTION")
    if "FUNCTION" in dropped:
        pytest.skip("a function goes with its trigger")
    sql(dropped)
    assert audit.verify().ok
    done = verify()
    assert done.exit_code == 1
    assert "Missing or changed: audit_" in done.output


WEAKER = {
    "never": "CREATE TRIGGER audit_entry_stays BEFORE DELETE OR UPDATE ON accounts_auditentry "
    "FOR EACH ROW WHEN (false) EXECUTE FUNCTION audit_refuse()",
    "half": "CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON accounts_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "one column": "CREATE TRIGGER audit_entry_stays BEFORE DELETE OR UPDATE OF at ON accounts_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "too late": "CREATE TRIGGER audit_entry_stays AFTER DELETE OR UPDATE ON accounts_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "off": "ALTER TABLE accounts_auditentry DISABLE TRIGGER audit_entry_stays",
    "on a copy only": "ALTER TABLE accounts_auditentry ENABLE REPLICA TRIGGER audit_entry_stays",
    "looks elsewhere": "ALTER FUNCTION audit_refuse() SET search_path = pg_temp",
}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps a trigger as it was written")
@pytest.mark.parametrize("change", WEAKER.values(), ids=WEAKER)
def test_a_protection_that_was_made_weaker_fails(three, change):
    assert audit_triggers.missing() == []
    if change.startswith("CREATE"):
        sql("DROP TRIGGER audit_entry_stays ON accounts_auditentry")
    sql(change)
    assert "audit_entry_stays" in audit_triggers.missing()
    assert "Missing or changed: audit_entry_" in verify().output


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
@pytest.mark.parametrize("table", ["accounts_auditentry", "accounts_audithead"])
def test_the_trail_cannot_be_emptied_at_once(three, table):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(f"TRUNCATE {table}")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="for PostgreSQL see above")
def test_a_protection_that_was_replaced_by_one_that_does_nothing_fails(three):
    sql("DROP TRIGGER audit_entry_no_delete")
    sql("CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON accounts_auditentry BEGIN SELECT 1; END")
    assert "Missing or changed: audit_entry_no_delete." in verify().output


def test_an_empty_trail_is_whole_only_where_nobody_signs_in(places, somebody):
    assert verify().exit_code == 0
    somebody("auditor", places.england)
    done = verify()
    assert done.exit_code == 1
    assert "The trail is empty, but there are 1 accounts" in done.output


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps every value in the form of its column")
@pytest.mark.parametrize("change", ["at = 'junk'", "by_id = 'zz'", "organisation_id = 'zz'", "at = '9999-99-99'"])
def test_a_value_that_cannot_be_read_is_said_and_no_crash(unprotected, client, places, somebody, change):
    sql(f"UPDATE accounts_auditentry SET {change} WHERE number = 2")
    done = verify()
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert "broken at entry 2: Entry 2 cannot be read: it was changed." in done.output
    auditor = somebody("auditor", places.england)
    client.force_login(auditor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Entry 2 cannot be read" in client.post("/accounts/audit/check/").content.decode()


def _command(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "inroads.config.command_line", *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_where_there_is_no_database_it_is_said_and_none_is_made(tmp_path):
    done = _command("--var", str(tmp_path), "audit", "verify")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{tmp_path / 'inroads.sqlite3'}: there is no database here.")
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_database_without_the_trail_is_said_in_one_sentence(tmp_path):
    (tmp_path / "inroads.sqlite3").touch()
    done = _command("--var", str(tmp_path), "audit", "verify")
    assert done.returncode == 1
    assert "cannot be read here" in done.stderr
    assert "accounts_audit" in done.stderr
    assert "Traceback" not in done.stderr


def test_with_the_database_of_a_service_the_settings_are_those_of_a_service(tmp_path):
    service = {"DATABASE_URL": "postgres://u:secret@localhost/x", "INROADS_CONTACT": "somebody, 01983 000000"}
    done = _command("--var", str(tmp_path), "audit", "verify", **service)
    assert done.returncode == 1
    assert done.stderr.startswith("SECRET_KEY is not set")
    unnamed = _command("audit", "verify", **service)
    assert unnamed.stderr.startswith("INROADS_VAR is not set")


@pytest.mark.parametrize("arguments", [("add", "x.csv"), ("list",), ("embed",)], ids=lambda given: given[0])
def test_in_service_the_folder_of_the_figures_is_named_or_nothing_is_done(tmp_path, arguments):
    service = {"DATABASE_URL": "postgres://u:secret@localhost/x"}
    done = _command("data", *arguments, **service)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("INROADS_VAR is not set.")
    assert len(done.stderr.splitlines()) == 1
    for named in (
        _command("--var", str(tmp_path), "data", "list", **service),
        _command("data", "list", INROADS_VAR=str(tmp_path), **service),
    ):
        assert named.returncode == 0
        assert named.stdout.startswith(f"Nothing is loaded in {tmp_path}. ")


@pytest.mark.parametrize(
    "environment",
    [
        {"DATABASE_URL": "postgres://u:secret@localhost/x"},
        {"DJANGO_SETTINGS_MODULE": "inroads.config.settings.production"},
    ],
)
def test_the_demonstration_is_never_started_in_service(tmp_path, environment):
    done = _command("serve", "--var", str(tmp_path / "new"), **environment)
    assert done.returncode == 1
    assert done.stderr.startswith("serve is for the demonstration; in service start gunicorn")
    assert not (tmp_path / "new").exists()
