"""Pages of places: find one, its risk picture, who lives where risk is high, the nearest library, and the sources."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inroads.analytics.published import ENGLAND, Area, Published
from inroads.places import queries
from inroads.places.forms import FindForm, WeightsForm
from inroads.places.presenters import files, table
from inroads.places.presenters import map as maps
from inroads.places.presenters import neighbourhood as neighbourhoods
from inroads.places.presenters.overview import highest, overview, systems_table
from inroads.places.queries import areas
from inroads.places.queries import groups as group_queries
from inroads.places.queries import libraries as library_queries
from inroads.places.queries.picture import Picture, picture

FARTHEST = 50
ON_A_SHEET = 15


def _published() -> Published:
    found = queries.published()
    if found is None:
        raise Http404("No published figures are loaded yet. The person who runs this service can load them.")
    return found


def _area(published: Published, code: str) -> Area:
    found = published.areas.get(code)
    if found is None or found.kind not in {"ics", "local_authority"}:
        raise Http404(f"We hold no place with the code {code}.")
    if not areas.is_open(found):
        raise Http404(
            f"The figures for {found.name} are not loaded: {found.loaded:,} of {found.expected:,} neighbourhoods are."
        )
    return found


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Find a place; every integrated care system and local authority that is loaded."""
    published = _published()
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
            "published": published,
            "systems": systems_table(published, [area for area in listed if area.kind == "ics"]),
            "authorities": [area for area in listed if area.kind == "local_authority"],
        },
    )


@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """The risk picture of a place, or the page of one neighbourhood: both have codes of the same form."""
    published = _published()
    if code == ENGLAND:
        return redirect("places:index")
    if published.neighbourhoods.row(code) is not None:
        return _neighbourhood(request, published, code)
    place = _area(published, code)
    form = WeightsForm(request.GET if any(key.startswith("w_") for key in request.GET) else None)
    weights = form.weights() if form.is_bound else queries.risk_index().weights
    seen = picture(published, code, weights)
    national = bool(seen.tenth.any())
    sort, high_first = _sorting(request, national)
    kept = _query(request) if form.is_bound and form.is_valid() else ""
    return render(
        request,
        "places/area.html",
        {
            **_surroundings(request, published, place),
            "form": form,
            "index": queries.risk_index(),
            "chosen": form.is_bound and form.is_valid(),
            "weights_in_words": table.weights_in_words(weights),
            "overview": overview(published, place, seen),
            "map": maps.place_map(published, place, seen, kept),
            "map_kind": maps.drawn(published, code).kind,
            "key": maps.key(seen),
            "picture": seen,
            "headings": table.headings(sort, high_first, _kept(request), national=national),
            "rows": table.body(published, seen, sort, high_first, kept),
            "national": national,
            "sort": sort,
        },
    )


def _sorting(request: HttpRequest, national: bool) -> tuple[str, bool]:
    sort = request.GET.get("sort", table.DEFAULT)
    if sort not in table.SORTS or (sort == "tenth" and not national):
        sort = table.DEFAULT
    default = "high" if table.SORTS[sort][1] else "low"
    return sort, request.GET.get("order", default) == "high"


def _kept(request: HttpRequest) -> dict[str, str]:
    """The weights the reader chose, to be carried along by every link on the page."""
    return {key: value for key, value in request.GET.items() if key.startswith("w_")}


def _query(request: HttpRequest) -> str:
    kept = _kept(request)
    return f"?{urlencode(kept)}" if kept else ""


def _surroundings(request: HttpRequest, published: Published, place: Area) -> dict:
    loaded = max((each.loaded_at for each in published.datasets), default="")
    return {
        "published": published,
        "area": place,
        "authorities": areas.authorities_in(published, place),
        "systems": areas.systems_of(published, place),
        "kept": _query(request),
        "loaded_at": loaded,
        "here": request.resolver_match.url_name,
    }


