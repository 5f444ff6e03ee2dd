"""What can be typed about a choice, on staff's page and on the person's own."""

from datetime import date

from django import forms
from django.utils import timezone

from inroads.design.forms import DateField
from inroads.people.forms.facts import LONGEST_WORDS, SaidForm
from inroads.people.models import Choice, Option, SaidBy
from inroads.people.models.facts import LONGEST_AHEAD
from inroads.people.queries.choices import LOOK_AGAIN_AFTER
from inroads.reference.definitions.care import formats

UNDECIDED = "undecided"
# A choice is the person's own: staff write it down, they do not make it.
WHO_CHOOSES = [choice for choice in SaidBy.choices if choice[0] != SaidBy.STAFF]


class OwnChoiceForm(forms.Form):
    """Which way, what perhaps later, and why. Every way the person has is there, digital or not."""

    option = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a way, or choose not decided yet",
            "invalid_choice": "Choose a way that is on this page",
        },
    )
    maybe_later = forms.ChoiceField(
        label="Another way, maybe later (optional)",
        required=False,
        error_messages={"invalid_choice": "Choose a way that is on this page"},
    )
    why = forms.CharField(
        label="Why? (optional)",
        required=False,
        widget=forms.Textarea,
        strip=False,
        max_length=LONGEST_WORDS,
        error_messages={"max_length": f"Use {LONGEST_WORDS:,} characters at most; everything you typed is still here"},
    )

    def __init__(self, *args, question: str, ways: list[Option], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.ways = {str(each.pk): each for each in ways}
        listed = [(key, each.title) for key, each in self.ways.items()]
        self.fields["option"].label = question
        self.fields["option"].choices = [*listed, (UNDECIDED, "Not decided yet")]
        self.fields["maybe_later"].choices = [("", "No other way for now"), *listed]

    def chosen(self) -> dict:
        """What `record_choice` needs of it: the ways themselves, None for not decided yet, and what was shown."""
        return {
            **self.cleaned_data,
            "option": self.ways.get(self.cleaned_data["option"]),
            "maybe_later": self.ways.get(self.cleaned_data["maybe_later"]),
            "offered": [each.pk for each in self.ways.values()],
        }


class ChoiceForm(OwnChoiceForm, SaidForm):
    """A choice as staff write it down: when to look again, how it was explained, who said it."""

    look_again_on = DateField(
        label="The day to look at it again", help_text="Three months from now, if nobody says else"
    )
    explained_in = forms.ChoiceField(
        label="How was it explained?",
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = (
        "option",
        "maybe_later",
        "why",
        "look_again_on",
        "said_by",
        "channel",
        "said_on",
        "present_words",
        "explained_in",
    )
    # What stands in the fold below the question, since it is nearly always as it is.
    FOLDED = ("said_by", "channel", "said_on", "present_words", "explained_in")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["said_by"].choices = WHO_CHOOSES
        self.fields["look_again_on"].initial = timezone.localdate() + LOOK_AGAIN_AFTER
        self.fields["look_again_on"].required = False
        self.fields["explained_in"].choices = [
            *((each.id, each.title) for each in formats().values()),
            ("", "Not noted"),
        ]

    def clean_look_again_on(self) -> date | None:
        day = self.cleaned_data["look_again_on"]
        today = timezone.localdate()
        if day is not None and day <= today:
            raise forms.ValidationError("The day to look at it again must be after today")
        if day is not None and day > today + LONGEST_AHEAD:
            raise forms.ValidationError("The day to look at it again must be within a year")
        return day

    def fold_open(self) -> bool:
        """Whether something in the fold is wrong, so that it stands open."""
        return any(name in self.errors for name in self.FOLDED)


def as_chosen(choice: Choice | None) -> dict[str, str]:
    """What holds now, for the first look at the form."""
    if choice is None:
        return {}
    return {
        "option": str(choice.option_id) if choice.option_id else UNDECIDED,
        "maybe_later": str(choice.maybe_later_id or ""),
    }


class CodeForm(forms.Form):
    """The code that staff gave, to tie an account to a record."""

    typed = forms.CharField(
        label="Code",
        max_length=40,
        help_text="10 letters and digits, like ABCDE-23456. Capital or small letters do not matter",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Type the code that you were given"},
    )
