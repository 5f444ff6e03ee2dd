"""What was said about digital life: conversations, answers, events, and what staff expected before they asked."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inroads.accounts.models import User
from inroads.people.models.facts import Recorded, Said
from inroads.people.models.records import Person
from inroads.reference.models import Organisation


class AnswerKind(models.TextChoices):
    """What an answer is about."""

    STRENGTH = "strength", "Strength or hope"
    BARRIER = "barrier", "Barrier"
    HELPED = "helped", "Whether a step of the plan helped"


class AnswerValue(models.TextChoices):
    """The five answers. Not asked is never no."""

    YES = "yes", "Yes"
    A_BIT = "a_bit", "A bit"
    NO = "no", "No"
    NOT_ASKED = "not_asked", "Not asked"
    PREFER_NOT = "prefer_not", "Prefer not to say"


class Present(models.TextChoices):
    """Who else was there."""

    COMPANION = "companion", "Somebody they trust"
    CARER = "carer", "A carer"
    INTERPRETER = "interpreter", "An interpreter"
    ADVOCATE = "advocate", "An advocate"
    MENTOR = "mentor", "A digital mentor"
    OTHER_STAFF = "other_staff", "Another member of staff"
    SOMEBODY_ELSE = "somebody_else", "Somebody else"


class Conversation(Said):
    """One conversation, paused and gone on with as often as needed. `asked` holds the ids of its questions in order."""

    class Kind(models.TextChoices):
        TRIAGE = "triage", "Short conversation"
        FULL = "full", "Full conversation"
        REOPENED = "reopened", "What has changed"
        STAFF = "staff", "What stands in our own way"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="conversations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    present = models.JSONField(default=list, blank=True)
    asked = models.JSONField(default=list)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")
        indexes = [models.Index(fields=("organisation", "recorded_at"), name="conversation_in")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.said_on}"

    def who_was_there(self) -> str:
        """Who else was there, in words; "" for nobody."""
        named = dict(Present.choices)
        listed = [named.get(each, each) for each in self.present]
        return ", ".join([*listed, *([self.present_words] if self.present_words else [])])


class Answer(Recorded):
    """One answer. `topic` is the id of a strength, a barrier, or a step of the plan. The latest one holds."""

    conversation = models.ForeignKey(
        Conversation, null=True, blank=True, on_delete=models.CASCADE, related_name="answers", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="answers", db_index=False)
    kind = models.CharField(max_length=8, choices=AnswerKind)
    topic = models.CharField(max_length=40)
    answer = models.CharField(max_length=10, choices=AnswerValue, blank=True)
    words = models.TextField(blank=True)
    channel = models.CharField(max_length=9)
    said_by = models.CharField(max_length=7)
    said_on = models.DateField()
    present_words = models.CharField(max_length=300, blank=True)
    # Nobody where the person wrote it themself, through a link.
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        indexes = [
            models.Index(fields=("person", "id"), name="answer_of_person"),
            models.Index(fields=("conversation", "id"), name="answer_in_conversation"),
        ]
        constraints = [
            # What digital is good for is told in words; everything else is one of the five.
            models.CheckConstraint(
                condition=Q(kind=AnswerKind.STRENGTH) | Q(answer__in=AnswerValue.values), name="answer_is_one_of_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.answer}"


class Event(Said):
    """Something happened that opens some answers again. `kind` is the id of a file in definitions/events/."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=40)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.kind


class Expectation(models.Model):
    """What a member of staff expected before asking. Seen by nobody but themself."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=40)
    expected = models.CharField(max_length=10, choices=AnswerValue)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="expectations")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("by", "person"), name="expectation_own")]

    def __str__(self) -> str:
        return self.topic
