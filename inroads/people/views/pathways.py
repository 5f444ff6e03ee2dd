"""Pathways drawn stage by stage, and published when every stage has a way that is not digital."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.saving import saved
from inroads.people.actions import pathways as actions
from inroads.people.forms.pathways import OptionForm, PathwayForm, StageForm
from inroads.people.models import Option, Pathway, Stage
from inroads.people.presenters.choices import how_many, way_state
from inroads.people.queries import choices as queries


@require_safe
def pathways(request: HttpRequest) -> HttpResponse:
    """Every pathway this reader may see; those they draw can be changed."""
    drawn = set(queries.pathways_drawn_by(request.user).values_list("pk", flat=True))
    listed = [(each, each.pk in drawn) for each in queries.pathways_visible_to(request.user)]
    may_add = queries.organisations_to_draw_in(request.user).exists()
    return render(request, "people/pathways.html", {"pathways": listed, "may_add": may_add})


@require_safe
def pathway(request: HttpRequest, pathway: UUID) -> HttpResponse:
    """Stage by stage: what is live, what will be added, what will leave, and which stages are only digital."""
    found = queries.pathways_visible_to(request.user).filter(pk=pathway).first()
    if found is None:
        raise Http404("There is no such pathway among those you may see.")
    may_draw = queries.pathways_drawn_by(request.user).filter(pk=found.pk).exists()
    red = {each.pk for each in queries.red_stages(found)}
    stages = []
    for stage in found.stages.prefetch_related("options"):
        if stage.published_at is None and not may_draw:
            continue
        lines = [{"option": each, "state": way_state(each)} for each in stage.options.all()]
        shown = [each for each in lines if may_draw or each["state"] in ("live", "leaving")]
        stages.append({"stage": stage, "red": stage.pk in red and may_draw, "lines": shown})
    context = {
        "pathway": found,
        "stages": stages,
        "may_draw": may_draw,
        "red": [each["stage"] for each in stages if each["red"]],
        "changes": queries.changes(found) if may_draw else None,
        "new_stages": may_draw and any(each["stage"].published_at is None for each in stages),
    }
    return render(request, "people/pathway.html", context)


def add_pathway(request: HttpRequest) -> HttpResponse:
    """Begin a pathway from a template, or with an empty one."""
    form = drafts.form(request, PathwayForm, by=request.user)
    made = saved(request, form, lambda: actions.add_pathway(**form.cleaned_data, by=request.user))
    if made:
        messages.success(request, "Nobody sees this pathway before you publish it. Now draw what you really offer.")
        return redirect("people:pathway", pathway=made.pk)
    return render(request, "people/add_pathway.html", {"form": form})


def add_stage(request: HttpRequest, pathway: UUID) -> HttpResponse:
    """A stage at the end of a pathway."""
    found = _drawn_or_404(request, pathway)
    form = drafts.form(request, StageForm)
    if saved(request, form, lambda: actions.add_stage(pathway=found, **form.cleaned_data, by=request.user)):
        messages.success(request, "Stage added. Add the ways you offer there.")
        return redirect("people:pathway", pathway=found.pk)
    return render(request, "people/add_stage.html", {"form": form, "pathway": found})


def add_option(request: HttpRequest, pathway: UUID, stage: int) -> HttpResponse:
    """A way that this service really offers at a stage."""
    found = _stage_or_404(request, pathway, stage)
    form = drafts.form(request, OptionForm)
    if saved(request, form, lambda: actions.add_option(stage=found, **form.cleaned_data, by=request.user)):
        messages.success(request, f"Added to {found.title}. It is offered once you publish.")
        return redirect("people:pathway", pathway=found.pathway_id)
    return render(request, "people/add_option.html", {"form": form, "stage": found, "pathway": found.pathway})


@require_POST
def remove_stage(request: HttpRequest, pathway: UUID, stage: int) -> HttpResponse:
    """Take away a stage that was never published."""
    found = _stage_or_404(request, pathway, stage)
    return _done(request, pathway, "Stage removed.", lambda: actions.remove_draft_stage(stage=found, by=request.user))


@require_POST
def remove_option(request: HttpRequest, pathway: UUID, option: int) -> HttpResponse:
    """Take away a way that was never offered."""
    found = _option_or_404(request, pathway, option)
    return _done(request, pathway, "Way removed.", lambda: actions.remove_draft_option(option=found, by=request.user))


@require_POST
def toggle_leaving(request: HttpRequest, pathway: UUID, option: int) -> HttpResponse:
    """Mark a way to leave when the pathway is next published, or to stay after all."""
    found = _option_or_404(request, pathway, option)
    leaving = request.POST.get("leaving") == "yes"
    said = "It leaves when you publish. Who has it keeps it." if leaving else "It stays."
    return _done(request, pathway, said, lambda: actions.mark_leaving(option=found, leaving=leaving, by=request.user))


def publish(request: HttpRequest, pathway: UUID) -> HttpResponse:
    """What will change and for how many people nothing does; then publish."""
    found = _drawn_or_404(request, pathway)
    refused = ""
    if request.method == "POST":
        try:
            actions.publish(pathway=found, by=request.user)
        except Refused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, "Published.")
            return redirect("people:pathway", pathway=found.pk)
    context = {
        "pathway": found,
        "changes": queries.changes(found),
        "new_stages": list(found.stages.filter(published_at=None)),
        "red": queries.red_stages(found),
        "on_it": how_many(queries.people_on(found)),
        "refused": refused,
    }
    return render(request, "people/publish.html", context)


def _done(request: HttpRequest, pathway: UUID, said: str, change) -> HttpResponse:
    """Make a change and say so, or say why not; then back to the pathway."""
    try:
        change()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("people:pathway", pathway=pathway)


def _drawn_or_404(request: HttpRequest, pathway: UUID) -> Pathway:
    return get_object_or_404(queries.pathways_drawn_by(request.user), pk=pathway)


def _stage_or_404(request: HttpRequest, pathway: UUID, stage: int) -> Stage:
    found = _drawn_or_404(request, pathway)
    return get_object_or_404(Stage.objects.select_related("pathway__organisation"), pk=stage, pathway=found)


def _option_or_404(request: HttpRequest, pathway: UUID, option: int) -> Option:
    found = _drawn_or_404(request, pathway)
    return get_object_or_404(Option, pk=option, stage__pathway=found)
