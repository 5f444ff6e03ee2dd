"""The worker, how the background work stands, and what is forgotten."""

import threading
import time
from datetime import timedelta

import invented_tasks
import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from inroads.jobs import leases, queries, worker
from inroads.jobs.jobs import prune
from inroads.jobs.models import Lease, WorkerSeen
from inroads.jobs.worker import Worker


@pytest.fixture(autouse=True)
def nothing_done():
    """No test sees what another did."""
    invented_tasks.done.clear()


@pytest.mark.django_db
def test_a_worker_takes_all_that_is_due_and_ends(only):
    for each in "abc":
        invented_tasks.note.enqueue(each)
    invented_tasks.note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("later")
    assert Worker(name="one").work(once=True) == 3
    assert invented_tasks.done == ["a", "b", "c"]
    assert not Lease.objects.exists()


@pytest.mark.django_db
def test_a_task_learns_who_runs_it(only):
    invented_tasks.note_attempt.enqueue()
    Worker(name="one").work(once=True)
    assert invented_tasks.done == ["one"]


@pytest.mark.django_db
def test_a_task_that_goes_wrong_fails_without_its_words_and_the_next_one_follows(only, caplog):
    invented_tasks.stumble.enqueue("Robin Quay")
    invented_tasks.note.enqueue("after")
    assert Worker(name="one").work(once=True) == 2
    assert invented_tasks.done == ["after"]
    failed = DBTaskResult.objects.get(status="FAILED")
    assert "Robin" not in failed.traceback + caplog.text
    (said,) = queries.state().failed
    assert (said.name, said.why) == ("invented_tasks.stumble", "LookupError")


@pytest.mark.django_db
def test_a_task_that_is_no_longer_there_fails_and_stops_nobody(only):
    invented_tasks.note.enqueue("a")
    DBTaskResult.objects.update(task_path="invented_tasks.gone")
    invented_tasks.note.enqueue("b")
    Worker(name="one").work(once=True)
    assert invented_tasks.done == ["b"]
    assert DBTaskResult.objects.filter(status="FAILED").count() == 1


@pytest.mark.django_db
def test_asked_to_stop_a_worker_takes_nothing_more(only):
    invented_tasks.note.enqueue("a")
    worker._asked_to_stop.set()
    assert Worker(name="one").work() == 0
    assert DBTaskResult.objects.get().status == "READY"


@pytest.mark.django_db
def test_a_worker_ends_with_the_process_that_started_it(only):
    assert Worker(name="one", ends_with=-1).work() == 0


# Only the tables of these are emptied after it: the audit trail lets nobody empty it.
@pytest.mark.django_db(transaction=True, available_apps=["django_tasks_db", "inroads.jobs"])
def test_a_lease_is_renewed_while_a_task_runs(only, settings):
    settings.JOBS_LEASE_SECONDS = 0.6
    others = []

    def long_one():
        latest = time.monotonic() + 2
        while time.monotonic() < latest:
            others.append(leases.claim("two"))
            time.sleep(0.1)

    invented_tasks.note.enqueue("a")
    held = leases.claim("one")
    with worker._Renewal(held, on_turn=lambda: None):
        long_one()
    assert set(others) == {None}
    leases.succeed(held)
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert threading.active_count() < 10
    connection.close()


@pytest.mark.django_db
def test_the_state_says_when_a_worker_was_last_alive(only, settings):
    assert queries.state().alive is False
    assert queries.state().last_seen_at is None
    Worker(name="one").work(once=True)
    said = queries.state()
    assert said.alive
    assert queries.is_alive()
    much_later = timezone.now() + timedelta(seconds=4 * settings.JOBS_LEASE_SECONDS)
    assert queries.state(much_later).alive is False
    assert not queries.is_alive(much_later)


@pytest.mark.django_db
def test_what_ended_long_ago_is_forgotten(settings):
    for each in "abcd":
        invented_tasks.note.enqueue(each)
    now = timezone.now()
    rows = list(DBTaskResult.objects.order_by("enqueued_at"))
    for row, (status, days) in zip(
        rows, [("SUCCESSFUL", 2), ("SUCCESSFUL", 0), ("FAILED", 2), ("FAILED", 31)], strict=True
    ):
        DBTaskResult.objects.filter(pk=row.pk).update(status=status, finished_at=now - timedelta(days=days))
    WorkerSeen.objects.create(name="long gone", started_at=now, seen_at=now - timedelta(days=3))
    WorkerSeen.objects.create(name="last", started_at=now, seen_at=now - timedelta(days=2))
    prune()
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == {rows[1].pk, rows[2].pk}
    # When one was last alive stays known.
    assert list(WorkerSeen.objects.values_list("name", flat=True)) == ["last"]
