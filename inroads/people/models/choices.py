"""Pathways as services really offer them, and what people chose."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inroads.accounts.models import User
from inroads.people.models.facts import Recorded, Said
from inroads.people.models.records import Person
from inroads.reference.models import Organisation


class Pathway(models.Model):
    """A pathway of one service. `published_at` is when it was first published."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=150)
    plain = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("title", "pk")

    def __str__(self) -> str:
        return self.title


class Stage(models.Model):
    """One stage of a pathway, with the question that is put to the person. It stays once it was published."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="stages")
    title = models.CharField(max_length=100)
    question = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title


class Option(models.Model):
    """A way that a service offers at a stage. Once offered it never changes; it can be withdrawn for later comers.

    Whoever came to the pathway before `withdrawn_at` keeps it. `leaving` marks it to be withdrawn when next published.
    """

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="options")
    way = models.CharField(max_length=40, help_text="The id of a file in definitions/ways/")
    digital = models.BooleanField()
    title = models.CharField(max_length=100)
    plain = models.TextField()
    where = models.CharField(max_length=200, blank=True)
    when = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    offered_at = models.DateTimeField(null=True, blank=True)
    leaving = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(offered_at__isnull=False), name="option_withdrawn_after_offered"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Involvement(Recorded):
    """From this moment the person is at this stage. The first row for a pathway is when they came to it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="involvements")
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="involvements")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.stage_id} from {self.recorded_at}"


class Choice(Said):
    """What somebody chose at a stage; the latest one holds, and every one before stays.

    Without `option` they have not chosen yet. `offered` holds the ids of the options that were shown.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="choices", db_index=False)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(Option, null=True, on_delete=models.PROTECT, related_name="+")
    maybe_later = models.ForeignKey(
        Option, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    offered = models.JSONField(default=list)
    explained_in = models.CharField(max_length=40, help_text="The id of a file in definitions/formats/")
    why = models.TextField(blank=True)
    look_again_on = models.DateField()

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("person", "id"), name="choice_of_person")]

    def __str__(self) -> str:
        return f"{self.stage_id}: {self.option_id}"
