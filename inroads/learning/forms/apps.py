"""What can be typed about an app, and what can be looked for."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from inroads.design.forms import DateField
from inroads.learning.actions.checks import MOST_MB
from inroads.learning.models import Cost, Result
from inroads.reference.definitions import load
from inroads.reference.definitions.care import Community, Help
from inroads.reference.definitions.conversation import barriers
from inroads.reference.definitions.learning import evidence_strengths, treatment_contexts
from inroads.reference.models import Organisation

LONGEST_WORDS = 20_000
YES_NO_UNKNOWN = [("", "Not known"), ("yes", "Yes"), ("no", "No")]


def _words(label: str, missing: str = "", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label if missing else f"{label} (optional)",
        widget=forms.Textarea,
        max_length=LONGEST_WORDS,
        required=bool(missing),
        help_text=help_text,
        error_messages={
            "required": missing,
            "max_length": f"Use {LONGEST_WORDS:,} characters at most; everything you typed is still here",
        },
    )


def _line(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=f"{label} (optional)", max_length=200, required=False, help_text=help_text)


def _several(label: str, missing: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label if missing else f"{label} (optional)",
        widget=forms.CheckboxSelectMultiple,
        required=bool(missing),
        error_messages={"required": missing, "invalid_choice": "Choose from the list"},
    )


def _yes_no(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO_UNKNOWN,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        initial="",
        error_messages={"invalid_choice": "Choose yes, no or not known"},
    )


def organisation_field(field: forms.ModelChoiceField, organisations: QuerySet[Organisation]) -> None:
    """The organisations on whose behalf somebody reviews, the highest chosen; a single one is not asked for."""
    field.queryset = organisations
    found = sorted(organisations, key=lambda each: (each.path.count("/"), each.name))
    if found:
        field.initial = found[0].pk
    if len(found) == 1:
        field.widget = forms.HiddenInput()


def _organisation() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label="For which organisation?",
        queryset=Organisation.objects.none(),
        empty_label="Choose an organisation",
        error_messages={"required": "Choose an organisation", "invalid_choice": "Choose an organisation of yours"},
    )


class AppForm(forms.Form):
    """The text about an app. What it is not for, and a way that needs no device, are always asked."""

    name = forms.CharField(label="Name", max_length=100, error_messages={"required": "Enter its name"})
    what = _words("What is it?", "Say what it is")
    safe_for = _words("What is it safe for?", "Say what it is safe for")
    for_whom = _words("For whom?", "Say for whom it is")
    not_for = _words("What is it not for?", "Say what it is not for", "For example, for somebody in a crisis")
    contexts = _several("At which times in somebody's care?", "Choose at least one time in somebody's care")
    barriers = _several("What does it help with?", "Choose at least one thing that it helps with")
    alternatives = _several("What helps as well and needs no device?", "Choose at least one way that needs no device")
    communities = _several("Made with, or known to work for")
    cost = forms.ChoiceField(label="What does it cost?", choices=Cost.choices, widget=forms.RadioSelect, required=False)
    cost_words = _line("About the cost", "For example, 5 pounds a month after the first")
    data_mb_per_hour = forms.IntegerField(
        label="How many megabytes does it use in an hour? (optional)",
        required=False,
        min_value=0,
        max_value=MOST_MB,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"Enter a whole number from 0 to {MOST_MB:,}, or leave it empty"
        ),
    )
    data_words = _line("About the data it uses", "For example, once loaded it works without internet")
    device = _line("What device does it need?", "For example, any phone with a browser")
    account = _yes_no("Does it need an account?")
    email = _yes_no("Does it need an email address?")
    languages = _line("In which languages?", "With commas between them, like English, Polish")
    accessibility = _words("For whom is it easy or hard to use?", help_text="Screen readers, large print, Easy Read")
    evidence = _words("What is known about whether it helps?")
    evidence_strength = forms.ChoiceField(label="How sure is that?", widget=forms.RadioSelect, initial="none")
    link = forms.CharField(
        label="Web address (optional)", max_length=300, required=False, help_text="Begins with https://"
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        helps = sorted((each for each in load(Help).values() if not each.digital), key=lambda each: each.title)
        self.fields["contexts"].choices = [(each.id, each.title) for each in treatment_contexts().values()]
        self.fields["barriers"].choices = [(each.id, each.title) for each in barriers().values()]
        self.fields["alternatives"].choices = [(each.id, each.title) for each in helps]
        self.fields["communities"].choices = [(each.id, each.title) for each in load(Community).values()]
        self.fields["evidence_strength"].choices = [
            (each.id, f"{each.title}. {each.plain}") for each in evidence_strengths().values()
        ]


class NewAppForm(AppForm):
    """A new entry, and for which organisation."""

    organisation = _organisation()
    field_order = ("organisation", "name")

    def __init__(self, *args, organisations: QuerySet[Organisation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        organisation_field(self.fields["organisation"], organisations)


class ChangeAppForm(AppForm):
    """The text as it is kept. `version` is the one that was read before typing."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def read_again(self, version: int) -> None:
        """What was typed stays; from now on it is known that this version was read."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)


class ReviewForm(forms.Form):
    """What somebody found. `version` and `after` are the text and the review they had read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)
    organisation = _organisation()
    reviewed_on = DateField(label="When did you look at it?", help_text="For example, 27 3 2026")
    looked_at = _words(
        "What did you look at?",
        "Say what you looked at",
        "For example, the privacy notice, a week of using it with two people",
    )
    result = forms.ChoiceField(
        label="What did you find?",
        choices=Result.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you found"},
    )
    words = _words("In your own words")
    again_on = DateField(
        label="When is it looked at again?", help_text="Within a year. After that day it is not suggested"
    )

    def __init__(self, *args, organisations: QuerySet[Organisation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        organisation_field(self.fields["organisation"], organisations)
        self.fields["reviewed_on"].initial = timezone.localdate()
        self.fields["reviewed_on"].error_messages["required"] = "Enter the day"
        self.fields["again_on"].error_messages["required"] = "Enter a day to look again"

    def read_again(self, *, version: int, after: int | None) -> None:
        """What was typed stays; from now on it is known that this text and this review were read."""
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = str(version)
        self.data[self.add_prefix("after")] = "" if after is None else str(after)


class FindForm(forms.Form):
    """What somebody looks for in the library. Anything odd is as if nothing was chosen."""

    helps_with = forms.ChoiceField(label="What should it help with?", required=False)
    when = forms.ChoiceField(label="At which time?", required=False)
    no_account = forms.BooleanField(label="Works without an account", required=False)
    free = forms.BooleanField(label="Costs nothing", required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["helps_with"].choices = [("", "Anything"), *((each.id, each.title) for each in barriers().values())]
        self.fields["when"].choices = [
            ("", "Any time"),
            *((each.id, each.title) for each in treatment_contexts().values()),
        ]


class LoadForm(forms.Form):
    """A table of apps as a file."""

    organisation = _organisation()
    file = forms.FileField(
        label="The file",
        help_text="A CSV file in UTF-8",
        error_messages={
            "required": "Choose a file",
            "empty": "The file is empty. Its first row names the columns",
            "missing": "Choose a file",
            "invalid": "Choose a file",
        },
    )

    def __init__(self, *args, organisations: QuerySet[Organisation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        organisation_field(self.fields["organisation"], organisations)
