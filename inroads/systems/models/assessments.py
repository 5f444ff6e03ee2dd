"""Self-assessments: who fills in which part, what is claimed, what shows it, and what a peer says of it."""

import uuid

from django.db import models
from django.db.models import F, Q

from inroads.accounts.models import User
from inroads.accounts.recorded import Recorded
from inroads.reference.models import Organisation

LONGEST_TITLE = 200


class State(models.TextChoices):
    """How far an assessment is. It goes on in this order; from submitted it may go back to open, with a reason."""

    OPEN = "open", "Being filled in"
    SUBMITTED = "submitted", "Handed in, and being reviewed"
    REVIEWED = "reviewed", "Reviewed, and to be read again"
    LOCKED = "locked", "Closed: it stays as it is"


class Assessment(Recorded):
    """A self-assessment of one system against one edition of the framework, over weeks.

    `framework` is the id of the edition. `after` is the assessment from which it began: its claims are there to be
    taken over or changed, its evidence goes on until it expires. Of one system one is open at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    framework = models.CharField(max_length=40)
    title = models.CharField(max_length=LONGEST_TITLE)
    after = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")
        indexes = [models.Index(fields=("organisation", "state"), name="assessment_of_system")]
        constraints = [
            models.UniqueConstraint(
                fields=("organisation",), condition=~Q(state="locked"), name="assessment_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="locked", locked_at__isnull=False) | (~Q(state="locked") & Q(locked_at=None)),
                name="assessment_locked_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


class Moved(Recorded):
    """An assessment changed its state; `words` say why, or what the reviewer saw as a whole."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="moves")
    state = models.CharField(max_length=9, choices=State)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.state}"


class Part(Recorded):
    """Who looks after one criterion of an assessment. The latest of a criterion holds; `holder` None is nobody."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="parts", db_index=False)
    criterion = models.CharField(max_length=60)
    holder = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    finished = models.BooleanField(default=False, help_text="The holder says that nothing more is coming")

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("assessment", "criterion"), name="part_of_assessment")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.criterion}"


class Claimed(Recorded):
    """Somebody says that a level is reached; the latest of a criterion holds, and `version` counts them from 1.

    `taken_over`: it was written in an assessment before, and nobody has looked at it in this one.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="claims", db_index=False)
    criterion = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    dated = models.DateField()
    taken_over = models.BooleanField(default=False)

    class Meta:
        ordering = ("version",)
        constraints = [
            models.UniqueConstraint(fields=("assessment", "criterion", "version"), name="claim_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.criterion} v{self.version}: level {self.level}"


class Voice(models.TextChoices):
    """Who speaks through a piece of evidence."""

    ORGANISATION = "organisation", "The organisation, about itself"
    RECORD = "record", "A record of what was done"
    PEOPLE = "people", "People, about what happened to them"


class Evidence(Recorded):
    """Something that shows an element of a criterion, or that it is not so. Never changed; it can be withdrawn.

    It belongs to the system, not to an assessment, and counts from `dated` until `expires_on`. `criterion` and
    `element` are ids of the edition in which it was laid down. `dated` is None where the day is not known: it counts
    for nothing then. Its file, passage or quote leads to what it stands on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    criterion = models.CharField(max_length=60)
    element = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    voice = models.CharField(max_length=12, choices=Voice)
    supports = models.BooleanField(default=True)
    dated = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    title = models.CharField(max_length=LONGEST_TITLE)
    words = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    passage = models.ForeignKey(
        "systems.Coding", null=True, blank=True, on_delete=models.PROTECT, related_name="evidence"
    )
    quote = models.ForeignKey("systems.Quote", null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_words = models.TextField(blank=True)

    class Meta:
        ordering = ("-dated", "recorded_at", "pk")
        indexes = [models.Index(fields=("organisation", "criterion"), name="evidence_of_system")]
        constraints = [
            models.CheckConstraint(
                condition=Q(dated=None) | Q(expires_on__isnull=False, expires_on__gt=F("dated")),
                name="evidence_expires_after_its_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


class EvidenceFile(Recorded):
    """A file beside a piece of evidence, as it came. `sha256` is of its content."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Invited(Recorded):
    """A peer of another system is asked to review an assessment; they see it from when it is handed in."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="reviewers")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=("assessment", "reviewer"), condition=Q(ended_at=None), name="reviewer_invited_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.reviewer_id}"


class Verdict(models.TextChoices):
    """What a reviewer says of a piece of evidence."""

    SHOWS = "shows", "It shows what it is said to show"
    UNCLEAR = "unclear", "I cannot tell; please add something"
    NOT_SHOWN = "not_shown", "It does not show this"


class ReviewedEvidence(Recorded):
    """What a reviewer says of a piece of evidence; the latest of each reviewer holds.

    Evidence that does not show what it is said to show counts for nothing while the verdict stands.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence_reviews")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="reviews")
    verdict = models.CharField(max_length=9, choices=Verdict)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(verdict="shows") | ~Q(words=""), name="review_of_evidence_says_why")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.verdict}"


class Remark(Recorded):
    """What a reviewer says about a criterion of an assessment, or the system in answer. Nothing is changed."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="remarks")
    criterion = models.CharField(max_length=60)
    from_reviewer = models.BooleanField(default=False)
    words = models.TextField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.criterion}"


class Result(models.Model):
    """The three needles of one criterion when an assessment was closed, so that waves are read quickly.

    `missing` and `contrary` count conditions that do not hold and evidence to the contrary; `heard` counts pieces from
    people. The assessment stays the source: working it out again gives the same.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="results", db_index=False)
    criterion = models.CharField(max_length=60)
    claimed = models.PositiveSmallIntegerField(null=True)
    evidenced = models.PositiveSmallIntegerField()
    experienced = models.PositiveSmallIntegerField()
    missing = models.PositiveSmallIntegerField()
    contrary = models.PositiveSmallIntegerField()
    heard = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=("assessment", "criterion"), name="result_once")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.criterion}"
