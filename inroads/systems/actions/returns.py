"""What changes about returns: loaded and cut into passages, and given to two readers."""

import hashlib
import re
from collections.abc import Iterator, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import needed, note
from inroads.accounts.models import User
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, criteria_of, current
from inroads.reference.models import Organisation
from inroads.systems.models import Basis, Coding, Passage, Reading, ReadScore, Return, ReturnFile, Wave
from inroads.systems.permissions import SYSTEMS, may_keep_returns, may_read_returns

# Characters of a passage: a longer paragraph is cut where a sentence ends.
LONGEST_PASSAGE = 1_200
LONGEST_TEXT = 2_000_000
# Nobody reads more, and marking them would keep everybody else waiting.
MOST_PASSAGES = 20_000
LONGEST_NAME = 200
# What no database keeps; replaced one for one, so that positions hold.
CANNOT_BE_KEPT = re.compile("[\0\ud800-\udfff]")
BETWEEN_PARAGRAPHS = re.compile(r"(?:\r\n|\r|\n)[^\S\r\n]*(?:\r\n|\r|\n)\s*")
AFTER_A_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*\s+")


@transaction.atomic
def add_return(
    *,
    wave: Wave,
    organisation: Organisation,
    title: str,
    text: str,
    by: User,
    pages: Sequence[int] = (),
    file_name: str = "",
    file_kind: str = "",
    content: bytes = b"",
    criteria: Sequence[str] = (),
) -> Return:
    """A return of a system in a wave, cut into passages. Raises `Refused`.

    text, pages
        Its text, kept to the letter, and the positions in it at which pages begin, where it has pages.
    file_name, file_kind, content
        The file as it came, where there was one.
    criteria
        Ids of those against which it is read; all of the current edition, where none are named.
    """
    require_keeping(by, organisation)
    kept = CANNOT_BE_KEPT.sub("\ufffd", text)
    if len(kept) > LONGEST_TEXT:
        raise Refused(f"A return may have {LONGEST_TEXT:,} characters at most. Load it in parts", field="text")
    # Worked out before anybody has to wait for it.
    parts = passages_of(kept)
    if not parts:
        raise Refused("There are no words in it. If it is a scan, have its text read first", field="text")
    if len(parts) > MOST_PASSAGES:
        raise Refused(
            f"It has {len(parts):,} paragraphs; {MOST_PASSAGES:,} are the most. Load it in parts", field="text"
        )
    audit.hold()
    require_keeping(by, organisation)
    if organisation.kind not in SYSTEMS:
        raise Refused("Choose an integrated care system, or a place within one", field="organisation")
    if wave.basis != Basis.RETURNS:
        raise Refused("Choose a wave that rests on returns", field="wave")
    called = needed(title, "Give the return a name", field="title")
    if len(called) > LONGEST_NAME:
        raise Refused(f"Use {LONGEST_NAME} characters at most for the name", field="title")
    sha256 = hashlib.sha256(content).hexdigest() if content else ""
    _refuse_second(wave, organisation, sha256, kept)
    made = Return.objects.create(
        wave=wave,
        organisation=organisation,
        title=called,
        file_name=file_name[-LONGEST_NAME:],
        file_kind=file_kind[:100],
        sha256=sha256,
        text=kept,
        pages=_pages(pages, len(kept)),
        criteria=_criteria(criteria),
        recorded_by=by,
    )
    if content:
        ReturnFile.objects.create(of=made, content=content)
    Passage.objects.bulk_create(
        [Passage(of=made, number=number, start=start, end=end) for number, (start, end) in enumerate(parts, 1)],
        batch_size=1_000,
    )
    note("return_added", made, organisation, by, wave=str(wave.pk), passages=len(parts))
    return made


@transaction.atomic
def give_to_readers(*, of: Return, readers: Sequence[User], by: User) -> tuple[Reading, Reading]:
    """Give a return to two people who read it without seeing what the other says. Raises `Refused`."""
    audit.hold()
    require_keeping(by, of.organisation)
    if len(readers) != 2 or readers[0] == readers[1]:
        raise Refused("Choose two different people", field="second")
    if of.readings.exists():
        raise Refused("This return was given to two readers already")
    for reader, field in zip(readers, ("first", "second"), strict=True):
        _refuse_who_may_not_read(reader, of, field=field)
    first, second = (
        Reading.objects.create(of=of, reader=reader, place=place, recorded_by=by)
        for place, reader in enumerate(readers, 1)
    )
    note("return_given", of, of.organisation, by, first=str(first.reader_id), second=str(second.reader_id))
    return first, second


