"""Leadership and a canvas for tests: roles held and vacant, meetings, cells; made by the actions that pages use."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from inroads.accounts.models import User
from inroads.reference.definitions.framework import criteria_of, current
from inroads.reference.models import Organisation
from inroads.systems.actions import assessments, canvas, evidence, interviews, leading, quotes
from inroads.systems.models import AgendaItem, Assessment, CanvasCell, Quote, RoleHeld
from inroads.systems.queries.canvas import dimensions


def days_ago(number: int) -> date:
    """A day in the past."""
    return timezone.localdate() - timedelta(days=number)


def make_held(system: Organisation, *, by: User, **more: Any) -> RoleHeld:
    """Somebody holds a role, with a deputy and without an end of the money, unless said otherwise."""
    told = {
        "role": "ccio",
        "name": "Ada Quill (invented)",
        "where": "Mental health trust",
        "days": 2.0,
        "deputy": "Ben Marsh (invented)",
        "lived_experience": None,
        "money_until": None,
        "from_on": days_ago(400),
    }
    return leading.hold_role(organisation=system, by=by, **{**told, **more})


def make_vacant(system: Organisation, *, by: User, role: str = "cnio", from_on: date | None = None) -> RoleHeld:
    """Nobody holds a role."""
    nothing = {"name": "", "where": "", "days": None, "deputy": "", "lived_experience": None, "money_until": None}
    return leading.hold_role(organisation=system, role=role, from_on=from_on or days_ago(30), by=by, **nothing)


def make_item(system: Organisation, *, by: User, **more: Any) -> AgendaItem:
    """A meeting of the board, with a decision to be looked at again."""
    told = {
        "meeting": "Board of the system",
        "board": True,
        "on": days_ago(100),
        "title": "Who is left out of digital care",
        "decided": "Ask people by phone and on paper as well.",
        "look_again_on": days_ago(10),
    }
    return leading.put_on_agenda(organisation=system, by=by, **{**told, **more})


def make_cell(
    system: Organisation, *, by: User, dimension: str = "partnership", version: int = 0, **more: Any
) -> CanvasCell:
    """A cell of the canvas with a few lines in each part."""
    told = {
        "strengths": "People help to set the question.\nTwo groups meet in the library.",
        "gaps": "Nobody tells them what came of it.",
        "next": "The mentors ring everybody back by March.",
        "said_by": "Two mentors, the carers’ group",
    }
    return canvas.write_cell(organisation=system, dimension=dimension, version=version, by=by, **{**told, **more})


def make_leading(system: Organisation, *, by: User, cells: bool = True) -> None:
    """A row of everything that the pages of leadership and of the canvas show; `cells` False: without the canvas."""
    make_held(system, by=by, deputy="", money_until=timezone.localdate() + timedelta(days=90))
    make_held(system, by=by, role="champion", name="Cleo Fenn (invented)", deputy="")
    make_vacant(system, by=by)
    former = make_held(system, by=by, role="health_inequalities", name="Dev Rao (invented)")
    leading.end_role(held=former, on=days_ago(20), by=by)
    make_item(system, by=by)
    answered = make_item(system, by=by, board=False, meeting="Quality committee", on=days_ago(200))
    leading.became(item=answered, words="Three surgeries ask by phone now.", by=by)
    for version in range(2 if cells else 0):
        make_cell(system, by=by, version=version, gaps=f"Nobody tells them what came of it. Said {version + 1} times.")


def make_whole_canvas(system: Organisation, *, by: User) -> None:
    """Words in every cell, of a length that a workshop writes."""
    for each in dimensions():
        make_cell(system, by=by, dimension=each.id)


def make_assessment_with_evidence(system: Organisation, *, lead: User, title: str = "Spring") -> Assessment:
    """An open assessment: co-design is claimed at 3, shown at 0 or 1, and somebody says that it is not so."""
    made = assessments.begin_assessment(
        organisation=system, title=title, due_on=timezone.localdate() + timedelta(days=30), by=lead
    )
    assessments.claim(
        assessment=made, criterion="codesign", version=0, level=3, words="We do this in every change.", by=lead
    )
    make_evidence(system, by=lead, title="Minutes of the design group")
    make_evidence(system, by=lead, title="Asked only at the end", supports=False, dated=days_ago(5))
    return made


def make_evidence(system: Organisation, *, by: User, **more: Any):
    """A piece of evidence about co-design."""
    told = {
        "criterion": "codesign",
        "element": "before",
        "kind": "minutes",
        "voice": "record",
        "supports": True,
        "dated": days_ago(40),
        "title": "Minutes",
        "words": "They were there.",
        "link": "",
        "file": None,
        "passage": None,
        "quote": None,
    }
    return evidence.lay_down(organisation=system, by=by, **{**told, **more})


def make_quote(
    system: Organisation,
    *,
    by: User,
    words: str = "They asked us when it was done.",
    uses: tuple[str, ...] = ("quoted",),
    supports: bool | None = False,
    criterion: str = "codesign",
) -> Quote:
    """Words that somebody said about a criterion, with what they agreed to."""
    interview = interviews.record_interview(
        organisation=system,
        called="Robin",
        speaker="person",
        role_words="",
        channel="phone",
        held_on=days_ago(20),
        notes="",
        reached="",
        consent=interviews.Consent(uses=uses, how="phone"),
        by=by,
    )
    return quotes.keep_quote(interview=interview, words=words, themes=[criterion], supports=supports, by=by)


def half_of_the_criteria() -> list[str]:
    """Ids of half of the criteria of the current edition."""
    found = [each.id for each in criteria_of(current())]
    return found[: (len(found) + 1) // 2]
