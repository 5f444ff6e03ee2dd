"""Interviews, words and stories for tests, of invented people; made by the actions that pages use."""

from datetime import date, timedelta

from django.utils import timezone
from pages import date_fields

from inroads.accounts.models import User
from inroads.reference.models import Organisation
from inroads.systems.actions import interviews, quotes, stories
from inroads.systems.models import CaseStudy, Interview, Quote, Use

ALL_USES = tuple(Use.values)
SAID = "I need help at three in the morning (invented)"


def make_interview(
    system: Organisation, *, by: User, uses: tuple[str, ...] = ALL_USES, until: date | None = None, **more
) -> Interview:
    """A conversation a week ago with somebody who agreed to everything, where nothing else is said."""
    kept = {
        "called": "Sam (invented)",
        "speaker": "person",
        "role_words": "mother of two",
        "channel": "in_person",
        "held_on": timezone.localdate() - timedelta(days=7),
        "notes": "A note that stays with us" if uses else "",
        "reached": "a letter to the library",
        **more,
    }
    consent = interviews.Consent(uses, "in_person", "Not in the local paper", until)
    return interviews.record_interview(organisation=system, consent=consent, by=by, **kept)


def make_quote(
    interview: Interview,
    *,
    by: User,
    words: str = SAID,
    themes: tuple[str, ...] = ("codesign",),
    supports: bool | None = False,
) -> Quote:
    """Something they said, against a criterion where nothing else is said."""
    return quotes.keep_quote(interview=interview, words=words, themes=themes, supports=supports, by=by)


def make_story_details(*shown: Quote, **more) -> stories.Details:
    """What a story says."""
    said = {
        "title": "Tablets at the library (invented)",
        "where": "People without a phone waited longest",
        "done": "The library lent tablets",
        "changed": "Nine of twelve came back",
        "failed": "The tablets had no data after a month",
        "criteria": ("devices_data",),
        "quotes": tuple(str(each.pk) for each in shown),
    }
    return stories.Details(**{**said, **more})


def make_story(system: Organisation, *shown: Quote, by: User, **more) -> CaseStudy:
    """A case study with these words in it."""
    return stories.begin_story(organisation=system, details=make_story_details(*shown, **more), by=by)


def make_interviews(system: Organisation, *, by: User) -> Interview:
    """One of everything that the pages about interviews and stories show, all of one person."""
    interview = make_interview(system, by=by)
    shown = make_quote(interview, by=by, words="Somebody showed me, and that helped (invented)", supports=True)
    quotes.check_quote(quote=shown, on=timezone.localdate(), by=by)
    quotes.use_as_evidence(quote=shown, criterion="codesign", element="felt", by=by)
    story = make_story(system, shown, by=by)
    stories.change_story(case=story, version=1, details=make_story_details(shown, cost="£900"), by=by)
    stories.publish_story(case=story, by=by)
    wrong = make_quote(interview, by=by)
    interviews.correct(interview=interview, quote=wrong, words="I said five, not three (invented)", by=by)
    answered = interviews.correct(interview=interview, words="It was not so long ago (invented)", by=by)
    interviews.answer_correction(correction=answered, words="We wrote down the right day", by=by)
    interviews.tell_back(interview=interview, on=timezone.localdate(), words="The library has tablets now", by=by)
    return interview


def typed_interview(**other) -> dict:
    """An interview as it is typed; every use but the name is agreed to."""
    return {
        "called": "Sam",
        "speaker": "person",
        "role_words": "mother of two",
        "channel": "phone",
        **date_fields("held_on", timezone.localdate()),
        **typed_consent(),
        "notes": "What I noted",
        "reached": "a letter",
        **other,
    }


def typed_consent(uses: tuple[str, ...] = ("themes", "quoted", "published", "story"), **other) -> dict:
    """Consent as it is typed: an answer to each question."""
    answers = {f"use_{use}": "yes" if use in uses else "no" for use in Use.values}
    return {**answers, "limits": "", "how": "phone", **other}


def typed_story(*shown: Quote, **other) -> dict:
    """A story as it is typed."""
    details = make_story_details(*shown)
    kept = {name: getattr(details, name) for name in details.__dataclass_fields__}
    return {"version": "0", **kept, **other}
