"""Home, the data sets, what this is, and pages for when something goes wrong."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import get_template
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.permissions import memberships_of
from inroads.analytics.areas import is_open
from inroads.analytics.published import Area, open_published
from inroads.reference.models import Kind
from inroads.web.data_sets import loaded_sources


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Inroads is for, the three loops, and the way to what works today."""
    published = open_published(settings.PUBLISHED_DIR)
    places = [] if published is None else [area for area in published.areas.values() if is_open(area)]
    icss = sorted((area for area in places if area.kind == "ics"), key=lambda area: area.name)
    authorities = sorted((area for area in places if area.kind == "local_authority"), key=lambda area: area.name)
    context = {"icss": icss, "authorities": authorities, "published": published, **_own_places(request, places)}
    return render(request, "web/home.html", context)


def _own_places(request: HttpRequest, open_places: list[Area]) -> dict:
    """The places in which this reader has a role today: those that are loaded, and the names of those that are not."""
    held = [membership.organisation for membership in memberships_of(request.user)]
    codes, loaded = {each.area_code for each in held}, {area.code for area in open_places}
    return {
        "own": [area for area in open_places if area.code in codes],
        # England and its regions have no page of their own.
        "own_not_loaded": sorted(
            {each.name for each in held if each.kind in {Kind.ICS, Kind.PLACE} and each.area_code not in loaded}
        ),
    }


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What Inroads is, what it is not, and whom the figures describe."""
    return render(request, "web/about.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """How accessible these pages are, how that is checked, and what to do when a page does not work for you."""
    return render(request, "web/accessibility.html")


@require_safe
def data_sets(request: HttpRequest) -> HttpResponse:
    """Every published data set that is loaded: whose it is, what was checked, what it feeds."""
    published = open_published(settings.PUBLISHED_DIR)
    context = {
        "sources": loaded_sources(published),
        "files": len(published.datasets) if published else 0,
        "demonstration_figures": bool(published and published.demonstration),
    }
    return render(request, "web/data_sets.html", context)


@require_safe
def data_set(request: HttpRequest, source: str) -> HttpResponse:
    """One data set: its files, every check each passed, and what to know about it."""
    for each in loaded_sources(open_published(settings.PUBLISHED_DIR)):
        if each.about.source_id == source:
            return render(request, "web/data_set.html", {"source": each})
    raise Http404("This data set is not loaded.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _problem(
        request, 400, "We could not read what was sent", ["Go back, check what you entered, and try again."]
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but this is not part of any of the roles."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        advice = [
            "Your roles do not include this page. Nothing is wrong with your account.",
            "If you need it for your work, ask the administrator of your organisation to change your roles.",
        ]
    else:
        advice = ["Sign in, or ask the administrator of your organisation for an account."]
    return _problem(request, 403, "You cannot see this page", advice)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404. A view may say more by giving `Http404` a sentence for people."""
    said = exception.args[0] if exception and exception.args and isinstance(exception.args[0], str) else ""
    advice = [said] if said else ["If you typed the web address, check that it is correct."]
    return _problem(request, 404, "Page not found", [*advice, "You can start again from the home page."])


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without the request, because the database may be what failed and every page asks who is reading."""
    return HttpResponse(get_template("web/server_error.html").render(), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for too long, or in a browser that refuses cookies. What was typed is kept where it can be.

    Back at the form it is there, to be sent again; somebody who has to sign in first comes back there afterwards.
    """
    if drafts.keep_on_arrival(request):
        return HttpResponseRedirect(request.get_full_path(), status=303)
    advice = [
        "This form was open for a long time, or your browser did not keep the cookie that protects it.",
        "Go back to the page before: most browsers still hold what you typed. Then try again.",
    ]
    return _problem(request, 403, "Please send the form again", advice)


def _problem(request: HttpRequest, status: int, title: str, advice: list[str]) -> HttpResponse:
    return render(request, "web/problem.html", {"title": title, "advice": advice}, status=status)
