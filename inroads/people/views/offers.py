"""What organisations can help with, and how many more people they can take on."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import highest_where
from inroads.people.actions import plans as actions
from inroads.people.forms.offers import CapacityForm, OfferForm
from inroads.people.models import Offer
from inroads.people.presenters.offers import offer_line
from inroads.people.queries.plans import offers_visible_to
from inroads.people.views.saving import saved
from inroads.reference.around import neighbourhoods


@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    """Everything on offer now, by name."""
    lines = [offer_line(each) for each in offers_visible_to(request.user)]
    return render(request, "people/offers.html", {"lines": lines})


def add_offer(request: HttpRequest) -> HttpResponse:
    """Something more that an organisation can help with."""
    places = highest_where(request.user, Permission.OFFER_HELP)
    listed = sorted({each for place in places for each in neighbourhoods(place)}, key=lambda each: each[1])
    form = drafts.form(request, OfferForm, by=request.user, neighbourhoods=listed)
    if saved(request, form, lambda: actions.add_offer(**form.cleaned_data, by=request.user)):
        messages.success(request, "Saved. It is now suggested to people nearby whom it may help.")
        return redirect("people:offers")
    return render(request, "people/offers_add.html", {"form": form})


def set_capacity(request: HttpRequest, offer: int) -> HttpResponse:
    """How many more people can be helped this month."""
    kept = _offer_or_404(request, offer)
    form = drafts.form(request, CapacityForm, initial={"capacity": kept.capacity})
    if saved(
        request,
        form,
        lambda: actions.change_capacity(offer=kept, **form.cleaned_data, by=request.user),
    ):
        messages.success(request, "Saved.")
        return redirect("people:offers")
    return render(request, "people/offers_room.html", {"form": form, "offer": kept})


@require_POST
def end_offer(request: HttpRequest, offer: int) -> HttpResponse:
    """It is not offered any more."""
    try:
        actions.end_offer(offer=_offer_or_404(request, offer), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Ended. It is not suggested any more; plans that have it keep it.")
    return redirect("people:offers")


def _offer_or_404(request: HttpRequest, offer: int) -> Offer:
    found = offers_visible_to(request.user).filter(pk=offer).first()
    if found is None:
        raise Http404("There is no such offer, or it was changed or ended meanwhile. Look at the list again.")
    return found
