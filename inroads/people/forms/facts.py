"""Who said something, how, and on which day: the fields that every fact about a person shares."""

from django import forms
from django.utils import timezone

from inroads.design.forms import DateField
from inroads.people.models import Channel, SaidBy

LONGEST_WORDS = 20_000
# What somebody says on their own page is written down by the page itself.
FOR_STAFF = [choice for choice in Channel.choices if choice[0] != Channel.SCREEN]


class SaidForm(forms.Form):
    """Fields with the usual case filled in: the person said it, in person, today."""

    channel = forms.ChoiceField(
        label="How was it said?",
        choices=FOR_STAFF,
        widget=forms.RadioSelect,
        initial=Channel.IN_PERSON,
        error_messages={"required": "Choose how it was said"},
    )
    said_by = forms.ChoiceField(
        label="Who said it?",
        choices=SaidBy.choices,
        widget=forms.RadioSelect,
        initial=SaidBy.PERSON,
        error_messages={"required": "Choose who said it"},
    )
    said_on = DateField(label="The day it was said", help_text="For example, 27 3 2026")
    present_words = forms.CharField(
        label="Who else was there, helped or asked? (optional)", max_length=200, required=False
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["said_on"].initial = timezone.localdate()

    def clean_said_on(self):
        day = self.cleaned_data["said_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("The day it was said must be today or in the past")
        return day
