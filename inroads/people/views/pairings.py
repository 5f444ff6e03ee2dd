"""A person and a mentor begin, meet and stop; and the page of a mentor with their own account."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import audit, drafts
from inroads.accounts.saving import saved
from inroads.people.actions import pairings as actions
from inroads.people.forms.pairings import EndPairingForm, PairForm, SessionForm
from inroads.people.models import Pairing, Person
from inroads.people.presenters import mentors as presenters
from inroads.people.queries import mentors as queries
from inroads.people.views.access import note_reading, person_or_404
from inroads.reference.around import published

NOT_FOUND = "There is no such mentor with this person."


@sensitive_post_parameters()
def begin_pairing(request: HttpRequest, person: UUID, mentor: int) -> HttpResponse:
    """The person said yes to a mentor."""
    found = person_or_404(request, person)
    kept = queries.mentor_for(found, mentor)
    if kept is None:
        raise Http404("There is no such mentor here, or they do not mentor at the moment.")
    matched = queries.matched(found, published())
    suggestion = next((each for each, _ in matched.suggestions if each.key == mentor), None)
    form = drafts.form(request, PairForm)
    if saved(
        request,
        form,
        lambda: actions.pair(
            person=found,
            mentor=kept.mentor,
            **form.cleaned_data,
            because=presenters.said_why(suggestion) if suggestion else "",
            by=request.user,
        ),
    ):
        messages.success(request, f"Saved. {found.known_as} and {kept.mentor.known_as} work together from today.")
        return redirect("people:person_mentors", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "mentors")
    line = presenters.mentor_line(kept)
    context = {"person": found, "tab": "mentors", "form": form, "line": line, "suggestion": suggestion}
    return render(request, "people/mentor_begin.html", context)


@sensitive_post_parameters()
def log_session(request: HttpRequest, person: UUID, pairing: int) -> HttpResponse:
    """They met."""
    found, kept = _pairing_or_404(request, person, pairing)
    form = drafts.form(request, SessionForm, **_begins_with(found, kept))
    if saved(request, form, lambda: actions.log_session(pairing=kept, **form.told, by=request.user)):
        messages.success(request, "Saved.")
        return redirect("people:person_mentors", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "mentors")
    return render(request, "people/session.html", {"person": found, "tab": "mentors", "form": form, "pairing": kept})


@require_POST
def take_back_session(request: HttpRequest, person: UUID, session: int) -> HttpResponse:
    """A session was written down by mistake."""
    found = person_or_404(request, person)
    kept = queries.session_of(found, session)
    if kept is None:
        raise Http404("There is no such session with this person.")
    actions.take_back_session(session=kept, by=request.user)
    messages.success(request, "Taken back. It counts no more; that it was a mistake stays in the record.")
    return redirect("people:person_mentors", person=found.pk)


@sensitive_post_parameters()
def end_pairing(request: HttpRequest, person: UUID, pairing: int) -> HttpResponse:
    """They do not work together any more."""
    found, kept = _pairing_or_404(request, person, pairing)
    form = drafts.form(request, EndPairingForm)
    if saved(request, form, lambda: actions.end_pairing(pairing=kept, **form.cleaned_data, by=request.user)):
        messages.success(request, "Saved. What they did together stays, and they can begin again.")
        return redirect("people:person_mentors", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "mentors")
    return render(request, "people/mentor_end.html", {"person": found, "tab": "mentors", "form": form, "pairing": kept})


@require_safe
def own_pairings(request: HttpRequest) -> HttpResponse:
    """Whom a mentor works with, by what they like to be called and nothing else of their record."""
    found = list(queries.own_pairings(request.user))
    audit.record_list_read(
        action="own_mentoring_listed",
        by=request.user,
        organisations={each.person.organisation for each in found},
        details={"people": len(found)},
    )
    return render(request, "people/mentor_own.html", {"pairings": found})


@sensitive_post_parameters()
def log_own_session(request: HttpRequest, own_pairing: int) -> HttpResponse:
    """They met, as the mentor writes it down."""
    kept = queries.own_pairings(request.user).filter(pk=own_pairing).first()
    if kept is None:
        raise Http404("There is nobody here with whom you work as a mentor at the moment.")
    # What the person did with somebody else is not theirs to know.
    form = drafts.form(request, SessionForm, **_begins_with(kept.person, kept, only_with=kept))
    if saved(request, form, lambda: actions.log_session(pairing=kept, **form.told, by=request.user)):
        messages.success(request, "Saved.")
        return redirect("people:own_pairings")
    if request.method != "POST":
        audit.record_read(
            by=request.user, about=kept.person, organisation=kept.person.organisation, details={"part": "own_mentoring"}
        )
    return render(request, "people/session_own.html", {"form": form, "pairing": kept})


def _begins_with(person: Person, pairing: Pairing, *, only_with: Pairing | None = None) -> dict:
    """What a form for a session begins with: where they met last, and how each thing went last time."""
    last = pairing.sessions.order_by("met_on", "pk").last()
    return {"initial": {"where": last.where} if last else {}, "last": queries.last_tasks(person, only_with=only_with)}


def _pairing_or_404(request: HttpRequest, person: UUID, pairing: int) -> tuple[Person, Pairing]:
    found = person_or_404(request, person)
    kept = queries.pairing_of(found, pairing)
    if kept is None:
        raise Http404(NOT_FOUND)
    return found, kept
