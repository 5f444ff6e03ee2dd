"""Somebody's own page without an account: what we keep of what they said, and how to change it. A code opens it.

Nothing is written down when it is read.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.saving import saved, saved_or_theirs
from inroads.design.documents import POINTS, pdf, pdf_response
from inroads.systems.actions import interviews as actions
from inroads.systems.actions.quotes import take_back_quote
from inroads.systems.forms.interviews import OwnCodeForm, OwnConsentForm, OwnCorrectionForm, initial_of
from inroads.systems.models import Interview
from inroads.systems.presenters import interviews as presenters
from inroads.systems.queries.interviews import consent_of, how_to_reach, interview_by_code
from inroads.systems.queries.own_words import OwnQuote, own_words

WRONG = "This link does not work. Check each letter of the code, or ring whoever gave it to you."
SCREEN = "screen"


@sensitive_post_parameters()
def enter(request: HttpRequest) -> HttpResponse:
    """From the code on a sheet to its page."""
    form = OwnCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if interview_by_code(code) is not None:
            return redirect("systems:own_words", code=code)
        form.add_error("code", "We do not know this code. Check each letter, or ring whoever gave it to you")
    return _unkept(render(request, "systems/own_words_enter.html", {"form": form}))


@sensitive_post_parameters()
@sensitive_variables("code")
def page(request: HttpRequest, code: str) -> HttpResponse:
    """What we keep of what you said, what you agreed to, where it is used, and what became of it."""
    interview = _interview_or_404(code)
    if request.method == "POST":
        if request.POST.get("do") == "everything":
            actions.take_everything_back(interview=interview, how=SCREEN, by_themselves=True)
            messages.success(request, "You took everything back. Your words are shown nowhere now.")
        else:
            own = _own_quote(interview, request.POST.get("quote", ""))
            take_back_quote(quote=own.quote, by_themselves=True)
            messages.success(request, "You took these words back. They are shown nowhere now.")
        return _unkept(redirect("systems:own_words", code=code))
    own = own_words(interview)
    context = {
        "own": own,
        "quotes": [(each, presenters.said_about(each, own.uses)) for each in own.quotes],
        "agreed": presenters.consent_lines(own.consent),
        "state": presenters.consent_state(own.consent, own=True),
        "reach": how_to_reach(interview.organisation),
        "code": code,
        "points": POINTS,
    }
    return _unkept(render(request, "systems/own_words.html", context))


@sensitive_post_parameters()
@sensitive_variables("code")
def consent(request: HttpRequest, code: str) -> HttpResponse:
    """Change what you agree to. It holds at once."""
    interview = _interview_or_404(code)
    form = drafts.form(request, OwnConsentForm, initial=initial_of(consent_of(interview)))
    made, theirs = saved_or_theirs(
        request,
        form,
        lambda: actions.change_consent(interview=interview, how=SCREEN, by_themselves=True, **form.details()),
        lambda now: now.pk,
    )
    if made:
        messages.success(request, "Saved. It holds from now on, everywhere.")
        return _unkept(redirect("systems:own_words", code=code))
    context = {"form": form, "theirs": theirs, "agreed": presenters.consent_lines(theirs), "code": code}
    return _unkept(render(request, "systems/own_words_consent.html", context))


@sensitive_post_parameters()
@sensitive_variables("code")
def correct(request: HttpRequest, code: str, quote: UUID | None = None) -> HttpResponse:
    """That is not what I meant; without a quote, about the whole."""
    interview = _interview_or_404(code)
    about = _own_quote(interview, str(quote)).quote if quote else None
    form = drafts.form(request, OwnCorrectionForm)
    made = saved(
        request,
        form,
        lambda: actions.correct(interview=interview, quote=about, by_themselves=True, **form.cleaned_data),
    )
    if made:
        nowhere = (
            "These words are shown nowhere until we have answered you." if about else "You will find our answer here."
        )
        messages.success(request, f"Thank you. {nowhere}")
        return _unkept(redirect("systems:own_words", code=code))
    return _unkept(render(request, "systems/own_words_correct.html", {"form": form, "quote": about, "code": code}))


@require_safe
@sensitive_variables("code")
def printed(request: HttpRequest, code: str) -> HttpResponse:
    """The same page on paper, in the size that was asked for."""
    own = own_words(_interview_or_404(code))
    points = presenters.points_of(request.GET.get("points", ""))
    context = presenters.own_page_context(own, points)
    return pdf_response(pdf("systems/print/own_words.html", context, points=points), "what-you-told-us.pdf")


@sensitive_variables("code")
def _interview_or_404(code: str) -> Interview:
    found = interview_by_code(code)
    if found is None:
        raise Http404(WRONG)
    return found


def _own_quote(interview: Interview, quote: str) -> OwnQuote:
    """One of their own quotes that we keep."""
    found = next((each for each in own_words(interview).quotes if str(each.quote.pk) == quote), None)
    if found is None:
        raise Http404("We do not keep these words any more.")
    return found


def _unkept(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
