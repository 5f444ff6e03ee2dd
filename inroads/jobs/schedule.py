"""Work that is done once in every period: `every` registers it, `enqueue_due` puts what is due into the queue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from inroads.jobs.models import Periodic

UNDER_WAY = ("READY", "RUNNING")


@dataclass(frozen=True)
class Work:
    """A function that is called once in every period."""

    name: str
    period: timedelta
    function: Callable[[], object]

    @property
    def says(self) -> str:
        """What it does, in the first sentence of its docstring; "" without one."""
        said = " ".join((self.function.__doc__ or "").strip().split("\n\n")[0].split())
        return said.partition(". ")[0].rstrip(".")


_registered: dict[str, Work] = {}


def every(period: timedelta, *, name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Calls the function below it once in every period, again after a crash: so it must not matter that it ran twice.

    The function takes nothing and stands in `<room>/jobs.py`. `name` is unique, such as "people.remind". Periods that
    were missed while no worker ran are made up for by one run. Raises `ValueError` for a name that is taken.
    """
    if period <= timedelta(0):
        raise ValueError(f"every: period is {period}: expected more than nothing")

    def register(function: Callable[[], object]) -> Callable[[], object]:
        taken = _registered.get(name)
        if taken is not None and (taken.function.__module__, taken.function.__qualname__) != (
            function.__module__,
            function.__qualname__,
        ):
            raise ValueError(f"every: name='{name}' is taken by {taken.function.__module__}. Choose another")
        _registered[name] = Work(name, period, function)
        return function

    return register


def registered() -> dict[str, Work]:
    """All work by name, from every room's `jobs.py`."""
    _discover()
    return _registered


@cache
def _discover() -> None:
    for room in apps.get_app_configs():
        if room.name.startswith("inroads.") and find_spec(f"{room.name}.jobs") is not None:
            import_module(f"{room.name}.jobs")


def run(name: str) -> None:
    """Does the work of this name now. What is no longer there is passed over: its room took it out."""
    work = registered().get(name)
    if work is not None:
        work.function()


def soon(name: str) -> None:
    """Does this work as soon as what is being written now is kept, instead of at its next turn."""
    # It is never more than a shortcut: what goes wrong here is made up for by the next turn.
    transaction.on_commit(partial(_due_now, name), robust=True)


def _due_now(name: str) -> None:
    now = timezone.now()
    waiting = Periodic.objects.filter(name=name, next_at__gt=now)
    # Asked before it is written: of many messages written in a row, one makes it due.
    if waiting.exists():
        waiting.update(next_at=now)


def enqueue_due(now: datetime | None = None) -> list[str]:
    """Puts what is due into the queue, and says what. However many workers ask at once, each run is put there once."""
    now = now or timezone.now()
    known = registered()
    kept = dict(Periodic.objects.filter(name__in=known).values_list("name", "next_at"))
    if missing := known.keys() - kept.keys():
        Periodic.objects.bulk_create(
            [Periodic(name=name, next_at=now) for name in sorted(missing)], ignore_conflicts=True
        )
    due = sorted({name for name, next_at in kept.items() if next_at <= now} | missing)
    return [name for name in due if _enqueue(known[name], now)]


@transaction.atomic
def _enqueue(work: Work, now: datetime) -> bool:
    from inroads.jobs.tasks import run_periodic

    turn = Periodic.objects.select_for_update(skip_locked=True).filter(name=work.name, next_at__lte=now).first()
    if turn is None:
        return False
    if turn.task_id and DBTaskResult.objects.filter(pk=turn.task_id, status__in=UNDER_WAY).exists():
        # The last run has not ended. It stays due, and follows when it has.
        return False
    turn.task_id = run_periodic.enqueue(work.name).id
    turn.next_at += (1 + (now - turn.next_at) // work.period) * work.period
    turn.last_started_at = now
    turn.save(update_fields=("task_id", "next_at", "last_started_at"))
    return True
