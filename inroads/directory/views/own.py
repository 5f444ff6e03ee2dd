"""What an organisation says of itself in the directory: signed in, or through the touchpoint's own link.

The same views answer both: `touchpoint` in the address is for somebody who is signed in, `token` for the link.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.codes import as_written
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import organisations_where
from inroads.accounts.saving import saved
from inroads.directory.actions import services as actions
from inroads.directory.actions import touchpoints
from inroads.directory.forms.services import CapacityForm, NewTouchpointForm, ServiceForm, TouchpointForm
from inroads.directory.models import RUNNING, Service, Touchpoint
from inroads.directory.permissions import ByLink, Editor, touchpoints_edited_by
from inroads.directory.presenters.services import line
from inroads.directory.queries.finding import now_here, stale_first
from inroads.directory.queries.links import touchpoint_by_token
from inroads.directory.queries.own import ended_of, organisations_without, services_of
from inroads.directory.queries.pairs import areas_kept_by
from inroads.reference.around import neighbourhoods

MOST = 100
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Desk:
    """A touchpoint that is being kept: by whom, and the addresses under which its pages are for them."""

    touchpoint: Touchpoint
    by: Editor
    token: str = ""

    def url(self, name: str, service: Service | None = None) -> str:
        """The address of one of its pages."""
        about = {"service": service.pk} if service else {}
        if self.token:
            return reverse(f"directory:linked_{name}", kwargs={"token": self.token, **about})
        return reverse(f"directory:{name}", kwargs={"touchpoint": self.touchpoint.pk, **about})


def at_desk(view: View) -> View:
    """Finds the touchpoint, and the service where the address has one; what is not theirs is not there."""

    @wraps(view)
    def answer(
        request: HttpRequest, *, touchpoint: UUID | None = None, token: str = "", service: UUID | None = None
    ) -> HttpResponse:
        if token:
            found = touchpoint_by_token(token)
            if found is None:
                raise Http404("This link does not work any more. Ask whoever sent it for a new one.")
            desk = Desk(found, ByLink(found), token)
        else:
            mine = touchpoints_edited_by(request.user).select_related("area", "organisation")
            found = mine.filter(pk=touchpoint).first()
            if found is None:
                raise Http404("There is no such touchpoint among those you keep.")
            desk = Desk(found, request.user)
        if service is None:
            response = view(request, desk)
        else:
            kept = desk.touchpoint.services.filter(pk=service).prefetch_related("tags").first()
            if kept is None:
                raise Http404("There is no such service of this touchpoint.")
            response = view(request, desk, kept)
        add_never_cache_headers(response)
        return response

    return answer


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The touchpoints this reader may change, and their services that nobody looked at for long."""
    edited = touchpoints_edited_by(request.user)
    services = Service.objects.filter(touchpoint__in=edited, same_as=None, status__in=RUNNING)
    listed = list(edited.select_related("area", "organisation").order_by("-organisation", "sort_name")[: MOST + 1])
    context = {
        "touchpoints": listed[:MOST],
        "many": len(listed) > MOST,
        "to_check": stale_first(services.select_related("touchpoint"))[:20],
        "keeps": Permission.KEEP_DIRECTORY in request.permissions,
        "without": organisations_without(request.user),
    }
    return render(request, "directory/own.html", context)


