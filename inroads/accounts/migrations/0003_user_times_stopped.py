"""Sessions carry how often their account was stopped. Everybody signs in once more after this."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_audit_append_only")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="times_stopped",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
    ]
