"""The database refuses a parent of the wrong kind: see `inroads.reference.tree_triggers`."""

from django.db import migrations

from inroads.reference import tree_triggers


def create(apps, schema_editor):
    for statement in tree_triggers.create(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    for statement in tree_triggers.drop(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("reference", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
