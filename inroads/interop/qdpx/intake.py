"""Marks that a reader made in another program come into their own reading: all that can be taken, or nothing."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import User
from inroads.interop.qdpx.export import guids_of_reader
from inroads.interop.qdpx.matching import Left, match
from inroads.interop.qdpx.model import Project
from inroads.interop.qdpx.package import MIB, Limits
from inroads.interop.qdpx.positions import Counting, better
from inroads.interop.qdpx.problems import QdaError
from inroads.interop.qdpx.reader import read_project
from inroads.systems import models
from inroads.systems.actions.marks_together import mark_together
from inroads.systems.actions.returns import has_read

LARGEST = 20 * MIB
LIMITS = Limits(files=2_000, project=32 * MIB, text=16 * MIB, texts=64 * MIB, whole=512 * MIB)
MOST_MARKS = 5_000


@dataclass(frozen=True)
class Taken:
    """What came of a file: marks that are new, were there already, or say something else now; and what was left.

    `by` are the names under which the marks were made there, `parted` how many reached over several passages, and
    `remarks` sentences on what was put right in reading the file.
    """

    added: int
    same: int
    changed: int
    left: tuple[Left, ...]
    by: tuple[str, ...]
    parted: int
    texts: int
    remarks: tuple[str, ...]


@transaction.atomic
def take_in(*, reading: models.Reading, project: Project, by: User) -> Taken:
    """The marks of a project for the return of a reading, in that reading. Raises `Refused`, `PermissionDenied`.

    Where the file says something else of the same words than the reading does, the file counts. What it does not have
    stays: nothing is taken back because somebody left it out.
    """
    audit.hold()
    kept = models.Reading.objects.select_related("of__organisation").get(pk=reading.pk)
    if kept.reader_id != by.pk:
        raise PermissionDenied("This return was not given to you to read")
    found = match(project, kept.of, list(kept.of.passages.order_by("number")), others=_others(kept))
    if len(found.wanted) > MOST_MARKS:
        raise Refused(
            f"The file has more than {MOST_MARKS:,} marks for this return. Take them in in parts", field="file"
        )
    left = sum(each.number for each in found.left)
    put = mark_together(reading=kept, marks=list(found.wanted.values()), by=by, left=left)
    names = tuple(sorted(filter(None, found.by)))
    return Taken(put.added, put.same, put.changed, found.left, names, found.parted, found.texts, project.remarks)


def read_marks(content: bytes) -> Project:
    """A project from somebody's program, with positions as that program counts them. Raises `QdaError`."""
    try:
        first = read_project(content, limits=LIMITS)
    except QdaError:
        # Positions that are no part of a text are often counted in another way.
        for counting in (Counting.UTF_16, Counting.LINE_ENDS_AS_ONE):
            try:
                return read_project(content, counting=counting, limits=LIMITS)
            except QdaError:
                continue
        raise
    votes: dict[Counting, int] = {}
    for text in first.texts():
        if text.text is not None and (found := better(text.text, text.passages, Counting.CODE_POINTS)):
            votes[found[0]] = votes.get(found[0], 0) + found[1] - found[2]
    if not votes:
        return first
    try:
        return read_project(content, counting=max(votes, key=votes.__getitem__), limits=LIMITS)
    except QdaError:
        return first


def _others(reading: models.Reading) -> frozenset[str]:
    """The GUIDs under which the marks of anybody else stand in what we wrote of this return."""
    other = reading.of.readings.exclude(pk=reading.pk).values_list("pk", flat=True)
    people = has_read(reading.of) - {reading.reader_id}
    found = [guids_of_reader(pk, person) for pk in (other or [None]) for person in (people or [None])]
    return frozenset().union(*found) - guids_of_reader(reading.pk, reading.reader_id)
