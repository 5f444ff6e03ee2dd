"""Many marks of one reader at once, as they come from elsewhere: all of them, or none."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import note
from inroads.accounts.models import User
from inroads.systems.actions.coding import FINISHED
from inroads.systems.models import About, Coding, Passage, Reading
from inroads.systems.permissions import may_read_returns

_AT_ONCE = 500


@dataclass(frozen=True)
class Marked:
    """A mark as it is to stand: which words of a passage, of which criterion, and what is said of them."""

    passage: Passage
    criterion: str
    start: int
    end: int
    about: str
    supports: bool
    words: str

    @property
    def where(self) -> tuple[str, int, int]:
        """Of one reader there is one mark of a criterion on the same words."""
        return self.criterion, self.start, self.end


@dataclass(frozen=True)
class Put:
    """How many marks are new, were there already, and say something else now."""

    added: int
    same: int
    changed: int


@transaction.atomic
def mark_together(*, reading: Reading, marks: Sequence[Marked], by: User, left: int = 0) -> Put:
    """Put marks into a reading of one's own that is not finished; what says something else of the same words gives way.

    Marks that are not among these stay. `left` is how many could not be taken, for the audit trail, which has one entry
    for all: thousands would each cost as much as a mark. Raises `Refused`, `PermissionDenied`.
    """
    audit.hold()
    kept = Reading.objects.select_related("of__organisation").defer("of__text").get(pk=reading.pk)
    if kept.reader_id != by.pk or not may_read_returns(by, kept.of.organisation):
        raise PermissionDenied("This return was not given to you to read")
    if kept.finished_at is not None:
        raise Refused(FINISHED)
    _refuse_wrong(kept, marks)
    there = {(each.criterion, each.start, each.end): each for each in kept.codings.filter(withdrawn_at=None)}
    new = [each for each in marks if each.where not in there]
    other = [each for each in marks if each.where in there and not _says(there[each.where], each)]
    gone = [there[each.where].pk for each in other]
    for place in range(0, len(gone), _AT_ONCE):
        Coding.objects.filter(pk__in=gone[place : place + _AT_ONCE]).update(withdrawn_at=timezone.now())
    Coding.objects.bulk_create([_coding(kept, each, by) for each in (*new, *other)], batch_size=_AT_ONCE)
    put = Put(len(new), len(marks) - len(new) - len(other), len(other))
    counted = {"added": put.added, "same": put.same, "changed": put.changed, "left": left}
    note("marks_taken_in", kept, kept.of.organisation, by, **counted)
    return put


def _refuse_wrong(reading: Reading, marks: Sequence[Marked]) -> None:
    criteria = set(reading.of.criteria)
    for mark in marks:
        if mark.passage.of_id != reading.of_id or not mark.passage.start <= mark.start < mark.end <= mark.passage.end:
            raise Refused("A mark lies outside the passages of this return")
        if mark.criterion not in criteria:
            raise Refused("A mark is of a criterion against which this return is not read")
    if len({mark.where for mark in marks}) < len(marks):
        raise Refused("The same words are marked twice with one criterion")


def _says(there: Coding, mark: Marked) -> bool:
    return (there.about, there.supports, there.words) == (mark.about, mark.supports, mark.words)


def _coding(reading: Reading, mark: Marked, by: User) -> Coding:
    return Coding(
        reading=reading,
        passage=mark.passage,
        criterion=mark.criterion,
        start=mark.start,
        end=mark.end,
        about=About(mark.about),
        supports=mark.supports,
        words=mark.words,
        recorded_by=by,
    )
