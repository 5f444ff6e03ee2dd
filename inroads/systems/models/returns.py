"""Returns of systems, read passage by passage by two people who do not see each other's codes."""

import uuid

from django.db import models
from django.db.models import F, Q

from inroads.accounts.models import User
from inroads.accounts.recorded import Recorded
from inroads.reference.models import Organisation
from inroads.systems.models.waves import Wave


class About(models.TextChoices):
    """Of whom a passage speaks."""

    MENTAL_HEALTH = "mental_health", "People who need mental health services"
    EVERYBODY = "everybody", "Everybody who lives here"
    NOT_SAID = "not_said", "It does not say"


class Return(Recorded):
    """What a system returned: a document with its text, cut into passages. `sha256` is of the file as it came.

    Positions count Unicode code points of `text` from 0. `pages` are the positions at which its pages begin, where it
    has pages.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200, blank=True)
    file_kind = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    text = models.TextField()
    pages = models.JSONField(default=list, blank=True)
    criteria = models.JSONField(default=list, help_text="Ids of the criteria against which it is read")

    class Meta:
        ordering = ("recorded_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("wave", "organisation", "sha256"), condition=~Q(sha256=""), name="return_once_in_a_wave"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


class ReturnFile(models.Model):
    """The file of a return as it came, apart from it, so that lists do not read it."""

    of = models.OneToOneField(Return, on_delete=models.CASCADE, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.of_id)


class Passage(models.Model):
    """A paragraph of a return, from `start` to before `end`; `number` counts from 1."""

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="passages", db_index=False)
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=("of", "number"), name="passage_number_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"


class Reading(Recorded):
    """One of the two readings of a return: `place` is 1 or 2. `finished_at` once the reader says so; then it stays."""

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="readings", db_index=False)
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=("of", "place"), name="reading_place_once"),
            models.UniqueConstraint(fields=("of", "reader"), name="reading_by_two_people"),
            models.CheckConstraint(condition=Q(place__in=(1, 2)), name="reading_one_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.place}"


class Coding(Recorded):
    """A reader says that a passage speaks of a criterion; `supports` False where it says that it is not so.

    `start` and `end` are within the text of the return, mostly the passage's own. Withdrawn by its reader before they
    finished, it counts for nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="codings", db_index=False)
    passage = models.ForeignKey(Passage, on_delete=models.CASCADE, related_name="codings", db_index=False)
    criterion = models.CharField(max_length=60)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    about = models.CharField(max_length=13, choices=About, default=About.NOT_SAID)
    supports = models.BooleanField(default=True)
    words = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("start", "pk")
        indexes = [
            models.Index(fields=("reading", "criterion"), name="coding_of_reading"),
            models.Index(fields=("passage",), name="coding_of_passage"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=("reading", "criterion", "start", "end"),
                condition=Q(withdrawn_at=None),
                name="coding_once",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="coding_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.reading_id} {self.criterion}"


class ReadScore(Recorded):
    """What level a reader reads out of a return for a criterion; the latest of a reading holds."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="scores", db_index=False)
    criterion = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("reading", "criterion"), name="score_of_reading")]

    def __str__(self) -> str:
        return f"{self.reading_id} {self.criterion}: {self.level}"


class Settlement(Recorded):
    """What was settled for one criterion of a return on which two readers differed, and why; the latest holds.

    `first` and `second` are the levels the readers had given, None where one gave none; `level` is None where the
    return says nothing about it, which is not level 0. `kept` are ids of codings that
    stand.
    """

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="settlements", db_index=False)
    criterion = models.CharField(max_length=60)
    first = models.PositiveSmallIntegerField(null=True)
    second = models.PositiveSmallIntegerField(null=True)
    level = models.PositiveSmallIntegerField(null=True)
    words = models.TextField()
    kept = models.JSONField(default=list)

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("of", "criterion"), name="settlement_of_return")]

    def __str__(self) -> str:
        return f"{self.of_id} {self.criterion}: {self.level}"


class KeyAnswer(models.TextChoices):
    """What a system says to a key line of enquiry."""

    AGREE = "agree", "Agree"
    PARTLY = "partly", "Partly agree"
    DISAGREE = "disagree", "Disagree"
    NOT_SAID = "not_said", "Does not say"


class KeyLineAnswer(Recorded):
    """A system's answer to a key line of enquiry in a wave, with the text behind it; the latest holds."""

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="answers", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key_line = models.CharField(max_length=60)
    answer = models.CharField(max_length=8, choices=KeyAnswer)
    about = models.CharField(max_length=13, choices=About, default=About.NOT_SAID)
    text = models.TextField(blank=True)
    of = models.ForeignKey(Return, null=True, blank=True, on_delete=models.PROTECT, related_name="key_answers")

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("wave", "key_line"), name="key_answer_of_wave")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.key_line}: {self.answer}"
