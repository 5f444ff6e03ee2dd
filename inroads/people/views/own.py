"""A person's own pages: their choices, their plan, what they told us. Those they trust see as much as was agreed."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.saving import saved
from inroads.people.actions import choices as actions
from inroads.people.actions.records import end_trust as end_trust_now
from inroads.people.actions.records import use_own_code
from inroads.people.actions.referrals import withdraw_referral
from inroads.people.forms.choices import CodeForm, OwnChoiceForm, as_chosen
from inroads.people.models import Channel, Person, TrustedPerson
from inroads.people.presenters import choices as presenters
from inroads.people.presenters import own as own_presenters
from inroads.people.queries import choices as queries
from inroads.people.queries.reachable import how_to_reach
from inroads.people.queries.record import record_of
from inroads.people.queries.records import own_records
from inroads.people.views.access import note_reading


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Own records: with one, straight to it; with none, how to get to it."""
    found = own_records(request.user)
    if len(found) == 1:
        return redirect("people:own_record", person=found[0][0].pk)
    return render(request, "people/own.html", {"records": found})


@sensitive_post_parameters()
def own_code(request: HttpRequest) -> HttpResponse:
    """Type the code that staff gave; from then on this account leads to the record."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = use_own_code(typed=form.cleaned_data["typed"], by=request.user)
        except Refused as refusal:
            form.add_error("typed", str(refusal))
        else:
            messages.success(request, "The code worked. This page is yours from now on.")
            return redirect("people:own_record", person=person.pk)
    return render(request, "people/own_code.html", {"form": form})


@require_safe
def own_record(request: HttpRequest, person: UUID) -> HttpResponse:
    """My choices, my plan, and, for the person alone, how I like to be contacted and whom I trust."""
    found, trusted = _own_or_404(request, person)
    note_reading(request, found, "own page")
    record = record_of(found)
    context = {
        "person": found,
        "trusted": trusted,
        "may_change": trusted is None or trusted.may_change,
        "pathways": presenters.pathway_cards(record),
        "plan": own_presenters.plan(record, alone=trusted is None),
        "how_to_reach": own_presenters.contact(record) if trusted is None else None,
        "trusted_people": record.trusted if trusted is None else [],
        "passed_on": own_presenters.passed_on(found) if trusted is None else [],
        "borrowed": own_presenters.borrowed(found) if trusted is None else [],
        "reach": how_to_reach(found.organisation),
        "several": len(own_records(request.user)) > 1,
        "today": timezone.localdate(),
    }
    return render(request, "people/own_record.html", context)


@sensitive_post_parameters()
def own_choose(request: HttpRequest, person: UUID, stage: int) -> HttpResponse:
    """Change a choice in one step. Not there for somebody who may only look."""
    found, trusted = _own_or_404(request, person)
    record = record_of(found)
    at = queries.stage_of(record, stage)
    if at is None or (trusted is not None and not trusted.may_change):
        raise Http404("There is no such choice that you may change.")
    # What makes a way hard is an answer: nobody else reads it here.
    lines = presenters.way_lines(at, record, with_answers=trusted is None)
    held = record.choices.get(at.pk)
    form = drafts.form(
        request, OwnChoiceForm, initial=as_chosen(held), question=at.question, ways=[line.option for line in lines]
    )
    if saved(
        request,
        form,
        lambda: actions.record_choice(
            person=found,
            stage=at,
            **form.chosen(),
            explained_in=presenters.format_on_screen(record),
            channel=Channel.SCREEN,
            by=request.user,
        ),
    ):
        messages.success(request, "Saved. You can change it again at any time.")
        return redirect("people:own_record", person=found.pk)
    if request.method != "POST":
        note_reading(request, found, "own page")
    context = {"person": found, "trusted": trusted, "stage": at, "form": form, "lines": lines, "held": held}
    return render(request, "people/own_choose.html", context)


@require_safe
def own_told(request: HttpRequest, person: UUID) -> HttpResponse:
    """What the person told us, the last answer to each question. For the person alone."""
    found, trusted = _own_or_404(request, person)
    if trusted is not None:
        raise Http404("Only the person themself sees what they told us.")
    note_reading(request, found, "own answers")
    context = {"person": found, "told": own_presenters.told(record_of(found))}
    return render(request, "people/own_told.html", context)


@require_POST
def own_end_trust(request: HttpRequest, person: UUID, trusted: int) -> HttpResponse:
    """The person takes back what they agreed to, in one step."""
    found, as_trusted = _own_or_404(request, person)
    ended = found.trusted_people.filter(pk=trusted).first()
    if as_trusted is not None or ended is None:
        raise Http404("There is nobody with this number among the people you trust.")
    end_trust_now(trusted=ended, by=request.user)
    messages.success(request, f"Done. {ended.name} cannot see this page any more.")
    return redirect("people:own_record", person=found.pk)


@require_POST
def own_take_back(request: HttpRequest, person: UUID, referral: UUID) -> HttpResponse:
    """The person does not want to be passed on any more, in one step."""
    found, trusted = _own_or_404(request, person)
    kept = found.referrals.filter(pk=referral).first()
    if trusted is not None or kept is None:
        raise Http404("There is no such question of yours.")
    try:
        withdraw_referral(referral=kept, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Taken back. They see nothing about you any more.")
    return redirect("people:own_record", person=found.pk)


def _own_or_404(request: HttpRequest, person: UUID) -> tuple[Person, TrustedPerson | None]:
    """The record, and what was agreed where it is not the reader's own. Anybody else learns nothing."""
    for found, trusted in own_records(request.user):
        if found.pk == person:
            return found, trusted
    raise Http404("There is no such page of yours.")
