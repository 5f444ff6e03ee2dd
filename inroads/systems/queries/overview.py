"""What the first page of a system says, and what waits for its reader."""

from dataclasses import dataclass
from typing import Any

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Dimension
from inroads.reference.models import Organisation
from inroads.systems.models import Assessment, State
from inroads.systems.permissions import is_inside
from inroads.systems.queries.needles import Standing, standings_of
from inroads.systems.queries.systems import systems_where


@dataclass(frozen=True)
class Mean:
    """The mean level of the criteria of one dimension on each needle.

    `claimed` is of the `with_claim` criteria that have one; `experienced` counts the `unheard` as 0. `contrary` counts
    pieces of evidence.
    """

    dimension: Dimension
    criteria: int
    claimed: float | None
    with_claim: int
    evidenced: float
    experienced: float
    unheard: int
    contrary: int

    def row(self) -> dict[str, Any]:
        """For a table and a chart; None where nothing was claimed, or nobody heard."""
        heard = self.unheard < self.criteria
        return {
            "title": self.dimension.title,
            "criteria": self.criteria,
            "claimed": None if self.claimed is None else round(self.claimed, 2),
            "without_claim": self.criteria - self.with_claim,
            "evidenced": round(self.evidenced, 2),
            "experienced": round(self.experienced, 2) if heard else None,
            "unheard": self.unheard,
            "contrary": self.contrary,
        }


def last_assessment(user: Somebody, organisation: Organisation) -> Assessment | None:
    """The assessment of a system begun last that this user may read."""
    found = Assessment.objects.filter(organisation=organisation).select_related("organisation")
    if not is_inside(user, organisation):
        found = found.exclude(state=State.OPEN)
    return found.order_by("-recorded_at", "-pk").first()


def means(found: list[Standing]) -> list[Mean]:
    """The three needles by dimension, in the order of the report."""
    rows = []
    for dimension in sorted(load(Dimension).values(), key=lambda each: each.order):
        levels = [each.level for each in found if each.criterion.dimension == dimension.id]
        if levels:
            claims = [level.claimed for level in levels if level.claimed is not None]
            rows.append(
                Mean(
                    dimension=dimension,
                    criteria=len(levels),
                    claimed=sum(claims) / len(claims) if claims else None,
                    with_claim=len(claims),
                    evidenced=sum(level.evidenced for level in levels) / len(levels),
                    experienced=sum(level.experienced for level in levels) / len(levels),
                    unheard=sum(level.heard == 0 for level in levels),
                    contrary=sum(len(level.contrary) for level in levels),
                )
            )
    return rows


def by_region(user: Somebody) -> list[tuple[str, list[Organisation]]]:
    """The systems that this user may see, by the organisation above each, both in the order of their names."""
    rows: dict[str, list[Organisation]] = {}
    for system in systems_where(user, Permission.SEE_SYSTEM).select_related("parent"):
        rows.setdefault(system.parent.name if system.parent else "", []).append(system)
    return sorted(rows.items())


def overview(user: Somebody, organisation: Organisation) -> dict[str, Any]:
    """The assessment that holds, and its needles by dimension."""
    assessment = last_assessment(user, organisation)
    return {"assessment": assessment, "means": means(standings_of(assessment)) if assessment else []}
