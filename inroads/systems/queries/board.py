"""Board reports, and the rows that one is made of: as they stood at its moment, whatever was written since."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from inroads.accounts.queries import Somebody
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Framework, current
from inroads.reference.models import Organisation
from inroads.systems.models import (
    Assessment,
    BoardReport,
    Comparison,
    Contrasted,
    Counted,
    Moved,
    ReportState,
    State,
)
from inroads.systems.permissions import is_inside
from inroads.systems.queries.comparing import SideBySide, compared
from inroads.systems.queries.needles import Standing, standings

# Columns of a page of a list: the PDF alone may be half a megabyte.
LARGE = ("pdf", "facts")


@dataclass(frozen=True)
class Basis:
    """What a report stands on: an assessment at a moment, in the state it then had; None where there was none."""

    assessment: Assessment | None
    state: str
    framework: Framework
    standings: list[Standing]


def reports_visible_to(user: Somebody, organisation: Organisation) -> QuerySet[BoardReport]:
    """Reports to the board of this system, newest first. They say what is not handed in yet, so they stay inside."""
    found = BoardReport.objects.filter(organisation=organisation).select_related("recorded_by").defer(*LARGE)
    return found if is_inside(user, organisation) else found.none()


def report_of(user: Somebody, report: UUID) -> BoardReport | None:
    """A report that this user may read, whole; else None."""
    found = BoardReport.objects.filter(pk=report).select_related("organisation", "recorded_by").first()
    if found is None or not reports_visible_to(user, found.organisation).filter(pk=found.pk).exists():
        return None
    return found


def report_before(report: BoardReport) -> BoardReport | None:
    """The report that the board of this system was given before, None where this is the first."""
    return (
        BoardReport.objects.filter(organisation=report.organisation_id, state=ReportState.READY, as_of__lt=report.as_of)
        .order_by("-as_of")
        .defer(*LARGE)
        .first()
    )


def basis(organisation: Organisation, at: datetime) -> Basis:
    """What a report as of a moment stands on: the assessment begun last, as its rows stood then."""
    assessment = (
        Assessment.objects.filter(organisation=organisation, recorded_at__lte=at)
        .select_related("organisation", "after")
        .order_by("-recorded_at", "-pk")
        .first()
    )
    if assessment is None:
        edition = current(at.date())
        return Basis(None, "", edition, standings(organisation, edition, at=at))
    edition = load(Framework)[assessment.framework]
    moment = min(at, assessment.locked_at) if assessment.locked_at else at
    found = standings(organisation, edition, assessment=assessment, at=moment)
    return Basis(assessment, state_at(assessment, at), edition, found)


def before(report: BoardReport, now: Basis) -> tuple[datetime, list[Standing]] | None:
    """How the system stood when its board was last told; else when the assessment before was closed; else None."""
    last = report_before(report)
    if last is not None:
        return last.as_of, basis(report.organisation, last.as_of).standings
    earlier = now.assessment.after if now.assessment else None
    if earlier is not None and earlier.locked_at is not None and earlier.locked_at <= report.as_of:
        return earlier.locked_at, basis(report.organisation, earlier.locked_at).standings
    return None


def comparisons_at(organisation: Organisation, at: datetime) -> list[SideBySide]:
    """Voices side by side of a system as they stood at a moment, whatever was added or taken back since."""
    then = Q(recorded_at__lte=at) & (Q(taken_back_at=None) | Q(taken_back_at__gt=at))
    found = Comparison.objects.filter(then, organisation=organisation).select_related("organisation")
    found = found.prefetch_related(
        Prefetch("voices", Counted.objects.filter(then)), Prefetch("contrasts", Contrasted.objects.filter(then))
    )
    for comparison in found:
        for row in (*comparison.voices.all(), *comparison.contrasts.all()):
            # What was taken back later stood then.
            row.taken_back_at = None
    return [compared(comparison) for comparison in found]


def state_at(assessment: Assessment, at: datetime) -> str:
    """The state that an assessment had at a moment."""
    moved = Moved.objects.filter(assessment=assessment, recorded_at__lte=at).order_by("-pk").first()
    return moved.state if moved else State.OPEN
