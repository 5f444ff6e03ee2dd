"""What the pages of a system share: which system, and what stands around each page."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from inroads.accounts.permissions import Permission
from inroads.reference.models import Organisation
from inroads.systems.permissions import is_inside, may_assess, may_keep_interviews
from inroads.systems.queries.systems import system_of

NOT_FOUND = "There is no such system among those you may see."
# Under which tab pages stand whose addresses do not begin as those of the system do.
UNDER = {
    "assessments": "assessments",
    "evidence": "evidence_list",
    "comparisons": "comparisons",
    "board": "board",
    "stories": "interviews",
}


def system_or_404(request: HttpRequest, system: UUID, permission: Permission = Permission.SEE_SYSTEM) -> Organisation:
    """The system of an address, where the reader holds the permission in it. Anybody else learns nothing."""
    found = system_of(request.user, system, permission)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def inside_or_404(request: HttpRequest, system: UUID, permission: Permission = Permission.SEE_SYSTEM) -> Organisation:
    """The same for pages that only those who belong to the system may see."""
    found = system_or_404(request, system, permission)
    if not is_inside(request.user, found):
        raise Http404(NOT_FOUND)
    return found


def of_a_system(
    permission: Permission = Permission.SEE_SYSTEM, *, inside: bool = False
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page about a system: the view is called with the request and the organisation instead of its id."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def opened(request: HttpRequest, system: UUID, **more: Any) -> HttpResponse:
            find = inside_or_404 if inside else system_or_404
            return view(request, find(request, system, permission), **more)

        return opened

    return wrap


def page_of(
    request: HttpRequest, template: str, system: Organisation, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page about a system: `context`, and the tabs that this reader has around all of them."""
    around = {"system": system, "tabs": tabs(request, system), "here": request.resolver_match.url_name}
    return render(request, template, {**around, **context}, status=status)


def tabs(request: HttpRequest, system: Organisation) -> list[dict[str, Any]]:
    """The pages of a system that this reader may open: their address, text, and whether this is one of them."""
    inside = is_inside(request.user, system)
    known = [
        ("system", "Overview", True),
        ("assessments", "Self-assessment", True),
        ("evidence_list", "Evidence", inside),
        ("returns_of_system", "Returns", may_assess(request.user, system)),
        ("interviews", "Interviews and stories", may_keep_interviews(request.user, system)),
        ("comparisons", "Voices side by side", True),
        ("canvas", "Canvas", True),
        ("leadership", "Leadership", inside),
        ("board", "Board reports", inside),
    ]
    shown = [(reverse(f"systems:{name}", kwargs={"system": system.pk}), text) for name, text, there in known if there]
    # Everything about the system begins as its overview does.
    overview = shown[0][0]
    under = UNDER.get(request.path.removeprefix(reverse("systems:index")).split("/")[0])
    around = reverse(f"systems:{under}", kwargs={"system": system.pk}) if under else request.path
    here = next((address for address, _ in shown[1:] if around.startswith(address)), "")
    here = here or (overview if request.path == overview else "")
    return [{"href": address, "text": text, "current": address == here} for address, text in shown]
