"""The library of apps: open to anybody once reviewed and shown; added, reviewed and loaded by those who review."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts, handed_over
from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission, permissions_of
from inroads.accounts.saving import saved
from inroads.learning.actions import apps as actions
from inroads.learning.actions.checks import TOLD
from inroads.learning.actions.loading import NotLoaded, load_library
from inroads.learning.forms.apps import ChangeAppForm, FindForm, LoadForm, NewAppForm, ReviewForm
from inroads.learning.presenters import apps as presenters
from inroads.learning.queries import apps as queries
from inroads.learning.queries.apps import Entry

NOT_FOUND = "There is no such app in the library."


@require_safe
def apps(request: HttpRequest) -> HttpResponse:
    """What was reviewed and is shown, by what somebody looks for."""
    form = FindForm(request.GET)
    form.full_clean()
    found = form.cleaned_data
    wanted = queries.Wanted(
        barrier=found.get("helps_with", ""),
        context=found.get("when", ""),
        no_account=found.get("no_account", False),
        free=found.get("free", False),
    )
    in_date, again = queries.shown(wanted)
    reviews = _reviews(request)
    context = {
        "form": form,
        "lines": [presenters.app_line(each) for each in in_date],
        "again": [presenters.app_line(each) for each in again],
        "looked_for": wanted != queries.Wanted(),
        "reviews": reviews,
        "ending": [presenters.app_line(each) for each in queries.ending(queries.every_entry())] if reviews else [],
    }
    return render(request, "learning/apps.html", context)


@require_safe
def app(request: HttpRequest, app: str) -> HttpResponse:
    """One app. Before it is shown, only those who review find it."""
    found = queries.entry(app)
    reviews = _reviews(request)
    if found is None or not (found.is_shown() or reviews):
        raise Http404(NOT_FOUND)
    context = {"page": presenters.app_page(found), "entry": found, "reviews": reviews}
    if reviews:
        mine = queries.reviewing_organisations(request.user)
        context["keeps"] = mine.filter(pk=found.app.organisation_id).exists()
        context["state"] = presenters.state(found)
        context["history"] = [(each, presenters.review_line(each)) for each in reversed(found.app.held)]
    return render(request, "learning/app.html", context)


@require_safe
def reviewing(request: HttpRequest) -> HttpResponse:
    """Everything in the library and how it stands."""
    entries = queries.every_entry()
    context = {
        "rows": [(each.app, presenters.state(each), each.review) for each in entries],
        "ending": [presenters.app_line(each) for each in queries.ending(entries)],
    }
    return render(request, "learning/reviewing.html", context)


def add_app(request: HttpRequest) -> HttpResponse:
    """A new entry."""
    form = drafts.form(request, NewAppForm, organisations=queries.reviewing_organisations(request.user))
    made = saved(request, form, lambda: actions.add_app(**form.cleaned_data, by=request.user))
    if made:
        messages.success(request, "Saved. Now look at it and write a review: then it can be shown.")
        return redirect("learning:app", app=made.slug)
    return render(request, "learning/app_add.html", {"form": form})


def change_app(request: HttpRequest, app: str) -> HttpResponse:
    """The text of an entry. Where somebody else saved first, that is said and what was typed stays."""
    found = _kept_or_404(request, app)
    kept = {name: getattr(found.app, name) for name in (*TOLD, "version")}
    kept |= {name: {True: "yes", False: "no", None: ""}[kept[name]] for name in ("account", "email")}
    form = drafts.form(request, ChangeAppForm, initial=kept)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_app(app=found.app, **form.cleaned_data, by=request.user)
        except actions.AppChanged as changed:
            theirs = presenters.app_page(_entry_or_404(app))
            form.add_error(None, str(changed))
            form.read_again(changed.theirs.version)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            drafts.forget(request)
            messages.success(request, "Saved.")
            return redirect("learning:app", app=found.app.slug)
    return render(request, "learning/app_change.html", {"form": form, "app": found.app, "theirs": theirs})


def review_app(request: HttpRequest, app: str) -> HttpResponse:
    """What somebody found. Where somebody else reviewed first, theirs stands above and yours in the form."""
    found = _entry_or_404(app)
    initial = {"version": found.app.version, "after": found.review.pk if found.review else None}
    organisations = queries.reviewing_organisations(request.user)
    form = drafts.form(request, ReviewForm, initial=initial, organisations=organisations)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_app(app=found.app, **form.cleaned_data, by=request.user)
        except (actions.ReviewedMeanwhile, actions.AppChanged) as changed:
            now = _entry_or_404(app)
            theirs = presenters.review_line(now.review) if isinstance(changed, actions.ReviewedMeanwhile) else ""
            form.add_error(None, str(changed))
            form.read_again(version=now.app.version, after=now.review.pk if now.review else None)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            drafts.forget(request)
            messages.success(request, "Saved. Earlier reviews stay.")
            return redirect("learning:app", app=found.app.slug)
    context = {"form": form, "page": presenters.app_page(found), "entry": found, "theirs": theirs}
    return render(request, "learning/app_review.html", context)


@require_POST
def show_app(request: HttpRequest, app: str) -> HttpResponse:
    """Everybody may read it."""
    return _changed(request, app, actions.show_app, "Shown to everybody.")


@require_POST
def hide_app(request: HttpRequest, app: str) -> HttpResponse:
    """Only those who review read it."""
    return _changed(request, app, actions.hide_app, "Not shown any more, and not suggested.")


def load_apps(request: HttpRequest) -> HttpResponse:
    """A table of apps from a file: every row right, or nothing."""
    organisations = queries.reviewing_organisations(request.user)
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LoadForm(*data, organisations=organisations)
    errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            done = load_library(
                content=form.cleaned_data["file"].read(),
                organisation=form.cleaned_data["organisation"],
                by=request.user,
            )
        except NotLoaded as refusal:
            errors = refusal.errors
            form.add_error("file", str(refusal))
        else:
            messages.success(request, f"Added {done.added}, changed {done.changed}, the same {done.same}.")
            return redirect("learning:reviewing")
    return render(request, "learning/load.html", {"form": form, "errors": errors, "columns": TOLD})


def _changed(request: HttpRequest, app: str, change, said: str) -> HttpResponse:
    found = _kept_or_404(request, app)
    try:
        change(app=found.app, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("learning:app", app=found.app.slug)


def _reviews(request: HttpRequest) -> bool:
    """Whether this reader reviews apps; not while the screen is in somebody else's hands."""
    return Permission.REVIEW_APPS in permissions_of(request.user) and not handed_over.is_now(request)


def _kept_or_404(request: HttpRequest, slug: str) -> Entry:
    """An entry of an organisation for which this reader reviews. Others may review it, but not change its text."""
    found = _entry_or_404(slug)
    if not queries.reviewing_organisations(request.user).filter(pk=found.app.organisation_id).exists():
        raise Http404("Another organisation keeps this text. You can review it all the same.")
    return found


def _entry_or_404(slug: str) -> Entry:
    found = queries.entry(slug)
    if found is None:
        raise Http404(NOT_FOUND)
    return found
