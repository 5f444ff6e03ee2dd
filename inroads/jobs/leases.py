"""Who works on which task: claimed under lock, renewed while it runs, taken over when the lease has run out.

A task changes its state only in a transaction that holds its lease, so of two workers who believe that they hold it
only one can be right, and the other changes nothing.
"""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from inroads.jobs.models import Lease

READY, RUNNING, FAILED, SUCCESSFUL = "READY", "RUNNING", "FAILED", "SUCCESSFUL"
WENT_AWAY = "inroads.jobs.leases.WorkerWentAway"


class WorkerWentAway(Exception):  # noqa: N818 - it is a fact, said where an exception is expected
    """The workers that ran a task ended before it did, each time."""


class LeaseLost(Exception):  # noqa: N818 - it is a fact
    """Somebody else holds the task now. What this worker did counts, but it may say nothing about the task."""


@dataclass(frozen=True)
class Held:
    """A task that this worker holds."""

    task_id: UUID
    worker: str
    attempt: int

    def row(self) -> dict:
        """What tells this hold from every other."""
        return {"task_id": self.task_id, "worker": self.worker, "attempt": self.attempt}


def length() -> timedelta:
    """How long a lease lasts when nobody renews it."""
    return timedelta(seconds=settings.JOBS_LEASE_SECONDS)


def claim(worker: str, now: datetime | None = None) -> Held | None:
    """A task for this worker: one that another left behind, or else the next in the queue; None where there is none."""
    now = now or timezone.now()
    # Looking takes no lock, so an idle worker keeps nobody waiting.
    if Lease.objects.filter(until__lt=now).exists() and (held := _take_over(worker, now)):
        return held
    return _take_next(worker, now) if DBTaskResult.objects.ready().exists() else None


@transaction.atomic
def _take_over(worker: str, now: datetime) -> Held | None:
    for lease in Lease.objects.select_for_update(skip_locked=True).filter(until__lt=now).order_by("until")[:20]:
        task = DBTaskResult.objects.select_for_update().filter(pk=lease.task_id, status=RUNNING).first()
        if task is None:
            lease.delete()
            continue
        if lease.attempt >= settings.JOBS_ATTEMPTS:
            _end(
                task, FAILED, now, why=WENT_AWAY, said=f"Begun {lease.attempt} times; each worker went away meanwhile."
            )
            lease.delete()
            continue
        lease.worker, lease.attempt, lease.until = worker, lease.attempt + 1, now + length()
        lease.save(update_fields=("worker", "attempt", "until"))
        _begin(task, worker, now)
        return Held(lease.task_id, worker, lease.attempt)
    return None


@transaction.atomic
def _take_next(worker: str, now: datetime) -> Held | None:
    task = DBTaskResult.objects.ready().select_for_update(skip_locked=True).first()
    if task is None:
        return None
    Lease.objects.create(task_id=task.pk, worker=worker, attempt=1, until=now + length())
    _begin(task, worker, now)
    return Held(task.pk, worker, 1)


def renew(held: Held, now: datetime | None = None) -> bool:
    """Holds it for longer. False where it is held by somebody else by now, or has ended."""
    now = now or timezone.now()
    return Lease.objects.filter(**held.row()).update(until=now + length()) == 1


def succeed(held: Held, now: datetime | None = None) -> None:
    """The task is done. Raises `LeaseLost`."""
    with _holding(held) as task:
        _end(task, SUCCESSFUL, now or timezone.now())


def fail(held: Held, error: BaseException, now: datetime | None = None) -> None:
    """The task ended with an error, of which only kind and place are kept: its words may name a person."""
    kind = type(error)
    where = "".join(traceback.format_tb(error.__traceback__))
    with _holding(held) as task:
        _end(task, FAILED, now or timezone.now(), why=f"{kind.__module__}.{kind.__qualname__}", said=where)


@contextmanager
def _holding(held: Held) -> Iterator[DBTaskResult]:
    with transaction.atomic():
        lease = Lease.objects.select_for_update().filter(**held.row()).first()
        task = DBTaskResult.objects.select_for_update().filter(pk=held.task_id, status=RUNNING).first()
        if lease is None or task is None:
            raise LeaseLost(f"task {held.task_id}, attempt {held.attempt}")
        yield task
        lease.delete()


def _begin(task: DBTaskResult, worker: str, now: datetime) -> None:
    task.status, task.started_at, task.worker_ids = RUNNING, now, [*task.worker_ids, worker]
    task.save(update_fields=("status", "started_at", "worker_ids"))


def _end(task: DBTaskResult, status: str, now: datetime, *, why: str = "", said: str = "") -> None:
    task.status, task.finished_at, task.exception_class_path, task.traceback = status, now, why, said
    task.save(update_fields=("status", "finished_at", "exception_class_path", "traceback"))
