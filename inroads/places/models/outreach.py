"""Where people go to listen next: which neighbourhoods, when, who goes, and what became of it."""

import uuid

from django.db import models
from django.db.models import Q

from inroads.accounts.recorded import Recorded
from inroads.directory.models import Touchpoint
from inroads.reference.models import Organisation


class Outreach(Recorded):
    """A walk to where people are, to listen. Its words are in its versions, what became of it in its reports."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=9, help_text="The ONS code of the area it is for")

    class Meta:
        ordering = ("recorded_at", "pk")

    def __str__(self) -> str:
        return f"{self.pk}"


class OutreachStop(models.Model):
    """One neighbourhood on the way, with what stood about it when it was chosen.

    `per_visit` is how many people to ask there. `expected_gain` is by how much that lowers the expected error of the
    picture, in people squared (`methods.picture.where_to_listen`); only the order of stops follows from it.
    """

    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, related_name="stops", db_index=False)
    number = models.PositiveSmallIntegerField()
    neighbourhood = models.CharField(max_length=9, help_text="Code of the LSOA of 2021")
    name = models.CharField(max_length=200)
    words = models.CharField(max_length=300, blank=True)
    per_visit = models.PositiveSmallIntegerField(null=True, blank=True)
    expected_gain = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=("outreach", "number"), name="outreach_stop_number_once"),
            models.UniqueConstraint(fields=("outreach", "neighbourhood"), name="outreach_stop_once"),
        ]

    def __str__(self) -> str:
        return self.name


class OutreachVersion(Recorded):
    """A plan as it stood from then on; the highest version holds. `who` are members of the team and volunteers."""

    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    day = models.DateField()
    who = models.CharField(max_length=300)
    touchpoint = models.ForeignKey(Touchpoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("version",)
        constraints = [models.UniqueConstraint(fields=("outreach", "version"), name="outreach_version_once")]

    def __str__(self) -> str:
        return f"{self.outreach_id} v{self.version}"


class OutreachReport(Recorded):
    """What became of it: it was done, or it did not happen, and why. The latest holds; the earlier ones stay.

    `conversations` is how many were held, counted by those who went: a number and no names.
    """

    outreach = models.ForeignKey(Outreach, on_delete=models.CASCADE, related_name="reports")
    happened = models.BooleanField()
    on = models.DateField()
    went = models.CharField(max_length=300, blank=True)
    conversations = models.PositiveIntegerField(null=True, blank=True)
    words = models.TextField(help_text="What was learnt, or why it did not happen")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(happened=True, conversations__isnull=False) | Q(happened=False, conversations=None),
                name="outreach_done_is_counted",
            )
        ]

    def __str__(self) -> str:
        return f"{self.outreach_id}: {'done' if self.happened else 'not done'}"
