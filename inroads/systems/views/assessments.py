"""Self-assessments of a system: all of them, a new one, one by dimension, its parts, and one criterion."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission
from inroads.accounts.saving import saved, saved_or_theirs
from inroads.reference.definitions.framework import Criterion, criteria_of
from inroads.reference.models import Organisation
from inroads.systems.actions import assessments as actions
from inroads.systems.forms.assessments import BeginForm, ClaimForm, ShareOutForm
from inroads.systems.models import Assessment, State
from inroads.systems.permissions import is_inside, may_assess, may_lead, may_see_system
from inroads.systems.presenters import framework as of_framework
from inroads.systems.presenters import needles as presenters
from inroads.systems.queries import assessments as queries
from inroads.systems.queries.needles import standings_of
from inroads.systems.views.opening import of_a_system, page_of

NOT_FOUND = "There is no such assessment among those you may read."
NO_CRITERION = "This assessment has no such criterion."


@require_safe
@of_a_system()
def assessments(request: HttpRequest, system: Organisation) -> HttpResponse:
    """All assessments of a system, the newest first."""
    found = list(queries.assessments_of(request.user, system))
    context = {
        "assessments": [(each, queries.framework_of(each)) for each in found],
        "may_begin": may_lead(request.user, system) and queries.going_on(system) is None,
        "inside": is_inside(request.user, system),
        "edition": of_framework.editions()[0],
    }
    return page_of(request, "systems/assessments.html", system, **context)


@sensitive_post_parameters()
@of_a_system(Permission.LEAD_ASSESSMENT, inside=True)
def begin(request: HttpRequest, system: Organisation) -> HttpResponse:
    """A new assessment, which starts from the last one."""
    if request.method == "GET" and queries.going_on(system) is not None:
        messages.error(request, "An assessment is going on already. Close it before the next one begins.")
        return redirect("systems:assessments", system=system.pk)
    form = drafts.form(request, BeginForm)
    made = saved(
        request, form, lambda: actions.begin_assessment(organisation=system, **form.cleaned_data, by=request.user)
    )
    if made:
        messages.success(request, "It has begun. Now share out its parts.")
        return redirect("systems:assessment_parts", assessment=made.pk)
    context = {"form": form, "last": queries.last_closed(system), "edition": of_framework.editions()[0]}
    return page_of(request, "systems/assessment_begin.html", system, **context)


@require_safe
def assessment(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """One assessment: by dimension, every criterion with its three needles, who looks after it, and what is missing."""
    found = assessment_or_404(request, assessment)
    standings, parts = standings_of(found), queries.parts_of(found)
    lines = {each.criterion.id: presenters.criterion_line(each, parts, request.user) for each in standings}
    framework = queries.framework_of(found)
    context = {
        "framework": framework,
        "dimensions": [
            (dimension, [lines[each.id] for each in criteria])
            for dimension, criteria in of_framework.by_dimension(framework)
        ],
        "mine": [each for each in lines.values() if each.mine],
        "progress": queries.progress_of(standings, parts),
        "overdue": found.state == State.OPEN and found.due_on < timezone.localdate(),
        "leads": may_lead(request.user, found.organisation),
    }
    return _page(request, "systems/assessment.html", found, **context)


@sensitive_post_parameters()
def parts(request: HttpRequest, assessment: UUID) -> HttpResponse:
    """Who looks after which part."""
    found = assessment_or_404(request, assessment)
    if not may_lead(request.user, found.organisation):
        raise Http404(NOT_FOUND)
    if found.state != State.OPEN:
        messages.error(request, f"{actions.STAYS}.")
        return redirect("systems:assessment", assessment=assessment)
    held = queries.parts_of(found)
    form = drafts.form(
        request,
        ShareOutForm,
        criteria=criteria_of(queries.framework_of(found)),
        people=queries.assessors_of(found.organisation),
        parts=held,
    )
    given, theirs = saved_or_theirs(
        request,
        form,
        lambda: actions.share_out(assessment=found, holders=form.holders(), seen=form.seen(), by=request.user),
        lambda now: now,
    )
    if given is not None:
        messages.success(request, "Saved." if given else "Saved. Nothing was different.")
        return redirect("systems:assessment", assessment=assessment)
    context = {"form": form, "theirs": theirs}
    return _page(request, "systems/assessment_parts.html", found, **context)


@sensitive_post_parameters()
def criterion(request: HttpRequest, assessment: UUID, criterion: str) -> HttpResponse:
    """One criterion of an assessment: what shows it, what would move the needle, and what is claimed."""
    found = assessment_or_404(request, assessment)
    asked = criterion_or_404(found, criterion)
    may_claim = found.state == State.OPEN and may_assess(request.user, found.organisation)
    if request.method == "POST" and not may_claim:
        raise Http404(NOT_FOUND)
    now = queries.latest_claim(found, criterion)
    form, theirs = None, None
    if may_claim:
        form = drafts.form(request, ClaimForm, criterion=asked, now=now)
        made, theirs = saved_or_theirs(
            request,
            form,
            lambda: actions.claim(assessment=found, criterion=criterion, by=request.user, **form.cleaned_data),
            lambda kept: kept.version if kept else 0,
        )
        if made:
            messages.success(request, f"Saved: {presenters.claim_in_words(made, asked).lower()}.")
            return redirect("systems:assessment_criterion", assessment=assessment, criterion=criterion)
    context = _about(request, found, asked)
    return _page(
        request, "systems/assessment_criterion.html", found, form=form, theirs=theirs, may_claim=may_claim, **context
    )


@require_POST
def finished(request: HttpRequest, assessment: UUID, criterion: str) -> HttpResponse:
    """Nothing more is coming for this part, or something is after all."""
    found = assessment_or_404(request, assessment)
    criterion_or_404(found, criterion)
    if not may_assess(request.user, found.organisation):
        raise Http404(NOT_FOUND)
    is_finished = request.POST.get("finished") == "yes"
    try:
        actions.finish_part(assessment=found, criterion=criterion, by=request.user, finished=is_finished)
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
    else:
        messages.success(request, "This part is finished." if is_finished else "This part goes on.")
    return redirect("systems:assessment_criterion", assessment=assessment, criterion=criterion)


def assessment_or_404(request: HttpRequest, assessment: UUID) -> Assessment:
    """An assessment the reader may read. Anybody else learns nothing, not even that there is one."""
    found = queries.assessment_of(request.user, assessment)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def criterion_or_404(assessment: Assessment, criterion: str) -> Criterion:
    """A criterion of the edition of this assessment."""
    found = queries.criterion_in(assessment, criterion)
    if found is None:
        raise Http404(NO_CRITERION)
    return found


def _about(request: HttpRequest, found: Assessment, asked: Criterion) -> dict[str, Any]:
    """What the page of a criterion says besides its form."""
    (standing,) = standings_of(found, only=asked.id)
    on = timezone.localdate(found.locked_at) if found.locked_at else timezone.localdate()
    verdicts = queries.verdicts_on([each.pk for each in standing.evidence], found.locked_at)
    criteria = criteria_of(queries.framework_of(found))
    place = [each.id for each in criteria].index(asked.id)
    return {
        "criterion": asked,
        "edition": found.framework,
        "line": presenters.criterion_line(standing, queries.parts_of(found), request.user),
        "said": presenters.said(standing),
        "gap": presenters.gap(standing),
        "levels": [
            (number, asked.levels[number - 1], lines) for number, lines in presenters.elements(standing, on, verdicts)
        ],
        "to_do": presenters.to_do(standing),
        "claim": standing.claim,
        "claim_in_words": presenters.claim_in_words(standing.claim, asked),
        "earlier": [(each, presenters.claim_in_words(each, asked)) for each in queries.claims_before(found, asked.id)],
        "remarks": queries.remarks_of(found, asked.id),
        "may_add": is_inside(request.user, found.organisation),
        "before": criteria[place - 1] if place else None,
        "after": criteria[place + 1] if place + 1 < len(criteria) else None,
    }


def _page(request: HttpRequest, template: str, found: Assessment, **context: Any) -> HttpResponse:
    """A page about an assessment. A reviewer from elsewhere has no other pages of the system around it."""
    around = {
        "assessment": found,
        "open": found.state == State.OPEN,
        "is_guest": not may_see_system(request.user, found.organisation),
    }
    if around["is_guest"]:
        around["tabs"] = []
    return page_of(request, template, found.organisation, **{**around, **context})
