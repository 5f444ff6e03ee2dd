"""A code that somebody types from paper or a message."""

from typing import Any

from django import forms

from inroads.accounts.codes import OPENS, as_kept

NOT_OURS = "This is not a code of ours. Check each letter: codes have no I, L, O, U, 0 or 1"


class CodeField(forms.CharField):
    """A code as it is kept, without dashes and in capitals. `whence` is what it stands on, such as "letter"."""

    def __init__(self, *, whence: str, **options: Any) -> None:
        super().__init__(
            label=f"The code from your {whence}",
            help_text=f"{OPENS} letters and digits in four groups",
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": f"Type the code from your {whence}"},
            **options,
        )

    def clean(self, value: Any) -> str:
        code = as_kept(super().clean(value))
        if not code:
            raise forms.ValidationError(NOT_OURS)
        return code
