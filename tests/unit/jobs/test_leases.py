"""A lease: one worker at a time, taken over when it has run out, and nothing said by a worker that lost it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import invented_tasks
import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inroads.jobs import leases
from inroads.jobs.models import Lease

pytestmark = pytest.mark.django_db
START = datetime(2030, 1, 7, 9, tzinfo=UTC)
LEASE = timedelta(seconds=30)


def enqueue(count: int = 1) -> None:
    for number in range(count):
        invented_tasks.note.enqueue(str(number))


def states() -> Counter:
    return Counter(DBTaskResult.objects.values_list("status", flat=True))


def test_a_task_is_claimed_once():
    enqueue()
    held = leases.claim("one", START)
    assert held.attempt == 1
    assert leases.claim("two", START) is None
    leases.succeed(held, START)
    assert states() == {"SUCCESSFUL": 1}
    assert not Lease.objects.exists()


def test_a_lease_that_is_renewed_is_not_taken_over():
    enqueue()
    held = leases.claim("one", START)
    for turn in range(1, 10):
        now = START + turn * LEASE * 0.9
        assert leases.renew(held, now)
        assert leases.claim("two", now + LEASE * 0.9) is None


def test_what_a_worker_left_behind_is_taken_over_when_its_lease_has_run_out():
    enqueue()
    first = leases.claim("one", START)
    assert leases.claim("two", START + LEASE) is None
    second = leases.claim("two", START + LEASE + timedelta(milliseconds=1))
    assert (second.task_id, second.attempt) == (first.task_id, 2)
    assert DBTaskResult.objects.get().worker_ids == ["one", "two"]


def test_a_worker_that_lost_its_lease_says_nothing_about_the_task():
    enqueue()
    first = leases.claim("one", START)
    second = leases.claim("two", START + 2 * LEASE)
    assert leases.renew(first, START + 2 * LEASE) is False
    with pytest.raises(leases.LeaseLost):
        leases.succeed(first)
    with pytest.raises(leases.LeaseLost):
        leases.fail(first, ValueError())
    assert states() == {"RUNNING": 1}
    leases.fail(second, ValueError())
    with pytest.raises(leases.LeaseLost):
        leases.succeed(first)
    assert states() == {"FAILED": 1}


def test_the_same_worker_that_lost_it_and_took_it_again_holds_only_the_second():
    enqueue()
    first = leases.claim("one", START)
    second = leases.claim("one", START + 2 * LEASE)
    with pytest.raises(leases.LeaseLost):
        leases.succeed(first)
    leases.succeed(second)
    assert states() == {"SUCCESSFUL": 1}


def test_a_task_that_every_worker_died_of_fails_with_a_sentence(settings):
    settings.JOBS_ATTEMPTS = 3
    enqueue(2)
    now = START
    ids = []
    for _ in range(3):
        ids.append(leases.claim("one", now).task_id)
        now += 2 * LEASE
    assert len(set(ids)) == 1
    other = leases.claim("one", now)
    assert other.task_id != ids[0]
    failed = DBTaskResult.objects.get(pk=ids[0])
    assert failed.status == "FAILED"
    assert failed.traceback == "Begun 3 times; each worker went away meanwhile."


def test_what_went_wrong_is_kept_without_its_words():
    enqueue()
    held = leases.claim("one", START)
    try:
        raise LookupError("Robin Quay")
    except LookupError as error:
        leases.fail(held, error)
    failed = DBTaskResult.objects.get()
    assert failed.exception_class_path == "builtins.LookupError"
    assert "test_what_went_wrong" in failed.traceback
    assert "Quay" not in f"{failed.traceback}{failed.exception_class_path}".replace('LookupError("Robin Quay")', "")


def test_a_lease_of_a_task_that_is_gone_is_cleared_away():
    enqueue()
    leases.claim("one", START)
    DBTaskResult.objects.all().delete()
    assert leases.claim("two", START + 2 * LEASE) is None
    assert not Lease.objects.exists()


class _World:
    """Two workers with clocks that only run forwards, who may be killed, wake up late, and end at any moment.

    `running` is the slow plain twin: who is at work on what, as somebody looking in from outside would see it.
    """

    def __init__(self, tasks: int) -> None:
        self.now = START
        self.running: dict[str, leases.Held | None] = {"one": None, "two": None}
        self.until: dict = {}
        self.asleep: list[leases.Held] = []
        self.began, self.ended = Counter(), Counter()
        enqueue(tasks)

    def claim(self, worker):
        if self.running[worker] is not None:
            return
        held = leases.claim(worker, self.now)
        if held is None:
            return
        for other in self.running.values():
            # Never two at once within the lease.
            assert not (other and other.task_id == held.task_id and self.until[other] >= self.now)
        assert not self.ended[held.task_id], "a task that had ended was begun again"
        self.began[held.task_id] += 1
        assert held.attempt == self.began[held.task_id]
        self.running[worker], self.until[held] = held, self.now + LEASE

    def renew(self, worker):
        held = self.running[worker]
        if held is not None and leases.renew(held, self.now):
            self.until[held] = self.now + LEASE

    def end(self, worker):
        if (held := self.running[worker]) is not None:
            self.running[worker] = None
            self._say_done(held)

    def kill(self, worker):
        self.running[worker] = None

    def fall_asleep(self, worker):
        if (held := self.running[worker]) is not None:
            self.asleep.append(held)
            self.running[worker] = None

    def wake(self, worker):
        if self.asleep:
            self._say_done(self.asleep.pop(0))

    def wait(self, worker):
        self.now += LEASE * 0.6

    def _say_done(self, held):
        newest = held.attempt == self.began[held.task_id] and not self.ended[held.task_id]
        try:
            leases.succeed(held, self.now)
        except leases.LeaseLost:
            assert not newest, "the worker that holds it was not believed"
        else:
            assert newest, "a worker that had lost its lease ended the task"
            self.ended[held.task_id] += 1

    def finish(self):
        for _ in range(200):
            self.now += 2 * LEASE
            self.running = {"one": None, "two": None}
            self.claim("one")
            if self.running["one"] is None:
                return
            self.end("one")


STEPS = ("claim", "renew", "end", "kill", "fall_asleep", "wake", "wait")


@given(
    tasks=st.integers(1, 4),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.sampled_from(("one", "two"))), min_size=15, max_size=60),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_every_task_is_done_and_never_by_two_at_once(settings, tasks, steps):
    settings.JOBS_ATTEMPTS = 1000
    with transaction.atomic():
        world = _World(tasks)
        for step, worker in steps:
            getattr(world, step)(worker)
            assert set(states()) <= {"READY", "RUNNING", "SUCCESSFUL"}
        world.finish()
        assert states() == {"SUCCESSFUL": tasks}
        assert len(world.began) == tasks
        assert set(world.ended.values()) == {1}
        transaction.set_rollback(True)
