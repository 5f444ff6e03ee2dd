"""Assessments on their way to being closed, for tests: handed in, reviewed, with verdicts, remarks and answers."""

import os
import shutil
import tomllib
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone
from systems_factories import make_member

from inroads.accounts.models import User
from inroads.reference.definitions import folder, load
from inroads.reference.definitions.framework import Criterion, Element, EvidenceKind
from inroads.reference.models import Kind, Organisation
from inroads.systems.actions import reviewing
from inroads.systems.actions.assessments import begin_assessment, claim
from inroads.systems.actions.evidence import lay_down
from inroads.systems.models import Assessment, Evidence

NEXT_EDITION = """
title = "Edition 2027"
published_on = 2027-04-01
words = "Another edition, for tests."
changes = "Co-design is asked in more detail; boards are asked something else."
criteria = [{criteria}]
"""


def make_assessment(system: Organisation, *, by: User, title: str = "Six weeks in autumn", **more) -> Assessment:
    """An assessment that is being filled in."""
    due = timezone.localdate() + timedelta(days=42)
    return begin_assessment(organisation=system, title=title, due_on=due, by=by, **more)


def make_claim(assessment: Assessment, criterion: str, level: int, *, by: User, words: str = "It is so") -> None:
    """A claim after whatever was claimed before."""
    last = assessment.claims.filter(criterion=criterion).order_by("version").last()
    claim(
        assessment=assessment,
        criterion=criterion,
        version=last.version if last else 0,
        level=level,
        words=words,
        by=by,
    )


def make_piece(
    system: Organisation, criterion: str, element: str, *, by: User, people: bool = False, **more
) -> Evidence:
    """Evidence of an element that counts, unless told otherwise, from last month."""
    asked = load(Criterion)[criterion].elements()[element]
    kind, voice = way_to_show(asked, people=people)
    told = {
        "kind": kind,
        "voice": voice,
        "supports": True,
        "dated": timezone.localdate() - timedelta(days=30),
        "title": f"{criterion} {element}",
        "words": "As the paper says",
        "link": "https://papers.example/one",
        "file": None,
        "passage": None,
        "quote": None,
    }
    return lay_down(organisation=system, criterion=criterion, element=element, by=by, **(told | more))


def way_to_show(element: Element, *, people: bool = False) -> tuple[str, str]:
    """A kind of evidence that can show an element, and a voice that may speak in it; people's where it has to be."""
    wanted = ("people",) if people or element.from_people else ("record", "organisation", "people")
    known = load(EvidenceKind)
    return next((kind, voice) for voice in wanted for kind in element.shown_by if voice in known[kind].voices)


def make_level(system: Organisation, criterion: str, level: int, *, by: User, **more) -> list[Evidence]:
    """All that a criterion asks for up to a level, with people's experience of each."""
    made = []
    for each in load(Criterion)[criterion].levels[:level]:
        made += [make_piece(system, criterion, element.id, by=by, **more) for element in each.elements]
        if not any(element.from_people for element in each.elements):
            heard = next(element for element in each.elements if _people_can(element))
            made.append(make_piece(system, criterion, heard.id, by=by, people=True, **more))
    return made


def make_reviewer(organisation: Organisation, name: str = "") -> User:
    """A peer who may review, with their role in this organisation."""
    return make_member(organisation, "reviewer", name)


def make_invited(assessment: Assessment, reviewer: User, *, by: User):
    """This reviewer is asked."""
    return reviewing.invite_reviewer(assessment=assessment, reviewer=reviewer, by=by)


