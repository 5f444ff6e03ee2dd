"""What can be typed for a report to the board; words about people are checked against the glossary."""

from typing import Any

from django import forms
from django.utils import timezone

from inroads.design.fields import DAY_HINT, line, own_words
from inroads.design.forms import DateField
from inroads.reference.definitions.wordings import words_to_change
from inroads.systems.actions.board import MOST_ASKS


class BoardReportForm(forms.Form):
    """Which meeting, what the board is asked for, and what whoever reports adds."""

    title = line("Title of the report", "Give the report a title", longest=200)
    for_meeting_on = DateField(label="The day of the meeting", help_text=DAY_HINT)
    words = own_words(
        "What you want to add (optional)",
        help_text="In your own words. The figures and what speaks against them follow by themselves",
    )
    as_it_is = forms.BooleanField(
        label="Leave these words as they are: they are a name, or somebody else’s words", required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["for_meeting_on"].initial = timezone.localdate()
        for number in range(1, MOST_ASKS + 1):
            self.fields[f"ask_{number}"] = line(
                f"The board is asked to … ({number}{'' if number == 1 else ', optional'})",
                "Say what the board is asked for, at least one thing" if number == 1 else "",
                longest=300,
                help_text="For example: decide who answers for inclusion on the board" if number == 1 else "",
            )
        # As they stand on the page, and so in the summary of errors.
        self.order_fields(("title", "for_meeting_on", *self.ask_names(), "words", "as_it_is"))

    @staticmethod
    def ask_names() -> list[str]:
        """The names of the fields for what the board is asked."""
        return [f"ask_{number}" for number in range(1, MOST_ASKS + 1)]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("as_it_is"):
            return typed
        for name in ("title", *self.ask_names(), "words"):
            for each in words_to_change(typed.get(name) or ""):
                self.add_error(name, f"“{each.words}”: say “{each.wording.say}”. {each.wording.why}")
        return typed

    @property
    def words_found(self) -> bool:
        """Whether some word was found, so that the page offers to leave it."""
        return bool(self.data.get("as_it_is")) or any(
            "”: say “" in error for errors in self.errors.values() for error in errors
        )

    def asks(self) -> list[str]:
        """What the board is asked for, in order."""
        return [self.cleaned_data[name] for name in self.ask_names() if self.cleaned_data[name]]
