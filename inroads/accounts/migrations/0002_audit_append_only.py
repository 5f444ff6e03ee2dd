"""The database refuses to change the audit trail: see `inroads.accounts.audit.triggers`."""

from django.db import migrations

from inroads.accounts.audit import triggers as audit_triggers


def create(apps, schema_editor):
    for statement in audit_triggers.create(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    for statement in audit_triggers.drop(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
