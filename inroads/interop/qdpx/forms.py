"""Files of other programs, as they are chosen."""

from typing import Any

from django import forms

from inroads.interop.qdpx.intake import LARGEST
from inroads.interop.qdpx.package import MIB

_CHOOSE = "Choose the file"


class ChosenFileForm(forms.Form):
    """One file, not too large. `label` and `hint` say which."""

    file = forms.FileField(
        error_messages=dict.fromkeys(("required", "missing", "invalid"), _CHOOSE)
        | {
            "empty": "The file is empty. Export it again, and choose that",
            "max_length": "The name of the file is too long. Give it a shorter name",
        }
    )

    def __init__(self, *args: Any, label: str, hint: str, largest: int = LARGEST, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._largest = largest
        self.fields["file"].label = label
        self.fields["file"].help_text = f"{hint}. Up to {largest // MIB} MB"

    def clean_file(self) -> Any:
        """The file, not too large."""
        file = self.cleaned_data["file"]
        if file.size > self._largest:
            raise forms.ValidationError(
                f"The file is larger than {self._largest // MIB} MB. Export it without its media"
            )
        return file
