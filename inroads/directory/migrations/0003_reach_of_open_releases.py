"""What stands of reach was never agreed to by a second person: it goes, and comes back out of open releases."""

from django.db import migrations, models


def take_away(apps, schema_editor):
    apps.get_model("directory", "Reach").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_how_we_know"),
    ]

    operations = [
        migrations.RunPython(take_away, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="reach",
            name="helped",
            field=models.PositiveIntegerField(),
        ),
    ]
