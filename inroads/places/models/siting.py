"""Plans for more places that are looked for longer than a reader waits."""

from django.db import models
from django.utils import timezone


class SitingRun(models.Model):
    """A longer search for one plan, done in the background. Nothing in it is about anybody.

    `mark` tells the question and the figures it was asked of: when either changes, so does the mark, and this run is
    not shown again. `asked` holds the fields of the question and `weights` those of the risk
    index. `chosen` are places in the list of candidates, in order;
    `scored` and `bound` are of the best plan so far, and `seconds` how long was looked for in all. `without_account`:
    whether somebody without an account asked for it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Looking"
        DONE = "done", "Done"
        OUTDATED = "outdated", "The question or its figures changed meanwhile"

    mark = models.CharField(max_length=64, primary_key=True)
    area_code = models.CharField(max_length=9)
    asked = models.JSONField(default=dict)
    weights = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    seconds = models.PositiveIntegerField(default=0)
    chosen = models.JSONField(default=list)
    scored = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    proven = models.BooleanField(default=False)
    without_account = models.BooleanField(default=False)

    class Meta:
        ordering = ("-asked_at", "mark")

    def __str__(self) -> str:
        return f"{self.area_code}: {self.state}"
