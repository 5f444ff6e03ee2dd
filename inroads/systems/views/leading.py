"""Leadership of a system: who holds which role, what hangs on one person, and where it stands on an agenda."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from inroads.accounts import drafts
from inroads.accounts.permissions import Permission
from inroads.accounts.saving import saved, saved_or_theirs
from inroads.reference.models import Organisation
from inroads.systems.actions import leading as actions
from inroads.systems.forms.leading import AgendaForm, BecameForm, EndForm, HoldForm, initial_of
from inroads.systems.models import AgendaItem, RoleHeld
from inroads.systems.permissions import may_assess
from inroads.systems.presenters import leading as presenters
from inroads.systems.queries import leading as queries
from inroads.systems.views.opening import of_a_system, page_of

NOT_FOUND = "There is no such role or meeting among those you may see."
# As many meetings as stand on the page of leadership; all of them are on a page of their own.
LAST = 5
ON_A_PAGE = 20


@require_safe
@of_a_system(inside=True)
def leadership(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Who holds which role, what hangs on one person, and when the board last had it."""
    today = timezone.localdate()
    standing = queries.standing_roles(system, today)
    agenda = queries.agenda(system, today)
    context = {
        "roles": [presenters.role(each, today) for each in standing],
        "not_said": presenters.not_said(standing),
        "hanging": [(presenters.whom(each), each) for each in queries.hanging(system, today)],
        "board_had_it": presenters.board_had_it(agenda),
        "due": _shown(agenda.due, today),
        "last": _shown(queries.agenda_items(system).exclude(pk__in=[each.pk for each in agenda.due])[:LAST], today),
        "may_write": may_assess(request.user, system),
    }
    return page_of(request, "systems/leadership.html", system, **context)


@sensitive_post_parameters()
@of_a_system(Permission.ASSESS, inside=True)
def hold(request: HttpRequest, system: Organisation, post: str) -> HttpResponse:
    """Who holds a role from now on, or what changed about it. Where somebody else wrote meanwhile, both are shown."""
    today = timezone.localdate()
    standing = _role_or_404(system, post)
    form = drafts.form(request, HoldForm, initial=initial_of(_chosen(request, standing), standing.newest))
    made, theirs = saved_or_theirs(
        request,
        form,
        lambda: actions.hold_role(organisation=system, role=post, by=request.user, **form.holding()),
        lambda rows: max((each.pk for each in rows), default=0),
    )
    if made:
        messages.success(request, "Saved. Who stood here before is kept.")
        return redirect("systems:leadership", system=system.pk)
    shown = _role_or_404(system, post) if theirs is not None else standing
    context = {
        "form": form,
        "system": system,
        "role": presenters.role(shown, today),
        "meanwhile": theirs is not None,
    }
    return render(request, "systems/leadership_hold.html", context)


@sensitive_post_parameters()
@of_a_system(Permission.ASSESS, inside=True)
def end(request: HttpRequest, system: Organisation, role: int) -> HttpResponse:
    """Somebody stops holding a role."""
    held = _held_or_404(system, role)
    form = drafts.form(request, EndForm)
    if saved(request, form, lambda: actions.end_role(held=held, on=form.cleaned_data["on"], by=request.user)):
        messages.success(request, "Ended. It stays to be read. If nobody holds the role now, you can say so.")
        return redirect("systems:leadership", system=system.pk)
    title = next((each.title for each in queries.roles() if each.id == held.role), held.role)
    return render(
        request, "systems/leadership_end.html", {"form": form, "system": system, "held": held, "title": title}
    )


@require_safe
@of_a_system(inside=True)
def agenda(request: HttpRequest, system: Organisation) -> HttpResponse:
    """Every meeting on whose agenda it stood, a page at a time."""
    today = timezone.localdate()
    found = Paginator(queries.agenda_items(system), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": found,
        "items": _shown(found.object_list, today),
        "board_had_it": presenters.board_had_it(queries.agenda(system, today)),
        "may_write": may_assess(request.user, system),
    }
    return page_of(request, "systems/agenda.html", system, **context)


@sensitive_post_parameters()
@of_a_system(Permission.ASSESS, inside=True)
def put(request: HttpRequest, system: Organisation) -> HttpResponse:
    """A meeting on whose agenda it stood."""
    form = drafts.form(request, AgendaForm)
    if saved(request, form, lambda: actions.put_on_agenda(organisation=system, by=request.user, **form.item())):
        messages.success(request, "Saved.")
        return redirect("systems:agenda", system=system.pk)
    return render(request, "systems/agenda_new.html", {"form": form, "system": system})


@sensitive_post_parameters()
@of_a_system(Permission.ASSESS, inside=True)
def became(request: HttpRequest, system: Organisation, item: int) -> HttpResponse:
    """What became of a decision."""
    found = queries.agenda_item_of(system, item)
    if found is None:
        raise Http404(NOT_FOUND)
    if found.became_at is not None and request.method == "GET":
        messages.info(request, "Somebody said already what became of it. It stands below.")
        return redirect("systems:agenda", system=system.pk)
    form = drafts.form(request, BecameForm)
    if saved(request, form, lambda: actions.became(item=found, words=form.cleaned_data["words"], by=request.user)):
        messages.success(request, "Saved.")
        return redirect("systems:agenda", system=system.pk)
    return render(request, "systems/agenda_became.html", {"form": form, "system": system, "item": found})


def _shown(items, today) -> list[tuple[AgendaItem, str]]:
    """Meetings, each with when its decision is looked at again."""
    return [(each, presenters.look_again(each, today)) for each in items]


def _role_or_404(system: Organisation, post: str) -> queries.RoleStanding:
    today = timezone.localdate()
    found = next((each for each in queries.standing_roles(system, today) if each.role.id == post), None)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def _held_or_404(system: Organisation, role: int) -> RoleHeld:
    found = queries.held_of(system, role)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def _chosen(request: HttpRequest, standing: queries.RoleStanding) -> RoleHeld | None:
    """Whose row the form begins with: the one named in the address, or the one who holds a role that only one holds."""
    rows = [each.row for each in standing.holders]
    if not standing.role.several:
        return rows[0] if rows else None
    return next((each for each in rows if str(each.pk) == request.GET.get("of", "")), None)
