"""Steps of a plan with owners and dates, reviews, help by hour, and appointments."""

import uuid

from django.db import models

from inroads.accounts.models import User
from inroads.people.models.choices import Option, Stage
from inroads.people.models.facts import Recorded
from inroads.people.models.records import Person
from inroads.reference.models import Organisation


class StepStatus(models.TextChoices):
    """Where a step stands. Nothing yet is an answer that counts: help was looked for and there is none so far."""

    PLANNED = "planned", "To do"
    DONE = "done", "Done"
    NOTHING_YET = "nothing_yet", "Nothing yet"
    STOPPED = "stopped", "Stopped"


class PlanStep(Recorded):
    """One step of a person's plan: what it is for, and why it was suggested. Its words are in its versions."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="steps")
    barrier = models.CharField(max_length=40, blank=True)
    help = models.CharField(max_length=40, blank=True, help_text="The id of a file in definitions/helps/")
    because = models.TextField(blank=True, help_text="Why it was suggested, as it was shown")
    private = models.BooleanField(default=False, help_text="Read by the person and those who work with them")
    app = models.CharField(max_length=80, blank=True, help_text="The address of an app in the library")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.pk}"


class StepVersion(Recorded):
    """A step as it stood from then on; the highest version holds."""

    step = models.ForeignKey(PlanStep, on_delete=models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    what = models.TextField()
    owner = models.CharField(max_length=150)
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=11, choices=StepStatus, default=StepStatus.PLANNED)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("version",)
        constraints = [models.UniqueConstraint(fields=("step", "version"), name="step_version_once")]

    def __str__(self) -> str:
        return f"{self.step_id} v{self.version}"


class Review(Recorded):
    """When the plan is looked at again. The latest row holds; there is always one."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reviews")
    review_on = models.DateField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.review_on}"


class PartOfDay(models.TextChoices):
    """Hours at which help may be needed."""

    EARLY = "early", "Early morning, 5 to 8"
    MORNING = "morning", "Morning, 8 to 12"
    AFTERNOON = "afternoon", "Afternoon, 12 to 5"
    EVENING = "evening", "Evening, 5 to 10"
    NIGHT = "night", "Night, 10 to 2"
    SMALL_HOURS = "small", "The small hours, 2 to 5"


class HelpAtTime(Recorded):
    """What helps this person at an hour of the day or night, digital or not."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="help_at_times")
    part = models.CharField(max_length=9, choices=PartOfDay)
    what = models.CharField(max_length=300)
    who = models.CharField(max_length=150, blank=True)
    digital = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.what


class Appointment(Recorded):
    """When a person is seen next, by which team and in which way."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="appointments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(Option, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("starts_at", "pk")
        indexes = [
            models.Index(fields=("organisation", "starts_at"), name="appointment_in"),
            models.Index(fields=("starts_at", "id"), name="appointment_anywhere"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at}"
