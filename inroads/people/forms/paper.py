"""Printing, finding a paper by its code, and keying in what stands on it."""

from django import forms
from django.utils import timezone

from inroads.accounts.codes import as_kept
from inroads.design.forms import DateField
from inroads.people.forms.conversations import SAID
from inroads.people.forms.facts import LONGEST_WORDS
from inroads.people.models import Channel, PaperKind, SaidBy
from inroads.people.queries.paper import code_as_typed


class PrintForm(forms.Form):
    """What to print, and how large."""

    kind = forms.ChoiceField(
        label="What do you want to print?",
        choices=PaperKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to print"},
    )
    points = forms.TypedChoiceField(
        label="How large?",
        choices=[(12, "Usual, 12 point"), (18, "Large, 18 point"), (24, "Very large, 24 point")],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a size"},
    )


class CodeForm(forms.Form):
    """The code in the corner of a paper."""

    code = forms.CharField(
        label="The code in the corner of the paper",
        help_text="8 letters and digits, like K7QF-2M9T, or 16 on a letter that asks for help",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Type the code in the corner of the paper"},
    )

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        # Of a paper about a person, or of a letter that asked a touchpoint.
        code = code_as_typed(typed) or as_kept(typed)
        if not code:
            raise forms.ValidationError(
                "This is not a code of ours. Check each letter: codes have no I, L, O, U, 0 or 1"
            )
        return code


class KeyForm(forms.Form):
    """The head of a filled-in paper; `questions` adds a tick and words for each, in the order of the paper.

    Each question is a key, a legend and its boxes; boxes may be None where only words are written.
    """

    said_on = DateField(label="Date on the paper", help_text="For example, 27 3 2026")
    said_by = forms.ChoiceField(
        label="Whose answers are they?", choices=SaidBy.choices, widget=forms.RadioSelect, initial=SaidBy.PERSON
    )
    channel = forms.ChoiceField(
        label="How were they given?",
        choices=[(Channel.PAPER, "Filled in on paper"), (Channel.PHONE, "By phone, ticked by whoever asked")],
        widget=forms.RadioSelect,
        initial=Channel.PAPER,
    )
    present_words = forms.CharField(
        label="Who helped, or asked? (optional)", max_length=200, required=False, help_text="As it stands on the paper"
    )

    def __init__(
        self, *args, questions: list[tuple[str, str, list | None]], channel: str, choices: bool = False, **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        if choices:
            # Staff never choose for anybody.
            self.fields["said_by"].choices = [each for each in SaidBy.choices if each[0] != SaidBy.STAFF]
        self.fields["channel"].initial = channel
        self.keys = [key for key, _, _ in questions]
        for number, (key, legend, boxes) in enumerate(questions, 1):
            if boxes is not None:
                self.fields[f"tick_{key}"] = forms.ChoiceField(
                    label=f"{number}. {legend}",
                    choices=[*boxes, ("", "Nothing is ticked")],
                    required=False,
                    widget=forms.RadioSelect,
                )
            self.fields[f"words_{key}"] = forms.CharField(
                label="Words on the paper (optional)" if boxes is not None else f"{number}. {legend}",
                required=False,
                widget=forms.Textarea,
                max_length=LONGEST_WORDS,
                strip=False,
            )

    def clean_said_on(self):
        day = self.cleaned_data["said_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("The date on the paper must be today or in the past")
        return day


ANSWER_BOXES = SAID
