"""What organisations said they could help with becomes a service of theirs in the directory."""

from django.db import migrations
from django.utils import timezone


def carry(apps, schema_editor):
    """Each offer as a service of the touchpoint of its organisation; of those that followed one another, the last."""
    Offer = apps.get_model("people", "Offer")
    Organisation = apps.get_model("reference", "Organisation")
    Touchpoint, Service, Tag, Location, ServiceAtLocation = (
        apps.get_model("directory", name)
        for name in ("Touchpoint", "Service", "Tag", "Location", "ServiceAtLocation")
    )
    latest = {}
    for offer in Offer.objects.select_related("organisation").order_by("pk"):
        latest[offer.organisation_id, offer.help, offer.title] = offer
    for offer in latest.values():
        touchpoint = Touchpoint.objects.filter(organisation=offer.organisation).first()
        if touchpoint is None:
            name = offer.organisation.name
            touchpoint = Touchpoint.objects.create(
                name=name,
                sort_name=name.casefold()[:200],
                area=_area(Organisation, offer.organisation),
                organisation=offer.organisation,
            )
        said_on = timezone.localdate(offer.recorded_at)
        service = Service.objects.create(
            touchpoint=touchpoint,
            name=offer.title,
            sort_name=offer.title.casefold()[:200],
            status="defunct" if offer.ended_at else "active",
            phone=offer.phone,
            open_when=offer.open_when,
            capacity=offer.capacity,
            capacity_on=said_on if offer.capacity is not None else None,
            checked_on=said_on,
            checked_by=offer.recorded_by.full_name,
            created_at=offer.recorded_at,
        )
        marks = {("help", offer.help), *(("community", each) for each in offer.communities)}
        spoken = offer.languages.replace(";", ",").replace(" and ", ",").split(",")
        marks |= {("language", each.strip().casefold()[:60]) for each in spoken if each.strip()}
        Tag.objects.bulk_create(Tag(service=service, kind=kind, value=value) for kind, value in sorted(marks))
        if offer.where or offer.neighbourhood:
            where = Location.objects.create(
                touchpoint=touchpoint, address=offer.where, neighbourhood=offer.neighbourhood
            )
            ServiceAtLocation.objects.create(service=service, location=where)


def _area(Organisation, organisation):
    """The place or ICS around an organisation."""
    found = organisation
    while found.kind not in ("place", "ics", "england") and found.parent_id:
        found = Organisation.objects.get(pk=found.parent_id)
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_support"),
        ("directory", "0001_initial"),
    ]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
