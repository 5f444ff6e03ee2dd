"""A claim beside other voices: what share of each says so, and what would tell rival explanations apart."""

import uuid

from django.db import models
from django.db.models import F, Q

from inroads.accounts.recorded import Recorded
from inroads.reference.models import Organisation


class Speaks(models.TextChoices):
    """Whose voice a share is."""

    LEADERS = "leaders", "Those who lead, in a return or an assessment"
    STAFF = "staff", "Staff"
    PEOPLE = "people", "People who need services"
    VOLUNTARY = "voluntary", "Voluntary and community organisations"
    RECORDS = "records", "What records show"


class Comparison(Recorded):
    """A statement on which several voices are set side by side.

    Of one system, or of England where `organisation` is None. Taken back, it is shown no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    statement = models.TextField(help_text="What is said to be so")
    criterion = models.CharField(max_length=60, blank=True)
    definition = models.CharField(max_length=60, blank=True, help_text="The file it came from, where one did")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("recorded_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("definition",), condition=~Q(definition=""), name="comparison_of_definition_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"


class Counted(Recorded):
    """Of `n` who were asked, `said` say so. `claim`: it is the claim that the others are set beside.

    Where only a percentage was published, `said` was worked out from it and need not be whole; `source` says so. Where
    it is not published how many were asked, `n` is an `assumed` number. Taken back, it is shown no more.
    """

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="voices")
    speaks = models.CharField(max_length=9, choices=Speaks)
    name = models.CharField(max_length=150)
    claim = models.BooleanField(default=False)
    said = models.FloatField()
    n = models.PositiveIntegerField()
    assumed = models.BooleanField(default=False, help_text="How many were asked is not published")
    asked = models.CharField(max_length=300, blank=True, help_text="What was asked, and how")
    on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(said__gte=0, said__lte=F("n")), name="counted_of_those_asked")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.said} of {self.n}"


class Contrasted(Recorded):
    """Two groups that an explanation sets apart, of the same voice: those whom it makes say more, and the others.

    `cause` is one of `inroads.methods.triangulation.CAUSES`.
    """

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="contrasts")
    cause = models.CharField(max_length=60)
    within = models.CharField(max_length=150, blank=True, help_text="In which voice the two groups are")
    more_name = models.CharField(max_length=150)
    more_said = models.FloatField()
    more_n = models.PositiveIntegerField()
    less_name = models.CharField(max_length=150)
    less_said = models.FloatField()
    less_n = models.PositiveIntegerField()
    source = models.CharField(max_length=300)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(more_said__gte=0, more_said__lte=F("more_n"), less_said__gte=0, less_said__lte=F("less_n")),
                name="contrasted_of_those_asked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cause}: {self.more_name} and {self.less_name}"
