"""How interviews, consent, themes and somebody's own page are said: on screen and on paper."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from inroads.accounts.codes import as_written
from inroads.design.documents import POINTS
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.reference.models import Organisation
from inroads.systems.models import ConsentGiven, Interview, Use
from inroads.systems.queries.interviews import Register, code_of, how_to_reach, uses_today
from inroads.systems.queries.own_words import OwnQuote, OwnWords

# Of ten who were heard, so many by screen or phone line alone is nearly all.
NEARLY_ALL = 0.8
SPOKEN = {True: "Speaks for it", False: "Speaks against it", None: "Neither for nor against"}


def digital_note(register: Register) -> str:
    """A sentence where nearly all were heard through a screen; "" otherwise."""
    if not register.everybody or register.digital < NEARLY_ALL * register.everybody:
        return ""
    return (
        f"{register.digital} of {register.everybody} were heard by video, message or screen. People without these were "
        "hardly heard. Go to where they are, or ring them"
    )


def consent_lines(consent: ConsentGiven | None) -> list[tuple[str, str]]:
    """Every use with Yes or No, as agreed last."""
    agreed = consent.uses if consent else []
    return [(use.label, "Yes" if use in agreed else "No") for use in Use]


def consent_state(consent: ConsentGiven | None, *, own: bool = False) -> str:
    """Whether what was agreed holds today, in a sentence; `own`: said to the person themselves."""
    nowhere = "Your words are shown nowhere" if own else "Their words are shown nowhere"
    if consent is None or not consent.uses:
        return f"{'You agree to nothing now' if own else 'Nothing is agreed'}. {nowhere}"
    if not uses_today(consent):
        return f"What {'you agreed to' if own else 'was agreed'} has ended. {nowhere}"
    until = ", or until the day below is over" if consent.until else ""
    return f"Holds until {'you say' if own else 'they say'} otherwise{until}"


def titles_of(criteria: Iterable[str]) -> list[str]:
    """What criteria are called, as far as they are known."""
    known = load(Criterion)
    return [known[name].title for name in criteria if name in known]


def said_about(own: OwnQuote, uses: frozenset[str]) -> list[str]:
    """Where somebody's words are used now, in sentences."""
    if own.waits:
        return ["You said that this is not what you meant. It is shown nowhere until we have answered you"]
    if not uses:
        return ["You agree to nothing now, so this is shown nowhere"]
    said = []
    if Use.QUOTED in uses:
        said.append("People who work for this system may read it")
    if Use.PUBLISHED in uses:
        said.append("Everybody who may see pages of this system may read it")
    if Use.THEMES in uses and own.quote.themes:
        said.append(f"It is counted under: {', '.join(titles_of(own.quote.themes))}")
    if own.assessed:
        said.append(f"It counts in how this system is assessed: {', '.join(own.assessed)}")
    said += [f"It stands in a story that everybody may read: {title}" for _, title in own.stories]
    return said or ["It is used nowhere"]


def entry_address() -> str:
    """Where a code is typed, as it stands on paper."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("systems:own_words_enter")


def sheet_context(
    organisation: Organisation, points: int, interview: Interview | None = None, consent: ConsentGiven | None = None
) -> dict[str, Any]:
    """The context of `systems/print/consent_sheet.html`; without an interview it is empty, to be filled in."""
    return {
        "document": _document("What you agree to", organisation, points, interview),
        "uses": consent_lines(consent) if interview else [(use.label, "") for use in Use],
        "interview": interview,
        "consent": consent,
        "entry": entry_address(),
        "reach": how_to_reach(organisation),
        "yes_no": [{"label": "Yes"}, {"label": "No"}],
    }


def own_page_context(own: OwnWords, points: int) -> dict[str, Any]:
    """The context of `systems/print/own_words.html`."""
    organisation = own.interview.organisation
    return {
        "document": _document("What you told us", organisation, points, own.interview),
        "own": own,
        "quotes": [(each, said_about(each, own.uses)) for each in own.quotes],
        "uses": consent_lines(own.consent),
        "state": consent_state(own.consent, own=True),
        "entry": entry_address(),
        "reach": how_to_reach(organisation),
        "wrong": [{"label": "That is not what I meant"}, {"label": "Take this out"}],
        "all_back": [{"label": "I take everything back"}],
    }


def points_of(typed: str) -> int:
    """The size of print that was asked for, else the middle one."""
    return next((each for each in POINTS if str(each) == typed), POINTS[1])


def _document(title: str, organisation: Organisation, points: int, interview: Interview | None) -> dict[str, Any]:
    return {
        "title": title,
        "code": as_written(code_of(interview.pk)) if interview else "",
        "printed_on": timezone.localdate(),
        "known_as": interview.called if interview else "",
        "organisation": organisation.name,
        "contact": how_to_reach(organisation),
        "points": points,
    }
