"""Pages of places: find one, its risk picture, who lives where risk is high, the nearest library, and the sources."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inroads.analytics import areas
from inroads.analytics.published import ENGLAND, Area, Published
from inroads.places import queries
from inroads.places.forms import FindForm, WeightsForm
from inroads.places.presenters import files, provenance, real, table
from inroads.places.presenters import map as maps
from inroads.places.presenters import neighbourhood as neighbourhoods
from inroads.places.presenters.overview import highest, overview, systems_table
from inroads.places.queries import groups as group_queries
from inroads.places.queries import libraries as library_queries
from inroads.places.queries.picture import picture
from inroads.places.views.opening import (
    area_or_404,
    as_file,
    carried,
    of_a_place,
    page_of,
    published_or_404,
    reader_of,
    refused,
)

FARTHEST = 50
ON_A_SHEET = 15


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Find a place; every integrated care system and local authority that is loaded."""
    published = published_or_404()
    form = FindForm(request.GET if "q" in request.GET else None)
    typed = form.cleaned_data["q"].strip() if form.is_bound and form.is_valid() else ""
    found = areas.find(published, typed) if typed else None
    if found and len(found.areas) + len(found.neighbourhoods) == 1:
        code = found.areas[0].code if found.areas else found.neighbourhoods[0][0]
        return redirect("places:area", code=code)
    listed = sorted((area for area in published.areas.values() if areas.is_open(area)), key=lambda area: area.name)
    return render(
        request,
        "places/index.html",
        {
            "form": form,
            "typed": typed,
            "found": found,
            "postcode": areas.is_postcode(typed),
            "published": published,
            "systems": systems_table(published, [area for area in listed if area.kind == "ics"]),
            "authorities": [area for area in listed if area.kind == "local_authority"],
        },
    )


@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """The risk picture of a place, or the page of one neighbourhood: both have codes of the same form."""
    published = published_or_404()
    if code == ENGLAND:
        return redirect("places:index")
    if published.neighbourhoods.row(code) is not None:
        return _neighbourhood(request, published, code)
    place = area_or_404(published, code)
    form = WeightsForm(request.GET)
    weights = form.weights()
    seen = picture(published, code, weights)
    national = bool(seen.tenth.any())
    sort, high_first = _sorting(request, national)
    kept = carried(form)
    order = {"sort": sort, "order": "high" if high_first else "low"}
    asked_for_all = {"rows": "all"} if request.GET.get("rows") == "all" else {}
    large = len(seen.rows) > table.MANY
    shortened = large and not asked_for_all
    # So many rows and as many shapes together are too heavy for a slow connection.
    mapped = shortened or not large
    return page_of(
        request,
        "places/area.html",
        published,
        place,
        form,
        **_stands_on(published, weights),
        # A new weighting keeps the order and all rows, where the reader chose them.
        view={**order, **asked_for_all} if {"sort", "order", "rows"} & set(request.GET) else {},
        chosen=bool(kept),
        overview=overview(published, place, seen),
        map=maps.place_map(published, place, seen, kept) if mapped else None,
        map_kind=maps.drawn(published, code).kind,
        key=maps.key(seen),
        picture=seen,
        headings=table.headings(sort, high_first, {**form.kept(), **asked_for_all}, national=national),
        rows=table.body(
            published,
            seen,
            sort=sort,
            reverse_order=high_first,
            kept=kept,
            most=table.FIRST if shortened else None,
        ),
        first=table.FIRST if shortened else 0,
        all_rows=f"?{urlencode({**form.kept(), **order, 'rows': 'all'})}#table",
        with_map=f"?{urlencode({**form.kept(), **order})}#map" if not mapped else "",
        national=national,
    )


def _sorting(request: HttpRequest, national: bool) -> tuple[str, bool]:
    sort = request.GET.get("sort", table.DEFAULT)
    if sort not in table.SORTS or (sort == "tenth" and not national):
        sort = table.DEFAULT
    default = "high" if table.SORTS[sort][1] else "low"
    return sort, request.GET.get("order", default) == "high"


def _stands_on(published: Published, weights: tuple[float, ...]) -> dict:
    return {
        "weights_in_words": table.weights_in_words(weights),
        "years": provenance.years(weights),
        "index_sources": provenance.index_sources(weights),
        "credits": provenance.attributions(published, weights),
    }


def _neighbourhood(request: HttpRequest, published: Published, code: str) -> HttpResponse:
    form = WeightsForm(request.GET)
    if not form.is_valid():
        return refused(request, form, code, "this neighbourhood")
    found = neighbourhoods.page(published, code, form.weights(), chosen=form.was_sent)
    found["asked"] = real.of_neighbourhood(published, code, reader_of(request))
    return render(request, "places/neighbourhood.html", {**found, "kept": carried(form)})


@require_safe
@of_a_place
def table_file(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """The neighbourhoods of a place as CSV, with the weights of the address."""
    own = "-own-weights" if form.was_sent else ""
    lines = files.figures(published, place.code, picture(published, place.code, form.weights()))
    return as_file(lines, f"inroads-risk-{place.code}{own}.csv")


@require_safe
@of_a_place
def columns_file(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """What the columns of the table file are, as CSV."""
    return as_file(files.columns(published), "inroads-risk-columns.csv")


@require_safe
@of_a_place
def sheet(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """A page to print and take along: the map, the neighbourhoods at highest risk, who lives there, how sure it is."""
    seen = picture(published, place.code, form.weights())
    context = {
        **_stands_on(published, form.weights()),
        "overview": overview(published, place, seen),
        "map": maps.place_map(published, place, seen, numbered=ON_A_SHEET),
        "map_kind": maps.drawn(published, place.code).kind,
        "key": maps.key(seen),
        "picture": seen,
        "top": highest(published, place, seen, ON_A_SHEET),
        "shares": group_queries.shares(published, seen),
        "address": request.build_absolute_uri(reverse("places:area", kwargs={"code": place.code})),
        "loaded_at": max((each.loaded_at for each in published.datasets), default=""),
        "printed_on": timezone.localdate(),
    }
    return page_of(request, "places/sheet.html", published, place, form, **context)


@require_safe
@of_a_place
def groups(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """Who lives in the neighbourhoods at high risk."""
    seen = picture(published, place.code, form.weights())
    context = {
        "shares": group_queries.shares(published, seen),
        "picture": seen,
        "chosen": form.was_sent,
        "weights_in_words": table.weights_in_words(form.weights()),
    }
    return page_of(request, "places/groups.html", published, place, form, **context)


@require_safe
@of_a_place
def libraries(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """How far it is to the nearest library."""
    near = library_queries.nearest_libraries(published, place.code)
    context = {
        "near": near,
        "reach": library_queries.within(published, near, (1000, 2000, 5000)),
        "farthest": library_queries.farthest(published, near, FARTHEST),
    }
    return page_of(request, "places/libraries.html", published, place, form, **context)


@require_safe
@of_a_place
def libraries_file(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """Every neighbourhood of a place with its nearest library, as CSV."""
    near = library_queries.nearest_libraries(published, place.code)
    return as_file(files.libraries(published, place, near), f"inroads-libraries-{place.code}.csv")


@require_safe
@of_a_place
def sources(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """Where the figures of a place come from, how they were carried, and what they do not know."""
    by_id = {each.source_id: each for each in published.datasets}
    context = {
        "index": queries.risk_index(),
        "indicators": queries.indicators().values(),
        "by_id": by_id,
        "carried": neighbourhoods.carried_counts(published, place),
    }
    return page_of(request, "places/sources.html", published, place, form, **context)
