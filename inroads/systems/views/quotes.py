"""Somebody's words: keep them, put them right, say that the person saw them, take them out, lay them down."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from inroads.accounts import drafts
from inroads.accounts.saving import saved
from inroads.reference.models import Organisation
from inroads.systems.actions import quotes as actions
from inroads.systems.forms.interviews import CheckForm, EvidenceOfQuoteForm, QuoteForm, WordsForm
from inroads.systems.models import Quote
from inroads.systems.queries.interviews import TELLS_A_LIFE, interviews_of, quotes_to_keep
from inroads.systems.views.interviews import interview_or_404, keeps


@sensitive_post_parameters()
@keeps
def new(request: HttpRequest, system: Organisation, interview: UUID) -> HttpResponse:
    """Keep something they said, in their words."""
    found = interview_or_404(request, system, interview)
    form = drafts.form(request, QuoteForm)
    if saved(request, form, lambda: actions.keep_quote(interview=found, by=request.user, **form.details())):
        messages.success(request, "Saved. Show it to them, or read it to them, and ask whether it is right.")
        return redirect("systems:interview", system=system.pk, interview=found.pk)
    return render(request, "systems/quote_new.html", {"form": form, "system": system, "interview": found})


@sensitive_post_parameters()
@keeps
def correct(request: HttpRequest, system: Organisation, quote: UUID) -> HttpResponse:
    """Put the words right; the old ones are shown nowhere any more."""
    found = quote_or_404(request, system, quote)
    form = drafts.form(request, WordsForm, initial={"words": found.words})
    if saved(request, form, lambda: actions.correct_quote(quote=found, by=request.user, **form.cleaned_data)):
        messages.success(request, "Saved. Ask them whether it is right now.")
        return _back(found)
    return _form_page(request, "systems/quote_correct.html", form, found)


@sensitive_post_parameters()
@keeps
def check(request: HttpRequest, system: Organisation, quote: UUID) -> HttpResponse:
    """The person saw the words and said that they are right."""
    found = quote_or_404(request, system, quote)
    form = drafts.form(request, CheckForm)
    if saved(request, form, lambda: actions.check_quote(quote=found, by=request.user, **form.cleaned_data)):
        messages.success(request, "Saved.")
        return _back(found)
    return _form_page(request, "systems/quote_check.html", form, found)


@require_POST
@keeps
def take_back(request: HttpRequest, system: Organisation, quote: UUID) -> HttpResponse:
    """The words are taken out, and shown nowhere."""
    found = quote_or_404(request, system, quote)
    actions.take_back_quote(quote=found, by=request.user)
    messages.success(request, "Taken out. These words are shown nowhere now.")
    return _back(found)


@sensitive_post_parameters()
@keeps
def evidence(request: HttpRequest, system: Organisation, quote: UUID) -> HttpResponse:
    """Lay these words beside what they show."""
    found = quote_or_404(request, system, quote)
    people = found.interview.speaker in TELLS_A_LIFE
    form = drafts.form(request, EvidenceOfQuoteForm, quote=found, people=people)
    if saved(request, form, lambda: actions.use_as_evidence(quote=found, by=request.user, **form.details())):
        messages.success(request, "Laid down. It counts from the day they said it.")
        return _back(found)
    return _form_page(request, "systems/quote_evidence.html", form, found)


def quote_or_404(request: HttpRequest, system: Organisation, quote: UUID) -> Quote:
    """A quote that stands, of an interview the reader keeps. Anybody else learns nothing."""
    kept = Quote.objects.filter(interview__in=interviews_of(request.user, system), pk=quote)
    found = kept.select_related("interview__organisation", "interview__recorded_by").first()
    if found is None or found.pk not in {each.pk for each in quotes_to_keep(found.interview)}:
        raise Http404("There are no such words among those you keep.")
    return found


def _form_page(request: HttpRequest, template: str, form: object, quote: Quote) -> HttpResponse:
    interview = quote.interview
    context = {"form": form, "quote": quote, "interview": interview, "system": interview.organisation}
    return render(request, template, context)


def _back(quote: Quote) -> HttpResponse:
    return redirect("systems:interview", system=quote.interview.organisation_id, interview=quote.interview_id)
