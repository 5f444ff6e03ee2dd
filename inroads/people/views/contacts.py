"""Whom somebody rings or sees today, because nothing goes out to them by itself."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import highest_where
from inroads.people.actions import contacts as actions
from inroads.people.presenters.contacts import contact_line
from inroads.people.queries import contacts as queries


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Everybody who is to be told or asked something today, the longest due first."""
    due = list(queries.to_be_done(request.user)[: queries.MOST + 1])
    audit.record_list_read(
        action="contacts_listed",
        by=request.user,
        organisations=highest_where(request.user, Permission.WORK_WITH_PEOPLE),
        details={"people": len({each.person_id for each in due})},
    )
    context = {"lines": [contact_line(each) for each in due[: queries.MOST]], "more": len(due) > queries.MOST}
    return render(request, "people/contacts.html", context)


@require_POST
def record_contact(request: HttpRequest, contact: UUID) -> HttpResponse:
    """They were reached, or not."""
    kept = queries.to_be_done(request.user).filter(pk=contact).first()
    if kept is None:
        raise Http404("This is on your list no more. Look at the list again.")
    reached = request.POST.get("reached") == "yes"
    try:
        actions.record_contact(contact=kept, reached=reached, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Written down." if reached else "Written down. Try again in a few days.")
    return redirect("people:contacts")
