"""Small steps of a place: the list, a new one, one with its cycles, scaling it with evidence, ending it."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.saving import saved, saved_or_theirs
from inroads.places.actions import cycles as cycle_actions
from inroads.places.actions import steps as actions
from inroads.places.forms import WeightsForm
from inroads.places.forms.steps import (
    CYCLE_FORMS,
    GAP_FIELDS,
    ChangeStepForm,
    EndForm,
    NewStepForm,
    ScaleForm,
    initial_of,
)
from inroads.places.models import CycleEntry, GapKind, Part
from inroads.places.permissions import may_plan
from inroads.places.presenters import steps as presenters
from inroads.places.queries import steps as queries
from inroads.places.queries.plans import named, organisations_here
from inroads.places.views.opening import area_or_404, page_of, published_or_404
from inroads.reference.models import Organisation

NOBODY_HERE = "No organisation that covers exactly this place is among those whose plans you may read."
NOT_FOUND = "There is no such step among those you may read."


@require_safe
def steps(request: HttpRequest, code: str) -> HttpResponse:
    """What is being tried here, the next review first; of one gap where the address names one."""
    published = published_or_404()
    place = area_or_404(published, code)
    organisations = organisations_or_404(request, code)
    kind, gap = request.GET.get("gap_kind", ""), request.GET.get("gap_code", "")
    today = timezone.localdate()
    found = queries.steps_here(request.user, organisations, gap_kind=kind, gap_code=gap)
    hidden = queries.hidden_gaps(request.user, [each.step for each in found])
    lines = [presenters.line(each, today, hidden) for each in found]
    called = named(kind, gap, place.code) if kind in GapKind.values and gap else None
    context = {
        "going": [each for each in lines if each.standing.open],
        "over": [each for each in lines if not each.standing.open],
        "of_gap": called.title if called else lines[0].gap if lines else gap,
        "query": request.GET.urlencode() if kind and gap else "",
        "may_plan": bool(organisations_here(request.user, code, to_plan=True)),
    }
    return page_of(request, "places/steps.html", published, place, WeightsForm({}), **context)


@sensitive_post_parameters()
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new step, filled in from the gap where the address says which."""
    published = published_or_404()
    place = area_or_404(published, code)
    organisations = organisations_or_404(request, code, to_plan=True)
    initial = {name: request.GET[name] for name in GAP_FIELDS if name in request.GET}
    if "gap_code" in request.GET and "gap_which" not in initial:
        called = named(initial.get("gap_kind", ""), request.GET["gap_code"], place.code)
        initial["gap_which"] = called.title if called else request.GET["gap_code"]
    form = drafts.form(request, NewStepForm, organisations=organisations, initial=initial)
    made = saved(
        request,
        form,
        lambda: actions.add_small_step(
            organisation=form.whose(), gap=form.gap(), details=form.details(), by=request.user
        ),
    )
    if made:
        messages.success(request, "Saved. Now plan the first cycle.")
        return redirect("places:step", step=made.pk)
    return render(request, "places/step_new.html", {"form": form, "place": place, "ask_whose": len(organisations) > 1})


@require_safe
def step(request: HttpRequest, step: UUID) -> HttpResponse:
    """One step: the gap that caused it, what it is, its cycles, and what changed."""
    standing = standing_or_404(request, step)
    others = queries.steps_of_gap(request.user, standing.step.gap_kind, standing.step.gap_code)
    today = timezone.localdate()
    hidden = queries.hidden_gaps(request.user, [standing.step])
    context = {
        "standing": standing,
        "step": standing.step,
        "now": standing.now,
        "state": presenters.state(standing),
        "overdue": standing.overdue(today),
        "gap_title": presenters.gap_title(standing.step, hidden),
        "gap_figure": presenters.gap_figure(standing.step),
        "facts": presenters.facts(standing.now),
        "warnings": presenters.warnings(standing),
        "cycles": [(each, presenters.parts(each)) for each in standing.cycles],
        "studies": presenters.studies(standing),
        "missing": queries.missing_to_scale(standing),
        "chance": queries.may_be_chance(standing),
        "earlier": [(each, presenters.facts(each)) for each in reversed(standing.versions[:-1])],
        "others": [
            presenters.line(each, today, hidden)
            for each in (others if standing.step.gap_code else [])
            if each.step.pk != standing.step.pk
        ],
        "may_plan": may_plan(request.user, standing.step.organisation),
    }
    return render(request, "places/step.html", context)


