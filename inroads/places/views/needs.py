"""What stands in the way, as people, staff and voluntary organisations say, and what goes together."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inroads.analytics.published import Area, Published
from inroads.places.forms import WeightsForm
from inroads.places.presenters import needs as said
from inroads.places.queries.needs import needs_of
from inroads.places.views.opening import of_a_place, page_of, reader_of


@require_safe
@of_a_place
def needs(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """Three kinds of voices side by side; barriers as a network and a table, for everybody or one group."""
    found = needs_of(
        published, place, group=request.GET.get("group", ""), user=reader_of(request), on=timezone.localdate()
    )
    everything = request.GET.get("rows") == "all"
    return page_of(
        request,
        "places/needs.html",
        published,
        place,
        form,
        needs=found,
        network=said.drawn(found),
        bars=said.ranked(found),
        pairs=found.together if everything else found.together[: said.LISTED],
        listed=0 if everything or len(found.together) <= said.LISTED else said.LISTED,
        whose=dict(found.groups).get(found.group, "everybody"),
    )
