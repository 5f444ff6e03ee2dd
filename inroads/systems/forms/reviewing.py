"""What can be typed about handing in, reviewing and closing an assessment."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from inroads.design.fields import one_of, own_words
from inroads.systems.models import Verdict


class SearchForm(forms.Form):
    """A name or a place, to find somebody who may review."""

    words = forms.CharField(label="Find by name or system", required=False, max_length=100)


class InviteForm(forms.Form):
    """Who is asked to review."""

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reviewer"] = one_of("Whom do you ask?", choices, "Choose whom you ask")
        self.fields["reviewer"].error_messages["invalid_choice"] = "Choose one of those who can be asked"

    def reviewer(self) -> UUID:
        """The id of whom was chosen."""
        return UUID(self.cleaned_data["reviewer"])


class SureForm(forms.Form):
    """Nothing but being sure."""


class VerdictForm(forms.Form):
    """What a reviewer says of a piece of evidence."""

    verdict = one_of("What do you see?", Verdict.choices, "Choose what you see")
    words = own_words("Why? (optional where it shows it)", help_text="The system reads this, and answers")


class RemarkForm(forms.Form):
    """Something about a criterion, from a reviewer or in answer."""

    words = own_words("What do you want to say?", "Write what you want to say")


class WholeForm(forms.Form):
    """A reviewer's word on the whole."""

    words = own_words(
        "What do you see in the whole?",
        "Say what you see in the whole",
        help_text="What is strong, what the evidence does not bear out, and what you would look at next",
    )


class HandInForm(forms.Form):
    """Words with which an assessment is handed in."""

    words = own_words("Anything a reviewer should know? (optional)")


class ReopenForm(forms.Form):
    """Why an assessment is opened again."""

    words = own_words("Why is it opened again?", "Say why it is opened again")


class CloseForm(forms.Form):
    """Words with which an assessment is closed; a reason where nobody has reviewed it."""

    def __init__(self, *args: Any, reviewed: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["words"] = (
            own_words("What did you make of the review? (optional)")
            if reviewed
            else own_words("Why is it closed without a review?", "Say why it is closed without a review")
        )
