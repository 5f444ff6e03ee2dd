"""What a person has on loan: lending, keeping longer, swapping, and help at once when something is gone."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.saving import saved
from inroads.design.documents import POINTS, pdf, pdf_response
from inroads.people.actions import bundles as bundle_actions
from inroads.people.actions import loan_support
from inroads.people.actions import loans as actions
from inroads.people.forms.lending import GoneForm, HandOverForm, LendForm, LongerForm, ReserveForm, SwapForm
from inroads.people.models import Item, Loan, Person
from inroads.people.presenters import lending as presenters
from inroads.people.queries import loans as queries
from inroads.people.queries.stock import free_items, items_visible_to, lenders
from inroads.people.views.access import note_reading, person_or_404
from inroads.reference.models import Organisation

CHANGES: Mapping[str, tuple[Callable, str]] = {
    "longer": (actions.extend, "They keep it four weeks longer."),
    "returned": (actions.give_back, "It is back. Look at it, and wipe it where it holds data."),
    "theirs": (actions.make_theirs, "It is theirs now."),
    "free": (actions.free, "It is free for somebody else."),
}
NONE_FREE = "There is none free of this any more. Choose something else, or put down that they wait"


@require_safe
def loans(request: HttpRequest, person: UUID) -> HttpResponse:
    """What they have, what is kept for them, what they wait for, and what was."""
    found = person_or_404(request, person)
    note_reading(request, found, "loans")
    lines = [presenters.loan_line(each) for each in queries.loans_of(found)]
    waits = [(each, presenters.kind_title(each.kind)) for each in queries.waits_of(found)]
    context = {
        "open": [each for each in lines if not each.ended],
        "over": [each for each in lines if each.ended],
        "waits": waits,
        "sizes": POINTS,
    }
    return _shown(request, "loans", found, **context)


@sensitive_post_parameters()
def lend(request: HttpRequest, person: UUID) -> HttpResponse:
    """Something, or several things together, are lent now."""
    found = person_or_404(request, person)
    free = list(free_items(request.user))
    form = drafts.form(request, LendForm, choices=presenters.choices_of(free, with_bundles=True))
    if made := saved(request, form, lambda: _lend(request, found, form.cleaned_data)):
        messages.success(request, _lent_words(made))
        return redirect("people:loans", person=found.pk)
    stocked = set(items_visible_to(request.user).order_by().values_list("organisation", "kind").distinct())
    missing = presenters.none_free(free, lenders(request.user), stocked)
    return _shown(request, "loan_lend", found, form=form, missing=missing)


@sensitive_post_parameters()
def reserve(request: HttpRequest, person: UUID) -> HttpResponse:
    """Something is kept for them until a day."""
    found = person_or_404(request, person)
    form = drafts.form(request, ReserveForm, choices=presenters.choices_of(free_items(request.user)))
    if saved(
        request,
        form,
        lambda: actions.reserve(
            item=_chosen(request, form.cleaned_data),
            person=found,
            for_day=form.cleaned_data["for_day"],
            by=request.user,
        ),
    ):
        messages.success(request, "Kept for them.")
        return redirect("people:loans", person=found.pk)
    return _shown(request, "loan_reserve", found, form=form)


@sensitive_post_parameters()
def hand_over(request: HttpRequest, person: UUID, loan: UUID) -> HttpResponse:
    """What was kept for them is lent now."""
    found, kept = _loan_or_404(request, person, loan)
    form = drafts.form(request, HandOverForm)
    if saved(request, form, lambda: actions.hand_over(loan=kept, **form.cleaned_data, by=request.user)):
        messages.success(request, "Lent.")
        return redirect("people:loans", person=found.pk)
    return _shown(request, "loan_hand_over", found, form=form, line=presenters.loan_line(kept))


def longer(request: HttpRequest, person: UUID, loan: UUID) -> HttpResponse:
    """They keep it until another day, or for as long as it helps."""
    found, kept = _loan_or_404(request, person, loan)
    form = drafts.form(request, LongerForm, initial={"due_on": kept.due_on})

    def change() -> Loan:
        day = form.cleaned_data["due_on"]
        return actions.extend(loan=kept, due_on=day, open_end=day is None, by=request.user)

    if saved(request, form, change):
        messages.success(request, "Saved.")
        return redirect("people:loans", person=found.pk)
    return _shown(request, "loan_longer", found, form=form, line=presenters.loan_line(kept))


@sensitive_post_parameters()
def gone(request: HttpRequest, person: UUID, loan: UUID) -> HttpResponse:
    """Lost, stolen, sold or broken: noted, a step of the plan to help, and another can be lent at once."""
    found, kept = _loan_or_404(request, person, loan)
    others = {str(each.pk): each for each in queries.beside(kept)}
    beside = [(key, f"{presenters.kind_title(each.item.kind)}, {each.item.label}") for key, each in others.items()]
    form = drafts.form(request, GoneForm, beside=beside)

    def change() -> Loan:
        typed = dict(form.cleaned_data)
        also = [others[key] for key in typed.pop("also", [])]
        return loan_support.say_gone(loan=kept, also=also, **typed, by=request.user)

    if saved(request, form, change):
        messages.success(request, "Thank you for telling us. It is in the plan. Another can be lent now.")
        return redirect("people:loans", person=found.pk)
    return _shown(request, "loan_gone", found, form=form, line=presenters.loan_line(kept))


@sensitive_post_parameters()
def swap(request: HttpRequest, person: UUID, loan: UUID) -> HttpResponse:
    """One for another."""
    found, kept = _loan_or_404(request, person, loan)
    form = drafts.form(request, SwapForm, choices=presenters.choices_of(free_items(request.user)))

    def change() -> Loan:
        typed = dict(form.cleaned_data)
        item = _chosen(request, {"what": typed.pop("what"), "label": typed.pop("label")})
        return loan_support.swap(loan=kept, item=item, **typed, by=request.user)

    if saved(request, form, change):
        messages.success(request, "Swapped.")
        return redirect("people:loans", person=found.pk)
    return _shown(request, "loan_swap", found, form=form, line=presenters.loan_line(kept))


@require_POST
def change(request: HttpRequest, person: UUID, loan: UUID, change: str) -> HttpResponse:
    """Something happened to a loan: one button."""
    found, kept = _loan_or_404(request, person, loan)
    if change not in CHANGES:
        raise Http404("Nothing like this happens to a loan.")
    action, words = CHANGES[change]
    try:
        action(loan=kept, by=request.user)
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
    else:
        messages.success(request, words)
    if request.POST.get("back") == "days":
        return redirect("people:stock_days")
    return redirect("people:loans", person=found.pk)


@require_POST
def wait(request: HttpRequest, person: UUID, organisation: UUID, kind: str) -> HttpResponse:
    """They would like to borrow what is not there now."""
    found = person_or_404(request, person)
    of = next((each for each in lenders(request.user) if each.pk == organisation), None)
    if of is None:
        raise Http404("You do not keep this stock.")
    try:
        bundle_actions.wait_for(person=found, kind=kind, organisation=of, by=request.user)
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
    else:
        messages.success(request, "Put down that they wait for one.")
    return redirect("people:loans", person=found.pk)


@require_POST
def end_wait(request: HttpRequest, person: UUID, waiting: int) -> HttpResponse:
    """They do not wait for it any more."""
    found = person_or_404(request, person)
    kept = queries.waiting_of(found, waiting)
    if kept is None:
        raise Http404("They do not wait for this.")
    bundle_actions.end_waiting(waiting=kept, by=request.user)
    messages.success(request, "They do not wait for it any more.")
    return redirect("people:loans", person=found.pk)


@require_safe
def slip(request: HttpRequest, person: UUID, loan: UUID, points: int) -> HttpResponse:
    """A paper about what they have, handed over at the same time, with what we promise."""
    found, kept = _loan_or_404(request, person, loan)
    if points not in POINTS:
        raise Http404("Papers are printed in 12, 18 or 24 point.")
    note_reading(request, found, "loan_slip")
    context = presenters.slip(found, [kept, *queries.beside(kept)], points)
    content = pdf("people/print/loan.html", context, points=points)
    return pdf_response(content, f"loan-{context['document']['code']}.pdf")


def _lend(request: HttpRequest, person: Person, typed: dict) -> list[Loan] | bundle_actions.HandedOver:
    what, organisation, name = typed["what"].split(":", 2)
    agreed, due_on = typed["agreed"], typed["due_on"]
    if what == "kit":
        item = _chosen(request, typed)
        return [actions.lend(item=item, person=person, agreed=agreed, due_on=due_on, by=request.user)]
    if typed["label"].strip():
        raise Refused("Several things have no one label. Leave it empty, or lend them one by one", field="label")
    return bundle_actions.lend_bundle(
        bundle=name,
        organisation=_organisation(request, organisation),
        person=person,
        agreed=agreed,
        due_on=due_on,
        partly=typed["partly"],
        by=request.user,
    )


def _chosen(request: HttpRequest, typed: dict) -> Item:
    """The item with the label that was typed, else the first free one of the kind that was chosen. Raises `Refused`."""
    _, organisation, kind = typed["what"].split(":", 2)
    free = free_items(request.user, kind=kind).filter(organisation=organisation)
    label = " ".join(typed["label"].split())
    if label:
        free = free.filter(label__iexact=label)
    item = free.first()
    if item is None and label:
        raise Refused("None of these that is free has this label. Check it, or leave it empty", field="label")
    if item is None:
        raise Refused(NONE_FREE, field="what")
    return item


def _organisation(request: HttpRequest, organisation: str) -> Organisation:
    return next(each for each in lenders(request.user) if str(each.pk) == organisation)


def _lent_words(made: list[Loan] | bundle_actions.HandedOver) -> str:
    if isinstance(made, list):
        return "Lent."
    words = ["Lent."]
    if made.missing:
        words.append("They wait for what is missing.")
    if made.mentors_missing:
        words.append("To find somebody who shows them how is in the plan.")
    return " ".join(words)


def _shown(request: HttpRequest, template: str, person: Person, **context) -> HttpResponse:
    return render(request, f"people/{template}.html", {"person": person, "tab": "loans"} | context)


def _loan_or_404(request: HttpRequest, person: UUID, loan: UUID) -> tuple[Person, Loan]:
    found = person_or_404(request, person)
    kept = queries.loan_of(found, loan)
    if kept is None:
        raise Http404("There is no such loan of this person.")
    return found, kept
