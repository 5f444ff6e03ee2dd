"""Outreach plans: the list, a new walk, one with what to take and what is near, the sheet, and what became of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.saving import saved, saved_or_theirs
from inroads.analytics.published import Area
from inroads.design.documents import POINTS, pdf, pdf_response
from inroads.directory.models import Touchpoint
from inroads.directory.permissions import touchpoints_visible_to
from inroads.places.actions import outreach as actions
from inroads.places.forms import WeightsForm
from inroads.places.forms.outreach import (
    ChangeOutreachForm,
    DoneForm,
    NewOutreachForm,
    NotHeldForm,
    as_lines,
    day_as_typed,
    told_in,
)
from inroads.places.models import Outreach, OutreachReport
from inroads.places.permissions import may_plan
from inroads.places.presenters import outreach as presenters
from inroads.places.queries import outreach as queries
from inroads.places.queries.plans import organisations_here
from inroads.places.views.opening import area_or_404, page_of, published_or_404
from inroads.places.views.steps import organisations_or_404

NOT_FOUND = "There is no such outreach plan among those you may read."
LARGE = 18


@require_safe
def outreaches(request: HttpRequest, code: str) -> HttpResponse:
    """Every walk that is planned here, was done, or did not happen."""
    published = published_or_404()
    place = area_or_404(published, code)
    organisations = organisations_or_404(request, code)
    today = timezone.localdate()
    plans = queries.plans_here(request.user, organisations)
    context = {
        "plans": [
            (each, presenters.walk_day(each), presenters.state(each, today), each.overdue(today)) for each in plans
        ],
        "may_plan": bool(organisations_here(request.user, code, to_plan=True)),
    }
    return page_of(request, "places/outreaches.html", published, place, WeightsForm({}), **context)


@sensitive_post_parameters()
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A new walk: from a list with one click, or typed.

    One click sends `stop`, the code of a neighbourhood, once or more, and for each where they are known
    `per_visit_<code>`, `gain_<code>` and `words_<code>`. It becomes a walk of the reader's on the usual day.
    """
    published = published_or_404()
    place = area_or_404(published, code)
    organisations = organisations_or_404(request, code, to_plan=True)
    sent = request.POST if request.method == "POST" else request.GET
    codes = list(dict.fromkeys(sent.getlist("stop")))
    told = told_in(sent, codes)
    options = {"area_code": place.code, "organisations": organisations, "told": told}
    filled = {"stops": as_lines(codes), "who": request.user.full_name}
    if request.method == "POST" and "stops" not in request.POST:
        form: Any = NewOutreachForm(filled | day_as_typed(actions.usual_day()), **options)
        form.held = None
        made = _at_once(request, place, form)
    elif request.method != "POST" and codes:
        # What comes from a list is shown to be completed, whatever else was typed here before.
        form = NewOutreachForm(initial=filled, **options)
        form.held = made = None
    else:
        form = drafts.form(request, NewOutreachForm, initial={"who": request.user.full_name}, **options)
        made = saved(request, form, lambda: _planned(request, place, form))
    if made:
        messages.success(request, "Planned. Check the day and who goes, then print the sheet.")
        return redirect("places:outreach", outreach=made.pk)
    context = {
        "form": form,
        "place": place,
        "told": list(told.values()),
        "ask_whose": len(organisations) > 1,
    }
    return render(request, "places/outreach_add.html", context)


def _at_once(request: HttpRequest, place: Area, form: NewOutreachForm) -> Outreach | None:
    """A walk from one click. What somebody typed here and has not saved is not touched by it."""
    if not form.is_valid():
        return None
    try:
        return _planned(request, place, form)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def _planned(request: HttpRequest, place: Area, form: NewOutreachForm) -> Outreach:
    typed = {name: form.cleaned_data[name] for name in ("stops", "day", "who", "words")}
    return actions.plan_outreach(organisation=form.whose(), area_code=place.code, **typed, by=request.user)


@require_safe
def outreach(request: HttpRequest, outreach: UUID) -> HttpResponse:
    """One walk: when, where, what to take, which touchpoints are trusted there, and what became of it."""
    plan = plan_or_404(request, outreach)
    near = queries.touchpoints_near(request.user, [each.neighbourhood for each in plan.stops])
    today = timezone.localdate()
    context = {
        "plan": plan,
        "now": plan.now,
        "walk_day": presenters.walk_day(plan),
        "state": presenters.state(plan, today),
        "overdue": plan.overdue(today),
        "touchpoint": _seen(request, plan.now.touchpoint),
        "hidden": plan.now.touchpoint is not None and _seen(request, plan.now.touchpoint) is None,
        "stops": [(each, [presenters.near_line(there) for there in near[each.neighbourhood]]) for each in plan.stops],
        "to_take": presenters.TO_TAKE,
        "points": POINTS,
        "large": LARGE,
        "may_plan": may_plan(request.user, plan.outreach.organisation),
    }
    return render(request, "places/outreach.html", context)


