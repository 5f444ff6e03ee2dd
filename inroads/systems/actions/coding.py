"""What a reader says of a return: which passages speak of what, the level of each criterion, and that they are done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import note
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion
from inroads.systems.models import About, Coding, Passage, Reading, ReadScore
from inroads.systems.permissions import may_read_returns

FINISHED = "You have finished reading this return. What you said stays as it is"


@dataclass(frozen=True)
class Mark:
    """What a reader says of a passage. `part` are words of it, where not the whole passage is meant."""

    passage: Passage
    criterion: str
    about: str = About.NOT_SAID
    supports: bool = True
    words: str = ""
    part: str = ""


@transaction.atomic
def code(
    *,
    reading: Reading,
    passage: Passage,
    criterion: str,
    about: str,
    supports: bool,
    words: str,
    by: User,
    start: int | None = None,
    end: int | None = None,
) -> Coding:
    """Say that a passage speaks of a criterion; of a part of it where `start` and `end` are given. Raises `Refused`."""
    audit.hold()
    kept = _open_or_refuse(reading, by)
    if passage.of_id != kept.of_id:
        raise Refused("This passage belongs to another return", field="criterion")
    _refuse_other_criterion(kept, criterion)
    first, last = passage.start if start is None else start, passage.end if end is None else end
    if not passage.start <= first < last <= passage.end:
        raise Refused("Mark words of this passage only", field="part")
    same = kept.codings.filter(criterion=criterion, start=first, end=last, withdrawn_at=None)
    if same.exists():
        raise Refused(
            "You have marked these words with this already. To change it, take the mark back first", field="criterion"
        )
    made = Coding.objects.create(
        reading=kept,
        passage=passage,
        criterion=criterion,
        start=first,
        end=last,
        about=About(about),
        supports=supports,
        words=tidy(words),
        recorded_by=by,
    )
    note("passage_coded", made, kept.of.organisation, by, criterion=criterion, passage=passage.number)
    return made


@transaction.atomic
def code_all(*, reading: Reading, marks: Sequence[Mark], by: User) -> list[Coding]:
    """All of these marks, or none. Raises `Refused`; its field ends with the number of the passage."""
    audit.hold()
    made = []
    for mark in marks:
        try:
            start, end = _where(mark)
            made.append(
                code(
                    reading=reading,
                    passage=mark.passage,
                    criterion=mark.criterion,
                    about=mark.about,
                    supports=mark.supports,
                    words=mark.words,
                    by=by,
                    start=start,
                    end=end,
                )
            )
        except Refused as refusal:
            number = mark.passage.number
            field = f"{refusal.field}_{number}" if refusal.field else None
            raise Refused(f"Passage {number}: {refusal}", field=field) from refusal
    return made


@transaction.atomic
def take_code_back(*, coding: Coding, by: User) -> Coding:
    """A mark of one's own counts no more. It stays written down. Raises `Refused` once the reading is finished."""
    audit.hold()
    reading = _open_or_refuse(coding.reading, by)
    kept = reading.codings.get(pk=coding.pk)
    if kept.withdrawn_at is None:
        kept.withdrawn_at = timezone.now()
        kept.save(update_fields=("withdrawn_at",))
        note("code_taken_back", kept, reading.of.organisation, by, criterion=kept.criterion)
    return kept


@transaction.atomic
def score(*, reading: Reading, criterion: str, level: int, words: str, by: User) -> ReadScore:
    """Say which level a return shows for a criterion, from 0, and why. What was said before stays written down."""
    audit.hold()
    kept = _open_or_refuse(reading, by)
    _refuse_other_criterion(kept, criterion)
    refuse_other_level(criterion, level)
    why = tidy(words)
    before = kept.scores.filter(criterion=criterion).order_by("pk").last()
    if before is not None and (before.level, before.words) == (level, why):
        return before
    made = ReadScore.objects.create(reading=kept, criterion=criterion, level=level, words=why, recorded_by=by)
    note("return_scored", made, kept.of.organisation, by, criterion=criterion, level=level)
    return made


@transaction.atomic
def finish_reading(*, reading: Reading, by: User) -> Reading:
    """The reader is done: from now on what they said stays. Once both are, each may see what the other says."""
    audit.hold()
    kept = _open_or_refuse(reading, by)
    kept.finished_at = timezone.now()
    kept.save(update_fields=("finished_at",))
    note("reading_finished", kept, kept.of.organisation, by, place=kept.place)
    return kept


def refuse_other_level(criterion: str, level: int) -> None:
    """Raises `Refused` for a level that this criterion does not have; 0 says that nothing is shown."""
    known = load(Criterion).get(criterion)
    if known is None or not 0 <= level <= len(known.levels):
        raise Refused("Choose one of the levels", field="level")


def _open_or_refuse(reading: Reading, by: User) -> Reading:
    kept = Reading.objects.select_related("of__organisation").defer("of__text").get(pk=reading.pk)
    if kept.reader_id != by.pk or not may_read_returns(by, kept.of.organisation):
        raise PermissionDenied("This return was not given to you to read")
    if kept.finished_at is not None:
        raise Refused(FINISHED)
    return kept


def _refuse_other_criterion(reading: Reading, criterion: str) -> None:
    if criterion not in reading.of.criteria:
        raise Refused("Choose a criterion against which this return is read", field="criterion")


def _where(mark: Mark) -> tuple[int | None, int | None]:
    """Where in the text the part lies; None and None for the whole passage. Spaces and lines may be typed otherwise."""
    wanted = mark.part.split()
    if not wanted:
        return None, None
    found = re.search(r"\s+".join(map(re.escape, wanted)), mark.passage.words)
    if found is None:
        raise Refused("These words do not stand in it. Copy them from the passage", field="part")
    return mark.passage.start + found.start(), mark.passage.start + found.end()
