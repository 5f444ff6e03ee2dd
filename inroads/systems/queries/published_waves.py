"""What can be said of a wave of which only counts were published."""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from inroads.methods import adoption
from inroads.reference.definitions import folder, load
from inroads.reference.definitions.waves import PublishedWave
from inroads.systems.models import Basis, Wave


@dataclass(frozen=True)
class PublishedCounts:
    """Counts by group, how they compare with Rogers' shares, and how spread over regions the first group is.

    reached
        None where regions are not those of which the sizes are known.
    sizes
        Systems in each region, by the regions of 2024.
    """

    wave: Wave
    definition: PublishedWave | None
    counts: tuple[int, ...]
    rogers: adoption.Rogers
    sizes: tuple[int, ...]
    reached: adoption.Reached | None

    @property
    def systems(self) -> int:
        """All systems together."""
        return sum(self.counts)


def published_wave(wave: UUID) -> Wave | None:
    """A wave of which counts were published, which anybody may see; None for any other."""
    return Wave.objects.filter(pk=wave, basis=Basis.PUBLISHED).first()


def published_waves() -> list[Wave]:
    """All waves of which counts were published, the latest first."""
    return list(Wave.objects.filter(basis=Basis.PUBLISHED).order_by("-on", "pk"))


def not_loaded() -> list[PublishedWave]:
    """Published waves that nobody has loaded yet."""
    there = set(Wave.objects.exclude(definition="").values_list("definition", flat=True))
    return [each for each in load(PublishedWave).values() if each.id not in there]


def counts_published(wave: Wave) -> PublishedCounts:
    """What follows from the counts of a published wave."""
    counts, sizes = tuple(wave.counts), region_sizes()
    known = wave.regions_in_first and len(sizes) == wave.regions and sum(sizes) == sum(counts)
    return PublishedCounts(
        wave=wave,
        definition=load(PublishedWave).get(wave.definition),
        counts=counts,
        rogers=adoption.against_rogers(counts),
        sizes=sizes,
        reached=adoption.regions_reached(sizes, counts[0], wave.regions_in_first) if known else None,
    )


@cache
def region_sizes() -> tuple[int, ...]:
    """How many systems each NHS region has, from the list of organisations, which is of 2024."""
    with (folder() / "organisations" / "ics.csv").open(encoding="utf-8-sig", newline="") as file:
        found = Counter(row["nhs_region_ods_code"] for row in csv.DictReader(file))
    return tuple(found[code] for code in sorted(found))
