"""Case studies: every version stays, nothing is published that people did not agree to, and words vanish at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kept_rows import afresh
from pages import client_of
from systems_factories import make_member, make_tree
from systems_interview_factories import (
    ALL_USES,
    make_interview,
    make_quote,
    make_story,
    make_story_details,
    typed_story,
)

from inroads.accounts.actions import Refused
from inroads.systems.actions import interviews, quotes, stories
from inroads.systems.models import CaseStudy, CaseStudyVersion, ConsentGiven
from inroads.systems.queries.stories import missing_to_publish, open_stories, story_of

pytestmark = pytest.mark.django_db
WORDS = "They showed me twice (invented)"
GONE = "Somebody took their words back"


@pytest.fixture(scope="module")
def made(rows_for_all):
    """A system, who keeps its stories, somebody who agreed to everything, and their words."""
    system, other, *_ = make_tree()
    keeper = make_member(system, "assessor")
    others = [make_member(other, "place_lead"), make_member(system.parent.parent, "national_lead")]
    person = make_interview(system, by=keeper)
    return system, keeper, others, person, make_quote(person, by=keeper, words=WORDS)


@pytest.fixture
def world(made, db):
    """The same, as nobody has changed it yet."""
    return afresh(made)


def at(name, case):
    return reverse(f"systems:{name}", kwargs={"case": case.pk})


def published(system, *shown, by):
    return stories.publish_story(case=make_story(system, *shown, by=by), by=by)


def agrees(person, uses, by):
    interviews.change_consent(interview=person, uses=uses, limits="", until=None, how="phone", by=by)


def test_a_story_is_seen_only_by_those_who_keep_it_until_it_is_published(world):
    system, keeper, others, _, quote = world
    case = make_story(system, quote, by=keeper)
    board = make_member(system, "board_member")
    readers = [Client(), *map(client_of, (*others, board))]
    assert [each.get(at("story", case)).status_code for each in readers] == [404] * 4
    assert client_of(keeper).get(at("story", case)).status_code == 200
    assert case.pk not in {each.case.pk for each in open_stories()}
    assert client_of(keeper).post(at("story_publish", case), {"open": "yes"}).url == at("story", case)
    for each in readers:
        shown = each.get(at("story", case)).content.decode()
        assert WORDS in shown
        assert "The tablets had no data after a month" in shown, "what did not work is told as well"
        assert "Publish" not in shown
    listed = Client().get(reverse("systems:stories_open")).content.decode()
    assert "Tablets at the library (invented)" in listed
    assert client_of(keeper).post(at("story_publish", case), {"open": "no"}).status_code == 302
    assert Client().get(at("story", case)).status_code == 404


@pytest.mark.parametrize(
    ("uses", "speaker", "sentences"),
    [
        (("quoted", "published", "story"), "person", []),
        (("published", "story"), "person", []),
        (("quoted", "story"), "person", ["may not be published today"]),
        (("quoted", "published"), "person", ["may not be published today", "their story is told"]),
        (("quoted", "published"), "trusted", ["may not be published today", "their story is told"]),
        (("quoted", "published"), "staff", []),
    ],
)
def test_it_is_published_only_if_everybody_in_it_agrees_today(world, uses, speaker, sentences):
    system, keeper, *_ = world
    person = make_interview(system, by=keeper, uses=uses, speaker=speaker)
    case = make_story(system, make_quote(person, by=keeper), by=keeper)
    missing = missing_to_publish(story_of(keeper, case.pk))
    assert len(missing) == len(sentences)
    assert all(sentence in found for sentence, found in zip(sentences, missing, strict=True))
    page = client_of(keeper)
    if not sentences:
        assert stories.publish_story(case=case, by=keeper).published_at is not None
        return
    with pytest.raises(stories.NotYet):
        stories.publish_story(case=case, by=keeper)
    shown = page.post(at("story_publish", case), {"open": "yes"}, follow=True).content.decode()
    assert "This cannot be published" in shown
    assert CaseStudy.objects.get(pk=case.pk).published_at is None


def test_a_story_without_anybodys_words_is_not_published(world):
    system, keeper, *_ = world
    with pytest.raises(stories.NotYet, match="nobody's words"):
        published(system, by=keeper)


def test_words_vanish_at_once_when_they_may_be_published_no_more(world):
    system, keeper, _, person, quote = world
    staff = make_interview(system, by=keeper, speaker="staff")
    case = published(system, quote, make_quote(staff, by=keeper, words="We lent twelve (invented)"), by=keeper)
    agrees(person, ("quoted", "story"), keeper)
    shown = Client().get(at("story", case)).content.decode()
    assert WORDS not in shown
    assert "We lent twelve (invented)" in shown
    assert GONE in shown
    assert "The library lent tablets" in shown
    agrees(person, ("published", "story"), keeper)
    assert WORDS in Client().get(at("story", case)).content.decode()
    ConsentGiven.objects.filter(interview=person).update(until=timezone.localdate() - timedelta(days=1))
    assert WORDS not in Client().get(at("story", case)).content.decode()


def test_a_story_of_somebody_who_takes_it_back_is_closed_until_it_is_written_again_without_them(world):
    system, keeper, others, person, quote = world
    staff = make_interview(system, by=keeper, speaker="staff")
    theirs = make_quote(staff, by=keeper, words="We lent twelve (invented)")
    case = published(system, quote, theirs, by=keeper)
    interviews.take_everything_back(interview=person, how="screen", by_themselves=True)
    for each in (Client(), *map(client_of, others)):
        shown = each.get(at("story", case)).content.decode()
        assert GONE in shown
        assert not any(words in shown for words in (WORDS, "The library lent tablets", "Tablets at the library"))
    assert "Tablets at the library" not in Client().get(reverse("systems:stories_open")).content.decode()
    kept = client_of(keeper).get(reverse("systems:stories", kwargs={"system": system.pk})).content.decode()
    assert "closed until it was read again" in kept
    with pytest.raises(stories.NotYet):
        stories.change_story(case=case, version=1, details=make_story_details(quote, theirs, cost="£9"), by=keeper)
    stories.change_story(case=case, version=1, details=make_story_details(theirs, done="We lent some"), by=keeper)
    shown = Client().get(at("story", case)).content.decode()
    assert "We lent some" in shown
    assert GONE not in shown


def test_words_that_were_put_right_take_the_place_of_the_old_ones_once_the_person_has_seen_them(world):
    system, keeper, _, person, quote = world
    case = published(system, quote, by=keeper)
    new = quotes.correct_quote(quote=quote, words="They showed me once (invented)", by=keeper)
    shown = Client().get(at("story", case)).content.decode()
    assert WORDS not in shown
    assert new.words not in shown
    assert GONE in shown
    quotes.check_quote(quote=new, on=timezone.localdate(), by=keeper)
    assert new.words in Client().get(at("story", case)).content.decode()
    interviews.correct(interview=person, quote=new, words="No", by_themselves=True)
    assert new.words not in Client().get(at("story", case)).content.decode()


def test_a_name_stands_in_a_story_only_where_that_was_agreed(world):
    system, keeper, _, person, quote = world
    case = published(system, quote, by=keeper)
    assert "Sam (invented), mother of two" in Client().get(at("story", case)).content.decode()
    agrees(person, tuple(each for each in ALL_USES if each != "named"), keeper)
    shown = Client().get(at("story", case)).content.decode()
    assert "Sam" not in shown
    assert "mother of two" not in shown
    assert "Somebody who needs services" in shown


def test_of_two_tabs_the_second_sees_both_and_loses_nothing(world):
    system, keeper, _, _, quote = world
    page = client_of(keeper)
    made = page.post(reverse("systems:story_new", kwargs={"system": system.pk}), typed_story(quote))
    case = CaseStudy.objects.get()
    assert made.url == at("story", case)
    where = at("story_change", case)
    assert page.post(where, typed_story(quote, version="1", failed="First")).status_code == 302
    shown = page.post(where, typed_story(quote, version="1", failed="Second")).content.decode()
    assert "Somebody else changed this while you had it open" in shown
    assert "First" in shown
    assert "Second" in shown
    assert 'name="version" value="2"' in shown
    assert page.post(where, typed_story(quote, version="2", failed="Second")).status_code == 302
    kept = [each.failed for each in CaseStudyVersion.objects.order_by("version")]
    assert kept == ["The tablets had no data after a month", "First", "Second"]
    assert page.post(where, typed_story(quote, version="3", failed="Second")).status_code == 302
    assert CaseStudyVersion.objects.count() == 3, "saving the same again adds none"
    assert "How it was before (2)" in page.get(at("story", case)).content.decode()


def test_nothing_typed_is_lost_and_what_did_not_work_is_always_asked(world):
    system, keeper, _, _, quote = world
    page, where = client_of(keeper), reverse("systems:story_new", kwargs={"system": system.pk})
    assert f'value="{quote.pk}" checked' in page.get(f"{where}?quote={quote.pk}").content.decode().replace("\n", " ")
    for name in ("title", "where", "done", "changed", "failed"):
        typed = typed_story(quote, cost="Nine hundred pounds", **{name: ""})
        shown = page.post(where, typed).content.decode()
        assert "There is a problem" in shown
        assert "Nine hundred pounds" in shown
    assert not CaseStudy.objects.exists()


def test_only_words_that_may_be_used_here_are_put_into_a_story(world):
    system, keeper, *_ = world
    counted = make_quote(make_interview(system, by=keeper, uses=("themes",)), by=keeper)
    elsewhere = make_tree(regions=1, systems=1)[0]
    theirs = make_member(elsewhere, "assessor", name="Another keeper")
    foreign = make_quote(make_interview(elsewhere, by=theirs), by=theirs)
    for quote in (counted, foreign):
        with pytest.raises(Refused, match="may not be used any more"):
            make_story(system, quote, by=keeper)
        shown = client_of(keeper).post(reverse("systems:story_new", kwargs={"system": system.pk}), typed_story(quote))
        assert "may not be used any more" in shown.content.decode()


def test_who_may_write_and_publish(world):
    system, keeper, others, _, quote = world
    case = make_story(system, quote, by=keeper)
    for user, status in ((others[0], 404), (others[1], 403), (make_member(system, "board_member"), 403)):
        for name in ("story_change", "story_publish"):
            assert client_of(user).get(at(name, case)).status_code == status
            assert client_of(user).post(at(name, case), {"open": "yes"}).status_code == status
        for act in (
            lambda by: make_story(system, quote, by=by),
            lambda by: stories.change_story(case=case, version=1, details=make_story_details(quote), by=by),
            lambda by: stories.publish_story(case=case, by=by),
            lambda by: stories.unpublish_story(case=case, by=by),
        ):
            with pytest.raises(PermissionDenied):
                act(user)
    for name in ("story_change", "story_publish"):
        assert client_of(keeper).get(at(name, case)).status_code == 200
