"""Touchpoints and what they help with. What is not known stays empty, and is said to be unknown."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inroads.accounts.models import User
from inroads.directory.models.feeds import Feed
from inroads.reference.models import Organisation


class Touchpoint(models.Model):
    """A place, group or organisation people go to, as it is known by them.

    `area` is the organisation (a place, an ICS) in whose directory it stands. `organisation` is the one with accounts
    that answers for it, if any. `private`: neither it nor anything of it is shown or counted outside of those who work
    with people there. `link_number` counts the links handed out: only the last one opens its page, and `link_hash`
    finds it. `code_in_feed` is its id in the feed it came from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, editable=False)
    plain = models.TextField(blank=True)
    website = models.URLField(max_length=500, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    area = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    private = models.BooleanField(default=False)
    link_number = models.PositiveIntegerField(default=0)
    link_hash = models.CharField(max_length=64, blank=True, db_index=True)
    feed = models.ForeignKey(Feed, null=True, blank=True, on_delete=models.PROTECT, related_name="touchpoints")
    code_in_feed = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("sort_name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("feed", "code_in_feed"), condition=Q(feed__isnull=False), name="touchpoint_once_in_feed"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    """Whether a service runs, in the words of the open standard."""

    ACTIVE = "active", "Open"
    PAUSED = "temporarily closed", "Closed for now"
    INACTIVE = "inactive", "Not running"
    DEFUNCT = "defunct", "Ended"


RUNNING = (Status.ACTIVE, Status.PAUSED)
# Gone from its feed, or ended by somebody.
OVER = (Status.INACTIVE, Status.DEFUNCT)


class Service(models.Model):
    """Something a touchpoint helps with.

    `free` None is unknown. `capacity` is how many more people in the month of `capacity_on`, None unknown, 0 full.
    `checked_on` and `checked_by` are copies of the latest `Check`. `same_as`: it is the same as another one and not
    shown itself. `modified_at` is when anything about it changed last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    touchpoint = models.ForeignKey(Touchpoint, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, editable=False)
    plain = models.TextField(blank=True)
    status = models.CharField(max_length=18, choices=Status, default=Status.ACTIVE)
    website = models.URLField(max_length=500, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=60, blank=True)
    free = models.BooleanField(null=True, blank=True)
    cost = models.CharField(max_length=300, blank=True, help_text="What it costs, in words")
    how_to_come = models.CharField(max_length=300, blank=True, help_text="Just come, ring first, through somebody")
    open_when = models.CharField(max_length=300, blank=True, help_text="Opening times in words")
    access = models.CharField(max_length=500, blank=True, help_text="Steps, lift, hearing loop, quiet room")
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    capacity_on = models.DateField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.CharField(max_length=150, blank=True)
    code_in_feed = models.CharField(max_length=100, blank=True)
    # Its index holds doubles alone: one over all, nearly all of which are none, leads SQLite through every row.
    same_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="doubles", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("sort_name", "pk")
        indexes = [
            models.Index(fields=("sort_name", "id"), name="service_by_name"),
            models.Index(fields=("modified_at", "id"), name="service_by_change"),
            models.Index(fields=("checked_on", "id"), name="service_by_check"),
            models.Index(fields=("same_as",), condition=Q(same_as__isnull=False), name="service_doubles"),
        ]

    def __str__(self) -> str:
        return self.name


class TagKind(models.TextChoices):
    """What a tag says about a service."""

    HELP = "help", "What it helps with"
    COMMUNITY = "community", "Whom it reaches"
    LANGUAGE = "language", "Which language is spoken there"


class How(models.TextChoices):
    """How we know it, the weaker first. What people told us stands in `Reach`."""

    TEXT = "text", "Read in its description"
    SAID = "said", "They say so"


class Tag(models.Model):
    """One thing by which a service is found: the id of a help or a community, or a language in small letters."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="tags", db_index=False)
    kind = models.CharField(max_length=9, choices=TagKind)
    value = models.CharField(max_length=60)
    how = models.CharField(max_length=5, choices=How, default=How.SAID)

    class Meta:
        ordering = ("kind", "value")
        constraints = [models.UniqueConstraint(fields=("service", "kind", "value"), name="tag_once")]
        indexes = [models.Index(fields=("kind", "value", "service"), name="tag_finds")]

    def __str__(self) -> str:
        return self.value


class Reach(models.Model):
    """About how many people of a community told us that a touchpoint helped them, counted up to `until`.

    Written only by the people loop, out of releases that two people opened to everybody. Only what these show is here:
    rounded numbers, added up over the releases of two years, so somebody whom it helped again later counts again. Where
    too few told us, there is no row, as where nobody did.
    """

    VALUE = "value"

    touchpoint = models.ForeignKey(Touchpoint, on_delete=models.CASCADE, related_name="reach")
    community = models.CharField(max_length=40, help_text="The id of a file in definitions/communities/")
    helped = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    until = models.DateField()

    class Meta:
        ordering = ("community",)
        constraints = [models.UniqueConstraint(fields=("touchpoint", "community"), name="reach_once")]

    def __str__(self) -> str:
        return f"{self.community}: {self.state}"


class Check(models.Model):
    """Somebody looked whether what stands here is right. `by` is None where the touchpoint did, through its link."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="checks")
    on = models.DateField(default=timezone.localdate)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_words = models.CharField(max_length=150)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.on} by {self.by_words}"


class Change(models.Model):
    """What was changed about a service, and by whom: by field, what stood there and what stands there now."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_words = models.CharField(max_length=150)
    fields = models.JSONField(default=dict)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return ", ".join(self.fields)
