"""Waves of the landscape: where every system stood at one time, and how that was found."""

import uuid

from django.db import models
from django.db.models import Q

from inroads.accounts.recorded import Recorded
from inroads.reference.models import Organisation


class Basis(models.TextChoices):
    """On what the places of a wave rest."""

    PUBLISHED = "published", "Counts that somebody published; who stands where is not known"
    RETURNS = "returns", "Returns, read and scored by two readers"
    ASSESSMENTS = "assessments", "Self-assessments, reviewed and closed"
    FILE = "file", "Scores that were worked out elsewhere and loaded"


class Needle(models.TextChoices):
    """Which of the three needles places the systems, where assessments do."""

    EVIDENCED = "evidenced", "What is evidenced"
    CLAIMED = "claimed", "What is claimed"
    EXPERIENCED = "experienced", "What people experience"


class Wave(Recorded):
    """A time at which all systems were looked at. `source` says where its scores come from.

    `counts` and `regions_in_first` are set where only counts were published: systems in each of the four groups, first
    to last, and how many of `regions` have a system in the first. `taken_at` is set once its places were worked out;
    `needle` says by which they were, where assessments place the systems, and `note` what a reader has to know.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    on = models.DateField()
    basis = models.CharField(max_length=11, choices=Basis)
    needle = models.CharField(max_length=11, choices=Needle, blank=True)
    source = models.CharField(max_length=300)
    definition = models.CharField(max_length=60, blank=True, help_text="The file it came from, where one did")
    counts = models.JSONField(default=list, blank=True)
    regions = models.PositiveSmallIntegerField(null=True, blank=True)
    regions_in_first = models.PositiveSmallIntegerField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("on", "recorded_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=("definition",), condition=~Q(definition=""), name="wave_of_definition_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


class Score(models.Model):
    """How far a system was on one criterion in a wave, from `source_kind` (a return, an assessment, a file)."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="scores", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=60)
    value = models.FloatField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("wave", "organisation", "criterion"), name="score_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="score_from_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id} {self.organisation_id} {self.criterion}: {self.value}"


class Placed(models.Model):
    """Where a wave puts a system: kept so that a page need not draw again. `chances` are those of the four groups."""

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="places", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=40)
    between = models.BooleanField(default=False)
    chances = models.JSONField()
    score = models.FloatField()
    rank_low = models.FloatField()
    rank_high = models.FloatField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("wave", "organisation"), name="placed_once")]

    def __str__(self) -> str:
        return f"{self.wave_id} {self.organisation_id}: {self.group}"
