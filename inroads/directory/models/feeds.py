"""Feeds the directory was loaded from, what was mended on the way, and pairs that may be the same."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inroads.accounts.models import User
from inroads.reference.models import Organisation


class Feed(models.Model):
    """Somebody's published directory, loaded into that of `area`. `licence` is empty where none was stated."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    area = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    licence = models.CharField(max_length=200, blank=True)
    publish = models.BooleanField(default=False, help_text="Its licence lets us pass it on in our own open feed")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("name", "pk")
        constraints = [models.UniqueConstraint(fields=("area", "name"), name="feed_name_once")]

    def __str__(self) -> str:
        return self.name


class FeedRun(models.Model):
    """One loading of a feed. `report` holds counts and lines: what was read, added, changed, mended, refused."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="runs")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=200)
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.feed_id} at {self.at}"


class Pair(models.Model):
    """Two services that look like one, and what somebody who knows said about it. `one` has the smaller id."""

    class Answer(models.TextChoices):
        OPEN = "open", "Nobody has looked yet"
        SAME = "same", "They are the same"
        DIFFERENT = "different", "They are different"

    one = models.ForeignKey("Service", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("Service", on_delete=models.CASCADE, related_name="+")
    likeness = models.FloatField()
    because = models.JSONField(default=list)
    answer = models.CharField(max_length=9, choices=Answer, default=Answer.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-likeness", "pk")
        constraints = [
            models.UniqueConstraint(fields=("one", "other"), name="pair_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}"
