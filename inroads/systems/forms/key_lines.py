"""What can be typed about a key line of enquiry."""

from collections.abc import Sequence
from typing import Any

from django import forms

from inroads.design.fields import ReadForm, one_of, own_words
from inroads.systems.models import About, KeyAnswer, Return


class KeyLineForm(ReadForm):
    """What a system answers. `seen` is how many answers were there before typing."""

    KNOWN = "seen"

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    answer = one_of("What does the system say?", KeyAnswer.choices, "Choose what the system says")
    text = own_words(
        "In which words?",
        help_text="Copy them from the return. They may stay empty where it does not say",
    )
    about = one_of("Of whom does it speak?", About.choices, "Choose of whom it speaks")

    def __init__(self, *args: Any, returns: Sequence[Return], **options: Any) -> None:
        super().__init__(*args, **options)
        self.returns = {str(each.pk): each for each in returns}
        self.fields["of"] = forms.ChoiceField(
            label="In which return does it stand?",
            choices=[("", "In none that was loaded"), *((str(each.pk), each.title) for each in returns)],
            required=False,
            error_messages={"invalid_choice": "Choose a return of this system"},
        )

    def answered(self) -> dict[str, Any]:
        """What was typed, for the action."""
        return {**self.cleaned_data, "of": self.returns.get(self.cleaned_data["of"])}
