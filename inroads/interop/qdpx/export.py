"""Returns as a project of the standard: their texts, and of what readers marked in them what somebody may see.

Each mark is a selection of its own with a coding for its criterion, and codings that say how it speaks (see
`framework`). Who keeps returns sees who marked what; anybody else learns of a reader only whether it is the first or
the second, under another GUID in every return.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from inroads.accounts.queries import Somebody
from inroads.interop.qdpx.framework import (
    AGAINST,
    ORIGIN,
    codes_of_criteria,
    for_xml,
    guid,
    guid_of_criterion,
    guid_of_how,
)
from inroads.interop.qdpx.model import INTERNAL, Coding, Passage, Project, TextSource, User
from inroads.systems import models
from inroads.systems.permissions import may_keep_returns
from inroads.systems.queries.coding import codings_visible_to
from inroads.systems.queries.returns import returns_kept_by

_PLACES = {1: "First reader", 2: "Second reader"}
_LONGEST_NAME = 60
_FIELDS = ("pk", "reading_id", "criterion", "start", "end", "about", "supports", "words", "recorded_at")
_FIELDS += ("reading__place", "recorded_by_id", "recorded_by__full_name")


def project_of(of: models.Return, user: Somebody) -> Project:
    """One return with the marks in it that this user may see."""
    return _project(of.title, [of], user)


def project_of_wave(wave: models.Wave, user: Somebody) -> Project:
    """The returns of a wave that this user keeps, with the marks of those that both readers have finished."""
    returns = returns_kept_by(user).filter(wave=wave).defer(None).order_by("organisation__name", "recorded_at", "pk")
    return _project(wave.title, returns, user)


def guids_of_reader(reading: UUID | int, person: object) -> frozenset[str]:
    """Under which GUIDs a reader stands in what we write: as the reader of a return, and by name."""
    return frozenset((guid("reading", reading), guid("person", person)))


def _project(title: str, returns: Iterable[models.Return], user: Somebody) -> Project:
    users: dict[str, User] = {}
    sources: list[TextSource] = []
    notes: list[TextSource] = []
    criteria: set[str] = set()
    for each in returns:
        marks = list(_marks(each, user, users, notes, criteria))
        criteria.update(each.criteria)
        name = f"{each.organisation.name}: {each.title}"
        path = f"{INTERNAL}{each.pk}.txt"
        sources.append(TextSource(str(each.pk), for_xml(name), each.text, path, passages=tuple(marks)))
    return Project(
        name=for_xml(title),
        codes=codes_of_criteria(criteria),
        users=tuple(users[key] for key in sorted(users)),
        sources=tuple(sources),
        notes=tuple(notes),
        origin=ORIGIN,
    )


def _marks(
    of: models.Return, user: Somebody, users: dict[str, User], notes: list[TextSource], criteria: set[str]
) -> Iterator[Passage]:
    """The marks of one return as selections; who made them, their words and criteria are added to what was found."""
    named = may_keep_returns(user, of.organisation)
    rows = codings_visible_to(user, of).order_by("start", "end", "criterion", "pk").values_list(*_FIELDS)
    for pk, reading, criterion, start, end, about, supports, words, at, place, person, full_name in rows:
        who = guid("person", person) if named else guid("reading", reading)
        if who not in users:
            users[who] = User(who, for_xml(full_name) if named else _PLACES[place])
        criteria.add(criterion)
        when = _moment(at)
        about_it = ()
        if words:
            note = guid("words", pk)
            notes.append(TextSource(note, "Why", for_xml(words)))
            about_it = (note,)
        codings = [Coding(str(pk), guid_of_criterion(criterion), who, when, about_it)]
        how = [] if about == models.About.NOT_SAID else [about]
        how += [] if supports else [AGAINST]
        codings += [Coding(guid(each, pk), guid_of_how(each), who, when) for each in how]
        yield Passage(guid("selection", pk), start, end, tuple(codings), _begins(of.text, start, end))


def _begins(text: str, start: int, end: int) -> str:
    """How the words begin: by this a program that counts characters in another way is found out."""
    cut = end - start > _LONGEST_NAME
    words = " ".join(text[start : start + _LONGEST_NAME if cut else end].split())
    return for_xml(words) + ("…" if cut else "")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
