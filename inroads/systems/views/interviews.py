"""Interviews of a system: the register, one interview with consent and words, corrections, themes, and sheets."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import audit, drafts
from inroads.accounts.codes import as_written
from inroads.accounts.permissions import Permission
from inroads.accounts.saving import saved, saved_or_theirs
from inroads.design.documents import POINTS, pdf, pdf_response
from inroads.reference.models import Organisation
from inroads.systems.actions import interviews as actions
from inroads.systems.forms.interviews import (
    AnswerForm,
    ConsentForm,
    CorrectionForm,
    InterviewForm,
    RegisterForm,
    ToldForm,
    initial_of,
)
from inroads.systems.models import Correction, Interview, Quote
from inroads.systems.presenters import interviews as presenters
from inroads.systems.queries import interviews as queries
from inroads.systems.queries.own_words import own_words
from inroads.systems.queries.themes import themes_of
from inroads.systems.views.opening import of_a_system, page_of

NOT_FOUND = "There is no such interview among those you keep."
keeps = of_a_system(Permission.KEEP_INTERVIEWS, inside=True)


@require_safe
@keeps
def interviews(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Who was heard, what they agreed to, and what waits for an answer."""
    form = RegisterForm(request.GET)
    form.is_valid()
    wanted = {name: form.cleaned_data.get(name, "") for name in form.fields}
    typed = request.GET.get("page", "")
    page = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1
    kept = queries.interviews_of(request.user, system)
    register = queries.register(kept, **wanted, page=page)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "register": register,
        "filters": RegisterForm(wanted),
        "filtered": any(wanted.values()),
        "query": query.urlencode(),
        "note": presenters.digital_note(register),
        "waits": queries.WAITS,
        "lines": [(each, presenters.consent_state(each.consent)) for each in register.lines],
        "points": POINTS,
    }
    return page_of(request, "systems/interviews.html", system, **context)


