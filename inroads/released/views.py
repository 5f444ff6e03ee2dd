"""Pages about releases: what was counted, what was checked, who asked to open it and who agreed."""

import csv
import io
from math import isfinite

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from inroads.accounts import audit
from inroads.accounts.saving import saved
from inroads.design.spreadsheet import no_formula
from inroads.released import actions, queries
from inroads.released.forms import WordsForm
from inroads.released.models import Release, State
from inroads.released.permissions import may_release

MOST = 60
TABLES = {
    "neighbourhoods": "People asked, by neighbourhood: left out or not, met or only digital",
    "groups": "People asked, by local authority and age or community: left out or not",
    "totals": "People asked, by local authority: between how many and how many",
    "channels": "How people spoke: share of occasions in per cent, to the nearest 5",
    "barriers": "Which barriers go together",
    "staff": "What staff said stands in their own way",
    "ways": "What people chose at each stage",
    "referrals": "People referred, by help and state",
    "reach": "People whom touchpoints helped, by community",
    "loans": "People who borrowed something, by what became of it",
}
# What can be done, from which state: heading, label of the words, hint, button, whether by whoever asked.
MOVES = {
    "ask": (State.INSIDE, "Ask to open it", "Who is to see these figures, and what for", "Ask a second person", None),
    "agree": (State.ASKED, "Agree", "Anything to add", "Agree and open it to everybody", False),
    "refuse": (State.ASKED, "Do not agree", "Why not", "Do not agree", False),
    "take-back": (State.ASKED, "Take it back", "", "Take the question back", True),
    "close": (State.OPEN, "Close it again", "Why", "Close it again", None),
}


def _whole(request: HttpRequest, release) -> Release:
    """A release that this user may see whole: a part of one is seen on the pages of places."""
    found = queries.whole_visible_to(request.user).filter(pk=release).first()
    if found is None:
        raise Http404("There is no such release that you may see.")
    return found


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """Releases that this user may see whole, and those that wait for a second person."""
    found = queries.whole_visible_to(request.user)[:MOST]
    waiting = list(queries.waiting_for(request.user)[:MOST])
    return render(request, "released/list.html", {"releases": found, "waiting": waiting, "most": MOST})


@require_safe
def one(request: HttpRequest, release) -> HttpResponse:
    """What was counted and checked, what happened, and what can be done."""
    return _page(request, _whole(request, release))


def decide(request: HttpRequest, release, what: str) -> HttpResponse:
    """Asks, agrees, does not agree, takes back or closes."""
    kept = _whole(request, release)
    if what not in MOVES:
        raise Http404("There is no such thing to do with a release.")
    if request.method != "POST":
        return redirect("released:one", release=kept.pk)
    form = _form(what, kept, request.POST)
    act = {
        "ask": lambda: actions.ask_to_open(release=kept, why=words(), version=version(), by=request.user),
        "agree": lambda: actions.agree_to_open(release=kept, words=words(), version=version(), by=request.user),
        "refuse": lambda: actions.refuse_to_open(release=kept, words=words(), version=version(), by=request.user),
        "take-back": lambda: actions.take_back(release=kept, version=version(), by=request.user),
        "close": lambda: actions.close_again(release=kept, words=words(), version=version(), by=request.user),
    }[what]

    def words() -> str:
        return form.cleaned_data["words"]

    def version() -> int:
        return form.cleaned_data["version"]

    if saved(request, form, act) is not None:
        return redirect("released:one", release=kept.pk)
    kept.refresh_from_db()
    return _page(request, kept, wrong=what, form=form)


def _form(what: str, release: Release, data=None) -> WordsForm:
    _, _, label, _, _ = MOVES[what]
    return WordsForm(data, initial={"version": release.version}, label=label, prefix=what)


def _page(request: HttpRequest, release: Release, *, wrong: str = "", form: WordsForm | None = None) -> HttpResponse:
    may = may_release(request.user, release)
    mine = release.asked_by_id == request.user.pk
    moves = []
    for what, (state, heading, label, button, by_asker) in MOVES.items():
        if may and state == release.state and (by_asker is None or by_asker == mine):
            shown = form if form is not None and what == wrong else _form(what, release)
            moves.append({"what": what, "heading": heading, "words": bool(label), "button": button, "form": shown})
    held = list(release.tables.values_list("name", flat=True))
    context = {
        "release": release,
        "opened_with": list(queries.opened_with(release)) if may and release.state != State.OPEN else [],
        "closed_with": list(queries.closed_with(release)) if may and release.state == State.OPEN else [],
        "before": queries.before(release, user=request.user),
        "moves": moves,
        "form": form,
        "mine": mine and release.state == State.ASKED,
        "tables": [(name, TABLES.get(name.partition("-")[0], name)) for name in held],
        "events": release.events.select_related("by"),
    }
    return render(request, "released/one.html", context)


@require_safe
def table_file(request: HttpRequest, release, table: str) -> HttpResponse:
    """One table of a release as CSV. Who takes one that is not open stands in the trail."""
    kept = _whole(request, release)
    columns = queries.table(kept, table)
    if columns is None:
        raise Http404("This release has no such table.")
    if kept.state != State.OPEN:
        audit.record(
            action="release_downloaded",
            by=request.user,
            about=kept,
            organisation=kept.organisation,
            details={"table": table},
        )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in zip(*(column.tolist() for column in columns.values()), strict=True):
        writer.writerow([no_formula(_said(each)) for each in row])
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="inroads-{kept.until}-{table}.csv"'},
    )


def _said(value: object) -> object:
    """Hidden is empty, never 0, and never "nan"."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value if isfinite(value) else ""
    return value
