"""The audit trail on screen, and the check of its chain."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from inroads.accounts import audit
from inroads.accounts.permissions import Permission, permissions_of
from inroads.accounts.presenters import audit_rows
from inroads.accounts.queries import audit_visible_to, highest_where

PAGE = 50


def trail(request: HttpRequest) -> HttpResponse:
    """The newest entries this user may see, 50 at a time; `?before=120` shows those older than entry 120.

    That they were read is an entry as well, one for each opening.
    """
    entries = audit_visible_to(request.user)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        entries = entries.filter(number__lt=int(before))
    else:
        before = ""
    found = list(entries[: PAGE + 1])
    shown = found[:PAGE]
    audit.record_list_read(
        action="audit_trail_read",
        by=request.user,
        organisations=highest_where(request.user, Permission.SEE_AUDIT_TRAIL),
        details={"entries": len(shown), "before": int(before) if before else None},
    )
    return render(
        request,
        "accounts/audit.html",
        {
            "rows": audit_rows(shown, viewer=request.user),
            "older": shown[-1].number if len(found) > PAGE else None,
            "is_first_page": not before,
            "may_verify": Permission.VERIFY_AUDIT_TRAIL in permissions_of(request.user),
        },
    )


def check(request: HttpRequest) -> HttpResponse:
    """Read the whole chain when asked to, and say in words what was checked."""
    outcome = audit.inspect() if request.method == "POST" else None
    if outcome is not None:
        audit.record(
            action="audit_trail_checked",
            by=request.user,
            details={"ok": outcome.ok, "count": outcome.count, "first_bad": outcome.first_bad},
        )
    return render(request, "accounts/audit_check.html", {"outcome": outcome})
