"""The scores of a wave: where they come from, and as a table of systems and criteria."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

import numpy as np
from django.db.models import F
from django.utils import timezone

from inroads.methods.arguments import Array
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Criterion, line_of
from inroads.reference.models import Kind, Organisation
from inroads.systems.models import Assessment, Basis, Needle, Result, Score, State, Wave
from inroads.systems.queries.return_scores import scores_of

# The score of each system, by id, on each criterion.
Scores = Mapping[tuple[UUID, str], float]


def root_of(criterion: str) -> str:
    """The oldest criterion with which this one may be compared: the same in every edition, also in those to come."""
    return line_of(criterion)[-1]


def titles() -> dict[str, str]:
    """What is read for each root: the title of its newest criterion."""
    newest: dict[str, tuple[int, str]] = {}
    for each in load(Criterion).values():
        line = line_of(each.id)
        if len(line) > newest.get(line[-1], (0, ""))[0]:
            newest[line[-1]] = len(line), each.title
    return {root: title for root, (_, title) in newest.items()}


def scores_from(wave: Wave, needle: str = "") -> Scores:
    """What the sources of a wave say today; `needle` is another than the wave's own. Of systems only, not of places.

    Where criteria of one edition became one, or one became several, the mean counts.
    """
    if wave.basis == Basis.FILE:
        return kept_scores(wave)
    given: Iterable[tuple[UUID, str, float | None]] = ()
    if wave.basis == Basis.ASSESSMENTS:
        given = _of_assessments(wave.on, Needle(needle or wave.needle))
    elif wave.basis == Basis.RETURNS:
        given = scores_of(wave)
    systems = set(Organisation.objects.filter(kind=Kind.ICS).values_list("pk", flat=True))
    found: defaultdict[tuple[UUID, str], list[float]] = defaultdict(list)
    for organisation, criterion, level in given:
        if level is not None and organisation in systems:
            found[organisation, root_of(criterion)].append(float(level))
    return {key: sum(levels) / len(levels) for key, levels in found.items()}


def closed_by(day: date) -> list[Assessment]:
    """The assessment of each system that was closed last, up to the end of a day."""
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    rows = (
        Assessment.objects.filter(state=State.LOCKED, locked_at__lt=end, organisation__kind=Kind.ICS)
        .only("pk", "organisation_id", "locked_at")
        .order_by("locked_at", "pk")
    )
    return list({row.organisation_id: row for row in rows}.values())


def _of_assessments(day: date, needle: Needle) -> list[tuple[UUID, str, float | None]]:
    closed = [each.pk for each in closed_by(day)]
    rows = Result.objects.filter(assessment__in=closed).annotate(whose=F("assessment__organisation_id"))
    if needle == Needle.EXPERIENCED:
        # Where nobody was heard, nothing is known: that is not level 0.
        rows = rows.exclude(heard=0)
    return list(rows.values_list("whose", "criterion", str(needle)))


def kept_scores(wave: Wave) -> Scores:
    """The scores that are kept of a wave."""
    rows = Score.objects.filter(wave=wave).values_list("organisation_id", "criterion", "value")
    return {(organisation, criterion): value for organisation, criterion, value in rows}


def table_of(*waves: Scores) -> tuple[list[UUID], list[str], list[Array]]:
    """Systems and criteria of these waves together, in a fixed order, and a table of each: NaN is no score."""
    systems = sorted({system for scores in waves for system, _ in scores})
    criteria = sorted({criterion for scores in waves for _, criterion in scores})
    row = {system: at for at, system in enumerate(systems)}
    column = {criterion: at for at, criterion in enumerate(criteria)}
    tables = []
    for scores in waves:
        table = np.full((len(systems), len(criteria)), np.nan)
        for (system, criterion), value in scores.items():
            table[row[system], column[criterion]] = value
        tables.append(table)
    return systems, criteria, tables
