"""How many people would be left out of digital-only mental health care here: estimates from published figures."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from inroads.analytics.published import Area, Published
from inroads.places.forms import WeightsForm
from inroads.places.presenters import left_out as shown
from inroads.places.presenters.table import FIRST, MANY
from inroads.places.queries.asked import used
from inroads.places.queries.left_out import left_out
from inroads.places.views.opening import as_file, carried, of_a_place, page_of


@require_safe
@of_a_place
def page(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """The total with its interval, each neighbourhood, people who live with mental health illness, and the sources."""
    found = left_out(published, place.code)
    if found is None:
        return page_of(request, "places/left_out.html", published, place, form, found=None)
    by = request.GET.get("by", "people")
    by = by if by in shown.ORDERS else "people"
    shortened = len(found.rows) > MANY and request.GET.get("rows") != "all"
    kept = form.kept()
    return page_of(
        request,
        "places/left_out.html",
        published,
        place,
        form,
        found=found,
        about=shown.about,
        by=by,
        orders=[(name, text, f"?{urlencode({**kept, 'by': name})}#table") for name, text in shown.ORDERS.items()],
        chart=shown.chart(published, found, place.name, by),
        rows=shown.body(published, found, by=by, kept=carried(form), most=FIRST if shortened else None),
        first=FIRST if shortened else 0,
        all_rows=f"?{urlencode({**kept, 'by': by, 'rows': 'all'})}#table",
        sources=shown.sources(found.sources),
        illness=shown.sources((found.joint.source,))[0],
        used=used(published, found.asked) if found.asked is not None else (),
    )


@require_safe
@of_a_place
def file(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """Every neighbourhood of a place as CSV."""
    found = left_out(published, place.code)
    if found is None:
        raise Http404(f"There is no estimate for {place.name}: figures about who lives there are missing.")
    return as_file(shown.lines(published, found), f"inroads-left-out-{place.code}.csv")
