"""Monday: one page for the lead of a place."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inroads.accounts.permissions import Permission, may
from inroads.analytics.areas import is_open
from inroads.directory.queries.pairs import open_in
from inroads.places.queries.listening import next_places
from inroads.reference.models import Organisation
from inroads.released.queries import waiting_for
from inroads.web.monday import blocks, queries

ASK = 10


@require_safe
def monday(request: HttpRequest) -> HttpResponse:
    """What changed, what is due, and where each is seen; a list of places first, where a reader has several."""
    places = queries.places_of(request.user)
    here = _chosen(request, places)
    if here is None:
        return render(request, "web/monday/places.html", {"places": places})
    context = {"here": here, "places": places, "today": timezone.localdate(), "blocks": _blocks(request, here)}
    return render(request, "web/monday/monday.html", context)


def _chosen(request: HttpRequest, places: list[Organisation]) -> Organisation | None:
    """The place the address names, or the only one. Raises `Http404` for one that is not this reader's."""
    typed = request.GET.get("place", "")
    if not typed:
        return places[0] if len(places) == 1 else None
    try:
        wanted = UUID(typed)
    except ValueError:
        wanted = None
    found = next((each for each in places if each.pk == wanted), None)
    if found is None:
        raise Http404("There is no such place among yours. Monday shows the places of your own roles.")
    return found


def _blocks(request: HttpRequest, here: Organisation) -> list[blocks.Block]:
    user, today = request.user, timezone.localdate()
    since, until = today - queries.WEEK, queries.end_of_month(today)
    figures, area = queries.area_here(here)
    code = area.code if area is not None and is_open(area) else ""
    real = queries.real_here(user, figures, area) if code else None
    next_ones = next_places(figures, real, visits=queries.NAMED, per_visit=ASK, user=user) if figures and real else []
    steps, walks = queries.plans_of(user, here)
    entries = queries.entries_here(user, here, since=since)
    pathways = queries.pathways_here(user, here)
    week = queries.week_since(since, steps=steps, walks=walks, pathways=pathways, real=real)
    held = request.permissions
    keeps = Permission.KEEP_DIRECTORY in held and may(user, Permission.KEEP_DIRECTORY, here)
    return [
        blocks.changed(week, entries, code=code, keeps=keeps),
        blocks.real_picture(real, queries.farthest_off(figures, real), code=code),
        blocks.listening(real, next_ones, code=code),
        blocks.walks(walks, today, code=code),
        blocks.steps(steps, today, code=code),
        blocks.pathways(pathways),
        blocks.full(entries),
        blocks.fading(entries, open_in(here).count() if keeps else 0, keeps=keeps),
        blocks.loans(queries.loans_ending(user, here, until) if Permission.LEND in held else None, until),
        blocks.releases(list(waiting_for(user)) if Permission.RELEASE_FIGURES in held else []),
        blocks.heard(),
    ]
