"""Organisations: England and everything in it, as one tree."""

import uuid

from django.db import models
from django.db.models import Q


class Kind(models.TextChoices):
    """What an organisation is. The order is the order of the tree."""

    ENGLAND = "england", "England"
    REGION = "region", "NHS region"
    ICS = "ics", "Integrated care system"
    PLACE = "place", "Place"
    PROVIDER = "provider", "Provider"
    TEAM = "team", "Team"
    VOLUNTARY = "voluntary", "Voluntary or community organisation"


# The database refuses any other pair (triggers in migration 0002). No kind can be reached from itself,
# so the tree cannot hold a circle.
PARENT_KINDS: dict[str, tuple[str, ...]] = {
    Kind.ENGLAND: (),
    Kind.REGION: (Kind.ENGLAND,),
    Kind.ICS: (Kind.REGION,),
    Kind.PLACE: (Kind.ICS,),
    Kind.PROVIDER: (Kind.ICS, Kind.PLACE),
    Kind.TEAM: (Kind.PROVIDER,),
    Kind.VOLUNTARY: (Kind.ICS, Kind.PLACE),
}


class Organisation(models.Model):
    """One organisation in the tree. Created and moved only by `inroads.reference.organisations`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=9, choices=Kind)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    ons_code = models.CharField(max_length=9, blank=True, help_text="Its own code at the ONS, such as E54000042")
    ods_code = models.CharField(max_length=10, blank=True, help_text="Its own code in the NHS directory, such as QRL")
    area_code = models.CharField(max_length=9, blank=True, help_text="The ONS code of the area it covers")
    path = models.CharField(max_length=300, unique=True, editable=False, help_text="Ids from England down to itself")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="organisation_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.ENGLAND, parent__isnull=True) | (~Q(kind=Kind.ENGLAND) & Q(parent__isnull=False)),
                name="organisation_only_england_has_no_parent",
            ),
            models.UniqueConstraint(fields=("kind",), condition=Q(kind=Kind.ENGLAND), name="organisation_one_england"),
            models.UniqueConstraint(
                fields=("kind", "ons_code"), condition=~Q(ons_code=""), name="organisation_ons_code_once_per_kind"
            ),
            models.UniqueConstraint(
                fields=("kind", "ods_code"), condition=~Q(ods_code=""), name="organisation_ods_code_once_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name
