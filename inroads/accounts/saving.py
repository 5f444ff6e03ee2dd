"""Saving a form: what is refused is said on the form, and what was typed is let go only once it was saved."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest

from inroads.accounts import audit, drafts
from inroads.accounts.actions import Refused
from inroads.accounts.checks import ChangedMeanwhile
from inroads.design.fields import ReadForm

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


def saved_or_theirs(
    request: HttpRequest, form: ReadForm, save: Callable[[], T], read: Callable[[Any], int]
) -> tuple[T | None, Any]:
    """What was saved; where somebody else was first, what is kept now, which the form then knows was read.

    `read` says how much of what is kept now there is to read: what the form sends as read next time.
    """
    theirs: list[Any] = []

    def tried() -> T:
        try:
            return save()
        except ChangedMeanwhile as changed:
            theirs.append(changed.theirs)
            form.read_again(read(changed.theirs))
            raise

    return saved(request, form, tried), theirs[0] if theirs else None
