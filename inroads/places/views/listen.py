"""Where to listen next."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from inroads.analytics.published import Area, Published
from inroads.places.actions.outreach import MOST_STOPS
from inroads.places.forms import WeightsForm
from inroads.places.forms.listening import USUAL_PEOPLE, USUAL_VISITS, ListeningForm
from inroads.places.queries.listening import next_places
from inroads.places.queries.plans import organisations_here
from inroads.places.queries.real import real_picture
from inroads.places.views.opening import of_a_place, page_of

# So many stand ticked when the page opens: a morning's walk.
TICKED = 3


@require_safe
@of_a_place
def listen(request: HttpRequest, published: Published, place: Area, form: WeightsForm) -> HttpResponse:
    """A ranked list with what each visit is expected to tell; what is ticked becomes a walk."""
    usual = {"visits": USUAL_VISITS * 4, "per_visit": USUAL_PEOPLE}
    asked = ListeningForm({**usual, **{name: request.GET[name] for name in usual if name in request.GET}})
    found = real_picture(published, place, request.user)
    places = []
    if found is not None:
        # Where a number is wrong, the list stays as it usually is.
        chosen = asked.cleaned_data if asked.is_valid() else usual
        places = next_places(published, found, **chosen, user=request.user)
    return page_of(
        request,
        "places/listen.html",
        published,
        place,
        form,
        status=200 if asked.is_valid() else 400,
        real=found,
        asked=asked,
        places=places,
        ticked=TICKED,
        most_stops=MOST_STOPS,
        may_plan=bool(organisations_here(request.user, place.code, to_plan=True)),
    )
