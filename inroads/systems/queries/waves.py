"""Waves as those who keep them see them: what each rests on, and how far it is."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from inroads.accounts.permissions import Permission, may
from inroads.accounts.queries import Somebody
from inroads.systems.models import Basis, Placed, Wave
from inroads.systems.queries.wave_scores import closed_by, scores_from


@dataclass(frozen=True)
class Kept:
    """A wave and how many systems have their place in it."""

    wave: Wave
    systems: int


@dataclass(frozen=True)
class Sources:
    """What there is to place systems by.

    assessments, returns
        How many closed assessments count, and how many returns were loaded; None where a wave does not rest on them.
    systems, criteria, scores
        Of how many systems there are scores, on how many criteria, and how many in all.
    """

    assessments: int | None
    returns: int | None
    systems: int
    criteria: int
    scores: int


def waves_kept(user: Somebody) -> list[Kept]:
    """All waves, the latest first, for those who keep returns somewhere; else none."""
    if not may(user, Permission.KEEP_RETURNS):
        return []
    waves = list(Wave.objects.order_by("-on", "-recorded_at", "-pk"))
    placed = dict(Placed.objects.order_by().values_list("wave").annotate(Count("pk")))
    return [Kept(each, sum(each.counts) if each.counts else placed.get(each.pk, 0)) for each in waves]


def wave_kept(user: Somebody, wave: UUID) -> Wave | None:
    """One of them."""
    if not may(user, Permission.KEEP_RETURNS):
        return None
    return Wave.objects.filter(pk=wave).select_related("recorded_by").first()


def sources_of(wave: Wave) -> Sources:
    """What there is to place the systems of a wave by, today."""
    scores = scores_from(wave)
    return Sources(
        assessments=len(closed_by(wave.on)) if wave.basis == Basis.ASSESSMENTS else None,
        returns=wave.returns.count() if wave.basis == Basis.RETURNS else None,
        systems=len({system for system, _ in scores}),
        criteria=len({criterion for _, criterion in scores}),
        scores=len(scores),
    )
