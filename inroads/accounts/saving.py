"""Saving a form: what is refused is said on the form, and what was typed is let go only once it was saved."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest

from inroads.accounts import audit, drafts
from inroads.accounts.actions import Refused

T = TypeVar("T")
SENT_TWICE = "This form was saved already. To save what stands here as well, send it once more"


def saved(request: HttpRequest, form: Any, change: Callable[[], T]) -> T | None:
    """What `change` gives back where a right form was sent and nothing was refused; else None, and the form says why.

    What is refused stands beside the field it names, or above all. `change` is called only once the form was found
    right, so it may read `form.cleaned_data`.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    # One turn: of two that come at once, the second finds that it was saved.
    with transaction.atomic():
        audit.hold()
        if drafts.was_saved(request):
            form.add_error(None, SENT_TWICE)
            return None
        try:
            made = change()
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return None
        drafts.forget(request)
    return made
