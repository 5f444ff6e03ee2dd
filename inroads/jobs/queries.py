"""How the background work stands: when a worker was last alive, what waits, what failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from inroads.jobs.leases import FAILED, READY, RUNNING, WENT_AWAY
from inroads.jobs.models import Periodic, WorkerSeen
from inroads.jobs.schedule import registered

MOST_FAILED = 20


@dataclass(frozen=True)
class FailedTask:
    """A task that failed: its name, what it does, when, and why without anything that is about a person."""

    name: str
    says: str
    at: datetime
    why: str


@dataclass(frozen=True)
class PeriodicWork:
    """Work that is done again and again: when it began last and when it is due next, None where it never was."""

    name: str
    says: str
    period: timedelta
    last_started_at: datetime | None
    next_at: datetime | None


@dataclass(frozen=True)
class State:
    """How the background work stands. `alive` is whether a worker said so within three leases."""

    alive: bool
    last_seen_at: datetime | None
    waiting: int
    running: int
    failed: list[FailedTask]
    works: list[PeriodicWork]


def is_alive(now: datetime | None = None) -> bool:
    """Whether a worker was alive within three leases. One quick question, for health checks."""
    return WorkerSeen.objects.filter(seen_at__gte=_alive_since(now or timezone.now())).exists()


def state(now: datetime | None = None) -> State:
    """How the background work stands now; failures are the latest ones."""
    now = now or timezone.now()
    seen = WorkerSeen.objects.aggregate(last=Max("seen_at"))["last"]
    turns = Periodic.objects.in_bulk()
    works = [
        PeriodicWork(
            work.name,
            work.says,
            work.period,
            turns[work.name].last_started_at if work.name in turns else None,
            turns[work.name].next_at if work.name in turns else None,
        )
        for work in sorted(registered().values(), key=lambda each: each.name)
    ]
    failed = DBTaskResult.objects.filter(status=FAILED).order_by("-finished_at", "pk")[:MOST_FAILED]
    return State(
        alive=seen is not None and seen >= _alive_since(now),
        last_seen_at=seen,
        waiting=DBTaskResult.objects.filter(status=READY).count(),
        running=DBTaskResult.objects.filter(status=RUNNING).count(),
        failed=[_failed(each) for each in failed],
        works=works,
    )


def _alive_since(now: datetime) -> datetime:
    return now - timedelta(seconds=3 * settings.JOBS_LEASE_SECONDS)


def _failed(task: DBTaskResult) -> FailedTask:
    arguments = task.args_kwargs.get("args") or []
    # Work that is done again and again goes by its own name.
    is_turn = task.task_path == "inroads.jobs.tasks.run_periodic" and arguments
    why = task.traceback if task.exception_class_path == WENT_AWAY else task.exception_class_path.rpartition(".")[2]
    name = str(arguments[0]) if is_turn else task.task_path
    work = registered().get(name)
    return FailedTask(name, work.says if work else "", task.finished_at, why)
