"""Where every system stands on the curve, as a wave found it, and what this reader may see of it.

Whoever sees the landscape learns names of the systems below them and no others. Whoever belongs to one system learns
where it stands itself. Nobody learns an order of systems: only between which places each may stand.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from inroads.accounts.permissions import Permission, held_in
from inroads.accounts.queries import Somebody
from inroads.methods import adoption
from inroads.reference.models import Organisation
from inroads.reference.organisations import covers
from inroads.systems.models import Basis, Needle, Placed, Score, Wave
from inroads.systems.queries.wave_scores import kept_scores, scores_from, table_of, titles

# Draws for what is worked out when a page is opened; what is kept rests on ten times as many.
QUICK = 200


@dataclass(frozen=True)
class Shift:
    """What became of a system since the wave before.

    moved
        "up" or "down" beyond chance, "no sign", or "not known" where it was not scored on the same criteria twice.
    change, low, high
        By how many levels its mean changed, with its 95% interval; None where it is not known.
    """

    since: Wave
    before: str
    moved: str
    change: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Place:
    """Where a wave puts a system.

    chances
        Of each of the four groups, as shares of draws.
    rank_low, rank_high
        Between which places of `of` it stands, 1 the furthest along; the truth lies within in at least 95 of 100.
    shift
        None where there is no wave before with which this one can be compared.
    """

    wave: Wave
    organisation: Organisation
    group: str
    between: bool
    chances: tuple[float, ...]
    rank_low: float
    rank_high: float
    of: int
    shift: Shift | None

    @property
    def number(self) -> int:
        """The number of its group, from 0."""
        return adoption.GROUPS.index(self.group)

    @property
    def towards(self) -> int | None:
        """The group in which it may stand as well, where it stands between two: the likeliest but its own."""
        if not self.between:
            return None
        return max((at for at in range(len(self.chances)) if at != self.number), key=lambda at: self.chances[at])


@dataclass(frozen=True)
class Landscape:
    """All places of a wave, by name of the system; `named` are the ids of those whose name this reader may see."""

    wave: Wave
    before: Wave | None
    places: tuple[Place, ...]
    named: frozenset[UUID]
    pattern: adoption.Pattern

    @property
    def counts(self) -> tuple[int, ...]:
        """Systems in each of the four groups."""
        return counts_of(self.places)

    @property
    def seen(self) -> tuple[Place, ...]:
        """The places of systems whose names this reader may see."""
        return tuple(each for each in self.places if each.organisation.pk in self.named)


@dataclass(frozen=True)
class Further:
    """A criterion of a wave: the level of one system, how many are further along, and how many have a score."""

    title: str
    level: float
    further: int
    of: int


@dataclass(frozen=True)
class Own:
    """What one system may see of the landscape: all places, its own among them or None, and who is further along."""

    wave: Wave
    places: tuple[Place, ...]
    own: Place | None
    further: tuple[Further, ...]


@dataclass(frozen=True)
class ByNeedle:
    """Where one needle puts the systems: the group of each, and of which it is not sure."""

    needle: Needle
    groups: dict[UUID, str]
    between: frozenset[UUID]


def waves_taken() -> QuerySet[Wave]:
    """Waves whose places, or published counts, are there to be seen: the latest first."""
    return Wave.objects.exclude(taken_at=None).order_by("-on", "-recorded_at", "-pk")


def wave_with_places(*, at: datetime | None = None) -> Wave | None:
    """The latest wave that says who stands where; `at` leaves out those that were taken later."""
    found = waves_taken().exclude(basis=Basis.PUBLISHED)
    return (found.filter(taken_at__lte=at) if at else found).first()


def wave_before(wave: Wave, *, at: datetime | None = None) -> Wave | None:
    """The wave before this one that rests on the same, and so can be set beside it; `at` leaves out later ones."""
    earlier = waves_taken().filter(basis=wave.basis, needle=wave.needle).exclude(basis=Basis.PUBLISHED)
    if at is not None:
        earlier = earlier.filter(taken_at__lte=at)
    # Of several of a day, what was added first is the earlier.
    ordered = list(earlier.filter(on__lte=wave.on))
    at = next((number for number, each in enumerate(ordered) if each.pk == wave.pk), len(ordered))
    return ordered[at + 1] if at + 1 < len(ordered) else None


def landscape(user: Somebody, wave: Wave) -> Landscape | None:
    """A wave as this reader may see it; None for those who may see no landscape."""
    places_held = held_in(user, Permission.SEE_LANDSCAPE)
    if not places_held:
        return None
    before = wave_before(wave)
    placed = _placed(wave)
    places = _places(wave, before, placed)
    named = {each.organisation_id for each in placed if any(covers(place, each.organisation) for place in places_held)}
    pattern = adoption.pattern_by_region(
        [each.score for each in placed], [str(each.organisation.parent_id) for each in placed], rng=wave.pk.int
    )
    return Landscape(wave, before, places, frozenset(named), pattern)


def own(organisation: Organisation, wave: Wave) -> Own:
    """What this system sees of a wave. Whoever calls has asked whether the reader may see the system."""
    places = _places(wave, wave_before(wave), _placed(wave))
    mine = next((each for each in places if each.organisation.pk == organisation.pk), None)
    return Own(wave, places, mine, _further(organisation, wave) if mine else ())


def place_of(organisation: Organisation, *, at: datetime | None = None) -> Place | None:
    """Where the latest wave puts a system, with what became of it since the wave before; None where it has no place.

    `at` is a moment: waves that were taken later are not there yet. Whoever calls has asked whether the reader may see
    the system.
    """
    wave = wave_with_places(at=at)
    if wave is None:
        return None
    placed = _placed(wave)
    mine = [each for each in placed if each.organisation_id == organisation.pk]
    return _places(wave, wave_before(wave, at=at), mine, of=len(placed))[0] if mine else None


def counts_of(places: Sequence[Place]) -> tuple[int, ...]:
    """How many of these places are in each of the four groups."""
    found = Counter(each.number for each in places)
    return tuple(found[at] for at in range(len(adoption.GROUPS)))


def by_needle(wave: Wave) -> list[ByNeedle]:
    """A wave of assessments by each of the three needles, worked out anew; needles without scores are left out."""
    found = []
    for needle in Needle:
        systems, criteria, (table,) = table_of(scores_from(wave, needle))
        if len(systems) < len(adoption.GROUPS) or len(criteria) < 2:
            continue
        stands = _classified(table.tobytes(), table.shape, wave.pk.int)
        groups = {system: str(group) for system, group in zip(systems, stands.group, strict=True)}
        unsure = frozenset(system for system, between in zip(systems, stands.between, strict=True) if between)
        found.append(ByNeedle(needle, groups, unsure))
    return found


@lru_cache(maxsize=32)
def _classified(table: bytes, shape: tuple[int, int], seed: int) -> adoption.Adoption:
    """The same scores give the same groups, so they are drawn once in each process."""
    return adoption.classify(np.frombuffer(table).reshape(shape), draws=QUICK, rng=seed)


def _placed(wave: Wave) -> list[Placed]:
    rows = Placed.objects.filter(wave=wave).select_related("organisation__parent")
    return list(rows.order_by("organisation__name", "organisation_id"))


def _places(wave: Wave, before: Wave | None, placed: Sequence[Placed], *, of: int | None = None) -> tuple[Place, ...]:
    shifts = _shifts(wave, before)
    return tuple(
        Place(
            wave=wave,
            organisation=each.organisation,
            group=each.group,
            between=each.between,
            chances=tuple(each.chances),
            rank_low=each.rank_low,
            rank_high=each.rank_high,
            of=of or len(placed),
            shift=shifts.get(each.organisation_id),
        )
        for each in placed
    )


def _shifts(wave: Wave, before: Wave | None) -> dict[UUID, Shift]:
    if before is None:
        return {}
    moved = _moved(wave.pk, wave.taken_at, before.pk, before.taken_at)
    groups = dict(Placed.objects.filter(wave=before).values_list("organisation_id", "group"))
    return {system: Shift(before, groups.get(system, adoption.NOT_SCORED), *found) for system, found in moved.items()}


@lru_cache(maxsize=16)
def _moved(
    wave: UUID, taken_at: datetime, before: UUID, before_taken_at: datetime
) -> dict[UUID, tuple[str, float | None, float | None, float | None]]:
    """What moved between two waves. Kept by when they were taken: until they are taken again it is the same."""
    systems, _, (then, now) = table_of(*(kept_scores(Wave(pk=each)) for each in (before, wave)))
    found = adoption.movement(then, now, draws=1, rng=wave.int)
    known = found.moved != "not known"
    return {
        system: (
            str(found.moved[at]),
            *((float(each[at]) if known[at] else None) for each in (found.change, found.low, found.high)),
        )
        for at, system in enumerate(systems)
    }


def _further(organisation: Organisation, wave: Wave) -> tuple[Further, ...]:
    named = titles()
    mine: dict[str, float] = {}
    levels: dict[str, list[float]] = {}
    for whose, criterion, value in Score.objects.filter(wave=wave).values_list("organisation_id", "criterion", "value"):
        levels.setdefault(criterion, []).append(value)
        if whose == organisation.pk:
            mine[criterion] = value
    found = [
        Further(
            named.get(criterion, criterion),
            level,
            sum(each > level for each in levels[criterion]),
            len(levels[criterion]),
        )
        for criterion, level in mine.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.further / each.of, each.title)))
