"""What changes about board reports: asked for, made in the background, and checked by making them again."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.checks import needed, note
from inroads.accounts.models import User
from inroads.accounts.words import tidy
from inroads.reference.models import Organisation
from inroads.systems.models import BoardReport, LargerPaper, ReportState
from inroads.systems.permissions import may_lead

UNDER_WAY = (ReportState.WAITING, ReportState.MAKING)
MOST_ASKS = 5
# A report that nobody has been working on for so long will not be finished by itself.
GIVEN_UP = timedelta(minutes=10)


@transaction.atomic
def ask_for_report(
    *,
    organisation: Organisation,
    title: str,
    for_meeting_on: date,
    asks: Sequence[str],
    words: str,
    by: User,
) -> BoardReport:
    """A report as everything stands now; it is made in the background. Raises `Refused`.

    Of one system one is made at a time. `asks` are what the board is asked for, in the order in which they matter.
    """
    audit.hold()
    if not may_lead(by, organisation):
        raise PermissionDenied("You do not report to the board of this system")
    wanted = [tidy(ask) for ask in asks if tidy(ask)]
    if not wanted:
        raise Refused("Say what the board is asked for, at least one thing", field="ask_1")
    if BoardReport.objects.filter(
        organisation=organisation, state__in=UNDER_WAY, recorded_at__gt=timezone.now() - GIVEN_UP
    ).exists():
        raise Refused("A report of this system is being made already. Wait until it is ready, then ask again")
    report = BoardReport.objects.create(
        organisation=organisation,
        title=needed(title, "Give the report a title", field="title"),
        for_meeting_on=for_meeting_on,
        as_of=timezone.now(),
        asks=wanted[:MOST_ASKS],
        words=tidy(words),
        recorded_by=by,
    )
    note("board_report_asked_for", report, organisation, by, asks=len(report.asks))
    from inroads.systems.tasks import make_report

    transaction.on_commit(lambda: make_report.enqueue(str(report.pk)))
    return report


def say_progress(*, report: UUID, done: int, steps: int, said: str) -> None:
    """How far the making of a report is: `done` of `steps`, and what is being done now."""
    BoardReport.objects.filter(pk=report, state__in=UNDER_WAY).update(
        state=ReportState.MAKING, done=done, steps=steps, said=said
    )


@transaction.atomic
def keep_report(*, report: UUID, facts: dict[str, Any], pdf: bytes) -> None:
    """The report is made. One that is ready already stays as it is: a task may run twice."""
    audit.hold()
    kept = BoardReport.objects.select_for_update().select_related("organisation", "recorded_by").get(pk=report)
    if kept.state == ReportState.READY:
        return
    kept.state, kept.facts, kept.pdf, kept.sha256, kept.said = ReportState.READY, facts, pdf, digest(pdf), ""
    kept.done = kept.steps
    kept.save(update_fields=("state", "facts", "pdf", "sha256", "said", "done"))
    note("board_report_made", kept, kept.organisation, kept.recorded_by, size=len(pdf))


def keep_larger(*, report: UUID, points: int, pdf: bytes) -> None:
    """The same report in larger print. Kept once, however often it is made."""
    LargerPaper.objects.get_or_create(of_id=report, points=points, defaults={"content": pdf})


def fail_report(*, report: UUID) -> None:
    """The report could not be made; whoever asked is told so."""
    BoardReport.objects.filter(pk=report, state__in=UNDER_WAY).update(
        state=ReportState.FAILED, said="It could not be made. Ask for it again; what you typed is kept below."
    )


def keep_check(*, report: UUID, pdf: bytes) -> None:
    """The report was made again from the rows of its moment; whether it came out the same is kept."""
    kept = BoardReport.objects.defer("pdf", "facts").get(pk=report)
    BoardReport.objects.filter(pk=report).update(checked_at=timezone.now(), checked_same=digest(pdf) == kept.sha256)


@transaction.atomic
def check_again(*, report: BoardReport, by: User) -> None:
    """Have a report made again and compared with the one that is kept. Raises `Refused` where it is not ready."""
    audit.hold()
    if not may_lead(by, report.organisation):
        raise PermissionDenied("You do not report to the board of this system")
    if report.state != ReportState.READY:
        raise Refused("This report is not ready yet. Wait until it is, then have it checked")
    note("board_report_check_asked_for", report, report.organisation, by)
    from inroads.systems.tasks import check_report

    transaction.on_commit(lambda: check_report.enqueue(str(report.pk)))


def digest(pdf: bytes) -> str:
    """What is compared when a report is made again."""
    return hashlib.sha256(pdf).hexdigest()
