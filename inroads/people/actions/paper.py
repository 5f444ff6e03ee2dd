"""Printing papers with a code, and keying in what came back on them: by the same actions that a screen uses."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.codes import CODE_LETTERS, check_letter
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.people.actions.checks import note, require_work_with
from inroads.people.actions.choices import record_choice
from inroads.people.actions.conversations import begin_conversation, finish_conversation, record_answer
from inroads.people.actions.plans import record_helped
from inroads.people.models import Channel, Conversation, Option, PaperForm, PaperKind, Person, PlanStep, Stage
from inroads.people.queries.conversations import kind_of
from inroads.people.queries.record import record_of

POINTS = (12, 18, 24)
CONVERSATIONS = {PaperKind.TRIAGE: Conversation.Kind.TRIAGE, PaperKind.FULL: Conversation.Kind.FULL}


@dataclass(frozen=True)
class Written:
    """What stands on a paper beside one question: the box ticked ("" for none) and the words."""

    ticked: str
    words: str


@dataclass(frozen=True)
class Filled:
    """Who filled a paper in, on which day, how, and who else was there."""

    said_on: date
    said_by: str
    channel: str = Channel.PAPER
    present_words: str = ""


@transaction.atomic
def print_paper(*, person: Person, kind: str, points: int, content: list[Any], by: User) -> PaperForm:
    """A paper with a code of its own. `content` is what its numbers stand for, kept as printed."""
    audit.hold()
    require_work_with(by, person)
    if points not in POINTS:
        raise Refused("Choose a size of print: 12, 18 or 24 point")
    if not content:
        raise Refused("There is nothing to print yet")
    made = PaperForm.objects.create(
        code=_new_code(), person=person, kind=PaperKind(kind), points=points, content=content, recorded_by=by
    )
    note("paper_printed", person, by, kind=str(kind), points=points, number=made.pk)
    return made


@transaction.atomic
def key_conversation(*, paper: PaperForm, written: Mapping[str, Written], filled: Filled, by: User) -> Conversation:
    """The answers of a printed conversation, as if each had been given on the screen. Empty boxes are not asked."""
    paper = _turn(paper, by)
    # Older papers may hold questions that are defined no more.
    asked = [topic for topic in paper.content if kind_of(topic) is not None]
    talk = begin_conversation(
        person=paper.person,
        kind=CONVERSATIONS[PaperKind(paper.kind)],
        channel=filled.channel,
        said_by=filled.said_by,
        said_on=filled.said_on,
        present_words=filled.present_words,
        asked=asked,
        by=by,
    )
    for topic in asked:
        each = written.get(topic)
        if each is not None and (each.ticked or tidy(each.words)):
            answer = each.ticked or ("" if kind_of(topic) == "strength" else "not_asked")
            record_answer(conversation=talk, topic=topic, answer=answer, words=each.words, by=by)
    finish_conversation(conversation=talk, by=by)
    _keyed(paper, by)
    return talk


@transaction.atomic
def key_choices(
    *, paper: PaperForm, written: Mapping[int, Written], filled: Filled, explained_in: str, by: User
) -> int:
    """Choices changed on a card, by stage; `ticked` holds the id of an option. Returns how many were changed."""
    paper = _turn(paper, by)
    changed = 0
    for entry in paper.content:
        each = written.get(entry["stage"])
        if each is None or not (each.ticked or tidy(each.words)):
            continue
        stage = Stage.objects.get(pk=entry["stage"])
        if not each.ticked:
            raise Refused(
                f"There are words at {stage.title} but no box is ticked. Tick what the person means; where that is not "
                "clear, ask them"
            )
        held = record_of(paper.person).choices.get(stage.pk)
        record_choice(
            person=paper.person,
            stage=stage,
            option=Option.objects.get(pk=int(each.ticked)),
            # What they thought of for later was not asked on the card, so it stays.
            maybe_later=held.maybe_later if held else None,
            offered=entry["options"],
            explained_in=explained_in,
            why=each.words,
            look_again_on=None,
            channel=filled.channel,
            said_by=filled.said_by,
            said_on=filled.said_on,
            present_words=filled.present_words,
            by=by,
        )
        changed += 1
    _keyed(paper, by)
    return changed


@transaction.atomic
def key_helped(*, paper: PaperForm, written: Mapping[int, Written], filled: Filled, by: User) -> int:
    """Whether steps helped, as ticked on a plan or a phone script. Returns how many were answered."""
    paper = _turn(paper, by)
    answered = 0
    for number in paper.content:
        each = written.get(number)
        if each is None or not (each.ticked or tidy(each.words)):
            continue
        record_helped(
            step=PlanStep.objects.get(pk=number, person=paper.person),
            answer=each.ticked or "not_asked",
            words=each.words,
            channel=filled.channel,
            said_by=filled.said_by,
            said_on=filled.said_on,
            present_words=filled.present_words,
            by=by,
        )
        answered += 1
    _keyed(paper, by)
    return answered


def _turn(paper: PaperForm, by: User) -> PaperForm:
    """The paper as it is kept now, for this writer alone. Raises `Refused` where it was keyed in already."""
    audit.hold()
    kept = PaperForm.objects.select_for_update(of=("self",)).select_related("person__organisation").get(pk=paper.pk)
    require_work_with(by, kept.person)
    if kept.keyed_at is not None:
        raise Refused(
            f"This paper was keyed in on {timezone.localtime(kept.keyed_at):%-d %B %Y} already. To put something "
            "right, change it in the record"
        )
    return kept


def _keyed(paper: PaperForm, by: User) -> None:
    paper.keyed_at, paper.keyed_by = timezone.now(), by
    paper.save(update_fields=("keyed_at", "keyed_by"))
    note("paper_keyed", paper.person, by, kind=paper.kind, number=paper.pk)


def _new_code() -> str:
    while True:
        body = "".join(secrets.choice(CODE_LETTERS) for _ in range(7))
        code = body + check_letter(body)
        if not PaperForm.objects.filter(code=code).exists():
            return code
