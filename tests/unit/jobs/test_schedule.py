"""Work that is done in every period: once, never over itself, and what was missed is made up for by one run."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inroads.jobs import schedule
from inroads.jobs.models import Periodic
from inroads.jobs.worker import Worker

pytestmark = pytest.mark.django_db
START = datetime(2030, 1, 7, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def end_runs():
    DBTaskResult.objects.update(status="SUCCESSFUL")


def test_work_is_due_at_once_and_then_in_every_period(only):
    only(greet=(HOUR, lambda: None))
    assert schedule.enqueue_due(START) == ["greet"]
    end_runs()
    assert schedule.enqueue_due(START + timedelta(minutes=59)) == []
    assert schedule.enqueue_due(START + HOUR) == ["greet"]
    end_runs()
    assert schedule.enqueue_due(START + 1.5 * HOUR) == []
    assert DBTaskResult.objects.count() == 2


def test_periods_that_were_missed_are_made_up_for_by_one_run(only):
    only(greet=(HOUR, lambda: None))
    schedule.enqueue_due(START)
    end_runs()
    late = START + 7 * HOUR + timedelta(minutes=20)
    assert schedule.enqueue_due(late) == ["greet"]
    end_runs()
    assert schedule.enqueue_due(late) == []
    assert Periodic.objects.get().next_at == START + 8 * HOUR


@pytest.mark.parametrize("status", ["READY", "RUNNING"])
def test_a_run_that_has_not_ended_is_waited_for(only, status):
    only(greet=(HOUR, lambda: None))
    schedule.enqueue_due(START)
    DBTaskResult.objects.update(status=status)
    assert schedule.enqueue_due(START + 3 * HOUR) == []
    end_runs()
    assert schedule.enqueue_due(START + 3 * HOUR) == ["greet"]


@given(gaps=st.lists(st.integers(0, 400), min_size=1, max_size=25), period=st.integers(1, 90))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whenever_a_worker_looks_there_is_one_run_for_each_period_that_it_saw(only, gaps, period):
    Periodic.objects.all().delete()
    only(greet=(timedelta(minutes=period), lambda: None))
    minute, seen, runs = 0, set(), 0
    for gap in gaps:
        minute += gap
        runs += len(schedule.enqueue_due(START + timedelta(minutes=minute)))
        end_runs()
        # The slow plain twin: periods are counted from the first look.
        seen.add((minute - gaps[0]) // period)
        assert runs == len(seen)


def test_soon_is_now_only_once_it_is_kept(only, django_capture_on_commit_callbacks):
    only(greet=(HOUR, lambda: None))
    schedule.enqueue_due(timezone.now())
    end_runs()
    with django_capture_on_commit_callbacks() as waiting:
        schedule.soon("greet")
    assert schedule.enqueue_due() == []
    for each in waiting:
        each()
    assert schedule.enqueue_due() == ["greet"]


def test_work_that_was_taken_out_is_passed_over(only):
    only(greet=(HOUR, lambda: None))
    schedule.enqueue_due()
    only()
    assert Worker(name="one").work(once=True) == 1
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_one_name_is_one_work():
    def first():
        """Something."""

    def second():
        """Something else."""

    schedule.every(HOUR, name="test.once")(first)
    try:
        schedule.every(HOUR, name="test.once")(first)
        with pytest.raises(ValueError, match="is taken by"):
            schedule.every(HOUR, name="test.once")(second)
    finally:
        del schedule._registered["test.once"]
    with pytest.raises(ValueError, match="more than nothing"):
        schedule.every(timedelta(0), name="test.never")


def test_every_room_is_asked_for_its_work():
    assert {"jobs.prune", "post.deliver", "post.empty"} <= set(schedule.registered())
