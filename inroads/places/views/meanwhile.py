"""Saving a plan that somebody else may have changed meanwhile: both are then read before either is written over."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

from inroads.accounts.saving import saved
from inroads.places.actions.checks import ChangedMeanwhile
from inroads.places.forms.fields import ReadForm

Made = TypeVar("Made")


def saved_or_theirs(
    request: HttpRequest, form: ReadForm, save: Callable[[], Made], read: Callable[[Any], int]
) -> tuple[Made | None, Any]:
    """What was saved; where somebody else was first, what is kept now, which the form then knows was read.

    `read` says how much of what is kept now there is to read: what the form sends as read next time.
    """
    theirs: list[Any] = []

    def tried() -> Made:
        try:
            return save()
        except ChangedMeanwhile as changed:
            theirs.append(changed.theirs)
            form.read_again(read(changed.theirs))
            raise

    return saved(request, form, tried), theirs[0] if theirs else None