@transaction.atomic
def give_to_another(*, reading: Reading, reader: User, by: User) -> Reading:
    """Somebody else goes on with a reading that is not finished. What was marked stays, under who marked it."""
    audit.hold()
    require_keeping(by, reading.of.organisation)
    kept = Reading.objects.select_related("of").get(pk=reading.pk)
    if kept.finished_at is not None:
        raise Refused("This reading is finished, and stays as it is")
    if reader.pk in has_read(kept.of):
        raise Refused("This person has read it already. Choose somebody else", field="reader")
    _refuse_who_may_not_read(reader, kept.of, field="reader")
    before, kept.reader = kept.reader_id, reader
    kept.save(update_fields=("reader",))
    note("reading_given_on", kept, kept.of.organisation, by, before=str(before), now=str(reader.pk))
    return kept


def has_read(of: Return) -> frozenset:
    """Ids of all who have read a return: its readers, and whoever marked or scored something before them."""
    found = set(of.readings.values_list("reader_id", flat=True))
    found |= set(Coding.objects.filter(reading__of=of).values_list("recorded_by_id", flat=True).distinct())
    found |= set(ReadScore.objects.filter(reading__of=of).values_list("recorded_by_id", flat=True).distinct())
    return frozenset(found)


def require_keeping(by: User, organisation: Organisation) -> None:
    """Raises `PermissionDenied` unless this user keeps the returns of this system."""
    if not may_keep_returns(by, organisation):
        raise PermissionDenied("This system is not among those whose returns you keep")


def passages_of(text: str) -> list[tuple[int, int]]:
    """Where the passages of a text begin and end: its paragraphs, none of them empty, in order, without overlap.

    Paragraphs lie between blank lines. Of one that is too long, each passage ends with a sentence where one ends in
    time, else between two words, else where it must.
    """
    return [part for start, end in _paragraphs(text) for part in _cut(text, start, end)]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    begins = 0
    for gap in BETWEEN_PARAGRAPHS.finditer(text):
        yield begins, gap.start()
        begins = gap.end()
    yield begins, len(text)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    start, end = _without_space(text, start, end)
    while True:
        while start < end and text[start].isspace():
            start += 1
        if end - start <= LONGEST_PASSAGE:
            if end > start:
                yield start, end
            return
        piece = text[start : start + LONGEST_PASSAGE + 1]
        sentences = [found.end() for found in AFTER_A_SENTENCE.finditer(piece)]
        words = max(piece.rfind(space) for space in " \n\t")
        stop = start + (sentences[-1] if sentences else words if words > 0 else LONGEST_PASSAGE)
        yield _without_space(text, start, min(stop, start + LONGEST_PASSAGE))
        start = stop


def _without_space(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    begins = start + len(piece) - len(piece.lstrip())
    return begins, max(begins, start + len(piece.rstrip()))


def _refuse_second(wave: Wave, organisation: Organisation, sha256: str, text: str) -> None:
    here = Return.objects.filter(wave=wave, organisation=organisation)
    found = here.filter(sha256=sha256).first() if sha256 else here.filter(sha256="", text=text).first()
    if found is not None:
        what = "This file" if sha256 else "This text"
        raise Refused(f"{what} is in this wave already, as “{found.title}” of {organisation.name}", field="file")


def _refuse_who_may_not_read(reader: User, of: Return, *, field: str) -> None:
    if not reader.is_active or not may_read_returns(reader, of.organisation):
        raise Refused(f"{reader.full_name} may not read returns of {of.organisation.name}", field=field)


def _pages(pages: Sequence[int], length: int) -> list[int]:
    if list(pages) != sorted(set(pages)) or any(not 0 <= each < max(1, length) for each in pages):
        raise ValueError(f"pages: expected ascending positions from 0 to before {length}, found {list(pages)[:5]}")
    return list(pages)


def _criteria(names: Sequence[str]) -> list[str]:
    known = load(Criterion)
    if unknown := [name for name in names if name not in known]:
        raise Refused(f"There is no criterion “{unknown[0]}”", field="criteria")
    return list(dict.fromkeys(names)) or [each.id for each in criteria_of(current())]
