"""The service design check: every pathway, one stage by stage, the sheet for a group, and adding another way."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.saving import saved
from inroads.design.documents import POINTS, pdf, pdf_response
from inroads.people.actions import pathways as actions
from inroads.people.models import Stage
from inroads.people.queries.choices import pathways_drawn_by
from inroads.places.queries.plans import organisations_here
from inroads.reference import around
from inroads.reference.definitions.care import ways
from inroads.web.design_check import presenters, queries
from inroads.web.design_check.forms import AnotherWayForm, SheetForm

NOT_YOURS = "There is no such pathway among those you may check."


@require_safe
def pathways(request: HttpRequest) -> HttpResponse:
    """Every pathway this reader may check, by service, with what was found in one line."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:200]
    listed, every = queries.checked_pathways(request.user, typed)
    services: dict[str, list] = {}
    for each in listed:
        services.setdefault(each.pathway.organisation.name, []).append((each, presenters.in_short(each)))
    context = {
        "services": services,
        "shown": len(listed),
        "every": every,
        "typed": typed,
        "may_search": bool(typed) or every > len(listed),
    }
    return render(request, "web/design_check/pathways.html", context)


@require_safe
def pathway(request: HttpRequest, pathway: UUID) -> HttpResponse:
    """Stage by stage: where it is only digital, who here that would leave out, and another way asked for."""
    checked = _checked_or_404(request, pathway)
    organisation, said = checked.pathway.organisation, _said(request, checked)
    may_plan = said["estimate"] is not None and bool(organisations_here(request.user, said["area_code"], to_plan=True))
    return render(
        request,
        "web/design_check/pathway.html",
        {
            **said,
            "gaps": {each.stage.pk: presenters.gap_query(each, said["estimate"]) for each in said["red"] if may_plan},
            "pathway": checked.pathway,
            "may_draw": checked.drawn,
            "asks": [] if checked.drawn else queries.who_draws(organisation),
            "sizes": POINTS,
        },
    )


@require_safe
def paper_file(request: HttpRequest, pathway: UUID) -> HttpResponse:
    """The same on paper, with room to write, for a group that designs with the service."""
    checked = _checked_or_404(request, pathway)
    found, form = checked.pathway, SheetForm(request.GET)
    if not form.is_valid():
        context = {
            "title": "This size cannot be printed",
            "advice": [text for texts in form.errors.values() for text in texts],
            "back": {"href": reverse("design_check:pathway", args=[found.pk]), "text": f"Go back to {found.title}"},
        }
        return render(request, "web/problem.html", context, status=400)
    points = form.cleaned_data["points"]
    context = {
        **_said(request, checked),
        "document": {
            "title": found.title,
            "code": "",
            "printed_on": timezone.localdate(),
            "known_as": "",
            "organisation": found.organisation.name,
            "contact": settings.CONTACT,
            "points": points,
        },
        "to_start_from": [{"label": each.title, "plain": each.plain} for each in ways().values() if not each.digital],
    }
    return pdf_response(pdf("web/print/design_check.html", context, points=points), f"design-check-{found.pk}.pdf")


def another_way(request: HttpRequest, pathway: UUID, stage: int) -> HttpResponse:
    """Add a way that is not digital to a stage, as a draft: nobody is offered it before the pathway is published."""
    drawn = get_object_or_404(pathways_drawn_by(request.user), pk=pathway)
    found = get_object_or_404(Stage.objects.select_related("pathway__organisation"), pk=stage, pathway=drawn)
    form = drafts.form(request, AnotherWayForm, stage=found)
    if saved(request, form, lambda: actions.add_option(stage=found, **form.cleaned_data, by=request.user)):
        messages.success(request, f"Added to {found.title} as a draft. It is offered once you publish the pathway.")
        return redirect("design_check:pathway", pathway=drawn.pk)
    context = {"form": form, "stage": found, "pathway": drawn}
    return render(request, "web/design_check/another_way.html", context)


def _checked_or_404(request: HttpRequest, pathway: UUID) -> queries.Checked:
    found = queries.checked_pathway(request.user, pathway)
    if found is None:
        raise Http404(NOT_YOURS)
    return found


def _said(request: HttpRequest, checked: queries.Checked) -> dict[str, Any]:
    """What page and paper both say."""
    organisation = checked.pathway.organisation
    lines = presenters.stage_lines(checked, queries.released_choices(request.user, checked.pathway))
    estimate = queries.left_out_around(organisation, user=request.user)
    people = presenters.people_left_out(estimate)
    return {
        "stages": lines,
        "red": [each for each in lines if each.leaves_people_out],
        "picture": presenters.picture(f"{checked.pathway.title}, stage by stage", checked) if lines else None,
        "people": people,
        "estimate": estimate if people else None,
        "sources": presenters.sources_said(estimate) if people else [],
        "illness": presenters.living_with_illness(estimate) if people else None,
        "where": presenters.where_most_live(around.published(), estimate) if people else [],
        "area_code": around.area_code(organisation),
        "area_name": around.area_name(organisation),
    }
