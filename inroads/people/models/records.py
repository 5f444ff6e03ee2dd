"""People who need services, how they like to be told things, and whom they trust."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inroads.accounts.models import User
from inroads.people.models.facts import Recorded, Said
from inroads.reference.models import Organisation


class ContactWay(models.TextChoices):
    """How somebody likes to be contacted."""

    UNKNOWN = "", "Not asked yet"
    LETTER = "letter", "Letter"
    PHONE = "phone", "Phone call"
    TEXT = "text", "Text message"
    EMAIL = "email", "Email"
    VISIT = "visit", "Somebody comes round"
    TRUSTED = "trusted", "Through somebody they trust"


class Person(models.Model):
    """A person who needs services, as one organisation knows them.

    `sort_name` and `due_on` are copies for lists: the name in plain letters, and the first day on which something in
    the plan is due: its review, or a step that is still to do.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField(max_length=150)
    known_as = models.CharField(max_length=60, help_text="What they like to be called")
    born_on = models.DateField(null=True, blank=True)
    nhs_number = models.CharField(max_length=10, blank=True)
    neighbourhood = models.CharField(max_length=9, blank=True, help_text="Code of the LSOA of 2021 they live in")
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="own_record")
    sort_name = models.CharField(max_length=150, editable=False)
    due_on = models.DateField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("sort_name", "pk")
        indexes = [
            models.Index(fields=("organisation", "sort_name", "id"), name="person_by_name"),
            models.Index(fields=("sort_name", "id"), name="person_by_name_anywhere"),
            models.Index(fields=("organisation", "due_on", "id"), name="person_by_due"),
            models.Index(fields=("due_on", "id"), name="person_by_due_anywhere"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("nhs_number", "organisation"), condition=~Q(nhs_number=""), name="person_nhs_number_once"
            ),
        ]

    def __str__(self) -> str:
        return self.known_as


class NameWord(models.Model):
    """One word of a person's name in plain letters, by which they are found."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="name_words")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    word = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=("organisation", "word", "person"), name="name_word_in"),
            models.Index(fields=("word", "organisation", "person"), name="name_word"),
        ]

    def __str__(self) -> str:
        return self.word


class Preferences(Said):
    """How somebody likes to be contacted and told things. The latest row holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="preferences")
    contact_way = models.CharField(max_length=7, choices=ContactWay, blank=True)
    contact_detail = models.CharField(max_length=200, blank=True)
    contact_times = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=40, blank=True, help_text="The id of a file in definitions/formats/")
    language = models.CharField(max_length=60, blank=True)
    interpreter = models.BooleanField(default=False)
    communities = models.JSONField(default=list, blank=True, help_text="Ids of files in definitions/communities/")
    adjustments = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"of {self.person_id}"


class TrustedPerson(Recorded):
    """Somebody the person trusts, with what the person agreed they may do. Ended at any time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="trusted_people")
    name = models.CharField(max_length=150)
    relation = models.CharField(max_length=100, blank=True)
    may_see = models.BooleanField(default=False)
    may_change = models.BooleanField(default=False)
    agreed_on = models.DateField()
    how_agreed = models.CharField(max_length=200)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="trusted_by")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(may_change=False) | Q(may_see=True), name="trusted_person_sees_what_they_change"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OwnCode(Recorded):
    """A code, handed over once, with which somebody ties their account to a record. Kept only as a hash."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    trusted = models.ForeignKey(TrustedPerson, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"until {self.expires_at}"
