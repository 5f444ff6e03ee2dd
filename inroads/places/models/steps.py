"""Next small steps of a place: the gap that caused each, what it is, and its cycles of plan, do, study and act."""

import uuid

from django.db import models
from django.db.models import Q

from inroads.accounts.models import User
from inroads.accounts.recorded import Recorded
from inroads.reference.models import Organisation


class GapKind(models.TextChoices):
    """Where a gap was seen."""

    NEIGHBOURHOOD = "neighbourhood", "A neighbourhood"
    GROUP = "group", "A group of people"
    BARRIER = "barrier", "A barrier"
    TOUCHPOINT = "touchpoint", "A trusted touchpoint"
    STAGE = "stage", "A stage of a pathway"


class WhyEnded(models.TextChoices):
    """Why a step is over."""

    REACHED = "reached", "It reached its goal, and is part of what we do now"
    NOT_HELPED = "not_helped", "It did not help"
    MONEY = "money", "The money ended"
    OTHER_STEP = "other_step", "Another step fits better"
    OTHER = "other", "Something else"


class SmallStep(Recorded):
    """A step that starts small, with the gap that caused it as it stood that day. Its words are in its versions.

    `gap_code` is the code of a neighbourhood, or the id of a group, a barrier, a touchpoint or a stage; "" where there
    is none. `gap_value` with `gap_low` and `gap_high` is the figure of that day, and `gap_figure` says what it counts.
    Scaling and ending are each written once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    area_code = models.CharField(max_length=9, help_text="The ONS code of the area it is for")
    gap_kind = models.CharField(max_length=13, choices=GapKind)
    gap_code = models.CharField(max_length=40, blank=True)
    gap_title = models.CharField(max_length=200)
    gap_words = models.TextField()
    gap_figure = models.CharField(max_length=200, blank=True)
    gap_value = models.FloatField(null=True, blank=True)
    gap_low = models.FloatField(null=True, blank=True)
    gap_high = models.FloatField(null=True, blank=True)
    gap_on = models.DateField()
    scaled_at = models.DateTimeField(null=True, blank=True)
    scaled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    scaled_words = models.TextField(blank=True, help_text="Where it goes next, and how")
    for_whom_worse = models.TextField(blank=True, help_text="What is done for those for whom it got worse")
    scaled_although = models.TextField(blank=True, help_text="Why it was scaled although it may be chance")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_because = models.CharField(max_length=10, choices=WhyEnded, blank=True)
    ended_words = models.TextField(blank=True, help_text="What changed")

    class Meta:
        ordering = ("recorded_at", "pk")
        indexes = [
            models.Index(fields=("organisation", "ended_at"), name="small_step_in"),
            models.Index(fields=("gap_kind", "gap_code"), name="small_step_of_gap"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(gap_low=None, gap_high=None)
                | Q(gap_value__isnull=False, gap_low__isnull=False, gap_high__isnull=False),
                name="small_step_gap_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gap_title} ({self.pk})"


class Money(models.TextChoices):
    """What kind of money pays for it."""

    CAPITAL = "capital", "Capital: something is bought once"
    REVENUE = "revenue", "Revenue: it is paid while it runs"


class Paid(models.TextChoices):
    """Whether those who helped to design it were paid for their time."""

    ALL = "all", "Yes, everybody was offered payment"
    SOME = "some", "Some were"
    NONE = "none", "No"


class SmallStepVersion(Recorded):
    """A step as it stood from then on; the highest version holds.

    `at_start` and `target` are in `unit`; `money` in whole pounds. `designed_with` is how many people who need services
    helped to design it, `designed_how` in which ways; never their names.
    """

    step = models.ForeignKey(SmallStep, on_delete=models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=150)
    goal = models.TextField()
    shared_with = models.CharField(max_length=300)
    measure = models.CharField(max_length=200)
    counted_how = models.CharField(max_length=300)
    unit = models.CharField(max_length=30, blank=True)
    at_start = models.FloatField(null=True, blank=True)
    target = models.FloatField()
    owner = models.CharField(max_length=150)
    owner_organisation = models.CharField(max_length=150, blank=True)
    starts_on = models.DateField()
    review_on = models.DateField()
    money = models.PositiveIntegerField(null=True, blank=True)
    money_kind = models.CharField(max_length=7, choices=Money, blank=True)
    money_from = models.CharField(max_length=200, blank=True)
    money_until = models.DateField(null=True, blank=True)
    designed_with = models.PositiveSmallIntegerField(null=True, blank=True)
    designed_how = models.JSONField(default=list, blank=True)
    designed_paid = models.CharField(max_length=4, choices=Paid, blank=True)
    designed_words = models.TextField(blank=True)

    class Meta:
        ordering = ("version",)
        constraints = [models.UniqueConstraint(fields=("step", "version"), name="small_step_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Cycle(models.Model):
    """One round of plan, do, study and act; `number` counts from 1 within a step."""

    step = models.ForeignKey(SmallStep, on_delete=models.CASCADE, related_name="cycles", db_index=False)
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=("step", "number"), name="cycle_once")]

    def __str__(self) -> str:
        return f"{self.step_id}: cycle {self.number}"


class Part(models.TextChoices):
    """The four parts of a cycle, in their order."""

    PLAN = "plan", "Plan"
    DO = "do", "Do"
    STUDY = "study", "Study"
    ACT = "act", "Act"


class Decision(models.TextChoices):
    """What is decided at the end of a cycle."""

    ADOPT = "adopt", "Adopt: it works as it is"
    ADAPT = "adapt", "Adapt: change something and try again"
    GO_ON = "go_on", "Go on: the same again, to learn more"
    ABANDON = "abandon", "Abandon: stop trying this"


class GroupsKnown(models.TextChoices):
    """Whether it is known how it went by group."""

    YES = "yes", "Yes, at least for some groups"
    NO = "no", "No, it is not known by group"


class CycleEntry(Recorded):
    """One part of a cycle as it was written down. The latest of a part holds, and the earlier ones stay.

    A study may hold `value` with `low` and `high` in the unit of the measure, found in `counted` cases; `by_group` is a
    list of {"group", "start", "now"}. An act holds a decision.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="entries")
    part = models.CharField(max_length=5, choices=Part)
    on = models.DateField()
    words = models.TextField()
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    counted = models.PositiveIntegerField(null=True, blank=True)
    groups_known = models.CharField(max_length=3, choices=GroupsKnown, blank=True)
    by_group = models.JSONField(default=list, blank=True)
    decision = models.CharField(max_length=7, choices=Decision, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(low=None, high=None) | Q(value__isnull=False, low__isnull=False, high__isnull=False),
                name="study_has_both_ends",
            ),
            models.CheckConstraint(condition=Q(part="act") ^ Q(decision=""), name="act_alone_decides"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.part}"
