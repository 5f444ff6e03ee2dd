"""Voices side by side: those of a system, those of England, one with what may explain its gap, and what to ask."""

from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission
from inroads.accounts.saving import saved
from inroads.design.documents import POINTS, pdf, pdf_response
from inroads.reference.definitions import load as load_definitions
from inroads.reference.definitions.comparisons import PublishedComparison
from inroads.reference.models import Organisation
from inroads.systems.actions import comparing as actions
from inroads.systems.actions.comparing_drawn import load_published
from inroads.systems.forms.comparing import ConfirmForm, NewComparisonForm
from inroads.systems.models import Comparison
from inroads.systems.permissions import may_compare
from inroads.systems.presenters import comparing as presenters
from inroads.systems.queries import comparing as queries
from inroads.systems.views.opening import of_a_system, page_of, tabs

ON_A_PAGE = 20
NOT_FOUND = "There is no such comparison among those you may see."


@require_safe
@of_a_system()
def of_system(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Comparisons of a system, and where those that were published stand."""
    context = {
        **_page_of_list(request, system),
        "loaded": _loaded(),
        "may_compare": may_compare(request.user, system),
    }
    return page_of(request, "systems/comparisons.html", system, **context)


@sensitive_post_parameters()
@of_a_system(Permission.ASSESS)
def new_of_system(request: HttpRequest, system: Organisation) -> HttpResponse:
    """A statement on which voices of this system are set side by side."""
    return _new(request, system)


@require_safe
def national(request: HttpRequest) -> HttpResponse:
    """Comparisons of England, with published figures that can be loaded."""
    known = set(queries.standing_of(None).values_list("definition", flat=True))
    context = {
        **_page_of_list(request, None),
        "may_compare": may_compare(request.user, None),
        "to_load": [each for each in load_definitions(PublishedComparison).values() if each.id not in known],
    }
    return render(request, "systems/comparisons_national.html", context)


@sensitive_post_parameters()
def new_national(request: HttpRequest) -> HttpResponse:
    """A statement on which voices of England are set side by side."""
    if not may_compare(request.user, None):
        raise Http404(NOT_FOUND)
    return _new(request, None)


@require_POST
def load(request: HttpRequest, definition: str) -> HttpResponse:
    """Load published figures. Loaded already, they are shown."""
    if not may_compare(request.user, None):
        raise Http404(NOT_FOUND)
    try:
        made = load_published(definition=definition, by=request.user)
    except Refused as refusal:
        raise Http404(str(refusal)) from None
    messages.success(request, "Loaded. Anybody can open its open page now, without signing in.")
    return redirect("systems:comparison", comparison=made.pk)


@require_safe
def comparison(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """One comparison: every voice, how far they lie apart, and what may explain it."""
    return _show(request, comparison_or_404(request, comparison))


@require_safe
def published(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """One that was published, for anybody."""
    return _show(request, published_or_404(comparison))


@require_safe
def questions(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """A sheet of questions that would tell the three explanations apart, to be asked on paper or by phone."""
    return _print(request, comparison_or_404(request, comparison))


@require_safe
def published_questions(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """The same of one that was published, for anybody."""
    return _print(request, published_or_404(comparison))


@sensitive_post_parameters()
def take_back(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """Show a comparison no more."""
    kept = changed_or_404(request, comparison)
    form = drafts.form(request, ConfirmForm)
    if saved(request, form, lambda: actions.take_comparison_back(comparison=kept, by=request.user)):
        messages.success(request, "Taken back. It is shown no more.")
        return redirect(_list_of(kept))
    context = {"form": form, "comparison": kept, "what": kept.title, "words": kept.statement}
    return render(request, "systems/comparison_take_back.html", context)


def comparison_or_404(request: HttpRequest, comparison: UUID) -> Comparison:
    """A comparison the reader may see. Anybody else learns nothing, not even that there is one."""
    found = queries.comparison_of(request.user, comparison)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def published_or_404(comparison: UUID) -> Comparison:
    """A comparison that anybody may see."""
    found = queries.comparison_of(AnonymousUser(), comparison)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def changed_or_404(request: HttpRequest, comparison: UUID) -> Comparison:
    """A comparison the reader may change; published ones nobody may."""
    found = comparison_or_404(request, comparison)
    if found.definition or not may_compare(request.user, found.organisation):
        raise Http404(NOT_FOUND)
    return found


def _new(request: HttpRequest, system: Organisation | None) -> HttpResponse:
    form = drafts.form(request, NewComparisonForm)
    made = saved(
        request,
        form,
        lambda: actions.set_side_by_side(organisation=system, by=request.user, **form.cleaned_data),
    )
    if made:
        messages.success(request, "Saved. Now add the claim, and a voice beside it.")
        return redirect("systems:comparison", comparison=made.pk)
    return render(request, "systems/comparison_new.html", {"form": form, "system": system})


def _show(request: HttpRequest, kept: Comparison) -> HttpResponse:
    context = presenters.whole(queries.compared(kept))
    is_open = request.resolver_match.url_name == "comparison_published"
    context |= {
        "questions": reverse(
            f"systems:{'comparison_published_questions' if is_open else 'comparison_questions'}",
            kwargs={"comparison": kept.pk},
        ),
        "points": POINTS,
        "may_compare": not kept.definition and may_compare(request.user, kept.organisation),
        "is_open": is_open,
    }
    if kept.organisation is None:
        return render(request, "systems/comparison_open.html", context)
    here = reverse("systems:comparisons", kwargs={"system": kept.organisation.pk})
    around = [{**each, "current": each["href"] == here} for each in tabs(request, kept.organisation)]
    return page_of(request, "systems/comparison.html", kept.organisation, tabs=around, **context)


def _print(request: HttpRequest, kept: Comparison) -> HttpResponse:
    typed = request.GET.get("points", "")
    points = next((each for each in POINTS if str(each) == typed), POINTS[0])
    found = queries.compared(kept)
    rows = (*(each.row.pk for each in found.voices), 0, *(each.pk for each in found.contrasts))
    return pdf_response(_sheet(kept.pk, points, timezone.localdate(), rows), f"questions-{points}-point.pdf")


@lru_cache(maxsize=32)
def _sheet(comparison: UUID, points: int, today: date, rows: tuple[int, ...]) -> bytes:
    """The sheet as it is for these rows; laid out once in each process, as that takes longer than a page may."""
    kept = Comparison.objects.select_related("organisation").get(pk=comparison)
    found = queries.compared(kept)
    context = {
        "document": {
            "title": "What to ask to tell the reasons apart",
            "code": "",
            "printed_on": today,
            "known_as": "",
            "organisation": kept.organisation.name if kept.organisation else "Inroads",
            "contact": "",
            "points": points,
        },
        "comparison": kept,
        "cards": presenters.cards(found),
        "needed": presenters.needed(found),
        "least": actions.LEAST_PEOPLE,
        "criterion": presenters.criterion(found),
    }
    return pdf("systems/comparison_questions.html", context, points=points)


def _page_of_list(request: HttpRequest, system: Organisation | None) -> dict[str, Any]:
    """One page of the list: `page`, and its `lines`."""
    shown = Paginator(queries.standing_of(system), ON_A_PAGE).get_page(request.GET.get("page"))
    found = [queries.compared(each) for each in shown]
    lines = [
        {"comparison": each.comparison, "short": presenters.short(each), "flagged": each.flagged} for each in found
    ]
    return {"page": shown, "lines": lines}


def _loaded() -> list[Comparison]:
    return list(queries.comparisons_visible_to(AnonymousUser()))


def _list_of(kept: Comparison) -> str:
    if kept.organisation is None:
        return reverse("systems:comparisons_national")
    return reverse("systems:comparisons", kwargs={"system": kept.organisation.pk})
