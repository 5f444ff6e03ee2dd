"""The way out of people's records: what goes, what never does, up to which day, and that it is what records say."""

import re
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from directory_factories import make_service, make_touchpoint
from django.utils import timezone
from lending_factories import lend, make_item
from people_factories import make_person, make_place, make_record, make_team, make_worker

from inroads.analytics.extract import TABLES, open_extract
from inroads.people.actions import loans, records, referrals
from inroads.people.models import Answer, Choice, Loan, Option, Person, Preferences, Referral, ReferralEvent
from inroads.people.queries.bulk_engines import NO_DAY
from inroads.people.queries.extract import write_extract
from inroads.people.queries.extract_people import age_bands
from inroads.people.queries.record import end_of, record_of
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community
from inroads.reference.definitions.conversation import barriers
from inroads.reference.organisations import around

BANDS = ((0, "0_15"), (16, "16_24"), (25, "25_44"), (45, "45_64"), (65, "65_74"), (75, "75_plus"))
TODAY = timezone.localdate


@pytest.fixture
def scene(db):
    """People of two teams and of a place, with something of every kind, said in an order other than it was kept."""
    place = make_place()
    team, other = make_team("One", place), make_team("Two", place)
    by = make_worker(team)
    lead, partner = make_worker(place, "place_lead"), make_worker(place, "practitioner")
    whole = make_record(team, by=by, lead=lead)
    older = make_person(team, by=by, born_on=date(1940, 2, 29), neighbourhood="E01017336", nhs_number="9434765919")
    make_person(other, born_on=date(2009, 7, 1))
    make_person(place, by=partner)
    say(whole, "devices", "no", by=by, ago=40)
    say(whole, "devices", "not_asked", by=by, ago=0)
    say(whole, "trust", "a_bit", by=by, ago=3)
    say(whole, "trust", "yes", by=by, ago=9)  # keyed in later from paper
    say(whole, "staff_time", "yes", by=by, ago=2, channel="in_person", said_by="staff")
    say(older, "data", "prefer_not", by=by, ago=1)
    say(older, "data", "yes", by=by, ago=1)
    say(older, "a_barrier_of_old", "yes", by=by, ago=70)
    choose(whole, by=by, ago=5, option=None)
    choose(whole, by=by, ago=60)
    told = {"channel": "phone", "by": by}
    records.set_preferences(person=older, language=" polish", communities=["carers", "older_people"], **told)
    records.set_preferences(person=older, language="Klingon", communities=["refugees"], **told)
    loans.give_back(loan=lend(make_item(team, by=by, kind="tablet"), older, by), by=by)
    loans.reserve(item=make_item(team, by=by), person=older, for_day=TODAY() + timedelta(days=3), by=by)
    refer(older, make_service(make_touchpoint(place, name="Table")), by=by, answer="a_bit")
    refer(whole, make_service(make_touchpoint(place, name="Chair")), by=by)
    return team


