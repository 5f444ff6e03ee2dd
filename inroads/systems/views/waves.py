"""Waves of the landscape, for those who keep them: the list, a new one, one with its scores, systems put in place."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.saving import saved
from inroads.systems.actions import waves as actions
from inroads.systems.forms.waves import ScoresForm, WaveForm
from inroads.systems.models import Basis, Wave
from inroads.systems.permissions import may_keep_waves
from inroads.systems.presenters.landscape import wave_words
from inroads.systems.queries import waves as queries
from inroads.systems.queries.published_waves import not_loaded

NOT_FOUND = "There is no such wave among those you keep."


@require_safe
def waves(request: HttpRequest) -> HttpResponse:
    """All waves, the latest first."""
    may_keep = may_keep_waves(request.user)
    context = {
        "waves": [(each, wave_words(each.wave)) for each in queries.waves_kept(request.user)],
        "not_loaded": not_loaded() if may_keep else [],
        "may_keep": may_keep,
    }
    return render(request, "systems/waves.html", context)


@sensitive_post_parameters()
def new(request: HttpRequest) -> HttpResponse:
    """A new wave."""
    _keeping_or_404(request)
    form = drafts.form(request, WaveForm)
    made = saved(request, form, lambda: actions.add_wave(**form.cleaned_data, by=request.user))
    if made:
        messages.success(request, "Added. Its systems have no places yet.")
        return redirect("systems:wave", wave=made.pk)
    return render(request, "systems/wave_new.html", {"form": form})


@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """A wave that somebody published, from its definition."""
    _keeping_or_404(request)
    try:
        made = actions.load_published(definition=request.POST.get("definition", ""), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("systems:waves")
    messages.success(request, "Loaded. Everybody can see its counts on an open page, without signing in.")
    return redirect("systems:landscape_of", wave=made.pk)


@require_safe
def wave(request: HttpRequest, wave: UUID) -> HttpResponse:
    """One wave: what there is to place systems by, and the next step."""
    kept = _wave_or_404(request, wave)
    context = {
        "wave": kept,
        "rests_on": wave_words(kept),
        "published": kept.basis == Basis.PUBLISHED,
        "sources": queries.sources_of(kept) if kept.basis != Basis.PUBLISHED else None,
        "may_load": kept.basis == Basis.FILE and not kept.taken_at,
        "may_keep": may_keep_waves(request.user),
        "fewest": (actions.FEWEST_SYSTEMS, actions.FEWEST_CRITERIA),
    }
    return render(request, "systems/wave.html", context)


@sensitive_post_parameters()
def scores(request: HttpRequest, wave: UUID) -> HttpResponse:
    """Scores from a file: all of them, or none."""
    _keeping_or_404(request)
    kept = _wave_or_404(request, wave)
    if kept.basis != Basis.FILE or kept.taken_at:
        raise Http404(NOT_FOUND)
    form = ScoresForm(request.POST, request.FILES) if request.method == "POST" else ScoresForm()
    made = saved(
        request, form, lambda: actions.load_scores(wave=kept, content=form.cleaned_data["file"], by=request.user)
    )
    if made:
        messages.success(request, f"Loaded: {made:,} scores.")
        return redirect("systems:wave", wave=kept.pk)
    return render(request, "systems/wave_scores.html", {"form": form, "wave": kept})


@require_POST
def take(request: HttpRequest, wave: UUID) -> HttpResponse:
    """Put every system in its place."""
    _keeping_or_404(request)
    kept = _wave_or_404(request, wave)
    try:
        actions.take_wave(wave=kept, by=request.user)
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
        return redirect("systems:wave", wave=kept.pk)
    messages.success(request, "Every system has its place.")
    return redirect("systems:landscape_of", wave=kept.pk)


@require_POST
def hide(request: HttpRequest, wave: UUID) -> HttpResponse:
    """Take the places back: nobody sees them until they are worked out again."""
    _keeping_or_404(request)
    kept = _wave_or_404(request, wave)
    try:
        actions.hide_places(wave=kept, by=request.user)
        messages.success(request, "The places are hidden. The scores are still here.")
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
    return redirect("systems:wave", wave=kept.pk)


def _keeping_or_404(request: HttpRequest) -> None:
    if not may_keep_waves(request.user):
        raise Http404(NOT_FOUND)


def _wave_or_404(request: HttpRequest, wave: UUID) -> Wave:
    found = queries.wave_kept(request.user, wave)
    if found is None:
        raise Http404(NOT_FOUND)
    return found
