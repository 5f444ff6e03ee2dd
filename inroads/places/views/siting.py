"""Where more places would reach most people: a plan at once, and a longer search for those who want to wait."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts.actions import Refused
from inroads.analytics.published import Area, Published
from inroads.places.actions import siting as actions
from inroads.places.forms import WeightsForm
from inroads.places.forms.access import SitingForm
from inroads.places.presenters import map as maps
from inroads.places.presenters import provenance
from inroads.places.presenters import siting as shown
from inroads.places.queries.left_out import left_out
from inroads.places.queries.picture import picture
from inroads.places.queries.siting import LEAST, Plan, Question, better, plan, question
from inroads.places.queries.siting_runs import Longer, longer_search
from inroads.places.views.opening import of_a_place, page_of


@require_safe
@of_a_place
def siting(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """ "If you can fund three more places": where, why, whom they reach, and what no plan could exceed."""
    return _page(request, published, place, form, SitingForm(request.GET))


@require_POST
@of_a_place
def look_longer(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """Begins a longer search for what the address asks, and shows how far it is."""
    asked = SitingForm(request.GET)
    if not asked.is_valid():
        return _page(request, published, place, form, asked)
    what = question(published, place.code, form.weights(), asked.asked())
    query = urlencode({**form.kept(), **asked.kept()})
    try:
        actions.look_longer(asked=what, mark=what.mark(published), signed_in=request.user.is_authenticated)
    except Refused as refused:
        asked.add_error(None, str(refused))
        return _page(request, published, place, form, asked, what=what)
    address = reverse("places:siting", kwargs={"code": place.code})
    return redirect(f"{address}?{query}#longer" if query else f"{address}#longer")


def _page(
    request: HttpRequest,
    published: Published,
    place: Area,
    form: WeightsForm,
    asked: SitingForm,
    *,
    what: Question | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"asked": asked, "weights": form.kept(), "plan": None}
    if what is None and asked.is_valid():
        what = question(published, place.code, form.weights(), asked.asked())
    if what is not None:
        found, longer = plan(published, what), longer_search(published, what)
        if longer and longer.plan and (found.quick or better(longer.plan, found, what)):
            found = longer.plan
        context |= _told(published, place, form, what, found=found, longer=longer)
        query = urlencode({**form.kept(), **asked.kept()})
        context |= {"query": f"?{query}" if query else ""}
    return page_of(request, "places/siting.html", published, place, form, **context)


def _told(
    published: Published, place: Area, form: WeightsForm, what: Question, *, found: Plan, longer: Longer | None
) -> dict[str, Any]:
    seen = picture(published, place.code, form.weights())
    return {
        "what": what,
        "plan": found,
        "whom": shown.whom(what),
        "estimates": left_out(published, place.code) if what.estimates else None,
        "longer": longer,
        "may_look": longer is None and not found.proven and bool(what.candidates),
        "picks": [(pick, shown.named(pick, what), shown.sentence(pick, what)) for pick in found.picks],
        "bound_words": shown.bound_in_words(found, what),
        "least_words": shown.least_in_words(found) if what.asked.fair == LEAST else "",
        "map": shown.plan_map(published, place, seen, found),
        "map_kind": maps.drawn(published, place.code).kind,
        "key": shown.key(found),
        "words": maps.WORDS,
        "of_england": seen.of_england,
        "index_sources": provenance.index_sources(form.weights()),
        "credits": provenance.attributions(published, form.weights()),
    }
