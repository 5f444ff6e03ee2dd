"""The help there is beside need, by neighbourhood: a page and a file."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from inroads.accounts.permissions import Permission, permissions_of
from inroads.analytics.published import Area, Published
from inroads.places.forms import WeightsForm
from inroads.places.forms.access import HelpForm
from inroads.places.presenters import access as shown
from inroads.places.presenters import map as maps
from inroads.places.presenters import provenance, table
from inroads.places.queries import access as queries
from inroads.places.queries.assets import Offered, libraries_not_placed, offered, offering
from inroads.places.queries.picture import Picture, picture
from inroads.places.queries.reached import reached
from inroads.places.views.opening import as_file, carried, of_a_place, page_of
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Help


@require_safe
@of_a_place
def access(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """Need beside the help in reach, worst first; whom touchpoints are known to reach; what nobody offers here."""
    asked = HelpForm(request.GET)
    kind, metres, count = asked.asked()
    there, found, seen = _worked_out(published, place, form, asked)
    sort, high_first = _sorting(request)
    kept = {**form.kept(), **asked.kept()}
    large = len(found.rows) > table.MANY
    shortened = large and request.GET.get("rows") != "all"
    order = {"sort": sort, "order": "high" if high_first else "low"}
    helps = load(Help)
    context: dict[str, Any] = {
        "asked": asked,
        "weights": form.kept(),
        "kind": kind,
        "kind_title": helps[kind].title if kind in helps else "",
        "metres": metres,
        "count": count,
        "unit": shown.UNITS[count],
        "found": found,
        "spots_here": [spot for spot in found.spots if spot.here],
        "offered": there,
        "unplaced_libraries": libraries_not_placed(published, place.code),
        "missing": queries.not_listed(there.helps),
        "without": queries.without(found),
        "unmet": queries.unmet(found, seen.fifth),
        "nothing": int(found.nothing.sum()),
        "reached": reached(published, there.spots, metres),
        "keeps_directory": request.user.is_authenticated
        and Permission.KEEP_DIRECTORY in permissions_of(request.user),
        "picture": seen,
        "map": shown.access_map(published, place, found, carried(form)) if shortened or not large else None,
        "map_kind": maps.drawn(published, place.code).kind,
        "key": shown.key(found),
        "headings": shown.headings(sort, high_first, {**kept, **({} if shortened else _rows(request))}, count),
        "rows": shown.body(
            published, found, seen, sort=sort, high_first=high_first, kept=carried(form),
            most=table.FIRST if shortened else None,
        ),
        "first": table.FIRST if shortened else 0,
        "all_rows": f"?{urlencode({**kept, **order, 'rows': 'all'})}#table",
        "with_map": f"?{urlencode({**kept, **order})}#map" if large and not shortened else "",
        "file_query": f"?{urlencode(kept)}" if kept else "",
        "index_sources": provenance.index_sources(form.weights()),
        "credits": provenance.attributions(published, form.weights()),
    }  # fmt: skip
    return page_of(request, "places/access.html", published, place, form, **context)


@require_safe
@of_a_place
def access_file(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """Every neighbourhood with its risk and the help in reach, as CSV, for what the address asks."""
    asked = HelpForm(request.GET)
    kind, metres, count = asked.asked()
    _, found, seen = _worked_out(published, place, form, asked)
    lines = shown.lines(published, found, seen, kind=kind or "any", metres=metres, count=count)
    return as_file(lines, f"inroads-help-in-reach-{place.code}.csv")


def _worked_out(
    published: Published, place: Area, form: WeightsForm, asked: HelpForm
) -> tuple[Offered, queries.Access, Picture]:
    kind, metres, count = asked.asked()
    there = offered(published, place.code, margin=queries.FARTHEST, hours=count == queries.HOURS)
    found = queries.access(published, place.code, offering(there.spots, kind), float(metres), count)
    return there, found, picture(published, place.code, form.weights())


def _sorting(request: HttpRequest) -> tuple[str, bool]:
    sort = request.GET.get("sort", shown.DEFAULT)
    if sort not in shown.SORTS:
        sort = shown.DEFAULT
    default = "high" if shown.SORTS[sort][1] else "low"
    return sort, request.GET.get("order", default) == "high"


def _rows(request: HttpRequest) -> dict[str, str]:
    return {"rows": "all"} if request.GET.get("rows") == "all" else {}