@sensitive_post_parameters()
@keeps
def new(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Write down a conversation, with what the person agreed to."""
    form = drafts.form(request, InterviewForm)
    made = saved(
        request, form, lambda: actions.record_interview(organisation=system, by=request.user, **form.details())
    )
    if made:
        messages.success(request, "Saved. Give them their sheet, or read it to them.")
        return redirect("systems:interview", system=system.pk, interview=made.pk)
    return render(request, "systems/interview_new.html", {"form": form, "system": system, "points": POINTS})


@require_safe
@keeps
def interview(request: HttpRequest, system: Organisation, interview: UUID) -> HttpResponse:
    """One conversation: what was agreed, the words that are kept, the notes, and what waits."""
    found = interview_or_404(request, system, interview)
    consent = queries.consent_of(found)
    audit.record(action="interview_read", by=request.user, about=found, organisation=system)
    uses = queries.uses_today(consent)
    context = {
        "interview": found,
        "consent": consent,
        "agreed": presenters.consent_lines(consent),
        "state": presenters.consent_state(consent),
        "holds": bool(uses),
        "earlier": list(found.consents.select_related("recorded_by").order_by("-pk"))[1:],
        "quotes": [(each, presenters.titles_of(each.themes)) for each in queries.quotes_to_keep(found)],
        "spoken": presenters.SPOKEN,
        "may_quote": bool(uses & {"quoted", "published"}),
        "corrections": list(found.corrections.select_related("quote", "done_by").order_by("-pk")),
        "silent": found.reached
        and found.told_on is None
        and found.held_on < timezone.localdate() - queries.SILENT_AFTER,
        "code": as_written(queries.code_of(found.pk)),
        "entry": presenters.entry_address(),
        "points": POINTS,
    }
    return page_of(request, "systems/interview.html", system, **context)


@sensitive_post_parameters()
@keeps
def consent(request: HttpRequest, system: Organisation, interview: UUID) -> HttpResponse:
    """What they agree to from now on, as they said it to somebody of ours."""
    found = interview_or_404(request, system, interview)
    form = drafts.form(request, ConsentForm, initial=initial_of(queries.consent_of(found)))
    made, theirs = saved_or_theirs(
        request,
        form,
        lambda: actions.change_consent(interview=found, by=request.user, **form.details()),
        lambda now: now.pk,
    )
    if made:
        messages.success(request, "Saved. It holds from now on, everywhere.")
        return redirect("systems:interview", system=system.pk, interview=found.pk)
    context = {**_about(system, found), "form": form, "theirs": theirs, "agreed": presenters.consent_lines(theirs)}
    return render(request, "systems/interview_consent.html", context)


@require_POST
@keeps
def take_back(request: HttpRequest, system: Organisation, interview: UUID) -> HttpResponse:
    """They take everything back, and said so to somebody of ours."""
    found = interview_or_404(request, system, interview)
    actions.take_everything_back(interview=found, how=found.channel, by=request.user)
    messages.success(request, "Taken back. Their words are shown nowhere now, and nothing stands on them.")
    return redirect("systems:interview", system=system.pk, interview=found.pk)


@sensitive_post_parameters()
@keeps
def told(request: HttpRequest, system: Organisation, interview: UUID) -> HttpResponse:
    """They were told what became of it."""
    found = interview_or_404(request, system, interview)
    form = drafts.form(request, ToldForm)
    if saved(request, form, lambda: actions.tell_back(interview=found, by=request.user, **form.cleaned_data)):
        messages.success(request, "Saved. They can read it on their page.")
        return redirect("systems:interview", system=system.pk, interview=found.pk)
    return render(request, "systems/interview_told.html", {**_about(system, found), "form": form})


@sensitive_post_parameters()
@keeps
def correct(request: HttpRequest, system: Organisation, interview: UUID) -> HttpResponse:
    """They said to somebody of ours that something is not as they meant it."""
    found = interview_or_404(request, system, interview)
    quotes = [each for each in queries.quotes_to_keep(found) if not each.is_wrong]
    form = drafts.form(request, CorrectionForm, quotes=quotes, initial={"about": request.GET.get("quote", "")})

    def save() -> Correction:
        typed = form.cleaned_data
        about = next((each for each in quotes if str(each.pk) == typed["about"]), None)
        return actions.correct(interview=found, quote=about, words=typed["words"], by=request.user)

    if saved(request, form, save):
        messages.success(request, "Saved. It is shown nowhere until it is answered.")
        return redirect("systems:interview_corrections", system=system.pk)
    return render(request, "systems/interview_correct.html", {**_about(system, found), "form": form})


@require_safe
@keeps
def corrections(request: HttpRequest, system: Organisation) -> HttpResponse:
    """What people said is not right and nobody has answered, the oldest first."""
    found = queries.corrections_to_answer(queries.interviews_of(request.user, system))
    return page_of(request, "systems/interview_corrections.html", system, corrections=found, most=queries.MOST)


@sensitive_post_parameters()
@keeps
def answer(request: HttpRequest, system: Organisation, correction: int) -> HttpResponse:
    """Answer one: put the words right, or take them out, and say so."""
    kept = queries.interviews_of(request.user, system)
    found = Correction.objects.filter(interview__in=kept, pk=correction).select_related("interview", "quote").first()
    if found is None:
        raise Http404("There is no such correction among those you answer.")
    if found.done_at is not None:
        messages.success(request, "This was answered already.")
        return redirect("systems:interview", system=system.pk, interview=found.interview_id)
    stands = found.quote is not None and Quote.objects.filter(pk=found.quote_id, taken_back_at=None).exists()
    stands = stands and not Quote.objects.filter(replaces=found.quote_id).exists()
    # What they took back is shown to nobody, those who answer included.
    stands = stands and bool(queries.uses_today(queries.consent_of(found.interview)))
    form = drafts.form(request, AnswerForm, stands=stands)
    made = saved(
        request, form, lambda: actions.answer_correction(correction=found, by=request.user, **form.cleaned_data)
    )
    if made:
        messages.success(request, "Answered. They can read it on their page.")
        return redirect("systems:interview", system=system.pk, interview=found.interview_id)
    context = {**_about(system, found.interview), "form": form, "correction": found, "stands": stands}
    return render(request, "systems/interview_answer.html", context)


@require_safe
@keeps
def themes(request: HttpRequest, system: Organisation) -> HttpResponse:
    """How many people spoke of what; the words about one criterion where the address names it."""
    found = themes_of(system)
    chosen = request.GET.get("criterion", "")
    criterion = next((each.criterion for _, row in found for each in row if each.criterion.id == chosen), None)
    quotes = queries.quotes_visible_to(request.user, system, criterion=criterion.id) if criterion else []
    context = {"themes": found, "criterion": criterion, "quotes": quotes, "spoken": presenters.SPOKEN}
    return page_of(request, "systems/interview_themes.html", system, **context, most=queries.MOST)


@require_safe
@keeps
def blank_sheet(request: HttpRequest, system: Organisation) -> HttpResponse:
    """An empty sheet to take along: what may be agreed to, each with yes and no."""
    points = presenters.points_of(request.GET.get("points", ""))
    context = presenters.sheet_context(system, points)
    return pdf_response(pdf("systems/print/consent_sheet.html", context, points=points), "what-you-agree-to.pdf")


@require_safe
@keeps
def sheet(request: HttpRequest, system: Organisation, interview: UUID) -> HttpResponse:
    """What they agreed to, to be signed or read aloud, with their code."""
    found = interview_or_404(request, system, interview)
    points = presenters.points_of(request.GET.get("points", ""))
    context = presenters.sheet_context(system, points, found, queries.consent_of(found))
    return pdf_response(pdf("systems/print/consent_sheet.html", context, points=points), "what-you-agree-to.pdf")


@require_safe
@keeps
def own_page(request: HttpRequest, system: Organisation, interview: UUID) -> HttpResponse:
    """Their own page on paper, for those who never touch a screen."""
    found = interview_or_404(request, system, interview)
    points = presenters.points_of(request.GET.get("points", ""))
    if not queries.uses_today(queries.consent_of(found)):
        messages.error(request, "They took their words back. Only they can open their page now, with their code.")
        return redirect("systems:interview", system=system.pk, interview=interview)
    context = presenters.own_page_context(own_words(found), points)
    return pdf_response(pdf("systems/print/own_words.html", context, points=points), "what-you-told-us.pdf")


def interview_or_404(request: HttpRequest, system: Organisation, interview: UUID) -> Interview:
    """An interview the reader keeps. Anybody else learns nothing, not even that there is one."""
    found = queries.interviews_of(request.user, system).select_related("recorded_by", "organisation")
    kept = found.filter(pk=interview).first()
    if kept is None:
        raise Http404(NOT_FOUND)
    return kept


def _about(system: Organisation, interview: Interview) -> dict[str, Any]:
    return {"system": system, "interview": interview}