def say(person, topic, answer, *, by, ago, channel="paper", said_by="person"):
    Answer.objects.create(
        person=person,
        kind="barrier",
        topic=topic,
        answer=answer,
        words="Secret words",
        channel=channel,
        said_by=said_by,
        said_on=TODAY() - timedelta(days=ago),
        recorded_at=timezone.now() - timedelta(days=ago // 2),
        recorded_by=by,
    )


def choose(person, *, by, ago, option="any"):
    stage = person.involvements.first().stage
    Choice.objects.create(
        person=person,
        stage=stage,
        option=Option.objects.filter(stage=stage, digital=True).first() if option else None,
        channel="phone",
        said_on=TODAY() - timedelta(days=ago),
        look_again_on=TODAY() + timedelta(days=9),
        why="Secret words",
        recorded_by=by,
    )


def refer(person, service, *, by, answer=None):
    made = referrals.draft_referral(
        person=person, service=service, asked="Help", consent=referrals.Consent(("name",), "yes"), by=by
    )
    referrals.send_referral(referral=made, by=by)
    if answer:
        referrals.answer_referral(referral=made, state="accepted", through="link")
        referrals.tell_back(referral=made, answer=answer, words="Secret words", channel="message", through="link")


def extract_of(store, until):
    """The tables as lists of rows, by the person's random number: {number: {table: sorted rows}}."""
    write_extract(until=until, store=store)
    found = {}
    with open_extract(store) as extract:
        assert extract.until == until
        for name in TABLES:
            lines = extract.table(name).to_pyarrow().to_pylist()
            assert len(lines) == extract.rows[name]
            for line in lines:
                person = line.pop("person")
                found.setdefault(person, {each: [] for each in TABLES})[name].append(tuple(map(plain, line.values())))
    return {person: {name: sorted(rows, key=repr) for name, rows in each.items()} for person, each in found.items()}


def plain(value):
    return tuple(value) if isinstance(value, list) else value


def twin_of(person, until):
    """The same about one person, slowly and plainly, as their record says it."""
    moment = end_of(until)
    record = record_of(person, moment)
    born, told = person.born_on, record.preferences
    age = until.year - born.year - ((until.month, until.day) < (born.month, born.day)) if born else None
    language = {"": "", " polish": "polish", "polish": "polish"}.get(told.language if told else "", "other")
    people = (
        str(around(person.organisation).pk),
        str(person.organisation_id),
        person.neighbourhood,
        "" if age is None else [name for least, name in BANDS if age >= least][-1],
        tuple(each for each in (told.communities if told else []) if each in load(Community)),
        language,
    )
    answers = [
        (
            topic,
            barriers()[topic].asked_of if topic in barriers() else "person",
            each.answer,
            each.channel,
            each.said_by,
            each.said_on,
            timezone.localdate(each.recorded_at),
        )
        for topic, each in record.answers.items()
        if each.said_on <= until
    ]
    choices = [
        (
            str(each.stage.pathway_id),
            each.stage_id,
            each.option.way if each.option else "",
            each.option.digital if each.option else None,
            each.channel,
            each.said_on,
            timezone.localdate(each.recorded_at),
        )
        for each in record.choices.values()
        if each.said_on <= until
    ]
    moved = []
    for each in Referral.objects.filter(person=person, events__at__lte=moment).distinct():
        last = each.events.filter(at__lte=moment).order_by("pk").last()
        since = each.since if each.since <= until else timezone.localdate(last.at)
        service = each.service
        moved.append((str(service.touchpoint_id), str(service.pk), each.help, last.state, last.answer, since))
    lent = []
    for each in Loan.objects.filter(person=person, lent_at__lte=moment):
        over = each.ended_at is not None and each.ended_at <= moment
        ended = timezone.localdate(each.ended_at) if over else None
        lent.append((each.item.kind, timezone.localdate(each.lent_at), ended, each.ended_how if over else ""))
    rows = {"people": [people], "answers": answers, "choices": choices, "referrals": moved, "loans": lent}
    return {name: sorted(found, key=repr) for name, found in rows.items()}


def assert_as_records_say(store, until):
    expected = [twin_of(each, until) for each in Person.objects.filter(created_at__lte=end_of(until))]
    assert sorted(map(repr, extract_of(store, until).values())) == sorted(map(repr, expected))


def test_the_extract_says_what_records_say(scene, tmp_path):
    assert_as_records_say(tmp_path, TODAY())
    found = list(extract_of(tmp_path, TODAY()).values())
    assert all(sum(len(each[name]) for each in found) for name in TABLES)


@pytest.mark.parametrize("ago", [1, 4, 30])
def test_nothing_newer_than_its_day_goes_out(scene, tmp_path, ago):
    until = TODAY() - timedelta(days=ago)
    long_ago = timezone.now() - timedelta(days=90)
    Person.objects.update(created_at=long_ago)
    earlier = Preferences.objects.filter(communities=["carers", "older_people"])
    earlier.update(recorded_at=long_ago, said_on=long_ago.date())
    ReferralEvent.objects.filter(state="sent").update(at=timezone.now() - timedelta(days=10))
    ReferralEvent.objects.filter(state="drafted").update(at=timezone.now() - timedelta(days=20))
    Loan.objects.exclude(lent_at=None).update(lent_at=timezone.now() - timedelta(days=20))
    assert_as_records_say(tmp_path, until)
    days = [
        value
        for person in extract_of(tmp_path, until).values()
        for rows in person.values()
        for row in rows
        for value in row
        if isinstance(value, date)
    ]
    assert days
    assert max(days) <= until


def test_somebody_who_came_later_is_not_in_it_with_anything(scene, tmp_path):
    assert extract_of(tmp_path, TODAY() - timedelta(days=1)) == {}


def test_everybody_has_another_number_each_time(scene, tmp_path):
    one, other = extract_of(tmp_path, TODAY()), extract_of(tmp_path, TODAY())
    assert len(one) == Person.objects.count()
    assert not set(one) & set(other)


def test_nothing_that_says_who_somebody_is_or_what_they_wrote_is_in_any_file(scene, tmp_path):
    write_extract(until=TODAY(), store=tmp_path)
    secrets = {"Secret", "Whole", "Klingon", "9434765919", "29 February", "1940-02-29"}
    for person in Person.objects.all():
        secrets |= {person.full_name, str(person.pk), person.pk.hex}
    secrets |= {str(each) for each in Referral.objects.values_list("pk", flat=True)}
    secrets |= {str(each) for each in Loan.objects.values_list("pk", flat=True)}
    raw = {person.pk.bytes for person in Person.objects.all()} | {each.encode() for each in secrets}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == len(TABLES) + 3  # the manifest, the pointer and the lock
    for path in files:
        held = path.read_bytes()
        assert not [each for each in raw if each in held], path
        if path.suffix == ".parquet":
            values = repr(pq.read_table(path).to_pylist())
            assert not [each for each in secrets if each in values], path
    numbers = {row["person"] for row in pq.read_table(next(tmp_path.rglob("people.parquet"))).to_pylist()}
    half = {int.from_bytes(person.pk.bytes[at : at + 8], order, signed=True)
            for person in Person.objects.all() for at in (0, 8) for order in ("big", "little")}  # fmt: skip
    assert not numbers & half


def test_rows_stand_in_the_order_of_the_numbers_not_in_that_of_the_records(scene, tmp_path):
    write_extract(until=TODAY(), store=tmp_path)
    for path in tmp_path.rglob("*.parquet"):
        numbers = pq.read_table(path).column("person").to_pylist()
        assert numbers == sorted(numbers)


def test_no_file_is_open_to_others(scene, tmp_path):
    write_extract(until=TODAY(), store=tmp_path / "extract")
    for path in [tmp_path / "extract", *(tmp_path / "extract").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_with_nobody_there_it_is_empty(db, tmp_path):
    write_extract(until=TODAY(), store=tmp_path)
    with open_extract(tmp_path) as extract:
        assert set(extract.rows.values()) == {0}
        assert extract.table("people").to_pyarrow().to_pylist() == []


def test_an_odd_neighbourhood_stays_where_it_was_written(scene, tmp_path):
    Person.objects.update(neighbourhood="12 Elm Rd")
    found = extract_of(tmp_path, TODAY())
    assert {person["people"][0][2] for person in found.values()} == {""}


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        (date(2004, 2, 29), date(2020, 2, 28), "0_15"),
        (date(2004, 2, 29), date(2020, 2, 29), "16_24"),
        (date(2000, 2, 29), date(2025, 2, 28), "16_24"),
        (date(2000, 2, 29), date(2025, 3, 1), "25_44"),
        (date(1951, 11, 30), date(2026, 11, 30), "75_plus"),
        (date(1951, 12, 1), date(2026, 11, 30), "65_74"),
        (date(2026, 11, 30), date(2026, 11, 30), "0_15"),
        (date(2027, 1, 1), date(2026, 11, 30), ""),
        (None, date(2026, 11, 30), ""),
    ],
)
def test_an_age_is_that_of_the_day_it_is_up_to(born, on, band):
    days = NO_DAY if born is None else (born - date(1970, 1, 1)).days
    assert ["", *(name for _, name in BANDS)][age_bands(np.array([days]), on)[0]] == band


def test_moments_are_days_here_and_not_in_greenwich(scene, tmp_path):
    # Half an hour after midnight in summer is still the day before in UTC.
    Loan.objects.exclude(lent_at=None).update(lent_at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    found = extract_of(tmp_path, TODAY())
    days = {row[1] for person in found.values() for row in person["loans"]}
    assert days == {date(2026, 7, 1)}
    assert not [row for person in extract_of(tmp_path, date(2026, 6, 30)).values() for row in person["loans"]]


def test_columns_are_those_of_the_schema_as_plain_texts(scene, tmp_path):
    write_extract(until=TODAY(), store=tmp_path)
    for name, schema in TABLES.items():
        found = pq.read_schema(next(tmp_path.rglob(f"{name}.parquet")))
        assert found.names == schema.names
        kinds = [each.value_type if pa.types.is_dictionary(each) else each for each in found.types]
        assert [re.sub("element|item", "", str(each)) for each in kinds] == [
            re.sub("element|item", "", str(each)) for each in schema.types
        ]
