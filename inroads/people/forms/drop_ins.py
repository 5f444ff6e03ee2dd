"""What can be typed about drop-ins: what, where, when, and how many came."""

import re
from datetime import date, time

from django import forms
from django.utils import timezone

from inroads.accounts.models import User
from inroads.design.forms import DateField
from inroads.design.wording import WEEKDAYS
from inroads.people.actions.drop_ins import MOST_CAME
from inroads.people.forms.mentors import kept_organisations, organisation_field, whole_number
from inroads.people.models import DropIn

TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
MOST_TYPED = 2_000


class TimeField(forms.CharField):
    """A time of day as people write it: 14:00, 2pm, 2.30 pm."""

    def clean(self, value):
        typed = super().clean(value).strip()
        if not typed:
            return None
        found = TIME.fullmatch(typed) if typed.isascii() else None
        if found is None:
            raise forms.ValidationError("Enter a time, like 14:00 or 2pm")
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and not 1 <= hour <= 12:
            raise forms.ValidationError("Enter a time, like 14:00 or 2pm")
        hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
        if hour > 23 or minute > 59:
            raise forms.ValidationError("Enter a time, like 14:00 or 2pm")
        return time(hour, minute)


class DropInForm(forms.Form):
    """Something to come to without asking first."""

    organisation = organisation_field("Which organisation holds it?")
    kind = forms.ChoiceField(
        label="What is it?",
        choices=DropIn.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    for_whom = forms.ChoiceField(
        label="For whom?",
        choices=DropIn.ForWhom.choices,
        widget=forms.RadioSelect,
        initial=DropIn.ForWhom.PEOPLE,
        error_messages={"required": "Choose for whom it is"},
    )
    title = forms.CharField(
        label="What do people call it?",
        max_length=150,
        help_text="For example, Tablets and tea",
        error_messages={"required": "Enter a name by which people know it"},
    )
    where = forms.CharField(
        label="Where?", max_length=200, help_text="A place and a street", error_messages={"required": "Say where it is"}
    )
    neighbourhood = forms.ChoiceField(
        label="In which neighbourhood? (optional)",
        required=False,
        error_messages={"invalid_choice": "Choose a neighbourhood from the list"},
    )
    weekday = forms.TypedChoiceField(
        label="Every week on",
        choices=[("", "Only on single days"), *enumerate(WEEKDAYS)],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose a day of the week"},
    )
    days = forms.CharField(
        label="Or on single days (optional)",
        widget=forms.Textarea,
        max_length=MOST_TYPED,
        required=False,
        help_text="One day in each line, like 27 3 2027",
    )
    starts = TimeField(
        label="From", max_length=10, help_text="Like 14:00 or 2pm", error_messages={"required": "Enter when it begins"}
    )
    ends = TimeField(label="To", max_length=10, error_messages={"required": "Enter when it ends"})
    languages = forms.CharField(label="Which languages are spoken there? (optional)", max_length=200, required=False)
    words = forms.CharField(
        label="Anything else (optional)",
        max_length=300,
        required=False,
        help_text="For example: there is a ramp; bring nothing; tea is free",
    )

    def __init__(self, *args, by: User, neighbourhoods: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kept_organisations(self.fields["organisation"], by)
        self.fields["neighbourhood"].choices = [("", "Not known"), *neighbourhoods]

    def clean_days(self) -> list[date]:
        """The single days, one from each line."""
        found = []
        for number, line in enumerate(self.cleaned_data["days"].splitlines(), 1):
            parts = re.split(r"[\s/.\-]+", line.strip())
            if parts == [""]:
                continue
            try:
                if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
                    raise ValueError
                day, month, year = (int(part) for part in parts)
                found.append(date(year, month, day))
            except (ValueError, OverflowError):
                raise forms.ValidationError(f"Line {number} must be a real day, like 27 3 2027") from None
        return found

    def clean(self):
        typed = super().clean()
        if not self.errors.keys() & {"weekday", "days"} and typed.get("weekday") is None and not typed.get("days"):
            self.add_error("weekday", "Choose a day of the week, or enter single days")
        return typed


class AttendanceForm(forms.Form):
    """How many came. No names."""

    held_on = DateField(label="Which day?", help_text="For example, 27 3 2026")
    came = whole_number("How many people came?", least=0, most=MOST_CAME, missing="Enter how many people came")
    mentors = whole_number("How many helped?", least=0, most=MOST_CAME, missing="Enter how many helped", initial=1)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = timezone.localdate()
        self.fields["held_on"].error_messages["required"] = "Enter the day"
