"""What the background work keeps: who holds which task until when, what is done again and again, and who works."""

from django.db import models


class Lease(models.Model):
    """One worker holds one task until a moment. It is renewed while the task runs, and gone when the task has ended."""

    task_id = models.UUIDField(primary_key=True)
    worker = models.CharField(max_length=64)
    attempt = models.PositiveIntegerField(default=1, help_text="How often the task was begun")
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.task_id} until {self.until}"


class Periodic(models.Model):
    """Work that is done once in every period. `task_id` is the run that was put in the queue last."""

    name = models.CharField(max_length=100, primary_key=True)
    next_at = models.DateTimeField()
    task_id = models.UUIDField(null=True, blank=True)
    last_started_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class WorkerSeen(models.Model):
    """A worker, and when it was last alive."""

    name = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.seen_at}"
