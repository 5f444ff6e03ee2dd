"""What somebody is to be told or asked, in their own channel, and whether it reached them."""

import uuid

from django.db import models
from django.utils import timezone

from inroads.accounts.models import User
from inroads.people.models.records import ContactWay, Person


class Contact(models.Model):
    """Something a person is told or asked on or after a day, once. `key` says what, so that nothing is sent twice.

    `way` is how they like to be contacted, read when it became due. A text message or an email goes out by itself, a
    letter is printed; anything else, and anybody who was never asked how, is on the list of those whom somebody rings
    or sees. `words` are what to say, in sentences of one line each.
    """

    class Why(models.TextChoices):
        HELPED = "helped", "Ask whether it helped"
        DATA_ENDS = "data_ends", "Say that data ends soon"
        LOAN = "loan", "Talk about a loan"
        REFERRAL = "referral", "Tell them what became of a referral"

    class State(models.TextChoices):
        PLANNED = "planned", "To be done"
        SENT = "sent", "On its way"
        DONE = "done", "Done"
        NOT_REACHED = "not_reached", "Not reached"
        CANCELLED = "cancelled", "No longer needed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=100, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts")
    why = models.CharField(max_length=9, choices=Why)
    words = models.TextField()
    link = models.CharField(max_length=300, blank=True, help_text="An address on which they can answer")
    due_on = models.DateField()
    state = models.CharField(max_length=11, choices=State, default=State.PLANNED)
    way = models.CharField(max_length=7, choices=ContactWay, blank=True)
    round = models.PositiveSmallIntegerField(default=0, help_text="How often it was called back before it left")
    by_hand = models.BooleanField(default=False, help_text="Somebody rings: no message goes to them, or one was lost")
    tries = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("due_on", "pk")
        indexes = [models.Index(fields=("state", "due_on"), name="contact_due")]

    def __str__(self) -> str:
        return self.key
