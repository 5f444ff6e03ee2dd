"""Releases: what was counted for one system up to one day, and what became of it. Tables are kept and never changed."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inroads.accounts.models import User
from inroads.reference.models import Organisation


class State(models.TextChoices):
    """How far a release has gone."""

    INSIDE = "inside", "Inside the system"
    ASKED = "asked", "Waits for a second person"
    OPEN = "open", "Open to everybody"


class Release(models.Model):
    """All tables counted for one system (an ICS, or what stands in its place) from what was said up to `until`.

    Only what was written down after `since` is in it, the day up to which the release before counts; None for the
    first. So no two releases speak of the same words, and setting one against the other tells of nobody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    since = models.DateField(null=True, blank=True)
    until = models.DateField()
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=6, choices=State, default=State.INSIDE)
    version = models.PositiveIntegerField(default=1)
    asked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    checks = models.JSONField(default=list, help_text="What was checked before it was kept, in sentences")

    class Meta:
        ordering = ("-until", "organisation")
        constraints = [
            models.UniqueConstraint(fields=("organisation", "until"), name="release_once_a_day"),
            models.UniqueConstraint(fields=("organisation", "since"), name="release_begins_where_one_ended"),
            models.UniqueConstraint(
                fields=("organisation",), condition=Q(since=None), name="release_with_nothing_before_it_once"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(since__lt=F("until")), name="release_since_is_before_until"
            ),
            models.CheckConstraint(
                condition=Q(state=State.INSIDE) | Q(asked_by__isnull=False), name="release_was_asked_for"
            ),
        ]
        indexes = [models.Index(fields=("state", "until"), name="release_by_state")]

    def __str__(self) -> str:
        return f"{self.organisation_id} up to {self.until}"


class Table(models.Model):
    """One table of a release, as Parquet. Nothing in it depends on a small count other than that it is small."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="tables")
    name = models.CharField(max_length=60)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("release", "name"), name="release_table_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.release_id}"


class Event(models.Model):
    """One thing that happened to a release. Rows are added and never changed."""

    class What(models.TextChoices):
        MADE = "made", "Counted"
        ASKED = "asked", "Asked to be opened"
        AGREED = "agreed", "Agreed to by a second person"
        REFUSED = "refused", "Not agreed to"
        TAKEN_BACK = "taken_back", "The question was taken back"
        CLOSED = "closed", "Closed again"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=10, choices=What)
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.what} {self.release_id}"


class Worked(models.Model):
    """Something worked out from a release alone and from published figures, kept so that pages need not wait for it.

    `key` says with which releases, published figures and way of working it was made: readers who may see more releases
    have another one than those who may see fewer.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="worked_out")
    name = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    content = models.BinaryField()

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=("release", "name", "key"), name="release_worked_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.release_id}"
