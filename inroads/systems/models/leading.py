"""Who leads, where it stands on an agenda, the canvas, and what a board is told."""

import uuid

from django.db import models
from django.db.models import Q

from inroads.accounts.models import User
from inroads.accounts.recorded import Recorded
from inroads.reference.models import Organisation


class RoleHeld(Recorded):
    """Somebody holds a leadership role. Never changed; it ends, and the next begins.

    `name` is "" where the role is said to be vacant. `days` is the days a week they have for it, None where not known.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    name = models.CharField(max_length=150, blank=True)
    where = models.CharField(max_length=150, blank=True, help_text="Their organisation or team")
    days = models.FloatField(null=True, blank=True)
    deputy = models.CharField(max_length=150, blank=True)
    lived_experience = models.BooleanField(null=True)
    money_until = models.DateField(null=True, blank=True, help_text="When the money for the post ends")
    from_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When that was written down")
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("role", "from_on", "pk")
        indexes = [models.Index(fields=("organisation", "ended_on"), name="role_held_in")]
        constraints = [
            models.CheckConstraint(condition=Q(days=None) | Q(days__gt=0, days__lte=7), name="role_days_in_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.name or 'vacant'}"


class AgendaItem(Recorded):
    """Inclusion stood on an agenda: where, when, what was decided, and what became of it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    meeting = models.CharField(max_length=150)
    board = models.BooleanField(default=False, help_text="It was the board of the system itself")
    on = models.DateField()
    title = models.CharField(max_length=200)
    decided = models.TextField(blank=True)
    look_again_on = models.DateField(null=True, blank=True)
    became = models.TextField(blank=True)
    became_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-on", "-pk")
        indexes = [models.Index(fields=("organisation", "-on"), name="agenda_of_system")]

    def __str__(self) -> str:
        return f"{self.meeting} {self.on}"


class CanvasCell(Recorded):
    """What stands in one cell of a system's canvas, from then on; the highest version holds."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    dimension = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    strengths = models.TextField(blank=True)
    gaps = models.TextField(blank=True)
    next = models.TextField(blank=True)
    said_by = models.CharField(max_length=300, blank=True, help_text="Who was in the room")

    class Meta:
        ordering = ("version",)
        constraints = [models.UniqueConstraint(fields=("organisation", "dimension", "version"), name="cell_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.dimension} v{self.version}"


class ReportState(models.TextChoices):
    """How far a board report is."""

    WAITING = "waiting", "Waiting to be made"
    MAKING = "making", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "It could not be made"


class BoardReport(Recorded):
    """What a board is told, as of a moment. `facts` are all it says, so that it reads the same for ever.

    `as_of` is the moment up to which rows count. `asks` are what the board is asked for, in the words of whoever
    reports. `done` of `steps` are finished while it is being made. `sha256` is of the PDF, which comes out the same
    again from the same rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    for_meeting_on = models.DateField()
    as_of = models.DateTimeField()
    asks = models.JSONField(default=list)
    words = models.TextField(blank=True, help_text="What whoever reports adds in their own words")
    state = models.CharField(max_length=7, choices=ReportState, default=ReportState.WAITING)
    done = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=1)
    said = models.CharField(max_length=300, blank=True, help_text="What is being done, or why it failed")
    facts = models.JSONField(null=True, blank=True)
    pdf = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When it was made again last, to be compared")
    checked_same = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ("-for_meeting_on", "-recorded_at", "pk")
        indexes = [models.Index(fields=("organisation", "-for_meeting_on"), name="report_of_system")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | (Q(facts__isnull=False, pdf__isnull=False) & ~Q(sha256="")),
                name="ready_report_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


class LargerPaper(models.Model):
    """A board report in larger print, laid out once, as that takes longer than a page may."""

    of = models.ForeignKey(BoardReport, on_delete=models.CASCADE, related_name="larger", db_index=False)
    points = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("of", "points"), name="larger_paper_once")]

    def __str__(self) -> str:
        return f"{self.of_id} {self.points}"
