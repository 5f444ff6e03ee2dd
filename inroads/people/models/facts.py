"""What every fact about a person carries: who said it, through which channel, on which day, and who wrote it down."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from inroads.accounts.recorded import Recorded
from inroads.reference.titles import CHANNELS

# How far ahead a review, a step or a look at a choice may lie.
LONGEST_AHEAD = timedelta(days=366)


class Channel(models.TextChoices):
    """How something was said."""

    IN_PERSON = "in_person", CHANNELS["in_person"]
    PHONE = "phone", CHANNELS["phone"]
    VIDEO = "video", CHANNELS["video"]
    PAPER = "paper", CHANNELS["paper"]
    MESSAGE = "message", CHANNELS["message"]
    SCREEN = "screen", CHANNELS["screen"]


class SaidBy(models.TextChoices):
    """Whose words they are."""

    PERSON = "person", "The person"
    TRUSTED = "trusted", "Somebody they trust, for them"
    BOTH = "both", "The person and somebody they trust, together"
    STAFF = "staff", "Staff, who saw or did it"


class Said(Recorded):
    """A fact that somebody said, on a day that may lie before it was written down."""

    channel = models.CharField(max_length=9, choices=Channel)
    said_by = models.CharField(max_length=7, choices=SaidBy, default=SaidBy.PERSON)
    said_on = models.DateField(default=timezone.localdate)
    present_words = models.CharField(max_length=200, blank=True, help_text="Who else was there, helped or asked")

    class Meta:
        abstract = True
