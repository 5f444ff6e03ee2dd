"""Whom touchpoints reach, as the directory shows it: out of open releases alone, and never of few."""

import re
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from directory_factories import make_service, make_touchpoint
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from people_factories import make_person, make_place, make_team, make_worker

from inroads.analytics.extract import open_extract
from inroads.analytics.published import open_published
from inroads.directory.models import Reach
from inroads.directory.presenters.services import reaches
from inroads.people import jobs
from inroads.people.actions import reach, records, referrals
from inroads.people.actions.reach import show_reach
from inroads.people.actions.referrals import Consent
from inroads.people.queries.extract import write_extract
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation
from inroads.released import actions
from inroads.released.making import make_releases
from inroads.released.models import Release

FIRST, SECOND = date(2026, 8, 31), date(2026, 10, 31)


@pytest.fixture
def place(db):
    return make_place()


@pytest.fixture
def touchpoint(place):
    return make_touchpoint(place, name="Table")


def keep(system, rows, *, since=None, until=FIRST):
    """A release with a table of reach: rows of touchpoint, community and number, None where it is hidden."""
    numbers = np.array([np.nan if row[2] is None else row[2] for row in rows], dtype=float)
    hidden = np.isnan(numbers)
    columns = {
        "touchpoint": pa.array([str(row[0]) for row in rows], pa.string()),
        "community": pa.array([row[1] for row in rows], pa.string()),
        "value": numbers,
        "state": pa.array(np.where(hidden, "suppressed", "value").tolist(), pa.string()),
        "low": np.where(hidden, 1.0, numbers - 2),
        "high": np.where(hidden, 7.0, numbers + 2),
    }
    made = actions.keep_release(
        organisation=system, since=since, until=until, tables={"reach": pa.table(columns)}, checks=[]
    )
    assert made is not None
    return made


def ask(release):
    by = make_worker(release.organisation, "analyst")
    return actions.ask_to_open(release=release, why="For everybody", version=release.version, by=by)


def agree(release):
    by = make_worker(release.organisation, "place_lead")
    return actions.agree_to_open(release=release, words="", version=release.version, by=by)


def opened(system, rows, **when):
    return agree(ask(keep(system, rows, **when)))


def shown():
    return {(each.community, each.helped, each.until) for each in Reach.objects.all()}


def test_nothing_shows_before_a_second_person_agreed_and_nothing_after_it_is_closed(place, touchpoint):
    release = keep(place.parent, [(touchpoint.pk, "carers", 25)])
    assert show_reach() == 0
    release = ask(release)
    assert show_reach() == 0
    assert not Reach.objects.exists()
    release = agree(release)
    assert show_reach() == 1
    assert shown() == {("carers", 25, FIRST)}
    by = make_worker(place.parent, "place_lead")
    actions.close_again(release=release, words="A wrong table", version=release.version, by=by)
    assert show_reach() == 0
    assert not Reach.objects.exists()


def test_what_is_hidden_is_not_kept_and_what_is_shown_adds_up(place, touchpoint):
    system = place.parent
    opened(system, [(touchpoint.pk, "carers", 25), (touchpoint.pk, "refugees", None)])
    opened(
        system,
        [(touchpoint.pk, "carers", 10), (touchpoint.pk, "refugees", None), (touchpoint.pk, "young_people", 15)],
        since=FIRST,
        until=SECOND,
    )
    assert show_reach() == 2
    assert shown() == {("carers", 35, SECOND), ("young_people", 15, SECOND)}
    assert {each.state for each in Reach.objects.all()} == {Reach.VALUE}


def test_what_is_hidden_in_one_release_takes_nothing_away_from_another(place, touchpoint):
    opened(place.parent, [(touchpoint.pk, "carers", 25)])
    opened(place.parent, [(touchpoint.pk, "carers", None)], since=FIRST, until=SECOND)
    show_reach()
    assert shown() == {("carers", 25, SECOND)}


def test_a_release_that_is_not_open_adds_nothing_and_moves_no_day(place, touchpoint):
    opened(place.parent, [(touchpoint.pk, "carers", 25)])
    keep(place.parent, [(touchpoint.pk, "carers", 10)], since=FIRST, until=SECOND)
    show_reach()
    assert shown() == {("carers", 25, FIRST)}


def test_what_was_said_long_before_no_longer_counts(place, touchpoint):
    opened(place.parent, [(touchpoint.pk, "carers", 25)], until=SECOND - timedelta(days=731))
    opened(place.parent, [(touchpoint.pk, "carers", 10)], since=SECOND - timedelta(days=731), until=SECOND)
    show_reach()
    assert shown() == {("carers", 10, SECOND)}


def test_two_systems_that_a_touchpoint_helps_count_together(place, touchpoint):
    other = add_organisation(kind=Kind.ICS, name="Another ICS", parent=place.parent.parent)
    opened(place.parent, [(touchpoint.pk, "carers", 25)], until=SECOND)
    opened(other, [(touchpoint.pk, "carers", 10)])
    show_reach()
    assert shown() == {("carers", 35, SECOND)}


def test_what_is_not_there_any_more_is_left_out(place, touchpoint):
    gone = "00000000-0000-4000-8000-000000000000"
    rows = [(gone, "carers", 25), ("", "carers", 25), (touchpoint.pk, "a_community_of_old", 25)]
    opened(place.parent, rows)
    assert show_reach() == 0