def make_review(system: Organisation, *, by: User, reviewer: User | None = None, closed: bool = True) -> Assessment:
    """An assessment that was handed in and reviewed, with everything that pages of a review show; closed, unless not.

    Before it lies one that was closed without a review, so that there is something to set beside it.
    """
    reviewer = reviewer or make_reviewer(_elsewhere(system), "Reviewer from Elsewhere")
    first = make_assessment(system, by=by, title="The year before")
    make_claim(first, "codesign", 1, by=by)
    make_closed(first, by=by)
    made = make_assessment(system, by=by)
    make_claim(made, "codesign", 2, by=by)
    pieces = make_level(system, "codesign", 1, by=by)
    make_invited(made, reviewer, by=by)
    reviewing.hand_in(assessment=made, words="Please look at co-design first", by=by)
    for piece, verdict in zip(pieces, ("shows", "unclear", "not_shown"), strict=False):
        words = "" if verdict == "shows" else "The minutes do not say who was there"
        reviewing.review_evidence(assessment=made, evidence=piece, verdict=verdict, words=words, by=reviewer)
    reviewing.remark(assessment=made, criterion="codesign", words="Who was missing?", by=reviewer)
    reviewing.remark(assessment=made, criterion="codesign", words="We will say it next time", by=by)
    reviewing.finish_review(assessment=made, words="Strong on strategy, thin on experience", by=reviewer)
    if closed:
        reviewing.close(assessment=made, words="We go on with co-design", by=by)
    return Assessment.objects.select_related("organisation").get(pk=made.pk)


def make_closed(assessment: Assessment, *, by: User) -> Assessment:
    """Handed in, and closed without a review for a reason."""
    reviewing.hand_in(assessment=assessment, words="", by=by)
    reviewing.close(assessment=assessment, words="Nobody could be found in time", by=by)
    return Assessment.objects.select_related("organisation").get(pk=assessment.pk)


def copied_definitions(to: Path) -> Path:
    """A copy of all definitions that a test may change; say where it lies with `INROADS_DEFINITIONS`."""
    return Path(shutil.copytree(folder(), to / "definitions"))


def add_next_edition(definitions: Path) -> None:
    """An edition 2027: co-design replaced comparably, the board not, sharing dropped, fairness of tools new."""
    criteria = definitions / "criteria"
    for old, new, comparable in (("codesign", "codesign_2", True), ("board", "board_2", False)):
        text = (criteria / f"{old}.toml").read_text(encoding="utf-8")
        head = f'replaces = "{old}"\ncomparable = {str(comparable).lower()}\n'
        # One element is asked for no longer, and another in its place.
        text = text.replace('id = "where_people_are"', 'id = "where_people_live"')
        (criteria / f"{new}.toml").write_text(head + text.replace('title = "', 'title = "New: ', 1), encoding="utf-8")
    text = (criteria / "sharing.toml").read_text(encoding="utf-8")
    (criteria / "fair_tools.toml").write_text(text.replace('title = "', 'title = "Fair tools: ', 1), encoding="utf-8")
    names = [each for each in _names(definitions) if each not in ("codesign", "board", "sharing")]
    listed = ", ".join(f'"{each}"' for each in [*names, "codesign_2", "board_2", "fair_tools"])
    (definitions / "frameworks" / "2027.toml").write_text(NEXT_EDITION.format(criteria=listed), encoding="utf-8")


def add_large_edition(definitions: Path) -> None:
    """An edition of forty criteria: each of those there are, twice."""
    criteria, names = definitions / "criteria", _names(definitions)
    for each in names:
        shutil.copy(criteria / f"{each}.toml", criteria / f"{each}_again.toml")
    listed = ", ".join(f'"{each}{again}"' for each in names for again in ("", "_again"))
    (definitions / "frameworks" / "2027.toml").write_text(NEXT_EDITION.format(criteria=listed), encoding="utf-8")


def _names(definitions: Path) -> list[str]:
    """The criteria of the first edition, by id."""
    content = tomllib.loads((definitions / "frameworks" / "2026.toml").read_text(encoding="utf-8"))
    return content["criteria"]


def use_definitions(definitions: Path | None) -> None:
    """From now on, definitions are read from this folder; None is the usual one."""
    if definitions is None:
        os.environ.pop("INROADS_DEFINITIONS", None)
    else:
        os.environ["INROADS_DEFINITIONS"] = str(definitions)
    load.cache_clear()


def day(offset: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=offset)


def _people_can(element: Element) -> bool:
    known = load(EvidenceKind)
    return any("people" in known[kind].voices for kind in element.shown_by)


def _elsewhere(system: Organisation) -> Organisation:
    """A system of another region, else England."""
    others = Organisation.objects.filter(kind=Kind.ICS).exclude(parent_id=system.parent_id)
    return others.first() or Organisation.objects.get(kind=Kind.ENGLAND)
