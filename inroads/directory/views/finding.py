"""Looking for help nearby: open to everybody. The same as a list to print."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inroads.accounts import handed_over
from inroads.accounts.queries import Somebody
from inroads.design.documents import POINTS, pdf, pdf_response
from inroads.directory.forms.finding import FindHelpForm
from inroads.directory.models import OVER, Service
from inroads.directory.permissions import may_edit, seen_by
from inroads.directory.presenters.map import map_of
from inroads.directory.presenters.services import line
from inroads.directory.queries import finding
from inroads.directory.queries.printed import by_need


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """A form, and what was found: a map where somebody said where they are, and a list that says the same."""
    form = FindHelpForm(request.GET or None)
    asked = request.GET and form.is_valid()
    context = {"form": form, "found": None}
    if asked:
        wanted = form.wanted()
        found = finding.find(_reader(request), wanted, page=_number(request.GET.get("page", "")))
        first = (found.page - 1) * finding.PAGE
        said = {"language": wanted.language, "community": wanted.community}
        query = request.GET.copy()
        query.pop("page", None)
        context |= {
            "found": found,
            "first": first,
            "lines": [line(each.service, each, **said) for each in found.hits],
            "map": map_of(wanted.near, found.hits),
            "near": wanted.near,
            "query": query.urlencode(),
        }
    return render(request, "directory/find.html", context)


@require_safe
def printed(request: HttpRequest) -> HttpResponse:
    """A local list by need, in large print unless told otherwise."""
    form = FindHelpForm(request.GET or None)
    if not form.is_valid():
        raise Http404("Say first where to look, on the page where help is found.")
    wanted = form.wanted()
    points = _number(request.GET.get("points", "18"))
    points = points if points in POINTS else 18
    groups, more = by_need(wanted)
    context = {
        "document": {
            "title": f"Help near {wanted.near.name}" if wanted.near else "Help",
            "code": "",
            "printed_on": timezone.localdate(),
            "known_as": "",
            "organisation": "Inroads",
            "contact": "",
            "points": points,
        },
        "groups": [(title, [line(each.service, each) for each in hits]) for title, hits in groups],
        "more": more,
    }
    return pdf_response(pdf("directory/print/list.html", context, points=points), f"help-{points}-point.pdf")


@require_safe
def service(request: HttpRequest, service: UUID) -> HttpResponse:
    """Everything that is known about one service."""
    reader = _reader(request)
    found = (
        Service.objects.filter(seen_by(reader, "touchpoint__"), pk=service)
        .select_related("touchpoint__area", "touchpoint__organisation", "touchpoint__feed", "same_as")
        .prefetch_related("tags", "openings", "at_locations__location", "touchpoint__reach")
        .first()
    )
    if found is None:
        raise Http404("There is no such service in the directory.")
    edits = reader.is_authenticated and may_edit(reader, found.touchpoint)
    shown = line(found)
    context = {
        "line": shown,
        "service": found,
        "ended": found.status in OVER,
        # Another one may be private.
        "same_as": finding.services_visible_to(reader).filter(pk=found.same_as_id).first(),
        "edits": edits,
        "ask_to_check": edits and shown.fades,
        "changes": found.changes.all()[:10] if edits else [],
    }
    return render(request, "directory/service.html", context)


def _reader(request: HttpRequest) -> Somebody:
    """Whoever reads this; somebody to whom the screen was handed over is nobody in particular."""
    return AnonymousUser() if handed_over.is_now(request) else request.user


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 1