def _picture(request: HttpRequest, published: Published, place: Area) -> Picture:
    """With the weights of the address; as published where it has none or wrong ones."""
    return picture(published, place.code, WeightsForm(_kept(request)).weights())


def _neighbourhood(request: HttpRequest, published: Published, code: str) -> HttpResponse:
    form = WeightsForm(_kept(request))
    weights, chosen = form.weights(), form.was_sent and form.is_valid()
    return render(
        request,
        "places/neighbourhood.html",
        {**neighbourhoods.page(published, code, weights, chosen=chosen), "kept": _query(request) if chosen else ""},
    )


@require_safe
def table_file(request: HttpRequest, code: str) -> HttpResponse:
    """The neighbourhoods of a place as CSV, with the weights of the address."""
    published = _published()
    place = _area(published, code)
    form = WeightsForm(_kept(request))
    if not form.is_valid():
        return render(request, "web/problem.html", _bad_weights(form), status=400)
    own = "-own-weights" if form.was_sent else ""
    lines = files.figures(published, code, picture(published, code, form.weights()))
    return _file(lines, f"inroads-risk-{place.code}{own}.csv")


@require_safe
def columns_file(request: HttpRequest, code: str) -> HttpResponse:
    """What the columns of the table file are, as CSV."""
    published = _published()
    _area(published, code)
    return _file(files.columns(published), "inroads-risk-columns.csv")


@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """One page to print and take along: the map, the neighbourhoods at highest risk, and how sure the figures are."""
    published = _published()
    place = _area(published, code)
    weights = WeightsForm(_kept(request)).weights()
    seen = picture(published, code, weights)
    context = {
        "overview": overview(published, place, seen),
        "map": maps.place_map(published, place, seen),
        "key": maps.key(seen),
        "picture": seen,
        "weights_in_words": table.weights_in_words(weights),
        "top": highest(published, place, seen, ON_A_SHEET),
        "index_set": next((each for each in published.datasets if each.source_id == queries.risk_index().source), None),
        "printed_on": timezone.localdate(),
    }
    return render(request, "places/sheet.html", {**_surroundings(request, published, place), **context})


def _bad_weights(form: WeightsForm) -> dict:
    said = [text for texts in form.errors.values() for text in texts]
    return {"title": "These weights cannot be used", "advice": [*said, "Go back to the place and set them again."]}


def _file(lines, name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
def groups(request: HttpRequest, code: str) -> HttpResponse:
    """Who lives in the neighbourhoods at high risk."""
    published = _published()
    place = _area(published, code)
    seen = _picture(request, published, place)
    context = {"shares": group_queries.shares(published, seen), "picture": seen}
    return render(request, "places/groups.html", {**_surroundings(request, published, place), **context})


@require_safe
def libraries(request: HttpRequest, code: str) -> HttpResponse:
    """How far it is to the nearest library."""
    published = _published()
    place = _area(published, code)
    near = library_queries.nearest_libraries(published, code)
    context = {
        "near": near,
        "reach": library_queries.within(published, near, (1000, 2000, 5000)),
        "farthest": library_queries.farthest(published, near, FARTHEST),
    }
    return render(request, "places/libraries.html", {**_surroundings(request, published, place), **context})


@require_safe
def libraries_file(request: HttpRequest, code: str) -> HttpResponse:
    """Every neighbourhood of a place with its nearest library, as CSV."""
    published = _published()
    place = _area(published, code)
    near = library_queries.nearest_libraries(published, code)
    return _file(files.libraries(published, place, near), f"inroads-libraries-{place.code}.csv")


@require_safe
def sources(request: HttpRequest, code: str) -> HttpResponse:
    """Where the figures of a place come from, how they were carried, and what they do not know."""
    published = _published()
    place = _area(published, code)
    by_id = {each.source_id: each for each in published.datasets}
    context = {
        "index": queries.risk_index(),
        "indicators": queries.indicators().values(),
        "by_id": by_id,
        "carried": neighbourhoods.carried_counts(published, place),
    }
    return render(request, "places/sources.html", {**_surroundings(request, published, place), **context})
