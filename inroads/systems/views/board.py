"""Reports to the board: asked for, made in the background, read on the page and on paper."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission
from inroads.accounts.saving import saved
from inroads.design.documents import POINTS, pdf_response
from inroads.reference.models import Organisation
from inroads.systems.actions import board as actions
from inroads.systems.forms.board import BoardReportForm
from inroads.systems.models import BoardReport, ReportState
from inroads.systems.permissions import may_lead
from inroads.systems.presenters.board_page import page_facts
from inroads.systems.presenters.board_paper import paper
from inroads.systems.queries import board as queries
from inroads.systems.views.opening import of_a_system, page_of

NOT_FOUND = "There is no such report among those you may read."


@require_safe
@of_a_system(inside=True)
def reports(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Every report to the board of a system, the next meeting first."""
    context = {
        "reports": queries.reports_visible_to(request.user, system)[:100],
        "may_report": may_lead(request.user, system),
    }
    return page_of(request, "systems/board.html", system, **context)


@sensitive_post_parameters()
@of_a_system(Permission.LEAD_ASSESSMENT)
def new(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Ask for a report."""
    form = drafts.form(request, BoardReportForm)
    made = saved(
        request,
        form,
        lambda: actions.ask_for_report(
            organisation=system,
            title=form.cleaned_data["title"],
            for_meeting_on=form.cleaned_data["for_meeting_on"],
            asks=form.asks(),
            words=form.cleaned_data["words"],
            by=request.user,
        ),
    )
    if made:
        return redirect("systems:board_report", report=made.pk)
    return render(request, "systems/board_new.html", {"form": form, "system": system})


@require_safe
def report(request: HttpRequest, report: UUID) -> HttpResponse:
    """A report, or how far its making is."""
    kept = report_or_404(request, report)
    lead = may_lead(request.user, kept.organisation)
    if kept.state != ReportState.READY:
        return page_of(request, "systems/board_waiting.html", kept.organisation, report=kept, may_report=lead)
    context = {"report": kept, "may_report": lead, "points": POINTS, **page_facts(kept.facts)}
    return page_of(request, "systems/board_report.html", kept.organisation, **context)


@require_safe
def progress(request: HttpRequest, report: UUID) -> JsonResponse:
    """How far the making of a report is, for the page that waits for it."""
    kept = report_or_404(request, report)
    over = kept.state in (ReportState.READY, ReportState.FAILED)
    return JsonResponse({"done": kept.done, "steps": kept.steps, "said": kept.said, "over": over})


@require_safe
def as_pdf(request: HttpRequest, report: UUID) -> HttpResponse:
    """The report as it was made; in larger print where the address asks for it."""
    kept = report_or_404(request, report)
    if kept.state != ReportState.READY:
        raise Http404("This report is not ready yet.")
    asked = request.GET.get("points", "12")
    if asked not in {str(points) for points in POINTS}:
        raise Http404("Printed text is 12, 18 or 24 points.")
    larger = kept.larger.filter(points=int(asked)).first() if asked != "12" else None
    if larger is not None:
        content = bytes(larger.content)
    else:
        # Just after it was made, larger print may not be there yet.
        content = bytes(kept.pdf) if asked == "12" else paper(kept.facts, points=int(asked))
    return pdf_response(content, f"board-report-{kept.for_meeting_on}.pdf")


@require_POST
def check(request: HttpRequest, report: UUID) -> HttpResponse:
    """Have it made again, to see that the same comes out."""
    kept = report_or_404(request, report)
    if not may_lead(request.user, kept.organisation):
        raise Http404(NOT_FOUND)
    try:
        actions.check_again(report=kept, by=request.user)
        messages.success(request, "It is being made again from the same rows. Open this page again in a moment.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("systems:board_report", report=report)


def report_or_404(request: HttpRequest, report: UUID) -> BoardReport:
    """A report the reader may read. Anybody else learns nothing, not even that there is one."""
    found = queries.report_of(request.user, report)
    if found is None:
        raise Http404(NOT_FOUND)
    return found
