"""What the systems loop does once in the background."""

from uuid import UUID

from django_tasks import task

from inroads.design.documents import POINTS
from inroads.systems.actions import board
from inroads.systems.models import BoardReport, ReportState
from inroads.systems.presenters.board_facts import STEPS, facts_of
from inroads.systems.presenters.board_paper import paper


@task()
def make_report(report: str) -> None:
    """A board report, step by step, each said as it begins."""
    pk = UUID(report)
    asked = BoardReport.objects.select_related("organisation").filter(pk=pk).exclude(state=ReportState.READY).first()
    if asked is None:
        return
    steps = len(STEPS) + 1
    try:
        facts = facts_of(asked, lambda done, said: board.say_progress(report=pk, done=done, steps=steps, said=said))
        board.say_progress(report=pk, done=len(STEPS), steps=steps, said="Laying out the pages")
        board.keep_report(report=pk, facts=facts, pdf=paper(facts))
    except Exception:
        board.fail_report(report=pk)
        raise
    # It can be read by now; who needs larger print waits a little longer.
    for points in POINTS[1:]:
        board.keep_larger(report=pk, points=points, pdf=paper(facts, points=points))


@task()
def check_report(report: str) -> None:
    """A board report made again from the rows of its moment, to be compared with the one that is kept."""
    kept = BoardReport.objects.select_related("organisation").filter(pk=UUID(report), state=ReportState.READY).first()
    if kept is not None:
        board.keep_check(report=kept.pk, pdf=paper(facts_of(kept)))
