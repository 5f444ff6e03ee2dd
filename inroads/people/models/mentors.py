"""Digital mentors for people and champions for staff, who is paired with whom, their sessions, and drop-ins."""

from django.db import models
from django.db.models import F, Q

from inroads.accounts.models import User
from inroads.people.models.facts import Recorded, Said
from inroads.people.models.records import Person
from inroads.reference.models import Organisation


class MentorKind(models.TextChoices):
    """Whom somebody is there for."""

    MENTOR = "mentor", "A mentor for people"
    CHAMPION = "champion", "A champion for staff"


class Mentor(Recorded):
    """A digital mentor or champion, as those who keep them last wrote it down; `version` counts the changes.

    What is empty is unknown. `capacity` is how many people at once; `reach_km` how far they go, 0 for nowhere else.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=MentorKind, default=MentorKind.MENTOR)
    name = models.CharField(max_length=150)
    known_as = models.CharField(max_length=60, help_text="What they like to be called")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="mentoring")
    contact_words = models.CharField(max_length=200, blank=True, help_text="How colleagues reach them")
    languages = models.CharField(max_length=200, blank=True, help_text="Names of languages, with commas")
    interests = models.CharField(max_length=300, blank=True, help_text="What they like, with commas")
    communities = models.JSONField(default=list, blank=True, help_text="Ids of files in definitions/communities/")
    for_words = models.CharField(max_length=300, blank=True, help_text="For whom, in their words")
    where = models.CharField(max_length=200, blank=True)
    neighbourhood = models.CharField(max_length=9, blank=True, help_text="Code of the LSOA of 2021 they start from")
    reach_km = models.PositiveSmallIntegerField(null=True, blank=True)
    by_phone = models.BooleanField(default=False)
    by_video = models.BooleanField(default=False)
    hours = models.CharField(max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField()
    active_from = models.DateField()
    active_until = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("known_as", "pk")
        indexes = [models.Index(fields=("organisation", "kind", "active_until"), name="mentor_in")]
        constraints = [
            models.CheckConstraint(
                condition=Q(active_until=None) | Q(active_until__gte=F("active_from")), name="mentor_ends_after_begin"
            )
        ]

    def __str__(self) -> str:
        return self.known_as


class Supervision(Recorded):
    """When a mentor was last supervised, by whom, and when next. The latest row holds."""

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="supervisions")
    supervisor = models.CharField(max_length=150)
    met_on = models.DateField(null=True, blank=True)
    next_on = models.DateField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.mentor_id}: next on {self.next_on}"


class Pairing(Said):
    """A person and a mentor who work together, since the person said yes: how, when and to whom is on the row."""

    class EndedBecause(models.TextChoices):
        REACHED = "reached", "They can do what they wanted"
        PERSON = "person", "The person wanted to stop"
        OTHER_MENTOR = "other_mentor", "Another mentor fits better"
        MENTOR_STOPS = "mentor_stops", "The mentor stops"
        MOVED = "moved", "The person moved, or is seen elsewhere now"
        PAUSED = "paused", "Not the right time; it can begin again"
        OTHER = "other", "Something else"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="pairings")
    mentor = models.ForeignKey(Mentor, on_delete=models.PROTECT, related_name="pairings")
    began_on = models.DateField()
    how_agreed = models.CharField(max_length=200, help_text="How the person agreed")
    wants = models.TextField(blank=True, help_text="What they would like to be able to do, in their words")
    because = models.TextField(blank=True, help_text="Why this mentor was suggested, as it was shown")
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=12, choices=EndedBecause, blank=True)
    ended_words = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=("person", "mentor"), condition=Q(ended_on=None), name="pairing_open_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")), name="pairing_ends_after_begin"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} and {self.mentor_id}"


class TaskState(models.TextChoices):
    """How somebody does something digital now, as they see it. Not wanting to is an answer, and no failure."""

    ALONE = "alone", "Alone"
    WITH_HELP = "with_help", "With help"
    NOT_YET = "not_yet", "Not yet"
    NOT_WANTED = "not_wanted", "Does not want to"


class Session(Recorded):
    """One meeting of a person and a mentor. `tasks` says, by id in definitions/digital_tasks/, how it stands now."""

    class Where(models.TextChoices):
        TOUCHPOINT = "touchpoint", "At a place they know"
        HERE = "here", "Here, at the service"
        HOME = "home", "At home"
        WARD = "ward", "On a ward"
        PHONE = "phone", "By phone"
        VIDEO = "video", "By video"
        ELSEWHERE = "elsewhere", "Somewhere else"

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="sessions")
    met_on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    where = models.CharField(max_length=10, choices=Where)
    done = models.TextField(blank=True, help_text="What was done, in own words")
    tasks = models.JSONField(default=dict, blank=True)
    next_words = models.TextField(blank=True, help_text="What next")
    taken_back_at = models.DateTimeField(null=True, blank=True, help_text="When it was said to be a mistake")
    taken_back_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("met_on", "pk")

    def __str__(self) -> str:
        return f"{self.pairing_id} on {self.met_on}"


class DropIn(Recorded):
    """Somewhere to come without asking first: every week on a weekday, or on single days. Ended, never changed."""

    class Kind(models.TextChoices):
        CAFE = "cafe", "Digital café"
        SPRINT = "sprint", "Group of 30 minutes on one thing"
        HELP_DESK = "help_desk", "Help desk"

    class ForWhom(models.TextChoices):
        PEOPLE = "people", "People who need services"
        STAFF = "staff", "Staff"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    for_whom = models.CharField(max_length=6, choices=ForWhom, default=ForWhom.PEOPLE)
    title = models.CharField(max_length=150)
    where = models.CharField(max_length=200)
    neighbourhood = models.CharField(max_length=9, blank=True)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 is Monday; empty for single days")
    days = models.JSONField(default=list, blank=True, help_text="Single days, as 2026-03-27")
    starts = models.TimeField()
    ends = models.TimeField()
    languages = models.CharField(max_length=200, blank=True)
    words = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("title", "pk")
        indexes = [models.Index(fields=("organisation", "ended_at"), name="drop_in_in")]

    def __str__(self) -> str:
        return self.title


class Attendance(Recorded):
    """How many came to a drop-in on a day: a number and no names. The latest row of a day holds."""

    drop_in = models.ForeignKey(DropIn, on_delete=models.CASCADE, related_name="attendances")
    held_on = models.DateField()
    came = models.PositiveSmallIntegerField()
    mentors = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("held_on", "pk")

    def __str__(self) -> str:
        return f"{self.drop_in_id} on {self.held_on}: {self.came}"
