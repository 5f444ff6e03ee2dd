"""The real picture of a place, as far as this reader may see one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from inroads.analytics.published import Area, Published
from inroads.places.forms import WeightsForm
from inroads.places.presenters import files_real
from inroads.places.presenters import real as said
from inroads.places.presenters.table import FIRST, MANY
from inroads.places.queries import groups_real
from inroads.places.queries.real import real_picture
from inroads.places.views.opening import as_file, of_a_place, page_of, reader_of
from inroads.reference.definitions.measures import measures
from inroads.released.layout import MEASURE
from inroads.released.permissions import may_release


@require_safe
@of_a_place
def real(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """Risk and real side by side, where the risk map is wrong, where nobody was asked, and how people were asked."""
    found = real_picture(published, place, reader_of(request))
    context: dict = {"real": found, "measure": measures()[MEASURE]}
    if found is not None:
        everything = request.GET.get("rows") == "all"
        shortened = len(found.rows) > MANY and not everything
        context |= {
            "chart": said.chart(published, found, place.name),
            "too_low": said.wrong(published, found, found.too_low),
            "too_high": said.wrong(published, found, found.too_high),
            "unheard": said.unheard(published, found),
            "count": {
                name: int(getattr(found, name).sum()) for name in ("too_low", "too_high", "nobody", "digital_only")
            },
            "digital": said.digital_share(found),
            "refused": said.refused(found),
            "may_open": may_release(reader_of(request), found.release),
            "asked": said.between(found.everybody_low, found.everybody_high),
            "elsewhere": said.elsewhere(found, place),
            "channels": said.channel_lines(groups_real.channels(found)),
            "groups": [] if said.refused(found) else said.group_lines(groups_real.groups(published, place, found)),
            "rows": said.rows_of(published, found, FIRST if shortened else None),
            "first": FIRST if shortened else 0,
        }
    return page_of(request, "places/real.html", published, place, form, **context)


@require_safe
@of_a_place
def real_file(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """Every neighbourhood of a place with risk and real, as CSV."""
    found = real_picture(published, place, reader_of(request))
    if found is None:
        raise Http404("No figures of this place are released to you.")
    return as_file(files_real.figures(published, found), f"inroads-real-{place.code}.csv")
