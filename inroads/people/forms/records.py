"""What can be typed about who somebody is, how they like to be told things, whom they trust, and when they are seen."""

from datetime import datetime, time

import nhs_number as nhs
from django import forms
from django.utils import timezone

from inroads.accounts.models import User
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import organisations_where
from inroads.design.forms import DateField
from inroads.people.forms.facts import LONGEST_WORDS, SaidForm
from inroads.people.models import ContactWay
from inroads.people.queries.records import nhs_digits
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, formats
from inroads.reference.models import Organisation

NOT_KNOWN = ("", "Not known")


class FindForm(forms.Form):
    """Find somebody by name or NHS number. Sent as POST: neither belongs in a web address."""

    typed = forms.CharField(
        label="Find a person",
        help_text="Part of a name, or a whole NHS number",
        max_length=100,
        error_messages={"required": "Type part of a name, or a whole NHS number"},
    )


class DetailsForm(forms.Form):
    """Who somebody is. Only the name is needed: anything else may stay unknown."""

    full_name = forms.CharField(
        label="Full name",
        max_length=150,
        error_messages={"required": "Enter the person's name, or the one they want to be known by"},
    )
    known_as = forms.CharField(
        label="What they like to be called (optional)", max_length=60, required=False, help_text="Shown on every page"
    )
    born_on = DateField(label="Date of birth (optional)", required=False, help_text="For example, 27 3 1984")
    nhs_number = forms.CharField(
        label="NHS number (optional)",
        max_length=20,
        required=False,
        help_text="10 digits, like 943 476 5919. It is shown whole only on this page",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    neighbourhood = forms.ChoiceField(
        label="Where they live (optional)",
        required=False,
        help_text="The neighbourhood, so that help can be found nearby",
        error_messages={"invalid_choice": "Choose a neighbourhood from the list"},
    )

    def __init__(self, *args, neighbourhoods: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["neighbourhood"].choices = [NOT_KNOWN, *neighbourhoods]

    def clean_nhs_number(self) -> str:
        digits = nhs_digits(self.cleaned_data["nhs_number"])
        if digits and not (len(digits) == 10 and digits.isdecimal()):
            raise forms.ValidationError("An NHS number has 10 digits, like 943 476 5919. Check that none is missing")
        if digits and not nhs.is_valid(digits):
            raise forms.ValidationError("This NHS number does not exist: one of its digits is wrong. Check each digit")
        return digits

    def clean_born_on(self):
        day = self.cleaned_data["born_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("The date of birth must be in the past")
        return day


class AddPersonForm(DetailsForm):
    """Somebody new, in an organisation of the one who adds them."""

    organisation = forms.ModelChoiceField(
        label="Which team works with them?",
        queryset=Organisation.objects.none(),
        empty_label="Choose a team",
        error_messages={"required": "Choose a team", "invalid_choice": "Choose a team that you belong to"},
    )
    field_order = ("full_name", "known_as", "organisation", "born_on", "nhs_number", "neighbourhood")

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        mine = organisations_where(by, Permission.WORK_WITH_PEOPLE).filter(active=True)
        field = self.fields["organisation"]
        field.queryset = mine
        if mine.count() == 1:
            # Nothing to choose.
            field.initial = mine.get()
            field.widget = forms.HiddenInput()


class PreferencesForm(SaidForm):
    """How somebody likes to be contacted and told things."""

    contact_way = forms.ChoiceField(
        label="How do they like to be contacted?", choices=ContactWay.choices, required=False, widget=forms.RadioSelect
    )
    contact_detail = forms.CharField(
        label="Number or address for that (optional)", max_length=200, required=False, help_text="For example, a number"
    )
    contact_times = forms.CharField(
        label="Good and bad times (optional)",
        max_length=200,
        required=False,
        help_text="For example: after 11, no voicemail",
    )
    format = forms.ChoiceField(label="How should information come?", required=False, widget=forms.RadioSelect)
    language = forms.CharField(
        label="Language they are most at ease in (optional)",
        max_length=60,
        required=False,
        help_text="For example, English, Polish, Urdu, British Sign Language",
    )
    interpreter = forms.BooleanField(label="An interpreter is needed", required=False)
    communities = forms.MultipleChoiceField(
        label="Would they like a place that is used to people like them? (optional)",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only what they told you",
    )
    adjustments = forms.CharField(
        label="What else makes it easier? (optional)",
        required=False,
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        help_text="For example, longer appointments, the same person each time, a quiet room",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].choices = [("", "Not asked yet"), *((each.id, each.title) for each in formats().values())]
        self.fields["communities"].choices = [(each.id, each.title) for each in load(Community).values()]


class TrustedPersonForm(forms.Form):
    """Somebody the person trusts, and what they agreed to."""

    name = forms.CharField(label="Their name", max_length=150, error_messages={"required": "Enter their name"})
    relation = forms.CharField(
        label="Who they are to the person (optional)",
        max_length=100,
        required=False,
        help_text="For example, sister, friend, peer worker",
    )
    agreed = forms.ChoiceField(
        label="What did the person agree to?",
        choices=[
            ("see", "They may see choices and the plan"),
            ("change", "They may see them, and change choices"),
            ("neither", "Neither: only that they are somebody the person trusts"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the person agreed to"},
    )
    agreed_on = DateField(label="The day they agreed", help_text="For example, 27 3 2026")
    how_agreed = forms.CharField(
        label="How did they agree?",
        max_length=200,
        help_text="For example, said it to me in the clinic; signed the card",
        error_messages={"required": "Say in a few words how the person agreed"},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed_on"].initial = timezone.localdate()

    def what_was_agreed(self) -> dict:
        """For the action: what they may do, as two answers."""
        said = dict(self.cleaned_data)
        agreed = said.pop("agreed")
        return {**said, "may_see": agreed != "neither", "may_change": agreed == "change"}


class AppointmentForm(forms.Form):
    """When somebody is seen next."""

    on = DateField(label="Day", help_text="For example, 27 3 2026")
    at = forms.TimeField(
        label="Time",
        help_text="For example, 14:30",
        input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I%p"],
        error_messages={"required": "Enter a time, like 14:30", "invalid": "Enter a time like 14:30"},
    )
    stage_and_way = forms.ChoiceField(
        label="For what, and how?",
        required=False,
        help_text="What the person chose stands first",
    )

    def __init__(self, *args, ways: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage_and_way"].choices = [*ways, ("", "Not said yet")]

    def starts_at(self) -> datetime:
        """The moment, here."""
        at: time = self.cleaned_data["at"]
        return timezone.make_aware(datetime.combine(self.cleaned_data["on"], at))
