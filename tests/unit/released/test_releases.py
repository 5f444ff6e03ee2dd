"""A release stays inside until a second person agrees; what was kept is never replaced; who may not see it does not."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from pages import client_of
from people_factories import make_place, make_worker

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.reference.models import Kind
from inroads.reference.organisations import add_organisation
from inroads.released import actions, queries
from inroads.released.models import Event, Release, State
from inroads.released.permissions import may_see_part

DAY = date(2026, 10, 31)
TABLE = pa.table({"kind": ["=cmd()", "tablet"], "value": [float("nan"), 25.0], "state": ["suppressed", "value"]})

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def system(place):
    return place.parent


@pytest.fixture
def analyst(system):
    return make_worker(system, "analyst")


@pytest.fixture
def lead(system):
    return make_worker(system, "place_lead")


@pytest.fixture
def elsewhere(system):
    other = add_organisation(kind=Kind.ICS, name="Another ICS", parent=system.parent)
    return make_worker(other, "place_lead")


@pytest.fixture
def release(system):
    return actions.keep_release(
        organisation=system, since=None, until=DAY, tables={"loans": TABLE}, checks=["Checked."]
    )


def test_what_was_kept_for_a_day_is_never_replaced(release, system):
    other = pa.table({"kind": ["sim"], "value": [30.0], "state": ["value"]})
    for since in (None, DAY, date(2026, 9, 30)):
        given = {"since": since, "until": DAY, "tables": {"loans": other}, "checks": []}
        assert actions.keep_release(organisation=system, **given) is None
    assert queries.table(release, "loans")["value"].tolist()[1] == 25
    assert AuditEntry.objects.filter(action="figures_counted").count() == 1


def test_whoever_asked_cannot_agree(release, analyst, lead):
    asked = actions.ask_to_open(release=release, why="For the board", version=1, by=analyst)
    with pytest.raises(Refused, match="You asked for this yourself"):
        actions.agree_to_open(release=asked, words="", version=2, by=analyst)
    opened = actions.agree_to_open(release=asked, words="", version=2, by=lead)
    assert opened.state == State.OPEN
    assert [each.what for each in opened.events.all()] == ["made", "asked", "agreed"]
    assert [each.by for each in opened.events.all()] == [None, analyst, lead]


def test_the_database_refuses_an_open_release_that_nobody_asked_for(release):
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(state=State.OPEN)


def test_somebody_of_another_system_neither_asks_nor_agrees_nor_sees(release, analyst, elsewhere):
    with pytest.raises(PermissionDenied):
        actions.ask_to_open(release=release, why="Mine", version=1, by=elsewhere)
    actions.ask_to_open(release=release, why="For the board", version=1, by=analyst)
    with pytest.raises(PermissionDenied):
        actions.agree_to_open(release=release, words="", version=2, by=elsewhere)
    client = client_of(elsewhere)
    for address in (
        reverse("released:one", kwargs={"release": release.pk}),
        reverse("released:table_file", kwargs={"release": release.pk, "table": "loans"}),
    ):
        assert client.get(address).status_code == 404
    assert b"An ICS" not in client.get(reverse("released:list")).content
    assert list(queries.waiting_for(elsewhere)) == []


def test_two_who_decide_at_once_do_not_decide_twice(release, analyst, lead, system):
    other = make_worker(system, "place_lead")
    actions.ask_to_open(release=release, why="For the board", version=1, by=analyst)
    actions.refuse_to_open(release=release, words="The table of loans is thin", version=2, by=lead)
    with pytest.raises(Refused, match="Somebody changed this meanwhile"):
        actions.agree_to_open(release=release, words="", version=2, by=other)
    assert Release.objects.get(pk=release.pk).state == State.INSIDE


@pytest.mark.parametrize(("act", "words"), [("ask", "what for"), ("refuse", "Say why"), ("close", "Say why")])
def test_a_reason_is_asked_for_and_what_was_typed_stays(release, analyst, lead, act, words):
    if act != "ask":
        actions.ask_to_open(release=release, why="For the board", version=1, by=analyst)
    if act == "close":
        actions.agree_to_open(release=release, words="", version=2, by=lead)
    version = Release.objects.get(pk=release.pk).version
    answer = client_of(analyst if act == "ask" else lead).post(
        reverse("released:decide", kwargs={"release": release.pk, "what": act}),
        {f"{act}-version": version, f"{act}-words": "  "},
    )
    assert words in answer.content.decode()
    assert "There is a problem" in answer.content.decode()
    assert Release.objects.get(pk=release.pk).version == version


def test_the_page_offers_what_can_be_done_and_nothing_else(release, analyst, lead):
    one = reverse("released:one", kwargs={"release": release.pk})
    assert "Ask a second person" in client_of(analyst).get(one).content.decode()
    client_of(analyst).post(
        reverse("released:decide", kwargs={"release": release.pk, "what": "ask"}),
        {"ask-version": 1, "ask-words": "For the board"},
    )
    own, others = (client_of(each).get(one).content.decode() for each in (analyst, lead))
    assert "Take the question back" in own
    assert "Agree and open it" not in own
    assert "Agree and open it" in others
    assert "Take the question back" not in others
    assert "Waiting for you" in client_of(lead).get(reverse("released:list")).content.decode()
    assert "Waiting for you" not in client_of(analyst).get(reverse("released:list")).content.decode()


def test_a_hidden_figure_is_empty_in_the_file_and_a_formula_is_text(release, lead):
    address = reverse("released:table_file", kwargs={"release": release.pk, "table": "loans"})
    lines = client_of(lead).get(address).content.decode().splitlines()
    assert lines[1:] == ["'=cmd(),,suppressed", "tablet,25,value"]


def test_whoever_takes_a_table_that_is_not_open_stands_in_the_trail(release, system, analyst, lead):
    address = reverse("released:table_file", kwargs={"release": release.pk, "table": "loans"})
    taken = AuditEntry.objects.filter(action="release_downloaded")
    none = reverse("released:table_file", kwargs={"release": release.pk, "table": "nothing"})
    assert client_of(lead).get(none).status_code == 404
    assert not taken.exists()
    client_of(lead).get(address)
    entry = taken.get()
    assert (entry.by, entry.organisation, entry.about_id) == (lead, system, str(release.pk))
    assert entry.details == {"table": "loans"}
    actions.ask_to_open(release=release, why="For the board", version=1, by=analyst)
    client_of(analyst).get(address)
    assert taken.count() == 2
    actions.agree_to_open(release=release, words="", version=2, by=lead)
    assert client_of(analyst).get(address).status_code == 200
    assert taken.count() == 2


def test_a_place_sees_its_own_part_and_not_the_release_of_the_whole_system(release, place, system):
    own = make_worker(place, "place_lead")
    assert may_see_part(own, release, place.area_code)
    assert not may_see_part(own, release, "E07000001")
    assert not may_see_part(own, release, system.area_code)
    address = reverse("released:one", kwargs={"release": release.pk})
    assert client_of(own).get(address).status_code == 404


def test_an_open_release_is_seen_by_everybody_until_it_is_closed_again(release, system, analyst, lead):
    type(system).objects.filter(pk=system.pk).update(area_code="E54000042")
    from django.contrib.auth.models import AnonymousUser

    nobody = AnonymousUser()
    assert queries.releases_of(["E54000042"], user=nobody) == []
    actions.ask_to_open(release=release, why="For the board", version=1, by=analyst)
    assert queries.releases_of(["E54000042"], user=nobody) == []
    actions.agree_to_open(release=release, words="", version=2, by=lead)
    assert queries.releases_of(["E54000042"], user=nobody) == [release]
    actions.close_again(release=release, words="A wrong table", version=3, by=lead)
    assert queries.releases_of(["E54000042"], user=nobody) == []
    assert Event.objects.filter(release=release, what="closed", words="A wrong table").exists()


def test_those_before_it_are_opened_with_it_and_those_after_it_closed_with_it(
    release, system, analyst, lead, elsewhere
):
    given = {"organisation": system, "since": DAY, "until": date(2026, 11, 30), "tables": {}, "checks": []}
    later = actions.keep_release(**given)
    actions.ask_to_open(release=later, why="For the board", version=1, by=analyst)
    address = reverse("released:one", kwargs={"release": later.pk})
    assert "those before it are opened too" in client_of(lead).get(address).content.decode()
    assert queries.before(later, user=elsewhere) is None
    actions.agree_to_open(release=later, words="", version=2, by=lead)
    assert set(Release.objects.values_list("state", flat=True)) == {State.OPEN}
    assert release.events.filter(what="agreed", by=lead).exists()
    assert queries.before(later, user=elsewhere) == release
    version = Release.objects.get(pk=release.pk).version
    actions.close_again(release=release, words="A wrong table", version=version, by=lead)
    assert set(Release.objects.values_list("state", flat=True)) == {State.INSIDE}


def test_whoever_asked_can_take_it_back_and_nobody_else(release, analyst, lead):
    actions.ask_to_open(release=release, why="For the board", version=1, by=analyst)
    with pytest.raises(Refused, match="Only whoever asked"):
        actions.take_back(release=release, version=2, by=lead)
    assert actions.take_back(release=release, version=2, by=analyst).state == State.INSIDE


def test_a_release_begins_where_the_one_before_ended_and_pages_add_them_up(release, system, lead):
    later = pa.table({"kind": ["tablet", "sim"], "value": [10.0, 30.0], "low": [8.0, 28.0], "high": [12.0, 32.0]})
    first = pa.table({"kind": ["tablet"], "value": [25.0], "low": [23.0], "high": [27.0]})
    Release.objects.all().delete()
    days = [(None, date(2026, 8, 31)), (date(2026, 8, 31), DAY)]
    made = [
        actions.keep_release(organisation=system, since=since, until=until, tables={"loans": table}, checks=[])
        for (since, until), table in zip(days, (first, later), strict=True)
    ]
    assert None not in made
    added = queries.pooled(made, "loans", ("kind",))
    assert dict(zip(added["kind"].tolist(), added["low"].tolist(), strict=True)) == {"tablet": 31, "sim": 28}
    assert "value" not in added
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(organisation=system, since=date(2026, 8, 31), until=date(2026, 11, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(organisation=system, since=None, until=date(2026, 11, 2))


def test_what_is_mostly_hidden_does_not_spoil_what_others_say(system):
    def told(*rows):
        names = ("code", "found_low", "found_high", "other_low", "other_high")
        return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))

    first = told(("a", 8, 12, 28, 32), ("b", 0, 7, 28, 32), ("c", 0, np.inf, 18, 22))
    thin = told(("a", 0, 7, 0, 7), ("b", 0, 7, 1, 7), ("c", 0, 14, 0, 14))
    last = told(("a", 0, 7, 18, 22), ("b", 8, 12, 8, 12), ("c", 1, 7, 28, 32))
    days = [(None, date(2026, 8, 31)), (date(2026, 8, 31), date(2026, 9, 30)), (date(2026, 9, 30), DAY)]
    made = [
        actions.keep_release(organisation=system, since=since, until=until, tables={"told": table}, checks=[])
        for (since, until), table in zip(days, (first, thin, last), strict=True)
    ]

    def together(releases, **options):
        held = queries.pooled(releases, "told", ("code",), **options)
        ends = np.column_stack([held[name] for name in ("found_low", "found_high", "other_low", "other_high")])
        return dict(zip(held["code"].tolist(), ends.tolist(), strict=True))

    bounded = [("found", "other")]
    assert together(made, bounded=bounded) == {"a": [8, 19, 46, 54], "b": [8, 19, 36, 44], "c": [1, 7, 28, 32]}
    assert together(made[1:2], bounded=bounded) == {"a": [0, 7, 0, 7], "b": [0, 7, 1, 7], "c": [0, 14, 0, 14]}
    assert together(made)["a"] == [8, 26, 46, 61]
