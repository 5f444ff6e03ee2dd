"""Interviews and stories: what people said, how far they agreed that it is used, and what they corrected."""

import uuid

from django.db import models
from django.db.models import Q

from inroads.accounts.models import User
from inroads.accounts.recorded import Recorded
from inroads.reference.models import Organisation
from inroads.reference.titles import CHANNELS


class Speaker(models.TextChoices):
    """As whom somebody speaks."""

    PERSON = "person", "Somebody who needs services, or has lived experience"
    TRUSTED = "trusted", "Family, a friend or somebody they trust"
    STAFF = "staff", "Staff"
    VOLUNTARY = "voluntary", "A voluntary or community organisation"
    LEADER = "leader", "Somebody who leads in the system"


class Use(models.TextChoices):
    """What somebody may agree to. None of them follows from another."""

    THEMES = "themes", "What I said may be counted among themes, without my words"
    QUOTED = "quoted", "My words may be quoted inside this system, without my name"
    PUBLISHED = "published", "My words may be published, without my name"
    NAMED = "named", "My name may stand beside my words"
    STORY = "story", "My story may be told as a whole"


class Interview(Recorded):
    """A conversation that was held to learn, with what the person agreed to on that day.

    `called` is how the person wants to be called here, never more of a name than they wish. `reached` is how they want
    to be told what became of it; "" where they do not. Consent is in its own rows, the latest holds.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    called = models.CharField(max_length=100)
    speaker = models.CharField(max_length=9, choices=Speaker)
    role_words = models.CharField(max_length=200, blank=True, help_text="In their own words, such as: mother of two")
    channel = models.CharField(max_length=9, choices=list(CHANNELS.items()))
    held_on = models.DateField()
    notes = models.TextField(blank=True)
    reached = models.CharField(max_length=200, blank=True)
    told_on = models.DateField(null=True, blank=True, help_text="When they were told what became of it")
    told_words = models.TextField(blank=True)
    code_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-held_on", "recorded_at", "pk")
        indexes = [models.Index(fields=("organisation", "-held_on"), name="interview_of_system")]

    def __str__(self) -> str:
        return f"{self.called} ({self.pk})"


class ConsentGiven(Recorded):
    """What somebody agreed to, from then on; the latest of an interview holds. No uses at all: it was withdrawn.

    `by_themselves`: the person said so with their code, not through us. `until` is the last day it holds, None where
    they set no end. `limits` are in their words.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="consents")
    # Nobody signs in to change their own consent: then whoever asked for the interview stands in `recorded_by`.
    by_themselves = models.BooleanField(default=False)
    uses = models.JSONField(default=list)
    limits = models.TextField(blank=True)
    until = models.DateField(null=True, blank=True)
    how = models.CharField(max_length=9, choices=list(CHANNELS.items()))

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.interview_id}: {', '.join(self.uses) or 'nothing'}"


class Quote(Recorded):
    """Words of somebody, as they said them, with the criteria they speak of.

    `checked_on` is when the person saw them and said they are right. A corrected quote is a new one that `replaces` the
    old, which is shown nowhere any more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="quotes")
    words = models.TextField()
    themes = models.JSONField(default=list, help_text="Ids of criteria")
    supports = models.BooleanField(null=True, help_text="Whether it speaks for the criteria, against, or neither")
    checked_on = models.DateField(null=True, blank=True)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")

    def __str__(self) -> str:
        return f"{self.words[:40]} ({self.pk})"


class Correction(Recorded):
    """What somebody said about what was made of their words, and what was done.

    `quote` None: about the whole. `by_themselves` as in `ConsentGiven`.
    """

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="corrections")
    quote = models.ForeignKey(Quote, null=True, blank=True, on_delete=models.CASCADE, related_name="corrections")
    by_themselves = models.BooleanField(default=False)
    words = models.TextField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_words = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_words="") | (Q(done_at__isnull=False) & ~Q(done_words="")),
                name="correction_done_says_what",
            )
        ]

    def __str__(self) -> str:
        return f"{self.interview_id}: {self.words[:40]}"


class CaseStudy(Recorded):
    """What was tried in a system and what came of it, growing out of what people said.

    Its words are in its versions.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("recorded_at", "pk")

    def __str__(self) -> str:
        return str(self.pk)


class CaseStudyVersion(Recorded):
    """A case study as it stood from then on; the highest version holds. `quotes` are ids of quotes that it shows."""

    case = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    where = models.TextField(help_text="What it was like before, and for whom")
    done = models.TextField(help_text="What was done, by whom")
    changed = models.TextField(help_text="What changed, and how that is known")
    failed = models.TextField(help_text="What did not work")
    cost = models.TextField(blank=True)
    criteria = models.JSONField(default=list)
    quotes = models.JSONField(default=list)

    class Meta:
        ordering = ("version",)
        constraints = [models.UniqueConstraint(fields=("case", "version"), name="case_study_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"
