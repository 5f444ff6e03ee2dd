"""Rows read in blocks, column by column: all of one moment, each once, whatever stands in them."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from people_factories import make_person, make_place, make_record, make_team, make_worker

from inroads.people.models import Answer, Choice, Loan, Person
from inroads.people.queries.bulk import snapshot
from inroads.people.queries.bulk_engines import NO_DAY, NOTHING


def say(person, topic, *, by, ago=0, words=""):
    return Answer.objects.create(
        person=person,
        kind="barrier",
        topic=topic,
        answer="yes",
        words=words,
        channel="phone",
        said_by="person",
        said_on=timezone.localdate() - timedelta(days=ago),
        recorded_by=by,
    )


@pytest.fixture
def emptied(transactional_db, monkeypatch):
    """A database that other connections see. It is emptied after, and the audit trail cannot be: nothing goes in."""
    for writes in ("record", "hold"):
        monkeypatch.setattr(f"inroads.accounts.audit.{writes}", lambda **entry: None)


def test_all_that_is_read_is_from_one_moment(emptied):
    team = make_team()
    by = make_worker(team)
    first = make_person(team, by=by, born_on=date(1990, 5, 17))
    with snapshot() as seen:
        say(first, "devices", by=by)
        make_person(team, by=by)
        people = seen.together(Person.objects.all(), {"pk": "id", "born_on": "day", "full_name": "words"})
        assert [uuid.UUID(bytes=each.tobytes()) for each in people["pk"]] == [first.pk]
        assert people["born_on"].astype("datetime64[D]").tolist() == [date(1990, 5, 17)]
        assert seen.together(Answer.objects.all(), {"pk": "number", "topic": "text"})["topic"].to_pylist() == []
    with snapshot() as seen:
        assert len(seen.together(Person.objects.all(), {"pk": "id"})["pk"]) == 2


def test_many_blocks_give_every_row_once(emptied, monkeypatch):
    team = make_team()
    by = make_worker(team)
    person = make_person(team, by=by)
    for number in range(40):
        say(person, f"topic_{number}", by=by, ago=number)
    monkeypatch.setattr("inroads.people.queries.bulk_engines.ROWS", 3)
    monkeypatch.setattr("inroads.people.queries.bulk_engines.PAGES", 1)
    with snapshot() as seen:
        blocks = list(seen.blocks(Answer.objects.all(), {"topic": "text", "conversation_id": "id"}))
        topics = [each for block in blocks for each in block["topic"].to_pylist()]
    assert len(blocks) > 1 or connection.vendor == "postgresql"
    assert sorted(topics) == sorted(f"topic_{number}" for number in range(40))
    assert all((block["conversation_id"] == 0).all() for block in blocks)


def test_odd_texts_come_through_or_are_named(db):
    odd = ["a,b\nc", 'quoted "so"', "ü–🙂", "", "with\x1fseparator"]
    team = make_team()
    by = make_worker(team)
    person = make_person(team, by=by)
    kept = [say(person, f"topic_{number}", by=by, words=words).pk for number, words in enumerate(odd)]
    with snapshot() as seen:
        found = seen.together(Answer.objects.all(), {"words": "words", "pk": "number", "person__organisation_id": "id"})
        expected = dict(zip(kept, [*odd[:4], "with separator"], strict=True))
        assert dict(zip(found["pk"].tolist(), found["words"].to_pylist(), strict=True)) == expected
        assert {each.tobytes() for each in found["person__organisation_id"]} == {team.pk.bytes}
        with pytest.raises(ValueError, match="has a separator in it"):
            seen.together(Answer.objects.all(), {"words": "text"})


def test_an_empty_number_and_an_empty_day_are_told_from_others(db):
    place = make_place()
    team = make_team(place=place)
    by = make_worker(team)
    person = make_record(team, by=by, lead=make_worker(place, "place_lead"))
    stage = person.involvements.first().stage
    Choice.objects.create(
        person=person, stage=stage, channel="phone", look_again_on=timezone.localdate(), recorded_by=by
    )
    with snapshot() as seen:
        lent = seen.together(Loan.objects.all(), {"data_ends_on": "day"})["data_ends_on"].tolist()
        chosen = seen.together(Choice.objects.all(), {"option_id": "number"})["option_id"].tolist()
    assert (NO_DAY in lent, max(lent) > 20_000) == (True, True)
    assert (chosen.count(NOTHING), len(chosen)) == (1, 2)