@sensitive_post_parameters()
def change(request: HttpRequest, step: UUID) -> HttpResponse:
    """A step as it stands. Where somebody else changed it meanwhile, theirs stands above and yours in the form."""
    standing = planned_or_404(request, step)
    form = drafts.form(request, ChangeStepForm, initial=initial_of(standing.now))
    made, theirs = saved_or_theirs(
        request,
        form,
        lambda: actions.change_small_step(
            step=standing.step, version=form.cleaned_data["version"], details=form.details(), by=request.user
        ),
        lambda found: found.version,
    )
    if made:
        messages.success(request, "Saved.")
        return redirect("places:step", step=step)
    context = {
        "form": form,
        "standing": standing,
        "theirs": theirs,
        "their_facts": presenters.facts(theirs) if theirs else [],
    }
    return render(request, "places/step_change.html", context)


@require_safe
def cycle(request: HttpRequest, step: UUID) -> HttpResponse:
    """To the part of the cycle that comes next."""
    standing = planned_or_404(request, step)
    if standing.due is None:
        return redirect("places:step", step=step)
    return redirect("places:step_cycle_part", step=step, part=standing.due[1])


@sensitive_post_parameters()
def cycle_part(request: HttpRequest, step: UUID, part: str) -> HttpResponse:
    """One part of a cycle: plan, do, study or act, in its turn, or again while the cycle is open."""
    if part not in Part.values:
        raise Http404("A cycle has four parts: plan, do, study and act.")
    standing, wanted = planned_or_404(request, step), Part(part)
    if request.method == "GET" and not standing.may_write(wanted):
        messages.error(request, f"“{wanted.label}” cannot be written down now.")
        return redirect("places:step", step=step)
    form = drafts.form(request, CYCLE_FORMS[wanted], part=wanted, initial={"seen": standing.seen})

    def save() -> CycleEntry:
        record: Callable[..., CycleEntry] = getattr(cycle_actions, f"record_{wanted}")
        typed = {name: form.cleaned_data[name] for name in ("seen", "words", "on")}
        return record(step=standing.step, by=request.user, **typed, **form.more())

    made, theirs = saved_or_theirs(request, form, save, lambda found: found.seen)
    if made:
        messages.success(request, f"Saved: {wanted.label.lower()} of cycle {made.cycle.number}.")
        return redirect("places:step", step=step)
    shown = theirs or standing
    current = shown.cycles[-1] if shown.cycles and not shown.cycles[-1].whole else None
    context = {
        "form": form,
        "standing": shown,
        "now": shown.now,
        "part": wanted,
        "number": current.number if current else len(shown.cycles) + (wanted == Part.PLAN),
        "written": presenters.parts(current) if current else [],
        "meanwhile": theirs is not None,
        "start": presenters.figure(shown.now.at_start, unit=shown.now.unit),
        "target": presenters.figure(shown.now.target, unit=shown.now.unit),
    }
    return render(request, "places/step_cycle.html", context)


@sensitive_post_parameters()
def scale(request: HttpRequest, step: UUID) -> HttpResponse:
    """Take it further, where there is evidence; else what is missing."""
    standing = planned_or_404(request, step)
    worse, chance = queries.groups_worse(standing), queries.may_be_chance(standing)
    form = drafts.form(request, ScaleForm, worse=worse, chance=chance)
    if saved(request, form, lambda: actions.scale(step=standing.step, **form.cleaned_data, by=request.user)):
        messages.success(request, "Scaled. It stays on the list until it ends.")
        return redirect("places:step", step=step)
    context = {
        "form": form,
        "standing": standing,
        "missing": queries.missing_to_scale(standing),
        "worse": worse,
        "chance": chance,
        "studies": presenters.studies(standing),
    }
    return render(request, "places/step_scale.html", context)


@sensitive_post_parameters()
def end(request: HttpRequest, step: UUID) -> HttpResponse:
    """Why it ends, and what changed."""
    standing = planned_or_404(request, step)
    form = drafts.form(request, EndForm)
    if saved(request, form, lambda: actions.end_small_step(step=standing.step, **form.cleaned_data, by=request.user)):
        messages.success(request, "Ended. It stays to be read.")
        return redirect("places:step", step=step)
    return render(request, "places/step_end.html", {"form": form, "standing": standing})


def organisations_or_404(request: HttpRequest, code: str, *, to_plan: bool = False) -> list[Organisation]:
    """The organisations that cover exactly this place and whose plans the reader may read, or make."""
    found = organisations_here(request.user, code, to_plan=to_plan)
    if not found:
        raise Http404(NOBODY_HERE)
    return found


def standing_or_404(request: HttpRequest, step: UUID) -> queries.Standing:
    """A step the reader may read. Anybody else learns nothing, not even that there is one."""
    found = queries.step_of(request.user, step)
    if found is None:
        raise Http404(NOT_FOUND)
    return queries.standing_of(found)


def planned_or_404(request: HttpRequest, step: UUID) -> queries.Standing:
    """A step the reader may change."""
    standing = standing_or_404(request, step)
    if not may_plan(request.user, standing.step.organisation):
        raise Http404(NOT_FOUND)
    return standing
