"""The database itself refuses to change, remove or replace an entry of the audit trail, whoever asks."""

# ruff: noqa: S608 - every word of these statements is written here

from django.db import connection

_REFUSAL = "The audit trail is append-only: entries are never changed or removed"
_HEAD_REFUSAL = "The head of the audit trail only moves forward, one entry at a time"
_NEXT_REFUSAL = "The audit trail takes the next entry only: none twice, and none out of turn"

# SQLite tells no trigger when INSERT OR REPLACE removes what is in the way. So nothing may be in the way: no entry with
# this number, hash or hidden row number, and no head.
SQLITE = [
    f"""CREATE TRIGGER audit_entry_no_{when.lower()} BEFORE {when} ON accounts_auditentry
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"""
    for when in ("UPDATE", "DELETE")
] + [
    f"""CREATE TRIGGER audit_head_forward BEFORE UPDATE ON accounts_audithead
        WHEN NEW.count <> OLD.count + 1 BEGIN SELECT RAISE(ABORT, '{_HEAD_REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON accounts_audithead
        BEGIN SELECT RAISE(ABORT, '{_HEAD_REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_entry_next_only BEFORE INSERT ON accounts_auditentry
        WHEN NEW.number IS NOT (SELECT count + 1 FROM accounts_audithead)
        OR EXISTS (SELECT 1 FROM accounts_auditentry WHERE number = NEW.number)
        OR EXISTS (SELECT 1 FROM accounts_auditentry WHERE hash = NEW.hash)
        OR EXISTS (SELECT 1 FROM accounts_auditentry WHERE rowid = NEW.rowid)
        BEGIN SELECT RAISE(ABORT, '{_NEXT_REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_head_once BEFORE INSERT ON accounts_audithead
        WHEN NEW.count <> 0
        OR EXISTS (SELECT 1 FROM accounts_audithead) OR EXISTS (SELECT 1 FROM accounts_auditentry)
        BEGIN SELECT RAISE(ABORT, '{_HEAD_REFUSAL}'); END""",
]

# PostgreSQL refuses what is there twice by its keys, and ON CONFLICT DO UPDATE is an update to its triggers. What
# is out of turn it refuses as SQLite does. Triggers are written as PostgreSQL itself writes them, to be compared.
POSTGRESQL = [
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE FUNCTION audit_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.count = OLD.count + 1 THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{_HEAD_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    f"""CREATE FUNCTION audit_next_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.number = (SELECT count + 1 FROM accounts_audithead) THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{_NEXT_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    f"""CREATE FUNCTION audit_head_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.count = 0 AND NOT EXISTS (SELECT 1 FROM accounts_auditentry) THEN RETURN NEW; END IF;
            RAISE EXCEPTION '{_HEAD_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    """CREATE TRIGGER audit_entry_stays BEFORE DELETE OR UPDATE ON accounts_auditentry
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON accounts_auditentry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_forward BEFORE DELETE OR UPDATE ON accounts_audithead
        FOR EACH ROW EXECUTE FUNCTION audit_head_forward()""",
    """CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON accounts_audithead
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_entry_next_only BEFORE INSERT ON accounts_auditentry
        FOR EACH ROW EXECUTE FUNCTION audit_next_only()""",
    """CREATE TRIGGER audit_head_once BEFORE INSERT ON accounts_audithead
        FOR EACH ROW EXECUTE FUNCTION audit_head_once()""",
]


def create(vendor: str) -> list[str]:
    """The statements for one database (`sqlite` or `postgresql`)."""
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]


def drop(vendor: str) -> list[str]:
    """The statements that take them away again: for going back a migration, and for tests that tamper."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in _by_name(SQLITE)]
    # "CREATE TRIGGER name BEFORE … ON table": the table is the word behind ON.
    tables = {name: sql.split(" ON ")[1].split()[0] for name, sql in _by_name(POSTGRESQL).items()}
    return [
        *(f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in tables.items()),
        *(f"DROP FUNCTION IF EXISTS {name}()" for name in _bodies()),
    ]


def missing() -> list[str]:
    """The names of triggers that are not in this database, are switched off, or say something else than they should."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = {name: (sql or "").split() for name, sql in cursor.fetchall()}
            return [name for name, sql in _by_name(SQLITE).items() if found.get(name) != sql.split()]
        cursor.execute(
            "SELECT t.tgname, pg_get_triggerdef(t.oid, true), p.proname, p.prosrc "
            "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgrelid IN (to_regclass('accounts_auditentry'), to_regclass('accounts_audithead')) "
            # A function with settings of its own could look for the tables somewhere else.
            "AND t.tgenabled IN ('O', 'A') AND p.proconfig IS NULL"
        )
        wanted, bodies = _by_name(POSTGRESQL), _bodies()
        found = {
            name
            for name, trigger, function, body in cursor.fetchall()
            if trigger.split() == wanted.get(name, "").split() and body.split() == bodies.get(function)
        }
        return [name for name in wanted if name not in found]


def _by_name(statements: list[str]) -> dict[str, str]:
    return {sql.split()[2]: sql for sql in statements if sql.startswith("CREATE TRIGGER")}


def _bodies() -> dict[str, list[str]]:
    """What each function of PostgreSQL says, by its name."""
    return {sql.split()[2].removesuffix("()"): sql.split("$$")[1].split() for sql in POSTGRESQL if "$$" in sql}
