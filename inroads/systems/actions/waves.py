"""What changes about waves of the landscape: added, loaded, and their systems put in their places."""

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import needed, not_to_come, note
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.methods import adoption
from inroads.reference.definitions import load
from inroads.reference.definitions.waves import PublishedWave
from inroads.reference.organisations import england
from inroads.systems.actions.wave_files import read_scores
from inroads.systems.models import Basis, Needle, Placed, Score, Wave
from inroads.systems.permissions import may_keep_waves
from inroads.systems.queries.wave_scores import Scores, kept_scores, scores_from, table_of

# Four groups of one system each, and two criteria, so that it can be said how sure a place is.
FEWEST_SYSTEMS, FEWEST_CRITERIA = 4, 2
# What a wave rests on, where nobody says more.
USUAL_SOURCES = {
    Basis.RETURNS: "Returns of systems, each read by two readers",
    Basis.ASSESSMENTS: "Self-assessments of systems, reviewed and closed",
}


@transaction.atomic
def add_wave(*, title: str, on: date, basis: str, by: User, needle: str = "", source: str = "") -> Wave:
    """A time at which all systems are looked at. `needle` places them where assessments do. Raises `Refused`."""
    audit.hold()
    _require_keeping(by)
    of = Basis(basis)
    if of == Basis.PUBLISHED:
        raise Refused("Counts that were published are loaded from their own file", field="basis")
    wave = Wave.objects.create(
        title=needed(title, "Give the wave a name", field="title"),
        on=not_to_come(on, "The day", field="on"),
        basis=of,
        needle=Needle(needle or Needle.EVIDENCED) if of == Basis.ASSESSMENTS else "",
        source=needed(source or USUAL_SOURCES.get(of, ""), "Say where the scores come from", field="source"),
        recorded_by=by,
    )
    note("wave_added", wave, england(), by, basis=str(of), on=on.isoformat())
    return wave


@transaction.atomic
def load_published(*, definition: str, by: User) -> Wave:
    """The wave that somebody published, from its definition. Loading it again changes nothing. Raises `Refused`."""
    audit.hold()
    _require_keeping(by)
    of = load(PublishedWave).get(definition)
    if of is None:
        raise Refused("There is no published wave of this name", field="definition")
    if found := Wave.objects.filter(definition=of.id).first():
        return found
    wave = Wave.objects.create(
        title=of.title,
        on=of.on,
        basis=Basis.PUBLISHED,
        source=f"{of.source}, section {of.section}",
        definition=of.id,
        counts=list(of.counts),
        regions=of.regions,
        regions_in_first=of.regions_in_first,
        taken_at=timezone.now(),
        recorded_by=by,
    )
    note("wave_loaded", wave, england(), by, definition=of.id, systems=sum(of.counts))
    return wave


@transaction.atomic
def load_scores(*, wave: Wave, content: bytes, by: User) -> int:
    """All scores of a file, instead of those loaded before; none where one row is wrong. Gives back how many.

    Raises `Refused` that names row and column.
    """
    audit.hold()
    _require_keeping(by)
    kept = Wave.objects.select_for_update().get(pk=wave.pk)
    if kept.basis != Basis.FILE:
        raise Refused("This wave does not rest on a file. Add another wave for it", field="file")
    if kept.taken_at:
        raise Refused("The systems of this wave have their places. For other scores, add another wave", field="file")
    scores = read_scores(content)
    _keep_scores(kept, scores)
    note("wave_scores_loaded", kept, england(), by, scores=len(scores))
    return len(scores)


@transaction.atomic
def take_wave(*, wave: Wave, by: User) -> Wave:
    """Put every system in its place, from what the sources of the wave say now. The same scores give the same places.

    Raises `Refused` where there is too little to go by.
    """
    audit.hold()
    _require_keeping(by)
    kept = Wave.objects.select_for_update().get(pk=wave.pk)
    if kept.basis == Basis.PUBLISHED:
        raise Refused("Only counts were published: who stands where is not known")
    scores = scores_from(kept)
    if kept.taken_at and scores == kept_scores(kept):
        return kept
    systems, criteria, (table,) = table_of(scores)
    if len(systems) < FEWEST_SYSTEMS or len(criteria) < FEWEST_CRITERIA:
        raise Refused(
            f"There are scores of {len(systems)} systems on {len(criteria)} criteria so far. Places need "
            f"{FEWEST_SYSTEMS} systems and {FEWEST_CRITERIA} criteria at least"
        )
    found = adoption.classify(table, rng=kept.pk.int)
    if kept.basis != Basis.FILE:
        _keep_scores(kept, scores)
    kept.places.all().delete()
    Placed.objects.bulk_create(_placed(kept, system, found, at) for at, system in enumerate(systems))
    kept.taken_at, kept.note = timezone.now(), tidy(found.note.replace("areas", "systems"))
    kept.save(update_fields=("taken_at", "note"))
    note("wave_taken", kept, england(), by, systems=len(systems), criteria=len(criteria))
    return kept


@transaction.atomic
def hide_places(*, wave: Wave, by: User) -> Wave:
    """Take the places of a wave back, for whatever reason: nobody sees them until they are worked out again."""
    audit.hold()
    _require_keeping(by)
    kept = Wave.objects.select_for_update().get(pk=wave.pk)
    if kept.taken_at is None:
        raise Refused("Its places are not worked out")
    kept.places.all().delete()
    kept.taken_at, kept.note = None, ""
    kept.save(update_fields=("taken_at", "note"))
    note("wave_places_hidden", kept, england(), by)
    return kept


def _require_keeping(by: User) -> None:
    if not may_keep_waves(by):
        raise PermissionDenied("Waves of the landscape are kept by those who keep the returns of all of England")


def _keep_scores(wave: Wave, scores: Scores) -> None:
    wave.scores.all().delete()
    Score.objects.bulk_create(
        Score(wave=wave, organisation_id=system, criterion=criterion, value=value)
        for (system, criterion), value in sorted(scores.items())
    )


def _placed(wave: Wave, system: UUID, found: adoption.Adoption, at: int) -> Placed:
    return Placed(
        wave=wave,
        organisation_id=system,
        group=str(found.group[at]),
        between=bool(found.between[at]),
        chances=[round(float(each), 4) for each in found.probability[at]],
        score=float(found.score[at]),
        rank_low=float(found.rank_low[at]),
        rank_high=float(found.rank_high[at]),
    )
