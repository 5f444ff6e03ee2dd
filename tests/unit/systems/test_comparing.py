"""Voices side by side: what is kept, what is refused, and what can be said of a gap."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from kept_rows import afresh
from systems_comparing_factories import (
    make_comparing,
    make_comparison,
    make_contrast,
    make_release,
    make_staff,
    make_voice,
    released_tables,
)
from systems_factories import make_member, make_tree

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.methods.triangulation import CAUSES, Voice, compare
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import KeyLine
from inroads.reference.organisations import england
from inroads.systems.actions import comparing as actions
from inroads.systems.actions.comparing_drawn import load_published, voice_from_key_line, voice_from_records
from inroads.systems.forms.comparing import initial_of
from inroads.systems.models import Basis, Comparison, Counted, KeyLineAnswer, Wave
from inroads.systems.presenters import comparing as presenters
from inroads.systems.queries.comparing import compared, comparisons_of, comparisons_visible_to, key_answers
from inroads.systems.queries.comparing_records import RecordFigure, record_figures

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def kept_world(rows_for_all):
    systems = make_tree()
    systems[0].area_code = "E54000042"
    systems[0].save()
    people = {
        "assessor": make_member(systems[0], "assessor"),
        "lead": make_member(systems[0], "place_lead"),
        "analyst": make_member(systems[0], "analyst"),
        "neighbour": make_member(systems[1], "place_lead"),
        "above": make_member(england(), "national_lead"),
    }
    return {"systems": systems, **people}


@pytest.fixture
def world(kept_world, db):
    return afresh(kept_world)


@pytest.fixture
def system(world):
    return world["systems"][0]


@pytest.fixture
def assessor(world):
    return world["assessor"]


@pytest.fixture
def above(world):
    return world["above"]


@pytest.fixture
def asked(system, assessor):
    return make_comparison(system, by=assessor)


def _again(comparison):
    return compared(Comparison.objects.get(pk=comparison.pk))


# What is kept


def test_a_voice_is_kept_as_counted_and_a_percentage_is_worked_out_and_says_so(asked, assessor):
    claim = make_voice(asked, by=assessor)
    staff = make_staff(asked, said=66, percent=True, assumed=True, by=assessor)
    assert (claim.said, claim.n, claim.source) == (38, 40, "Return of May 2026 (invented)")
    assert staff.said == pytest.approx(0.66 * 93)
    assert staff.source.endswith("(66% of 93, worked out from the percentage)")
    assert staff.assumed
    entry = AuditEntry.objects.filter(action="voice_added").latest("pk")
    assert entry.details["n"] == 93
    assert "Staff" not in str(entry.details)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"said": 41}, "said", "41 say so, but only 40 were asked"),
        ({"said": -1}, "said", "whole number"),
        ({"said": float("nan")}, "said", "whole number"),
        ({"n": 0}, "n", "1 to 100,000,000"),
        ({"n": -3}, "n", "1 to 100,000,000"),
        ({"n": 10**12}, "n", "1 to 100,000,000"),
        ({"said": 100.5, "percent": True}, "said", "from 0 to 100"),
        ({"said": float("inf"), "percent": True}, "said", "from 0 to 100"),
        ({"speaks": "staff", "said": 5, "n": 7}, "n", "8 people or more"),
        ({"speaks": "people", "said": 0, "n": 7}, "n", "could guess who said what"),
        ({"speaks": "records", "said": 50, "n": 1, "percent": True}, "n", "8 people or more"),
        ({"speaks": "nobody"}, "speaks", "Choose whose voice"),
        ({"name": " \n "}, "name", "whose voice it is"),
        ({"source": ""}, "source", "where the numbers come from"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "on", "lies in the future"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(asked, assessor, wrong, field, sentence):
    with pytest.raises(Refused, match=sentence) as refused:
        make_voice(asked, by=assessor, **wrong)
    assert refused.value.field == field
    assert not Counted.objects.exists()


def test_few_systems_may_speak_where_few_people_may_not(asked, assessor):
    assert make_voice(asked, said=2, n=3, by=assessor).n == 3
    assert make_staff(asked, speaks="voluntary", said=1, n=4, by=assessor).n == 4


def test_two_voices_differ_in_name_and_only_one_is_the_claim(asked, assessor):
    make_voice(asked, by=assessor)
    with pytest.raises(Refused, match="of this name already"):
        make_voice(asked, claim=False, name="RETURN (invented) ", by=assessor)
    with pytest.raises(Refused, match="There is a claim already"):
        make_voice(asked, name="Another", by=assessor)


def test_a_voice_is_changed_by_taking_it_back_and_once_only(asked, assessor):
    first = make_voice(asked, by=assessor)
    told = {each: getattr(first, each) for each in ("speaks", "name", "claim", "n", "asked", "on", "source")}
    second = actions.change_voice(voice=first, by=assessor, **told, said=20)
    assert [each.row.pk for each in _again(asked).voices] == [second.pk]
    assert Counted.objects.count() == 2
    with pytest.raises(Refused, match="took this back meanwhile"):
        actions.change_voice(voice=first, by=assessor, **told, said=21)
    with pytest.raises(Refused, match="took this back meanwhile"):
        actions.take_voice_back(voice=first, by=assessor)
    # What is refused leaves the voice as it stood.
    with pytest.raises(Refused, match="only 40 were asked"):
        actions.change_voice(voice=second, by=assessor, **told, said=50)


def test_the_form_shows_a_voice_as_it_was_typed(asked, assessor):
    shown = initial_of(make_staff(asked, said=66, percent=True, by=assessor))
    assert (shown["said_as"], shown["said"], shown["source"]) == ("percent", "66", "Return of May 2026 (invented)")
    assert initial_of(make_voice(asked, by=assessor))["said"] == "38"


def test_contrasts_are_counts_of_two_groups_of_enough_people(asked, assessor):
    with pytest.raises(Refused, match="8 people or more") as refused:
        make_contrast(asked, 1, (5, 7), (5, 10), by=assessor)
    assert refused.value.field == "more_n"
    with pytest.raises(Refused, match="only 10 were asked") as refused:
        make_contrast(asked, 1, (5, 9), (11, 10), by=assessor)
    assert refused.value.field == "less_said"
    group = actions.Group("The same", 4, 9)
    with pytest.raises(Refused, match="called the same"):
        actions.add_contrast(
            comparison=asked, cause=CAUSES[0], within="", more=group, less=group, source="x", by=assessor
        )
    with pytest.raises(Refused, match="one of the three"):
        actions.add_contrast(
            comparison=asked, cause="magic", within="", more=group, less=group, source="x", by=assessor
        )


def test_who_does_not_assess_here_changes_nothing(asked, world):
    voice = make_voice(asked, by=world["assessor"])
    for somebody in (world["neighbour"], world["above"], world["analyst"]):
        with pytest.raises(PermissionDenied):
            make_staff(asked, by=somebody)
        with pytest.raises(PermissionDenied):
            actions.take_voice_back(voice=voice, by=somebody)
        with pytest.raises(PermissionDenied):
            actions.take_comparison_back(comparison=asked, by=somebody)
    with pytest.raises(PermissionDenied):
        make_comparison(None, by=world["assessor"])


def test_those_inside_and_above_see_a_comparison_and_its_neighbours_do_not(asked, world):
    for somebody, seen in (("assessor", True), ("analyst", True), ("above", True), ("neighbour", False)):
        assert (asked in comparisons_visible_to(world[somebody])) is seen, somebody
    ours = make_comparison(None, by=world["above"])
    assert ours in comparisons_visible_to(world["above"])
    assert ours not in comparisons_visible_to(world["assessor"])
    actions.take_comparison_back(comparison=asked, by=world["assessor"])
    assert asked not in comparisons_visible_to(world["assessor"])
    with pytest.raises(Refused, match="took this back"):
        make_voice(asked, by=world["assessor"])


# What can be said


def test_shares_and_differences_are_those_of_the_methods(asked, assessor):
    make_staff(asked, by=assessor)
    make_voice(asked, by=assessor)
    found = _again(asked)
    # The claim comes first, whenever it was added.
    assert [each.row.claim for each in found.voices] == [True, False]
    known = compare([Voice.counted("claim", 38, 40), Voice.counted("staff", 46, 93)])
    (apart,) = found.apart
    assert (apart.value, apart.low, apart.high) == pytest.approx(
        (known.differences[0].value, known.differences[0].low, known.differences[0].high)
    )
    assert apart.beyond_chance
    assert [(each.low, each.high) for each in found.voices] == pytest.approx(
        list(zip(known.low, known.high, strict=True))
    )
    assert found.halved is None


@pytest.mark.parametrize("planted", [1, 2, 3])
def test_the_planted_cause_is_named(asked, assessor, planted):
    make_voice(asked, by=assessor)
    make_staff(asked, by=assessor)
    for number in (1, 2, 3):
        make_contrast(asked, number, (57, 60) if number == planted else (31, 60), (30, 60), by=assessor)
    found = _again(asked)
    assert found.explained.verdict == CAUSES[planted - 1]
    said = presenters.verdict(found)
    assert f"speaks for one of the three: “{presenters.KNOWN[planted - 1].title}”" in said


def test_without_a_gap_there_is_nothing_to_explain_whatever_was_asked(asked, assessor):
    make_voice(asked, said=22, by=assessor)
    make_staff(asked, by=assessor)
    make_contrast(asked, 1, (57, 60), (20, 60), by=assessor)
    found = _again(asked)
    assert not found.flagged
    assert "no gap to explain" in presenters.verdict(found)
    assert {each.state for each in presenters.cards(found)} == {"No gap to explain"}
    assert not any(each.flagged for each in comparisons_of(asked.organisation))


def test_less_claimed_than_others_say_is_said(asked, assessor):
    make_voice(asked, said=4, by=assessor)
    make_staff(asked, by=assessor)
    assert presenters.verdict(_again(asked)).startswith("Less is claimed than others say")


def test_a_comparison_says_what_it_lacks(asked, assessor):
    found = _again(asked)
    assert (found.voices, found.apart, found.explained) == ((), (), None)
    assert "a claim, and a voice beside it" in presenters.verdict(found)
    make_voice(asked, by=assessor)
    found = _again(asked)
    assert len(found.voices) == 1
    assert "this needs a voice beside the claim" in presenters.verdict(found)


@given(
    claim=st.tuples(st.integers(1, 400), st.floats(0, 1)),
    other=st.tuples(st.integers(1, 400), st.floats(0, 1)),
    assumed=st.booleans(),
)
def test_whatever_was_counted_shares_lie_within_their_intervals(claim, other, assumed):
    """Pure: rows that are in no database."""
    rows = [
        Counted(pk=pk, name=str(pk), n=n, said=share * n, claim=pk == 1, assumed=assumed)
        for pk, (n, share) in enumerate((claim, other), 1)
    ]
    comparison = Comparison()
    comparison._prefetched_objects_cache = {"voices": _Rows(rows), "contrasts": _Rows([])}
    found = compared(comparison)
    for each in found.voices:
        assert 0 <= each.low <= each.share + 1e-12
        assert each.share <= each.high + 1e-12 <= 1 + 1e-9
    (apart,) = found.apart
    assert -1 <= apart.low <= apart.value + 1e-12
    assert apart.value <= apart.high + 1e-12
    assert found.flagged == (apart.beyond_chance and apart.value > 0)
    assert (found.halved is not None) is assumed
    assert presenters.verdict(found).endswith(".")


class _Rows(list):
    def all(self):
        return self


def test_a_list_asks_the_database_as_often_for_many_as_for_one(system, assessor):
    make_comparing(system, by=assessor)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert sum(each.flagged for each in comparisons_of(system)) == 1
    for _ in range(4):
        make_comparing(system, by=assessor)
    with CaptureQueriesContext(connection) as many:
        assert len(comparisons_of(system)) == 5
        assert {each.comparison.organisation for each in comparisons_of(system) if each.flagged} == {system}
    assert len(many) == 2 * len(one)


# Published figures


def test_the_reports_figures_load_once_and_cannot_be_told_apart(above, world):
    made = load_published(definition="codesign_2022", by=above)
    assert load_published(definition="codesign_2022", by=above) == made
    found = compared(made)
    assert [(round(100 * each.share), each.row.n, each.row.assumed) for each in found.voices] == [
        (95, 42, True),
        (66, 93, True),
        (23, 42, True),
    ]
    assert found.flagged
    assert found.explained.verdict == "cannot be told apart"
    assert {each.state for each in found.explained.explanations} == {"not asked"}
    assert all(each.needed > 8 and each.would_tell for each in found.explained.explanations)
    assert found.halved.same
    assert all(each.beyond_chance for each in found.halved.apart)
    with pytest.raises(Refused, match="stay as they were published"):
        make_staff(made, by=above)
    with pytest.raises(PermissionDenied):
        load_published(definition="codesign_2022", by=world["assessor"])
    with pytest.raises(Refused, match="no published figures"):
        load_published(definition="nothing", by=above)


def test_assumed_numbers_that_decide_it_are_said(asked, assessor):
    make_voice(asked, said=85, percent=True, n=20, assumed=True, by=assessor)
    make_staff(asked, said=50, percent=True, n=30, assumed=True, by=assessor)
    found = _again(asked)
    assert found.flagged
    assert not found.halved.same
    assert "it would not be the same" in presenters.sensitivity(found)


# Drawn in


def test_a_key_line_is_drawn_in_with_the_latest_answer_of_each_system(world, above):
    key_line = next(iter(load(KeyLine)))
    wave = Wave.objects.create(
        title="Returns (invented)", on=date(2026, 3, 31), basis=Basis.RETURNS, source="x", recorded_by=above
    )
    for system, answers in zip(
        world["systems"], (("disagree", "agree"), ("partly",), ("disagree",), ("not_said",)), strict=True
    ):
        for answer in answers:
            KeyLineAnswer.objects.create(
                wave=wave, organisation=system, key_line=key_line, answer=answer, recorded_by=above
            )
    ours = make_comparison(None, by=above)
    assert key_answers(wave.pk, key_line) == {"agree": 1, "partly": 1, "disagree": 1, "not_said": 1}
    both = voice_from_key_line(comparison=ours, wave=wave, key_line=key_line, partly=True, by=above)
    assert (both.said, both.n, both.claim, both.on) == (2, 3, True, wave.on)
    assert both.asked == "1 agreed and 1 partly agreed, of 3 systems that answered. 1 did not say."
    agreed = voice_from_key_line(comparison=ours, wave=wave, key_line=key_line, partly=False, by=above)
    assert (agreed.said, agreed.claim) == (1, False)
    KeyLineAnswer.objects.update(answer="not_said")
    with pytest.raises(Refused, match="No system said"):
        voice_from_key_line(comparison=ours, wave=wave, key_line=key_line, partly=False, by=above)


def test_records_are_drawn_in_with_their_range_from_open_releases_only(asked, world, system):
    tables = released_tables(found=(60, 65), other=(140, 145))
    make_release(system, tables, asks=world["analyst"], agrees=None)
    assert record_figures(system) == ([], 0)
    with pytest.raises(Refused, match="not open"):
        voice_from_records(comparison=asked, figure="left_out", so=True, by=world["assessor"])


def test_a_record_figure_takes_the_middle_and_says_the_range(asked, world, system):
    tables = released_tables(found=(60, 65), other=(140, 145))
    make_release(system, tables, asks=world["analyst"], agrees=world["lead"])
    figures, hidden = record_figures(system)
    assert {each.key for each in figures} == {"left_out", "met", "barrier:told_of_change", "barrier:trust"}
    # What staff said is hidden too far.
    assert hidden == 1
    made = voice_from_records(comparison=asked, figure="left_out", so=False, by=world["assessor"])
    assert made.n == 200
    assert made.said / made.n == pytest.approx(142.5 / 205)
    assert "lies between 68% and 71%" in made.asked
    assert (made.speaks, made.claim, made.on) == ("records", False, date(2026, 9, 30))
    assert "Open figures of System 1.1, up to 30 September 2026" in made.source


def test_a_figure_of_which_too_much_is_hidden_is_not_offered():
    def told(yes, no):
        return RecordFigure("k", "t", "o", yes, no, "System", date(2026, 9, 30)).told

    assert told((50, 55), (50, 55))
    assert not told((1, 7), (1, 7))
    assert not told((5, float("inf")), (50, 55))
    assert not told((0, 0), (0, 0))
    assert not told((3, 3), (4, 4))
