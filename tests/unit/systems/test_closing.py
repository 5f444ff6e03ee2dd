"""Handing in, opening again, closing for ever, and setting an assessment beside the one before."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from kept_rows import afresh
from pages import client_of
from systems_factories import make_member, make_tree
from systems_review_factories import (
    add_next_edition,
    copied_definitions,
    day,
    make_assessment,
    make_claim,
    make_closed,
    make_invited,
    make_level,
    make_piece,
    make_review,
    make_reviewer,
    use_definitions,
)

from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Framework
from inroads.systems.actions import reviewing
from inroads.systems.actions.assessments import give_part
from inroads.systems.actions.evidence import withdraw
from inroads.systems.models import Assessment, Moved, Result, ReviewedEvidence, State
from inroads.systems.queries.movement import Why, before, beside, set_beside
from inroads.systems.queries.needles import as_result, standings, standings_of
from inroads.systems.queries.reviewing import unready

pytestmark = pytest.mark.django_db
NUMBERS = ("criterion", "claimed", "evidenced", "experienced", "missing", "contrary", "heard")


@pytest.fixture(scope="module")
def made(rows_for_all):
    """A system with an assessment that claims more than its evidence bears out."""
    here, _, _, far = make_tree()
    lead = make_member(here, "place_lead")
    assessment = make_assessment(here, by=lead)
    make_claim(assessment, "codesign", 2, by=lead)
    make_claim(assessment, "board", 0, by=lead)
    pieces = make_level(here, "codesign", 1, by=lead)
    return {
        "here": here,
        "far": far,
        "lead": lead,
        "reviewer": make_reviewer(far),
        "assessment": assessment,
        "pieces": pieces,
    }


@pytest.fixture
def world(made, db):
    return afresh(made)


@pytest.fixture
def next_edition(tmp_path):
    """Definitions with a second edition, until the test is over."""
    definitions = copied_definitions(tmp_path)
    add_next_edition(definitions)
    use_definitions(definitions)
    yield
    use_definitions(None)


def address(name, assessment, **more):
    return reverse(f"systems:{name}", kwargs={"assessment": assessment.pk, **more})


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def results(assessment):
    return list(assessment.results.values_list(*NUMBERS))


def worked_out(assessment):
    """From rows each time, and not as a process keeps it."""
    edition = load(Framework)[assessment.framework]
    found = standings(assessment.organisation, edition, assessment=assessment, at=assessment.locked_at)
    return [tuple(getattr(as_result(assessment, each), name) for name in NUMBERS) for each in found]


# Handing in


def test_before_handing_in_what_is_open_is_seen_and_forbids_nothing(world):
    lead, here, assessment = world["lead"], world["here"], world["assessment"]
    make_piece(here, "board", "agenda", by=lead, dated=day(-500))
    make_piece(
        here, "strategy", next(iter(load(Criterion)["strategy"].elements())), by=lead, supports=False, dated=day(-900)
    )
    give_part(assessment=assessment, criterion="board", holder=lead, by=lead)
    open_there = unready(assessment, standings_of(assessment))
    assert len(open_there.unclaimed) == 18
    assert [each.criterion.id for each in open_there.above_evidence] == ["codesign"]
    assert [(criterion.id, len(pieces)) for criterion, pieces in open_there.expired] == [("board", 1)]
    assert [(criterion.id, holder) for criterion, holder in open_there.unfinished] == [("board", lead)]
    page = client_of(lead)
    shown = text_of(page.get(address("assessment_submit", assessment)))
    for each in (
        "Nothing is claimed (18)",
        "Designed with people</a>: claimed 2, evidenced 1",
        "Evidence whose time is over (1)",
        "Not said to be finished (1)",
        "Nobody is asked to review yet",
        "You can hand it in all the same",
    ):
        assert each in shown, each
    answer = page.post(address("assessment_submit", assessment), {"words": "Look at co-design"})
    assert answer.status_code == 302
    assessment.refresh_from_db()
    assert assessment.state == State.SUBMITTED
    history = text_of(page.get(answer.url))
    assert "Handed in" in history
    assert "Look at co-design" in history
    assert page.get(address("assessment_submit", assessment)).status_code == 302
    assert AuditEntry.objects.get(action="assessment_moved").details == {"before": "open", "state": "submitted"}


def test_claims_that_were_taken_over_and_not_looked_at_are_seen(world):
    make_closed(world["assessment"], by=world["lead"])
    following = make_assessment(world["here"], by=world["lead"], title="The year after")
    found = unready(following, standings_of(following))
    assert {each.id for each in found.not_looked_at} == {"codesign", "board"}
    make_claim(following, "board", 0, by=world["lead"])
    assert {each.id for each in unready(following, standings_of(following)).not_looked_at} == {"codesign"}
    assert "Taken over, and not looked at (1)" in text_of(
        client_of(world["lead"]).get(address("assessment_submit", following))
    )


# From one state to the next


def test_every_state_leads_only_where_it_may(world):
    lead, reviewer, assessment = world["lead"], world["reviewer"], world["assessment"]
    make_invited(assessment, reviewer, by=lead)

    def refused(act, by, sentence, kind=Refused):
        with pytest.raises(kind, match=sentence):
            act(assessment=assessment, words="Because", by=by)

    refused(reviewing.reopen, lead, "being filled in already")
    refused(reviewing.close, lead, "Hand it in first")
    refused(reviewing.finish_review, reviewer, "not among those you review", PermissionDenied)
    reviewing.hand_in(assessment=assessment, words="", by=lead)
    refused(reviewing.hand_in, lead, "handed in already")
    reviewing.finish_review(assessment=assessment, words="Good", by=reviewer)
    with pytest.raises(Refused, match="Say why it is opened again"):
        reviewing.reopen(assessment=assessment, words=" ", by=lead)
    reviewing.reopen(assessment=assessment, words="We found minutes", by=lead)
    reviewing.hand_in(assessment=assessment, words="", by=lead)
    reviewing.finish_review(assessment=assessment, words="Better", by=reviewer)
    reviewing.close(assessment=assessment, words="", by=lead)
    for act in (reviewing.hand_in, reviewing.reopen, reviewing.close):
        refused(act, lead, "closed, and stays as it is")
    refused(reviewing.finish_review, reviewer, "closed, and stays as it is")
    order = ["submitted", "reviewed", "open", "submitted", "reviewed", "locked"]
    assert [each.state for each in Moved.objects.order_by("pk")] == order


def test_a_review_of_what_was_taken_back_does_not_count_for_what_is_handed_in_again(world):
    lead, assessment = world["lead"], world["assessment"]
    make_invited(assessment, world["reviewer"], by=lead)
    reviewing.hand_in(assessment=assessment, words="", by=lead)
    reviewing.finish_review(assessment=assessment, words="Good", by=world["reviewer"])
    reviewing.reopen(assessment=assessment, words="More is coming", by=lead)
    reviewing.hand_in(assessment=assessment, words="", by=lead)
    with pytest.raises(Refused, match="closed without a review"):
        reviewing.close(assessment=assessment, words="", by=lead)
    assert Assessment.objects.get(pk=assessment.pk).state == State.SUBMITTED
    assert not Result.objects.exists()


def test_closing_without_a_review_needs_a_reason_that_is_kept(world):
    page, assessment = client_of(world["lead"]), world["assessment"]
    reviewing.hand_in(assessment=assessment, words="", by=world["lead"])
    here = address("assessment_close", assessment)
    assert "Nobody has reviewed it since it was handed in" in text_of(page.get(here))
    assert "Say why it is closed without a review" in text_of(page.post(here, {"words": ""}))
    answer = page.post(here, {"words": "Nobody could be found"})
    assert "Nobody could be found" in text_of(page.get(answer.url))
    assert page.get(here).status_code == 302
    assert page.get(address("assessment_reopen", assessment)).status_code == 302


def test_a_second_browser_tab_cannot_close_or_hand_in_twice(world):
    page, assessment = client_of(world["lead"]), world["assessment"]
    reviewing.hand_in(assessment=assessment, words="", by=world["lead"])
    shown = text_of(page.post(address("assessment_submit", assessment), {"words": "My words"}))
    assert "This assessment was handed in already" in shown
    assert "My words" in shown
    reviewing.close(assessment=assessment, words="No time", by=world["lead"])
    for name in ("assessment_close", "assessment_reopen"):
        shown = text_of(page.post(address(name, assessment), {"words": "My words"}))
        assert "closed, and stays as it is" in shown
        assert "My words" in shown
    assert Moved.objects.count() == 2


def test_only_whoever_leads_moves_it(world):
    assessor, far = make_member(world["here"], "assessor"), make_member(world["far"], "place_lead")
    for by in (assessor, far, world["reviewer"]):
        for act in (reviewing.hand_in, reviewing.reopen, reviewing.close):
            with pytest.raises(PermissionDenied):
                act(assessment=world["assessment"], words="x", by=by)
    assert client_of(far).get(address("assessment_submit", world["assessment"])).status_code == 404
    assert client_of(assessor).get(address("assessment_submit", world["assessment"])).status_code == 403


# Closed for ever


def test_what_was_closed_is_worked_out_again_to_the_same_whatever_comes_later(world):
    lead, here, reviewer, assessment = world["lead"], world["here"], world["reviewer"], world["assessment"]
    make_piece(here, "codesign", "felt", by=lead, supports=False, kind="story", voice="people")
    make_piece(here, "board", "agenda", by=lead, dated=day(-365))
    make_invited(assessment, reviewer, by=lead)
    reviewing.hand_in(assessment=assessment, words="", by=lead)
    reviewing.finish_review(assessment=assessment, words="Good", by=reviewer)
    reviewing.close(assessment=assessment, words="", by=lead)
    assessment.refresh_from_db()
    kept = results(assessment)
    assert len(kept) == 20
    assert ("codesign", 2, 1, 1, 3, 1, 2) in kept
    assert kept == worked_out(assessment)
    # Later: more is shown, something is denied and withdrawn, and a reviewer of the next one judges the same evidence.
    make_level(here, "codesign", 3, by=lead)
    make_piece(here, "codesign", "before", by=lead, supports=False)
    withdraw(evidence=world["pieces"][1], words="The wrong paper", by=lead)
    following = make_assessment(here, by=lead, title="The year after")
    make_claim(following, "codesign", 3, by=lead)
    make_invited(following, reviewer, by=lead)
    reviewing.hand_in(assessment=following, words="", by=lead)
    reviewing.review_evidence(
        assessment=following, evidence=world["pieces"][0], verdict="not_shown", words="Not this", by=reviewer
    )
    assert ReviewedEvidence.objects.count() == 1
    assert results(assessment) == kept
    assert worked_out(Assessment.objects.get(pk=assessment.pk)) == kept
    # The next one sees all of it.
    (now,) = standings_of(following, only="codesign")
    assert now.level.claimed == 3
    assert world["pieces"][0].pk in now.not_shown
    assert world["pieces"][1].pk not in {each.pk for each in now.evidence}


def test_an_assessment_reads_the_same_on_later_days_when_its_evidence_has_expired(world, monkeypatch):
    make_closed(world["assessment"], by=world["lead"])
    assessment = Assessment.objects.get(pk=world["assessment"].pk)
    kept = results(assessment)
    later = timezone.now() + timedelta(days=2000)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert worked_out(assessment) == kept
    assert next(standing for standing in standings(world["here"], load(Framework)["2026"])).level.evidenced == 0


# Beside the one before


def test_what_moved_and_by_which_evidence(world):
    lead, here, reviewer = world["lead"], world["here"], world["reviewer"]
    first = make_closed(world["assessment"], by=lead)
    following = make_assessment(here, by=lead, title="The year after")
    make_claim(following, "codesign", 1, by=lead)
    before_it, where, heard = world["pieces"]
    more = make_level(here, "board", 1, by=lead)
    extra = make_piece(here, "codesign", "paid", by=lead)
    make_invited(following, reviewer, by=lead)
    reviewing.hand_in(assessment=following, words="", by=lead)
    told = {"assessment": following, "words": "No", "by": reviewer}
    reviewing.review_evidence(evidence=before_it, verdict="not_shown", **told)
    withdraw(evidence=where, words="The wrong paper", by=lead)
    following.refresh_from_db()
    assert before(following) == first
    found = beside(following, first)
    pairs = {pair.now.criterion.id: pair for pair in found.pairs}
    assert len(pairs) == 20
    assert (found.otherwise, found.new, found.gone) == ((), (), ())
    codesign, board = pairs["codesign"], pairs["board"]
    assert (codesign.moved("claimed"), codesign.moved("evidenced"), codesign.moved("experienced")) == (-1, -1, 0)
    assert {(why, piece.pk) for why, piece in codesign.changed} == {
        (Why.NOT_SHOWN, before_it.pk),
        (Why.WITHDRAWN, where.pk),
        (Why.ADDED, extra.pk),
    }
    assert heard.pk not in {piece.pk for _, piece in codesign.changed}
    assert (board.moved("claimed"), board.moved("evidenced"), board.moved("experienced")) == (0, 1, 1)
    assert {piece.pk for _, piece in board.changed} == {piece.pk for piece in more}
    assert found.counts("claimed") == {"up": 0, "down": 1, "same": 1, "unknown": 18}
    assert found.counts("evidenced") == {"up": 1, "down": 1, "same": 18, "unknown": 0}
    shown = text_of(client_of(lead).get(address("assessment_compare", following)))
    for each in (
        "What moved since Six weeks in autumn",
        "was 2, now 1, down",
        "was 0, now 1, up",
        "was nobody heard, now 1, up",
        "Withdrawn since: codesign where_people_are",
        "A reviewer says that it does not show this: codesign before",
        "Laid down since: codesign paid",
    ):
        assert each in shown, each


def test_evidence_whose_time_is_over_or_whose_day_has_come_is_said(world):
    soon = make_piece(world["here"], "codesign", "paid", by=world["lead"])
    soon.dated, soon.expires_on = day(100), day(900)
    soon.save(update_fields=("dated", "expires_on"))
    denied = make_piece(world["here"], "codesign", "decided", by=world["lead"], supports=False)
    edition, now = load(Framework)["2026"], timezone.now()
    later = now + timedelta(days=700)
    told = {"only": "codesign"}
    found = set_beside(
        standings(world["here"], edition, at=later, **told),
        standings(world["here"], edition, at=now, **told),
        timezone.localdate(later),
        timezone.localdate(now),
        later,
    )
    (pair,) = found.pairs
    assert {(why, piece.pk) for why, piece in pair.changed} == {
        (Why.BEGUN, soon.pk),
        *((Why.EXPIRED, piece.pk) for piece in world["pieces"]),
    }
    assert denied.pk not in {piece.pk for _, piece in pair.changed}, "a denial does not expire"


def test_the_first_assessment_stands_beside_nothing(world):
    page = client_of(world["lead"])
    assert before(world["assessment"]) is None
    assert page.get(address("assessment_compare", world["assessment"])).status_code == 404
    assert "What moved" not in text_of(page.get(address("assessment_moves", world["assessment"])))


def test_a_reviewer_of_one_assessment_does_not_read_the_one_before(world):
    made = make_review(world["far"], by=make_member(world["far"], "place_lead"))
    reviewer = made.reviewers.get().reviewer
    assert before(made) is not None
    assert client_of(reviewer).get(address("assessment_compare", made)).status_code == 404
    assert client_of(reviewer).get(address("assessment_moves", made)).status_code == 200
    above = client_of(make_member(world["far"].parent.parent, "national_lead"))
    assert above.get(address("assessment_compare", made)).status_code == 200


def test_an_old_edition_stays_readable_and_only_what_may_be_compared_is_counted(world, next_edition):
    lead, here = world["lead"], world["here"]
    first = make_closed(world["assessment"], by=lead)
    kept = results(first)
    following = make_assessment(here, by=lead, title="The year after", framework="2027")
    taken = {each.criterion: each.level for each in following.claims.all()}
    assert taken == {"codesign_2": 2}, "only a criterion that may be compared is taken over"
    make_piece(here, "codesign_2", "where_people_live", by=lead)
    found = beside(following, first)
    pairs = {pair.now.criterion.id: pair for pair in found.pairs}
    assert len(pairs) == 18
    assert pairs["codesign_2"].then.criterion.id == "codesign"
    assert [(now.criterion.id, then.criterion.id) for now, then in found.otherwise] == [("board_2", "board")]
    assert [each.criterion.id for each in found.new] == ["fair_tools"]
    assert [each.criterion.id for each in found.gone] == ["sharing"]
    assert sum(found.counts("evidenced").values()) == 18
    # What is no longer asked for counts no more; what is asked as before still does.
    changed = {piece.element: why for why, piece in pairs["codesign_2"].changed}
    assert changed == {"where_people_are": Why.NOT_ASKED, "where_people_live": Why.ADDED}
    assert {each.element for each in pairs["codesign_2"].now.evidence} == {"before", "where_people_live"}
    assert results(first) == kept == worked_out(Assessment.objects.get(pk=first.pk))
    page = client_of(lead)
    shown = text_of(page.get(address("assessment_compare", following)))
    for each in (
        "Co-design is asked in more detail",
        "Of 18 criteria that may be compared",
        "Before: Designed with people",
        "Asked in another way now",
        "No longer asked for: codesign where_people_are",
        "Fair tools: ",
    ):
        assert each in shown, each
    for each in (first, following):
        assert page.get(address("assessment_moves", each)).status_code == 200
    reviewing.hand_in(assessment=following, words="", by=lead)
    reviewing.close(assessment=following, words="No time", by=lead)
    following.refresh_from_db()
    assert results(following) == worked_out(following)
    assert len(results(following)) == 20


def test_comparing_asks_the_database_as_often_for_much_evidence_as_for_little(world):
    make_closed(world["assessment"], by=world["lead"])
    following = make_assessment(world["here"], by=world["lead"], title="The year after")
    page = client_of(world["lead"])
    pages = [address(name, following) for name in ("assessment_compare", "assessment_submit", "assessment_moves")]

    def asked():
        counts = []
        for each in pages:
            with CaptureQueriesContext(connection) as queries:
                assert page.get(each).status_code == 200
            counts.append(len(queries))
        return counts

    few = asked()
    for criterion in ("board", "strategy", "roles"):
        make_level(world["here"], criterion, 2, by=world["lead"])
        make_claim(following, criterion, 1, by=world["lead"])
    assert asked() == few
