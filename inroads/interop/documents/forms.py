"""What can be typed when a return is loaded."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django import forms

from inroads.design.fields import line
from inroads.interop.documents.model import LARGEST, MIB
from inroads.interop.open_data.problems import printable
from inroads.reference.models import Organisation
from inroads.systems.models import Wave

# More is not sent as typed text; it fits into a file.
LONGEST_PASTED = 400_000
ONE_OF_BOTH = "Choose a file, or paste the text"


class NewReturnForm(forms.Form):
    """A return: of which wave and system, what it is called, and its words in a file or pasted."""

    wave = forms.ChoiceField(label="Wave", error_messages={"required": "Choose the wave"})
    organisation = forms.ChoiceField(label="System", error_messages={"required": "Choose the system that returned it"})
    title = line("Name of the return", "Give the return a name", longest=200)
    file = forms.FileField(
        label="File",
        help_text=f"A PDF, Word file (.docx) or plain text. Up to {LARGEST // MIB} MB",
        required=False,
        error_messages={
            "empty": "The file is empty. Choose another, or paste the text",
            "max_length": "The name of the file is too long. Give it a shorter name",
        },
    )
    text = forms.CharField(
        label="Or paste its text",
        help_text="Leave an empty line between paragraphs",
        widget=forms.Textarea,
        max_length=LONGEST_PASTED,
        required=False,
        strip=False,
        error_messages={
            "max_length": f"Paste {LONGEST_PASTED:,} characters at most. Save a longer text as a file, and choose that"
        },
    )

    def __init__(self, *args: Any, waves: Sequence[Wave], systems: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waves = {str(each.pk): each for each in waves}
        self.systems = {str(each.pk): each for each in systems}
        for name, known in (("wave", self.waves), ("organisation", self.systems)):
            choices = [(key, getattr(each, "title", "") or each.name) for key, each in known.items()]
            self.fields[name].choices = choices if len(choices) == 1 else [("", "Choose one"), *choices]

    def clean_file(self) -> Any:
        """The file, not too large."""
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(
                f"The file is larger than {LARGEST // MIB} MB. Save it without pictures, or load it in parts"
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Words came one way, and not two."""
        typed = super().clean()
        given = [bool(typed.get("file")), bool((typed.get("text") or "").strip())]
        if not self.errors.keys() & {"file", "text"}:
            if not any(given):
                self.add_error("file", ONE_OF_BOTH)
            elif all(given):
                self.add_error(
                    "text", "There is a file and a pasted text. Keep one of them, so that we know which counts"
                )
        return typed

    def file_name(self) -> str:
        """What the file is called, without where it lay."""
        file = self.cleaned_data["file"]
        return printable(Path(file.name).name)[-200:] if file else ""
