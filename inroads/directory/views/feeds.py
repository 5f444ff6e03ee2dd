"""Feeds that were loaded, what was mended in them, and services that may be listed twice: for who keeps a directory."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import highest_where
from inroads.directory.actions import pairs as actions
from inroads.directory.models import Pair
from inroads.directory.presenters import feeds as presenters
from inroads.directory.queries import pairs as queries


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """What was loaded, the latest first."""
    runs = queries.runs_kept_by(request.user)[: queries.RUNS]
    context = {
        "runs": [presenters.run_line(each) for each in runs],
        "open": queries.open_pairs(request.user).count(),
    }
    return render(request, "directory/feeds.html", context)


@require_safe
def feed(request: HttpRequest, run: int) -> HttpResponse:
    """One loading: what was mended and what was refused, with examples."""
    found = queries.runs_kept_by(request.user).filter(pk=run).first()
    if found is None:
        raise Http404("There is no such feed in the directories you keep.")
    context = {
        "line": presenters.run_line(found),
        "mended": presenters.mended(found),
        "refused": presenters.refused(found),
    }
    return render(request, "directory/feeds_run.html", context)


@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs nobody has settled, the likeliest first."""
    found = queries.open_pairs(request.user)
    context = {
        "pairs": [presenters.pair_line(each) for each in found[: queries.PAGE]],
        "count": found.count(),
        "settled": queries.settled_pairs(request.user).count(),
    }
    return render(request, "directory/duplicates.html", context)


@require_safe
def duplicates_settled(request: HttpRequest) -> HttpResponse:
    """What was said about pairs, the latest first; each can be taken back."""
    found = queries.settled_pairs(request.user)[: queries.RUNS]
    return render(
        request, "directory/duplicates_settled.html", {"pairs": [presenters.pair_line(each) for each in found]}
    )


@require_POST
def look_for_duplicates(request: HttpRequest) -> HttpResponse:
    """Look again, in every directory this reader keeps."""
    places = highest_where(request.user, Permission.KEEP_DIRECTORY)
    new = sum(actions.find_pairs(area=place, by=request.user) for place in places)
    messages.success(
        request, f"Looked at all of them. New pairs: {new}." if new else "Looked at all of them. Nothing new."
    )
    return redirect("directory:duplicates")


@require_POST
def settle_duplicates(request: HttpRequest, pair: int) -> HttpResponse:
    """They are the same, or they are not; or what was said is taken back."""
    found = queries.pairs_kept_by(request.user).filter(pk=pair).first()
    if found is None:
        raise Http404("There is no such pair in the directories you keep.")
    answer = request.POST.get("answer", "")
    if answer not in Pair.Answer.values:
        messages.error(request, "Choose whether they are the same.")
        return redirect("directory:duplicates")
    try:
        actions.settle_pair(pair=found, answer=answer, by=request.user)
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
    else:
        said = {"same": "Kept as one.", "different": "Kept as two.", "open": "Taken back."}
        messages.success(request, f"{said[answer]} {found.one.name}.")
    return redirect("directory:duplicates_settled" if answer == Pair.Answer.OPEN else "directory:duplicates")
