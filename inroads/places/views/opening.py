"""What the pages of a place share: which place, with which weights, and what stands around each."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from inroads.accounts import handed_over
from inroads.accounts.permissions import permissions_of
from inroads.accounts.queries import Somebody
from inroads.accounts.sign_in.second_step import SecondStep, stands_before
from inroads.analytics import areas
from inroads.analytics.published import Area, Published
from inroads.places import queries
from inroads.places.forms import WeightsForm
from inroads.places.permissions import SEES_PLANS
from inroads.places.queries.plans import organisations_here


def published_or_404() -> Published:
    """The figures as loaded last. Raises `Http404`, saying why, where none are."""
    found = queries.published()
    if found is None:
        raise Http404("No published figures are loaded yet. The person who runs this service can load them.")
    return found


def area_or_404(published: Published, code: str) -> Area:
    """A place with pages. Raises `Http404`, saying why, where we hold none, or not all of it."""
    found = published.areas.get(code)
    if found is None or found.kind not in {"ics", "local_authority"}:
        raise Http404(f"We hold no place with the code {code}.")
    if not areas.is_open(found):
        raise Http404(
            f"The figures for {found.name} are not loaded: {found.loaded:,} of {found.expected:,} neighbourhoods are."
        )
    return found


def of_a_place(view: Callable[..., HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page about a place, with the weights of its address: as published where it has none, refused where wrong.

    The view is called with the request, the published figures, the place and the form that holds the weights.
    """

    @wraps(view)
    def opened(request: HttpRequest, code: str) -> HttpResponse:
        published = published_or_404()
        place = area_or_404(published, code)
        form = WeightsForm(request.GET)
        if not form.is_valid():
            return refused(request, form, place.code, place.name)
        return view(request, published, place, form)

    return opened


def reader_of(request: HttpRequest) -> Somebody:
    """Whoever reads an open page: nobody in particular while the screen is handed over, or before the second step.

    Pages that anybody may open do not ask for these, so they show then what anybody may see.
    """
    signed_in = request.user.is_authenticated
    if signed_in and (handed_over.is_now(request) or stands_before(request, SecondStep.IF_ROLES_ASK)):
        return AnonymousUser()
    return request.user  # type: ignore[return-value]


def refused(request: HttpRequest, form: WeightsForm, code: str, name: str) -> HttpResponse:
    """400, with what is wrong and the way back to where the weights can be set again."""
    context = {
        "title": "These weights cannot be used",
        "advice": [text for texts in form.errors.values() for text in texts],
        "back": {"href": reverse("places:area", kwargs={"code": code}), "text": f"Go back to {name}"},
    }
    return render(request, "web/problem.html", context, status=400)


def carried(form: WeightsForm) -> str:
    """The weights the reader chose, to be carried along by every link on the page."""
    kept = form.kept()
    return f"?{urlencode(kept)}" if kept else ""


def page_of(
    request: HttpRequest,
    template: str,
    published: Published,
    place: Area,
    form: WeightsForm,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """A page about a place: `context`, and what all of them show around it."""
    inside = bool(permissions_of(request.user) & set(SEES_PLANS))
    around = {
        "published": published,
        "area": place,
        "authorities": areas.authorities_in(published, place),
        "systems": areas.systems_of(published, place),
        "form": form,
        "kept": carried(form),
        "here": request.resolver_match.url_name,
        "inside": inside,
        # Plans belong to an organisation: elsewhere their pages are not there for this reader.
        "has_plans": inside and bool(organisations_here(request.user, place.code)),
    }
    return render(request, template, {**around, **context}, status=status)


def as_file(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    """Lines as a file to download."""
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