@require_POST
def begin(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """The touchpoint of one's own organisation, begun under its name."""
    found = organisations_where(request.user, Permission.OFFER_HELP).filter(pk=organisation, active=True).first()
    if found is None:
        raise Http404("There is no such organisation for which you speak.")
    made = touchpoints.own_touchpoint(organisation=found, by=request.user)
    return redirect("directory:add_service", touchpoint=made.pk)


def add_touchpoint(request: HttpRequest) -> HttpResponse:
    """A touchpoint that is not in the directory yet."""
    areas = areas_kept_by(request.user)
    form = drafts.form(request, NewTouchpointForm, areas=areas)
    made = saved(request, form, lambda: touchpoints.add_touchpoint(**form.cleaned_data, by=request.user))
    if made:
        messages.success(request, "Saved.")
        return redirect("directory:touchpoint", touchpoint=made.pk)
    return render(request, "directory/touchpoint_form.html", {"form": form, "back": reverse("directory:own")})


@require_safe
@at_desk
def touchpoint(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One touchpoint with its services, for those who may change it."""
    context = {
        "desk": desk,
        "ended": ended_of(desk.touchpoint),
        "lines": [line(each) for each in services_of(desk.touchpoint)],
        "keeps": not desk.token and Permission.KEEP_DIRECTORY in getattr(request, "permissions", ()),
    }
    return render(request, "directory/touchpoint.html", context)


@at_desk
def change_touchpoint(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What it is called and how to reach it."""
    kept = desk.touchpoint
    names = ("name", "plain", "phone", "email", "website")
    form = drafts.form(request, TouchpointForm, initial={name: getattr(kept, name) for name in names})
    if saved(request, form, lambda: touchpoints.change_touchpoint(touchpoint=kept, **form.cleaned_data, by=desk.by)):
        messages.success(request, "Saved.")
        return redirect(desk.url("touchpoint"))
    return render(request, "directory/touchpoint_form.html", {"form": form, "back": desk.url("touchpoint")})


@at_desk
def add_service(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Something more that it helps with."""
    form = drafts.form(request, ServiceForm, neighbourhoods=neighbourhoods(desk.touchpoint.area))
    if saved(
        request,
        form,
        lambda: actions.add_service(touchpoint=desk.touchpoint, details=form.details(), by=desk.by),
    ):
        messages.success(request, "Saved. It is now suggested to people nearby whom it may help.")
        return redirect(desk.url("touchpoint"))
    return render(request, "directory/service_form.html", {"form": form, "desk": desk, "service": None})


@at_desk
def change_service(request: HttpRequest, desk: Desk, service: Service) -> HttpResponse:
    """All that stands there about one service. Saving it says that it was checked."""
    form = drafts.form(
        request,
        ServiceForm,
        neighbourhoods=neighbourhoods(desk.touchpoint.area),
        kept=actions.details_of(service),
        initial={"read_at": service.modified_at.isoformat()},
    )
    if saved(
        request,
        form,
        lambda: actions.change_service(
            service=service,
            read_at=_moment(form.cleaned_data["read_at"]),
            details=form.details(),
            by=desk.by,
        ),
    ):
        messages.success(request, "Saved.")
        return redirect(desk.url("touchpoint"))
    return render(request, "directory/service_form.html", {"form": form, "desk": desk, "service": service})


@at_desk
def set_capacity(request: HttpRequest, desk: Desk, service: Service) -> HttpResponse:
    """How many more people can be helped this month."""
    form = drafts.form(request, CapacityForm, initial={"capacity": service.capacity})
    if saved(request, form, lambda: actions.set_capacity(service=service, **form.cleaned_data, by=desk.by)):
        messages.success(request, "Saved.")
        return redirect(desk.url("touchpoint"))
    return render(request, "directory/capacity.html", {"form": form, "desk": desk, "service": service})


@require_POST
@at_desk
def check(request: HttpRequest, desk: Desk, service: Service) -> HttpResponse:
    """It is right as it stands."""
    actions.check_service(service=service, by=desk.by)
    messages.success(request, "Thank you. It says now that it was checked today.")
    return redirect(desk.url("touchpoint"))


@require_POST
@at_desk
def end(request: HttpRequest, desk: Desk, service: Service) -> HttpResponse:
    """It is not offered any more."""
    actions.end_service(service=service, by=desk.by)
    messages.success(request, "Ended. It is not suggested any more; plans that have it keep it. It can run again.")
    return redirect(desk.url("touchpoint"))


@require_POST
@at_desk
def restart(request: HttpRequest, desk: Desk, service: Service) -> HttpResponse:
    """It runs again."""
    actions.restart_service(service=service, by=desk.by)
    messages.success(request, "It runs again.")
    return redirect(desk.url("touchpoint"))


@require_POST
@at_desk
def set_private(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Kept private, or open to everybody."""
    private = request.POST.get("private") == "yes"
    touchpoints.set_private(touchpoint=desk.touchpoint, private=private, by=request.user)
    messages.success(request, "Kept private from now on." if private else "Open to everybody from now on.")
    return redirect(desk.url("touchpoint"))


@require_POST
@at_desk
def give_link(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A link for the touchpoint itself. It is shown once; a new one ends the one before."""
    token = touchpoints.give_link(touchpoint=desk.touchpoint, by=request.user)
    address = request.build_absolute_uri(reverse("directory:linked_touchpoint", kwargs={"token": token}))
    context = {"desk": desk, "address": address, "code": as_written(token)}
    return render(request, "directory/link_given.html", context)


def _moment(written: str):
    """When the page was read; a moment before anything where that is missing, so that nothing is overwritten."""
    try:
        found = parse_datetime(written)
    except ValueError:
        found = None
    return found or now_here().replace(year=1970)
