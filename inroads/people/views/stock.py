"""The lending stock: what there is, what happened to it, whose data ends, and what will be missing."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.saving import saved
from inroads.people.actions import loan_support
from inroads.people.actions import loans as loan_actions
from inroads.people.actions import stock as actions
from inroads.people.actions.bundles import HandedOver, lend_bundle
from inroads.people.forms.stock import (
    AddItemsForm,
    ConditionForm,
    DataForm,
    PlaceBundleForm,
    PlaceForm,
    WipeForm,
)
from inroads.people.models import Item, ItemState
from inroads.people.presenters import lending as presenters
from inroads.people.queries import stock as queries
from inroads.people.queries.loans import loan_visible_to
from inroads.people.views.stock_ahead import note_list
from inroads.reference.definitions.lending import kit

CHANGES: Mapping[str, tuple[Callable, str]] = {
    "wiping": (actions.begin_wipe, "Wiping has begun."),
    "returned": (loan_actions.receive, "It is back. Look at it, and wipe it where it holds data."),
    "ready": (actions.make_ready, "It is free to be lent."),
    "missing": (actions.not_found, "Noted. It stays here, in case it turns up."),
    "came_back": (actions.came_back, "Good that it is here again. Look at it, and wipe it where it holds data."),
    "retired": (actions.retire, "It is no longer used."),
}
LOAN_CHANGES: Mapping[str, tuple[Callable, str]] = {
    "longer": (loan_actions.extend, "They keep it four weeks longer."),
    "told": (loan_actions.say_place_was_told, "Noted that they were told."),
    **{
        why: (lambda loan, by, why=why: loan_support.say_gone(loan=loan, why=why, by=by), "Noted. Another can be lent.")
        for why in ("lost", "stolen", "broken")
    },
}


@require_safe
def stock(request: HttpRequest) -> HttpResponse:
    """What there is, by kind and state, and the items one by one."""
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    kind = kind if kind in kit() else ""
    state = state if state in ItemState.values else ""
    page = queries.list_items(request.user, kind=kind, state=state, after=_number(request.GET.get("after", "")))
    loans = queries.open_loans_of(page.items)
    people = queries.people_who_have(request.user, loans.values())
    note_list(request, "stock_listed", items=len(page.items), people=len(people))
    context = {
        "kinds": presenters.kind_lines(queries.counts(request.user)),
        "states": [state.label for state in ItemState],
        "lines": [presenters.item_line(each, loans.get(each.pk), people) for each in page.items],
        "more": page.more,
        "kind": kind,
        "state": state,
        "chosen": ", ".join(
            [presenters.kind_title(kind)] * bool(kind) + ([ItemState(state).label] if state else []),
        ),
    }
    return render(request, "people/stock.html", context)


def add_items(request: HttpRequest) -> HttpResponse:
    """Several items of one kind at once."""
    form = drafts.form(request, AddItemsForm, by=request.user)
    if made := saved(request, form, lambda: actions.add_items(**form.cleaned_data, by=request.user)):
        messages.success(request, f"Added: {len(made)}.")
        return redirect("people:stock")
    return render(request, "people/stock_add.html", {"form": form})


@require_safe
def item(request: HttpRequest, item: int) -> HttpResponse:
    """One item with everything that happened to it."""
    found = _item_or_404(request, item)
    loans = queries.open_loans_of([found])
    history = queries.history_of(found)
    past = [each.loan for each in history if each.loan is not None]
    people = queries.people_who_have(request.user, past)
    note_list(request, "item_read", people=len(people))
    context = {
        "item": found,
        "line": presenters.item_line(found, loans.get(found.pk), people),
        "loan": loans.get(found.pk),
        "able": presenters.can_happen(found),
        "history": [(each, people.get(each.loan.person_id) if each.loan else None) for each in history],
    }
    return render(request, "people/stock_item.html", context)


def wipe(request: HttpRequest, item: int) -> HttpResponse:
    """Proof that it was wiped."""
    found = _item_or_404(request, item)
    form = drafts.form(request, WipeForm, by=request.user)
    if saved(request, form, lambda: actions.record_wipe(item=found, **form.cleaned_data, by=request.user)):
        messages.success(request, "Saved.")
        return redirect("people:stock_item", item=found.pk)
    return render(request, "people/stock_wipe.html", {"form": form, "item": found})


def top_up(request: HttpRequest, item: int) -> HttpResponse:
    """Its data ends on another day."""
    found = _item_or_404(request, item)
    form = drafts.form(request, DataForm, initial={"ends_on": found.data_ends_on})
    if saved(request, form, lambda: loan_actions.extend_data(item=found, **form.cleaned_data, by=request.user)):
        messages.success(request, "Saved. Whoever has it is told before then.")
        return redirect("people:stock_item", item=found.pk)
    return render(request, "people/stock_top_up.html", {"form": form, "item": found})


def describe(request: HttpRequest, item: int) -> HttpResponse:
    """In what condition it is."""
    found = _item_or_404(request, item)
    form = drafts.form(request, ConditionForm, initial={"condition": found.condition})
    if saved(request, form, lambda: actions.describe(item=found, **form.cleaned_data, by=request.user)):
        messages.success(request, "Saved.")
        return redirect("people:stock_item", item=found.pk)
    return render(request, "people/stock_condition.html", {"form": form, "item": found})


def lend_to_place(request: HttpRequest, item: int) -> HttpResponse:
    """A loan to a ward or other place."""
    found = _item_or_404(request, item)
    form = drafts.form(request, PlaceForm)
    if saved(request, form, lambda: loan_actions.lend(item=found, **form.cleaned_data, by=request.user)):
        messages.success(request, "Lent.")
        return redirect("people:stock_item", item=found.pk)
    return render(request, "people/stock_lend.html", {"form": form, "item": found})


def lend_together(request: HttpRequest) -> HttpResponse:
    """Things that go together, for a ward or other place: visits by video, say."""
    choices = presenters.choices_of(queries.free_items(request.user), with_bundles=True)
    form = drafts.form(request, PlaceBundleForm, choices=choices)

    def change() -> HandedOver:
        typed = dict(form.cleaned_data)
        _, organisation, bundle = typed.pop("what").split(":", 2)
        of = next(each for each in queries.lenders(request.user) if str(each.pk) == organisation)
        return lend_bundle(bundle=bundle, organisation=of, **typed, by=request.user)

    if made := saved(request, form, change):
        messages.success(request, f"Lent: {', '.join(each.item.label for each in made.loans)}.")
        return redirect("people:stock")
    return render(request, "people/stock_place.html", {"form": form})


@require_POST
def change_item(request: HttpRequest, item: int, change: str) -> HttpResponse:
    """Something happened to an item: one button."""
    found = _item_or_404(request, item)
    if change not in CHANGES:
        raise Http404("Nothing like this happens to an item.")
    action, words = CHANGES[change]
    _say(request, lambda: action(item=found, by=request.user), words)
    return redirect("people:stock_item", item=found.pk)


@require_POST
def change_loan(request: HttpRequest, loan: UUID, change: str) -> HttpResponse:
    """Something happened to a loan to a ward or other place: one button."""
    found = loan_visible_to(request.user, loan)
    if found is None or change not in LOAN_CHANGES:
        raise Http404("There is no such loan to a ward or other place.")
    action, words = LOAN_CHANGES[change]
    _say(request, lambda: action(loan=found, by=request.user), words)
    if request.POST.get("back") == "days":
        return redirect("people:stock_days")
    return redirect("people:stock_item", item=found.item_id)


def _say(request: HttpRequest, change: Callable, words: str) -> None:
    try:
        change()
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
    else:
        messages.success(request, words)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else None


def _item_or_404(request: HttpRequest, item: int) -> Item:
    found = queries.items_visible_to(request.user).filter(pk=item).first()
    if found is None:
        raise Http404("There is no such item in a stock that you keep.")
    return found
