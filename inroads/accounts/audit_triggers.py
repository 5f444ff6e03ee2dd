"""The database itself refuses to change or remove an entry of the audit trail, whoever asks."""

from django.db import connection

_REFUSAL = "The audit trail is append-only: entries are never changed or removed"
_HEAD_REFUSAL = "The head of the audit trail only moves forward, one entry at a time"

SQLITE = [
    f"""CREATE TRIGGER audit_entry_no_{when.lower()} BEFORE {when} ON accounts_auditentry
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"""
    for when in ("UPDATE", "DELETE")
] + [
    f"""CREATE TRIGGER audit_head_forward BEFORE UPDATE ON accounts_audithead
        WHEN NEW.count <> OLD.count + 1 BEGIN SELECT RAISE(ABORT, '{_HEAD_REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON accounts_audithead
        BEGIN SELECT RAISE(ABORT, '{_HEAD_REFUSAL}'); END""",
]

POSTGRESQL = [
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE FUNCTION audit_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.count = OLD.count + 1 THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{_HEAD_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    """CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON accounts_auditentry
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON accounts_auditentry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_forward BEFORE UPDATE OR DELETE ON accounts_audithead
        FOR EACH ROW EXECUTE FUNCTION audit_head_forward()""",
]


def create(vendor: str) -> list[str]:
    """The statements for one database (`sqlite` or `postgresql`)."""
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]


def drop(vendor: str) -> list[str]:
    """The statements that take them away again: for going back a migration, and for tests that tamper."""
    if vendor == "sqlite":
        names = ("audit_entry_no_update", "audit_entry_no_delete", "audit_head_forward", "audit_head_no_delete")
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names]
    return [
        "DROP TRIGGER IF EXISTS audit_entry_stays ON accounts_auditentry",
        "DROP TRIGGER IF EXISTS audit_entry_no_truncate ON accounts_auditentry",
        "DROP TRIGGER IF EXISTS audit_head_forward ON accounts_audithead",
        "DROP FUNCTION IF EXISTS audit_refuse()",
        "DROP FUNCTION IF EXISTS audit_head_forward()",
    ]


def missing() -> list[str]:
    """The names of triggers that are not in this database, are switched off, or say something else than they should."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = {name: (sql or "").split() for name, sql in cursor.fetchall()}
            return [name for name, sql in _by_name(SQLITE).items() if found.get(name) != sql.split()]
        cursor.execute(
            "SELECT t.tgname, p.proname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgrelid IN (to_regclass('accounts_auditentry'), to_regclass('accounts_audithead')) "
            "AND t.tgenabled IN ('O', 'A')"
        )
        bodies = {sql.split()[2].removesuffix("()"): sql.split("$$")[1].split() for sql in POSTGRESQL if "$$" in sql}
        found = {name for name, function, body in cursor.fetchall() if body.split() == bodies.get(function)}
        return [name for name in _by_name(POSTGRESQL) if name not in found]


def _by_name(statements: list[str]) -> dict[str, str]:
    return {sql.split()[2]: sql for sql in statements if sql.startswith("CREATE TRIGGER")}
