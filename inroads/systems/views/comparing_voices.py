"""The voices of a comparison: added, drawn from what is kept, changed and taken back; and what was asked of groups."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from inroads.accounts import drafts
from inroads.accounts.saving import saved
from inroads.reference.definitions import load
from inroads.reference.definitions.framework import KeyLine
from inroads.systems.actions import comparing as actions
from inroads.systems.actions import comparing_drawn as drawn
from inroads.systems.forms.comparing import ConfirmForm, ContrastForm, KeyLineForm, RecordsForm, VoiceForm, initial_of
from inroads.systems.models import Comparison, Contrasted, Counted
from inroads.systems.presenters import comparing as presenters
from inroads.systems.queries.comparing import answered_key_lines
from inroads.systems.queries.comparing_records import record_figures
from inroads.systems.views.comparing import NOT_FOUND, changed_or_404


@sensitive_post_parameters()
def new(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """A voice with its numbers."""
    kept = changed_or_404(request, comparison)
    form = drafts.form(request, VoiceForm, initial={"claim": not kept.voices.filter(claim=True, taken_back_at=None)})

    def save() -> Counted:
        return actions.add_voice(comparison=kept, by=request.user, **form.told())

    return _answer(request, kept, form, save, template="systems/comparison_voice.html", voice=None)


@sensitive_post_parameters()
def change(request: HttpRequest, comparison: UUID, voice: int) -> HttpResponse:
    """A voice as it is kept. What stood here before is kept, and shown no more."""
    kept = changed_or_404(request, comparison)
    row = _voice_or_404(kept, voice)
    if request.method == "GET" and row.taken_back_at is not None:
        return _gone(request, kept)
    form = drafts.form(request, VoiceForm, initial=initial_of(row))

    def save() -> Counted:
        return actions.change_voice(voice=row, by=request.user, **form.told())

    return _answer(request, kept, form, save, template="systems/comparison_voice.html", voice=row)


@sensitive_post_parameters()
def take_back(request: HttpRequest, comparison: UUID, voice: int) -> HttpResponse:
    """Show a voice no more."""
    kept = changed_or_404(request, comparison)
    row = _voice_or_404(kept, voice)
    if request.method == "GET" and row.taken_back_at is not None:
        return _gone(request, kept)
    form = drafts.form(request, ConfirmForm)

    def save() -> object:
        return actions.take_voice_back(voice=row, by=request.user)

    words = f"{presenters.share(row.said / row.n)} of {row.n:,} say so." if row.n else ""
    about = {"what": row.name, "words": words}
    return _answer(request, kept, form, save, template="systems/comparison_take_back.html", **about)


@sensitive_post_parameters()
def records(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """What records show, drawn from open figures of the system."""
    kept = changed_or_404(request, comparison)
    if kept.organisation is None:
        raise Http404(NOT_FOUND)
    figures, hidden = record_figures(kept.organisation)
    choices = [(each.key, f"{each.title}: {presenters.share(each.share()[0])}") for each in figures]
    form = drafts.form(request, RecordsForm, figures=choices)

    def save() -> object:
        typed = form.cleaned_data
        return drawn.voice_from_records(
            comparison=kept, figure=typed["figure"], so=typed["so"] == "yes", by=request.user
        )

    return _answer(
        request, kept, form, save, template="systems/comparison_records.html", figures=figures, hidden=hidden
    )


@sensitive_post_parameters()
def key_line(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """The share of systems that agree to a key line, drawn from their answers."""
    kept = changed_or_404(request, comparison)
    if kept.organisation is not None:
        raise Http404(NOT_FOUND)
    lines = load(KeyLine)
    known = {
        f"{wave.pk} {name}": (wave, name, f"{lines[name].title} ({wave.title})")
        for wave, name in answered_key_lines()
        if name in lines
    }
    form = drafts.form(request, KeyLineForm, answered=[(key, each[2]) for key, each in known.items()])

    def save() -> object:
        wave, name, _ = known[form.cleaned_data["answered"]]
        partly = form.cleaned_data["partly"] == "yes"
        return drawn.voice_from_key_line(comparison=kept, wave=wave, key_line=name, partly=partly, by=request.user)

    return _answer(request, kept, form, save, template="systems/comparison_key_line.html", known=known)


@sensitive_post_parameters()
def contrast(request: HttpRequest, comparison: UUID, number: int) -> HttpResponse:
    """What two groups said that are alike in all but one thing: it tells one of the three explanations."""
    kept = changed_or_404(request, comparison)
    cause = presenters.cause_of(number)
    if cause is None:
        raise Http404("There are three explanations.")
    form = drafts.form(request, ContrastForm, groups=(cause.more, cause.less))

    def save() -> object:
        typed = form.cleaned_data
        return actions.add_contrast(
            comparison=kept,
            cause=cause.id,
            within=typed["within"],
            more=form.group("more"),
            less=form.group("less"),
            source=typed["source"],
            by=request.user,
        )

    return _answer(request, kept, form, save, template="systems/comparison_contrast.html", cause=cause)


@sensitive_post_parameters()
def take_contrast_back(request: HttpRequest, comparison: UUID, contrast: int) -> HttpResponse:
    """Show no more what two groups said."""
    kept = changed_or_404(request, comparison)
    row = Contrasted.objects.filter(comparison=kept, pk=contrast).first()
    if row is None:
        raise Http404(NOT_FOUND)
    if request.method == "GET" and row.taken_back_at is not None:
        return _gone(request, kept)
    form = drafts.form(request, ConfirmForm)

    def save() -> object:
        return actions.take_contrast_back(contrast=row, by=request.user)

    more, less = f"{row.more_said:,.0f} of {row.more_n:,}", f"{row.less_said:,.0f} of {row.less_n:,}"
    words = f"{row.more_name}: {more}. {row.less_name}: {less}."
    about = {"what": "what two groups said", "words": words}
    return _answer(request, kept, form, save, template="systems/comparison_take_back.html", **about)


def _answer(
    request: HttpRequest,
    kept: Comparison,
    form: object,
    save: Callable[[], object],
    *,
    template: str,
    **context: object,
) -> HttpResponse:
    """Saved: back to the comparison. Else the form, with what was wrong."""
    if saved(request, form, save):
        messages.success(request, "Saved. This is what stands now.")
        return redirect("systems:comparison", comparison=kept.pk)
    return render(request, template, {"form": form, "comparison": kept, **context})


def _gone(request: HttpRequest, kept: Comparison) -> HttpResponse:
    messages.error(request, "Somebody took this back meanwhile. This is what stands now.")
    return redirect("systems:comparison", comparison=kept.pk)


def _voice_or_404(kept: Comparison, voice: int) -> Counted:
    row = Counted.objects.filter(comparison=kept, pk=voice).first()
    if row is None:
        raise Http404(NOT_FOUND)
    return row