def test_nothing_is_written_where_nothing_changed(place, touchpoint):
    opened(place.parent, [(touchpoint.pk, "carers", 25)])
    show_reach()
    before = Reach.objects.get().pk
    assert show_reach() == 1
    assert Reach.objects.get().pk == before


def test_where_keeping_fails_what_stood_there_stays(place, touchpoint, monkeypatch):
    opened(place.parent, [(touchpoint.pk, "carers", 25)])
    show_reach()
    opened(place.parent, [(touchpoint.pk, "carers", 10)], since=FIRST, until=SECOND)

    def fails(rows):
        raise OSError("no room")

    monkeypatch.setattr(Reach.objects, "bulk_create", fails)
    with pytest.raises(OSError, match="no room"):
        show_reach()
    assert shown() == {("carers", 25, FIRST)}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from("tuv"),
                st.sampled_from(["carers", "refugees", "unknown"]),
                st.sampled_from([None, 10, 15, 40]),
            ),
            unique_by=lambda row: row[:2],
            max_size=6,
        ),
        max_size=4,
    )
)
def test_what_shows_is_what_a_slow_plain_sum_gives(releases):
    made = [Release(until=SECOND - timedelta(days=number)) for number, _ in enumerate(releases)]
    columns = {
        id(release): {
            "touchpoint": np.array([row[0] for row in rows], dtype=np.str_),
            "community": np.array([row[1] for row in rows], dtype=np.str_),
            "value": np.array([np.nan if row[2] is None else row[2] for row in rows], dtype=float),
            "state": np.array(["suppressed" if row[2] is None else "value" for row in rows], dtype=np.str_),
        }
        for release, rows in zip(made, releases, strict=True)
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reach, "table", lambda release, name: columns[id(release)])
        found = reach.added_up([made] if made else [], there={"t", "u"})
    plain: Counter[tuple[str, str]] = Counter()
    for rows in releases:
        plain.update({row[:2]: row[2] for row in rows if row[2] and row[0] in "tu" and row[1] != "unknown"})
    assert found == {key: (number, SECOND) for key, number in plain.items()}


def test_the_job_shows_what_was_opened_and_takes_away_what_was_closed_even_where_counting_fails(
    place, touchpoint, monkeypatch
):
    release = opened(place.parent, [(touchpoint.pk, "carers", 25)])
    counts = []
    monkeypatch.setattr(jobs, "count_month", lambda on: counts.append(Reach.objects.exists()))
    jobs.count_what_people_said()
    assert counts == [False]  # counted first, shown then
    assert shown() == {("carers", 25, FIRST)}
    by = make_worker(place.parent, "place_lead")
    actions.close_again(release=release, words="A wrong table", version=release.version, by=by)

    def fails(on):
        raise ValueError("the extract cannot be made")

    monkeypatch.setattr(jobs, "count_month", fails)
    with pytest.raises(ValueError, match="cannot be made"):
        jobs.count_what_people_said()
    assert not Reach.objects.exists()


def told(worker, team, service, community, answer="yes", times=1):
    person = make_person(team, by=worker)
    records.set_preferences(person=person, channel="phone", communities=[community], by=worker)
    for _ in range(times):
        made = referrals.draft_referral(
            person=person, service=service, asked="Help", consent=Consent(("name",), "yes"), by=worker
        )
        referrals.send_referral(referral=made, by=worker)
        referrals.answer_referral(referral=made, state="accepted", through="link")
        referrals.tell_back(referral=made, answer=answer, words="", channel="message", through="link")


def counted_out_of(store, published):
    """The release of what was told up to today, as the one door makes it."""
    write_extract(until=timezone.localdate(), store=store)
    with open_extract(store) as extract:
        (release,) = make_releases(extract=extract, published=published, at_once=True)
    return release


def test_from_what_people_told_us_to_the_page_of_a_service(place, touchpoint, tmp_path, embedded_store):
    team = make_team(place=place)
    worker, service = make_worker(team), make_service(touchpoint, name="Tea", communities=("older_people",))
    for _ in range(12):
        told(worker, team, service, "carers", times=2)
    for _ in range(3):
        told(worker, team, service, "refugees")
    told(worker, team, service, "older_people")
    told(worker, team, service, "young_people", answer="no")
    address = reverse("directory:service", kwargs={"service": service.pk})

    def page():
        service.touchpoint.refresh_from_db()
        return " ".join(reaches(service)), re.sub(r'nonce="[^"]+"', "", Client().get(address).content.decode())

    said, before = page()
    assert said == "Older people (they say so)"
    type(place).objects.filter(pk=place.parent_id).update(area_code="E54000042")
    release = counted_out_of(tmp_path, open_published(embedded_store))
    for step in (ask, agree):
        show_reach()
        assert page() == (said, before)
        release = step(release)
    show_reach()
    said, after = page()
    # Twelve people, each counted once however often they were helped; rounded to five.
    assert f"about 10 people told us that it helped, counted up to {timezone.localdate():%B %Y}" in said
    assert "about 10 people" in after
    assert "Older people (they say so)" in said
    assert "Refugees" not in said + after
    assert "Young people" not in said + after
    assert "too few" not in said + after
    assert "some people" not in said + after
