"""What somebody published of where systems stand: counts by group, without who stands where."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

GROUPS = 4


@dataclass(frozen=True)
class PublishedWave:
    """Counts of a landscape that was published.

    counts
        Systems in each of the four groups of the curve, the first to adopt first.
    regions, regions_in_first
        How many regions there were, and in how many of them a system of the first group stands.
    on, published
        The day by which it is put in order, and when it was published, in words.
    rests_on
        From what its authors worked it out.
    said_of_regions
        What its authors say of regions, in our words.
    """

    KIND: ClassVar[str] = "waves"

    id: str
    title: str
    on: date
    published: str
    source: str
    section: str
    rests_on: str
    said_of_regions: str
    counts: tuple[int, ...]
    regions: int
    regions_in_first: int

    def __post_init__(self) -> None:
        if len(self.counts) != GROUPS or min(self.counts) < 0 or not sum(self.counts):
            raise ValueError(f"field 'counts': expected the systems in each of {GROUPS} groups, found {self.counts}")
        if not 0 < self.regions_in_first <= min(self.regions, self.counts[0]):
            raise ValueError(
                f"field 'regions_in_first': {self.counts[0]} systems stand in 1 to "
                f"{min(self.regions, self.counts[0])} of {self.regions} regions, found {self.regions_in_first}"
            )
