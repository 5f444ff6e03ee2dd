"""What the database itself refuses about the tree: a parent of the wrong kind, and a change of kind.

Written as triggers because a check constraint cannot look at the parent's row. Kinds only ever point upwards, so with
these two rules no circle can be stored, whoever writes.
"""

ALLOWED = (
    ("region", "england"),
    ("ics", "region"),
    ("place", "ics"),
    ("provider", "ics"),
    ("provider", "place"),
    ("team", "provider"),
    ("voluntary", "ics"),
    ("voluntary", "place"),
)

_PAIRS = " OR ".join(f"(NEW.kind = '{kind}' AND parent.kind = '{parent}')" for kind, parent in ALLOWED)
_FITS = f"SELECT 1 FROM reference_organisation parent WHERE parent.id = NEW.parent_id AND ({_PAIRS})"  # noqa: S608
_WRONG_PARENT = "This kind of organisation cannot sit below that parent"
_WRONG_KIND = "The kind of an organisation cannot change"

SQLITE = [
    f"""CREATE TRIGGER organisation_parent_{when.lower()} BEFORE {when} ON reference_organisation
        WHEN NEW.parent_id IS NOT NULL AND NOT EXISTS ({_FITS})
        BEGIN SELECT RAISE(ABORT, '{_WRONG_PARENT}'); END"""
    for when in ("INSERT", "UPDATE")
] + [
    f"""CREATE TRIGGER organisation_kind_stays BEFORE UPDATE ON reference_organisation
        WHEN NEW.kind <> OLD.kind BEGIN SELECT RAISE(ABORT, '{_WRONG_KIND}'); END"""
]

POSTGRESQL = [
    f"""CREATE FUNCTION organisation_tree() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND NEW.kind <> OLD.kind THEN
                RAISE EXCEPTION '{_WRONG_KIND}' USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.parent_id IS NOT NULL AND NOT EXISTS ({_FITS}) THEN
                RAISE EXCEPTION '{_WRONG_PARENT}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$""",
    """CREATE TRIGGER organisation_tree BEFORE INSERT OR UPDATE ON reference_organisation
        FOR EACH ROW EXECUTE FUNCTION organisation_tree()""",
]


def create(vendor: str) -> list[str]:
    """The statements for one database (`sqlite` or `postgresql`)."""
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]


def drop(vendor: str) -> list[str]:
    """The statements that take them away again."""
    if vendor == "sqlite":
        names = ("organisation_parent_insert", "organisation_parent_update", "organisation_kind_stays")
        return [f"DROP TRIGGER IF EXISTS {name}" for name in names]
    return [
        "DROP TRIGGER IF EXISTS organisation_tree ON reference_organisation",
        "DROP FUNCTION IF EXISTS organisation_tree()",
    ]
