"""What tests of the background work share."""

import pytest

from inroads.jobs import schedule, worker


@pytest.fixture(autouse=True)
def nobody_asked_to_stop():
    """No test stops the next one's worker."""
    worker._asked_to_stop.clear()
    yield
    worker._asked_to_stop.clear()


@pytest.fixture
def only(monkeypatch):
    """`only(name=(period, function))`: the periodic work that there is, instead of that of every room."""

    def say(**works):
        known = {name: schedule.Work(name, period, function) for name, (period, function) in works.items()}
        monkeypatch.setattr(schedule, "registered", lambda: known)

    say()
    return say
