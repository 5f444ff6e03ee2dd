"""What the first page of a system says, and what waits for its reader."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from inroads.accounts.permissions import Permission
from inroads.accounts.queries import Somebody
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, Dimension
from inroads.reference.models import Kind, Organisation
from inroads.systems.models import Assessment, Invited, Part, Reading, State
from inroads.systems.permissions import is_inside
from inroads.systems.queries.needles import Standing, standings_of
from inroads.systems.queries.systems import systems_where


@dataclass(frozen=True)
class Mean:
    """The mean level of the criteria of one dimension on each needle.

    `claimed` is of the `with_claim` criteria that have a claim, `experienced` of those on which somebody was heard: a
    criterion without is not one at level 0. None where there is none. `contrary` counts pieces of evidence.
    """

    dimension: Dimension
    criteria: int
    claimed: float | None
    with_claim: int
    evidenced: float
    experienced: float | None
    unheard: int
    contrary: int

    def row(self) -> dict[str, Any]:
        """For a table and a chart; None where nothing was claimed, or nobody heard."""
        return {
            "title": self.dimension.title,
            "criteria": self.criteria,
            "claimed": None if self.claimed is None else round(self.claimed, 2),
            "without_claim": self.criteria - self.with_claim,
            "evidenced": round(self.evidenced, 2),
            "experienced": None if self.experienced is None else round(self.experienced, 2),
            "heard": self.criteria - self.unheard,
            "unheard": self.unheard,
            "contrary": self.contrary,
        }


def last_assessment(user: Somebody, organisation: Organisation) -> Assessment | None:
    """The assessment of a system begun last that this user may read."""
    found = Assessment.objects.filter(organisation=organisation).select_related("organisation")
    if not is_inside(user, organisation):
        found = found.exclude(state=State.OPEN)
    return found.order_by("-recorded_at", "-pk").first()


@dataclass(frozen=True)
class Levels:
    """The three needles of a criterion, how many pieces are from people, and how many are contrary."""

    claimed: int | None
    evidenced: int
    experienced: int
    heard: int
    contrary: int


def means(found: list[Standing]) -> list[Mean]:
    """The three needles by dimension, in the order of the report."""
    return means_of(
        [
            (
                each.criterion.dimension,
                Levels(
                    each.level.claimed,
                    each.level.evidenced,
                    each.level.experienced,
                    each.level.heard,
                    len(each.level.contrary),
                ),
            )
            for each in found
        ]
    )


def means_of(found: list[tuple[str, Levels]]) -> list[Mean]:
    """The same from the levels of each criterion, beside the id of its dimension."""
    rows = []
    for dimension in sorted(load(Dimension).values(), key=lambda each: each.order):
        levels = [each for name, each in found if name == dimension.id]
        if levels:
            claims = [level.claimed for level in levels if level.claimed is not None]
            heard = [level.experienced for level in levels if level.heard]
            rows.append(
                Mean(
                    dimension=dimension,
                    criteria=len(levels),
                    claimed=sum(claims) / len(claims) if claims else None,
                    with_claim=len(claims),
                    evidenced=sum(level.evidenced for level in levels) / len(levels),
                    experienced=sum(heard) / len(heard) if heard else None,
                    unheard=len(levels) - len(heard),
                    contrary=sum(level.contrary for level in levels),
                )
            )
    return rows


def by_region(user: Somebody) -> list[tuple[str, list[tuple[Organisation, list[Organisation]]]]]:
    """The systems that this user may see, each with the places in it, by region; all in the order of their names.

    A place whose system they may not see stands by itself.
    """
    rows: dict[str, list[tuple[Organisation, list[Organisation]]]] = {}
    seen = list(systems_where(user, Permission.SEE_SYSTEM).select_related("parent__parent"))
    known = {each.pk for each in seen}
    for each in seen:
        above = each.parent
        if above and above.pk in known:
            continue
        region = above.parent if above and each.kind == Kind.PLACE else above
        places = [place for place in seen if place.parent_id == each.pk]
        rows.setdefault(region.name if region else "", []).append((each, places))
    return sorted(rows.items(), key=lambda row: row[0])


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody: parts not finished of each assessment, assessments to review, returns to read."""

    parts: tuple[tuple[Assessment, int], ...]
    reviews: int
    readings: int

    def __bool__(self) -> bool:
        return bool(self.parts or self.reviews or self.readings)


def waiting(user: Somebody) -> Waiting:
    """What waits for this user now. Asks the database three times, however many systems there are."""
    inside = [each.pk for each in systems_where(user, Permission.ASSESS)]
    open_now = Assessment.objects.filter(organisation__in=inside, state=State.OPEN).select_related("organisation")
    latest: dict[tuple[Any, str], tuple[Any, bool]] = {}
    rows = Part.objects.filter(assessment__in=open_now).order_by("pk")
    for assessment, criterion, holder, finished in rows.values_list("assessment", "criterion", "holder", "finished"):
        latest[assessment, criterion] = holder, finished
    mine = Counter(key[0] for key, (holder, finished) in latest.items() if holder == user.pk and not finished)
    asked = Invited.objects.filter(reviewer_id=user.pk, ended_at=None, assessment__state=State.SUBMITTED)
    readings = Reading.objects.filter(reader_id=user.pk, finished_at=None)
    parts = tuple((each, mine[each.pk]) for each in open_now.order_by("due_on", "pk") if mine[each.pk])
    return Waiting(parts, asked.count(), readings.count())


def overview(user: Somebody, organisation: Organisation) -> dict[str, Any]:
    """The assessment that holds, and its needles by dimension."""
    assessment = last_assessment(user, organisation)
    if assessment is None:
        return {"assessment": None, "means": []}
    kept = list(assessment.results.all()) if assessment.state == State.LOCKED else []
    if not kept:
        return {"assessment": assessment, "means": means(standings_of(assessment))}
    # What is closed is kept: a test works it out again and compares.
    known = load(Criterion)
    levels = [
        (known[row.criterion].dimension, Levels(row.claimed, row.evidenced, row.experienced, row.heard, row.contrary))
        for row in kept
        if row.criterion in known
    ]
    return {"assessment": assessment, "means": means_of(levels)}
