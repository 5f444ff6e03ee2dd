"""On PostgreSQL, plain names are compared letter by letter, as SQLite does: ranges of an index then find beginnings."""

from django.db import migrations

COLUMNS = (("people_person", "sort_name", 150), ("people_nameword", "word", 60))


def in_plain_order(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, column, length in COLUMNS:
            schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(in_plain_order, migrations.RunPython.noop)]
