"""Somebody's own page: a code opens it, nobody notes that they look, and what they change holds at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kept_rows import afresh
from pages import client_of
from systems_factories import make_member, make_tree
from systems_interview_factories import ALL_USES, SAID, make_interview, make_interviews, make_quote, typed_consent

from inroads.accounts.actions import Refused
from inroads.accounts.codes import as_written
from inroads.accounts.models import AuditEntry
from inroads.systems.actions import interviews
from inroads.systems.models import Correction, Evidence, Quote
from inroads.systems.queries.interviews import (
    code_of,
    consent_of,
    interview_by_code,
    may_show_quote,
    quotes_visible_to,
    uses_today,
)

pytestmark = pytest.mark.django_db
CHECKED = "Somebody showed me, and that helped (invented)"


@pytest.fixture(scope="module")
def made(rows_for_all):
    """Somebody who was heard, with one of everything."""
    system, *_ = make_tree()
    keeper = make_member(system, "assessor")
    return system, keeper, make_interviews(system, by=keeper)


@pytest.fixture
def world(made, db):
    """The same, as nobody has changed it yet."""
    return afresh(made)


def own(interview, name="own_words", **more):
    return reverse(f"systems:{name}", kwargs={"code": code_of(interview.pk), **more})


def words_of(interview, **chosen):
    return Quote.objects.get(interview=interview, **chosen)


def test_the_code_opens_the_page_however_it_is_typed(world):
    _, _, interview = world
    page, code = Client(), code_of(interview.pk)
    enter = reverse("systems:own_words_enter")
    for typed in (code, as_written(code), as_written(code).lower(), f" {code} "):
        assert page.post(enter, {"code": typed}).url == own(interview)
    wrong = "".join(reversed(code))
    for typed, sentence in (("", "Type the code"), ("ABC", "not a code of ours"), (wrong, "code")):
        shown = page.post(enter, {"code": typed})
        assert shown.status_code == 200
        assert sentence in shown.content.decode()
    assert interview_by_code(code_of(interview.organisation_id)) is None
    for name in ("own_words", "own_words_consent", "own_words_printed"):
        where = reverse(f"systems:{name}", kwargs={"code": code_of(interview.organisation_id)})
        assert page.get(where).status_code == 404


def test_the_page_says_what_is_kept_where_it_is_used_and_what_became_of_it(world):
    _, _, interview = world
    answer = Client().get(own(interview))
    shown = answer.content.decode()
    for sentence in (
        CHECKED,
        "It counts in how this system is assessed: Designed with people",
        "Tablets at the library (invented)",
        "It is counted under: Designed with people",
        "The library has tablets now",
        "We wrote down the right day",
        "I said five, not three (invented)",
        "It is shown nowhere until we have answered you",
        "Not in the local paper",
    ):
        assert sentence in shown, sentence
    assert "A note that stays with us" not in shown, "notes are ours"
    assert "no-store" in answer["Cache-Control"]


def test_nobody_notes_that_somebody_looks(world):
    _, _, interview = world
    before = AuditEntry.objects.count()
    page = Client()
    page.get(own(interview))
    page.get(own(interview, "own_words_consent"))
    assert AuditEntry.objects.count() == before
    assert set(page.cookies) <= {"csrftoken"}


def test_taking_everything_back_is_one_step_and_holds_at_once(world):
    system, keeper, interview = world
    page = Client()
    answer = page.post(own(interview), {"do": "everything"}, follow=True)
    shown = answer.content.decode()
    assert "You took everything back. Your words are shown nowhere now." in shown
    assert "You agree to nothing now, so this is shown nowhere" in shown
    assert "Take everything back" not in shown
    assert uses_today(consent_of(interview)) == frozenset()
    assert quotes_visible_to(keeper, system) == []
    assert not Evidence.objects.filter(withdrawn_at=None).exists()
    entry = AuditEntry.objects.filter(action="consent_changed").get()
    assert (entry.by, entry.details) == (None, {"by_themselves": 1, "uses": "", "how": "screen"})
    given = consent_of(interview)
    assert (given.by_themselves, given.recorded_by) == (True, keeper)


def test_one_quote_can_be_taken_back_alone(world):
    _, keeper, interview = world
    quote, other = words_of(interview, words=CHECKED), words_of(interview, words=SAID)
    page = Client()
    shown = page.post(own(interview), {"do": "quote", "quote": str(quote.pk)}, follow=True).content.decode()
    assert "You took these words back" in shown
    assert CHECKED not in shown
    assert SAID in shown
    assert not may_show_quote(quote, keeper)
    other.refresh_from_db()
    assert other.taken_back_at is None
    assert uses_today(consent_of(interview)) == set(ALL_USES)
    for wrong in (str(quote.pk), "", "nothing"):
        assert page.post(own(interview), {"do": "quote", "quote": wrong}).status_code == 404


def test_that_is_not_what_i_meant_takes_it_out_until_it_is_answered(world):
    _, keeper, interview = world
    quote, page = words_of(interview, words=CHECKED), Client()
    where = own(interview, "own_words_correct", quote=quote.pk)
    assert CHECKED in page.get(where).content.decode()
    empty = page.post(where, {"words": " "}).content.decode()
    assert "Say what is not right, or what you meant" in empty
    assert may_show_quote(quote, keeper)
    shown = page.post(where, {"words": "It was my sister who showed me"}, follow=True).content.decode()
    assert "shown nowhere until we have answered you" in shown
    assert "It was my sister who showed me" in shown
    assert not may_show_quote(quote, keeper)
    page.post(where, {"words": "It was my sister who showed me"})
    asked = Correction.objects.get(quote=quote)
    assert (asked.by_themselves, asked.recorded_by) == (True, keeper)
    assert AuditEntry.objects.get(action="correction_asked", about_id=str(asked.pk)).by is None
    new = "My sister showed me, and that helped"
    interviews.answer_correction(
        correction=asked, words="We wrote your sister", becomes="corrected", new_words=new, by=keeper
    )
    shown = page.get(own(interview)).content.decode()
    assert new in shown
    assert "We wrote your sister" in shown
    assert CHECKED not in shown


def test_something_else_can_be_said_as_well(world):
    _, _, interview = world
    where = own(interview, "own_words_not_right")
    shown = Client().post(where, {"words": "You got the day wrong"}, follow=True).content.decode()
    assert "You will find our answer here" in shown
    assert "You got the day wrong" in shown
    assert Correction.objects.get(words="You got the day wrong").quote is None


def test_consent_is_changed_without_an_account_and_each_answer_stands_alone(world):
    _, _, interview = world
    page, where = Client(), own(interview, "own_words_consent")
    seen = consent_of(interview).pk
    missing = page.post(where, {"seen": seen, "use_themes": "yes", "limits": "Not at work"}).content.decode()
    assert "Choose yes or no. Any answer is fine" in missing
    assert "Not at work" in missing
    assert page.post(where, {**typed_consent(uses=("story",)), "seen": seen}).url == own(interview)
    now = consent_of(interview)
    assert (now.uses, now.how, now.by_themselves) == (["story"], "screen", True)
    late = page.post(where, {**typed_consent(), "seen": seen}).content.decode()
    assert "Somebody else changed this" in late
    assert consent_of(interview) == now


def test_another_persons_words_are_not_reached_with_a_code(world):
    system, keeper, interview = world
    other = make_interview(system, by=keeper, called="Alex (invented)")
    theirs = make_quote(other, by=keeper, words="Not for Sam")
    page = Client()
    assert "Not for Sam" not in page.get(own(interview)).content.decode()
    where = own(interview, "own_words_correct", quote=theirs.pk)
    assert page.get(where).status_code == 404
    assert page.post(where, {"words": "x"}).status_code == 404
    assert page.post(own(interview), {"do": "quote", "quote": str(theirs.pk)}).status_code == 404
    with pytest.raises(Refused, match="meanwhile"):
        interviews.correct(interview=interview, quote=theirs, words="x", by_themselves=True)
    assert may_show_quote(theirs, keeper)


def test_a_code_is_no_way_to_fill_the_list_of_corrections(world, monkeypatch):
    _, _, interview = world
    monkeypatch.setattr(interviews, "MOST_OPEN", 3)
    for number in range(2):
        interviews.correct(interview=interview, words=f"No {number}", by_themselves=True)
    with pytest.raises(Refused, match="Please ring us"):
        interviews.correct(interview=interview, words="No 3", by_themselves=True)


def test_somebody_of_ours_does_the_same_on_the_phone(world):
    system, keeper, interview = world
    page, quote = client_of(keeper), words_of(interview, words=CHECKED)
    at = {"system": system.pk, "interview": interview.pk}
    page.post(reverse("systems:interview_correct", kwargs=at), {"about": str(quote.pk), "words": "My sister did"})
    page.post(reverse("systems:interview_take_back", kwargs=at))
    assert Correction.objects.get(quote=quote).by_themselves is False
    assert consent_of(interview).by_themselves is False
    assert AuditEntry.objects.get(action="consent_changed").by == keeper
    assert "We have not answered yet" in Client().get(own(interview)).content.decode()


def test_the_page_is_printed_for_those_who_never_touch_a_screen(world):
    _, _, interview = world
    answer = Client().get(own(interview, "own_words_printed") + "?points=24")
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]


def test_consent_that_has_ended_says_so(world):
    system, keeper, _ = world
    ended = make_interview(system, by=keeper, uses=("quoted",), called="Kim (invented)")
    make_quote(ended, by=keeper, words="Once")
    ended.consents.update(until=timezone.localdate() - timedelta(days=1))
    shown = Client().get(own(ended)).content.decode()
    assert "What you agreed to has ended. Your words are shown nowhere" in shown
    assert "so this is shown nowhere" in shown
