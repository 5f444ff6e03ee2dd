"""What can be typed about waves of the landscape."""

from typing import Any

from django import forms
from django.utils import timezone

from inroads.design.fields import DAY_HINT, line, one_of
from inroads.design.forms import DateField
from inroads.systems.actions.wave_files import MOST_BYTES
from inroads.systems.models import Basis, Needle

BASES = [(each.value, each.label) for each in (Basis.ASSESSMENTS, Basis.RETURNS, Basis.FILE)]


class WaveForm(forms.Form):
    """A new wave."""

    title = line("Name of the wave", "Give the wave a name", longest=200, help_text="For example, Spring 2026")
    on = DateField(label="The day", help_text=f"Systems are looked at as they stood at the end of this day. {DAY_HINT}")
    basis = one_of("What does it rest on?", BASES, "Choose what it rests on")
    needle = one_of("If it rests on self-assessments: which needle places the systems?", Needle.choices)
    source = line(
        "Where do the scores come from? (optional, but needed for a file)",
        longest=300,
        help_text="Who worked them out, how, and where that can be read",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].initial = timezone.localdate()
        self.fields["needle"].initial = Needle.EVIDENCED


class ScoresForm(forms.Form):
    """Scores of a wave, as a file."""

    file = forms.FileField(
        label="The file",
        help_text="CSV with the columns system, criterion and level. Up to 5 MB",
        error_messages=dict.fromkeys(("required", "missing", "invalid"), "Choose a file")
        | {"empty": "The file is empty. Choose one with scores"},
    )

    def clean_file(self) -> bytes:
        """What is in the file."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("The file is larger than 5 MB")
        return file.read()
