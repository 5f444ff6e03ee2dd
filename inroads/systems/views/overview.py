"""The door of the systems loop, and the first page of one system."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inroads.accounts.permissions import Permission
from inroads.reference.definitions.framework import current
from inroads.reference.models import Organisation
from inroads.systems.permissions import is_inside, may_lead
from inroads.systems.presenters.board_page import needles_chart
from inroads.systems.queries import overview as queries
from inroads.systems.queries.board import reports_visible_to
from inroads.systems.views.opening import of_a_system, page_of


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the reader finds here: their systems, and what waits for them."""
    held = request.permissions
    context = {
        "regions": queries.by_region(request.user),
        "reviews": Permission.REVIEW_ASSESSMENTS in held,
        "returns": bool({Permission.READ_RETURNS, Permission.KEEP_RETURNS} & held),
        "landscape": Permission.SEE_LANDSCAPE in held,
        "framework": current(),
        "waiting": queries.waiting(request.user),
    }
    return render(request, "systems/index.html", context)


@require_safe
@of_a_system()
def system(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Where a system stands on the three needles, and what there is to do."""
    shown = queries.overview(request.user, system)
    rows = [mean.row() for mean in shown["means"]]
    context = {
        **shown,
        "rows": rows,
        "chart": needles_chart(rows) if rows else None,
        "report": reports_visible_to(request.user, system).filter(state="ready").first(),
        "may_lead": may_lead(request.user, system),
        "inside": is_inside(request.user, system),
    }
    return page_of(request, "systems/system.html", system, **context)
