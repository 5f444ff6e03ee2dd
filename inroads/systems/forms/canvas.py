"""What can be typed into a cell of the canvas."""

from typing import Any

from django import forms

from inroads.design.fields import ReadForm, line, own_words
from inroads.systems.models import CanvasCell


class CellForm(ReadForm):
    """One cell. `version` is the one that was read before typing, 0 where nothing stood there."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    strengths = own_words("What goes well?", help_text="In your own words. A few short lines are enough")
    gaps = own_words("What is missing?")
    next = own_words("What comes next?", help_text="Who does what by when")
    said_by = line(
        "Who was in the room? (optional)",
        longest=300,
        help_text="Groups and roles, for example: two mentors, the carers’ group. No names of people who need services",
    )

    def cell(self) -> dict[str, Any]:
        """What was typed, for the action."""
        return dict(self.cleaned_data)


def initial_of(row: CanvasCell | None) -> dict[str, Any]:
    """What the form shows of a cell as it stands."""
    if row is None:
        return {"version": 0}
    return {name: getattr(row, name) for name in ("version", "strengths", "gaps", "next", "said_by")}
