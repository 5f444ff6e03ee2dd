"""Printed forms and cards, each with a code that leads back to the record."""

from django.db import models

from inroads.accounts.models import User
from inroads.people.models.facts import Recorded
from inroads.people.models.records import Person


class PaperKind(models.TextChoices):
    """What was printed."""

    TRIAGE = "triage", "Short conversation"
    FULL = "full", "Full conversation"
    CHOICES = "choices", "Choice card"
    STAGES = "stages", "Choices at every stage"
    PLAN = "plan", "Plan"
    SCRIPT = "script", "Script for a phone call"


class PaperForm(Recorded):
    """One printed paper. `content` holds what its numbers stood for when it was printed."""

    code = models.CharField(max_length=8, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=7, choices=PaperKind)
    points = models.PositiveSmallIntegerField()
    content = models.JSONField(default=list)
    keyed_at = models.DateTimeField(null=True, blank=True)
    keyed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.code
