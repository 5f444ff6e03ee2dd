"""What moved between an assessment and the one before: criterion by criterion, needle by needle, and by which evidence.

Only criteria that may be compared are counted. Old editions of the framework stay as they are, so an old assessment
reads today as it read when it was closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Framework, line_of
from inroads.systems.models import Assessment, Evidence, State
from inroads.systems.queries.needles import Standing, standings, standings_of

NEEDLES = ("claimed", "evidenced", "experienced")


class Why(StrEnum):
    """What became of a piece of evidence between two assessments."""

    ADDED = "added"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    BEGUN = "begun"
    NOT_SHOWN = "not_shown"
    COUNTS_AGAIN = "counts_again"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Pair:
    """A criterion now, beside the same one then; `changed` is the evidence that came, went or counts otherwise."""

    now: Standing
    then: Standing
    changed: tuple[tuple[Why, Evidence], ...]

    def moved(self, needle: str) -> int | None:
        """By how many levels a needle moved; None where nothing was claimed on one of the two days."""
        now, then = getattr(self.now.level, needle), getattr(self.then.level, needle)
        return None if now is None or then is None else now - then


@dataclass(frozen=True)
class Beside:
    """An assessment beside the one before.

    pairs
        Criteria that may be compared.
    otherwise
        Criteria now asked in another way, with those they replace: they may not be compared.
    new, gone
        Criteria that were not there before, and those that are there no more.
    """

    pairs: tuple[Pair, ...]
    otherwise: tuple[tuple[Standing, Standing], ...]
    new: tuple[Standing, ...]
    gone: tuple[Standing, ...]

    def counts(self, needle: str) -> dict[str, int]:
        """Of how many criteria that may be compared this needle rose, fell, stayed, or cannot be said to have moved."""
        moves = [pair.moved(needle) for pair in self.pairs]
        return {
            "up": sum(move is not None and move > 0 for move in moves),
            "down": sum(move is not None and move < 0 for move in moves),
            "same": sum(move == 0 for move in moves),
            "unknown": sum(move is None for move in moves),
        }


def before(assessment: Assessment) -> Assessment | None:
    """The assessment with which this one is compared: the one it began from, else the last that was closed before."""
    if assessment.after_id is not None:
        return Assessment.objects.select_related("organisation").get(pk=assessment.after_id)
    earlier = Assessment.objects.filter(
        organisation=assessment.organisation_id, state=State.LOCKED, recorded_at__lt=assessment.recorded_at
    ).exclude(pk=assessment.pk)
    return earlier.select_related("organisation").order_by("recorded_at", "pk").last()


def beside(now: Assessment, then: Assessment, *, at: datetime | None = None) -> Beside:
    """Two assessments of one system, criterion by criterion, each as it stands or stood.

    `at` is the moment at which `now` is read, where it is not closed.
    """
    moment = at or now.locked_at or timezone.now()
    moment_then = then.locked_at or moment
    # Rows of then are read anew: why one of them no longer counts is written beside it later.
    edition = load(Framework)[then.framework]
    return set_beside(
        standings_of(now, at=moment),
        standings(then.organisation, edition, assessment=then, at=moment_then),
        timezone.localdate(moment),
        timezone.localdate(moment_then),
        moment,
    )


def set_beside(now: Iterable[Standing], then: Iterable[Standing], on: date, on_then: date, moment: datetime) -> Beside:
    """The criteria of two editions matched: what may be compared, what may not, what is new and what is gone."""
    old = {standing.criterion.id: standing for standing in then}
    pairs, otherwise, new, met = [], [], [], set()
    for standing in now:
        matched = next((name for name in line_of(standing.criterion.id) if name in old), None)
        replaced = next((name for name in _all_before(standing.criterion) if name in old), None)
        if matched is not None:
            pairs.append(_pair(standing, old[matched], on, on_then, moment))
            met.add(matched)
        elif replaced is not None:
            otherwise.append((standing, old[replaced]))
            met.add(replaced)
        else:
            new.append(standing)
    gone = tuple(standing for name, standing in old.items() if name not in met)
    return Beside(tuple(pairs), tuple(otherwise), tuple(new), gone)


def _all_before(criterion: Criterion) -> tuple[str, ...]:
    """What a criterion replaces, and what that replaced, whether or not they may be compared."""
    known, line = load(Criterion), [criterion.id]
    while (each := known.get(line[-1])) is not None and each.replaces and each.replaces not in line:
        line.append(each.replaces)
    return tuple(line[1:])


def _pair(now: Standing, then: Standing, on: date, on_then: date, moment: datetime) -> Pair:
    changed: list[tuple[Why, Evidence]] = []
    here, there = {piece.pk: piece for piece in now.evidence}, {piece.pk: piece for piece in then.evidence}
    for key, piece in here.items():
        if key not in there:
            changed.append((Why.ADDED, piece))
        elif (key in now.not_shown) != (key in then.not_shown):
            changed.append((Why.NOT_SHOWN if key in now.not_shown else Why.COUNTS_AGAIN, piece))
        elif _counts(piece, on) != _counts(piece, on_then):
            changed.append((Why.BEGUN if _counts(piece, on) else Why.EXPIRED, piece))
    for key, piece in there.items():
        if key not in here:
            withdrawn = piece.withdrawn_at is not None and piece.withdrawn_at <= moment
            changed.append((Why.WITHDRAWN if withdrawn else Why.NOT_ASKED, piece))
    return Pair(now, then, tuple(changed))


def _counts(piece: Evidence, on: date) -> bool:
    """Whether evidence had been said by a day and its time was not over. What denies something has no such time."""
    if piece.dated is None or piece.expires_on is None or piece.dated > on:
        return False
    return not piece.supports or on < piece.expires_on
