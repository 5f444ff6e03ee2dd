"""The worker: takes one task after the other, holds its lease while it runs, and puts what is due into the queue."""

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, connections
from django.utils import timezone
from django_tasks.base import TaskContext
from django_tasks_db.models import DBTaskResult

from inroads.jobs import leases, schedule
from inroads.jobs.models import WorkerSeen

logger = logging.getLogger("inroads.jobs")
_asked_to_stop = threading.Event()


def stopping() -> bool:
    """Whether this process was asked to stop: work in many steps ends after the step at hand."""
    return _asked_to_stop.is_set()


class Worker:
    """One worker. Several may run at once, on one machine or on many."""

    def __init__(self, *, name: str = "", ends_with: int | None = None) -> None:
        """`ends_with` is the process that started this one: when it is gone, so is the worker."""
        self.name = name or f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.ends_with = ends_with
        self.started_at = timezone.now()
        self.said_at: datetime | None = None

    def work(self, *, once: bool = False) -> int:
        """Takes tasks until asked to stop, or, with `once`, until nothing is due. Gives back how many were run."""
        done = 0
        while not stopping() and not self._left_alone():
            if not connection.in_atomic_block:
                close_old_connections()
            try:
                self._say_alive()
                schedule.enqueue_due()
                took = self.take_one()
            except DatabaseError as error:
                # The database is away or busy: what is held is taken up again when it is back.
                logger.warning("The queue cannot be read now (%s); trying again", type(error).__name__)
                if once:
                    raise
                connection.close()
                took = False
            done += took
            if took:
                continue
            if once:
                break
            _asked_to_stop.wait(settings.JOBS_WAIT_SECONDS)
        return done

    def take_one(self) -> bool:
        """Runs the next task, where there is one."""
        held = leases.claim(self.name)
        if held is None:
            return False
        kept = DBTaskResult.objects.get(pk=held.task_id)
        with _Renewal(held, on_turn=self._say_alive):
            error = _run(kept, held)
        try:
            if error is None:
                leases.succeed(held)
            else:
                logger.error("Task %s (%s) failed: %s", held.task_id, kept.task_path, type(error).__name__)
                leases.fail(held, error)
        except leases.LeaseLost:
            logger.warning("Task %s ended here after somebody else took it up", held.task_id)
        return True

    def listen_for_the_end(self) -> None:
        """Asked to end once: after the step at hand. Asked twice: at once, and another worker takes up the task."""
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        if stopping():
            os._exit(1)
        _asked_to_stop.set()

    def _left_alone(self) -> bool:
        return self.ends_with is not None and os.getppid() != self.ends_with

    def _say_alive(self) -> None:
        now = timezone.now()
        if self.said_at is None or (now - self.said_at).total_seconds() >= settings.JOBS_LEASE_SECONDS / 3:
            seen = {"started_at": self.started_at, "seen_at": now}
            WorkerSeen.objects.update_or_create(name=self.name, defaults=seen)
            self.said_at = now


def _run(kept: DBTaskResult, held: leases.Held) -> BaseException | None:
    try:
        task, result = kept.task, kept.task_result
        if task.takes_context:
            task.call(TaskContext(task_result=result), *result.args, **result.kwargs)
        else:
            task.call(*result.args, **result.kwargs)
    except (Exception, SystemExit) as error:
        return error
    return None


class _Renewal:
    """Renews a lease in a thread of its own while the task runs."""

    def __init__(self, held: leases.Held, *, on_turn: Callable[[], None]) -> None:
        self.held = held
        self.on_turn = on_turn
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._renew, daemon=True, name="renewal")

    def __enter__(self) -> "_Renewal":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _renew(self) -> None:
        try:
            while not self.over.wait(settings.JOBS_LEASE_SECONDS / 3):
                try:
                    if not leases.renew(self.held):
                        return
                    self.on_turn()
                except DatabaseError:
                    # Tried again at the next turn; two may go wrong before the lease has run out.
                    connection.close()
        finally:
            connections.close_all()
