"""Open pages of the framework: an edition by dimension, and one criterion with its levels."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inroads.accounts.permissions import Permission, permissions_of
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import Dimension, Framework, criteria_of, current
from inroads.systems.presenters import framework as presenters
from inroads.systems.presenters.needles import kinds_in_words


@require_safe
def framework(request: HttpRequest) -> HttpResponse:
    """The current edition."""
    return _page(request, current(timezone.localdate()))


@require_safe
def edition(request: HttpRequest, edition: str) -> HttpResponse:
    """One edition, by dimension."""
    return _page(request, _edition_or_404(edition))


@require_safe
def criterion(request: HttpRequest, edition: str, criterion: str) -> HttpResponse:
    """One criterion: what it asks, its levels with what can show each element, and what it answers elsewhere."""
    chosen = _edition_or_404(edition)
    found = next((each for each in criteria_of(chosen) if each.id == criterion), None)
    if found is None:
        raise Http404("This edition of the framework has no such criterion.")
    context = {
        "edition": chosen,
        "criterion": found,
        "dimension": load(Dimension)[found.dimension],
        "levels": [
            (number, level, [(each, kinds_in_words(each)) for each in level.elements])
            for number, level in enumerate(found.levels, 1)
        ],
        "recommendations": presenters.recommendations(found),
        "answers": presenters.answers(found),
        "replaced": presenters.replaced(found),
    }
    return render(request, "systems/framework_criterion.html", context)


def _page(request: HttpRequest, edition: Framework) -> HttpResponse:
    context = {
        "edition": edition,
        "newest": presenters.editions()[0],
        "dimensions": presenters.by_dimension(edition),
        "changes": presenters.changes(edition),
        "may_compare": bool({Permission.READ_RETURNS, Permission.KEEP_RETURNS} & permissions_of(request.user)),
        "others": [each for each in presenters.editions() if each.id != edition.id],
    }
    return render(request, "systems/framework.html", context)


def _edition_or_404(edition: str) -> Framework:
    found = load(Framework).get(edition)
    if found is None:
        raise Http404("There is no such edition of the framework.")
    return found
