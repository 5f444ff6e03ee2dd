"""Offers live on as services of the directory."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0004_offers_become_services")]

    operations = [migrations.DeleteModel(name="Offer")]
