"""Pages of the post: what has to be settled, letters to print, and how the background work stands."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.queries import highest_where
from inroads.design.documents import pdf_of_several, pdf_response
from inroads.jobs.queries import state
from inroads.post import presenters, queries
from inroads.post.actions import settling as actions
from inroads.post.models import Message

MOST = 50


@require_safe
def to_settle(request: HttpRequest) -> HttpResponse:
    """What could not be sent, or may have been, and what can be done about each."""
    found = list(queries.to_settle(request.user)[: MOST + 1])
    _note_list(request, "post_to_settle_listed", len(found))
    context = {
        "lines": presenters.lines_to_settle(found[:MOST]),
        "more": len(found) > MOST,
        "letters": queries.letters_to_print(request.user).count(),
    }
    return render(request, "post/to_settle.html", context)


@require_POST
def again(request: HttpRequest, message: UUID) -> HttpResponse:
    """Send it once more."""
    return _settle(request, message, actions.send_again, "It will be sent again within a minute.")


@require_POST
def arrived(request: HttpRequest, message: UUID) -> HttpResponse:
    """It arrived all the same."""
    return _settle(request, message, actions.it_arrived, "Noted that it arrived.")


@require_POST
def told_otherwise(request: HttpRequest, message: UUID) -> HttpResponse:
    """The person was told in another way."""
    return _settle(request, message, actions.told_otherwise, "Noted that the person was told in another way.")


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Letters that wait for somebody to print and post them."""
    found = list(queries.letters_to_print(request.user)[: MOST + 1])
    _note_list(request, "letters_listed", len(found))
    return render(
        request, "post/letters.html", {"lines": presenters.letter_lines(found[:MOST]), "more": len(found) > MOST}
    )


@require_safe
def letter(request: HttpRequest, message: UUID) -> HttpResponse:
    """One letter as PDF, in the size of text that the person asked for."""
    found = queries.letters_to_print(request.user).filter(pk=message).first()
    if found is None:
        raise Http404("There is no such letter to print.")
    return _paper(request, [found], f"letter-{found.pk}.pdf")


@require_safe
def all_letters(request: HttpRequest) -> HttpResponse:
    """The letters of the list as one PDF, each on pages of its own."""
    found = list(queries.letters_to_print(request.user)[:MOST])
    if not found:
        messages.info(request, "There are no letters to print.")
        return redirect("post:letters")
    return _paper(request, found, "letters.pdf")


@require_POST
def printed(request: HttpRequest) -> HttpResponse:
    """These letters are on their way."""
    try:
        wanted = [UUID(each) for each in request.POST.getlist("letter")[:MOST]]
    except ValueError:
        raise Http404("There is no such letter.") from None
    marked = actions.mark_printed(messages=wanted, by=request.user)
    messages.success(request, f"Noted: {marked} {'letter' if marked == 1 else 'letters'} printed and posted.")
    return redirect("post:letters")


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """When a worker was last alive, what is done again and again, and what failed."""
    return render(request, "post/jobs.html", presenters.jobs_page(state()))


def _settle(request: HttpRequest, message: UUID, change: Callable[..., Message], said: str) -> HttpResponse:
    found = queries.visible_to(request.user).filter(pk=message).first()
    if found is None:
        raise Http404("There is no such message.")
    try:
        change(message=found, by=request.user)
    except Refused as refusal:
        messages.warning(request, f"{refusal}.")
    else:
        messages.success(request, said)
    return redirect("post:to_settle")


def _paper(request: HttpRequest, found: list[Message], filename: str) -> HttpResponse:
    for each in found:
        audit.record_read(by=request.user, about=each, organisation=each.organisation, details={"part": "letter"})
    return pdf_response(pdf_of_several([presenters.letter_paper(each) for each in found]), filename)


def _note_list(request: HttpRequest, action: str, count: int) -> None:
    places = {place.pk: place for each in queries.SETTLING for place in highest_where(request.user, each)}
    audit.record_list_read(action=action, by=request.user, organisations=places.values(), details={"messages": count})
