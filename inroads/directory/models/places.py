"""Where services are, and when they are open."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from inroads.directory.models.services import Service, Touchpoint


class Location(models.Model):
    """A place somebody can go to; `easting` and `northing` in metres on the British National Grid, if known."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", "A place"
        POSTAL = "postal", "Only for letters"
        VIRTUAL = "virtual", "By phone or online"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    touchpoint = models.ForeignKey(Touchpoint, on_delete=models.CASCADE, related_name="locations")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PHYSICAL)
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    town = models.CharField(max_length=100, blank=True)
    county = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=8, blank=True, help_text="With its space, in capitals")
    neighbourhood = models.CharField(max_length=9, blank=True, help_text="Code of the LSOA of 2021 it lies in")
    easting = models.FloatField(null=True, blank=True)
    northing = models.FloatField(null=True, blank=True)
    access = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("name", "pk")
        indexes = [
            models.Index(fields=("northing", "easting"), name="location_on_grid"),
            models.Index(fields=("postcode",), name="location_by_postcode"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(easting__isnull=True, northing__isnull=True)
                | Q(easting__isnull=False, northing__isnull=False),
                name="location_has_both_coordinates",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.address or self.postcode


class ServiceAtLocation(models.Model):
    """A service at one of its places."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="at_locations")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="at_services")

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("service", "location"), name="service_at_location_once")]

    def __str__(self) -> str:
        return f"{self.service_id} at {self.location_id}"


# The Monday from which weeks are counted, and how many weeks at most lie between two times.
MONDAY = date(1970, 1, 5)
MOST_WEEKS = 52


class Opening(models.Model):
    """Hours on one day: every so many weeks on `weekday` (Monday is 0), or on the `nth` such day or `day` of a month.

    `every` 2 with `week` 0 or 1 is every second week; `week` is the week's number since Monday 5 January 1970, modulo
    `every`. `nth` is 1 to 5, or -1 for the last. Without `closes_at` it is not known how long; where it is earlier than
    `opens_at`, it is on the next day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="openings", db_index=False)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    nth = models.SmallIntegerField(null=True, blank=True)
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    every = models.PositiveSmallIntegerField(default=1)
    week = models.PositiveSmallIntegerField(default=0)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("weekday", "opens_at", "pk")
        indexes = [
            models.Index(fields=("service", "weekday"), name="opening_of_service"),
            models.Index(fields=("weekday", "opens_at"), name="opening_on"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=False) | Q(day__isnull=False), name="opening_is_on_some_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens_at}"
