"""Drop-ins: where one can come without asking first, and how many came."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import drafts
from inroads.accounts.actions import Refused
from inroads.accounts.saving import saved
from inroads.people.actions import drop_ins as actions
from inroads.people.forms.drop_ins import AttendanceForm, DropInForm
from inroads.people.models import DropIn
from inroads.people.presenters.mentors import drop_in_line
from inroads.people.queries import drop_ins as queries
from inroads.people.views.mentors import neighbourhoods_kept


@require_safe
def drop_ins(request: HttpRequest) -> HttpResponse:
    """The drop-ins this reader keeps, the next one first."""
    lines = [drop_in_line(each) for each in queries.counted_by(request.user)]
    return render(request, "people/drop_ins.html", {"lines": lines})


def add_drop_in(request: HttpRequest) -> HttpResponse:
    """Another one."""
    form = drafts.form(request, DropInForm, by=request.user, neighbourhoods=neighbourhoods_kept(request))
    if saved(request, form, lambda: actions.add_drop_in(**form.cleaned_data, by=request.user)):
        messages.success(request, "Saved. It is shown to everybody around who works with people.")
        return redirect("people:drop_ins")
    return render(request, "people/drop_in_add.html", {"form": form})


def count_drop_in(request: HttpRequest, drop_in: int) -> HttpResponse:
    """How many came on a day."""
    kept = _drop_in_or_404(request, drop_in)
    form = drafts.form(request, AttendanceForm)
    if saved(request, form, lambda: actions.record_attendance(drop_in=kept, **form.cleaned_data, by=request.user)):
        messages.success(request, "Saved.")
        return redirect("people:drop_ins")
    return render(request, "people/drop_in_count.html", {"form": form, "drop_in": kept})


@require_POST
def end_drop_in(request: HttpRequest, drop_in: int) -> HttpResponse:
    """It is held no more."""
    try:
        actions.end_drop_in(drop_in=_drop_in_or_404(request, drop_in), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Ended. Its counts stay.")
    return redirect("people:drop_ins")


def _drop_in_or_404(request: HttpRequest, drop_in: int) -> DropIn:
    found = queries.drop_ins_kept_by(request.user).filter(pk=drop_in).first()
    if found is None:
        raise Http404("There is no such drop-in, or it has ended. Look at the list again.")
    return found
