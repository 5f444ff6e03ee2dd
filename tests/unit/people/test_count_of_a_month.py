"""The extract is made once for a month, and the trail says each time that facts about people went into it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from people_factories import make_person, make_place, make_team, make_worker

from inroads.accounts.models import AuditEntry
from inroads.analytics.extract import open_extract
from inroads.people.actions import figures
from inroads.people.actions.figures import count_figures, count_month, last_month_end
from inroads.people.models import Person


@pytest.fixture
def store(db, settings, tmp_path):
    settings.EXTRACT_DIR = tmp_path
    team = make_team(place=make_place())
    worker = make_worker(team)
    for _ in range(3):
        make_person(team, by=worker)
    Person.objects.update(created_at=timezone.now() - timedelta(days=60))
    return tmp_path


def entries():
    return list(AuditEntry.objects.filter(action="people_extracted").order_by("number"))


def test_each_month_is_extracted_once_up_to_its_end_and_the_trail_says_so(store):
    today = timezone.localdate()
    count_month(on=today)
    with open_extract(store) as extract:
        made = (extract.until, extract.made_at)
    assert made[0] == last_month_end(today)
    (entry,) = entries()
    assert entry.details == {"until": made[0].isoformat(), "people": 3}
    assert (entry.by, entry.organisation) == (None, None)
    count_month(on=today)
    with open_extract(store) as extract:
        assert (extract.until, extract.made_at) == made
    assert entries() == [entry]


def test_an_extract_that_is_asked_for_by_command_stands_in_the_trail_each_time(store):
    yesterday = timezone.localdate() - timedelta(days=1)
    count_figures(until=yesterday)
    count_figures(until=yesterday)
    assert [each.details for each in entries()] == [{"until": yesterday.isoformat(), "people": 3}] * 2


def test_an_extract_that_fails_is_not_said_to_be_made(store, monkeypatch):
    def fails(**given):
        raise OSError("no room")

    monkeypatch.setattr(figures, "write_extract", fails)
    with pytest.raises(OSError, match="no room"):
        count_month(on=timezone.localdate())
    with pytest.raises(ValueError, match="is not over"):
        count_figures(until=timezone.localdate())
    assert entries() == []
