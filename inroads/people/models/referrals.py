"""Referrals: somebody is passed on to a touchpoint with their consent, and it is told back what became of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inroads.accounts.models import User
from inroads.directory.models import Service
from inroads.people.models.facts import SaidBy
from inroads.people.models.plans import PlanStep
from inroads.people.models.records import Person
from inroads.reference.models import Organisation


class ReferralState(models.TextChoices):
    """Where a referral stands. Codes of FHIR's ServiceRequest and Task are in `queries.referrals.FHIR`."""

    DRAFTED = "drafted", "Drafted"
    SENT = "sent", "Sent"
    RECEIVED = "received", "Opened by them"
    ACCEPTED = "accepted", "They said yes"
    DECLINED = "declined", "They said no"
    SEEN = "seen", "Seen"
    HELPED = "helped", "They say it helped"
    NOT_HELPED = "not_helped", "They say it did not help"
    TOLD_BACK = "told_back", "The person told us"
    NO_ANSWER = "no_answer", "No answer"
    WITHDRAWN = "withdrawn", "Taken back"


class Referral(models.Model):
    """One referral. What happened is in its events; `state`, `due_on` and `waits_for` are copies of what they come to.

    `due_on` is when somebody is next reminded, None once it has ended; it has waited for them since `since`, and they
    were `reminded` so often. `share` says which facts the person agreed to pass on, by name. `code_hash` finds it by
    its code, which is made from the secret key and never kept.
    """

    class WaitsFor(models.TextChoices):
        SENDER = "sender", "Us"
        RECEIVER = "receiver", "Them"
        PERSON = "person", "The person"
        NOBODY = "", "Nobody"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="referrals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="referrals")
    step = models.ForeignKey(PlanStep, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals")
    help = models.CharField(max_length=40, blank=True, help_text="The id of a file in definitions/helps/")
    asked = models.TextField(help_text="What would help, as the receiver reads it before they have said yes")
    share = models.JSONField(default=list)
    agreed_on = models.DateField()
    agreed_by = models.CharField(max_length=7, choices=SaidBy)
    how_agreed = models.CharField(max_length=200)
    code_hash = models.CharField(max_length=64, unique=True)
    person_code_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=ReferralState, default=ReferralState.DRAFTED)
    waits_for = models.CharField(max_length=8, choices=WaitsFor, default=WaitsFor.SENDER, blank=True)
    since = models.DateField(default=timezone.localdate)
    due_on = models.DateField(null=True, blank=True)
    meets_on = models.DateField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at", "pk")
        indexes = [
            models.Index(fields=("organisation", "state", "due_on"), name="referral_in"),
            models.Index(fields=("due_on", "id"), name="referral_due"),
        ]
        constraints = [
            # Nobody is left waiting for nothing: what has not ended waits for somebody, until a day.
            models.CheckConstraint(
                condition=Q(
                    state__in=("declined", "told_back", "no_answer", "withdrawn"), due_on__isnull=True, waits_for=""
                )
                | (
                    ~Q(state__in=("declined", "told_back", "no_answer", "withdrawn"))
                    & Q(due_on__isnull=False)
                    & ~Q(waits_for="")
                ),
                name="referral_waits_for_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.state}"


class ReferralEvent(models.Model):
    """One thing that happened to a referral. `by` is None where it came through a link or a code."""

    class Through(models.TextChoices):
        SCREEN = "screen", "On this screen"
        LINK = "link", "Through the link"
        PAPER = "paper", "On paper"
        PHONE = "phone", "By phone"
        ITSELF = "itself", "By itself, after waiting"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="events")
    state = models.CharField(max_length=10, choices=ReferralState)
    through = models.CharField(max_length=6, choices=Through)
    reason = models.CharField(max_length=40, blank=True)
    words = models.TextField(blank=True)
    meets_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.state
