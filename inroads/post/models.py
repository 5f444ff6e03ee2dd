"""The outbox: every message that is to leave, and what became of it."""

import uuid

from django.db import models
from django.utils import timezone

from inroads.reference.models import Organisation


class Channel(models.TextChoices):
    """In which way a message travels."""

    TEXT = "text", "Text message"
    EMAIL = "email", "Email"
    LETTER = "letter", "Letter"


class State(models.TextChoices):
    """What became of a message. Unsure: it may have left before something broke, and nobody can tell by asking."""

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "On its way out"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"
    UNSURE = "unsure", "May have been sent"
    CANCELLED = "cancelled", "Not sent, as it was no longer wanted"
    PRINTED = "printed", "Printed and posted"


class Message(models.Model):
    """A message on its way out. `to`, `subject` and `body` are personal: never in a log, emptied some time after."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200, unique=True, help_text="What it is about and when: sent once for each")
    channel = models.CharField(max_length=6, choices=Channel)
    to = models.TextField()
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    points = models.PositiveSmallIntegerField(default=12, help_text="Size of the text of a letter")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    about_kind = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=60, blank=True)
    not_before = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    changed_at = models.DateTimeField(default=timezone.now, help_text="When it came into this state")
    tries = models.PositiveSmallIntegerField(default=0)
    ask_first = models.BooleanField(default=False, help_text="An earlier try may have handed it over")
    holder = models.UUIDField(null=True, blank=True, help_text="Which try holds it while it is on its way out")
    held_until = models.DateTimeField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1, help_text="One more each time it could not be delivered")
    sent_at = models.DateTimeField(null=True, blank=True)
    follow_until = models.DateTimeField(null=True, blank=True, help_text="Until when it is asked whether it arrived")
    reference = models.CharField(max_length=200, blank=True, help_text="What the service that took it calls it")
    error = models.CharField(max_length=300, blank=True, help_text="Why it was not sent, without anything personal")
    emptied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("created_at", "pk")
        indexes = [
            models.Index(fields=("state", "not_before"), name="message_due"),
            models.Index(fields=("organisation", "state", "channel"), name="message_in"),
            models.Index(
                fields=("follow_until",), condition=models.Q(follow_until__isnull=False), name="message_followed"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(points__in=(12, 18, 24)), name="message_points_are_printed"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.state})"

    @property
    def own_reference(self) -> str:
        """What we call it towards the service that takes it: by this we ask whether it arrived there.

        Another one once it could not be delivered, or sending it again would find the one that failed.
        """
        return str(self.pk) if self.round == 1 else f"{self.pk}-{self.round}"