@require_safe
def sheet(request: HttpRequest, outreach: UUID) -> HttpResponse:
    """The sheet for those who go, in large print unless told otherwise; nothing private is on it, whoever prints it."""
    plan = plan_or_404(request, outreach)
    typed = request.GET.get("points", "")
    points = next((each for each in POINTS if str(each) == typed), LARGE)
    near = queries.touchpoints_near(AnonymousUser(), [each.neighbourhood for each in plan.stops])
    touchpoint = plan.now.touchpoint
    context = {
        "document": {
            "title": "Going out to listen",
            "code": "",
            "printed_on": timezone.localdate(),
            "known_as": "",
            "organisation": plan.outreach.organisation.name,
            "contact": "",
            "points": points,
        },
        "now": plan.now,
        "walk_day": presenters.walk_day(plan),
        "touchpoint": touchpoint if touchpoint is not None and not touchpoint.private else None,
        "hidden": touchpoint is not None and touchpoint.private,
        "stops": [(each, [presenters.near_line(there) for there in near[each.neighbourhood]]) for each in plan.stops],
        "to_take": presenters.TO_TAKE,
        "how_to_record": presenters.HOW_TO_RECORD,
        "afterwards": presenters.AFTERWARDS,
        "questions": presenters.questions(),
        "answers": presenters.ANSWERS,
    }
    return pdf_response(pdf("places/print/outreach.html", context, points=points), f"outreach-{plan.now.day}.pdf")


@sensitive_post_parameters()
def change(request: HttpRequest, outreach: UUID) -> HttpResponse:
    """Another day, other people, a touchpoint that opens the door. Two who change it at once both see what stands."""
    plan = planned_or_404(request, outreach)
    kept = plan.now.touchpoint
    choices = (
        {str(kept.pk): kept.name if _seen(request, kept) else "A private touchpoint, as it stands"} if kept else {}
    )
    near = queries.touchpoints_near(request.user, [each.neighbourhood for each in plan.stops])
    for listed in near.values():
        choices |= {each.id: f"{each.name}, {each.distance} away" for each in map(presenters.near_line, listed)}
    now = plan.now
    initial = {
        "version": now.version,
        "day": now.day,
        "who": now.who,
        "words": now.words,
        "touchpoint": str(now.touchpoint_id or ""),
    }
    form = drafts.form(request, ChangeOutreachForm, near=choices, initial=initial)

    def save() -> Any:
        typed = {name: form.cleaned_data[name] for name in ("version", "day", "who", "words")}
        chosen = form.cleaned_data["touchpoint"]
        found = Touchpoint.objects.filter(pk=chosen).first() if chosen else None
        return actions.change_outreach(outreach=plan.outreach, touchpoint=found, **typed, by=request.user)

    made, theirs = saved_or_theirs(request, form, save, lambda found: found.now.version)
    if made:
        messages.success(request, "Saved.")
        return redirect("places:outreach", outreach=outreach)
    their_touchpoint = _seen(request, theirs.now.touchpoint) if theirs else None
    context = {
        "form": form,
        "plan": plan,
        "walk_day": presenters.walk_day(plan),
        "theirs": theirs,
        "their_touchpoint": their_touchpoint,
    }
    return render(request, "places/outreach_change.html", context)


@sensitive_post_parameters()
def done(request: HttpRequest, outreach: UUID) -> HttpResponse:
    """It was done: who went, how many conversations, what was learnt."""
    return _report(request, outreach, DoneForm, actions.outreach_done, "places/outreach_done.html")


@sensitive_post_parameters()
def not_held(request: HttpRequest, outreach: UUID) -> HttpResponse:
    """It did not happen, and why."""
    return _report(request, outreach, NotHeldForm, actions.outreach_not_held, "places/outreach_not_held.html")


def _report(
    request: HttpRequest, outreach: UUID, form_class: type, record: Callable[..., OutreachReport], template: str
) -> HttpResponse:
    plan = planned_or_404(request, outreach)
    form = drafts.form(request, form_class, initial={"seen": len(plan.reports), "went": plan.now.who})
    made, theirs = saved_or_theirs(
        request,
        form,
        lambda: record(outreach=plan.outreach, **form.cleaned_data, by=request.user),
        lambda found: len(found.reports),
    )
    if made:
        messages.success(request, "Saved.")
        return redirect("places:outreach", outreach=outreach)
    shown = theirs or plan
    context = {"form": form, "plan": shown, "walk_day": presenters.walk_day(shown), "meanwhile": theirs is not None}
    return render(request, template, context)


def _seen(request: HttpRequest, touchpoint: Touchpoint | None) -> Touchpoint | None:
    """The touchpoint, where this reader may see it."""
    if touchpoint is None:
        return None
    return touchpoints_visible_to(request.user).filter(pk=touchpoint.pk).first()


def plan_or_404(request: HttpRequest, outreach: UUID) -> queries.Plan:
    """A plan the reader may read. Anybody else learns nothing, not even that there is one."""
    found = queries.outreach_of(request.user, outreach)
    if found is None:
        raise Http404(NOT_FOUND)
    return queries.plan_of(found)


def planned_or_404(request: HttpRequest, outreach: UUID) -> queries.Plan:
    """A plan the reader may change."""
    plan = plan_or_404(request, outreach)
    if not may_plan(request.user, plan.outreach.organisation):
        raise Http404(NOT_FOUND)
    return plan
