"""What can be typed about the lending stock: adding, wiping, data, condition, and loans to a ward or other place."""

from collections.abc import Sequence

from django import forms
from django.utils import timezone

from inroads.accounts.models import User
from inroads.accounts.permissions import Permission
from inroads.accounts.queries import organisations_where
from inroads.design.forms import DateField
from inroads.people.forms.lending import FOR_EXAMPLE, NOT_FREE, short_field, words_field
from inroads.people.models import Wipe
from inroads.reference.definitions.lending import kit
from inroads.reference.models import Organisation

LONGEST_LABELS = 14_000


class AddItemsForm(forms.Form):
    """Several items of one kind, one label on each line."""

    organisation = forms.ModelChoiceField(
        label="Whose stock is it?",
        queryset=Organisation.objects.none(),
        empty_label="Choose an organisation",
        error_messages={"required": "Choose an organisation", "invalid_choice": "Choose one whose stock you keep"},
    )
    kind = forms.ChoiceField(label="What is it?", error_messages={"required": "Choose what it is"})
    labels = forms.CharField(
        label="What stands on them? One label on each line",
        max_length=LONGEST_LABELS,
        widget=forms.Textarea,
        help_text="For example, Phone 12",
        error_messages={"required": "Enter at least one label"},
    )
    never_used = forms.BooleanField(
        label="New: nobody has ever used them",
        required=False,
        help_text="Leave it empty for used phones, tablets and laptops. They are wiped before anybody has them",
    )
    data_ends_on = DateField(
        label="When does their data end? (optional)",
        required=False,
        help_text=f"Needed for what comes with data. {FOR_EXAMPLE}",
    )
    condition = short_field(
        "In what condition are they? (optional)", 300, help_text="For example, a crack at the corner"
    )

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = organisations_where(by, Permission.LEND).filter(active=True).order_by("name")
        first = list(field.queryset[:2])
        if len(first) == 1:
            field.initial = first[0].pk
            field.widget = forms.HiddenInput()
        self.fields["kind"].choices = [("", "Choose"), *((each.id, each.title) for each in kit().values())]

    def clean_labels(self) -> list[str]:
        """The lines."""
        return self.cleaned_data["labels"].splitlines()


class WipeForm(forms.Form):
    """Proof that nothing of anybody is left on it."""

    how = forms.ChoiceField(
        label="How was it wiped?",
        choices=Wipe.How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it was wiped"},
    )
    wiped_on = DateField(label="The day it was wiped", help_text="For example, 27 3 2026")
    wiped_by = forms.CharField(label="Who wiped it?", max_length=150, error_messages={"required": "Enter who wiped it"})
    certificate = short_field("Number of the certificate (optional)", 60)
    words = words_field("More about it (optional)")

    def __init__(self, *args, by: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wiped_on"].initial = timezone.localdate()
        self.fields["wiped_by"].initial = by.full_name


class DataForm(forms.Form):
    """When data ends."""

    ends_on = DateField(label="When does its data end now?", help_text=FOR_EXAMPLE)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].error_messages["required"] = "Enter a day"


class ConditionForm(forms.Form):
    """In what condition something is."""

    condition = short_field("In what condition is it? (optional)", 300, help_text="For example, a crack at the corner")


class PlaceForm(forms.Form):
    """A loan to a ward or other place."""

    place = forms.CharField(
        label="Which ward or place?", max_length=150, error_messages={"required": "Enter the ward or place"}
    )
    place_contact = forms.CharField(
        label="Whom do you ring there?",
        max_length=150,
        help_text="A name and a number",
        error_messages={"required": "Enter whom you ring there"},
    )
    agreed = short_field("What was agreed? (optional)", 300)
    due_on = DateField(label="Until when? (optional)", required=False, help_text=FOR_EXAMPLE)


class PlaceBundleForm(PlaceForm):
    """Things that go together, lent to a ward or other place."""

    what = forms.ChoiceField(
        label="What would they like to borrow?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they would like to borrow", "invalid_choice": NOT_FREE},
    )
    partly = forms.BooleanField(label="If something is missing, lend what is there now", required=False)
    field_order = ("what", "partly", "place", "place_contact", "agreed", "due_on")

    def __init__(self, *args, choices: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [each for each in choices if each[0].startswith("bundle:")]
