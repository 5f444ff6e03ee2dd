"""The three needles of a system at any moment: what was not there yet does not count, and order changes nothing."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kept_rows import afresh
from systems_factories import make_member, make_tree
from systems_review_factories import (
    add_large_edition,
    copied_definitions,
    make_assessment,
    make_claim,
    make_invited,
    make_level,
    make_piece,
    make_reviewer,
    use_definitions,
    way_to_show,
)

from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Framework, criteria_of
from inroads.systems.actions import reviewing
from inroads.systems.actions.evidence import withdraw
from inroads.systems.models import Claimed, Evidence, ReviewedEvidence
from inroads.systems.queries.needles import standings, standings_of

pytestmark = pytest.mark.django_db
# Seconds of our own work: what else the machine does meanwhile says nothing about it.
TOOK_AT_MOST = 0.3
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture(scope="module")
def made(rows_for_all):
    """Two systems, each with an assessment of its own; those who lead them, and two peers."""
    one, other, _, far = make_tree()
    leads = [make_member(each, "place_lead") for each in (one, other)]
    assessments = [make_assessment(each, by=lead) for each, lead in zip((one, other), leads, strict=True)]
    peers = [make_reviewer(far, name) for name in ("First peer", "Second peer")]
    return {"systems": [one, other], "leads": leads, "assessments": assessments, "peers": peers}


@pytest.fixture
def world(made, db):
    return afresh(made)


@pytest.fixture
def large_edition(tmp_path):
    """An edition of forty criteria, until the test is over."""
    definitions = copied_definitions(tmp_path)
    add_large_edition(definitions)
    use_definitions(definitions)
    yield load(Framework)["2027"]
    use_definitions(None)


def codesign(assessment, at=None):
    (standing,) = standings_of(assessment, at=at, only="codesign")
    level = standing.level
    return level.claimed, level.evidenced, level.experienced


def test_at_a_moment_nothing_is_there_that_came_later(world):
    (system, _), (lead, _), (assessment, _), (peer, _) = world.values()
    moments = [timezone.now()]

    def step(act):
        act()
        moments.append(timezone.now())

    step(lambda: make_claim(assessment, "codesign", 1, by=lead))
    pieces = []
    step(lambda: pieces.extend(make_level(system, "codesign", 1, by=lead)))
    step(lambda: make_claim(assessment, "codesign", 3, by=lead))
    step(lambda: make_invited(assessment, peer, by=lead))
    step(lambda: reviewing.hand_in(assessment=assessment, words="", by=lead))
    told = {"assessment": assessment, "evidence": pieces[0], "by": peer}
    step(lambda: reviewing.review_evidence(verdict="not_shown", words="Not this", **told))
    step(lambda: reviewing.review_evidence(verdict="shows", words="", **told))
    step(lambda: withdraw(evidence=pieces[0], words="The wrong paper", by=lead))
    # What is said of it after it was withdrawn changes nothing.
    assert [codesign(assessment, at=at) for at in moments] == [
        (None, 0, 0),
        (1, 0, 0),
        (1, 1, 1),
        (3, 1, 1),
        (3, 1, 1),
        (3, 1, 1),
        (3, 0, 1),
        (3, 1, 1),
        (3, 0, 1),
    ]
    assert codesign(assessment) == (3, 0, 1)
    assert {each.pk for each in standings_of(assessment, at=moments[-2], only="codesign")[0].evidence} == {
        piece.pk for piece in pieces
    }


def test_evidence_of_one_system_says_nothing_about_another(world):
    one, other = world["assessments"]
    make_level(world["systems"][0], "codesign", 1, by=world["leads"][0])
    assert codesign(one)[1:] == (1, 1)
    assert codesign(other)[1:] == (0, 0)


def test_the_piece_behind_what_the_method_names_is_found(world):
    (system, _), (lead, _), (assessment, _), _ = world.values()
    denial = make_piece(system, "codesign", "before", by=lead, supports=False)
    undated = make_piece(system, "codesign", "paid", by=lead, dated=None)
    (standing,) = standings_of(assessment, only="codesign")
    (named,) = standing.level.contrary
    assert standing.piece(named) == denial
    assert [each.pk for each in standing.evidence] == [denial.pk, undated.pk], "what has no day comes last"


def test_the_order_is_that_of_the_framework_and_one_criterion_is_as_in_all(world):
    (system, _), (lead, _), (assessment, _), _ = world.values()
    make_level(system, "codesign", 2, by=lead)
    found = standings_of(assessment)
    assert [each.criterion.id for each in found] == [each.id for each in criteria_of(load(Framework)["2026"])]
    (one,) = standings_of(assessment, only="codesign")
    assert one == next(each for each in found if each.criterion.id == "codesign")
    assert standings_of(assessment, only="nothing") == []


def test_of_one_criterion_that_became_two_the_evidence_counts_for_both(world, tmp_path):
    make_level(world["systems"][0], "codesign", 1, by=world["leads"][0])
    definitions = copied_definitions(tmp_path)
    text = (definitions / "criteria" / "codesign.toml").read_text(encoding="utf-8")
    for name in ("codesign_2", "codesign_3"):
        (definitions / "criteria" / f"{name}.toml").write_text(f'replaces = "codesign"\n{text}', encoding="utf-8")
    edition = (definitions / "frameworks" / "2026.toml").read_text(encoding="utf-8")
    (definitions / "frameworks" / "2027.toml").write_text(
        edition.replace('"codesign"', '"codesign_2", "codesign_3"'), encoding="utf-8"
    )
    try:
        use_definitions(definitions)
        found = standings(world["systems"][0], load(Framework)["2027"])
        assert {each.criterion.id: each.level.evidenced for each in found if each.level.evidenced} == {
            "codesign_2": 1,
            "codesign_3": 1,
        }
    finally:
        use_definitions(None)


# Whatever is laid down


ELEMENTS = [each.id for each in load(Criterion)["codesign"].elements().values()]
MINUTES = st.integers(0, 20)
PIECES = st.fixed_dictionaries(
    {
        "element": st.sampled_from(ELEMENTS),
        "people": st.booleans(),
        "supports": st.sampled_from([True, True, False]),
        "days": st.one_of(st.none(), st.integers(-700, 20)),
        "lasts": st.integers(1, 600),
        "at": MINUTES,
        "withdrawn": st.one_of(st.none(), MINUTES),
        "verdicts": st.lists(
            st.tuples(MINUTES, st.integers(0, 1), st.sampled_from(["shows", "unclear", "not_shown"])), max_size=3
        ),
    }
)
CLAIMS = st.lists(st.tuples(MINUTES, st.integers(0, 3)), max_size=3)


def minute(number):
    return NOW - timedelta(days=1) + timedelta(minutes=number)


def lay_rows(world, which, pieces, claims, until=None):
    """These rows as somebody wrote them down; none later than `until`, and nothing withdrawn later."""
    system, lead, assessment = (world[name][which] for name in ("systems", "leads", "assessments"))
    then = minute(until) if until is not None else None
    asked = load(Criterion)["codesign"].elements()
    said = []
    for each in pieces:
        if then and minute(each["at"]) > then:
            continue
        element = asked[each["element"]]
        people = each["people"] and any(kind in ("survey", "story", "interview") for kind in element.shown_by)
        kind, voice = way_to_show(element, people=people)
        dated = timezone.localdate(NOW) + timedelta(days=each["days"]) if each["days"] is not None else None
        gone = each["withdrawn"]
        gone_at = None if gone is None or gone < each["at"] or (then and minute(gone) > then) else minute(gone)
        made = Evidence.objects.create(
            organisation=system,
            criterion="codesign",
            element=each["element"],
            kind=kind,
            voice=voice,
            supports=each["supports"],
            dated=dated,
            expires_on=dated + timedelta(days=each["lasts"]) if dated else None,
            title="A paper",
            withdrawn_at=gone_at,
            recorded_by=lead,
            recorded_at=minute(each["at"]),
        )
        said += [(at, made, peer, verdict) for at, peer, verdict in each["verdicts"] if at >= each["at"]]
    # As rows are written: in the order of time.
    ReviewedEvidence.objects.bulk_create(
        ReviewedEvidence(
            assessment=assessment,
            evidence=made,
            verdict=verdict,
            words="So",
            recorded_by=world["peers"][peer],
            recorded_at=minute(at),
        )
        for at, made, peer, verdict in sorted(said, key=lambda row: row[0])
        if not then or minute(at) <= then
    )
    in_time = sorted((at, level) for at, level in claims if not then or minute(at) <= then)
    Claimed.objects.bulk_create(
        Claimed(
            assessment=assessment,
            criterion="codesign",
            version=number,
            level=level,
            dated=minute(at).date(),
            recorded_by=lead,
            recorded_at=minute(at),
        )
        for number, (at, level) in enumerate(in_time, 1)
    )


def read(assessment, at=None):
    """The needles and what is behind them, without ids."""
    (standing,) = standings_of(assessment, at=at, only="codesign")
    level = standing.level
    return (
        (level.claimed, level.evidenced, level.experienced, level.heard),
        level.missing,
        sorted((each.element, each.kind, each.voice, each.dated, each.expires) for each in level.contrary),
        len(standing.evidence),
        len(standing.not_shown),
    )


@pytest.fixture
def both(world):
    """A function that keeps rows in the two systems, as they are empty again."""

    def kept(*calls):
        ReviewedEvidence.objects.all().delete()
        Evidence.objects.all().delete()
        Claimed.objects.all().delete()
        for which, call in enumerate(calls):
            lay_rows(world, which, **call)
        return world["assessments"]

    return kept


FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(pieces=st.lists(PIECES, max_size=8), data=st.data())
@FEW
def test_the_order_in_which_evidence_is_laid_down_does_not_matter(both, pieces, data):
    # Of a denial and of what sets it right both are there at the end, whichever came first.
    shuffled = data.draw(st.permutations(pieces))
    one, other = both({"pieces": pieces, "claims": []}, {"pieces": shuffled, "claims": []})
    assert read(one) == read(other)


@given(pieces=st.lists(PIECES, max_size=8), claims=CLAIMS, at=MINUTES)
@FEW
def test_a_moment_reads_as_if_nothing_had_come_after_it(both, pieces, claims, at):
    whole, cut = both({"pieces": pieces, "claims": claims}, {"pieces": pieces, "claims": claims, "until": at})
    assert read(whole, at=minute(at)) == read(cut, at=minute(at))


# At real size


def test_forty_criteria_with_twenty_pieces_each_are_read_with_four_questions(world, large_edition):
    system, lead, assessment = world["systems"][0], world["leads"][0], world["assessments"][0]
    assessment.framework = large_edition.id
    assessment.save(update_fields=("framework",))
    chosen = criteria_of(large_edition)
    assert len(chosen) == 40

    def asked(only=""):
        with CaptureQueriesContext(connection) as queries:
            began = time.process_time()
            found = standings_of(assessment, only=only)
            took = time.process_time() - began
        return len(queries), took, found

    assert asked()[0] == 3, "nobody wrote anything down yet"
    today = timezone.localdate()
    Evidence.objects.bulk_create(
        Evidence(
            organisation=system,
            criterion=criterion.id,
            element=element.id,
            kind=kind,
            voice=voice,
            supports=number % 7 != 3,
            dated=today - timedelta(days=number * 9 + 1),
            expires_on=today + timedelta(days=300 - number * 20),
            title=f"Paper {number}",
            recorded_by=lead,
        )
        for criterion in chosen
        for number in range(20)
        for element in [list(criterion.elements().values())[number % len(criterion.elements())]]
        for kind, voice in [way_to_show(element)]
    )
    Claimed.objects.bulk_create(
        Claimed(assessment=assessment, criterion=each.id, version=1, level=2, dated=today, recorded_by=lead)
        for each in chosen
    )
    every_fourth = Evidence.objects.filter(title__in=[f"Paper {number}" for number in range(0, 20, 4)])
    ReviewedEvidence.objects.bulk_create(
        ReviewedEvidence(
            assessment=assessment, evidence=each, verdict="not_shown", words="So", recorded_by=world["peers"][0]
        )
        for each in every_fourth
    )
    number, took, found = asked()
    assert number == asked(only="codesign")[0] == 4
    assert sum(len(each.evidence) for each in found) == 800
    assert sum(len(each.not_shown) for each in found) == 200
    assert took < TOOK_AT_MOST, took
