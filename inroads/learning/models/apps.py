"""Apps and platforms: what each is and for whom it is safe, and who looked at it, when and until when that holds."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inroads.accounts.models import User
from inroads.reference.models import Organisation


class Cost(models.TextChoices):
    """What it costs in money. What is not known is said to be unknown."""

    UNKNOWN = "", "Not known"
    FREE = "free", "Nothing"
    FREE_PARTS = "free_parts", "Parts of it cost money"
    PAID = "paid", "It costs money"


class TrustedApp(models.Model):
    """An app or platform as it is described now; every text it had is in its texts, and `version` counts them.

    What is empty or None is unknown. `alternatives` are ids of helps that are not digital: there is always one.
    """

    slug = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    what = models.TextField(help_text="What it is")
    safe_for = models.TextField(help_text="What it is safe for")
    for_whom = models.TextField(help_text="For whom")
    not_for = models.TextField(help_text="What it is not for")
    contexts = models.JSONField(default=list, help_text="Ids of files in definitions/treatment_contexts/")
    barriers = models.JSONField(default=list, help_text="Ids of files in definitions/barriers/")
    communities = models.JSONField(default=list, blank=True)
    alternatives = models.JSONField(default=list, help_text="Ids of files in definitions/helps/, not digital")
    cost = models.CharField(max_length=10, choices=Cost, blank=True)
    cost_words = models.CharField(max_length=200, blank=True)
    data_mb_per_hour = models.PositiveIntegerField(null=True, blank=True)
    data_words = models.CharField(max_length=200, blank=True)
    device = models.CharField(max_length=200, blank=True)
    account = models.BooleanField(null=True, help_text="Whether it needs an account")
    email = models.BooleanField(null=True, help_text="Whether it needs an email address")
    languages = models.CharField(max_length=200, blank=True, help_text="Names of languages, with commas")
    accessibility = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    evidence_strength = models.CharField(max_length=40, default="none")
    link = models.URLField(max_length=300, blank=True)
    published = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class AppText(models.Model):
    """What stood about an app from then on, whole."""

    app = models.ForeignKey(TrustedApp, on_delete=models.CASCADE, related_name="texts", db_index=False)
    version = models.PositiveIntegerField()
    told = models.JSONField()
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("version",)
        constraints = [models.UniqueConstraint(fields=("app", "version"), name="app_text_once")]

    def __str__(self) -> str:
        return f"{self.app_id} v{self.version}"


class Result(models.TextChoices):
    """What a review came to."""

    SAFE = "safe", "Safe for this"
    WITH_SOMEBODY = "with_somebody", "Only with somebody beside you"
    NOT = "not", "Not for this"


class AppReview(models.Model):
    """Somebody looked at an app, as it was described in `version`. The latest review holds, until `again_on`."""

    app = models.ForeignKey(TrustedApp, on_delete=models.CASCADE, related_name="reviews")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    reviewed_on = models.DateField()
    looked_at = models.TextField(help_text="What was looked at")
    result = models.CharField(max_length=13, choices=Result)
    words = models.TextField(blank=True)
    again_on = models.DateField(help_text="The last day on which it holds")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(again_on__gt=F("reviewed_on")), name="app_review_ends_after_it_was_made"
            ),
            models.CheckConstraint(condition=Q(result__in=Result.values), name="app_review_result_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.app_id}: {self.result}"
