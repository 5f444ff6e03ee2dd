"""What was taken back, or belongs to a later assessment, shows nowhere; and what somebody wrote holds nobody up."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from kept_rows import afresh
from pages import client_of
from systems_factories import make_assessment, make_claim, make_evidence, make_member, make_tree
from systems_interview_factories import make_interview, make_quote
from systems_return_factories import finish, give_level, make_differing, make_readings, make_return, make_wave, mark
from systems_review_factories import make_invited, make_level, make_reviewer

from inroads.accounts.actions import Refused
from inroads.accounts.models import Draft
from inroads.systems.actions import assessments, interviews, reviewing, settling
from inroads.systems.actions.quotes import use_as_evidence
from inroads.systems.actions.returns import MOST_PASSAGES, add_return
from inroads.systems.queries.needles import rests_on_words_alone, standings_of
from inroads.systems.queries.overview import means, waiting
from inroads.systems.queries.return_scores import scores_of, trace_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(rows_for_all):
    here, beside, _, far = make_tree()
    return {
        "here": here,
        "beside": beside,
        "lead": make_member(here, "place_lead"),
        "assessor": make_member(here, "assessor"),
        "reviewer": make_reviewer(far),
        "national": make_member(here.parent.parent, "national_lead"),
        "readers": [make_member(here.parent.parent, "reader", f"Reader {number}") for number in (1, 2)],
    }


@pytest.fixture
def world(made, db):
    return afresh(made)


def page(user, name, **arguments):
    return client_of(user).get(reverse(f"systems:{name}", kwargs=arguments)).content.decode()


def test_a_reviewer_of_one_assessment_reads_no_verdict_on_the_next(world):
    here, lead, first = world["here"], world["lead"], world["reviewer"]
    piece = make_level(here, "codesign", 1, by=lead)[0]
    one = make_assessment(here, by=lead)
    make_invited(one, first, by=lead)
    reviewing.hand_in(assessment=one, words="", by=lead)
    reviewing.review_evidence(assessment=one, evidence=piece, verdict="shows", words="", by=first)
    reviewing.finish_review(assessment=one, words="Fine", by=first)
    reviewing.close(assessment=one, words="Done", by=lead)
    two = make_assessment(here, by=lead, title="The next")
    second = make_reviewer(world["beside"], "Second Reviewer")
    make_invited(two, second, by=lead)
    reviewing.hand_in(assessment=two, words="", by=lead)
    reviewing.review_evidence(assessment=two, evidence=piece, verdict="unclear", words="Who was there?", by=second)
    reviewing.reopen(assessment=two, words="More is coming", by=lead)
    for outside in (first, world["national"]):
        shown = page(outside, "evidence", evidence=piece.pk)
        assert "Who was there?" not in shown
        assert "Second Reviewer" not in shown
    assert "Who was there?" in page(lead, "evidence", evidence=piece.pk)


def test_evidence_on_somebodys_words_keeps_no_copy_of_them(world):
    here, by = world["here"], world["assessor"]
    quote = make_quote(make_interview(here, by=by), by=by, words="Nobody rang back (invented)")
    kept = make_evidence(
        here, by=by, element="felt", kind="story", supports=False, quote=quote, title="Nobody rang back", words="Same"
    )
    assert (kept.title, kept.words) == ("Said in an interview", "")
    assert "Nobody rang back" in page(by, "evidence", evidence=kept.pk)
    interviews.take_everything_back(interview=quote.interview, how="phone", by=by)
    assert "Nobody rang back" not in page(by, "evidence", evidence=kept.pk)


def test_what_was_taken_back_is_shown_to_nobody_who_answers_or_prints(world):
    here, by = world["here"], world["assessor"]
    interview = make_interview(here, by=by)
    quote = make_quote(interview, by=by, words="Nobody rang back (invented)")
    correction = interviews.correct(interview=interview, quote=quote, words="It was twice", by=by)
    about = {"system": here.pk, "interview": interview.pk}
    Draft.objects.create(user=by, address=reverse("systems:quote_new", kwargs=about), fields={"words": ["typed"]})
    interviews.take_everything_back(interview=interview, how="phone", by=by)
    assert "Nobody rang back" not in page(by, "interview_answer", system=here.pk, correction=correction.pk)
    assert client_of(by).get(reverse("systems:interview_own_page", kwargs=about)).status_code == 302
    assert not Draft.objects.filter(user=by).exists()


@pytest.mark.parametrize("until", [date.max, timezone.localdate() + timedelta(days=366 * 60)])
def test_a_last_day_that_nobody_lives_to_see_is_refused_and_nothing_is_lost(world, until):
    by = world["assessor"]
    interview = make_interview(world["here"], by=by)
    quote = make_quote(interview, by=by)
    use_as_evidence(quote=quote, criterion="codesign", element="felt", by=by)
    with pytest.raises(Refused, match="too far ahead"):
        interviews.change_consent(interview=interview, uses=("quoted",), limits="", until=until, how="phone", by=by)


def test_a_return_of_endless_paragraphs_is_refused_before_anybody_waits(world, monkeypatch):
    told = {"organisation": world["here"], "title": "Endless", "by": world["national"]}
    wave = make_wave(by=world["national"])
    monkeypatch.setattr("inroads.systems.actions.returns.audit.hold", lambda: pytest.fail("somebody had to wait"))
    with pytest.raises(Refused, match="paragraphs"):
        add_return(wave=wave, text="a\n\n" * (MOST_PASSAGES + 1), **told)


def test_a_passage_behind_evidence_can_be_read(world):
    here, national, readers = world["here"], world["national"], world["readers"]
    found = make_differing(here, by=national, readers=readers)
    coding = trace_of(found, "touchpoints").standing[0]
    settling.settle(of=found, criterion="codesign", level=None, words="It says nothing of it", kept=[], by=national)
    kept = make_evidence(here, by=world["assessor"], criterion="touchpoints", passage=coding)
    assert "ask the library for help with a tablet" in page(world["assessor"], "evidence", evidence=kept.pk)


def test_one_readers_mark_is_no_evidence_before_both_have_finished(world):
    here, national = world["here"], world["national"]
    first, second = make_readings(make_return(here, by=national), world["readers"], by=national)
    coding = mark(first, 2)
    finish(first)
    with pytest.raises(Refused, match="no such passage"):
        make_evidence(here, by=world["assessor"], passage=coding)
    assert second.finished_at is None


def test_where_a_return_says_nothing_no_level_stands(world):
    national, readers = world["national"], world["readers"]
    found = make_return(world["here"], by=national)
    first, second = make_readings(found, readers, by=national)
    give_level(first, 1)
    finish(first, second)
    settling.settle(of=found, criterion="codesign", level=None, words="It is about another thing", kept=[], by=national)
    assert scores_of(found.wave) == []
    with pytest.raises(PermissionDenied):
        settling.settle(of=found, criterion="codesign", level=2, words="x", kept=[], by=readers[0])


def test_a_claim_from_last_time_is_looked_at_before_its_part_is_finished(world):
    here, lead = world["here"], world["lead"]
    one = make_assessment(here, by=lead)
    make_claim(one, "codesign", 1, by=lead)
    reviewing.hand_in(assessment=one, words="", by=lead)
    reviewing.close(assessment=one, words="Nobody could be found", by=lead)
    two = make_assessment(here, by=lead, title="The next")
    with pytest.raises(Refused, match="from last time"):
        assessments.finish_part(assessment=two, criterion="codesign", by=lead)
    make_claim(two, "codesign", 1, by=lead)
    assert assessments.finish_part(assessment=two, criterion="codesign", by=lead).finished


def test_who_was_not_heard_counts_in_no_mean_and_words_alone_are_said_to_be_so(world):
    here, lead = world["here"], world["lead"]
    assessment = make_assessment(here, by=lead)
    make_evidence(here, by=lead, element="before")
    alone = make_evidence(here, by=lead, element="where_people_are", kind="survey", voice="people", link="")
    found = standings_of(assessment)
    partnership = next(each for each in means(found) if each.dimension.id == "partnership")
    assert (partnership.criteria, partnership.unheard, partnership.experienced) == (3, 2, 1.0)
    silent = next(each for each in means(found) if each.dimension.id == "learning")
    assert silent.experienced is None
    pieces = {piece.pk: piece for each in found for piece in each.evidence}
    assert rests_on_words_alone(pieces[alone.pk])
    assert sum(rests_on_words_alone(piece) for piece in pieces.values()) == 1


def test_what_waits_for_somebody_stands_on_the_first_page(world):
    here, lead, assessor = world["here"], world["lead"], world["assessor"]
    assessment = make_assessment(here, by=lead, title="Autumn")
    for criterion in ("codesign", "board"):
        assessments.give_part(assessment=assessment, criterion=criterion, holder=assessor, by=lead)
    assert [(each.title, many) for each, many in waiting(assessor).parts] == [("Autumn", 2)]
    assert not waiting(lead)
    assert "2 parts are yours" in page(assessor, "index")
