"""Interviews: what is kept, for how long and for whom; corrections, answers, themes, and who may see what."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_rows import afresh
from pages import client_of, date_fields
from systems_factories import make_member, make_tree
from systems_interview_factories import (
    ALL_USES,
    SAID,
    make_interview,
    make_interviews,
    make_quote,
    typed_consent,
    typed_interview,
)

from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile
from inroads.accounts.models import AuditEntry
from inroads.systems.actions import interviews, quotes
from inroads.systems.models import (
    Assessment,
    ConsentGiven,
    Correction,
    Evidence,
    Interview,
    Invited,
    Quote,
    State,
    Use,
    Voice,
)
from inroads.systems.queries.interviews import (
    PAGE,
    code_of,
    consent_of,
    interview_by_code,
    interviews_of,
    may_show_quote,
    quotes_to_keep,
    quotes_visible_to,
    register,
    uses_today,
)
from inroads.systems.queries.themes import themes_of

pytestmark = pytest.mark.django_db
NOTES = "A note that stays with us"
TODAY = timezone.localdate()


@pytest.fixture(scope="module")
def made(rows_for_all):
    """A system whose interviews are kept, with one of everything; and others who look at it."""
    system, other, *_ = make_tree()
    people = {
        "keeper": make_member(system, "assessor"),
        "lead": make_member(system, "place_lead"),
        "board": make_member(system, "board_member"),
        "region": make_member(system.parent, "national_lead"),
        "england": make_member(system.parent.parent, "national_lead"),
        "other": make_member(other, "place_lead"),
        "reviewer": make_member(other, "reviewer"),
    }
    return system, people, make_interviews(system, by=people["keeper"])


@pytest.fixture
def world(made, db):
    """The same, as nobody has changed it yet."""
    return afresh(made)


def address(name, system, **more):
    return reverse(f"systems:{name}", kwargs={"system": system.pk, **more})


# What is kept


def test_an_interview_keeps_who_was_heard_and_what_they_agreed_to(world):
    system, people, _ = world
    page = client_of(people["keeper"])
    answer = page.post(address("interview_new", system), typed_interview())
    kept = Interview.objects.exclude(called="Sam (invented)").get()
    assert answer.url == address("interview", system, interview=kept.pk)
    assert (kept.called, kept.speaker, kept.channel, kept.notes) == ("Sam", "person", "phone", "What I noted")
    assert consent_of(kept).uses == ["themes", "quoted", "published", "story"]
    assert interview_by_code(code_of(kept.pk)) == kept
    assert code_of(kept.pk) not in str(Interview.objects.filter(pk=kept.pk).values().get()), "the code is kept nowhere"
    entry = AuditEntry.objects.get(action="interview_recorded", about_id=str(kept.pk))
    assert entry.details == {"speaker": "person", "channel": "phone", "uses": "themes,quoted,published,story"}


def test_no_use_is_chosen_beforehand_and_each_must_be_answered(world):
    system, people, _ = world
    page = client_of(people["keeper"])
    opened = page.get(address("interview_new", system)).content.decode()
    assert " checked" not in opened
    for use in Use.values:
        typed = typed_interview(called="Zelda Quint", notes="Long and careful")
        del typed[f"use_{use}"]
        shown = page.post(address("interview_new", system), typed).content.decode()
        assert "Choose yes or no. Any answer is fine" in shown
        assert 'value="Zelda Quint"' in shown
        assert "Long and careful" in shown
    assert Interview.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (date_fields("held_on", TODAY + timedelta(days=1)), "lies in the future"),
        (date_fields("until", TODAY - timedelta(days=9)), "lies before the conversation"),
        (typed_consent(uses=()), "Take the notes out"),
        ({"called": " "}, "Any name will do"),
        ({"speaker": ""}, "Choose as whom they speak"),
        ({"how": ""}, "Choose how they said so"),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(world, wrong, sentence):
    system, people, _ = world
    shown = client_of(people["keeper"]).post(address("interview_new", system), typed_interview(**wrong))
    assert sentence in shown.content.decode()
    assert Interview.objects.count() == 1


def test_no_is_an_answer_and_then_no_words_are_kept(world):
    system, people, _ = world
    silent = make_interview(system, by=people["keeper"], uses=())
    with pytest.raises(Refused, match="agree to nothing"):
        make_quote(silent, by=people["keeper"])
    page = client_of(people["keeper"])
    shown = page.post(
        address("quote_new", system, interview=silent.pk), {"words": "Typed with care", "spoken": "for"}
    ).content.decode()
    assert "They agree to nothing today" in shown
    assert "Typed with care" in shown


# Whose words may be shown to whom


def handed_in(system, people):
    """The system handed something in, and the reviewer was asked to look at it."""
    assessment = Assessment.objects.create(
        organisation=system,
        framework="2026",
        title="Spring",
        due_on=TODAY,
        state=State.SUBMITTED,
        recorded_by=people["lead"],
    )
    Invited.objects.create(assessment=assessment, reviewer=people["reviewer"], recorded_by=people["lead"])


@pytest.mark.parametrize(
    ("uses", "sees"),
    [
        ((), set()),
        (("themes",), set()),
        (("story", "named"), set()),
        (("quoted",), {"keeper", "lead", "board"}),
        (("published",), {"keeper", "lead", "board", "region", "england", "reviewer"}),
        (("quoted", "published"), {"keeper", "lead", "board", "region", "england", "reviewer"}),
    ],
)
def test_words_are_shown_to_those_for_whom_the_person_agreed_and_to_nobody_else(world, uses, sees):
    system, people, _ = world
    handed_in(system, people)
    interview = make_interview(system, by=people["keeper"])
    quote = make_quote(interview, by=people["keeper"])
    change(interview, uses, by=people["keeper"])
    assert {who for who, user in people.items() if may_show_quote(quote, user)} == sees


def change(interview, uses, *, by, until=None, **more):
    return interviews.change_consent(interview=interview, uses=uses, limits="", until=until, how="phone", by=by, **more)


def test_who_was_not_asked_to_review_and_who_was_asked_too_early_sees_nothing(world):
    system, people, _ = world
    quote = make_quote(make_interview(system, by=people["keeper"]), by=people["keeper"])
    assert not may_show_quote(quote, people["reviewer"])
    handed_in(system, people)
    assert may_show_quote(quote, people["reviewer"])
    Assessment.objects.update(state=State.OPEN)
    assert not may_show_quote(quote, people["reviewer"])


def test_a_name_stands_beside_words_only_where_that_was_agreed(world):
    system, people, _ = world
    interview = make_interview(system, by=people["keeper"], uses=("quoted",))
    quote = make_quote(interview, by=people["keeper"])
    (shown,) = quotes_visible_to(people["board"], system, only=[quote.pk])
    assert (shown.name, shown.role) == ("", "")
    change(interview, ("quoted", "named"), by=people["keeper"])
    (shown,) = quotes_visible_to(people["board"], system, only=[quote.pk])
    assert (shown.name, shown.role) == ("Sam (invented)", "mother of two")
    assert quotes_visible_to(people["board"], system, only=[quote.pk], use=Use.PUBLISHED) == []
    assert len(quotes_visible_to(people["board"], system, only=[quote.pk], use=Use.QUOTED)) == 1
    assert quotes_visible_to(people["board"], system, only=[quote.pk], criterion="board") == []
    assert len(quotes_visible_to(people["board"], system, only=[quote.pk], criterion="codesign")) == 1


def test_consent_ends_with_its_last_day(world):
    system, people, _ = world
    interview = make_interview(system, by=people["keeper"], until=TODAY)
    quote = make_quote(interview, by=people["keeper"])
    assert may_show_quote(quote, people["board"])
    ConsentGiven.objects.filter(interview=interview).update(until=TODAY - timedelta(days=1))
    assert not may_show_quote(quote, people["board"])
    assert quotes_to_keep(interview) == []
    page = client_of(people["keeper"]).get(address("interview", system, interview=interview.pk)).content.decode()
    assert SAID not in page
    assert NOTES not in page
    assert "What was agreed has ended" in page


def test_what_was_replaced_taken_back_or_is_said_to_be_wrong_is_shown_nowhere(world):
    system, people, _ = world
    keeper = people["keeper"]
    interview = make_interview(system, by=keeper)
    old, out, wrong = (make_quote(interview, by=keeper, words=f"Word {number}") for number in range(3))
    new = quotes.correct_quote(quote=old, words="Word 9", by=keeper)
    quotes.take_back_quote(quote=out, by=keeper)
    interviews.correct(interview=interview, quote=wrong, words="No", by=keeper)
    assert [may_show_quote(each, keeper) for each in (old, out, wrong, new)] == [False, False, False, True]
    assert new.themes == old.themes
    assert new.checked_on is None, "nobody has seen the new words yet"
    for act in (
        lambda: quotes.correct_quote(quote=old, words="Word 8", by=keeper),
        lambda: quotes.check_quote(quote=out, on=TODAY, by=keeper),
    ):
        with pytest.raises(Refused, match="meanwhile"):
            act()


@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from(ALL_USES)), st.none() | st.integers(0, 3)),
        min_size=1,
        max_size=5,
    )
)
def test_the_latest_consent_holds_whatever_came_before(made, steps):
    """The twin goes through the answers one by one, in plain sets."""
    system, people, _ = made
    interview = make_interview(system, by=people["keeper"])
    quote = make_quote(interview, by=people["keeper"])
    for uses, days in steps:
        change(interview, uses, by=people["keeper"], until=None if days is None else TODAY + timedelta(days=days))
    agreed = steps[-1][0]
    assert uses_today(consent_of(interview)) == agreed
    assert may_show_quote(quote, people["board"]) == bool(agreed & {"quoted", "published"})
    assert may_show_quote(quote, people["england"]) == ("published" in agreed)
    assert interview.consents.count() == 1 + len(steps)


# Consent is taken back


def test_taking_back_withdraws_what_stands_on_the_words_in_the_same_step(world):
    system, people, interview = world
    page = client_of(people["keeper"])
    evidence = Evidence.objects.get(quote__interview=interview)
    assert (evidence.voice, evidence.kind, evidence.words) == (Voice.PEOPLE, "story", "")
    assert page.post(address("interview_take_back", system, interview=interview.pk)).status_code == 302
    evidence.refresh_from_db()
    assert evidence.withdrawn_words == "The person took their words back"
    assert evidence.withdrawn_by == people["keeper"]
    assert quotes_visible_to(people["keeper"], system) == []
    shown = page.get(address("interview", system, interview=interview.pk)).content.decode()
    assert NOTES not in shown
    assert "Somebody showed me" not in shown
    # They may agree again, and lay nothing down by that.
    change(interview, ALL_USES, by=people["keeper"])
    assert len(quotes_visible_to(people["keeper"], system)) == 1
    assert not Evidence.objects.filter(quote__interview=interview, withdrawn_at=None).exists()


def test_evidence_stays_where_another_use_is_taken_back_and_ends_no_later_than_consent(world):
    _, people, interview = world
    keeper = people["keeper"]
    change(interview, ("quoted",), by=keeper)
    assert Evidence.objects.get(quote__interview=interview).withdrawn_at is None
    change(interview, ("quoted",), by=keeper, until=TODAY + timedelta(days=5))
    kept = Evidence.objects.get(quote__interview=interview, withdrawn_at=None)
    assert kept.expires_on == TODAY + timedelta(days=6)
    change(interview, ("quoted",), by=keeper, until=TODAY + timedelta(days=50))
    assert Evidence.objects.get(quote__interview=interview, withdrawn_at=None) == kept
    later = make_quote(interview, by=keeper, supports=True, words="It counted")
    laid = quotes.use_as_evidence(quote=later, criterion="codesign", element="felt", by=keeper)
    assert laid.expires_on == TODAY + timedelta(days=51)
    assert laid.dated == interview.held_on


def test_evidence_is_only_laid_on_words_that_may_be_quoted(world):
    system, people, _ = world
    keeper = people["keeper"]
    for uses, supports, speaker, sentence in (
        (("themes", "story"), True, "person", "did not agree that their words are quoted"),
        (ALL_USES, None, "person", "neither for nor against"),
        (ALL_USES, True, "staff", "This kind cannot show it|only people|In evidence of this kind"),
    ):
        interview = make_interview(system, by=keeper, uses=uses, speaker=speaker)
        quote = make_quote(interview, by=keeper, supports=supports)
        element = "felt" if speaker == "person" else "paid"
        with pytest.raises(Refused, match=sentence):
            quotes.use_as_evidence(quote=quote, criterion="codesign", element=element, by=keeper)
    staff = make_interview(system, by=keeper, speaker="staff")
    laid = quotes.use_as_evidence(
        quote=make_quote(staff, by=keeper, supports=True), criterion="codesign", element="felt", by=keeper
    )
    assert (laid.kind, laid.voice) == ("interview", Voice.ORGANISATION)
    again = make_quote(staff, by=keeper, supports=False, words="Not so")
    page = client_of(keeper)
    where = address("quote_evidence", system, quote=again.pk)
    assert "against it" in page.get(where).content.decode()
    assert page.post(where, {"where": "codesign:paid"}).status_code == 302
    assert "laid down there already" in page.post(where, {"where": "codesign:paid"}).content.decode()


def test_a_page_that_stood_open_does_not_give_again_what_was_taken_back(world):
    system, people, interview = world
    page = client_of(people["keeper"])
    where = address("interview_consent", system, interview=interview.pk)
    seen = consent_of(interview).pk
    interviews.take_everything_back(interview=interview, how="screen", by_themselves=True)
    shown = page.post(where, {**typed_consent(), "seen": seen}).content.decode()
    assert "Somebody else changed this while you had it open" in shown
    assert uses_today(consent_of(interview)) == frozenset()
    now = consent_of(interview).pk
    assert f'name="seen" value="{now}"' in shown
    with pytest.raises(ChangedMeanwhile):
        change(interview, ALL_USES, by=people["keeper"], seen=seen)
    assert page.post(where, {**typed_consent(), "seen": now}).status_code == 302
    assert consent_of(interview).how == "phone"


# Corrections, and being told


def test_words_that_are_said_to_be_wrong_never_come_back_as_they_were(world):
    system, people, _ = world
    keeper, page = people["keeper"], client_of(people["keeper"])
    asked = Correction.objects.get(done_at=None)
    listed = page.get(address("interview_corrections", system)).content.decode()
    assert "I said five, not three (invented)" in listed
    where = address("interview_answer", system, correction=asked.pk)
    for typed, sentence in (
        ({"words": "Noted"}, "Choose what becomes of these words"),
        ({"words": "Noted", "becomes": "corrected", "new_words": ""}, "Write down the words as they should stand"),
        ({"words": "Noted", "becomes": "corrected", "new_words": SAID}, "as they stand already"),
        ({"words": "", "becomes": "out", "new_words": "Kept here"}, "Say what you did"),
    ):
        shown = page.post(where, typed).content.decode()
        assert sentence in shown
        assert all(value in shown for value in typed.values() if value)
    with pytest.raises(Refused, match="Choose what becomes"):
        interviews.answer_correction(correction=asked, words="No", by=keeper)
    new = {"words": "We wrote five", "becomes": "corrected", "new_words": "I need help at five"}
    assert page.post(where, new).status_code == 302
    asked.refresh_from_db()
    assert (asked.done_words, asked.done_by) == ("We wrote five", keeper)
    assert asked.quote.replaced_by.words == "I need help at five"
    assert not may_show_quote(asked.quote, keeper)
    assert page.get(where).status_code == 302
    with pytest.raises(Refused, match="answered this meanwhile"):
        interviews.answer_correction(correction=asked, words="Again", by=people["lead"])


def test_what_stands_on_words_that_are_said_to_be_wrong_counts_no_more(world):
    _, people, interview = world
    evidence = Evidence.objects.get(quote__interview=interview)
    interviews.correct(interview=interview, quote=evidence.quote, words="No", by=people["keeper"])
    evidence.refresh_from_db()
    assert evidence.withdrawn_words == "The person says that this is not what they meant"
    with pytest.raises(Refused, match="Answer that first"):
        quotes.use_as_evidence(quote=evidence.quote, criterion="codesign", element="felt", by=people["keeper"])
    with pytest.raises(Refused, match="Answer that first"):
        quotes.check_quote(quote=evidence.quote, on=TODAY, by=people["keeper"])


def test_silence_is_seen(world):
    system, people, told = world
    keeper = people["keeper"]
    long_ago = make_interview(system, by=keeper, called="Long ago", held_on=TODAY - timedelta(days=61))
    make_interview(system, by=keeper, called="Lately", held_on=TODAY - timedelta(days=60))
    make_interview(system, by=keeper, called="No word", held_on=TODAY - timedelta(days=99), reached="")
    page = client_of(keeper)
    shown = page.get(address("interviews", system) + "?waits=silent").content.decode()
    assert "Long ago" in shown
    assert not any(name in shown for name in ("Lately", "No word", "Sam (invented)"))
    untold = page.get(address("interviews", system) + "?waits=untold").content.decode()
    assert "Long ago" in untold
    assert "Lately" in untold
    where = address("interview_told", system, interview=long_ago.pk)
    typed = {"words": "There are tablets now", **date_fields("on", TODAY)}
    assert page.post(where, typed).status_code == 302
    assert "Long ago" not in page.get(address("interviews", system) + "?waits=silent").content.decode()
    interviews.tell_back(interview=long_ago, on=TODAY, words="And data as well", by=keeper)
    long_ago.refresh_from_db()
    assert long_ago.told_words == "There are tablets now\n\nAnd data as well"
    for day, sentence in ((TODAY + timedelta(days=1), "future"), (told.held_on - timedelta(days=1), "before the conv")):
        with pytest.raises(Refused, match=sentence):
            interviews.tell_back(interview=told, on=day, words="x", by=keeper)


# The register and the themes


def test_the_register_counts_who_was_heard_and_how_and_says_when_nearly_all_were_digital(world):
    system, people, _ = world
    keeper = people["keeper"]
    page = client_of(keeper)
    assert "by video, message or screen" not in page.get(address("interviews", system)).content.decode()
    for number in range(4):
        make_interview(system, by=keeper, channel="video", speaker="staff", called=f"V{number}")
    found = register(interviews_of(keeper, system))
    assert dict(found.by_speaker)["Staff"] == 4
    assert dict(found.by_channel) == {"In person": 1, "By video": 4}
    shown = page.get(address("interviews", system)).content.decode()
    assert "4 of 5 were heard by video, message or screen" in shown
    only = register(interviews_of(keeper, system), speaker="staff", channel="video")
    assert (only.found, only.everybody) == (4, 5)
    assert found.waiting == {"correction": 1, "unchecked": 1, "untold": 4, "silent": 0}


def test_the_register_is_paged_and_asks_the_same_number_of_times_however_long_it_is(world):
    system, people, _ = world
    keeper, page = people["keeper"], client_of(people["keeper"])
    pages = [address(name, system) for name in ("interviews", "interview_themes", "stories")]
    before = [_asked(page, each) for each in pages]
    for number in range(PAGE + 5):
        make_quote(make_interview(system, by=keeper, called=f"Person {number:02}"), by=keeper)
    assert [_asked(page, each) for each in pages] == before
    first, second = (page.get(pages[0] + f"?page={number}").content.decode() for number in (1, 2))
    names = {f"Person {number:02}" for number in range(PAGE + 5)}
    shown = [{name for name in names if name in text} for text in (first, second)]
    assert shown[0] | shown[1] == names
    assert not shown[0] & shown[1]
    assert page.get(pages[0] + "?page=99999999999&speaker=nobody").status_code == 200


def _asked(page, where):
    with CaptureQueriesContext(connection) as asked:
        assert page.get(where).status_code == 200
    return len(asked)


def test_themes_count_people_and_not_quotes_and_name_nobody(world):
    system, people, interview = world
    keeper = people["keeper"]
    for number in range(3):
        make_quote(interview, by=keeper, words=f"For {number}", supports=True, themes=("codesign", "board"))
    staff = make_interview(system, by=keeper, speaker="staff", called="Zelda")
    make_quote(staff, by=keeper, words="Against", supports=False)
    hidden = make_interview(system, by=keeper, uses=("quoted",), called="Uncounted")
    make_quote(hidden, by=keeper, words="Quoted only")
    rows = {each.criterion.id: each for _, found in themes_of(system) for each in found}
    codesign = rows["codesign"]
    assert (codesign.people, codesign.lived, codesign.speak_for, codesign.speak_against) == (2, 1, 1, 1)
    assert rows["board"].people == 1
    assert rows["assets"].people == 0
    page = client_of(keeper)
    assert "People are counted, not quotes" in page.get(address("interview_themes", system)).content.decode()
    shown = page.get(address("interview_themes", system) + "?criterion=codesign").content.decode()
    assert "Against" in shown
    assert "Quoted only" in shown
    assert not any(name in shown for name in ("Zelda", "Sam (invented)", "Uncounted", "mother of two"))


# Who may

PAGES = ("interviews", "interview_new", "interview_themes", "interview_corrections", "stories", "story_new")
OF_ONE = ("interview", "interview_consent", "interview_told", "interview_correct", "quote_new")
PAPERS = ("interview_sheet", "interview_own_page")


@pytest.mark.parametrize(
    ("who", "status"),
    [("keeper", 200), ("lead", 200), ("board", 403), ("region", 403), ("england", 403), ("other", 404)],
)
def test_who_opens_the_pages_about_interviews(world, who, status):
    system, people, interview = world
    page = client_of(people[who])
    pages = [address(name, system) for name in PAGES]
    # Printing takes longer than refusing; that it prints has a test of its own.
    of_one = OF_ONE if status == 200 else OF_ONE + PAPERS
    pages += [address(name, system, interview=interview.pk) for name in of_one]
    for where in pages:
        answer = page.get(where)
        assert answer.status_code == status, where
        assert status == 200 or (NOTES not in answer.content.decode() and SAID not in answer.content.decode())


def test_notes_are_read_by_those_inside_who_keep_interviews_and_that_is_written_down(world):
    system, people, interview = world
    shown = client_of(people["lead"]).get(address("interview", system, interview=interview.pk)).content.decode()
    assert NOTES in shown
    read = AuditEntry.objects.get(action="interview_read")
    assert (read.by, read.about_id) == (people["lead"], str(interview.pk))


def test_an_interview_of_another_system_is_not_there(world):
    _, people, interview = world
    page, theirs = client_of(people["other"]), people["other"].memberships.get().organisation
    quote, asked = interview.quotes.first(), Correction.objects.filter(done_at=None).get()
    for where in (
        address("interview_consent", theirs, interview=interview.pk),
        address("quote_correct", theirs, quote=quote.pk),
        address("interview_answer", theirs, correction=asked.pk),
    ):
        assert page.get(where).status_code == 404
        assert page.post(where, {"words": "x"}).status_code == 404
    assert page.get(address("interview", theirs, interview=interview.pk)).status_code == 404
    assert page.post(address("interview_take_back", theirs, interview=interview.pk)).status_code == 404
    assert page.post(address("quote_take_back", theirs, quote=quote.pk)).status_code == 404
    assert uses_today(consent_of(interview)) == set(ALL_USES)


def test_nobody_else_changes_anything_through_an_action(world):
    system, people, interview = world
    quote, asked = interview.quotes.first(), Correction.objects.filter(done_at=None).get()
    for who in ("board", "region", "england", "other"):
        by = people[who]
        for act in (
            lambda by: make_interview(system, by=by),
            lambda by: make_quote(interview, by=by),
            lambda by: quotes.correct_quote(quote=quote, words="x", by=by),
            lambda by: quotes.check_quote(quote=quote, on=TODAY, by=by),
            lambda by: quotes.take_back_quote(quote=quote, by=by),
            lambda by: quotes.use_as_evidence(quote=quote, criterion="codesign", element="felt", by=by),
            lambda by: change(interview, (), by=by),
            lambda by: interviews.correct(interview=interview, words="x", by=by),
            lambda by: interviews.answer_correction(correction=asked, words="x", becomes="out", by=by),
            lambda by: interviews.tell_back(interview=interview, on=TODAY, words="x", by=by),
        ):
            with pytest.raises(PermissionDenied):
                act(by)
    assert Interview.objects.count() == 1
    assert not Quote.objects.exclude(taken_back_at=None).exists()


def test_every_change_is_in_the_trail_and_no_word_of_anybody_is(world):
    _, people, interview = world
    interviews.take_everything_back(interview=interview, how="phone", by=people["keeper"])
    names = set(AuditEntry.objects.values_list("action", flat=True))
    assert names >= {
        "interview_recorded",
        "quote_kept",
        "quote_checked",
        "correction_asked",
        "correction_answered",
        "told_what_became",
        "consent_changed",
        "evidence_withdrawn",
        "story_begun",
        "story_changed",
        "story_published",
    }
    written = " ".join(str(each.details) for each in AuditEntry.objects.all())
    for word in ("Sam", "mother", "note", "tablets", "library", "three", "five", "paper"):
        assert word not in written.replace("in_person", ""), word


def test_quotes_go_through_their_pages(world):
    system, people, interview = world
    page = client_of(people["keeper"])
    typed = {"words": "  It helped\r\nme  ", "themes": ["codesign", "board"], "spoken": "for"}
    assert page.post(address("quote_new", system, interview=interview.pk), typed).status_code == 302
    quote = Quote.objects.get(words="It helped\nme")
    assert (quote.themes, quote.supports) == (["codesign", "board"], True)
    assert page.post(address("quote_check", system, quote=quote.pk), date_fields("on", TODAY)).status_code == 302
    quote.refresh_from_db()
    assert quote.checked_on == TODAY
    shown = page.get(address("quote_correct", system, quote=quote.pk)).content.decode()
    assert "It helped\nme" in shown
    assert page.post(address("quote_correct", system, quote=quote.pk), {"words": "It did help"}).status_code == 302
    assert page.get(address("quote_correct", system, quote=quote.pk)).status_code == 404
    new = Quote.objects.get(replaces=quote)
    typed = {"about": str(new.pk), "words": "No, it did not"}
    assert page.post(address("interview_correct", system, interview=interview.pk), typed).status_code == 302
    assert Correction.objects.get(quote=new).by_themselves is False
    assert page.post(address("quote_take_back", system, quote=new.pk)).status_code == 302
    assert not may_show_quote(new, people["keeper"])


@pytest.mark.parametrize("points", [12, 18, 24])
def test_sheets_are_printed_in_three_sizes(world, points):
    system, people, interview = world
    page = client_of(people["keeper"])
    where = {
        12: address("interview_blank_sheet", system),
        18: address("interview_sheet", system, interview=interview.pk),
        24: address("interview_own_page", system, interview=interview.pk),
    }[points]
    answer = page.get(f"{where}?points={points}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
