"""What people chose, written down by those who work with them; and at which stage people are."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.saving import saved
from inroads.people.actions import choices as actions
from inroads.people.forms.choices import ChoiceForm, as_chosen
from inroads.people.presenters import choices as presenters
from inroads.people.presenters.conversations import source
from inroads.people.queries import choices as queries
from inroads.people.queries.record import record_of
from inroads.people.views.access import note_reading, person_or_404
from inroads.reference.definitions.care import formats


@require_safe
def choices(request: HttpRequest, person: UUID) -> HttpResponse:
    """Each pathway the person is on, the current stage first, and pathways they could come to."""
    found = person_or_404(request, person)
    note_reading(request, found, "choices")
    record = record_of(found)
    context = {
        "person": found,
        "tab": "choices",
        "pathways": presenters.pathway_cards(record, queries.history(found)),
        "not_yet_on": queries.not_yet_on(record),
        "chosen_words": presenters.chosen_words,
        "source_words": source,
    }
    return render(request, "people/choices.html", context)


def come_to_stage(request: HttpRequest, person: UUID, stage: int) -> HttpResponse:
    """From now on the person is at this stage."""
    found = person_or_404(request, person)
    reached = queries.open_stage(found, stage)
    if reached is None:
        raise Http404("There is no such stage in a pathway for this person.")
    if request.method == "POST":
        actions.come_to_stage(person=found, stage=reached, by=request.user)
        messages.success(request, f"{found.known_as} is now at: {reached.title}. Ask what they would like there.")
        return redirect("people:choose", person=found.pk, stage=reached.pk)
    return render(request, "people/come_to_stage.html", {"person": found, "tab": "choices", "stage": reached})


@sensitive_post_parameters()
def choose(request: HttpRequest, person: UUID, stage: int) -> HttpResponse:
    """Which way they want at this stage. What holds now is filled in; the usual case is one tap and save."""
    found = person_or_404(request, person)
    record = record_of(found)
    at = queries.stage_of(record, stage)
    if at is None:
        raise Http404("The person is not on the pathway of this stage.")
    lines = presenters.way_lines(at, record, with_answers=True)
    held = record.choices.get(at.pk)
    initial = as_chosen(held)
    if record.preferences is not None:
        initial["explained_in"] = record.preferences.format
    form = drafts.form(request, ChoiceForm, initial=initial, question=at.question, ways=[line.option for line in lines])
    if saved(request, form, lambda: actions.record_choice(person=found, stage=at, **form.chosen(), by=request.user)):
        messages.success(request, "Saved. It can be changed at any time.")
        return redirect("people:choices", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "choices")
    liked = formats().get(record.preferences.format) if record.preferences else None
    context = {
        "person": found,
        "tab": "choices",
        "stage": at,
        "form": form,
        "lines": lines,
        "held": held,
        "liked": liked,
    }
    return render(request, "people/choose.html", context)
