"""The database also refuses to replace an entry of the audit trail: see `inroads.accounts.audit_triggers`."""

from django.db import migrations

from inroads.accounts import audit_triggers


def renew(apps, schema_editor):
    """All of them anew: a database from before has the first ones, a new one has them all already."""
    vendor = schema_editor.connection.vendor
    for statement in [*audit_triggers.drop(vendor), *audit_triggers.create(vendor)]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_user_times_stopped")]
    operations = [migrations.RunPython(renew, migrations.RunPython.noop)]
