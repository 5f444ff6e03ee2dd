"""The canvas of a system: one page on which all comes together, one cell to read or to write, and the same on paper."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.permissions import Permission
from inroads.accounts.saving import saved_or_theirs
from inroads.design.documents import POINTS, pdf, pdf_response
from inroads.reference.definitions.framework import Dimension
from inroads.reference.models import Organisation
from inroads.systems.actions import canvas as actions
from inroads.systems.forms.canvas import CellForm, initial_of
from inroads.systems.models import Use
from inroads.systems.permissions import may_assess
from inroads.systems.presenters import canvas as presenters
from inroads.systems.queries import canvas as queries
from inroads.systems.queries.leading import Hanging, hanging
from inroads.systems.views.opening import of_a_system, page_of

NOT_FOUND = "The canvas has no such cell."
VERSIONS_ON_A_PAGE = 20
# The cells are set in 12 points on one large sheet; in larger print they stand one below the other.
ON_ONE_SHEET = 12


@require_safe
@of_a_system()
def canvas(request: HttpRequest, system: Organisation) -> HttpResponse:
    """All cells on one page: needles and words for those inside; needles alone for those above."""
    found = queries.canvas_of(request.user, system)
    context = {
        "canvas": found,
        "cells": presenters.cells(found, _hanging(system, inside=found.inside)),
        "whose": presenters.whose_needles(found),
        "may_write": found.inside and may_assess(request.user, system),
        "points": [each for each in POINTS if each != ON_ONE_SHEET],
    }
    return page_of(request, "systems/canvas.html", system, **context)


@require_safe
@of_a_system()
def cell(request: HttpRequest, system: Organisation, dimension: str) -> HttpResponse:
    """One cell with everything it stands on, and for those inside what stood there before."""
    wanted = _dimension_or_404(dimension)
    found = queries.canvas_of(request.user, system)
    ours = next(each for each in found.cells if each.dimension.id == wanted.id)
    earlier = None
    if found.inside:
        number = request.GET.get("page")
        earlier = Paginator(queries.history_of(system, wanted.id)[1:], VERSIONS_ON_A_PAGE).get_page(number)
    context = {
        "canvas": found,
        "cell": presenters.cell(found, ours, _hanging(system, inside=found.inside)),
        "whose": presenters.whose_needles(found),
        "earlier": earlier,
        "versions": [(each, presenters.own(each)) for each in earlier] if earlier else [],
        "may_write": found.inside and may_assess(request.user, system),
    }
    return page_of(request, "systems/canvas_cell.html", system, **context)


@sensitive_post_parameters()
@of_a_system(Permission.ASSESS, inside=True)
def write(request: HttpRequest, system: Organisation, dimension: str) -> HttpResponse:
    """One cell in own words. Where somebody else wrote meanwhile, theirs stands above and yours in the form."""
    wanted = _dimension_or_404(dimension)
    form = drafts.form(request, CellForm, initial=initial_of(queries.history_of(system, wanted.id).first()))
    made, theirs = saved_or_theirs(
        request,
        form,
        lambda: actions.write_cell(organisation=system, dimension=wanted.id, by=request.user, **form.cell()),
        lambda row: row.version if row else 0,
    )
    if made:
        messages.success(request, f"Saved: {wanted.title}.")
        return redirect("systems:canvas_cell", system=system.pk, dimension=wanted.id)
    context = {
        "form": form,
        "system": system,
        "dimension": wanted,
        "theirs": theirs,
        "their_parts": presenters.own(theirs) if theirs else (),
    }
    return render(request, "systems/canvas_write.html", context)


@require_safe
@of_a_system()
def printed(request: HttpRequest, system: Organisation) -> HttpResponse:
    """The canvas on one A3 sheet, filled in or empty; in large print as a list, one cell below the other.

    On paper stand only people's words that may be published: a sheet goes where nobody can call it back from.
    """
    empty = request.GET.get("empty") == "yes"
    points = next((each for each in POINTS if str(each) == request.GET.get("points")), ON_ONE_SHEET)
    found = queries.canvas_of(request.user, system, use=Use.PUBLISHED)
    context = {
        "document": {
            "title": f"Canvas: {system.name}",
            "code": "",
            "printed_on": timezone.localdate(),
            "known_as": "",
            "organisation": system.name,
            "contact": "",
            "points": points,
        },
        "cells": presenters.cells(found, _hanging(system, inside=found.inside)),
        "whose": presenters.whose_needles(found),
        "inside": found.inside,
        "parts": [title for _, title in presenters.PARTS],
    }
    on_one = points == ON_ONE_SHEET
    name = f"canvas_{'empty' if empty else 'filled'}{'' if on_one else '_list'}"
    sheet = "A3 landscape" if on_one else "A4"
    made = pdf(f"systems/print/{name}.html", context, points=points, sheet=sheet)
    return pdf_response(made, f"canvas{'-empty' if empty else ''}-{points}-point.pdf")


def _dimension_or_404(dimension: str) -> Dimension:
    found = next((each for each in queries.dimensions() if each.id == dimension), None)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def _hanging(system: Organisation, *, inside: bool) -> list[Hanging]:
    """What hangs on a single person is written for those inside."""
    return hanging(system, timezone.localdate()) if inside else []
